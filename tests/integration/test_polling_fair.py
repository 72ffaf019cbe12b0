"""The order of polls over hosts: a huge host keeps its own pace and costs the others nothing. On a real Redis."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
import pytest

from tests.bench import bench_polling
from workers.fetch.politeness import host_of
from workers.model import Feed, FeedState, digest
from workers.runtime.settings import load
from workers.state import State
from workers.state.scripts import connect

pytestmark = pytest.mark.redis
HUGE, OTHERS = 14_000, 200  # mediacloud/rss-fetcher knows a source of 14,000 feeds


def feeds_of(name: str, count: int, host: Callable[[int], str]) -> list[Feed]:
    return [Feed(id=f"{name}{n:05}", url=f"https://{host(n)}/{n}.xml") for n in range(count)]


def put(state: State, feeds: list[Feed], since: float) -> None:
    """Register feeds that have all been due for `since` seconds."""
    for feed in feeds:
        state.feeds.put(feed)
    due = (time.time() - since) * 1000
    state.client.zadd("kabar:due", {feed.id: due + number for number, feed in enumerate(feeds)})


def handed(state: State, limit: int = 500) -> list[str]:
    return [feed_id for batch in state.feeds.dispatch(limit) for feed_id in batch]


def test_fourteen_thousand_feeds_of_one_host_delay_no_other(redis_url: str) -> None:
    state = State(connect(redis_url), load({}, redis_url=redis_url, host_gap=0.3))
    huge = feeds_of("huge", HUGE, lambda n: "besar.test")
    put(state, huge, since=3_600)  # overdue longer than all others: first in any plain order
    put(state, feeds_of("small", OTHERS, lambda n: f"kecil{n}.test"), since=60)
    got, ticks, cost = set(), 0, []
    while len(got) < OTHERS and ticks < 10:
        begin = time.perf_counter()
        got |= {name for name in handed(state) if name.startswith("small")}
        cost.append(time.perf_counter() - begin)
        ticks += 1
    assert len(got) == OTHERS
    assert ticks <= 4, "at once, or nearly"
    quiet = []
    for _ in range(5):
        begin = time.perf_counter()
        handed(state)
        quiet.append(time.perf_counter() - begin)
    assert max(quiet) < max(cost) / 3, "those in line are not looked at again each tick"


def test_a_huge_host_is_worked_through_in_order_at_its_own_gap(redis_url: str) -> None:
    state = State(connect(redis_url), load({}, redis_url=redis_url, host_gap=0.05))
    huge = feeds_of("huge", 40, lambda n: "besar.test")
    put(state, huge, since=60)
    begin, order = time.monotonic(), []
    while len(order) < len(huge) and time.monotonic() - begin < 20:
        some = handed(state)
        state.feeds.free(some)
        order += some
        time.sleep(0.01)
    assert order == [feed.id for feed in huge], "each once, the longest due first"
    assert time.monotonic() - begin >= 39 * 0.05


def test_who_left_the_line_is_passed_over(redis_url: str) -> None:
    state = State(connect(redis_url), load({}, redis_url=redis_url, host_gap=0.2))
    first, second, third, fourth = feeds = feeds_of("f", 4, lambda n: "besar.test")
    put(state, feeds, since=60)
    assert handed(state) == [first.id]
    state.feeds.remove(second.id)
    state.feeds.put(msgspec.structs.replace(third, enabled=False))
    state.feeds.free([first.id])
    time.sleep(0.25)
    assert handed(state) == [fourth.id]


def test_a_lost_line_is_made_up_for(redis_url: str) -> None:
    state = State(connect(redis_url), load({}, redis_url=redis_url, host_gap=0.1))
    feeds = feeds_of("f", 3, lambda n: "besar.test")
    put(state, feeds, since=60)
    got = handed(state)
    state.client.delete("kabar:lines", "kabar:line:besar.test")
    for _ in range(12):
        time.sleep(0.1)
        state.feeds.free(got)
        got += handed(state)
    assert sorted(got) == [feed.id for feed in feeds]


def test_a_feed_that_moved_is_the_guest_of_its_new_host(redis_url: str) -> None:
    state = State(connect(redis_url), load({}, redis_url=redis_url, host_gap=5.0))
    old, other = "https://lama.test/feed", Feed(id=digest("o"), url="https://baru.test/lain")
    feed = Feed(id=digest(old), url=old)
    state.feeds.put(feed)
    assert handed(state) == [feed.id]
    job = state.feeds.claim("poll", feed.id, "t")
    assert job is not None
    moved = FeedState(moved=True, moved_to="https://baru.test/feed", moved_from=old)
    assert state.feeds.commit_poll(job, moved, 0, []).committed
    state.feeds.put(other)
    assert len(handed(state)) == 1, "both are on baru.test now: one a gap"
    state.feeds.put(feed)  # its settings are changed: it lives where it lived
    assert host_of(moved.moved_to) == "baru.test"
    assert state.client.hget("kabar:feed:" + feed.id, "at") == b"baru.test"
    assert state.client.zcard("kabar:busy:lama.test") == 0, "the old host is free again"


def test_an_hours_stop_leaves_no_herd(redis_url: str) -> None:
    """Of feeds all overdue, a tick takes no more than it is given, one of each host, and the rest wait their turn."""
    state = State(connect(redis_url), load({}, redis_url=redis_url, host_gap=1.0))
    feeds = feeds_of("f", 600, lambda n: f"situs{n // 3}.test")
    put(state, feeds, since=3_600)
    first = handed(state, 100)
    assert len(first) == 100
    second = handed(state, 500)
    assert len(set(first + second)) == 200, "one of each host"
    assert handed(state) == []


def test_a_feed_costs_less_than_two_and_a_half_kilobytes_and_a_tick_hands_out_what_is_due() -> None:
    """`make bench-polling` at a small size: what 30 seen entries and 30 events take, and one tick."""
    with bench_polling.private_redis() as (own, state):
        assert bench_polling.memory(state, 600)["bytes_a_feed"] < 2_500
        assert bench_polling.tick(own, state)["tick_handed"] == 30
