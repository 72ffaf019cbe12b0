"""The newsroom itself: which sites print which stories, which feeds list them, and the truth about it all."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct, structs

from workers.errors import Misuse
from workers.newsroom import paged
from workers.newsroom.faults import Faults
from workers.newsroom.generate import generated_story
from workers.newsroom.saved import SavedPages
from workers.newsroom.sites import Site, article_path, image_path, make_site, short_path
from workers.newsroom.stories import ExpectedArticle, Story, as_shown, expected, written_stories
from workers.newsroom.wire import printed

NEWEST = 50  # entries of a site's main and section feeds when further feeds list the rest
FEWEST = 10  # entries of a further feed: with more feeds than stories, feeds share stories
MOST_SITES, MOST_STORIES, MOST_FEEDS = 10_000, 200_000, 1_000_000


class FeedAddress(Struct, frozen=True):
    """One of the M feeds that together list every story."""

    url: str
    title: str
    site: str  # host
    language: str
    timezone: str
    section: str = ""


class Newsroom:
    """K sites (told apart by Host name) that print N stories and list them in M feeds.

    Story i goes to site (i - 1) mod K + 1. Without `articles` the written stories are printed; more are generated from
    `seed`, the same on every machine. Without `feeds` each site has one. Of `wire` further stories each stands on every
    site in another form. Every `paged`-th long enough story (0: none) is printed over several pages. May be used from
    several threads.
    Raises Misuse when the numbers make no newsroom, or `pages` is no folder.
    """

    def __init__(
        self,
        *,
        sites: int = 1,
        articles: int | None = None,
        feeds: int | None = None,
        pages: Path | None = None,
        seed: int = 2025,
        wire: int = 0,
        paged: int = 0,
    ) -> None:
        count = len(written_stories()) if articles is None else articles
        feeds = sites if feeds is None else feeds
        for name, value, low, high in (
            ("sites", sites, 1, MOST_SITES),
            ("articles", count, 0, MOST_STORIES),
            ("feeds", feeds, sites, MOST_FEEDS),
            ("wire", wire, 0, MOST_STORIES // max(sites, 1)),
        ):
            if not low <= value <= high:
                raise Misuse(f"newsroom: {name} must be {low} to {high}, not {value}")
        self.seed = seed
        self.paged = paged
        self.faults = Faults()
        self.saved = SavedPages(pages) if pages is not None else None
        self.sites: tuple[Site, ...] = tuple(make_site(number) for number in range(1, sites + 1))
        self.feeds = feeds
        self._lock = threading.Lock()
        self._stories: list[Story] = []
        self._paths: dict[tuple[int, str], Story] = {}
        self._slugs: dict[str, Story] = {}
        self._sorted: dict[tuple[int, str], tuple[int, list[Story]]] = {}  # by site and section, with their revision
        self._add(count)
        self._add_wire(wire)

    # what is printed

    def stories(self, site: Site | None = None, section: str = "") -> list[Story]:
        """Return what is printed now (of one site, of one section), newest first; deleted ones are not."""
        key, revision = (site.number if site else 0, section), self.faults.revision
        known = self._sorted.get(key)
        if known is None or known[0] != revision:
            known = self._sorted[key] = (revision, self._newest_first(site, section))
        return list(known[1])

    def _newest_first(self, site: Site | None, section: str) -> list[Story]:
        with self._lock:
            chosen = self._stories if site is None else self._stories[site.number - 1 :: len(self.sites)]
            shown = [self.shown(story) for story in chosen if not section or story.section == section]
        alive = [story for story in shown if not self.is_deleted(story)]
        return sorted(alive, key=lambda story: (story.published_at, story.number), reverse=True)

    def shown(self, story: Story) -> Story:
        """Return the story as its page shows it now."""
        return as_shown(story, self.faults.of_article(story.slug), self.faults.revision_of(story.slug))

    def is_deleted(self, story: Story) -> bool:
        fault = self.faults.of_article(story.slug)
        return fault is not None and fault.kind == "deleted"

    def story_at(self, site: Site, path: str) -> Story | None:
        """Return the story whose page has this path on `site`, as written, or None."""
        return self._paths.get((site.number, path))

    def page_at(self, site: Site, path: str, query: str) -> tuple[Story | None, int]:
        """Return the story one of whose pages is asked for, and the number of the page (0: all on one)."""
        own, number = paged.asked_for(site.layout, path, query) if self.paged else (path, 1)
        story = self.story_at(site, own)
        if story is not None and number > self.pages_of(story):
            return self.story_at(site, path), 1  # "/9" is nobody's address, "?page=9" is ignored
        return story, number

    def pages_of(self, story: Story) -> int:
        """Return over how many pages the story is printed."""
        return paged.count(story) if self.paged and story.number % self.paged == 0 else 1

    def story_by_number(self, number: int) -> Story | None:
        return self._stories[number - 1] if 0 < number <= len(self._stories) else None

    def story_by_slug(self, slug: str) -> Story | None:
        return self._slugs.get(slug)

    def publish(self, count: int = 1) -> list[ExpectedArticle]:
        """Print `count` further generated stories, newer than all others, and return the truth about them."""
        if not 0 < count <= MOST_STORIES - len(self._stories):
            raise Misuse(f"newsroom: can't publish {count} stories")
        first = len(self._stories)
        newest = max((story.published_at for story in self._stories), default=None)
        self._add(count, after=newest)
        self.faults.touch()
        return [self._truth(self._stories[place]) for place in range(first, first + count)]

    # the truth

    def truth(self, base: str = "") -> list[ExpectedArticle]:
        """Return what a perfect pipeline would store of every story that is printed now, oldest number first.

        `base`: the server's own URL, for clients that use it in place of the host name of site 1.
        """
        with self._lock:
            stories = [self.shown(story) for story in self._stories if not self.is_deleted(story)]
        return [self._truth(story, base) for story in stories]

    def site_of(self, story: Story) -> Site:
        return self.sites[story.site - 1]

    def feed_urls(self, base: str = "") -> list[str]:
        """Return the addresses of the M feeds; together they list every story."""
        return [feed.url for feed in self.feed_addresses(base)]

    def feed_addresses(self, base: str = "") -> list[FeedAddress]:
        """Return the M feeds, spread evenly over the sites; `base` as in `truth`."""
        feeds = []
        for number in range(self.feeds):
            turn, place = divmod(number, len(self.sites))
            site = self.sites[place]
            root = base if base and site.number == 1 else site.base
            title = f"{site.brand} {turn}" if turn else site.brand
            feeds.append(FeedAddress(root + feed_path(turn), title, site.host, "id", "Asia/Jakarta"))
        return feeds

    def further_feeds(self, site: Site) -> int:
        """Return how many feeds of the M `site` has beside its main one."""
        return (self.feeds - site.number) // len(self.sites)

    def feed_stories(self, site: Site, turn: int) -> list[Story]:
        """Return what feed `turn` of `site` lists (0: the main one), newest first."""
        stories, further = self.stories(site), self.further_feeds(site)
        if turn == 0:
            return stories[:NEWEST] if further else stories
        own = stories[turn - 1 :: further]
        if len(own) < min(FEWEST, len(stories)):
            start = (turn - 1) % len(stories)
            own = (stories[start:] + stories[:start])[:FEWEST]
        return own

    def _truth(self, story: Story, base: str = "") -> ExpectedArticle:
        site = self.site_of(story)
        root = base if base and site.number == 1 else site.base
        urls = (root + article_path(site.layout, story), root + short_path(story))
        return expected(story, urls=urls, host=site.host, image=root + image_path(story))

    def _add(self, count: int, after: datetime | None = None) -> None:
        written = written_stories()
        with self._lock:
            first = len(self._stories)
            for place in range(first, first + count):
                story = written[place] if place < len(written) else generated_story(place - len(written), self.seed)
                if after is not None and story.published_at <= after:
                    later = after + timedelta(minutes=place - first + 1)
                    story = structs.replace(story, published_at=later, modified_at=None)
                self._print(story)

    def _add_wire(self, count: int) -> None:
        """Print `count` stories of an agency, each on every site, whichever's turn it is first."""
        with self._lock:
            for number in range(count):
                story = generated_story(MOST_STORIES + number, self.seed)
                for turn in range(len(self.sites)):
                    self._print(printed(story, turn))

    def _print(self, story: Story) -> None:
        place = len(self._stories)
        story = structs.replace(story, number=place + 1, site=place % len(self.sites) + 1)
        self._stories.append(story)
        self._paths[story.site, article_path(self.site_of(story).layout, story)] = story
        self._slugs[story.slug] = story


def feed_path(turn: int) -> str:
    """Return the path of a site's feed `turn`: the main one is RSS, the further ones RSS and Atom in turn."""
    return f"/feeds/{turn}.xml" if turn else "/feed.xml"
