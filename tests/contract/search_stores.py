"""What the search stores' contract tests share: filling a store and asking it."""

from __future__ import annotations

from workers.model import Document, Query, digest
from workers.ports import SearchStore


def fill(store: SearchStore, *documents: Document) -> None:
    """Store `documents`, all of them, and make them visible."""
    outcomes = store.write(documents)
    assert [o.result for o in outcomes] == ["stored"] * len(documents), outcomes
    store.refresh()


def found(store: SearchStore, text: str = "", **filters: object) -> list[str]:
    """Return the ids of the hits in order, and check that the total agrees."""
    results = store.search(Query(text=text, limit=100, **filters))  # type: ignore[arg-type]
    assert results.total == len(results.hits)
    return [hit.id for hit in results.hits]


def ids(*names: str) -> list[str]:
    """Return the ids of documents that were built under `names`."""
    return [digest(name) for name in names]
