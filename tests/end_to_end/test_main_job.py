"""From feed to search with real processes: everything arrives once, as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.harness import running
from workers.cli.demo import feeds_of
from workers.model import Feed, Query, digest
from workers.newsroom import Fault, Newsroom

pytestmark = [pytest.mark.redis, pytest.mark.timeout(180)]


def test_every_article_becomes_searchable_once_and_as_written(folder: Path, search: dict[str, str]) -> None:
    with running(folder, Newsroom(sites=3), settings=search) as run:
        run.until_searchable()
        run.assert_exactly_once()
        for article in run.newsroom.truth():
            found = run.store.search(Query(text=f'"{article.phrase}"'))
            assert [hit.title for hit in found.hits] == [article.title]
        assert run.state.dead.count() == 0


def test_the_same_feed_polled_ten_times_adds_nothing(folder: Path) -> None:
    with running(folder, Newsroom(sites=2)) as run:
        run.until_searchable()
        before = {url: document.version for url, document in run.documents().items()}
        ids = [feed.id for feed, _, _ in run.state.feeds.all()]
        for number in range(10):
            polls = run.state.overview.counts()["polls"]
            run.state.feeds.make_due(ids)
            run.until(
                lambda polls=polls: run.state.overview.counts()["polls"] >= polls + len(ids), 30, f"poll {number}"
            )
        run.until_searchable()
        run.assert_exactly_once()
        assert {url: document.version for url, document in run.documents().items()} == before


def test_an_article_in_two_feeds_is_one_document_with_both(folder: Path) -> None:
    newsroom = Newsroom(sites=1)
    with running(folder, newsroom, feeds=False) as run:
        base = newsroom.feed_addresses()[0].url.rsplit("/", 1)[0]
        feeds = [Feed(id=digest(base + name), url=base + name) for name in ("/feed.xml", "/atom.xml")]
        for feed in feeds:
            run.state.feeds.put(feed)
        run.until(lambda: all(f[1].polls for f in run.state.feeds.all()), 30, "both feeds polled")
        run.until_searchable()
        run.assert_exactly_once()
        listed = {document.feeds for document in run.documents().values()}
        assert tuple(sorted(feed.id for feed in feeds)) in listed


def test_faults_become_outcomes_and_stop_nothing_else(folder: Path) -> None:
    newsroom = Newsroom(sites=2)
    stories = newsroom.stories()
    faults = {
        "gone": Fault(kind="status", status=404),
        "busy": Fault(kind="status", status=429, retry_after="1", times=1),
        "broken": Fault(kind="status", status=500, times=2),
        "loop": Fault(kind="redirect_loop"),
        "endless": Fault(kind="endless_body"),
        "cut": Fault(kind="cut", times=1),
        "inside": Fault(kind="redirect", location="http://169.254.169.254/latest/"),
        "no_body": Fault(kind="no_body"),
    }
    with running(folder, newsroom, settings={"PAGE_MAX_BYTES": "1000000"}, feeds=False) as run:
        chosen = dict(zip(faults, stories, strict=False))
        for name, story in chosen.items():
            run.server.faults.set(story.slug, faults[name])
        run.stack.use_feeds(feeds_of(newsroom), only=True)
        lost = {"gone": "http_404", "loop": "redirect_loop", "inside": "forbidden_address"}
        run.until(lambda: run.state.dead.count() == len(lost), 90, "dead letters")
        run.until_searchable(without=len(lost))
        truth = {article.slug: article for article in newsroom.truth()}
        letters = {letter.url: letter for letter in run.state.dead.list(50)}
        assert {name: letters[truth[chosen[name].slug].url].reason for name in lost} == lost
        run.assert_exactly_once(without=frozenset(letters))
        documents = run.documents()
        for name in ("no_body", "endless"):  # their pages give nothing: the feed's own text serves
            assert documents[truth[chosen[name].slug].url].body_source == "feed", name


def test_an_edited_article_is_stored_anew_under_its_id(folder: Path) -> None:
    newsroom = Newsroom(sites=1)
    with running(folder, newsroom) as run:
        run.until_searchable()
        story = newsroom.stories()[0]
        article = next(a for a in newsroom.truth() if a.slug == story.slug)
        before = run.documents()[article.url]
        run.server.faults.set(story.slug, Fault(kind="edited", text="Kalimat koreksi redaksi ditambahkan kemudian."))
        run.state.feeds.make_due([feed.id for feed, _, _ in run.state.feeds.all()])
        run.until(lambda: run.documents()[article.url].version > before.version, 60, "the edited version")
        after = run.documents()[article.url]
        assert after.id == before.id
        assert after.body.endswith("Kalimat koreksi redaksi ditambahkan kemudian.")
        assert after.first_seen_at == before.first_seen_at
        run.assert_exactly_once()
