"""What both search stores promise about versions: kept by id, told in order, gone with their article."""

from __future__ import annotations

import itertools

import pytest

from tests.contract.documents import document, version
from tests.contract.search_stores import fill, found, ids
from workers.model import Document, Version, digest
from workers.ports import SearchStore

TEXTS = [version(observed_ms=1_000 * n, body=f"Isi berita yang ke-{n}.") for n in range(1, 4)]


def test_an_article_that_never_changed_has_no_history(store: SearchStore) -> None:
    fill(store, document())
    assert store.history(digest("satu")) == []
    store.write_versions([])


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_versions_come_back_oldest_first_in_whatever_order_and_however_often_they_were_written(
    store: SearchStore, order: tuple[int, ...]
) -> None:
    store.write_versions([TEXTS[order[0]], TEXTS[order[1]]])
    store.write_versions([TEXTS[order[1]], TEXTS[order[2]]])
    store.write_versions([TEXTS[order[0]], TEXTS[order[0]]])
    assert store.history(digest("satu")) == TEXTS  # at once: no refresh


def test_the_same_text_at_another_time_is_another_version(store: SearchStore) -> None:
    back = version(observed_ms=9_000, body=TEXTS[0].body)
    store.write_versions([*TEXTS, back])
    assert store.history(digest("satu")) == [*TEXTS, back]


def test_a_version_written_anew_replaces_itself(store: SearchStore) -> None:
    bare = version(observed_ms=1_000, content_hash=TEXTS[0].content_hash, body="", without_text=True)
    store.write_versions(TEXTS)
    store.write_versions([bare])
    assert store.history(digest("satu")) == [bare, *TEXTS[1:]]


def test_versions_are_no_documents(store: SearchStore) -> None:
    fill(store, document("dua", title="Judul lain"))
    store.write_versions(TEXTS)
    store.refresh()
    assert store.count() == 1
    assert found(store, "ke") == []
    assert store.get(ids("satu")) == {}
    assert store.check() == []


def test_versions_go_with_their_article_and_only_with_it(store: SearchStore) -> None:
    fill(store, document("satu"), document("dua"))
    other = version("dua")
    store.write_versions([*TEXTS, other])
    assert store.delete(digest("satu")) is True
    assert store.history(digest("satu")) == []
    assert store.history(digest("dua")) == [other]
    assert store.delete(digest("satu")) is False


def test_versions_without_a_document_can_be_deleted_too(store: SearchStore) -> None:
    store.write_versions(TEXTS)
    assert store.delete(digest("satu")) is True
    assert store.history(digest("satu")) == []


def test_single_versions_are_forgotten_by_id(store: SearchStore) -> None:
    store.write_versions(TEXTS)
    store.forget_versions([TEXTS[1].id, "nothing of that name", "", "\ud800"])
    store.forget_versions([])
    assert store.history(digest("satu")) == [TEXTS[0], TEXTS[2]]


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(version(body="rusak \ud800 di tengah"), id="lone surrogate"),
        pytest.param(version(content_hash="x" * 600), id="long id"),
    ],
)
def test_a_version_that_can_never_be_stored_leaves_the_others(store: SearchStore, bad: Version) -> None:
    store.write_versions([TEXTS[0], bad, TEXTS[1]])
    assert store.history(digest("satu")) == TEXTS[:2]


@pytest.mark.parametrize("odd", ["", "\ud800", "x" * 5000, "a b", "\x00"])
def test_odd_ids_have_no_history(store: SearchStore, odd: str) -> None:
    assert store.history(odd) == []


def test_more_versions_than_one_request_holds(store: SearchStore) -> None:
    many = [version(observed_ms=n, body=f"Isi {n}") for n in range(1, 601)]
    store.write_versions(many)
    assert [one.observed_ms for one in store.history(digest("satu"))] == list(range(1, 601))
    assert store.delete(digest("satu")) is True
    assert store.history(digest("satu")) == []


def test_what_a_document_says_of_its_past_comes_back(store: SearchStore) -> None:
    told: Document = document(edits=3, notice="correction", gone_status=410, observed_ms=77)
    fill(store, told)
    stored = store.get([told.id])[told.id]
    assert (stored.edits, stored.notice, stored.gone_status, stored.observed_ms) == (3, "correction", 410, 77)


def test_a_raised_version_yields_to_the_same_one_and_an_observations_own_does_not(store: SearchStore) -> None:
    """Feeds brought up to date raise an old text's version: it must not come over a text observed a moment later."""
    fill(store, document(version=8, observed_ms=8, title="Baru"))
    raised = document(version=8, observed_ms=7, title="Lama")
    assert store.write([raised])[0].result == "superseded"
    assert store.write([document(version=8, observed_ms=8, title="Baru")])[0].result == "stored"
    assert store.get(ids("satu"))[digest("satu")].title == "Baru"
    fill(store, document("dua", version=8, observed_ms=7, title="Lama"))
    fill(store, document("dua", version=8, observed_ms=8, title="Baru"))
    assert store.get(ids("dua"))[digest("dua")].title == "Baru"
