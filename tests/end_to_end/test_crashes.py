"""What is killed, when, and what must hold all the same: every article once, as written."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.end_to_end.conftest import fresh_index
from tests.end_to_end.harness import Run, running
from tests.end_to_end.poison.sitecustomize import MARKER
from workers.newsroom import Fault, Newsroom

pytestmark = [pytest.mark.redis, pytest.mark.timeout(240)]
ARTICLES = 150
POISON = Path(__file__).parent / "poison"


def busy(run: Run, stage: str) -> bool:
    """Whether something is in the works in `stage`."""
    waiting = run.state.overview.waiting()
    return {
        "poll": waiting.feeds > 0,
        "parse": waiting.parsing > 0 or waiting.pending > 0,
        "fetch": waiting.fetch > 0,
        "process": waiting.process > 0,
        "index": waiting.index > 0,
    }[stage]


@pytest.mark.parametrize(
    ("stage", "role", "pool"),
    [
        pytest.param("poll", "io", False, marks=pytest.mark.slow),
        pytest.param("parse", "cpu", True, marks=pytest.mark.slow),
        ("fetch", "io", False),
        ("process", "cpu", True),
        ("process", "cpu", False),
        ("index", "index", False),
        ("fetch", "beat", False),
    ],
)
def test_a_process_killed_in_its_stage_loses_and_doubles_nothing(
    folder: Path, search: dict[str, str], stage: str, role: str, pool: bool
) -> None:
    newsroom = Newsroom(sites=3, articles=ARTICLES)
    for story in newsroom.stories()[:6]:
        newsroom.faults.set(story.slug, Fault(kind="slow_body", seconds=1, times=1))
    with running(folder, newsroom, settings=search) as run:
        for _ in range(2):
            run.until(lambda: busy(run, stage) or run.store.count() >= ARTICLES, 30, f"work in stage {stage}")
            run.kill(role, pool=pool)
            time.sleep(1.5)
        run.until_searchable()
        run.assert_exactly_once()
        assert run.state.dead.count() == 0


def test_what_was_handed_out_and_never_sent_is_handed_out_again(folder: Path) -> None:
    """Beat (or the dispatcher) dies between taking work and sending it."""
    newsroom = Newsroom(sites=2)
    with running(folder, newsroom) as run:
        for _ in range(20):
            run.state.feeds.dispatch(10)
            run.state.frontier.dispatch(10, 5)
            run.state.entries.dispatch("process", 5)
            run.state.entries.dispatch("index", 5)
            time.sleep(0.1)
        run.until_searchable()
        run.assert_exactly_once()


def test_a_lost_second_of_redis_writes_is_made_up_for(folder: Path, search: dict[str, str]) -> None:
    newsroom = Newsroom(sites=3, articles=ARTICLES)
    with running(folder, newsroom, settings=search) as run:
        log = folder / "redis" / "appendonly.aof"
        sizes: list[tuple[float, int]] = []

        def enough() -> bool:
            sizes.append((time.monotonic(), log.stat().st_size))
            return run.store.count() >= 30

        run.until(enough, 60, "some articles")
        run.kill("redis")
        second_ago = [size for at, size in sizes if at <= time.monotonic() - 1.0]
        os.truncate(log, second_ago[-1] if second_ago else sizes[0][1])
        run.until_searchable(120)
        run.assert_exactly_once()
        assert run.child("redis").restarts == 1


def test_articles_of_several_pages_come_whole_whatever_is_killed_between_two_of_them(folder: Path) -> None:
    newsroom = Newsroom(sites=3, articles=60, paged=1)
    with running(folder, newsroom) as run:
        log = folder / "redis" / "appendonly.aof"
        for number, role in enumerate(("io", "cpu", "redis", "index"), 1):
            run.until(lambda: run.state.overview.counts().get("continued", 0) >= 5 * number, 60, "further pages")  # noqa: B023
            size = log.stat().st_size
            time.sleep(0.3)
            run.kill(role)
            if role == "redis":  # and what it wrote last is lost
                os.truncate(log, size)
            time.sleep(1)
        run.until_searchable(120)
        run.assert_exactly_once()
        documents = run.documents().values()
        assert max(document.pages for document in documents) > 1
        assert [document.url for document in documents if document.incomplete or document.edits] == []
        waiting = run.state.client.mget("kabar:handover", "kabar:begun", "kabar:weight")
        assert [int(held or 0) for held in waiting] == [0, 0, 0]


def test_a_page_that_kills_its_worker_ends_as_a_dead_letter(folder: Path) -> None:
    newsroom = Newsroom(sites=2)
    story = newsroom.stories()[3]
    newsroom.faults.set(story.slug, Fault(kind="marker", text=MARKER.decode()))
    poison = next(article.url for article in newsroom.truth() if article.slug == story.slug)
    with running(folder, newsroom, path=POISON) as run:
        run.until(lambda: run.state.dead.count() == 1, 120, "the dead letter")
        run.until_searchable(without=1)
        (letter,) = run.state.dead.list()
        assert (letter.url, letter.reason, letter.attempts) == (poison, "killed_its_worker", 3)
        run.assert_exactly_once(without=frozenset({poison}))


@pytest.mark.elasticsearch
def test_a_search_store_that_is_away_for_a_while_costs_nothing_but_time(
    folder: Path, elasticsearch_url: str, tmp_path: Path
) -> None:
    from tests.elasticsearch_node import node

    newsroom = Newsroom(sites=3, articles=ARTICLES)
    first = node.start(tmp_path / "data")
    port = int(first.url.rsplit(":", 1)[1])
    second = None
    try:
        with running(folder, newsroom, settings=fresh_index(first.url)) as run:
            run.until(lambda: run.store.count() >= 10, 60, "some articles")
            first.kill()
            time.sleep(30)
            second = node.start(tmp_path / "data", port=port)
            run.until_searchable(120)
            run.assert_exactly_once()
            assert run.state.dead.count() == 0
            assert {run.server.hits[article.url] for article in newsroom.truth()} == {1}  # no page was fetched again
    finally:
        first.stop()
        if second is not None:
            second.stop()
