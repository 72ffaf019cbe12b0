"""Which documents a query finds: stems, phrases, negation, folding, filters. See test_search_store.py."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.contract.documents import NOON, article, document
from tests.contract.search_stores import fill, found, ids
from workers.model import Query, digest
from workers.ports import SearchStore


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("membacakan", "dibacakan"),
        ("pembangunan", "membangun"),
        ("menjual", "penjualan"),
        ("penyerangan", "diserang"),
        ("pembelian", "membeli"),
        ("permainan", "bermain"),
        ("rumahnya", "rumah"),
        ("bukunya", "buku"),
        ("pertanian", "petani"),
    ],
)
def test_words_match_by_their_stem(store: SearchStore, written: str, searched: str) -> None:
    fill(store, article("a", f"Kata {written} berdiri di sini."), article("b", "Tidak ada apa pun."))
    assert found(store, searched) == ids("a")
    assert found(store, written) == ids("a")
    assert found(store, f'"{searched}"') == []  # phrases are not stemmed
    assert found(store, f'"{written}"') == ids("a")


def test_every_word_must_occur_in_whatever_field(store: SearchStore) -> None:
    fill(
        store,
        article("a", "harga cabai", title="Pasar", lead="Kenaikan"),
        article("b", "harga beras", title="Pasar", lead="Kenaikan"),
    )
    assert found(store, "pasar kenaikan cabai") == ids("a")
    assert sorted(found(store, "pasar harga")) == sorted(ids("a", "b"))
    assert found(store, "cabai beras") == []


@pytest.mark.parametrize("stop_word", ["yang", "dan", "di", "tidak", "adalah", "ini"])
def test_there_are_no_stop_words(store: SearchStore, stop_word: str) -> None:
    fill(store, article("a", f"rumah {stop_word} besar"), article("b", "rumah besar"))
    assert found(store, f"rumah {stop_word}") == ids("a")
    assert found(store, f'"rumah {stop_word} besar"') == ids("a")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"badan geologi"', ["a"]),
        ("“Badan Geologi”", ["a"]),
        ('"geologi badan"', ["b"]),
        ("badan geologi", ["a", "b"]),
        ('"badan geologi" gempa', ["a"]),
        ('"gempa badan"', []),  # not across fields
        ('"laporan badan geologi"', ["a"]),
        ('"laporan badan geologi nasional"', []),
        ('"geologi, kata"', ["a"]),  # punctuation is no word
        ('"GEOLOGI   Kata"', ["a"]),
        ('"melaporkan"', []),
    ],
)
def test_phrases(store: SearchStore, query: str, expected: list[str]) -> None:
    fill(
        store,
        article("a", "Laporan Badan Geologi: kata pejabat.", title="Gempa"),
        article("b", "Ahli geologi badan itu.", title="Berita"),
    )
    assert sorted(found(store, query)) == sorted(ids(*expected))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("gempa -tsunami", ["a"]),
        ("-tsunami gempa", ["a"]),
        ("-tsunami", ["a", "c"]),
        ("-gempa -banjir", []),
        ('gempa -"peringatan tsunami"', ["a"]),
        ('-"tsunami peringatan"', ["a", "b", "c"]),
        ("gempa -gempa", []),
        ("-gempanya", ["c"]),  # stemmed, too
        ('-"gempanya"', ["a", "b", "c"]),
        ("gempa - tsunami", ["b"]),  # a lone dash is none
        ("tsunami-gempa", []),  # within a word neither
    ],
)
def test_negation(store: SearchStore, query: str, expected: list[str]) -> None:
    fill(
        store,
        article("a", "Gempa di laut."),
        article("b", "Gempa dan peringatan tsunami."),
        article("c", "Banjir di kota."),
    )
    assert sorted(found(store, query)) == sorted(ids(*expected))


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Café Müller", "cafe muller"),
        ("cafe muller", "CAFÉ MÜLLER"),
        ("São Tomé", '"sao tome"'),
        ("Erdoğan", "erdogan"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("Jum’at", "jum'at"),
        ("e\u0301lite", "élite"),  # the query is brought to NFC, the document is NFC by contract
        ("日本語の記事", "日本"),
        ("Москва", "москва"),
        ("القاهرة", "القاهرة"),
        ("x" * 300, "x" * 300),
        ("Rp1.500.000", "rp1.500.000"),
        ("COVID-19", "covid-19"),
        ("Kim Jong-un", "jong-un"),
        ("riau24.com", "riau24.com"),
        ("suhu 38,5 derajat", "38,5"),
        ("AT&T", "at&t"),
        ("pukul 10.30", "10.30"),
    ],
)
def test_case_accents_scripts_and_numbers(store: SearchStore, written: str, searched: str) -> None:
    fill(store, article("a", unicodedata.normalize("NFC", f"Awal {written} akhir.")), article("b", "Lain."))
    assert found(store, searched) == ids("a")


def test_a_word_of_several_tokens_needs_them_side_by_side(store: SearchStore) -> None:
    fill(store, article("a", "Pemimpin Kim Jong-un tiba."), article("b", "Un dan Jong adalah nama."))
    assert found(store, "jong-un") == ids("a")
    assert found(store, "un-jong") == []
    assert len(found(store, "jong un")) == 2


def test_filters(store: SearchStore) -> None:
    fill(
        store,
        document("a", site="riau24.test", people=("Joko Widodo",), published_at=NOON),
        document(
            "b",
            site="berita.test",
            organisations=("Komisi Pemberantasan Korupsi",),
            published_at=NOON + timedelta(hours=1),
        ),
        document("c", site="berita.test", places=("São Paulo",), published_at=NOON + timedelta(hours=2)),
    )
    assert found(store, site="riau24.test") == ids("a")
    assert found(store, site="RIAU24.test") == ids("a")
    assert found(store, site="riau24") == []
    assert found(store, entity="joko WIDODO") == ids("a")
    assert found(store, entity="Joko") == []
    assert found(store, entity="komisi pemberantasan korupsi") == ids("b")
    assert found(store, entity="sao paulo") == ids("c")
    assert found(store, published_from=NOON + timedelta(hours=1)) == ids("c", "b")
    assert found(store, published_to=NOON + timedelta(hours=1)) == ids("a")
    assert found(store, published_from=NOON, published_to=NOON) == []
    assert found(store, "jembatan", site="berita.test", entity="São Paulo", published_from=NOON) == ids("c")
    assert found(store, "-jembatan", site="berita.test") == []
    assert found(store, "gempa", site="berita.test") == []
    assert found(store, entity="*", site="") == []
    assert found(store, site="' OR 1=1 --") == []


def test_times_with_another_zone_and_long_ago(store: SearchStore) -> None:
    wib = timezone(timedelta(hours=7))
    fill(
        store,
        document("a", published_at=datetime(1969, 12, 31, 23, 59, tzinfo=UTC)),
        document("b", published_at=datetime(2026, 3, 2, 17, 0, tzinfo=UTC)),
    )
    assert found(store, published_from=datetime(2026, 3, 3, tzinfo=wib)) == ids("b")
    assert found(store, published_to=datetime(2026, 3, 3, tzinfo=wib)) == ids("a")
    first, last = datetime(1, 1, 1, tzinfo=wib), datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=7)))
    assert found(store, published_from=first, published_to=last) == ids("b", "a")  # in UTC outside of the calendar


def test_copies_of_an_article_are_found_and_shown_as_such(store: SearchStore) -> None:
    (original,) = ids("asli")
    trap = f'Kutipan: "duplicate_of":"{original}"'
    fill(
        store,
        document("asli"),
        document("satu", duplicate_of=original),
        document("dua", duplicate_of=original),
        document("tiga", duplicate_of=digest("lain")),
        document("empat", body=trap),
    )
    assert sorted(found(store, duplicate_of=original)) == sorted(ids("satu", "dua"))
    assert found(store, duplicate_of=digest("entah")) == []
    shown = {hit.id: hit.duplicate_of for hit in store.search(Query()).hits}
    assert [shown[one] for one in ids("asli", "satu", "tiga", "empat")] == [None, original, digest("lain"), None]
