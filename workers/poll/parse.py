"""Reads a feed document: RSS 0.9x, 1.0 and 2.0, Atom, RDF, JSON Feed and sitemaps, well-formed or not, into Entries.

feedparser does the reading, on a document made safe and bounded first (`document`); dates, addresses, names and ids are
ours. Nothing here opens a connection: relative addresses are resolved, never fetched.
"""

from __future__ import annotations

import re
import zlib
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from workers.errors import Permanent
from workers.model import Entry, Feed
from workers.poll.charset import decode
from workers.poll.dates import plausible
from workers.poll.document import Prepared, prepare
from workers.poll.entries import TITLE, Raw, absolute, to_entry
from workers.poll.hints import Hints, hints_of
from workers.poll.identity import with_identity
from workers.poll.jsonfeed import read_json
from workers.poll.plaintext import from_html
from workers.poll.reader import read
from workers.poll.safe import root_of, safe_text
from workers.poll.sitemap import ROOTS, read_sitemap

FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
OTHER_ROOTS = {
    "html": "an HTML page",
    "opml": "an OPML list of feeds",
    "svg": "a picture",
    "head": "an HTML page",
    "body": "an HTML page",
    "script": "an HTML page",
}
MAX_INFLATED = 15_000_000  # bytes; sitemaps that unpack to more are read so far
_BINARY = (
    (b"%PDF", "a PDF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PK\x03\x04", "a ZIP file"),
)


class ParsedFeed(Struct, frozen=True, kw_only=True):
    """A feed document understood. `dropped`: items beyond the bounds; `bozo`: what was wrong ("" when nothing)."""

    title: str
    link: str
    language: str  # as the feed says, "" when it doesn't
    entries: tuple[Entry, ...]  # in the document's order
    hints: Hints = Hints()
    dropped: int = 0
    bozo: str = ""
    version: str = ""  # "rss20", "atom10", "json11", "news-sitemap" …
    children: tuple[str, ...] = ()  # addresses of the sitemaps a sitemap index leads to: feeds of their own

    @property
    def ttl_seconds(self) -> int | None:
        """Seconds the feed wants to be left alone (RSS 2.0 `ttl`), None when it doesn't say."""
        return self.hints.ttl_seconds


def parse_feed(
    body: bytes, feed: Feed, *, url: str = "", content_type: str = "", now: datetime, max_entries: int
) -> ParsedFeed:
    """Return what the document `body`, fetched from `url` (default: the feed's own), says at `now`.

    Takes at most `max_entries` items from the top. Times without a zone are in `feed.timezone`, times ahead of `now`
    are brought back to it. Raises Permanent: "empty_feed_body", "not_a_feed" (saying what it is), "bad_xml" (a feed of
    which nothing could be read).
    """
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise Permanent("the feed's document is empty", reason="empty_feed_body")
    base = url or feed.url
    text = decode(_inflated(body), content_type)
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        channel, items, dropped = read_json(text, max_entries)
        return _result(channel, items, feed, base, now, Hints(), dropped, "", "json")
    text = safe_text(text)
    if root_of(text) in ROOTS:
        return _from_sitemap(text, feed, base, now, max_entries)
    prepared = prepare(text, max_entries)
    if prepared.root not in FEED_ROOTS:
        raise Permanent(_what(body, prepared), reason="not_a_feed")
    found = read(prepared.body, forgiving=not prepared.well_formed)
    channel, items = found.channel, found.items[:max_entries]
    if prepared.broken and not items and not channel.get("title"):
        raise Permanent(f"broken XML of which nothing could be read: {prepared.broken}", reason="bad_xml")
    hints = hints_of(channel, prepared.body)
    return _result(channel, items, feed, base, now, hints, prepared.dropped, prepared.broken, found.version)


def _inflated(body: bytes) -> bytes:
    """Return what a gzip file holds (sitemaps may come as ".xml.gz"), at most MAX_INFLATED bytes; else `body`."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        inflated = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, MAX_INFLATED)
    except zlib.error as error:
        raise Permanent(f"gzip data that can't be read: {error}", reason="not_a_feed") from error
    if not inflated:
        raise Permanent("gzip data that holds nothing", reason="not_a_feed")
    return inflated


def _from_sitemap(text: str, feed: Feed, base: str, now: datetime, max_entries: int) -> ParsedFeed:
    found = read_sitemap(text, now)
    items = found.items[:max_entries]
    parsed = _result({}, items, feed, base, now, Hints(), len(found.items) - len(items), "", found.version)
    dated = {absolute(item["link"], base) for item in items if item["published"]}
    # when a page was changed is not when it was published
    entries = (e if e.url in dated else msgspec.structs.replace(e, published_at=None) for e in parsed.entries)
    children = tuple(filter(None, (absolute(child, base) for child in found.children)))
    return msgspec.structs.replace(parsed, entries=tuple(entries), children=children)


def _result(
    channel: Raw,
    items: list[dict[str, Any]],
    feed: Feed,
    base: str,
    now: datetime,
    hints: Hints,
    dropped: int,
    bozo: str,
    version: str,
) -> ParsedFeed:
    # Ids and fingerprints come from the dates as published: one held against the clock changes with every poll.
    entries = with_identity([to_entry(item, feed, base) for item in items])
    return ParsedFeed(
        title=from_html(_string(channel.get("title")), TITLE),
        link=absolute(channel.get("link"), base),
        language=_string(channel.get("language")).strip()[:35],
        entries=tuple(_at(entry, now) for entry in entries),
        hints=hints,
        dropped=dropped,
        bozo=bozo,
        version=version,
    )


def _at(entry: Entry, now: datetime) -> Entry:
    published = plausible(entry.published_at, now)
    ahead = "" if entry.published_at is None or published == entry.published_at else f"{entry.published_at:%Y-%m-%d}"
    return msgspec.structs.replace(
        entry, published_at=published, updated_at=plausible(entry.updated_at, now), dated_ahead=ahead
    )


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _what(body: bytes, prepared: Prepared) -> str:
    """Name the document that is no feed."""
    for magic, name in _BINARY:
        if body.startswith(magic):
            return f"{name}, not a feed"
    if not prepared.root:
        return "text without any XML element, not a feed"
    if prepared.root not in OTHER_ROOTS:
        return f"an XML document <{prepared.root}>, not a feed"
    title = re.search(rb"<title[^>]{0,200}>([^<]{1,200})", prepared.body[:50_000], re.IGNORECASE)
    named = f" titled {from_html(title[1].decode('utf-8', 'replace'), 80)!r}" if title else ""
    return f"{OTHER_ROOTS[prepared.root]}{named}, not a feed"
