"""When it was published and last changed: ordered sources, cross-checked, never in the future.

Order: JSON-LD, meta elements, text of the page (<time>, dated elements; where the feed has a date, only that day's),
directories of the address, feed entry, other digits of the address. A source that gives a
day only is refined by a later one of that day that knows the time. An HTTP Last-Modified alone says nothing about an
article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from msgspec import Struct

from workers.extract import dates
from workers.extract.head import Head
from workers.extract.place import is_beside
from workers.extract.text import plain
from workers.extract.tree import Tree, text_of
from workers.model import Entry, PublishedSource

PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time", "publishdate",
    "pubdate", "publish-date", "publish_date", "published_time", "published-date", "date_published",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "content_publisheddate",
    "content_publishdate", "dtk:publishdate", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date",
    "dc.date.created", "citation_publication_date", "originalpublicationdate", "article.published",
    "article_date_original", "date", "weibo:article:create_at", "displaydate", "article:create", "creationdate",
    "timestamp", "rnews:datepublished", "bt:pubdate",
)  # fmt: skip
MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified", "dcterms.modified",
            "dc.date.modified", "content_updateddate", "updated_time", "revised")  # fmt: skip
_DATED = re.compile(
    r"(?:^|[\s_-])(?:date|datetime|time|timestamp|published|publish|pubdate|tanggal|waktu|tgl|posted|dateline"
    r"|entry-meta|post-meta|meta|article-info|byline|info|updated?)(?:$|[\s_-])|date|tanggal",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"\b(?:updated?|modified|diperbar\w+|diupdate|perbarui|aktualisiert|revisi)\b", re.IGNORECASE)
REPUBLISHED = timedelta(days=14)
MAX_TEXT = 160  # characters of an element that is a date line
CROWD = 40  # children of a box that is more than a headline's
MAX_ELEMENTS = 400  # dated elements looked at


class Times(Struct, frozen=True):
    """Both times in UTC, and where `published_at` came from."""

    published_at: datetime | None = None
    modified_at: datetime | None = None
    source: PublishedSource | None = None


class Claim(Struct, frozen=True):
    """One source's word: the moment, and whether it named a time of day."""

    at: datetime
    source: PublishedSource
    timed: bool


def times(head: Head, entry: Entry | None, *, zone: tzinfo, now: datetime) -> Times:
    """Return when the article was published and modified. `now` bounds both: a future date becomes `now`."""
    chosen: Claim | None = None
    for claim in _claims(head, entry, zone):
        if chosen is None:
            chosen = claim
        elif claim.timed and abs(claim.at - chosen.at) < timedelta(hours=36) and _same_day(claim.at, chosen.at, zone):
            chosen = Claim(claim.at, chosen.source, True)
        if chosen.timed:
            break
    named = dates.read_url(head.url, zone, directories=True)
    if chosen is not None and named is not None and chosen.at - named > REPUBLISHED:
        # an address keeps its first day; head and feed are dated anew when a story is moved or polished
        chosen = Claim(named, "url", False)
    modified = next(_modified(head, zone), None)
    if chosen is None:
        return Times(None, min(modified, now) if modified else None, None)
    published = min(chosen.at, now)
    if modified is not None:
        modified = min(modified, now)
        modified = modified if modified > published else None
    return Times(published, modified, chosen.source)


def _same_day(one: datetime, other: datetime, zone: tzinfo) -> bool:
    return one.astimezone(zone).date() == other.astimezone(zone).date()


def _claims(head: Head, entry: Entry | None, zone: tzinfo) -> Iterator[Claim]:
    for name in ("datePublished", "dateCreated", "uploadDate"):
        yield from _claim(plain(head.article.get(name)), "jsonld", zone)
    for node in head.own_nodes:
        if node is not head.article and "WebPage" in str(node.get("@type")):
            yield from _claim(plain(node.get("datePublished")), "jsonld", zone)
    for value in head.every(*PUBLISHED):
        yield from _claim(value, "meta", zone)
    told = Claim(entry.published_at, "feed", True) if entry is not None and entry.published_at is not None else None
    written = list(_in_text(head.root, zone))
    # clocks and lists of other articles look like datelines: they don't stand against what the feed says
    yield from (claim for claim in written if told is None or _same_day(claim.at, told.at, zone))
    if found := dates.read_url(head.url, zone, directories=True):
        yield Claim(found, "url", False)
    if told is not None:
        yield told
    if found := dates.read_url(head.url, zone):
        yield Claim(found, "url", False)


def _claim(text: str, source: PublishedSource, zone: tzinfo) -> Iterator[Claim]:
    if text and (found := dates.read(text, zone)):
        yield Claim(found, source, dates.has_time(text))


def _modified(head: Head, zone: tzinfo) -> Iterator[datetime]:
    for value in (plain(head.article.get("dateModified")), *head.every(*MODIFIED)):
        if value and (found := dates.read(value, zone)):
            yield found


def _in_text(root: Tree, zone: tzinfo) -> Iterator[Claim]:
    """Dates that stand in the page: <time> first, then short elements named like a date, in document order.

    Those between the headline and the first paragraph, and in the article, come before all others.
    """
    near = _near(root)
    far: list[Claim] = []
    updates: list[Claim] = []
    for element in list(root.iter("time"))[:40]:
        if is_beside(element):
            continue
        text = element.get("datetime") or element.get("content") or text_of(element)
        for claim in _claim(text[:MAX_TEXT], "text", zone):
            if _UPDATED.search(f"{text_of(element)[:80]} {element.get('class')} {element.get('itemprop')}"):
                updates.append(claim)
            elif near is None or element in near:
                yield claim
            else:
                far.append(claim)
    for element, text in _named(root):
        for claim in _claim(text, "text", zone):
            if near is None or element in near:
                yield claim
            else:
                far.append(claim)
    yield from far
    yield from updates


def _named(root: Tree) -> Iterator[tuple[Tree, str]]:
    """Yield elements named like a date, with their text."""
    seen = 0
    for element in root.iter(
        "div", "span", "p", "abbr", "small", "li", "td", "em", "i", "b", "strong", "h4", "h5", "h6", "a"
    ):
        name = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
        if len(name) < 3 or not _DATED.search(name) or seen > MAX_ELEMENTS:
            continue
        seen += 1
        text = element.get("content") or element.get("title") or ""
        text = text if dates.ISO.search(text) else text_of(element)
        if 6 <= len(text) <= MAX_TEXT and not is_beside(element):
            yield element, text


def _near(root: Tree) -> set[Tree] | None:
    """The elements around the article's headline and before its first paragraph; None for a page without a headline."""
    headline = next(root.iter("h1"), None)
    if headline is None:
        return None
    box = headline.getparent()
    around = set(box.iter()) if box is not None and box.tag not in ("body", "html") and len(box) < CROWD else set()
    follows = False
    for element in root.iter():
        if element is headline:
            follows = True
        elif follows:
            if element.tag == "p" and len(text_of(element)) >= MAX_TEXT:
                break
            around.add(element)
    return around
