"""Paging through many results while articles come, change and go. See test_search_store.py."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs

from tests.contract.documents import NOON, article, document
from tests.contract.search_stores import fill
from workers.errors import Misuse
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.sqlite import SqliteStore
from workers.index.sqlite_held import KEPT_SECONDS
from workers.model import Query
from workers.ports import SearchStore

MANY = 1_200
PAGE = 100


def pages(store: SearchStore, query: Query) -> Iterator[list[str]]:
    """Yield the ids of each page, to the end."""
    cursor = ""
    for _ in range(2 * MANY // PAGE):
        results = store.search(structs.replace(query, cursor=cursor))
        yield [hit.id for hit in results.hits]
        cursor = results.cursor
        if not cursor:
            return
    pytest.fail("pages without end")


@pytest.mark.parametrize("text", ["jembatan", "", "jembatan -gempa tempat:pekanbaru"])
def test_none_is_lost_or_doubled_while_articles_come_and_change(store: SearchStore, text: str) -> None:
    documents = [
        document(f"n{i}", title="Jembatan baru " * (i % 5), published_at=NOON + timedelta(minutes=i % 50))
        for i in range(MANY)
    ]
    fill(store, *documents)
    seen: list[str] = []
    for number, page in enumerate(pages(store, Query(text=text, limit=PAGE, hold=True))):
        seen += page
        later = NOON + timedelta(days=number)
        title = "Gempa" if number % 2 else "Jembatan jembatan"
        changed = [
            structs.replace(one, version=2_000 + number, title=title, published_at=later)
            for one in documents[number::37]
        ]
        coming = [document(f"new{number}-{i}", title="Jembatan", published_at=later) for i in range(50)]
        fill(store, *changed, *coming)
    there = {one.id for one in documents}
    assert len(seen) == len(set(seen))
    assert there <= set(seen)


def test_a_deleted_article_leaves_the_others(store: SearchStore) -> None:
    documents = [document(f"n{i}") for i in range(50)]
    fill(store, *documents)
    seen: list[str] = []
    gone = set()
    for page in pages(store, Query(text="jembatan", limit=10, hold=True)):
        seen += page
        left = next((one.id for one in documents if one.id not in {*seen, *gone}), "")
        if left:
            store.delete(left)
            store.refresh()
            gone.add(left)
    assert {one.id for one in documents} - gone <= set(seen)
    assert len(seen) == len(set(seen))


def test_none_takes_the_place_of_a_deleted_article(store: SearchStore) -> None:
    fill(store, *(document(f"n{i}", published_at=NOON - timedelta(minutes=i)) for i in range(4)))
    first = store.search(Query(text="jembatan", limit=2, hold=True))
    store.delete(document("n3").id)
    fill(store, article("other", "Gempa di Banten."))
    second = store.search(Query(text="jembatan", limit=2, cursor=first.cursor))
    assert document("other").id not in [hit.id for hit in second.hits]
    assert document("n2").id in [hit.id for hit in second.hits]


def test_what_fits_on_one_page_has_no_cursor(store: SearchStore) -> None:
    fill(store, *(article(f"n{i}", "banjir") for i in range(3)))
    for query, shown in (
        (Query(text="banjir"), 3),
        (Query(text="banjir", limit=3), 3),
        (Query(text="banjir", limit=2, offset=1), 2),
        (Query(text="banjir", limit=0), 0),
        (Query(text="banjir", limit=2, offset=9), 0),
        (Query(text="tiada"), 0),
    ):
        results = store.search(structs.replace(query, hold=True))
        assert (len(results.hits), results.cursor) == (shown, "")


def test_pages_behind_an_offset(store: SearchStore) -> None:
    fill(store, *(document(f"n{i}", published_at=NOON + timedelta(minutes=i)) for i in range(9)))
    whole = [hit.id for hit in store.search(Query(text="jembatan")).hits]
    first = store.search(Query(text="jembatan", limit=3, offset=2, hold=True))
    second = store.search(Query(text="jembatan", limit=4, cursor=first.cursor))
    assert [hit.id for hit in (*first.hits, *second.hits)] == whole[2:]
    assert (bool(first.cursor), second.cursor) == (True, "")
    assert (first.total, second.total) == (9, 9)


def test_what_is_held_no_longer_is_said(store: SearchStore) -> None:
    fill(store, *(document(f"n{i}") for i in range(5)))
    cursor = store.search(Query(text="jembatan", limit=2, hold=True)).cursor
    assert len(store.search(Query(text="jembatan", limit=2, cursor=cursor)).hits) == 2
    let_go(store, cursor)
    with pytest.raises(Misuse, match="expired"):
        store.search(Query(text="jembatan", limit=2, cursor=cursor))


def let_go(store: SearchStore, cursor: str) -> None:
    """Make the store forget what it holds, as it does when time passes."""
    if isinstance(store, ElasticsearchStore):
        _, _, _, _, _, held, _ = json.loads(base64.urlsafe_b64decode(cursor))
        store.client.close_point_in_time(id=held)
        return
    assert isinstance(store, SqliteStore)
    (kept,) = Path(f"{store.stats()['file']}-held").iterdir()
    long_ago = time.time() - KEPT_SECONDS - 1
    os.utime(kept, (long_ago, long_ago))
