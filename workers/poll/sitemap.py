"""Reads sitemaps (https://www.sitemaps.org/protocol.html) as feeds: Google News sitemaps, plain ones, and indexes.

A news sitemap lists the articles of two days with title and date
(https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap). A plain one lists every page a site
has: only what changed in the last days is news. An index names further sitemaps: those worth polling become feeds of
their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from lxml import etree
from msgspec import Struct

from workers.errors import Permanent
from workers.poll.dates import WIB, parse_date

ROOTS = frozenset({"urlset", "sitemapindex"})
FRESH = timedelta(days=3)  # a page changed longer ago is no news; Google asks for two days in news sitemaps
MAX_PAGES = 50_000  # of one sitemap, as the protocol allows; what follows is not read
MAX_CHILDREN = 5  # sitemaps of an index that are polled
NEWS = re.compile(r"news|berita|terkini|latest|googlenews", re.IGNORECASE)

Item = dict[str, Any]


class Sitemap(Struct, frozen=True):
    """What a sitemap says. `items`: as feedparser would give them, newest first; `children`: addresses to poll."""

    items: list[Item]
    children: list[str]
    version: str  # "news-sitemap", "sitemap" or "sitemap-index"


def read_sitemap(text: str, now: datetime) -> Sitemap:
    """Return what of the sitemap `text` (its document type cut out) is news at `now`.

    Raises Permanent "bad_xml" when nothing can be read.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Permanent(f"a sitemap that can't be read: {error}", reason="bad_xml") from error
    if root is None:
        raise Permanent("a sitemap of which nothing could be read", reason="bad_xml")
    if _name(root) == "sitemapindex":
        return Sitemap([], _worth_polling(root, now), "sitemap-index")
    items = [item for item in _items(root) if item["published"] or _is_fresh(item["updated"], now)]
    items.sort(key=lambda item: _moment(item["published"] or item["updated"]), reverse=True)
    return Sitemap(items, [], "news-sitemap" if any(item["published"] for item in items) else "sitemap")


def _items(root: Any) -> Iterator[Item]:
    for number, page in enumerate(root):
        if number >= MAX_PAGES:
            return
        if _name(page) != "url":
            continue
        said = {_name(part): part for part in page}
        news = {_name(part): part for part in said["news"]} if "news" in said else {}
        image = {_name(part): part for part in said["image"]} if "image" in said else {}
        address = _text(said.get("loc"))
        if address:
            yield {
                "id": address,
                "link": address,
                "title": _text(news.get("title")),
                "title_detail": {"type": "text/plain"},
                "published": _text(news.get("publication_date")),
                "updated": _text(said.get("lastmod")),
                "tags": [{"term": word.strip()} for word in _text(news.get("keywords")).split(",") if word.strip()],
                "media_thumbnail": [{"url": _text(image.get("loc"))}],
            }


def _worth_polling(root: Any, now: datetime) -> list[str]:
    """The sitemaps that can hold news: those for news, else those changed in the last days, the newest first."""
    found: list[tuple[bool, datetime | None, str]] = []
    for number, child in enumerate(root):
        if number >= MAX_PAGES:
            break
        said = {_name(part): _text(part) for part in child}
        if _name(child) == "sitemap" and said.get("loc"):
            found.append((bool(NEWS.search(said["loc"])), parse_date(said.get("lastmod", ""), WIB), said["loc"]))
    fresh = [row for row in found if row[1] is not None and row[1] > now - FRESH]
    named = [row for row in found if row[0] and (row[1] is None or row[1] > now - FRESH)]
    chosen = named or fresh or (found if len(found) == 1 else [])
    chosen.sort(key=lambda row: _moment_of(row[1]), reverse=True)
    return list(dict.fromkeys(address for _, _, address in chosen))[:MAX_CHILDREN]


def _is_fresh(date: str, now: datetime) -> bool:
    changed = parse_date(date, WIB)
    return changed is not None and changed > now - FRESH


def _moment(date: str) -> float:
    return _moment_of(parse_date(date, WIB))


def _moment_of(when: datetime | None) -> float:
    return when.timestamp() if when else 0.0


def _name(element: Any) -> str:
    """The local name in lower case; "" of a comment or an instruction."""
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip()[:4_000] if element is not None else ""
