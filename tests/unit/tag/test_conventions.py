"""Whose idea of a name a text is tagged by: readers', unless it is set as the corpora are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.tag.conventions import READERS, attributes, is_apart
from workers.tag.models import Models

CONFIG = Path(__file__).parents[3] / "config"


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("Israel menolak usulan itu .", True),
        ("Israel menolak usulan itu.", False),
        ("Ia tiba , lalu pergi .", True),
        ("Ia tiba di Jl. Sudirman, lalu pergi .", False),
        ("Kim Bertemu Putin di Moskow", False),
        ("", False),
    ],
)
def test_marks_apart(text: str, apart: bool) -> None:
    assert is_apart(text) is apart


def test_readers_have_their_own_convention() -> None:
    models = Models.load(CONFIG / "models")
    assert models
    assert models.convention("Israel menolak usulan itu. Warga mengungsi.") == READERS
    assert models.convention("") == READERS


@given(st.text(max_size=200))
def test_any_text_has_attributes(text: str) -> None:
    assert attributes(text) == attributes(text)
    assert is_apart(text) in (True, False)
