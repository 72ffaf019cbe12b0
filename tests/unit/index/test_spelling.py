"""Which words are near a misspelt one, and which of them is meant."""

from __future__ import annotations

import pytest

from workers.index.query import Term
from workers.index.spelling import best, corrected, doubtful, near


@pytest.mark.parametrize("typed", ["jembatam", "jmbatan", "jembattan", "ejmbatan", "jembatna", "embatan", "jembatanx"])
def test_one_typing_error_is_near(typed: str) -> None:
    assert "jembatan" in set(near(typed))


@pytest.mark.parametrize("typed", ["jembat", "jxmbxtan", "jalan"])
def test_more_is_not(typed: str) -> None:
    assert "jembatan" not in set(near(typed))


def test_near_words_are_bounded() -> None:
    assert len(list(near("x" * 30))) < 2_000


def test_what_is_looked_at() -> None:
    terms = [Term("Jong-un di Gubernur"), Term("rp1.500"), Term("café"), Term("x" * 99), Term("gubernur")]
    assert doubtful(terms) == ["jong", "gubernur", "cafe"]
    assert len(doubtful([Term(f"kata{letter}") for letter in "abcdefgh"])) == 5


@pytest.mark.parametrize(
    ("word", "candidates", "meant"),
    [
        ("banjur", {"banjir": 3, "bandur": 1}, "banjir"),
        ("banjur", {"bandur": 2, "banjir": 2}, "bandur"),  # by the alphabet: the same in both stores
        ("banjur", {"banjir": 0}, ""),
        ("banjur", {}, ""),
        ("rumahku", {"rumahmu": 5}, ""),  # another form of the same word
    ],
)
def test_the_most_frequent_is_meant(word: str, candidates: dict[str, int], meant: str) -> None:
    assert best(word, candidates) == meant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Banjur OR longsor", "banjir OR longsor"),
        ('-x "banjur besar"', '-x "banjir besar"'),
        ("banjuran", ""),
    ],
)
def test_the_text_stays_but_for_the_word(text: str, expected: str) -> None:
    assert corrected(text, {"banjur": "banjir"}) == expected
    assert corrected(text, {}) == ""
