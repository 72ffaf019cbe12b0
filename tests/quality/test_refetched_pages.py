"""Pages fetched twice, between which only what stands round the article changed: none of them is Changed."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workers.extract import Sites, extract
from workers.identify import content_hash
from workers.model import Page
from workers.newsroom import clutter
from workers.newsroom.answers import Desk
from workers.newsroom.newsroom import Newsroom
from workers.newsroom.sites import Site, article_path
from workers.newsroom.stories import Story

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
SITES = Sites.load(Path(__file__).parents[2] / "config")


class Reader:
    """Reads the newsroom's pages as the process stage does."""

    def __init__(self, articles: int) -> None:
        self.newsroom = Newsroom(sites=4, articles=articles)
        self.stories = self.newsroom.stories()

    def read(self) -> dict[str, tuple[bytes, str]]:
        """Return every story's page and content hash, rendered anew."""
        desk = Desk(self.newsroom, "http://127.0.0.1:1")
        return {story.slug: self._look(desk, story) for story in self.stories}

    def _look(self, desk: Desk, story: Story) -> tuple[bytes, str]:
        site = self.newsroom.site_of(story)
        path = article_path(site.layout, story)
        answer = desk.answer(site.host, path, {})
        page = Page(
            url=site.base + path,
            final_url=site.base + path,
            status=answer.status,
            headers={"content-type": answer.content_type},
            body=answer.plain,
            fetched_ms=1,
        )
        article = extract(page, None, now=NOW, max_chars=1_000_000, sites=SITES)
        return answer.plain, content_hash(article)


def other_ads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every page carry other advertisements from now on."""
    usual, chance = clutter.inner_ad, random.Random(7)

    def other(site: Site, number: int) -> str:
        offer = f"Promo akhir pekan diskon {chance.randint(10, 90)} persen"
        return usual(site, number) + f'<div class="ads"><a href="//iklan.test/{chance.random()}">{offer}</a></div>'

    monkeypatch.setattr(clutter, "inner_ad", other)


@pytest.mark.parametrize("articles", [40, pytest.param(1_000, marks=pytest.mark.slow)])
def test_other_ads_lists_and_related_boxes_change_no_article(articles: int, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(articles)
    before = reader.read()
    reader.newsroom.publish(40)  # other lists, tickers and "read also" boxes
    other_ads(monkeypatch)
    after = reader.read()
    assert [slug for slug in before if before[slug][0] == after[slug][0]] == []  # every page is another one
    assert [slug for slug in before if before[slug][1] != after[slug][1]] == []
