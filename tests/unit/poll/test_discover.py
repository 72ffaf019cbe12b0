"""A site somebody names leads to its feeds; rows say where the habit comes from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from workers.errors import Permanent, Transient
from workers.model import Download, Feed, digest
from workers.poll.discover import MAX_SECONDS, MAX_TRIES, Found, discover

NOW = datetime(2025, 9, 4, 12, 0, tzinfo=UTC)
SITE = "https://warta.test"


def rss(*names: str) -> str:
    items = "".join(f"<item><title>Berita {n}</title><link>{SITE}/{n}</link></item>" for n in names)
    return f"<rss version='2.0'><channel><title>Warta</title>{items}</channel></rss>"


def sitemap(*names: str) -> str:
    rows = "".join(f"<url><loc>{SITE}/{n}</loc><lastmod>2025-09-04</lastmod></url>" for n in names)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def page(head: str = "", body: str = "") -> str:
    return f"<!doctype html><html><head><title>Warta</title>{head}</head><body>{body}</body></html>"


def link(href: str, kind: str = "application/rss+xml", rel: str = "alternate", title: str = "") -> str:
    return f'<link rel="{rel}" type="{kind}" href="{href}" title="{title}">'


class Web:
    """What each path answers; the rest is 404."""

    def __init__(self, answers: Mapping[str, str | Exception]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.time, self.seconds = 0.0, 0.1  # now, and of each request

    def clock(self) -> float:
        return self.time

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None) -> Download:
        self.asked.append(url)
        self.time += self.seconds
        answer = self.answers.get(url.removeprefix(SITE), Permanent("HTTP 404", reason="http_404"))
        if isinstance(answer, Exception):
            raise answer
        return Download(url=url, final_url=url, status=200, headers={}, body=answer.encode())

    def shutdown(self) -> None: ...


def find(web: Web, path: str = "/") -> list[Found]:
    feed = Feed(id=digest(SITE + path), url=SITE + path, site="warta.test", section="Riau")
    return discover(feed, web, now=NOW, max_bytes=1_000_000, max_entries=100, clock=web.clock)


ROWS = [
    ("the address is a feed", {"/": rss("x")}, ["/"], "address"),
    ("an empty feed named by hand is one", {"/": rss()}, ["/"], "address"),
    ("RSS autodiscovery (rssboard.org)", {"/": page(link("/umpan")), "/umpan": rss("x")}, ["/umpan"], "page"),
    (
        "several, in the page's order",
        {"/": page(link("/a") + link("/b", "application/atom+xml")), "/a": rss("x"), "/b": rss("y")},
        ["/a", "/b"],
        "page",
    ),
    (
        "the same feed twice is one",
        {"/": page(link("/a") + link("/b")), "/a": rss("x"), "/b": rss("x")},
        ["/a"],
        "page",
    ),
    (
        "WordPress' comments and oEmbed are no news",
        {
            "/": page(
                link("/comments/feed/")
                + link("/wp-json/oembed", "text/xml")
                + link("/k", title="Comments")
                + link("/a")
            ),
            "/a": rss("x"),
            "/comments/feed/": rss("k"),
            "/k": rss("k2"),
        },
        ["/a"],
        "page",
    ),
    ("a named feed that is none is left out", {"/": page(link("/a") + link("/b")), "/b": rss("x")}, ["/b"], "page"),
    (
        "a list of feeds for people",
        {"/rss": page("", "<a href='/rss/riau'>Riau</a><a href='/rss/riau.xml'>RSS</a>"), "/rss/riau.xml": rss("x")},
        ["/rss/riau.xml"],
        "page",
    ),
    ("usual paths (miniflux)", {"/": page(), "/feed": rss("x"), "/rss": rss("y")}, ["/feed"], "usual path"),
    (
        "an empty feed at a usual path is none",
        {"/": page(), "/feed": rss(), "/rss.xml": rss("y")},
        ["/rss.xml"],
        "usual path",
    ),
    (
        "sitemaps of robots.txt, for news first (sitemaps.org)",
        {
            "/": page(),
            "/robots.txt": f"User-agent: *\nDisallow:\nSitemap: {SITE}/semua.xml # all\nsitemap: /news.xml",
            "/semua.xml": sitemap("y"),
            "/news.xml": sitemap("x"),
        },
        ["/news.xml"],
        "sitemap",
    ),
    ("a sitemap at its usual place", {"/": page(), "/sitemap.xml": sitemap("x")}, ["/sitemap.xml"], "sitemap"),
    ("nothing", {"/": page()}, [], ""),
    ("a page of nothing", {"/": " x "}, [], ""),
]


@pytest.mark.parametrize(("answers", "paths", "where"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_feeds_are_found(answers: dict[str, str], paths: list[str], where: str) -> None:
    found = find(Web(answers), next(iter(answers)))
    assert [each.feed.url for each in found] == [SITE + path for path in paths]
    assert {each.where for each in found} <= {where}
    assert all(each.feed.section == "Riau" and each.feed.id == digest(each.feed.url) for each in found)


def test_a_found_feed_takes_its_own_title() -> None:
    (found,) = find(Web({"/": rss("x")}))
    assert found.feed.title == "Warta"


def test_requests_are_bounded() -> None:
    web = Web({"/": page("".join(link(f"/f{n}") for n in range(1_000)))})
    assert find(web) == []
    assert len(web.asked) <= MAX_TRIES + 1


def test_a_named_feed_elsewhere_counts_and_a_link_elsewhere_does_not() -> None:
    web = Web({"/": page(link("https://feeds.lain.test/warta"), "<a href='https://lain.test/rss.xml'>x</a>")})
    find(web)
    assert "https://feeds.lain.test/warta" in web.asked
    assert "https://lain.test/rss.xml" not in web.asked


@pytest.mark.parametrize("error", [Transient("timeout", reason="timeout"), Permanent("HTTP 403", reason="http_403")])
def test_an_address_that_can_not_be_fetched_says_why(error: Exception) -> None:
    with pytest.raises(type(error)):
        find(Web({"/": error}))


def test_a_site_that_answers_slowly_is_left_after_a_minute() -> None:
    slow = Web({"/": page()} | {f"/{path}": Transient("slow", reason="timeout") for path in ("feed", "rss", "rss.xml")})
    slow.seconds = 40.0  # each request runs into its deadline
    assert find(slow) == []
    assert slow.time <= MAX_SECONDS + slow.seconds
