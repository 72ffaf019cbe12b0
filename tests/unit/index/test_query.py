import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.errors import Misuse
from workers.index.query import MAX_CHARACTERS, MAX_TERMS, Term, parse


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        (" \n\t\u00a0\x00 ", ()),
        ("gempa", (Term("gempa"),)),
        ("gempa  bumi", (Term("gempa"), Term("bumi"))),
        ('"gempa  bumi"', (Term("gempa bumi", phrase=True),)),
        ("“gempa bumi”", (Term("gempa bumi", phrase=True),)),
        ("„gempa bumi“ «di laut»", (Term("gempa bumi", phrase=True), Term("di laut", phrase=True))),
        ("-gempa", (Term("gempa", negated=True),)),
        ('-"gempa bumi"', (Term("gempa bumi", phrase=True, negated=True),)),
        ("gempa -tsunami", (Term("gempa"), Term("tsunami", negated=True))),
        ("gempa - tsunami", (Term("gempa"), Term("tsunami"))),
        ("gempa -", (Term("gempa"),)),
        ("--gempa", (Term("-gempa", negated=True),)),
        ("antar-desa", (Term("antar-desa"),)),
        ('kata"frasa ini"lagi', (Term("kata"), Term("frasa ini", phrase=True), Term("lagi"))),
        ('"" gempa "!" -"" & 😀', (Term("gempa"),)),
        ("gempa\x00bumi", (Term("gempa"), Term("bumi"))),
        ("Jum'at Jum’at", (Term("Jum'at"), Term("Jum’at"))),
        ("cafe\u0301", (Term("café"),)),
        ("2026 ٣", (Term("2026"), Term("٣"))),
    ],
)
def test_terms(text: str, terms: tuple[Term, ...]) -> None:
    assert parse(text) == terms


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"gempa', "the quote at character 1 is never closed"),
        ('gempa -"bumi', "the quote at character 8 is never closed"),
        ('"a" "', "the quote at character 5 is never closed"),
        ("“", "the quote at character 1"),
        ("a" * (MAX_CHARACTERS + 1), "2,001 characters, at most 2,000"),
        ("a " * (MAX_TERMS + 1), "65 terms, at most 64"),
        ("!!! ---", "no word or number"),
        ('""', "no word or number"),
        ("😀", "no word or number"),
        ("ab\ud800", "lone surrogate.* at character 3"),
    ],
)
def test_misuse_says_where(text: str, says: str) -> None:
    with pytest.raises(Misuse, match=rf"^query: .*{says}"):
        parse(text)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from('"-“” \x00a')), max_size=60))
def test_any_text_gives_searchable_terms_or_misuse(text: str) -> None:
    try:
        terms = parse(text)
    except Misuse as error:
        assert str(error).startswith("query: ")
        return
    for term in terms:
        assert any(c.isalpha() or c.isdecimal() for c in term.text)
        assert not any(ord(c) < 32 for c in term.text)
        assert term.phrase or " " not in term.text
