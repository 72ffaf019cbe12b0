"""Whose idea of a name a text is tagged by: readers', unless it is set as the corpora are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.tag.conventions import READERS, Conventions, attributes, is_apart, marks
from workers.tag.models import Models
from workers.tag.strengths import strengths

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


def test_the_corpus_a_text_is_most_like_is_guessed() -> None:
    weights = {("w=israel", "one"): 1.004, ("w=israel", "two"): -0.3, ("w=band", "two"): 0.8, ("w=dan", "two"): 0.009}
    found = Conventions(marks(weights))
    assert found.corpora == ["one", "two"]
    assert found.guess("Israel menolak .") == "one"
    assert found.guess("Israel dan Band Band itu .") == "one"  # 1.00 against 0.50: each word counts once
    assert found.guess("sebuah band .") == "two"
    assert found.guess("") == "one"  # nothing told: the first by name
    assert Conventions({}).guess("apa saja .") == ""


def test_what_is_met_in_one_class_alone_is_strong() -> None:
    found = strengths([(["a", "x"], "one"), (["a", "y"], "two"), (["a", "x", "x"], "one")])
    assert set(found) == {"a", "x", "y"}
    assert found["a"] < 0.2 < 1 < min(found["x"], found["y"])
