from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.errors import Misuse
from workers.index.fields import FIRST, LAST, ZONE
from workers.index.query import MAX_CHARACTERS, MAX_TERMS, AnyOf, Term, check, flat, names, parse, sought
from workers.model import Query

NOW = datetime(2026, 3, 30, 17, 0, tzinfo=UTC)  # 31 March, 00:00 in WIB


def either(*texts: str) -> AnyOf:
    return AnyOf(tuple((Term(text),) for text in texts))


def day(text: str, field: Literal["after", "before"], number: int, month: int) -> Term:
    return Term(text, field=field, moment=datetime(2026, month, number, tzinfo=ZONE))


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
    ("text", "clauses"),
    [
        ("a OR b c", (either("a", "b"), Term("c"))),
        ("a b OR c OR d", (Term("a"), either("b", "c", "d"))),
        ("(a OR b) c", (either("a", "b"), Term("c"))),
        ('("a b" OR c) d', (AnyOf(((Term("a b", phrase=True),), (Term("c"),))), Term("d"))),
        ("(site:a.test OR site:b.test)", (AnyOf(tuple((Term(one, field="site"),) for one in ("a.test", "b.test"))),)),
        ('(orang:"Siti A" OR b)', (AnyOf(((Term("Siti A", field="people"),), (Term("b"),))),)),
        ("(-a) f(x) :)", (Term("a", negated=True), Term("f(x)"))),
        ("a AND b NOT c", (Term("a"), Term("b"), Term("c", negated=True))),
        ('a "OR" b', (Term("a"), Term("OR", phrase=True), Term("b"))),
        ("a or b", (Term("a"), Term("or"), Term("b"))),
        ("(a b)", (Term("a"), Term("b"))),  # without OR a bracket changes nothing
        ('orang:"Joko Widodo"', (Term("Joko Widodo", field="people"),)),
        ("PEOPLE:jokowi", (Term("jokowi", field="people"),)),
        ("-tempat:Riau", (Term("Riau", negated=True, field="places"),)),
        ("lembaga:KPK org:Polri", (Term("KPK", field="organisations"), Term("Polri", field="organisations"))),
        ("site:https://www.Riau24.com/x", (Term("riau24.com", field="site"),)),
        ("rubrik: ekonomi", (Term("ekonomi", field="section"),)),
        ('judul:gempa judul:"gempa"', (Term("gempa", field="title"), Term("gempa", phrase=True, field="title"))),
        ("bahasa:Indonesia", (Term("id", field="language"),)),
        ("site:a.id OR banjir", (AnyOf(((Term("a.id", field="site"),), (Term("banjir"),))),)),
        ("https://a.id/b pukul:10 Sampah: kota", tuple(map(Term, ("https://a.id/b", "pukul:10", "Sampah:", "kota")))),
        ("sejak:2026-03-02", (day("2026-03-02", "after", 2, 3),)),
        ("until:2/3/2026", (day("2/3/2026", "before", 3, 3),)),
        ("sebelum:2026-12", (day("2026-12", "before", 1, 12),)),
        ("sampai:2026-02", (day("2026-02", "before", 1, 3),)),
    ],
)
def test_the_query_language(text: str, clauses: tuple[object, ...]) -> None:
    assert parse(text) == clauses


@pytest.mark.parametrize("text", ["sampai:9999-12-31", "sampai:9999", "sampai:9999-12", "sejak:0001-01-01", "sejak:1"])
def test_the_ends_of_the_calendar(text: str) -> None:
    try:
        (term,) = flat(parse(text))
    except Misuse as error:
        assert text == "sejak:1", error
    else:
        assert term.moment is not None
        assert term.moment.astimezone(UTC).year in (1, 9999)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("OR a", "OR at character 1 has nothing before it: write one OR other"),
        ("a OR", "OR at character 3 has nothing after it"),
        ("a OR OR b", "OR at character 6 has nothing before it"),
        ("a OR -b", "- at character 6 stands in an OR: write it apart"),
        ("a NOT", "NOT at character 3 joins nothing"),
        ("AND a", "AND at character 1 joins nothing"),
        ("a NOT OR b", "OR at character 7 has nothing before it"),
        ("a OR NOT b", "NOT at character 6 joins nothing"),
        ("(a b) OR c", "the bracket at character 1: OR joins single words"),
        ("-(a OR b)", "the bracket at character 1"),
        ("a site:", "site: at character 3 has no value: write it as in site:riau24"),
        ('orang:""', "orang: at character 1 has no value"),
        ("sejak:lusa", "sejak:lusa at character 1 is no day: write sejak:2026-03-02 .* sejak:kemarin, .* sejak:7hari"),
        ("sejak:7", "is no day"),
        ("sejak:hari", "is no day"),
        ("before:7x", "is no day"),
        ("sejak:-7hari", "is no day"),
        ("sejak:10000hari", "is no day"),
        ("x before:2026-13-01", "before:2026-13-01 at character 3 is no day"),
        ("sejak:31/2/2026", "is no day"),
        ("orangs:jokowi", "no field 'orangs' at character 1: write orang:"),
        ("a tempta:riau", "no field 'tempta' at character 3: write tempat:"),
        ('judul:"gempa', "the quote at character 7 is never closed"),
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


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from('"-“” \x00a:()')), max_size=60))
def test_any_text_gives_searchable_terms_or_misuse(text: str) -> None:
    try:
        terms = parse(text)
    except Misuse as error:
        assert str(error).startswith("query: ")
        return
    for term in flat(terms):
        assert any(c.isalpha() or c.isdecimal() for c in term.text)
        assert not any(ord(c) < 32 for c in term.text)
        assert term.phrase or term.field != "text" or " " not in term.text


PIECES = st.sampled_from(
    ["OR", "AND", "NOT", "-", "(", ")", '"', "a", "orang:", "site:x", "sejak:2026-01-01", "sejak:", ":", " ", "judul:b"]
)


@given(st.lists(PIECES, max_size=12))
def test_any_pieces_of_the_language_are_read_or_refused_with_a_place(pieces: list[str]) -> None:
    text = " ".join(pieces)
    try:
        parse(text)
    except Misuse as error:
        assert str(error).startswith("query: ")
        assert "character" in str(error) or "no word or number" in str(error)


def test_names_are_looked_up_in_what_is_given() -> None:
    text = "orang:Jokowi OR tempat:Solo -lembaga:KPK Solo"
    assert names(parse(text)) == ("Jokowi", "Solo", "KPK")
    clauses = check(Query(text=text, names={"Jokowi": "Joko Widodo", "Solo": "Surakarta"}), NOW)
    assert [term.text for term in flat(clauses)] == ["Joko Widodo", "Surakarta", "KPK", "Solo"]


def test_what_is_sought_is_words_that_must_occur() -> None:
    assert [term.text for term in sought(parse('a OR "b c" -d judul:e site:f'))] == ["a", "b c", "e"]


@pytest.mark.parametrize(
    ("text", "month", "number"),
    [
        ("sejak:hari-ini", 3, 31),
        ("sejak:HariIni", 3, 31),
        ('sejak:"hari ini"', 3, 31),
        ("after:today", 3, 31),
        ("sampai:hari-ini", 4, 1),
        ("sejak:kemarin", 3, 30),
        ("before:yesterday", 3, 30),
        ("until:yesterday", 3, 31),
        ("sejak:7hari", 3, 24),
        ("since:7d", 3, 24),
        ('sejak:"7 hari yang lalu"', 3, 24),
        ("sejak:2minggu", 3, 17),
        ("after:2w", 3, 17),
        ("sejak:sepekan", 3, 24),
        ("sejak:sebulan", 2, 28),  # February has no 31st
        ("sejak:2bulan-lalu", 1, 31),
        ("after:2m", 1, 31),
        ("sampai:1bulan", 3, 1),
    ],
)
def test_days_are_counted_back_from_now_in_wib(text: str, month: int, number: int) -> None:
    wanted = datetime(2026, month, number, tzinfo=ZONE)
    for asked in (text, f"gempa OR {text}"):
        assert [t.moment for t in flat(check(Query(text=asked), NOW)) if t.field != "text"] == [wanted]
    before = NOW - timedelta(milliseconds=1)  # the day before in WIB
    (term,) = flat(check(Query(text=text), before))
    assert term.moment is not None
    assert term.moment <= wanted


@pytest.mark.parametrize(("text", "year"), [("sejak:1tahun", 2025), ("after:12m", 2025), ("since:3y", 2023)])
def test_years_are_counted_back(text: str, year: int) -> None:
    (term,) = flat(check(Query(text=text), NOW))
    assert term.moment == datetime(year, 3, 31, tzinfo=ZONE)


@pytest.mark.parametrize(
    "text", ["sejak:9999tahun", "sejak:9999bulan", "sampai:9999w", "sampai:hari-ini", "sejak:9999d"]
)
def test_a_day_counted_back_is_one_at_any_time(text: str) -> None:
    for now in (FIRST, NOW, datetime(9999, 12, 31, 16, 0, tzinfo=UTC)):
        (term,) = flat(check(Query(text=text), now))
        assert term.moment is not None
        assert FIRST <= term.moment <= LAST
