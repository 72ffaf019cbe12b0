"""Feeds made to harm: each ends in a typed error or a bounded result, in bounded time."""

import time
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.errors import Permanent
from workers.model import Feed
from workers.poll.parse import ParsedFeed, parse_feed

NOW = datetime(2025, 9, 4, 12, 0, tzinfo=UTC)
FEED = Feed(id="f", url="https://kabar.test/feed")
HEAD, TAIL = b"<rss version='2.0'><channel><title>t</title><item><title>", b"</title></item></channel></rss>"
ENTITIES = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
SECONDS = 5.0  # for documents of some 100 kB on a busy machine; a slip into quadratic time takes minutes


def parse(body: bytes, max_entries: int = 50) -> ParsedFeed:
    return parse_feed(body, FEED, now=NOW, max_entries=max_entries)


HOSTILE = {
    "title of a megabyte": HEAD + b"x" * 1_000_000 + TAIL,
    "title of a megabyte in CDATA": HEAD + b"<![CDATA[" + b"x" * 1_000_000 + b"]]>" + TAIL,
    "deep": HEAD + b"<a>" * 5_000,
    "open brackets": HEAD + b"< " * 100_000,
    "stray brackets in many items": b"<rss version='2.0'><channel>"
    + b"<item><title>a < b &amp; c <d</title></item>" * 5_000
    + b"</channel></rss>",
    "references after an error": HEAD + b"<b &amp; <" + b"&amp;" * 100_000 + TAIL,
    "open instructions": HEAD + b"<?a " * 50_000,
    "open attributes": HEAD + b'<a "' * 4_000,
    "open CDATA": HEAD + b"<![CDATA[" * 50_000,
    "open comments": HEAD + b"<!--" * 100_000,
    "open document types": b"<!DOCTYPE [" * 50_000 + HEAD + TAIL,
    "declarations": b"<?xml " * 50_000 + HEAD + TAIL,
    "ampersands": HEAD + b"&a" * 40_000,
    "entities": HEAD + b"&nbsp;" * 50_000 + TAIL,
    "undeclared prefixes": HEAD + b"".join(b"<p%d:a/>" % n for n in range(1_000)) + TAIL,
    "categories": HEAD
    + TAIL.replace(b"</item>", b"".join(b"<category>%d</category>" % n for n in range(5_000)) + b"</item>"),
    "author": HEAD + TAIL.replace(b"</item>", b"<author>" + b"a@" + b"a." * 50_000 + b"</author></item>"),
    "date": HEAD + TAIL.replace(b"</item>", b"<pubDate>" + b"1 " * 50_000 + b"</pubDate></item>"),
    "base": HEAD + TAIL.replace(b"</item>", b"<a xml:base='http://a/" + b"../" * 50_000 + b"'/></item>"),
    "sitemap index of 20,000": b"<sitemapindex>"
    + b"".join(
        b"<sitemap><loc>https://kabar.test/news-%d.xml</loc><lastmod>2025-09-04</lastmod></sitemap>" % n
        for n in range(20_000)
    )
    + b"</sitemapindex>",
    "sitemap of 20,000 odd dates": b"<urlset>"
    + b"".join(b"<url><loc>/%d</loc><lastmod>%d september 2025</lastmod></url>" % (n, n) for n in range(20_000))
    + b"</urlset>",
    "open sitemap": b"<urlset>" + b"<url><loc>https://kabar.test/" * 30_000,
    "markup in the title": HEAD + b"&lt;b&gt;" * 50_000 + TAIL,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_bounded(name: str) -> None:
    started = time.perf_counter()
    try:
        parsed = parse(HOSTILE[name])
        assert len(parsed.entries) <= 50
        assert all(len(entry.title) <= 1_000 and len(entry.tags) <= 50 for entry in parsed.entries)
    except Permanent as error:
        assert error.reason in ("not_a_feed", "bad_xml")
    assert time.perf_counter() - started < SECONDS


def test_entities_are_neither_expanded_nor_fetched() -> None:
    bomb = b"<!DOCTYPE r [<!ENTITY l0 'ha'>" + ENTITIES + b"]>" + HEAD + b"&l9;" + TAIL
    assert parse(bomb).entries[0].title == "&l9;"
    outside = b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>" + HEAD + b"a&x;b" + TAIL
    assert parse(outside).entries[0].title == "a&x;b"
    in_document = HEAD.replace(b"<channel>", b"<!DOCTYPE r [<!ENTITY l0 'haha'>]><channel>") + b"&l0;" + TAIL
    assert all("haha" not in entry.title for entry in parse(in_document).entries)


def test_of_many_items_the_first_are_kept_and_the_rest_counted() -> None:
    item = b"<item><title>%d</title><link>https://kabar.test/%d</link></item>"
    body = b"<rss version='2.0'><channel>" + b"".join(item % (n, n) for n in range(20_000)) + b"</channel></rss>"
    parsed = parse(body)
    assert [entry.title for entry in parsed.entries] == [str(n) for n in range(50)]
    assert (parsed.dropped, parsed.bozo) == (19_950, "")
    assert parse(body, max_entries=0).entries == ()


def test_items_inside_cdata_are_text() -> None:
    inner = b"<![CDATA[" + b"<item>palsu</item>" * 100 + b"]]>"
    parsed = parse(
        b"<rss version='2.0'><channel><item><description>" + inner + b"</description></item><item/></channel></rss>"
    )
    assert (len(parsed.entries), parsed.dropped) == (2, 0)


@pytest.mark.parametrize(
    "odd",
    [
        b"<georss:point>1</georss:point>",
        b"<gml:pos>1 2 3</gml:pos>",
        b"<media:thumbnail/>",
        b"</media:rating>",
        b"<a:b:c/>",
        b"&#xD800;",
        b"&#99999999;",
        b"<width>x</width>",
        b"<textInput><name>x",
        b"<![CDATA[&#55555;",
    ],
)
def test_one_odd_element_does_not_cost_the_feed(odd: bytes) -> None:
    inner = b"<item><title>satu</title></item><item><title>dua</title>" + odd + b"</item>"
    parsed = parse(b"<rss version='2.0'><channel>" + inner + b"</channel></rss>")
    assert [entry.title for entry in parsed.entries][:2] == ["satu", "dua"]
    broken = parse(b"<rss version='2.0'><channel>" + inner + b"</chan></rs>")
    assert [entry.title for entry in broken.entries][:2] == ["satu", "dua"]


def test_memory_stays_near_the_documents_size() -> None:
    body = HEAD + b"x" * 2_000_000 + TAIL
    tracemalloc.start()
    try:
        parse(body)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10 * len(body)


PIECES = [
    b"<rss>",
    b"<channel>",
    b"<item>",
    b"</item>",
    b"<title>",
    b"</title>",
    b"<link>",
    b"https://a.test/",
    b"</link>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"&amp;",
    b"&#x0;",
    b"&#99999999;",
    b"&bogus;",
    b"<feed xmlns='http://www.w3.org/2005/Atom'>",
    b"<entry>",
    b"<pubDate>",
    b"<guid>",
    b"<media:thumbnail>",
    b"</media:thumbnail>",
    b"<itunes:image href='x'/>",
    b"<dc:date>",
    b"<image>",
    b"<textinput>",
    b"</image>",
    b"<georss:point>",
    b"<content type='base64'>",
    b"\xff\xfe",
    b"\x00",
    b"'",
    b'"',
    b"<",
    b">",
    b"{",
    b'{"version":"jsonfeed","items":[{}]}',
    b"<urlset>",
    b"<url><loc>https://a.test/1</loc>",
    b"<n:news xmlns:n='n'><n:publication_date>2025-09-04</n:publication_date></n:news>",
    b"</url>",
    b"<sitemapindex>",
    b"<sitemap><loc>",
    b"\x1f\x8b\x08\x00",
]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=20)), max_size=30).map(b"".join),
    st.sampled_from(["", "text/xml; charset=utf-16"]),
)
def test_any_bytes_are_a_feed_or_a_typed_error(body: bytes, content_type: str) -> None:
    try:
        parsed = parse_feed(body, FEED, content_type=content_type, now=NOW, max_entries=10)
    except Permanent as error:
        assert error.reason in ("empty_feed_body", "not_a_feed", "bad_xml")
    else:
        assert len(parsed.entries) <= 10
        assert len({entry.id for entry in parsed.entries}) == len(parsed.entries)
        assert all(entry.page == bool(entry.url) or not entry.page for entry in parsed.entries)
