"""The written and the generated stories: enough, complete, distinct, the same everywhere."""

import re
from datetime import UTC, date

import pytest

from workers.errors import Misuse
from workers.newsroom import Newsroom
from workers.newsroom.generate import generated_story
from workers.newsroom.sites import DAYS, SECTIONS
from workers.newsroom.stories import written_stories


def test_there_are_enough_written_stories_of_every_section():
    stories = written_stories()
    assert len(stories) >= 40
    assert sum(story.language == "en" for story in stories) >= 6
    assert {story.section for story in stories} == set(SECTIONS)
    assert len({story.slug for story in stories}) == len({story.title for story in stories}) == len(stories)
    with_headings = sum(any(block.heading for block in story.blocks) for story in stories)
    assert with_headings >= len(stories) / 4


@pytest.mark.parametrize("story", written_stories(), ids=lambda story: story.slug)
def test_a_written_story_is_complete(story):
    paragraphs = [block for block in story.blocks if not block.heading]
    assert 5 <= len(paragraphs) <= 15
    assert story.lead and story.authors and story.editor and story.caption and story.tags and story.dateline
    assert story.published_at.utcoffset() is not None
    assert story.modified_at is None or story.modified_at > story.published_at
    assert not story.blocks[0].heading and not story.blocks[-1].heading
    for name in (*story.people, *story.organisations, *story.places):
        assert name in f"{story.title} {story.body}"


@pytest.mark.parametrize("story", written_stories(), ids=lambda story: story.slug)
def test_dates_in_the_text_agree_with_the_calendar(story):
    for day, number, month, year in re.findall(r"(\w+) \((\d+)/(\d+)/(\d+)\)", story.body):
        assert DAYS[date(int(year), int(month), int(number)).weekday()] == day


def test_a_thousand_stories_are_distinct_and_each_is_found_by_its_phrase():
    truth = Newsroom(sites=3, articles=1000).truth()
    for field in ("slug", "title", "body", "url", "phrase"):
        assert len({getattr(article, field) for article in truth}) == 1000
    bodies = "\n".join(article.body for article in truth)
    assert all(bodies.count(article.phrase) == 1 for article in truth[::9])
    assert all(article.body.count("\n\n") >= 4 for article in truth)
    for article in truth:
        assert all(name in f"{article.title}\n{article.body}" for name in (*article.people, *article.places))


def test_generated_stories_share_little_text():
    bodies = [set(generated_story(index, 1).body.split("\n\n")) for index in range(200)]
    shared = [len(a & b) / min(len(a), len(b)) for i, a in enumerate(bodies) for b in bodies[:i]]
    assert sum(share > 0.5 for share in shared) / len(shared) < 0.001


def test_the_same_seed_tells_the_same_stories_and_another_seed_others():
    assert Newsroom(articles=80).truth() == Newsroom(articles=80).truth()
    assert generated_story(5, 1) == generated_story(5, 1) != generated_story(5, 2)


def test_fewer_stories_than_written_are_possible():
    assert len(Newsroom(articles=3).truth()) == 3
    assert Newsroom(articles=0).truth() == []


def test_the_truth_is_in_utc_and_tells_zones_apart():
    truth = {article.slug: article for article in Newsroom().truth()}
    zones = {story.published_at.utcoffset() for story in written_stories()}
    assert len(zones) == 3
    for story in written_stories():
        assert truth[story.slug].published_at == story.published_at
        assert truth[story.slug].published_at.tzinfo is UTC


@pytest.mark.parametrize(("sites", "feeds"), [(1, 1), (1, 2), (1, 7), (3, 3), (3, 5), (4, 40), (2, 200)])
def test_the_feeds_together_list_every_story(sites, feeds):
    newsroom = Newsroom(sites=sites, articles=120, feeds=feeds)
    listed = [
        {story.slug for story in newsroom.feed_stories(site, turn)}
        for site in newsroom.sites
        for turn in range(newsroom.further_feeds(site) + 1)
    ]
    assert len(listed) == feeds == len(set(newsroom.feed_urls()))
    assert all(listed)
    assert set().union(*listed) == {article.slug for article in newsroom.truth()}


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        ({"sites": 0}, "sites"),
        ({"sites": 3, "feeds": 2}, "feeds"),
        ({"articles": -1}, "articles"),
        ({"wire": -1}, "wire"),
    ],
)
def test_impossible_numbers_are_misuse(numbers, word):
    with pytest.raises(Misuse, match=word):
        Newsroom(**numbers)


def test_every_site_prints_each_wire_story_in_its_own_form():
    newsroom = Newsroom(sites=3, articles=7, wire=2)
    truth = newsroom.truth()
    assert len(truth) == len({one.slug for one in truth}) == len({one.url for one in truth}) == 7 + 2 * 3
    for start in (7, 10):
        copies = truth[start : start + 3]
        assert len({one.site for one in copies}) == len({one.body for one in copies}) == 3
        assert len({one.body.split("\n\n")[1] for one in copies}) == 1
    new = newsroom.publish()[0]
    assert new.url in {one.url for one in newsroom.truth()}
    assert new.site == newsroom.site_of(newsroom.story_by_slug(new.slug)).host


def test_published_stories_are_the_newest_and_listed_first():
    newsroom = Newsroom(articles=20)
    new = newsroom.publish(2)
    assert len(newsroom.truth()) == 22
    assert [story.slug for story in newsroom.stories()[:2]] == [new[1].slug, new[0].slug]
    with pytest.raises(Misuse):
        newsroom.publish(0)
