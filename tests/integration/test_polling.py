"""Polls and what surrounds them: hosts that push back, our own outages, moves, the last events of a feed."""

from __future__ import annotations

import dataclasses
import itertools
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.integration.desk import SITE, TEXT, Desk, page
from workers.errors import Permanent, Transient
from workers.fetch.robots import Robots
from workers.model import Entry, Feed, FeedState, digest
from workers.operate.doctor import Finding, examine
from workers.pipeline import Pipeline
from workers.poll.events import KEPT
from workers.poll.outage import MIN_HOSTS
from workers.runtime.bootstrap import build_store
from workers.runtime.settings import load
from workers.state import State
from workers.state.polls import Placed
from workers.state.scripts import connect

pytestmark = pytest.mark.redis


def state_of(desk: Desk, feed: Feed) -> FeedState:
    row = desk.state.feeds.get(feed.id)
    assert row is not None
    return row[1]


def elsewhere(desk: Desk, number: int, *answers: str | Exception) -> Feed:
    """A feed on a host of its own."""
    url = f"https://situs{number}.test/feed"
    feed = Feed(id=digest(url), url=url)
    desk.state.feeds.put(feed)
    desk.web.answers[url] = list(answers)
    return feed


def test_a_host_that_pushes_back_rests_with_all_its_feeds(desk: Desk) -> None:
    first = desk.add("/a")
    desk.web.say("/a", Transient("busy", reason="http_429", retry_after=600))
    desk.web.feed("/b")
    desk.run()
    second = desk.add("/b")
    desk.run()
    assert desk.asked("/a") == 1
    assert desk.asked("/b") == 0
    row = desk.state.feeds.get(second.id)
    assert row is not None and row[2] is not None
    assert 590 < row[2] - desk.state.overview.now_ms() / 1000 <= 601
    assert state_of(desk, first).error_class == "soft"


def test_a_host_of_many_feeds_keeps_its_gap_and_stands_in_nobodys_way(redis_url: str) -> None:
    settings = load({}, redis_url=redis_url, host_gap=5.0)
    state = State(connect(redis_url), settings)
    big = [Feed(id=f"big{n}", url=f"https://besar.test/{n}") for n in range(300)]
    small = [Feed(id=f"small{n}", url=f"https://kecil{n}.test/feed") for n in range(20)]
    for feed in (*big, *small):
        state.feeds.put(feed)
    handed = [feed_id for batch in state.feeds.dispatch(50) for feed_id in batch]
    assert sum(name.startswith("big") for name in handed) == 1
    assert sum(name.startswith("small") for name in handed) == 20
    assert state.feeds.dispatch(50) == [], "the big host's next one has to wait"
    due = sorted(state.client.zscore("kabar:due", feed.id) for feed in big if feed.id not in handed)
    gaps = [(later - earlier) / 1000 for earlier, later in itertools.pairwise(due)]
    assert min(gaps) >= 4.9


def test_a_private_host_gives_batches_within_its_connections(redis_url: str) -> None:
    allowed = load({}, redis_url=redis_url, host_connections=2, allow_addresses="127.0.0.0/8")
    state = State(connect(redis_url), allowed)
    feeds = [Feed(id=f"f{n}", url=f"http://127.0.0.1:8080/{n}") for n in range(30)]
    for feed in feeds:
        state.feeds.put(feed)
    batches = state.feeds.dispatch(100)
    assert [len(batch) for batch in batches] == [5, 5]
    time.sleep(1.6)
    assert state.feeds.dispatch(100) == [], "both connections are in use"
    state.feeds.free(batches[0])
    time.sleep(1.6)
    assert [len(batch) for batch in state.feeds.dispatch(100)] == [5]


def test_when_most_hosts_fail_at_once_no_counter_moves(desk: Desk) -> None:
    down = [elsewhere(desk, n, Transient("no route", reason="connect")) for n in range(MIN_HOSTS * 3)]
    desk.run()
    failures = [state_of(desk, feed).failures for feed in down]
    assert sum(failures) < MIN_HOSTS, "only the first few, before it was plain"
    assert failures.count(0) > MIN_HOSTS * 2
    assert [event.outcome for event in desk.state.feeds.events(down[-1].id)] in (["outage"], ["error"])


def test_one_dead_host_among_many_is_its_own_fault(desk: Desk) -> None:
    for number in range(MIN_HOSTS * 2):
        elsewhere(desk, number, "<rss version='2.0'><channel><title>H</title></channel></rss>")
    desk.run()
    dead = elsewhere(desk, 99, Transient("no route", reason="connect"))
    desk.run()
    assert state_of(desk, dead).failures == 1


def later(desk: Desk) -> None:
    """Have a window pass in which hosts are counted: this one becomes the one before."""
    client = desk.state.client
    for name in ("reach", "unreached"):
        places = sorted(int(key.rsplit(b":")[-1]) for key in client.scan_iter(f"kabar:{name}:*"))
        for place in places:
            client.rename(f"kabar:{name}:{place}", f"kabar:{name}:{place - 1}")


def test_a_list_of_mostly_dead_feeds_is_no_outage(desk: Desk) -> None:
    dead = [elsewhere(desk, n, Transient("no route", reason="connect")) for n in range(40)]
    for number in range(40, 43):
        elsewhere(desk, number, "<rss version='2.0'><channel><title>H</title></channel></rss>")
    for _ in range(3):
        later(desk)
        desk.due()
        desk.run()
    assert min(state_of(desk, feed).failures for feed in dead) >= 1, "each is known to be dead after a few polls"


def test_an_outage_of_hosts_that_answered_freezes_their_counters_for_as_long_as_it_lasts(desk: Desk) -> None:
    empty = "<rss version='2.0'><channel><title>H</title></channel></rss>"
    feeds = [elsewhere(desk, n, empty) for n in range(MIN_HOSTS * 3)]
    desk.run()
    for feed in feeds:
        desk.web.answers[feed.url] = [Transient("no route", reason="dns")]
    for _ in range(4):
        desk.due()
        desk.run()
        later(desk)
    failures = [state_of(desk, feed).failures for feed in feeds]
    assert max(failures) <= 2, "until most hosts were asked in a window: no more than a few"
    assert {desk.state.feeds.events(feed.id)[0].outcome for feed in feeds[MIN_HOSTS:]} <= {"outage", "error"}
    assert state_of(desk, feeds[0]).weight <= 1


def test_the_last_events_of_a_feed_are_kept_newest_first(desk: Desk) -> None:
    feed = desk.add()
    desk.web.say("/feed", Permanent("HTTP 404", reason="http_404"))
    desk.run()
    desk.web.feed("/feed")
    for _ in range(KEPT + 5):
        desk.due()
        desk.run()
    events = desk.state.feeds.events(feed.id)
    assert len(events) == KEPT
    assert {(event.outcome, event.status) for event in events} == {("unchanged", 200)}
    assert events[0].at >= events[-1].at
    desk.web.say("/feed", Permanent("HTTP 404", reason="http_404"))
    desk.due()
    desk.run()
    assert (desk.state.feeds.events(feed.id)[0].outcome, desk.state.feeds.events(feed.id)[0].status) == ("error", 404)


def test_articles_obey_robots_txt_and_fall_back_to_the_feeds_text(desk: Desk) -> None:
    desk.web.say("/robots.txt", "User-agent: *\nDisallow: /rahasia")
    desk.web.say("/x", page("x"))
    desk.web.say("/rahasia-1", page("rahasia-1"))
    desk.web.feed("/feed", "x", "rahasia-1")
    guarded = dataclasses.replace(desk.parts, robots=Robots(desk.web, desk.state.hosts, desk.state.overview.now_ms))
    desk.pipeline = Pipeline(guarded)
    desk.add()
    desk.run()
    assert [document.url for document in desk.documents()] == [f"{SITE}/x"]
    assert desk.letters() == {"rahasia-1": "robots_disallowed"}
    assert (desk.asked("/robots.txt"), desk.asked("/rahasia-1")) == (1, 0)
    desk.web.feed("/feed", "x", "rahasia-2", content=f"<p>{TEXT}</p><p>{TEXT}</p>")
    desk.due()
    desk.run()
    assert [document.body_source for document in desk.documents() if "rahasia" in document.url] == ["feed"]


GAPS = [
    ("answers in no time: the operator's gap", [(0.01, True, 0.0)], 1.0),
    ("slow answers: a longer gap at once", [(8.0, True, 0.0)], 4.0),
    ("fast again: half-way back", [(8.0, True, 0.0), (0.0, True, 0.0)], 2.0),
    ("an error answered fast shortens nothing", [(8.0, True, 0.0), (0.0, False, 0.0)], 4.0),
    ("robots.txt asks for more", [(0.01, True, 7.0)], 7.0),
    ("however slow", [(1_000.0, True, 0.0)], 30.0),
]


@pytest.mark.parametrize(("answers", "gap"), [row[1:] for row in GAPS], ids=[row[0] for row in GAPS])
def test_the_gap_follows_the_hosts_answers(desk: Desk, answers: list[tuple[float, bool, float]], gap: float) -> None:
    feed = desk.add()
    job = desk.state.feeds.claim("poll", feed.id, "t")
    assert job is not None
    entries = [Placed(entry=Entry(id=n, feed_id=feed.id, url=f"{SITE}/{n}"), host="harian.test", gap=1.0) for n in "ab"]
    desk.state.feeds.commit_poll(job, job.state, 60, entries)
    for elapsed, good, crawl_delay in answers:
        desk.state.hosts.pace("harian.test", elapsed, good=good, crawl_delay=crawl_delay)
    begun = desk.state.overview.now_ms()
    assert desk.state.frontier.dispatch(10, 10) == [["a"]]
    opens = desk.state.client.zscore("kabar:hosts", "harian.test")
    assert opens == pytest.approx(begun + gap * 1000, abs=500)


def test_a_moved_feed_is_asked_at_its_new_address_and_keeps_its_id(desk: Desk) -> None:
    feed = desk.add()
    job = desk.state.feeds.claim("poll", feed.id, "t")
    assert job is not None
    moved = msgspec.structs.replace(job.state, moved=True, moved_to=SITE + "/baru", moved_from=feed.url)
    desk.state.feeds.commit_poll(job, moved, 0, [])
    desk.web.feed("/baru")
    desk.run()
    assert (desk.asked("/feed"), desk.asked("/baru")) == (0, 1)
    assert state_of(desk, feed).moved


def test_the_doctor_names_feeds_that_fail_and_fell_silent(redis_url: str, tmp_path: Path) -> None:
    settings = load({}, redis_url=redis_url, data_dir=tmp_path)
    state = State(connect(redis_url), settings)
    now = datetime.now(UTC)

    def health() -> Finding:
        rounds = examine(settings, lambda: state, lambda: build_store(settings), now)
        return next(finding for finding in rounds if finding.name == "feed health")

    old, new = now - timedelta(days=60), now - timedelta(hours=1)
    states = {
        "baik": FeedState(polled_at=new, changed_at=new),
        "sekali": FeedState(polled_at=new, changed_at=new, failures=1, error="timeout: slow"),
        "diam": FeedState(polled_at=new, changed_at=old),
        "rusak": FeedState(polled_at=new, changed_at=new, failures=9, error="http_404: HTTP 404"),
    }
    for name, known in states.items():
        feed = Feed(id=name, url=f"https://{name}.test/feed")
        state.feeds.put(feed)
        job = state.feeds.claim("poll", name, "t")
        assert job is not None
        state.feeds.commit_poll(job, known, 60, [])
    said = health()
    assert not said.ok
    assert "1 failing, 1 silent; first https://rusak.test/feed: 9 in a row" in said.says
    state.feeds.remove("rusak")
    state.feeds.put(Feed(id="diam", url="https://diam.test/feed", enabled=False))
    assert health().ok, "one failure may be chance, and who is disabled may be silent"
