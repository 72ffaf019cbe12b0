"""Whose idea of a name a text is tagged by: readers', unless it is set as the corpora are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.tag.conventions import READERS, attributes, is_apart
from workers.tag.models import Models
from workers.tag.spans import TokenSpan, whole
from workers.tag.tokens import sentences

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


@pytest.mark.parametrize(
    ("text", "spans", "grown"),
    [
        ("Arif (Nigeria) datang", [(0, 1), (2, 3)], ["Arif", "(Nigeria)"]),
        ("bus Solo/Yogya penuh", [(1, 2), (3, 4)], ["Solo/Yogya"]),
        ("Arif datang", [(0, 1)], ["Arif"]),
        ("Arif datang", [], []),
    ],
)
def test_a_name_grows_to_all_that_no_blank_parts_from_it(
    text: str, spans: list[tuple[int, int]], grown: list[str]
) -> None:
    (tokens,) = sentences(text)
    found = whole([TokenSpan(a, b, "LOCATION", 1.0) for a, b in spans], tokens)
    assert [text[tokens[span.start].start : tokens[span.end - 1].end] for span in found] == grown
