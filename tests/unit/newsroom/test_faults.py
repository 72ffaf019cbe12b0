"""Faults on demand, each seen from the client's side."""

import gzip
import html
import time
import zlib

import feedparser
import pytest
import urllib3

from workers.errors import Misuse
from workers.newsroom import Fault
from workers.newsroom.spoil import bomb

HOST = "site-2.newsroom.test"
FEED = "/feed.xml"


def page_of(server, site=HOST):
    expected = next(article for article in server.newsroom.truth() if article.site == site)
    return expected, expected.url.partition(site)[2]


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
    for accepted in ("identity", "gzip"):
        data = ask(FEED, headers={"Accept-Encoding": accepted}).data
        assert data.startswith(b"<?xml")
        assert b" & co</title>" in data
        assert data.endswith(b"<item><title>Putus")
        assert feedparser.parse(data).bozo


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


def test_a_new_template_changes_all_pages_of_its_site_and_of_no_other(server, ask):
    server.faults.set(HOST, Fault(kind="new_template"))
    for expected in server.newsroom.truth():
        text = html.unescape(ask(expected.url.partition(expected.site)[2], host=expected.site).data.decode())
        assert ("kotak-izin" in text) is (expected.site == HOST)
        assert expected.site != HOST or all(paragraph in text for paragraph in expected.body.split("\n\n"))
    server.faults.clear(HOST)
    expected, path = page_of(server)
    assert "kotak-izin" not in ask(path).data.decode()
