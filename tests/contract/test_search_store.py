"""One suite for both search stores: what `workers.ports.SearchStore` promises, held to by SQLite and Elasticsearch.

What both agree on, beyond the port's docstring:

- Analysis: UAX #29 words ("standard" tokenizer), lower case, ASCII folding, then an Indonesian stemmer for the
  stemmed fields; the exact fields are the same without stemming. No stop words: every word typed must occur.
- `workers.index.query.check(query)` gives the terms and every Misuse; no store has refusals of its own.
- A word: its tokens side by side in one stemmed field, title, lead or body (Elasticsearch: multi_match of type
  phrase). A phrase: the same over the exact fields. Different terms may match in different fields. A negated
  term: none of it.
- No terms, or only negated ones: everything else matches, newest first, then by id (by published_at, not by score).
- Weights: title 3, lead 2, body 1. Ties: newest first, then id ascending. `limit` 0 gives the total alone.
- `site` is compared in lower case; `entity` equals one of people, organisations, places, case and accents folded.
- An id has 1 to 512 bytes, a version is within 0 and 2^63 - 1: a document beyond is "rejected", the rest stored.

The stems used here are such that Snowball's and Lucene's Indonesian stemmers agree on them.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.documents import NOON, article, document
from workers.errors import Misuse
from workers.index.query import MAX_CHARACTERS, MAX_TERMS
from workers.index.sqlite import SqliteStore
from workers.model import Document, Query, digest
from workers.ports import SearchStore


@pytest.fixture(params=["sqlite", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchStore]:
    """An empty store that is set up. Elasticsearch's comes from the suite's own node."""
    if request.param == "elasticsearch":
        yield request.getfixturevalue("elasticsearch_store")
        return
    embedded = SqliteStore(path=tmp_path / "search.sqlite")
    embedded.setup()
    yield embedded
    embedded.close()


def fill(store: SearchStore, *documents: Document) -> None:
    outcomes = store.write(documents)
    assert [o.result for o in outcomes] == ["stored"] * len(documents), outcomes
    store.refresh()


def found(store: SearchStore, text: str = "", **filters: object) -> list[str]:
    """Return the ids of the hits in order, and check that the total agrees."""
    results = store.search(Query(text=text, limit=100, **filters))  # type: ignore[arg-type]
    assert results.total == len(results.hits)
    return [hit.id for hit in results.hits]


def ids(*names: str) -> list[str]:
    return [digest(name) for name in names]


# --- writing, getting, deleting


def test_an_empty_store_answers(store: SearchStore) -> None:
    assert store.count() == 0
    assert found(store) == []
    assert found(store, "jembatan") == []
    assert store.get(ids("satu")) == {}
    assert store.find(["https://berita.test/satu"]) == {}
    assert store.delete(digest("satu")) is False
    assert store.write([]) == []
    assert store.check() == []


def test_setup_again_loses_nothing(store: SearchStore) -> None:
    fill(store, document())
    store.setup()
    assert store.count() == 1


def test_a_document_comes_back_as_it_went_in(store: SearchStore) -> None:
    original = document(duplicate_of=digest("lain"), modified_at=NOON, headings=("Biaya",))
    assert [(o.id, o.result) for o in store.write([original])] == [(original.id, "stored")]
    stored = store.get([original.id, digest("none")])[original.id]  # at once: no refresh
    assert stored.indexed_at is not None
    assert stored.indexed_at.utcoffset() == timedelta(0)
    assert {f: getattr(stored, f) for f in stored.__struct_fields__ if f != "indexed_at"} == {
        f: getattr(original, f) for f in original.__struct_fields__ if f != "indexed_at"
    }


def test_one_outcome_per_document_in_order(store: SearchStore) -> None:
    fill(store, document("b", version=5))
    outcomes = store.write([document("a"), document("b", version=4), document("", id=""), document("c")])
    assert [o.result for o in outcomes] == ["stored", "superseded", "rejected", "stored"]
    assert [o.id for o in outcomes] == [digest("a"), digest("b"), "", digest("c")]


@pytest.mark.parametrize("seed", range(3))
def test_ten_copies_in_any_order_end_as_the_newest(store: SearchStore, seed: int) -> None:
    copies = [document(version=v, title=f"Judul versi {v}") for v in range(1, 11)]
    random.Random(seed).shuffle(copies)
    outcomes = store.write(copies[:4]) + store.write(copies[4:5]) + store.write(copies[5:])
    newest = itertools.accumulate((c.version for c in copies), max)
    assert [o.result for o in outcomes] == [
        "stored" if copy.version == top else "superseded" for copy, top in zip(copies, newest, strict=True)
    ]
    store.refresh()
    assert store.count() == 1
    assert store.get(ids("satu"))[digest("satu")].title == "Judul versi 10"
    assert found(store, "versi 10") == ids("satu")
    assert found(store, "versi 9") == []


def test_an_equal_version_is_written_again(store: SearchStore) -> None:
    fill(store, document(title="Lama", people=("Budi",)))
    fill(store, document(title="Baru", people=("Wati",), urls=("https://berita.test/baru",)))
    assert store.get(ids("satu"))[digest("satu")].title == "Baru"
    assert found(store, "lama") == []
    assert found(store, entity="Budi") == []
    assert store.find(["https://m.berita.test/satu"]) == {}
    assert list(store.find(["https://berita.test/baru"])) == ["https://berita.test/baru"]


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(document(id=""), id="empty id"),
        pytest.param(document(id="x" * 513), id="long id"),
        pytest.param(document("bad", body="rusak \ud800 di tengah"), id="lone surrogate in the body"),
        pytest.param(document("bad", people=("\udfff",)), id="lone surrogate in a name"),
        pytest.param(document("bad", version=2**63), id="version too great"),
        pytest.param(document("bad", version=-1), id="negative version"),
    ],
)
def test_a_rejected_document_leaves_the_others(store: SearchStore, bad: Document) -> None:
    outcomes = store.write([document("a"), bad, document("b")])
    assert [o.result for o in outcomes] == ["stored", "rejected", "stored"]
    assert outcomes[1].error
    assert outcomes[1].reason
    assert store.write([bad])[0].result == "rejected"  # alone, too
    store.refresh()
    assert store.count() == 2


def test_find_by_any_address(store: SearchStore) -> None:
    fill(store, document("a"), document("b"))
    urls = ["https://m.berita.test/a", "https://berita.test/b", "https://berita.test/none", "", "\ud800", "x" * 9000]
    result = store.find(urls)
    assert {url: d.id for url, d in result.items()} == {
        "https://m.berita.test/a": digest("a"),
        "https://berita.test/b": digest("b"),
    }
    assert store.find([]) == {}


def test_odd_ids_are_just_not_there(store: SearchStore) -> None:
    odd = ["", "\ud800", "x" * 5000, "../_search", "a b", "\x00"]
    assert store.get(odd) == {}
    assert store.get([]) == {}
    assert [store.delete(i) for i in odd] == [False] * len(odd)


def test_deleted_for_good(store: SearchStore) -> None:
    fill(store, document("a"), document("b"))
    assert store.delete(digest("a")) is True
    assert store.get(ids("a")) == {}
    store.refresh()
    assert found(store, "jembatan") == ids("b")
    assert found(store, '"jembatan baru"') == ids("b")
    assert found(store, entity="Pekanbaru") == ids("b")
    assert store.find(["https://berita.test/a"]) == {}
    assert store.count() == 1
    assert store.delete(digest("a")) is False
    fill(store, document("a"))  # may come back
    assert store.count() == 2


def test_stats_tell_the_documents(store: SearchStore) -> None:
    fill(store, document("a"), document("b"))
    stats = store.stats()
    assert stats["documents"] == 2
    assert stats["bytes"] > 0


def test_a_closed_store_opens_again(store: SearchStore) -> None:
    fill(store, document())
    store.close()
    store.close()
    assert store.count() == 1


def test_a_large_batch(store: SearchStore) -> None:
    fill(store, *(document(f"n{i}") for i in range(500)))
    assert store.count() == 500
    assert store.search(Query(text="jembatan", limit=1)).total == 500


# --- matching


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("membacakan", "dibacakan"),
        ("pembangunan", "membangun"),
        ("menulis", "penulisan"),
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
    import unicodedata

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
    from datetime import UTC, datetime, timezone

    wib = timezone(timedelta(hours=7))
    fill(
        store,
        document("a", published_at=datetime(1969, 12, 31, 23, 59, tzinfo=UTC)),
        document("b", published_at=datetime(2026, 3, 2, 17, 0, tzinfo=UTC)),
    )
    assert found(store, published_from=datetime(2026, 3, 3, tzinfo=wib)) == ids("b")
    assert found(store, published_to=datetime(2026, 3, 3, tzinfo=wib)) == ids("a")


# --- order, totals, pages


def test_title_before_lead_before_body(store: SearchStore) -> None:
    fill(
        store,
        article("body", "Sebuah berita tentang banjir besar", title="Kabar hari pertama", lead="Warga kota lama"),
        article("lead", "Sebuah berita tentang pasar besar", title="Kabar hari pertama", lead="Banjir kota lama"),
        article("title", "Sebuah berita tentang pasar besar", title="Kabar banjir pertama", lead="Warga kota lama"),
        *(article(f"other{i}", "Lain sama sekali ini", title="Hal lain lagi", lead="Tidak sama") for i in range(5)),
    )
    assert found(store, "banjir") == ids("title", "lead", "body")
    assert found(store, '"banjir"') == ids("title", "lead", "body")
    scores = [hit.score for hit in store.search(Query(text="banjir")).hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0


def test_ties_newest_first_then_id(store: SearchStore) -> None:
    copies = [document(f"n{i}", published_at=NOON + timedelta(hours=i // 2)) for i in range(8)]
    fill(store, *copies)
    by_date = [d.id for d in sorted(copies, key=lambda d: (-d.published_at.timestamp(), d.id))]
    assert found(store) == by_date
    assert found(store, "-gempa") == by_date
    assert found(store, entity="Pekanbaru") == by_date
    assert found(store, "jembatan") == by_date or store.name == "elasticsearch"


def test_pages_join_to_the_whole(store: SearchStore) -> None:
    fill(store, *(document(f"n{i}", published_at=NOON + timedelta(minutes=i)) for i in range(25)))
    for text in ("", "jembatan"):
        pages = [store.search(Query(text=text, limit=10, offset=offset)) for offset in (0, 10, 20, 30)]
        assert [page.total for page in pages] == [25] * 4
        assert [len(page.hits) for page in pages] == [10, 10, 5, 0]
        whole = [hit.id for page in pages for hit in page.hits]
        assert len(set(whole)) == 25
    nothing = store.search(Query(text="jembatan", limit=0))
    assert (nothing.total, nothing.hits) == (25, ())
    assert store.search(Query(offset=9_990, limit=10)).hits == ()


def test_a_hit_tells_the_document(store: SearchStore) -> None:
    fill(store, document(people=("Siti",), organisations=("KPK",), published_at=NOON))
    (hit,) = store.search(Query(text="jembatan")).hits
    assert (hit.id, hit.url, hit.site) == (digest("satu"), "https://berita.test/satu", "berita.test")
    assert hit.title == "Pemerintah Riau membangun jembatan baru"
    assert hit.published_at == NOON
    assert (hit.people, hit.organisations, hit.places) == (("Siti",), ("KPK",), ("Pekanbaru",))


# --- snippets


def plain(snippet: str) -> str:
    return snippet.replace("«", "").replace("»", "")


LONG = " ".join(f"Kalimat pengisi nomor {i} tanpa arti." for i in range(60))


def test_snippets_mark_the_original_words(store: SearchStore) -> None:
    body = f"{LONG} Presiden MEMBACAKAN naskah di Café Müller. {LONG}"
    fill(store, article("a", body))
    (hit,) = store.search(Query(text="dibacakan muller")).hits
    assert "«MEMBACAKAN»" in hit.snippet
    assert "«Müller»" in hit.snippet
    assert len(hit.snippet) <= 400
    passages = [p.strip() for p in plain(hit.snippet).split("…") if p.strip()]
    assert passages
    for passage in passages:
        assert passage in body
        words = passage.split()
        assert set(words) <= set(body.split())  # cut between words


def test_snippets_of_phrases(store: SearchStore) -> None:
    fill(store, article("a", f"{LONG} Menurut Badan  Geologi,\n\nbadan itu siaga. {LONG}"))
    (hit,) = store.search(Query(text='"badan geologi"')).hits
    assert "Menurut Badan Geologi, badan itu" in " ".join(plain(hit.snippet).split())
    assert "«Badan" in hit.snippet
    assert "Geologi»" in hit.snippet
    assert "«badan» itu" not in hit.snippet
    assert "\n" not in hit.snippet


@pytest.mark.parametrize(
    ("query", "lead", "beginning"),
    [
        ("judul", "Ringkasan yang pendek.", "Ringkasan yang pendek."),
        ("", "Ringkasan yang pendek.", "Ringkasan yang pendek."),
        ("-gempa", "Ringkasan yang pendek.", "Ringkasan yang pendek."),
        ("judul", "", "Kalimat pengisi nomor 0 tanpa arti."),
    ],
)
def test_a_snippet_falls_back_to_the_beginning(store: SearchStore, query: str, lead: str, beginning: str) -> None:
    fill(store, article("a", LONG, lead=lead))
    (hit,) = store.search(Query(text=query)).hits
    assert hit.snippet.startswith(beginning)
    assert "«" not in hit.snippet
    assert len(hit.snippet) <= 400


def test_documents_without_a_body(store: SearchStore) -> None:
    fill(store, article("a", "", title="Hanya judul", lead=""), article("b", "", title="", lead=""))
    (hit,) = store.search(Query(text="judul")).hits
    assert (hit.id, hit.snippet) == (digest("a"), "")
    assert len(found(store)) == 2


# --- hostile input

MARKUP = '<script>alert("x")</script> & \x1b[31m \u202e ‮ {{7*7}} %s \\" \' ; DROP TABLE documents; --'


def test_hostile_text_is_kept_and_found(store: SearchStore) -> None:
    text = f"{MARKUP} pencarian {'panjang ' * 20_000} 😀"
    fill(store, article("a", text, title=MARKUP, lead=MARKUP, site="aneh.test"), document("b"))
    assert store.get(ids("a"))[digest("a")].body == text
    assert found(store, "pencarian") == ids("a")
    assert found(store, '"drop table documents"') == ids("a")
    assert store.count() == 2


@pytest.mark.parametrize(
    "text",
    [
        "*", "jembatan*", "jemb?tan", "jembatan~2", "title:jembatan", "_id:1", "NOT", "jembatan AND", "OR jembatan",
        "NEAR(jembatan baru)", "(jembatan", "jembatan)", "{title}: x", "^jembatan", "jembatan^9", "[1 TO 2]", "/.*/",
        "\\", "jembatan\\", "'", "''", "`", "; DROP TABLE documents", "%", "_", "+jembatan", "--jembatan", "-", "a:b:c",
        "\x00", "jembatan\x00baru", "\x1b[31m", "😀", "jembatan 😀", "\u202ejembatan", "\u200b", "<b>jembatan</b>",
        '"', 'jembatan "baru', '""', '"" jembatan', '-""', '"*"', '"-"', "“", "\ud800", "jembatan \udfff",
        "a" * 1_999, "a " * 40, "a " * 500, '"' + "a " * 900 + '"', "x" * 100_000, "a. " * 600, "ÿ" * 2_000, "\n\t ",
        "true", "null", "{}", '{"match_all":{}}', "&&", "||", "!jembatan", "\ufeffjembatan", "𝒋𝒆𝒎𝒃𝒂𝒕𝒂𝒏", "ﬁ", "²",
    ],
)  # fmt: skip
def test_any_query_is_answered_or_refused_with_misuse(store: SearchStore, text: str) -> None:
    fill(store, document())
    try:
        results = store.search(Query(text=text))
    except Misuse as error:
        assert str(error).startswith("query: ")
    else:
        assert results.total in (0, 1)


@pytest.mark.parametrize("text", ["jembatan AND baru", "jembatan*", "title:jembatan", "jembata", "jembatan~"])
def test_operators_of_the_engines_are_plain_text(store: SearchStore, text: str) -> None:
    fill(store, document())
    assert found(store, text) == (ids("satu") if text in ("jembatan*", "jembatan~") else [])


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (Query(text='jembatan "baru'), "quote at character 10"),
        (Query(text="x" * (MAX_CHARACTERS + 1)), "characters"),
        (Query(text="kata " * (MAX_TERMS + 1)), "terms"),
        (Query(text="!!!"), "no word"),
        (Query(text="a\ud800"), "Unicode"),
        (Query(site="\ud800"), "Unicode"),
        (Query(entity="\ud800"), "Unicode"),
        (Query(limit=-1), "negative"),
        (Query(offset=-1), "negative"),
        (Query(offset=9_995, limit=10), "10,000"),
        (Query(published_from=NOON.replace(tzinfo=None)), "time zone"),
    ],
)
def test_misuse_is_the_same_everywhere(store: SearchStore, query: Query, says: str) -> None:
    with pytest.raises(Misuse, match=says):
        store.search(query)
