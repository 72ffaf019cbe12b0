"""Walking the documents of a store: `scan` and `taggers` of the port."""

from __future__ import annotations

from tests.contract.documents import document
from tests.contract.search_stores import fill, ids
from workers.model import Document
from workers.ports import SearchStore


def walk(store: SearchStore, **narrowed: object) -> list[Document]:
    """All documents in pages of two."""
    found: list[Document] = []
    while page := store.scan(after=found[-1].id if found else "", limit=2, **narrowed):  # type: ignore[arg-type]
        assert len(page) <= 2
        found += page
    return found


def test_an_empty_store_holds_nothing_to_walk(store: SearchStore) -> None:
    assert store.scan() == []
    assert store.taggers() == {}


def test_every_document_is_met_once_in_the_order_of_ids(store: SearchStore) -> None:
    names = [f"artikel {number}" for number in range(5)]
    fill(store, *(document(name) for name in names))
    walked = walk(store)
    assert [one.id for one in walked] == sorted(ids(*names))
    assert {one.url for one in walked} == {f"https://berita.test/{name}" for name in names}


def test_only_the_documents_of_the_taggers_asked_for(store: SearchStore) -> None:
    fill(store, document("a", tagger="kabar 1"), document("b", tagger="kabar 2"), document("c", tagger="kabar 1"))
    assert store.taggers() == {"kabar 1": 2, "kabar 2": 1}
    assert [one.id for one in walk(store, taggers=["kabar 1"])] == sorted(ids("a", "c"))
    assert walk(store, taggers=["kabar 2", "kabar 9"])[0].tagger == "kabar 2"
    assert walk(store, taggers=[]) == []


def test_documents_that_are_rewritten_are_not_met_again(store: SearchStore) -> None:
    fill(store, *(document(name, tagger="alt'\"") for name in "abc"))
    first = store.scan(limit=2, taggers=["alt'\""])
    fill(
        store, *(document(name, tagger="neu", version=2_000) for name in "abc" if ids(name)[0] in {d.id for d in first})
    )
    assert len(walk(store, taggers=["alt'\""])) == 1
