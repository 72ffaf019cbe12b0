"""The query language: OR, fields, synonyms, English, recency, copies, cursors, suggestions."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from msgspec import structs

from tests.contract.documents import NOON, article, document
from tests.contract.search_stores import fill, found, ids
from workers.errors import Misuse
from workers.model import Query
from workers.ports import SearchStore


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("banjir OR longsor", ["a", "b", "c"]),
        ("banjir OR longsor riau", ["a", "b"]),
        ("riau banjir OR longsor", ["a", "b"]),
        ("(banjir OR longsor) riau", ["a", "b"]),
        ('"warga riau" OR "warga jambi"', ["a", "c"]),
        ("banjir OR longsor -jambi", ["a", "b"]),
        ("banjir OR site:jambi.test", ["a", "c", "d"]),
        ("site:riau.test OR site:jambi.test -gempa", ["a", "b", "c"]),
        ("rubrik:daerah OR judul:gempa", ["a", "d"]),
        ("riau AND longsor", ["b"]),
        ("riau NOT longsor", ["a"]),
        ("riau or longsor", []),  # in small letters it is a word
        ("OR-banjir", []),
    ],
)
def test_alternatives(store: SearchStore, query: str, expected: list[str]) -> None:
    fill(
        store,
        article("a", "Banjir, kata warga Riau.", site="riau.test", section="Daerah"),
        article("b", "Longsor di Riau.", site="riau.test", section="nasional"),
        article("c", "Longsor, kata warga Jambi.", site="jambi.test", section="nasional"),
        article("d", "Tidak ada apa-apa.", title="Gempa", site="jambi.test", section="nasional"),
    )
    assert sorted(found(store, query)) == sorted(ids(*expected))


SWALLOWED = (  # root, and forms in which a prefix has swallowed its first letter or not
    "tangkap menangkap ditangkap penangkapan tertangkap",
    "turun menurunkan diturunkan penurunan menurun",
    "kirim mengirim dikirim pengiriman mengirimkan",
    "pamer memamerkan dipamerkan pameran",
    "pukul memukul dipukul pemukulan",
    "sidik menyidik disidik penyidikan",
)


@pytest.mark.parametrize("family", SWALLOWED)
def test_a_letter_that_a_prefix_has_swallowed_hides_no_article(store: SearchStore, family: str) -> None:
    forms = family.split()
    fill(store, *(article(form, f"Kabarnya polisi {form} kemarin.") for form in forms))
    for form in forms:
        assert sorted(found(store, form)) == sorted(ids(*forms)), form
        hits = store.search(Query(text=form, limit=10)).hits
        assert all("«" in hit.snippet for hit in hits), form
        assert found(store, f'"{form}"') == ids(form)
        assert found(store, f"polisi -{form}") == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tempat", ["a"]),  # menempati, but not empat
        ("judul:tangkap", ["c"]),
        ("api", ["d"]),
        ("tapi", []),
    ],
)
def test_other_words_are_no_forms(store: SearchStore, query: str, expected: list[str]) -> None:
    fill(
        store,
        article("a", "Mereka menempati rumah itu."),
        article("b", "Ada empat ekor."),
        article("c", "Tadi malam.", title="Polisi menangkap pencuri"),
        article("d", "Ada api."),
    )
    assert found(store, query) == ids(*expected)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('orang:"Joko Widodo"', ["a"]),
        ("orang:'joko'", []),
        ('people:"JOKO WIDODO"', ["a"]),
        ('-orang:"joko widodo"', ["b", "c"]),
        ("tempat:pekanbaru", ["a", "b"]),
        ("tempat: Pekanbaru", ["a", "b"]),  # a blank after the colon
        ('tempat:"sao paulo"', ["c"]),
        ("lembaga:BMKG", ["b"]),
        ("org:pekanbaru", []),  # a place is no organisation
        ("site:berita.test", ["b", "c"]),
        ("site:https://www.Riau24.test/kanal", ["a"]),
        ("-site:berita.test", ["a"]),
        ("section:Daerah", ["a"]),
        ('rubrik:"daerah riau"', ["b"]),
        ('penulis:"siti rahma"', ["a", "b"]),
        ("tag:jembatan", ["a"]),
        ("bahasa:inggris", ["c"]),
        ("bahasa:ID", ["a", "b"]),
        ("judul:jembatan", ["a", "b"]),
        ("judul:biaya", []),  # in the body only
        ('judul:"jembatan baru"', ["a", "b"]),
        ("-judul:jembatan", ["c"]),
        ("judul:membangun tempat:pekanbaru site:riau24.test", ["a"]),
        ("sejak:2026-03-02", ["b", "c"]),
        ("after:2/3/2026", ["b", "c"]),
        ("sebelum:2026-03-02", ["a"]),
        ("before:2026-03-03 sejak:2026-03-02", ["b"]),
        ("sampai:2026-03-02", ["a", "b"]),
        ("sejak:2026-03 sampai:2026-03", ["a", "b", "c"]),
        ("sejak:2026 sebelum:2027", ["a", "b", "c"]),
        ("-sejak:2026-03-02", ["a"]),
        ("sejak:2026-03-03T00:00:00+07:00", ["c"]),
    ],
)
def test_fields(store: SearchStore, query: str, expected: list[str]) -> None:
    midnight = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)  # 2 March 2026, 00:00 in WIB
    fill(
        store,
        document(
            "a",
            site="riau24.test",
            section="daerah",
            people=("Joko Widodo",),
            published_at=midnight - timedelta(milliseconds=1),
        ),
        document("b", organisations=("BMKG",), section="Daerah Riau", tags=(), published_at=midnight),
        document(
            "c",
            title="Lain",
            places=("São Paulo",),
            section="",
            authors=(),
            tags=(),
            language="en",
            published_at=midnight + timedelta(days=1),
        ),
    )
    assert sorted(found(store, query)) == sorted(ids(*expected))
    assert sorted(found(store, f"jembatan {query}")) == sorted(ids(*expected))  # beside words that rank
    assert sorted(found(store, f"gempa OR jembatan {query}")) == sorted(ids(*expected))


def test_a_filter_changes_no_score_and_can_stand_in_an_or(store: SearchStore) -> None:
    fill(
        store,
        document("a", site="riau24.test", people=('Siti\' OR "1"', "9*", "a b")),
        document("b", site="riau24.test", title="Lain", people=("a\tb", "a_b")),
        article("c", "Gempa."),
    )
    plain = {hit.id: hit.score for hit in store.search(Query(text="jembatan")).hits}
    assert len(plain) == 2
    for narrowed in ("jembatan site:riau24.test", "jembatan -site:lain.test", "jembatan (site:riau24.test OR gempa)"):
        found_now = {hit.id: hit.score for hit in store.search(Query(text=narrowed)).hits}
        assert found_now == pytest.approx(plain), narrowed
    assert found(store, "jembatan orang:9*") == ids("a")
    assert found(store, 'jembatan orang:"a b"') == ids("a")
    assert found(store, "jembatan orang:a_b") == ids("b")
    assert found(store, "jembatan", entity='Siti\' OR "1"') == ids("a")
    assert found(store, "jembatan", entity="SITI") == []
    assert found(store, "orang:9* OR gempa jembatan") == ids("a")


def test_names_are_those_that_documents_have(store: SearchStore) -> None:
    fill(store, document("a", places=("Surakarta",)), document("b"))
    assert found(store, "tempat:Solo") == []
    assert found(store, "tempat:Solo", names={"Solo": "Surakarta"}) == ids("a")
    assert found(store, "tempat:Solo OR tempat:Pekanbaru", names={"Solo": "Surakarta"}) == sorted(ids("a", "b"))


@pytest.mark.parametrize(
    ("written", "searched", "finds"),
    [
        ("Komisi Pemberantasan Korupsi", "KPK", True),
        ("Komisi Pemberantasan Korupsi", "kpk", True),
        ("KPK", "komisi pemberantasan korupsi", True),
        ("KPK", '"komisi pemberantasan korupsi"', False),  # a phrase is exact
        ("Amerika Serikat", "AS", True),
        ("Amerika Serikat", "as", False),  # the word
        ("as", "as", True),
        ("tarif AS", "tarif Amerika Serikat", True),
        ("Tiongkok", "china", True),
        ("RRT", "Cina OR Jepang", True),
        ("Pemerintah Provinsi", "pemprov riau", False),  # every word must occur
        ("Pemerintah Provinsi Riau", "pemprov riau", True),
        ("DPRD", "dewan perwakilan rakyat daerah", True),
        ("Jumat", "jum'at", True),
        ("Jum’at", "jumat", True),
        ("Mahkamah Konstitusi", "-MK", True),  # what is negated is meant as typed
        ("kejuaraan bulutangkis dunia", "kejuaraan bulu tangkis dunia", True),
        ("kejuaraan bulu tangkis dunia", "dunia bulutangkis", True),
        ("gempabumi di Padang", "gempa bumi padang", True),
        ("menjalin kerjasama dagang", "dagang kerja sama OR perang", False),  # OR takes the word before it alone
        ("menjalin kerjasama dagang", "dagang kerja sama", True),
        ("olah raga", "olahraga OR musik", True),
        ("bulu ayam, tangkis serangan", "bulutangkis", False),
        ("praktek dokter", "praktik dokter", True),
        ("tanggungjawab sekolah", '"tanggung jawab"', False),
    ],
)
def test_synonyms(store: SearchStore, written: str, searched: str, finds: bool) -> None:
    fill(store, article("a", f"Kabar {written} hari ini."))
    assert found(store, searched) == (ids("a") if finds else [])


def test_an_abbreviation_that_is_an_english_word_is_not_sought_in_english(store: SearchStore) -> None:
    fill(
        store,
        article("a", "As easy as that.", language="en"),
        article("b", "Tarif AS naik."),
        article("c", "United States of America", language="en-GB"),
    )
    assert sorted(found(store, "AS")) == sorted(ids("b", "c"))
    assert sorted(found(store, "amerika serikat")) == sorted(ids("b", "c"))
    assert found(store, '"as"') == sorted(ids("a", "b"), key=found(store, '"as"').index)


@pytest.mark.parametrize(
    ("written", "searched", "english", "indonesian"),
    [
        ("elections", "election", True, False),
        ("libraries", "library", True, False),
        ("running", "runs", True, False),
        ("membangun", "pembangunan", True, True),  # a quotation
        ("elections", '"election"', False, False),
    ],
)
def test_english_articles_are_stemmed_in_english(
    store: SearchStore, written: str, searched: str, english: bool, indonesian: bool
) -> None:
    fill(
        store,
        article("en", f"The {written} of this year.", language="en"),
        article("id", f"Kata {written} di sini.", language="id"),
    )
    expected = [name for name, finds in (("en", english), ("id", indonesian)) if finds]
    assert sorted(found(store, searched)) == sorted(ids(*expected))


def test_words_of_english_fields_do_not_run_together(store: SearchStore) -> None:
    fill(store, article("a", "reports", title="Daily", lead="The", language="en"))
    assert found(store, "daily-the") == []
    assert found(store, "the-report") == []


def test_of_equally_relevant_articles_the_newer_comes_first(store: SearchStore) -> None:
    now = datetime.now(UTC)
    fill(store, *(document(f"n{age}", published_at=now - timedelta(days=age)) for age in (400, 2, 30, 0)))
    assert found(store, "jembatan") == ids("n0", "n2", "n30", "n400")


def test_relevance_goes_before_age(store: SearchStore) -> None:
    now = datetime.now(UTC)
    others = [article(f"o{i}", "Lain sama sekali ini", published_at=now) for i in range(5)]
    old = article("old", "isi berita", title="Banjir besar", published_at=now - timedelta(days=700))
    new = article("new", "ada juga kata banjir di sini", title="Pasar besar", published_at=now)
    fill(store, old, new, *others)
    assert found(store, "banjir") == ids("old", "new")


def test_copies_are_folded(store: SearchStore) -> None:
    (original,) = ids("asli")
    fill(store, document("asli"), document("satu", duplicate_of=original, site="lain.test"), document("dua"))
    assert sorted(found(store, "jembatan", fold=True)) == sorted(ids("asli", "dua"))
    assert sorted(found(store, fold=True)) == sorted(ids("asli", "dua"))
    assert sorted(found(store, "jembatan")) == sorted(ids("asli", "dua", "satu"))
    # the original may lie outside of what is asked for
    assert found(store, "jembatan site:lain.test", fold=True) == ids("satu")
    assert found(store, site="lain.test", fold=True) == ids("satu")
    assert len(found(store, "jembatan sejak:2026-03-01", fold=True)) == 3
    assert found(store, duplicate_of=original, fold=True) == ids("satu")


@pytest.mark.parametrize("text", ["", "jembatan", "-gempa", "jembatan OR gempa tempat:pekanbaru"])
def test_cursors_lead_through_everything(store: SearchStore, text: str) -> None:
    made = [document(f"n{i}", published_at=NOON + timedelta(minutes=i // 3)) for i in range(23)]
    fill(store, *made)
    whole = [hit.id for hit in store.search(Query(text=text, limit=100)).hits]
    seen: list[str] = []
    cursor = ""
    for _ in range(10):
        page = store.search(Query(text=text, limit=5, cursor=cursor))
        assert page.total == 23
        seen += [hit.id for hit in page.hits]
        cursor = page.cursor
        if not cursor:
            break
    assert seen == whole
    assert len(set(seen)) == 23


def test_later_pages_mean_the_days_of_the_first(store: SearchStore) -> None:
    now = datetime.now(UTC)
    fill(store, *(document(f"n{age}", published_at=now - timedelta(days=age)) for age in range(4)))
    query = Query(text="jembatan sejak:2hari", limit=1)
    first = store.search(query)
    assert first.total == 3
    place = msgspec.json.decode(base64.urlsafe_b64decode(first.cursor))
    place[1] -= 86_400_000  # as if the first page had been asked for the day before
    yesterday = base64.urlsafe_b64encode(msgspec.json.encode(place)).decode()
    assert store.search(structs.replace(query, cursor=yesterday)).total == 4
    for beyond in (10**30, -(10**15), 253_402_300_799_000):
        place[1] = beyond
        forged = base64.urlsafe_b64encode(msgspec.json.encode(place)).decode()
        with pytest.raises(Misuse, match="cursor"):
            store.search(structs.replace(query, cursor=forged))


def test_copies_are_counted(store: SearchStore) -> None:
    one, other, lonely = ids("asli", "lain", "sendiri")
    copies = [document(f"c{i}", duplicate_of=one) for i in range(3)]
    fill(store, document("asli"), document("lain"), document("sendiri"), *copies, document("d", duplicate_of=other))
    assert store.copies([one, other, lonely, "", "\ud800", "tiada"]) == {one: 3, other: 1}
    assert store.copies([]) == {}


def test_cursors_are_checked(store: SearchStore) -> None:
    fill(store, document("a"), document("b"))
    cursor = store.search(Query(text="jembatan", limit=1)).cursor
    assert cursor
    assert len(store.search(Query(text="jembatan", limit=1, cursor=cursor)).hits) == 1
    for query in (
        Query(text="gempa", cursor=cursor),
        Query(text="jembatan", site="a.test", cursor=cursor),
        Query(text="jembatan", offset=1, cursor=cursor),
        *(Query(text="jembatan", cursor=bad) for bad in ("x", "é", "e30=", cursor[:-4], "\ud800", "a" * 10_000)),
    ):
        with pytest.raises(Misuse, match="cursor"):
            store.search(query)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("jembatam", "jembatan"),
        ("jemabtan baru", "jembatan baru"),
        ("jebatan", "jembatan"),
        ("jembattan", "jembatan"),
        ("gubernurr -tsunami", "gubernur -tsunami"),
        ('"jembatam baru"', '"jembatan baru"'),
        ("judul:jembatam", "judul:jembatan"),
        ("jembatan", ""),
        ("jembatan gempa", ""),  # nothing near
        ("xyzzy", ""),
        ("jembatannya", ""),  # found by its stem
        ("jembatanku", ""),
        ("riai", "riau"),
        ("RIAI", ""),  # an abbreviation
        ("", ""),
    ],
)
def test_did_you_mean(store: SearchStore, text: str, meant: str) -> None:
    fill(store, document("a"))
    assert store.search(Query(text=text)).suggestion == meant


def test_nothing_is_meant_when_enough_is_found(store: SearchStore) -> None:
    fill(store, *(article(f"n{i}", "jembatam") for i in range(5)), document())
    assert store.search(Query(text="jembatam")).suggestion == ""
