"""State on a real Redis, with leases short enough to wait for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.integration.desk import desk  # noqa: F401 - a fixture of every test here
from workers.model import Entry, Feed, FeedState, digest
from workers.runtime.settings import Settings, load
from workers.state import State
from workers.state.entries import Job
from workers.state.polls import Placed
from workers.state.scripts import connect

LEASE = 0.4
TIMES = {
    "batch_budget": 0.1,
    "item_limit": 0.1,
    "soft_limit": 0.25,
    "hard_limit": 0.3,
    "fetch_deadline": 0.3,
    "lease": LEASE,
    "redispatch": LEASE,
    "visibility_timeout": 5,
}
SEEN = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)


@pytest.fixture
def settings(redis_url: str) -> Settings:
    """Settings with short times on the test's Redis."""
    return load({}, redis_url=redis_url, **TIMES)


@pytest.fixture
def state(settings: Settings) -> State:
    """An empty state."""
    return State(connect(settings.redis_url), settings)


@pytest.fixture
def feed(state: State) -> Feed:
    """One registered feed, due now."""
    feed = Feed(id=digest("https://kabar.test/feed"), url="https://kabar.test/feed")
    state.feeds.put(feed)
    return feed


def entry(feed: Feed, name: str, **more: object) -> Entry:
    """An entry of `feed` called `name`."""
    url = f"https://kabar.test/{name}"
    values = {"id": digest("url", url), "feed_id": feed.id, "url": url, "title": name, "fingerprint": "f1", **more}
    return Entry(**values)  # type: ignore[arg-type]


@pytest.fixture
def add(state: State, feed: Feed) -> Callable[..., list[str]]:
    """Commits a poll with entries of these names; returns their ids."""

    def commit(
        *names: str, feed: Feed = feed, host: str = "kabar.test", gap: float = 0, delay: float = 60, **more: object
    ) -> list[str]:
        state.feeds.make_due([feed.id])
        job = state.feeds.claim("poll", feed.id, "poll-token")
        assert job is not None
        entries = [entry(feed, name, **more) for name in names]
        placed = [Placed(entry=e, host=host, gap=gap) for e in entries]
        assert state.feeds.commit_poll(job, FeedState(etag="e"), delay, placed).committed
        return [e.id for e in entries]

    return commit


@pytest.fixture
def claimed(state: State, add: Callable[..., list[str]]) -> Callable[..., Job]:
    """Adds one entry and claims it for a stage, its hand-over included."""

    def claim(stage: str = "fetch", name: str = "a", token: str = "t") -> Job:
        (entry_id,) = add(name)
        job = state.entries.claim("fetch", [entry_id], "t0").jobs[0]
        if stage in ("process", "index"):
            assert state.entries.commit_fetch(job, b"page")
            job = state.entries.claim("process", [entry_id], "t1").jobs[0]
        if stage == "index":
            assert state.entries.commit_process(job, b"document", "article", job.feeds)
            job = state.entries.claim("index", [entry_id], "t2").jobs[0]
        state.entries.release([entry_id], job.token)
        return state.entries.claim(stage, [entry_id], token).jobs[0]  # type: ignore[arg-type]

    return claim
