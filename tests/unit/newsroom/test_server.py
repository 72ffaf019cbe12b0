"""The newsroom over the wire: hosts, compression, faults on demand, the record, control from outside."""

import json
import socket
import threading
import time
import tomllib

import pytest
import urllib3

from workers.errors import Misuse
from workers.newsroom import Fault, Newsroom, NewsroomServer

HOST = "site-2.newsroom.test"
FEED = "/feed.xml"


def page_of(server, site=HOST):
    expected = next(article for article in server.newsroom.truth() if article.site == site)
    return expected, expected.url.partition(site)[2]


def test_a_page_is_served_alike_plain_and_gzipped(server, ask):
    expected, path = page_of(server)
    plain = ask(path)
    zipped = ask(path, headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert plain.data == zipped.data
    assert expected.title in plain.data.decode()
    assert plain.headers["Content-Type"] == "text/html; charset=utf-8"


def test_sites_are_told_apart_by_host(server, ask):
    path = page_of(server)[1]
    assert ask(path).status == 200
    assert ask(path, host="site-1.newsroom.test").status == 404
    assert ask(path, host="SITE-2.newsroom.test:80").status == 200
    front = ask("/", host=f"127.0.0.1:{server.port}")
    assert f'href="{server.url}/feed.xml"' in front.data.decode()
    assert ask("/robots.txt").data.startswith(b"User-agent: *")


def test_conditional_requests_over_the_wire(server, ask):
    first = ask(FEED)
    again = ask(FEED, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.data) == (304, b"")
    requests = server.record.requests(FEED)
    assert [(r.status, r.conditional) for r in requests] == [(200, False), (304, True)]
    assert server.hits[FEED] == server.hits[f"http://{HOST}{FEED}"] == 2
    assert server.hits["site-1.newsroom.test/feed.xml"] == 0


def test_head_has_no_body(server, ask):
    answer = ask(FEED, method="HEAD")
    assert answer.status == 200
    assert answer.data == b""
    assert ask(FEED).status == 200


def test_control_from_outside(server, ask):
    def order(**values):
        answer = ask("/_control", method="POST", body=json.dumps(values))
        return answer.status, answer.json()

    assert order(do="fault", at=FEED, fault={"kind": "status", "status": 429, "retry_after": "5"})[0] == 200
    assert ask(FEED).status == 429
    assert ask("/_control/faults").json()[FEED]["status"] == 429
    assert order(do="clear", at=FEED)[0] == 200
    assert ask("/_control/hits").json() == {HOST + FEED: 1}
    assert [r["status"] for r in ask("/_control/requests").json()] == [429]
    assert order(do="forget")[0] == 200
    assert ask("/_control/hits").json() == {}
    known = len(ask("/_control/truth").json())
    assert order(do="warm") == (200, {"pages": known})
    assert len(order(do="publish", count=2)[1]) == 2
    assert len(ask("/_control/truth").json()) == known + 2


WRONG = [
    b"",
    b"{",
    b"[]",
    b"\xff",
    b'{"do": "fly"}',
    b'{"do": "fault"}',
    b'{"do": "fault", "at": "/", "fault": {"kind": "x"}}',
    b'{"do": "clear", "x": 1}',
    b'{"do": "clear", "at": ""}',
    b'{"do": "publish", "count": 0}',
]


@pytest.mark.parametrize("body", WRONG)
def test_a_wrong_order_is_answered_with_what_is_wrong(ask, body):
    answer = ask("/_control", method="POST", body=body)
    assert answer.status == 400
    assert answer.json()["error"]


def test_feeds_are_listed_for_import(server, ask):
    feeds = tomllib.loads(ask("/feeds.toml").data.decode())["feeds"]
    assert [feed["url"] for feed in feeds] == server.newsroom.feed_urls()
    assert all(feed["timezone"] == "Asia/Jakarta" and feed["language"] == "id" for feed in feeds)
    assert ask("/feeds.opml").data.count(b"<outline") == len(feeds)


LONG = b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n"


@pytest.mark.parametrize(
    "junk",
    [b"\x00\x01\r\n\r\n", b"GET\r\n\r\n", LONG, b"POST / HTTP/1.1\r\n\r\n"],
)
def test_junk_on_the_wire_stops_nobody_else(server, ask, junk):
    with socket.create_connection((server.host, server.port), timeout=5) as connection:
        connection.sendall(junk)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass
    assert ask(FEED).status == 200


def test_stop_ends_slow_answers_and_idle_connections_at_once():
    server = NewsroomServer(Newsroom(articles=3)).start()
    server.faults.set(FEED, Fault(kind="slow_body", seconds=60))
    idle = socket.create_connection((server.host, server.port))
    slow = socket.create_connection((server.host, server.port))
    slow.sendall(b"GET /feed.xml HTTP/1.1\r\nHost: x\r\n\r\n")
    assert slow.recv(10)
    start = time.monotonic()
    server.stop()
    server.stop()
    assert idle.recv(10) == b""
    while slow.recv(100_000):
        pass
    assert time.monotonic() - start < 2
    idle.close()
    slow.close()
    with NewsroomServer(Newsroom(articles=1), port=server.port) as second:
        assert second.url == server.url
        with pytest.raises(Misuse, match=str(second.port)):
            NewsroomServer(Newsroom(articles=1), port=second.port)


def test_many_clients_at_once_are_all_counted(server, running):
    def client():
        with urllib3.HTTPConnectionPool(server.host, server.port, retries=False) as pool:
            for _ in range(10):
                assert pool.request("GET", FEED, headers={"Host": HOST}).status == 200

    threads = [threading.Thread(target=client) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.hits[FEED] == server.hits.total() == 80
