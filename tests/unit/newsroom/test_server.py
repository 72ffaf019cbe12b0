"""The newsroom over the wire: hosts, compression, faults on demand, the record, control from outside."""

import gzip
import json
import socket
import threading
import time
import tomllib
import zlib

import feedparser
import pytest
import urllib3

from workers.errors import Misuse
from workers.newsroom import Fault, Newsroom, NewsroomServer
from workers.newsroom.spoil import bomb

HOST = "site-2.newsroom.test"
FEED = "/feed.xml"


@pytest.fixture(scope="module")
def running():
    with NewsroomServer(Newsroom(sites=2, articles=20)) as server:
        pool = urllib3.HTTPConnectionPool(server.host, server.port, maxsize=1, retries=False, timeout=10)
        yield server, pool
        pool.close()


@pytest.fixture
def server(running):
    yield running[0]
    running[0].faults.clear()
    running[0].record.clear()


@pytest.fixture
def ask(running):
    def ask(path, host=HOST, method="GET", **more):
        headers = {"Host": host, **more.pop("headers", {})}
        return running[1].request(method, path, headers=headers, redirect=False, **more)

    return ask


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


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
def test_a_status_on_demand(server, ask, status):
    server.faults.set(FEED, Fault(kind="status", status=status, retry_after="120"))
    answer = ask(FEED)
    assert (answer.status, answer.headers["Retry-After"]) == (status, "120")
    server.faults.clear(FEED)
    assert ask(FEED).status == 200


def test_a_fault_ends_after_its_times_and_is_bound_to_its_host(server, ask):
    server.faults.set(f"http://{HOST}{FEED}", Fault(kind="status", status=503, times=2))
    assert ask(FEED, host="site-1.newsroom.test").status == 200
    assert [ask(FEED).status for _ in range(3)] == [503, 503, 200]


@pytest.mark.parametrize("kind", ["slow_body", "slow_headers"])
def test_slow_answers_take_their_time_and_arrive_whole(server, ask, kind):
    body = ask(FEED).data
    server.faults.set(FEED, Fault(kind=kind, seconds=0.2))
    start = time.monotonic()
    assert ask(FEED).data == body
    assert time.monotonic() - start > 0.15


def test_an_endless_body_goes_on_until_the_client_leaves(server, ask):
    server.faults.set(FEED, Fault(kind="endless_body"))
    answer = ask(FEED, preload_content=False)
    assert "Content-Length" not in answer.headers
    assert len(answer.read(2_000_000)) == 2_000_000
    answer.close()


def test_a_cut_answer_promises_more_than_it_sends(server, ask):
    server.faults.set(FEED, Fault(kind="cut", times=1))
    with pytest.raises(urllib3.exceptions.ProtocolError):
        ask(FEED)
    assert ask(FEED).status == 200


def test_a_gzip_bomb_swells(server, ask):
    server.faults.set(FEED, Fault(kind="gzip_bomb", size=30_000_001))
    answer = ask(FEED, decode_content=False)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 100_000
    assert len(gzip.decompress(answer.data)) == 30_000_001


@pytest.mark.parametrize("size", [1, 999_999, 1_000_000, 1_000_001])
def test_a_bomb_of_any_size_is_valid_gzip(size):
    assert zlib.decompress(b"".join(bomb(size)), wbits=31) == b" " * size


def test_bad_xml_is_no_xml(server, ask):
    server.faults.set(FEED, Fault(kind="bad_xml"))
    assert feedparser.parse(ask(FEED).data).bozo


def test_a_wrong_charset_is_declared(server, ask):
    plain = ask(FEED).data.decode()
    server.faults.set(FEED, Fault(kind="wrong_charset", charset="utf-8", encoding="utf-16"))
    answer = ask(FEED)
    assert answer.headers["Content-Type"].endswith("charset=utf-8")
    assert answer.data.decode("utf-16") == plain


def test_redirects_lead_where_they_are_told(server, ask):
    server.faults.set("/a", Fault(kind="redirect", location="http://169.254.169.254/", status=301))
    server.faults.set("/b", Fault(kind="redirect_loop"))
    assert (ask("/a").status, ask("/a").headers["Location"]) == (301, "http://169.254.169.254/")
    assert (ask("/b").status, ask("/b").headers["Location"]) == (302, "/b")


def test_an_edited_article_changes_everywhere(server, ask):
    expected, path = page_of(server)
    before = ask(FEED)
    server.faults.set(expected.slug, Fault(kind="edited", title="Judul yang diralat", text="Paragraf ralat redaksi."))
    now = next(article for article in server.newsroom.truth() if article.slug == expected.slug)
    assert now.body == expected.body + "\n\nParagraf ralat redaksi."
    assert now.modified_at > (expected.modified_at or expected.published_at)
    assert "<p>Paragraf ralat redaksi.</p>" in ask(path).data.decode()
    assert "Judul yang diralat" in ask(FEED, headers={"If-None-Match": before.headers["ETag"]}).data.decode()


def test_a_deleted_article_leaves_feed_and_truth(server, ask):
    expected, path = page_of(server)
    server.faults.set(expected.slug, Fault(kind="deleted"))
    assert ask(path).status == 410
    assert expected.url not in ask(FEED).data.decode()
    assert expected.slug not in {article.slug for article in server.newsroom.truth()}


def test_a_marker_stands_in_the_page(server, ask):
    expected, path = page_of(server)
    server.faults.set(expected.slug, Fault(kind="marker", text="MATIKAN-PEKERJA"))
    assert "<p>MATIKAN-PEKERJA</p>" in ask(path).data.decode()


@pytest.mark.parametrize("kind", ["script_only", "no_body"])
def test_without_text_on_the_page_the_feed_carries_it(server, ask, kind):
    expected = next(a for n, a in enumerate(server.newsroom.truth(), 1) if n % 3 and a.site == HOST)
    server.faults.set(expected.slug, Fault(kind=kind))
    assert expected.body.split("\n\n")[2][:60] not in ask(expected.url.partition(HOST)[2]).data.decode()
    entries = {entry.link: entry for entry in feedparser.parse(ask(FEED).data).entries}
    assert expected.body.split("\n\n")[2][:20] in entries[expected.url].content[0].value


@pytest.mark.parametrize(
    "wrong", [{"kind": "nothing"}, {"kind": "marker"}, {"kind": "redirect"}, {"kind": "slow_body", "seconds": -1}]
)
def test_a_fault_that_makes_no_sense_is_misuse(wrong):
    with pytest.raises(Misuse, match=wrong["kind"]):
        Fault(**wrong)


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
    assert len(order(do="publish", count=2)[1]) == 2
    assert len(ask("/_control/truth").json()) == known + 2


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff", b'{"do": "fly"}', b'{"do": "fault"}', b'{"do": "clear", "at": ""}',
             b'{"do": "fault", "at": "/", "fault": {"kind": "x"}}', b'{"do": "clear", "x": 1}', b'{"do": "publish", "count": 0}']
)  # fmt: skip
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
