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
from datetime import timedelta

import pytest

from tests.contract.documents import NOON, document, letter, report
from tests.contract.search_stores import fill, found, ids
from workers.model import Document, Query, digest
from workers.ports import SearchStore


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


def test_dead_letters_are_shown_beside_the_documents(store: SearchStore) -> None:
    letters = [letter(name) for name in ("a", "b")]
    for shown in (letters, letters, letters[:1], []):
        store.show_dead_letters(shown)
    fill(store, document())
    store.show_dead_letters(letters)
    assert store.count() == 1
    assert found(store) == ids("satu")


def test_reports_of_polls_are_shown_beside_the_documents(store: SearchStore) -> None:
    reports = [report(minutes) for minutes in (0, 15)]
    for shown in (reports, reports, reports[:1], []):
        store.show_polls(shown)
    store.forget_polls()
    fill(store, document())
    assert store.count() == 1
    assert found(store) == ids("satu")


def test_a_store_without_backups_of_its_own_says_none(store: SearchStore) -> None:
    assert store.snapshots() is None


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
