"""What each format and module calls an item's parts; every row names its source."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.model import Entry, Feed
from workers.poll.parse import parse_feed
from workers.poll.redirects import unwrapped

NOW = datetime(2025, 9, 4, 12, 0, tzinfo=UTC)
FEED = Feed(id="f", url="https://warta.test/feed")
SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
}
LINK = "<link>https://warta.test/1</link>"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def read(document: str) -> list[Entry]:
    return list(parse_feed(document.encode(), FEED, now=NOW, max_entries=100).entries)


def rss(*items: str) -> str:
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in SPACES.items())
    listed = "".join(f"<item>{item}</item>" for item in items)
    return f"<rss version='2.0' {spaces}><channel><title>Warta</title>{listed}</channel></rss>"


MODULES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "podcast with a page (RSS 2.0 enclosure, Apple's itunes:summary): the page is the article, not the sound",
        LINK + "<enclosure url='https://cdn.test/1.mp3' type='audio/mpeg'/><itunes:summary>Obrolan</itunes:summary>",
        {"url": "https://warta.test/1", "page": True, "summary": "Obrolan", "image": ""},
    ),
    (
        "podcast without a page (most hosts of podcasts): the words in the feed, no fetch of the sound",
        "<title>E</title><guid isPermaLink='false'>e1</guid><enclosure url='https://cdn.test/1.mp3' type='audio/mpeg'/>"
        "<itunes:author>Sari</itunes:author><itunes:image href='https://cdn.test/1.jpg'/><description>Isi</description>",
        {"url": "", "page": False, "authors": ("Sari",), "image": "https://cdn.test/1.jpg", "summary": "Isi"},
    ),
    (
        "RSS 2.0 enclosure of a picture",
        LINK + "<enclosure url='/foto/1.jpg' type='image/jpeg' length='9'/>",
        {"image": "https://warta.test/foto/1.jpg"},
    ),
    (
        "Media RSS 1.5: of a group the picture, not the film",
        LINK + "<media:group><media:content url='https://cdn.test/a.mp4' medium='video'/>"
        "<media:content url='https://cdn.test/a.webp' medium='image'/></media:group>",
        {"image": "https://cdn.test/a.webp"},
    ),
    ("Media RSS 1.5: thumbnail", LINK + "<media:thumbnail url='/kecil.jpg'/>", {"image": "https://warta.test/kecil.jpg"}),
    (
        "Dublin Core 1.1: creator, subject, date",
        LINK + "<dc:creator>Budi Hartono</dc:creator><dc:subject>Riau</dc:subject>"
        "<dc:date>2025-09-04T10:00:00+07:00</dc:date>",
        {"authors": ("Budi Hartono",), "tags": ("Riau",), "published_at": datetime(2025, 9, 4, 3, tzinfo=UTC)},
    ),
    (
        "DCMI terms: created and modified",
        LINK + "<dcterms:created>2025-09-04T10:00:00+07:00</dcterms:created>"
        "<dcterms:modified>2025-09-04T11:00:00+07:00</dcterms:modified>",
        {
            "published_at": datetime(2025, 9, 4, 3, tzinfo=UTC),
            "updated_at": datetime(2025, 9, 4, 4, tzinfo=UTC),
        },
    ),
    (
        "RSS 1.0 content module: the body beside a short description",
        LINK + "<description>Pendek</description><content:encoded><![CDATA[<p>Isi penuh</p>]]></content:encoded>",
        {"summary": "Pendek", "content": "<p>Isi penuh</p>"},
    ),
    (
        "FeedBurner: origLink is the address",
        "<link>https://feedproxy.google.com/~r/warta/~3/x/</link>"
        "<feedburner:origLink>https://warta.test/1</feedburner:origLink>",
        {"url": "https://warta.test/1"},
    ),
    (
        "FeedBurner without origLink: the guid is the address",
        "<link>https://feedproxy.google.com/~r/warta/~3/x/</link><guid isPermaLink='false'>https://warta.test/1</guid>",
        {"url": "https://warta.test/1"},
    ),
    ("RSS 2.0: a guid is a permalink", "<guid>https://warta.test/1</guid>", {"url": "https://warta.test/1"}),
    ("unless it says no", "<title>T</title><guid isPermaLink='false'>https://warta.test/1</guid>", {"url": ""}),
    ("RSS 2.0: a relative link, against the rules", "<link>/1</link>", {"url": "https://warta.test/1"}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "item", "expected"), MODULES, ids=[row[0] for row in MODULES])
def test_modules_of_rss(source: str, item: str, expected: dict[str, Any]) -> None:
    (entry,) = read(rss(item))
    assert {name: getattr(entry, name) for name in expected} == expected, source


FORMATS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "RSS 0.90 (Netscape)",
        f"<rdf:RDF xmlns:rdf='{RDF}' xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel><title>W</title></channel>"
        "<item><title>B</title><link>https://warta.test/1</link></item></rdf:RDF>",
        {"url": "https://warta.test/1", "title": "B"},
    ),
    (
        "RSS 0.91 (UserLand)",
        "<rss version='0.91'><channel><title>W</title><item><title>B</title><link>/1</link></item></channel></rss>",
        {"url": "https://warta.test/1", "title": "B"},
    ),
    (
        "RSS 1.0 (web.resource.org)",
        f"<rdf:RDF xmlns:rdf='{RDF}' xmlns='http://purl.org/rss/1.0/'><channel rdf:about='x'><title>W</title></channel>"
        "<item rdf:about='https://warta.test/1'><title>B</title><link>https://warta.test/1</link></item></rdf:RDF>",
        {"url": "https://warta.test/1", "title": "B"},
    ),
    (
        "Atom 0.3",
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>W</title><entry><title>B</title>"
        "<link rel='alternate' href='https://warta.test/1'/><issued>2025-09-04T10:00:00+07:00</issued></entry></feed>",
        {"url": "https://warta.test/1", "published_at": datetime(2025, 9, 4, 3, tzinfo=UTC)},
    ),
    (
        "RFC 4287: the alternate link, not the enclosure; XHTML content",
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>W</title><entry><id>tag:1</id><title type='html'>A "
        "&amp;amp; B</title><link rel='enclosure' href='https://cdn.test/1.mp3'/><link href='1'/><content type='xhtml'>"
        "<div xmlns='http://www.w3.org/1999/xhtml'><p>Isi</p></div></content></entry></feed>",
        {"url": "https://warta.test/1", "title": "A & B", "content": "<p>Isi</p>"},
    ),
]


@pytest.mark.parametrize(("source", "document", "expected"), FORMATS, ids=[row[0] for row in FORMATS])
def test_formats(source: str, document: str, expected: dict[str, Any]) -> None:
    (entry,) = read(document)
    assert {name: getattr(entry, name) for name in expected} == expected, source


JSON_ITEMS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "1.1: url, content_text, authors, tags, image",
        {
            "id": 2, "url": "https://warta.test/1", "title": "B", "content_text": "a\n\nb", "tags": ["Riau"],
            "authors": [{"name": "Sari"}], "image": "/1.jpg", "date_published": "2025-09-04T10:00:00+07:00",
        },
        {
            "url": "https://warta.test/1", "guid": "2", "content": "<p>a</p><p>b</p>", "authors": ("Sari",),
            "tags": ("Riau",), "image": "https://warta.test/1.jpg",
            "published_at": datetime(2025, 9, 4, 3, tzinfo=UTC),
        },
    ),
    ("1.1: an id that is an address", {"id": "https://warta.test/1", "title": "B"}, {"url": "https://warta.test/1"}),
    ("1.1: an id that is none", {"id": "berita-1", "title": "B"}, {"url": "", "guid": "berita-1"}),
    ("1.1: external_url where there is no url", {"id": "a", "external_url": "https://l.test/x"}, {"url": "https://l.test/x"}),
    ("1.0: one author", {"id": "a", "url": "/1", "author": {"name": "Budi"}}, {"authors": ("Budi",)}),
    ("nonsense in every place", {"id": [], "url": 3, "tags": 4, "authors": "x", "title": {}, "image": []}, {"url": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "item", "expected"), JSON_ITEMS, ids=[row[0] for row in JSON_ITEMS])
def test_json_feed(source: str, item: dict[str, Any], expected: dict[str, Any]) -> None:
    (entry,) = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "W", "items": [item]}))
    assert {name: getattr(entry, name) for name in expected} == expected, source


def item(title: str = "", guid: str = "", link: str = "", date: str = "", own: str = " isPermaLink='false'") -> str:
    parts = {"title": title, "link": link, "pubDate": date}
    said = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items() if value)
    return said + (f"<guid{own}>{guid}</guid>" if guid else "")


HOME, PAGE = "https://warta.test/", "https://warta.test/1"
IDENTITY: list[tuple[str, list[str], int]] = [
    ("FreshRSS: a guid repeated with other titles and no links names nothing", [item("A", "1"), item("B", "1")], 2),
    ("every guid is the site's address", [item("A", HOME, own=""), item("B", HOME, own="")], 2),
    ("miniflux: a guid repeated: the addresses count", [item("A", "1", HOME + "a"), item("B", "1", HOME + "b")], 2),
    ("one guid, one title, listed twice", [item("A", "1")] * 2, 1),
    (
        "no guid, no link: title and date",
        [item("A", date="Thu, 04 Sep 2025 10:00:00 +0700"), item("A", date="Wed, 03 Sep 2025 10:00:00 +0700")],
        2,
    ),
    ("no title either: the words", ["<description>satu</description>", "<description>dua</description>"], 2),
    ("with and without utm_ (Google Analytics)", [item("A", link=PAGE), item("A", link=PAGE + "?utm_source=rss")], 1),
]


@pytest.mark.parametrize(("source", "items", "count"), IDENTITY, ids=[row[0] for row in IDENTITY])
def test_identity_degrades_by_itself_and_stays_the_same_from_poll_to_poll(
    source: str, items: list[str], count: int
) -> None:
    described = [item + "<description>isi</description>" if "<desc" not in item else item for item in items]
    found = read(rss(*described))
    assert len(found) == count, source
    assert [entry.id for entry in found] == [entry.id for entry in read(rss(*described))]


def google_news(url: str, length: bytes | None = None) -> str:
    inner = b"\x08\x13\x22" + (length or bytes([len(url)])) + url.encode() + b"\xd2\x01\x00"
    return "https://news.google.com/rss/articles/" + base64.urlsafe_b64encode(inner).decode().rstrip("=") + "?oc=5"


LONG = "https://warta.test/berita/" + "a" * 150
REDIRECTS = [
    ("Google Alerts", "https://www.google.com/url?rct=j&sa=t&url=https://warta.test/1%3Fa%3D2&ct=ga", "", "https://warta.test/1?a=2"),
    ("Bing News", "http://www.bing.com/news/apiclick.aspx?ref=F&url=https%3a%2f%2fwarta.test%2f1&c=1", "", "https://warta.test/1"),
    ("Facebook", "https://l.facebook.com/l.php?u=https%3A%2F%2Fwarta.test%2F1&h=x", "", "https://warta.test/1"),
    ("Google News until 2024", google_news("https://warta.test/1"), "", "https://warta.test/1"),
    ("Google News, length in two bytes", google_news(LONG, bytes([len(LONG) & 127 | 128, len(LONG) >> 7])), "", LONG),
    ("FeedBurner, guid is the address", "http://feedproxy.google.com/~r/w/~3/x", "https://warta.test/1", "https://warta.test/1"),
]  # fmt: skip
STAY = [
    ("Google News today tells nothing", "https://news.google.com/rss/articles/CBMiQVVfeXFMTzEyMzQ1Njc4OTA", ""),
    ("FeedBurner, guid is a word", "http://feedproxy.google.com/~r/w/~3/x", "warta-1"),
    ("FeedBurner, guid is its own", "http://feedproxy.google.com/~r/w/~3/x", "http://feedproxy.google.com/~r/w/~3/x"),
    ("any other site's url parameter is the site's own", "https://warta.test/lihat?url=https://lain.test/1", ""),
    ("a target that is no web address", "https://www.google.com/url?url=javascript:alert(1)", ""),
    ("a search at Google", "https://www.google.com/search?q=https://warta.test/1", ""),
    ("no address at all", "http://[::1", ""),
]


@pytest.mark.parametrize(("source", "url", "guid", "led"), REDIRECTS, ids=[row[0] for row in REDIRECTS])
def test_redirects_that_count_readers_are_seen_through(source: str, url: str, guid: str, led: str) -> None:
    assert unwrapped(url, guid) == led, source


@pytest.mark.parametrize(("why", "url", "guid"), STAY, ids=[row[0] for row in STAY])
def test_other_addresses_stay(why: str, url: str, guid: str) -> None:
    assert unwrapped(url, guid) == url, why


@settings(max_examples=100)
@given(st.text(max_size=60), st.text(max_size=30))
def test_any_address_is_answered(tail: str, guid: str) -> None:
    for head in (
        "",
        "https://news.google.com/rss/articles/",
        "https://www.google.com/url?url=",
        "https://feedproxy.google.com/",
    ):
        assert isinstance(unwrapped(head + tail, guid), str)


WRITTEN = [
    ("detik and others: day, date, zone", "Kamis, 04 September 2025 14:05 WIB", "2025-09-04T07:05:00+00:00"),
    ("tribunnews: cut month, bar", "Kamis, 4 Sept 2025 | 14:05 WIB", "2025-09-04T07:05:00+00:00"),
    ("day first, as written in Indonesia", "04/09/2025 14:05", "2025-09-04T07:05:00+00:00"),
    ("Central Indonesia", "Jumat 29/08/2025 10:00 WITA", "2025-08-29T02:00:00+00:00"),
    ("Eastern Indonesia, dots in the time", "04 Mei 2025 pukul 09.30 WIT", "2025-05-04T00:30:00+00:00"),
    ("old spelling", "Senin, 1 Pebruari 2021 08:00 WIB", "2021-02-01T01:00:00+00:00"),
    ("RFC 822 without zone (tempo): WIB", "Thu, 04 Sep 2025 14:05:06", "2025-09-04T07:05:06+00:00"),
    ("an offset from GMT", "Thu, 04 Sep 2025 14:05:06 GMT+7", "2025-09-04T07:05:06+00:00"),
    ("seconds since 1970", "1756969506", "2025-09-04T07:05:06+00:00"),
    ("a date alone", "4 Agustus 2025", "2025-08-03T17:00:00+00:00"),
    ("no date", "kemarin", None),
    ("a year ahead: no date", "Thu, 04 Sep 2099 10:00:00 +0700", None),
    ("an hour ahead: now", "Thu, 04 Sep 2025 20:00:00 +0700", "2025-09-04T12:00:00+00:00"),
]


@pytest.mark.parametrize(("source", "written", "expected"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_dates_as_publishers_write_them(source: str, written: str, expected: str | None) -> None:
    (entry,) = read(rss(f"{LINK}<pubDate>{written}</pubDate>"))
    assert (entry.published_at.isoformat() if entry.published_at else None) == expected, source
