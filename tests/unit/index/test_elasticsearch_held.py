"""Points in time that can't be had or are gone; what they are for is in the contract suite."""

from __future__ import annotations

import pytest

from tests.unit.index.test_elasticsearch_answers import Answer, Cluster, as_json, cluster, error
from workers.errors import Misuse, StoreUnavailable
from workers.model import Query

__all__ = ["cluster"]
SOURCE = {
    "id": "a", "url": "https://a.test/", "title": "T", "site": "a.test", "published_at": "2026-03-02T12:00:00Z",
    "lead": "", "body": "Isi.", "people": [], "organisations": [], "places": [],
}  # fmt: skip
HIT = {"_id": "a", "_score": 1.0, "_source": SOURCE, "sort": [1.0, 1772452800000, "a", 7]}
FOUND = {"pit_id": "held", "hits": {"total": {"value": 9}, "hits": [HIT]}}
QUERY = Query(text="isi", limit=1, hold=True, suggest=False)


def test_without_the_right_to_hold_pages_are_those_of_the_moment(cluster: Cluster) -> None:
    def script(method: str, path: str, body: bytes) -> Answer:
        if "_pit" in path:
            return as_json(403, {"error": error("security_exception")})
        return as_json(200, {key: value for key, value in FOUND.items() if key != "pit_id"})

    cluster.script = script
    store = cluster.store()
    results = store.search(QUERY)
    assert results.cursor
    store.search(Query(text="isi", limit=1, suggest=False, cursor=results.cursor))
    assert cluster.requests[-1][1].startswith("/kabar-articles/_search")
    store.close()


def test_what_is_held_is_let_go_at_the_end(cluster: Cluster) -> None:
    def script(method: str, path: str, body: bytes) -> Answer:
        if method == "DELETE":
            return as_json(503, {"error": error("busy")})  # no matter: it goes by itself
        return as_json(200, {"id": "held"} if "_pit" in path else FOUND)

    cluster.script = script
    store = cluster.store()
    assert len(store.search(Query(text="isi", limit=5, hold=True, suggest=False)).hits) == 1
    assert [(method, path.split("?")[0]) for method, path, _ in cluster.requests] == [
        ("POST", "/kabar-articles/_pit"),
        ("POST", "/_search"),
        ("DELETE", "/_pit"),
    ]
    store.close()


def test_a_point_in_time_that_is_gone_is_told_apart_from_a_missing_index(cluster: Cluster) -> None:
    gone = {"error": error("search_phase_execution_exception", root_cause=[error("search_context_missing_exception")])}
    missing = {"error": error("index_not_found_exception")}
    cluster.script = lambda _, path, body: as_json(200, {"id": "held"} if "_pit" in path else FOUND)
    store = cluster.store()
    behind = Query(text="isi", limit=1, suggest=False, cursor=store.search(QUERY).cursor)
    cluster.script = lambda *_: as_json(404, gone)
    with pytest.raises(Misuse, match="expired"):
        store.search(behind)
    cluster.script = lambda *_: as_json(404, missing)
    with pytest.raises(StoreUnavailable):
        store.search(behind)
    store.close()
