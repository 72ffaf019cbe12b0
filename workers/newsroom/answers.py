"""What the newsroom answers to a request, before anything goes wrong: routes, cached pages, conditional requests."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import unquote

from msgspec import Struct

from workers.newsroom import directory, feeds, render, template
from workers.newsroom.newsroom import FeedAddress, Newsroom
from workers.newsroom.sites import SECTIONS, Site, article_path
from workers.newsroom.stories import Story

HTML, XML, TEXT = "text/html; charset=utf-8", "application/xml; charset=utf-8", "text/plain; charset=utf-8"
RSS, ATOM = "application/rss+xml; charset=utf-8", "application/atom+xml; charset=utf-8"
CACHE_BYTES = 64_000_000
COMPRESS_FROM = 1_000  # bytes
FEED_AGE, PAGE_AGE = 60, 300  # seconds, in Cache-Control
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000020001"
    "48afa4710000000049454e44ae426082"
)


class Answer(Struct, frozen=True):
    """One answer. A body worth it is kept gzipped only: clients that can't take it so are few."""

    status: int
    content_type: str
    body: bytes  # gzipped when `zipped`
    zipped: bool = False
    headers: dict[str, str] = {}
    slug: str = ""  # of the article whose page this is

    @property
    def plain(self) -> bytes:
        """The body as the client reads it."""
        return gzip.decompress(self.body) if self.zipped else self.body


class Desk:
    """Answers requests for a newsroom. `own_base` is the server's address, for clients that use no site's name."""

    def __init__(self, newsroom: Newsroom, own_base: str) -> None:
        self.newsroom = newsroom
        self.own_base = own_base
        self._sites = {site.host: site for site in newsroom.sites}
        self._cache: OrderedDict[tuple[object, ...], Answer] = OrderedDict()
        self._cached = 0
        self._lock = threading.Lock()
        self._views: dict[tuple[str, int], _View] = {}

    def site(self, host: str) -> tuple[Site, str]:
        """Return the site that `host` (without port) names, and the base of the links it shows."""
        site = self._sites.get(host.lower())
        return (site, site.base) if site else (self.newsroom.sites[0], self.own_base)

    def answer(self, host: str, path: str, headers: Mapping[str, str], query: str = "") -> Answer:
        """Return the answer to GET `path?query`; never raises on anything a client may send."""
        site, base = self.site(host)
        story, number = self.newsroom.page_at(site, path, query)
        if story is not None:
            return self._conditional(self._article(site, base, story, number), headers)
        key = (base, path, self.newsroom.faults.revision)
        return self._conditional(self._kept(key, lambda: self._other(site, base, path)), headers)

    def warm(self) -> int:
        """Render every article's page into the cache (as far as it holds them); return how many there are."""
        stories = self.newsroom.stories()
        for story, site in ((story, self.newsroom.site_of(story)) for story in stories):
            self._article(site, site.base, story)
        return len(stories)

    def _article(self, site: Site, base: str, story: Story, number: int = 1) -> Answer:
        revision = self.newsroom.faults.revision_of(story.slug, site.host)  # read before the page
        fault = self.newsroom.faults.of_article(story.slug, site.host)
        if fault is not None and fault.kind == "deleted":
            return _failed(fault.code, story.slug)
        kind, key = fault.kind if fault else "", (base, story.slug, number, revision)
        return self._kept(key, lambda: self._article_page(site, base, story, kind, number))

    def _article_page(self, site: Site, base: str, story: Story, fault: str, number: int) -> Answer:
        view, shown, pages = self._view(site, base), self.newsroom.shown(story), self.newsroom.pages_of(story)
        if fault == "script_only":
            body = render.script_only_page(view.frame, shown)
        elif fault == "new_template":
            body = template.new_template_page(view.frame, shown)
        else:
            related, text = view.related(story), fault != "no_body"
            body = render.article_page(view.frame, shown, related, text=text, number=number, pages=pages)
        return _page(body, HTML, shown.updated_at, PAGE_AGE, story.slug)

    def _other(self, site: Site, base: str, path: str) -> Answer:
        parts = path.strip("/").split("/")
        if path.endswith(".xml") and parts[0] != "pages":
            return self._feed(site, base, path, parts)
        if path in ("/", "/index.html") or (len(parts) == 2 and parts[0] == "kanal" and parts[1] in SECTIONS):
            section = parts[1] if len(parts) == 2 else ""
            stories = self.newsroom.stories(site, section)
            body = render.front_page(self._view(site, base).frame, stories, SECTIONS.get(section, ""))
            return _page(body, HTML, self._stamp(stories), FEED_AGE)
        if parts[0] == "p" and len(parts) == 2:
            return self._short(site, base, parts[1])
        if parts[0] == "pages" and len(parts) == 2 and self.newsroom.saved is not None:
            return self._saved(base, unquote(parts[1]))
        if parts[0] == "images":
            return Answer(200, "image/png", PIXEL)
        plain: dict[str, Callable[[], Answer]] = {
            "/robots.txt": lambda: _page(
                b"User-agent: *\nDisallow: /_control\nDisallow: /search\n", TEXT, None, FEED_AGE
            ),
            "/feeds.opml": lambda: _page(
                directory.opml(self._addresses()).encode(), "text/x-opml; charset=utf-8", None, FEED_AGE
            ),
            "/feeds.toml": lambda: _page(
                directory.toml(self._addresses()).encode(), "application/toml; charset=utf-8", None, FEED_AGE
            ),
        }
        return plain[path]() if path in plain else _failed(404)

    def _feed(self, site: Site, base: str, path: str, parts: list[str]) -> Answer:
        name, newsroom = parts[-1].removesuffix(".xml"), self.newsroom
        section, kind, turn = "", "rss", 0
        if parts[0] == "feeds" and len(parts) == 2 and name.isascii() and name.isdigit():
            turn = int(name)
            kind = "rss" if turn % 2 else "atom"
            if not 0 < turn <= newsroom.further_feeds(site):
                return _failed(404)
        elif len(parts) == 2 and parts[0] in ("rss", "atom") and name in SECTIONS:
            kind, section = parts[0], name
        elif path in ("/feed.xml", "/rss.xml", "/atom.xml"):
            kind = "atom" if name == "atom" else "rss"
        else:
            return _failed(404)
        stories = newsroom.stories(site, section)[:50] if section else newsroom.feed_stories(site, turn)
        write, content_type = (feeds.atom, ATOM) if kind == "atom" else (feeds.rss, RSS)
        title = f"{site.brand} {SECTIONS[section] if section else turn or ''}".strip()
        return _page(
            write(site, base, path, stories, newsroom.faults, title), content_type, self._stamp(stories), FEED_AGE
        )

    def _stamp(self, stories: list[Story]) -> datetime:
        """Return a Last-Modified that grows with every change, deletions included."""
        return feeds.updated(stories) + timedelta(seconds=self.newsroom.faults.revision)

    def _short(self, site: Site, base: str, number: str) -> Answer:
        story = (
            self.newsroom.story_by_number(int(number))
            if number.isascii() and number.isdigit() and len(number) < 9
            else None
        )
        if story is None or story.site != site.number:
            return _failed(404)
        return Answer(301, HTML, b"", headers={"location": base + article_path(site.layout, story)})

    def _saved(self, base: str, name: str) -> Answer:
        assert self.newsroom.saved is not None
        if name == "feed.xml":
            return _page(self.newsroom.saved.feed(base), RSS, None, FEED_AGE)
        body = self.newsroom.saved.page(name)
        return _failed(404) if body is None else _page(body, "text/html", None, PAGE_AGE)

    def _addresses(self) -> list[FeedAddress]:
        return self.newsroom.feed_addresses(self.own_base if len(self.newsroom.sites) == 1 else "")

    def _view(self, site: Site, base: str) -> _View:
        """Return the site's frame and lists as of now (rendered again only after a change)."""
        key, revision = (base, site.number), self.newsroom.faults.revision
        view = self._views.get(key)
        if view is None or view.revision != revision:
            stories = self.newsroom.stories(site)
            view = self._views[key] = _View(revision, render.make_frame(site, base, stories), stories)
        return view

    def _kept(self, key: tuple[object, ...], make: Callable[[], Answer]) -> Answer:
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                return self._cache[key]
        answer = make()
        with self._lock:
            if answer.status == 200 and key not in self._cache:
                self._cache[key] = answer
                self._cached += len(answer.body)
            while self._cached > CACHE_BYTES:
                self._cached -= len(self._cache.popitem(last=False)[1].body)
        return answer

    def _conditional(self, answer: Answer, headers: Mapping[str, str]) -> Answer:
        """Return 304 where the client's validators hold; If-None-Match goes first (RFC 9110, 13.2.2)."""
        if answer.status != 200:
            return answer
        tags = headers.get("If-None-Match")
        if tags is not None:
            known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
            same = "*" in known or answer.headers.get("etag", "").removeprefix("W/") in known
        else:
            same = _not_newer(answer.headers.get("last-modified", ""), headers.get("If-Modified-Since", ""))
        return Answer(304, answer.content_type, b"", headers=answer.headers, slug=answer.slug) if same else answer


class _View:
    """What a site's pages draw on at one revision of the newsroom."""

    def __init__(self, revision: int, frame: render.Frame, stories: list[Story]) -> None:
        self.revision = revision
        self.frame = frame
        self._stories = stories
        self._places = {story.number: place for place, story in enumerate(stories)}

    def related(self, story: Story) -> list[Story]:
        """Return the stories that follow this one in the site's list, wrapping round, without itself."""
        place = self._places.get(story.number, 0)
        others = self._stories[place + 1 : place + 1 + render.RELATED]
        return (others + self._stories[: min(place, render.RELATED - len(others))])[: render.RELATED]


def _page(body: bytes, content_type: str, modified: datetime | None, age: int, slug: str = "") -> Answer:
    headers = {
        "etag": f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"',
        "cache-control": f"public, max-age={age}",
        "vary": "Accept-Encoding",
    }
    if modified is not None:
        headers["last-modified"] = format_datetime(modified.astimezone(UTC), usegmt=True)
    zipped = len(body) >= COMPRESS_FROM
    return Answer(200, content_type, gzip.compress(body, 1, mtime=0) if zipped else body, zipped, headers, slug)


def _failed(status: int, slug: str = "") -> Answer:
    body = f"<!doctype html><html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>"
    return Answer(status, HTML, body.encode(), slug=slug)


def _not_newer(modified: str, since: str) -> bool:
    if not modified or not since:
        return False
    try:
        asked = parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
    return parsedate_to_datetime(modified) <= (asked if asked.tzinfo else asked.replace(tzinfo=UTC))
