"""What a cluster may answer, scripted on a local HTTP server, and what the store makes of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.contract.documents import document
from workers.errors import Misuse, StoreUnavailable
from workers.index.elasticsearch import ElasticsearchStore
from workers.model import Query
from workers.ports import Outcome

CONFIG = Path(__file__).resolve().parents[3] / "config"
Answer = tuple[int, dict[str, str], bytes]
Script = Callable[[str, str, bytes], Answer]


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that gave up waiting is part of the script."""


class Cluster:
    """Answers as `script(method, path, body)` says; pretends to be Elasticsearch unless told otherwise."""

    def __init__(self) -> None:
        self.script: Script = lambda *_: (500, {}, b"")
        self.requests: list[tuple[str, str, bytes]] = []
        self.product = True
        cluster = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65_536  # headers and body in one packet: apart, each answer waits 40 ms for an ACK

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                cluster.requests.append((self.command, self.path, body))
                status, headers, content = cluster.script(self.command, self.path, body)
                self.send_response(status)
                if cluster.product:
                    self.send_header("X-Elastic-Product", "Elasticsearch")
                for name, value in {"content-type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def store(self, **more: Any) -> ElasticsearchStore:
        port = self.server.server_address[1]
        return ElasticsearchStore(url=f"http://127.0.0.1:{port}", index_prefix="kabar", config_dir=CONFIG, **more)

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    running = Cluster()
    yield running
    running.close()


def as_json(status: int, body: Any, **headers: str) -> Answer:
    return status, headers, json.dumps(body).encode()


def actions(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(line)["index"] for line in body.splitlines()[::2]]


def items(body: bytes, *results: dict[str, Any]) -> Answer:
    """One result per action: as given, or 201."""
    given = list(results) or [{"status": 201}] * len(actions(body))
    return as_json(200, {"errors": True, "items": [{"index": one} for one in given]})


def error(kind: str, reason: str = "because", **more: Any) -> dict[str, Any]:
    return {"type": kind, "reason": reason, **more}


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({"status": 201}, ("stored", "")),
        ({"status": 200}, ("stored", "")),
        ({"status": 409, "error": error("version_conflict_engine_exception")}, ("superseded", "")),
        ({"status": 400, "error": error("document_parsing_exception")}, ("rejected", "document_parsing_exception")),
        ({"status": 400, "error": error("illegal_argument_exception")}, ("rejected", "illegal_argument_exception")),
        ({"status": 413, "error": error("too_big")}, ("rejected", "too_large")),
        ({"status": 429, "error": error("es_rejected_execution_exception")}, ("failed", "http_429")),
        ({"status": 502, "error": error("gateway")}, ("failed", "http_502")),
        ({"status": 503, "error": error("unavailable_shards_exception")}, ("failed", "http_503")),
        ({"status": 504, "error": error("timeout")}, ("failed", "http_504")),
        ({"status": 500, "error": error("already_closed_exception")}, ("failed", "http_500")),
        ({"status": 400, "error": error("index_closed_exception")}, ("failed", "no_alias")),
        (
            {
                "status": 400,
                "error": {**error("illegal_argument_exception"), "reason": "no write index is defined for"},
            },
            ("failed", "no_alias"),
        ),
        ({"status": 403, "error": error("security_exception")}, ("failed", "security_exception")),
        ({"status": 403, "error": error("cluster_block_exception")}, ("failed", "cluster_block_exception")),
        ({"status": 404, "error": error("shard_not_found_exception")}, ("failed", "shard_not_found_exception")),
        ({"status": 418, "error": "a text"}, ("failed", "http_418")),
        ({}, ("failed", "http_None")),
    ],
)
def test_each_documents_fate(cluster: Cluster, result: dict[str, Any], expected: tuple[str, str]) -> None:
    cluster.script = lambda method, path, body: items(body, {"status": 201}, result)
    store = cluster.store()
    first, second = store.write([document("a"), document("b")])
    store.close()
    assert (first.result, second.result, second.reason) == ("stored", *expected)
    if expected[0] in ("rejected", "failed"):
        assert second.error


def test_a_mapping_errors_causes_are_told(cluster: Cluster) -> None:
    told = error(
        "document_parsing_exception",
        "failed to parse field [places_at]",
        caused_by=error("illegal_argument_exception", "illegal latitude value [200.0]"),
    )
    cluster.script = lambda method, path, body: items(body, {"status": 400, "error": told})
    store = cluster.store()
    (outcome,) = store.write([document("a")])
    store.close()
    assert outcome.error == (
        "document_parsing_exception: failed to parse field [places_at] (illegal latitude value [200.0])"
    )


def test_writes_demand_the_alias_and_external_versions(cluster: Cluster) -> None:
    cluster.script = lambda method, path, body: items(body)
    store = cluster.store()
    store.write([document("a", version=7)])
    store.close()
    ((method, path, body),) = cluster.requests
    assert (method, path.split("?")[0]) == ("PUT", "/kabar-articles/_bulk")
    assert "require_alias=true" in path
    assert [(a["version"], a["version_type"]) for a in actions(body)] == [(7, "external_gte")]


@pytest.mark.parametrize("status", [429, 502, 503])
def test_push_back_of_a_whole_request_is_asked_once(cluster: Cluster, status: int) -> None:
    cluster.script = lambda method, path, body: as_json(status, {"error": error("busy")}, **{"retry-after": "17"})
    store = cluster.store()
    with pytest.raises(StoreUnavailable) as caught:
        store.write([document("a"), document("b")])
    store.close()
    assert (caught.value.reason, caught.value.retry_after) == (f"http_{status}", 17.0)
    assert len(cluster.requests) == 1  # no retry inside: it would double every time-out


def test_push_back_half_way_keeps_what_is_stored_and_asks_no_more(cluster: Cluster) -> None:
    def script(method: str, path: str, body: bytes) -> Answer:
        if len(cluster.requests) == 1:
            return items(body)
        return as_json(503, {"error": error("busy")}, **{"retry-after": "5"})

    cluster.script = script
    store = cluster.store(bulk_items=2)
    outcomes = store.write([document(f"n{i}") for i in range(6)])
    store.close()
    assert [o.result for o in outcomes] == ["stored"] * 2 + ["failed"] * 4
    assert {(o.reason, o.retry_after) for o in outcomes[2:]} == {("http_503", 5.0)}
    assert len(cluster.requests) == 2


@pytest.mark.parametrize("status", [413, 400])
def test_a_refused_request_is_halved_until_the_culprit_stands_alone(cluster: Cluster, status: int) -> None:
    bad = document("bad")

    def script(method: str, path: str, body: bytes) -> Answer:
        if bad.id in [a["_id"] for a in actions(body)]:
            return as_json(status, {"error": error("refused")})
        return items(body)

    cluster.script = script
    store = cluster.store()
    batch = [document(f"n{i}") for i in range(8)]
    batch[5] = bad
    outcomes = store.write(batch)
    store.close()
    assert [o.result for o in outcomes] == ["stored"] * 5 + ["rejected"] + ["stored"] * 2
    assert [o.id for o in outcomes] == [d.id for d in batch]
    assert outcomes[5].reason == ("too_large" if status == 413 else "http_400")


def test_requests_stay_below_the_byte_limit(cluster: Cluster) -> None:
    cluster.script = lambda method, path, body: items(body)
    store = cluster.store(bulk_bytes=5_000)
    outcomes = store.write([document(f"n{i}") for i in range(10)] + [document("big", body="x" * 20_000)])
    store.close()
    sizes = [len(body) for _, _, body in cluster.requests]
    assert [o.result for o in outcomes] == ["stored"] * 11
    assert all(size <= 5_000 for size in sizes[:-1])
    assert sizes[-1] > 20_000  # larger than the limit: goes alone


def test_requests_stay_below_the_count_limit(cluster: Cluster) -> None:
    cluster.script = lambda method, path, body: items(body)
    store = cluster.store(bulk_items=4)
    outcomes = store.write([document(f"n{i}") for i in range(10)])
    store.close()
    assert [len(actions(body)) for _, _, body in cluster.requests] == [4, 4, 2]
    assert [o.id for o in outcomes] == [document(f"n{i}").id for i in range(10)]


BROKEN: list[tuple[str, Answer]] = [
    ("empty", (200, {}, b"")),
    ("no JSON", (200, {}, b"<html>")),
    ("half", (200, {}, b'{"items": [')),
    ("null", (200, {}, b"null")),
    ("a list", (200, {}, b"[]")),
    ("without items", (200, {}, b"{}")),
    ("too few items", (200, {}, b'{"items": []}')),
    ("a login page", (302, {"location": "/login", "content-type": "text/html"}, b"<html>")),
    ("unauthorised", (401, {}, b'{"error": {"type": "security_exception", "reason": "missing credentials"}}')),
    ("forbidden", (403, {}, b'{"error": {"type": "security_exception", "reason": "no right"}}')),
    ("text error", (500, {"content-type": "text/plain"}, b"boom")),
    ("not found", (404, {}, b'{"error": {"type": "index_not_found_exception", "reason": "no such index"}}')),
    ("html not found", (404, {"content-type": "text/html"}, b"<html>")),
    ("items of another form", (200, {}, b'{"items": [7]}')),
    ("empty item", (200, {}, b'{"items": [{}]}')),
]


@pytest.mark.parametrize("answer", [a for _, a in BROKEN], ids=[name for name, _ in BROKEN])
def test_broken_answers_are_unavailable_for_every_call(cluster: Cluster, answer: Answer) -> None:
    cluster.script = lambda method, path, body: answer
    store = cluster.store()
    calls: list[Callable[[], object]] = [
        lambda: store.write([document("a")]),
        lambda: store.get(["a"]),
        lambda: store.find(["https://a.test/"]),
        lambda: store.search(Query(text="a")),
        store.count,
        lambda: store.delete("a"),
        store.stats,
    ]
    for call in calls:
        with pytest.raises((StoreUnavailable, Misuse)):
            call()
    assert store.check()
    store.close()


def test_another_product_is_told(cluster: Cluster) -> None:
    cluster.product = False
    cluster.script = lambda method, path, body: as_json(200, {"version": {"number": "1.0"}})
    store = cluster.store()
    with pytest.raises(Misuse, match="no Elasticsearch"):
        store.count()
    assert len(store.check()) == 1
    store.close()


def test_an_older_cluster_is_a_line_of_check(cluster: Cluster) -> None:
    cluster.script = lambda method, path, body: as_json(200, {"version": {"number": "8.19.1"}})
    store = cluster.store()
    assert "Elasticsearch is 8.19.1; Kabar speaks to 9.x" in store.check()
    store.close()


def test_silence_is_a_timeout(cluster: Cluster) -> None:
    release = threading.Event()

    def script(method: str, path: str, body: bytes) -> Answer:
        release.wait(5)
        return as_json(200, {})

    cluster.script = script
    store = cluster.store(request_timeout=0.1, bulk_timeout=0.1)
    for call in (store.count, lambda: store.write([document("a")])):
        with pytest.raises(StoreUnavailable) as caught:
            call()  # type: ignore[operator]
        assert caught.value.reason == "timeout"
    release.set()
    store.close()


def test_nobody_there() -> None:
    store = ElasticsearchStore(url="http://127.0.0.1:9", index_prefix="kabar", config_dir=CONFIG)
    with pytest.raises(StoreUnavailable) as caught:
        store.write([document("a")])
    assert caught.value.reason == "connect"
    assert "port=9" in str(caught.value)
    assert "refused" in str(caught.value)
    assert len(store.check()) == 1
    store.close()


def test_only_hopeless_documents_need_no_cluster() -> None:
    store = ElasticsearchStore(url="http://127.0.0.1:9", index_prefix="kabar", config_dir=CONFIG)
    outcomes = store.write([document("a", body="\ud800"), document("b", version=-1)])
    assert [(o.result, o.reason) for o in outcomes] == [("rejected", "not_unicode"), ("rejected", "bad_version")]
    assert store.write([]) == list[Outcome]()


@pytest.mark.parametrize(
    "url",
    ["ftp://a", "a:9200", "http://", "http://a:x", "http://a:99999", "http://u:p@a:9200", "http://a/?q", "http://[::1"],
)
def test_a_wrong_address_is_misuse(url: str) -> None:
    with pytest.raises(Misuse, match="KABAR_SEARCH_URL"):
        ElasticsearchStore(url=url, index_prefix="kabar", config_dir=CONFIG)


@pytest.mark.parametrize(
    "url",
    ["http://a", "https://a", "http://a:9200/", "https://a/path", "http://[::1]:9200", "http://a:9200, http://b:9200"],
)
def test_a_good_address_opens_nothing(url: str) -> None:
    ElasticsearchStore(url=url, index_prefix="kabar", config_dir=CONFIG).client.close()
