"""Finds the feeds of a site somebody names: what the page itself says, then what sites usually have, then its sitemaps.

The order is that of miniflux (internal/reader/subscription): the address itself, `<link rel=alternate>`, links that
look like feeds, well-known paths; Kabar adds the sitemaps of robots.txt, last, since feeds say more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import msgspec
from lxml import etree
from lxml import html as lxml_html
from msgspec import Struct

from workers.errors import Permanent, Transient
from workers.identify.address import registrable_domain
from workers.model import Download, Feed, digest
from workers.poll.charset import decode
from workers.poll.entries import absolute
from workers.poll.parse import ParsedFeed, parse_feed
from workers.ports import Http

FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
        "application/json",
    }
)
WELL_KNOWN = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/rss/terkini")
SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemap.xml")
MAX_TRIES = 24  # requests for one site
MAX_SECONDS = 60.0  # after which none is begun: a site that lets each one run into its deadline would take half an hour
MAX_PAGE = 5_000_000  # bytes of a page that is looked through


class Found(Struct, frozen=True, kw_only=True):
    """A feed that was found and read. `where`: "address", "page", "usual path" or "sitemap"."""

    feed: Feed
    parsed: ParsedFeed
    where: str


def discover(
    feed: Feed, http: Http, *, now: datetime, max_bytes: int, max_entries: int, clock: Callable[[], float]
) -> list[Found]:
    """Return the feeds at or behind the address of `feed`, best first; [] when it has none.

    Those the page names come first, all of them; only where it names none are usual paths tried, and sitemaps last.
    The found feeds have the settings of `feed`. At most MAX_TRIES requests are made, none once MAX_SECONDS of
    `clock` (seconds, monotonic) have passed. Raises Transient or Permanent when the address itself can't be fetched.
    """
    ends = clock() + MAX_SECONDS
    search = _Search(feed, http, now, max_bytes, max_entries, lambda: clock() < ends)
    download = http.get(feed.url, max_bytes=max_bytes)
    itself = search.read(download, "address")
    if itself is not None:
        return [itself]
    base, body = download.final_url, download.body[:MAX_PAGE]
    steps = (
        ("page", _named(decode(body, download.headers.get("content-type", "")), base)),
        ("usual path", (urljoin(base, path) for path in WELL_KNOWN)),
        ("sitemap", _sitemaps(http, base)),
    )
    for where, addresses in steps:
        if clock() >= ends:
            break
        found = search.all(where, addresses)
        if found:
            return found
    return []


class _Search:
    """Tries addresses one by one, each once, within the bound."""

    def __init__(
        self, feed: Feed, http: Http, now: datetime, max_bytes: int, max_entries: int, in_time: Callable[[], bool]
    ) -> None:
        self._feed, self._http, self._now, self._in_time = feed, http, now, in_time
        self._max_bytes, self._max_entries = max_bytes, max_entries
        self._tried: set[str] = {feed.url}
        self._ids: set[str] = set()  # of documents found: the same feed under two addresses is one

    def all(self, where: str, addresses: Iterable[str]) -> list[Found]:
        found = []
        for address in addresses:
            if address in self._tried:
                continue
            if len(self._tried) >= MAX_TRIES or not self._in_time():
                break
            self._tried.add(address)
            try:
                read = self.read(self._http.get(address, max_bytes=self._max_bytes), where)
            except (Transient, Permanent):
                continue  # a guess that leads nowhere
            if read is not None:
                found.append(read)
                if where != "page":
                    break
        return found

    def read(self, download: Download, where: str) -> Found | None:
        """Return the feed in `download`, None when it is none, was found before or lists nothing."""
        url = download.permanent_url or download.url
        feed = msgspec.structs.replace(self._feed, id=digest(url), url=url)
        content_type = download.headers.get("content-type", "")
        try:
            parsed = parse_feed(
                download.body,
                feed,
                url=download.final_url,
                content_type=content_type,
                now=self._now,
                max_entries=self._max_entries,
            )
        except Permanent:
            return None
        says = digest(*(entry.id for entry in parsed.entries), *parsed.children)
        empty = not parsed.entries and not parsed.children
        if says in self._ids or (empty and where != "address"):
            return None
        self._ids.add(says)
        title = feed.title or parsed.title
        return Found(feed=msgspec.structs.replace(feed, title=title), parsed=parsed, where=where)


def _named(text: str, base: str) -> Iterator[str]:
    """The addresses the page `text` names as feeds, then its links that look like one, of the same owner."""
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), lxml_html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return
    for link in root.iter("link"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        relations = (link.get("rel") or "").lower().split()
        address = absolute(link.get("href") or "", base)
        if address and "alternate" in relations and kind in FEED_TYPES and not _of_comments(link, address):
            yield address
    owner = registrable_domain(base)
    for link in root.iter("a"):
        address = absolute(link.get("href") or "", base)
        if address and _looks_like_a_feed(address) and registrable_domain(address) == owner:
            yield address


def _of_comments(link: lxml_html.HtmlElement, address: str) -> bool:
    """Whether a feed is of readers' comments, or oEmbed's and WordPress' descriptions of the page."""
    title = (link.get("title") or "").lower()
    return any(word in address.lower() for word in ("/comments/", "oembed", "wp-json")) or "comment" in title


def _looks_like_a_feed(address: str) -> bool:
    path = urlsplit(address).path.lower().rstrip("/")
    last = path.rsplit("/", 1)[-1]
    return last in ("feed", "rss", "atom") or last.endswith((".rss", ".atom", ".rdf")) or (
        last.endswith((".xml", ".json")) and any(word in path for word in ("rss", "feed", "atom"))
    )  # fmt: skip


def _sitemaps(http: Http, base: str) -> Iterator[str]:
    """The sitemaps robots.txt names, those for news first, then the usual addresses."""
    try:
        text = http.get(urljoin(base, "/robots.txt"), max_bytes=500_000).body.decode("utf-8", "replace")
    except (Transient, Permanent):
        text = ""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    named = [absolute(line[8:].strip(), base) for line in lines if line.lower().startswith("sitemap:")]
    yield from sorted(filter(None, named), key=lambda address: "news" not in address.lower())
    yield from (urljoin(base, path) for path in SITEMAPS)
