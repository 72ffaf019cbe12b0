"""Forms of words whose first letter a prefix has swallowed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.index.affixes import forms, roots, swallowed, swallowing
from workers.index.query import MAX_INFLECTED, Term, check, flat
from workers.model import Query

NOW = datetime(2026, 3, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("menangkap", ("tangkap", "nangkap")),
        ("penangkapan", ("tangkap", "nangkap")),
        ("memukul", ("pukul", "mukul")),
        ("mengirimkan", ("kirim", "irim")),
        ("menyapu", ("sapu", "nyapu")),
        ("ditangkap", ()),
        ("membaca", ()),  # a consonant follows: nothing was swallowed
        ("menit", ()),
        ("menang", ()),
        ("me", ()),
        ("", ()),
        ("日本", ()),
    ],
)
def test_roots(word: str, expected: tuple[str, ...]) -> None:
    assert roots(word) == expected


def test_forms_are_those_of_every_possible_root() -> None:
    assert {"menangkap", "menangkapi", "penangkapan"} <= set(forms("ditangkap"))
    assert set(forms("tangkap")) == set(forms("penangkapan"))
    assert {"mengirim", "pengirimannya"} <= set(forms("kirim"))
    assert forms("rumah") == forms("baca") == forms("ke") == ()


@given(st.from_regex(r"[tpksmngbu][aeiou][a-z]{1,5}", fullmatch=True))
def test_an_article_and_a_query_name_the_same_forms(word: str) -> None:
    """SQLite looks for the forms of a word's roots, Elasticsearch for the roots that an article's words come from."""
    for form in forms(word):
        assert set(swallowing(form)) & set(swallowed(word))
    for root in swallowing(word):
        assert word in forms(root) or root not in swallowed(root)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("menangkapi", ("tangkapi", "tangkap")),
        ("penangkapannya", ("tangkapannya", "tangkapan", "tangkap")),
        ("mengirimkannya", ("kirimkannya", "kirimkan", "kirim")),
        ("menang", ("tang",)),
        ("membaca", ()),
        ("", ()),
    ],
)
def test_roots_an_article_is_found_by(word: str, expected: tuple[str, ...]) -> None:
    assert set(swallowing(word)) == set(expected)


def test_only_single_plain_words_of_short_queries_have_them() -> None:
    plain, phrase, several, person = flat(check(Query(text='tangkap "tangkap" tangkap-tangan orang:tangkap'), NOW))
    assert plain.forms
    assert (phrase, several.forms, person) == (
        Term("tangkap", phrase=True), (), Term("tangkap", field="people"),
    )  # fmt: skip
    assert any(term.forms for term in flat(check(Query(text="tangkap " * MAX_INFLECTED), NOW)))
    assert not any(term.forms for term in flat(check(Query(text="tangkap " * (MAX_INFLECTED + 1)), NOW)))
