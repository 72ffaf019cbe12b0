"""A sitemap index polled as a feed: the sitemaps it leads to come and go, their articles arrive once."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from click.testing import CliRunner

from tests.integration.desk import SITE, Desk, page
from workers.cli.feeds import feeds

pytestmark = pytest.mark.redis

SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
TODAY = datetime.now(UTC)  # polls go by Redis' clock
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def index(*paths: str) -> str:
    rows = "".join(f"<sitemap><loc>{SITE}{path}</loc><lastmod>{TODAY:%Y-%m-%d}</lastmod></sitemap>" for path in paths)
    return f'<sitemapindex xmlns="{SITEMAPS}">{rows}</sitemapindex>'


def sitemap(*names: str) -> str:
    rows = "".join(
        f"<url><loc>{SITE}/{name}</loc><n:news><n:publication_date>{TODAY:%Y-%m-%d}</n:publication_date>"
        f"<n:title>Berita {name}</n:title></n:news></url>"
        for name in names
    )
    return f'<urlset xmlns="{SITEMAPS}" xmlns:n="{NEWS}">{rows}</urlset>'


def test_an_index_brings_the_articles_of_its_sitemaps(desk: Desk) -> None:
    feed = desk.add("/sitemap.xml")
    for name in ("x", "y", "z"):
        desk.web.say(f"/{name}", page(name))
    desk.web.say("/sitemap.xml", index("/berita-1.xml", "/berita-2.xml"))
    desk.web.say("/berita-1.xml", sitemap("x", "y"))
    desk.web.say("/berita-2.xml", sitemap("y", "z"))
    desk.run()
    desk.run()
    assert sorted(document.url for document in desk.documents()) == [f"{SITE}/{name}" for name in ("x", "y", "z")]
    assert sorted(row[0].url for row in desk.state.feeds.all() if row[0].parent == feed.id) == [
        f"{SITE}/berita-1.xml",
        f"{SITE}/berita-2.xml",
    ]


def test_sitemaps_an_index_names_no_more_are_forgotten_and_those_added_by_hand_stay(desk: Desk) -> None:
    desk.add("/sitemap.xml")
    own = desk.add("/berita-3.xml")
    desk.web.say("/sitemap.xml", index("/berita-1.xml", "/berita-3.xml"))
    desk.web.say("/berita-1.xml", sitemap())
    desk.web.say("/berita-3.xml", sitemap())
    desk.run()
    desk.web.say("/sitemap.xml", index("/berita-2.xml"))
    desk.web.say("/berita-2.xml", sitemap())
    desk.due()
    desk.run()
    urls = {row[0].url for row in desk.state.feeds.all()}
    assert urls == {f"{SITE}/sitemap.xml", f"{SITE}/berita-2.xml", own.url}


def test_removing_an_index_removes_its_sitemaps(desk: Desk) -> None:
    feed = desk.add("/sitemap.xml")
    desk.web.say("/sitemap.xml", index("/berita-1.xml"))
    desk.web.say("/berita-1.xml", sitemap())
    desk.run()
    desk.state.feeds.remove(feed.id)
    assert desk.state.feeds.all() == []


def test_a_sitemap_somebody_adds_after_the_index_led_to_it_is_theirs(desk: Desk) -> None:
    desk.add("/sitemap.xml")
    desk.web.say("/sitemap.xml", index("/berita-1.xml"))
    desk.web.say("/berita-1.xml", sitemap())
    desk.run()
    own = desk.add("/berita-1.xml")  # as feeds.toml does, which names no parent
    desk.web.say("/sitemap.xml", index("/berita-2.xml"))
    desk.web.say("/berita-2.xml", sitemap())
    desk.due()
    desk.run()
    assert own.url in {row[0].url for row in desk.state.feeds.all()}, "the index let go of it, its owner did not"
    desk.web.say("/sitemap.xml", index("/berita-1.xml", "/berita-2.xml"))
    desk.due()
    desk.run()
    desk.state.feeds.remove(desk.add("/sitemap.xml").id)
    assert [row[0].url for row in desk.state.feeds.all()] == [own.url]


def test_a_sitemap_that_was_disabled_stays_so_while_its_index_goes_on(desk: Desk) -> None:
    feed = desk.add("/sitemap.xml")
    desk.web.say("/sitemap.xml", index("/berita-1.xml"))
    desk.web.say("/berita-1.xml", sitemap())
    desk.run()
    (child,) = desk.state.feeds.children(feed.id)
    desk.state.feeds.put(msgspec.structs.replace(child, enabled=False))
    desk.web.say("/sitemap.xml", index("/berita-1.xml", "/berita-2.xml"))
    desk.web.say("/berita-2.xml", sitemap())
    desk.due()
    desk.run()
    assert {c.url: c.enabled for c in desk.state.feeds.children(feed.id)} == {
        f"{SITE}/berita-1.xml": False,
        f"{SITE}/berita-2.xml": True,
    }


def test_disabling_an_index_stops_its_sitemaps_and_an_export_leaves_them_out(
    desk: Desk, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KABAR_REDIS_URL", redis_url)
    feed = desk.add("/sitemap.xml")
    desk.web.say("/sitemap.xml", index("/berita-1.xml"))
    desk.web.say("/berita-1.xml", sitemap())
    desk.run()
    assert CliRunner().invoke(feeds, ["disable", feed.url]).exit_code == 0
    assert {row[0].enabled for row in desk.state.feeds.all()} == {False}
    assert {row[2] for row in desk.state.feeds.all()} == {None}
    assert CliRunner().invoke(feeds, ["enable", feed.url]).exit_code == 0
    assert {row[0].enabled for row in desk.state.feeds.all()} == {True}
    listed = CliRunner().invoke(feeds, ["export"]).stdout
    assert "sitemap.xml" in listed and "berita-1.xml" not in listed
