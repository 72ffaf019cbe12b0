"""Polling at the size of a hundred thousand feeds: memory a feed, cost of a tick, polls a second, an hour's stop.

    python -m tests.bench.bench_polling [--feeds N] [--polled N] [--rounds R] [--late N]

1. N feeds in a Redis of their own, with 30 (and 300) seen entries and 30 events each: bytes a feed.
2. One tick of the dispatcher with 1,000 feeds due among them: milliseconds.
3. Real workers poll feeds of the newsroom (50 % answer 304, 30 % send the same body, 20 % have 30 items, 2 of them new;
   articles are not fetched): polls a second, the newsroom's own work included. And one process that only parses.
4. All feeds due at once, as after a stop of an hour: how long until the last was polled, and what that means for N.

Prints a table, and one JSON object on the last line. Absolute figures are the machine's.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from tests.bench.bench_pipeline import cpu_of, newsroom, until
from workers.model import Feed, FeedState, digest
from workers.newsroom.load import ITEMS, LoadFeeds
from workers.operate.embedded_redis import redis_child, wait_ready
from workers.operate.stack import Stack
from workers.pipeline import Limits, Parts, Pipeline
from workers.poll.decide import decide_poll
from workers.poll.events import KEPT, event_of, pack_event
from workers.poll.parse import parse_feed
from workers.poll.schedule import PollRules
from workers.runtime.bootstrap import build_store, rules_of
from workers.runtime.settings import Settings, load
from workers.state import State
from workers.state.scripts import PREFIX, connect

HOSTS = 20  # feeds a host
DUE = 1_000
INTERVAL = 900.0  # seconds: the default
NOW = datetime.now(UTC)


def main() -> None:
    """Run the parts and print what came of them."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--feeds", type=int, default=100_000)
    asked.add_argument("--polled", type=int, default=3_000, help="feeds that real workers poll")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--late", type=int, default=10_000, help="feeds due at once after the stop; 0 leaves it out")
    options = asked.parse_args()
    found: dict[str, Any] = {"options": vars(options)}
    with private_redis() as (settings, state):
        found |= memory(state, options.feeds)
        found |= tick(settings, state)
    found |= parsing()
    with newsroom(0, 1) as address:
        found |= polling(address, options.polled, options.rounds)
        if options.late:
            found |= recovery(address, options.late, options.feeds)
    report(found)


@contextmanager
def private_redis() -> Iterator[tuple[Settings, State]]:
    """A Redis of its own, as `kabar up` starts it."""
    folder = Path(tempfile.mkdtemp(prefix="kabar-bench-"))
    child, url = redis_child(folder, dict(os.environ))
    child.start()
    try:
        wait_ready(url, child)
        settings = load({}, redis_url=url, data_dir=folder, io_threads=DUE // 10)
        yield settings, State(connect(url), settings)
    finally:
        child.terminate()
        child.wait(time.monotonic() + 5)
        shutil.rmtree(folder, ignore_errors=True)


def feed_of(number: int) -> Feed:
    """A feed as operators have them."""
    host = f"berita{number // HOSTS}.example.id"
    url = f"https://www.{host}/rss/kanal-daerah/{number}.xml"
    return Feed(id=digest(url), url=url, title=f"Berita Daerah {number}", site=host, section="Daerah")


def memory(state: State, count: int) -> dict[str, Any]:
    """Register `count` feeds with what polls leave behind; returns bytes a feed."""
    client: Any = state.client
    before = client.info("memory")["used_memory"]
    begin = time.monotonic()
    for start in range(0, count, 1_000):
        feeds = [feed_of(number) for number in range(start, min(start + 1_000, count))]
        put(state, feeds)
        fill(client, feeds, 0, 30)
    seconds = time.monotonic() - begin
    with_30 = (client.info("memory")["used_memory"] - before) / count
    sample = [feed_of(number) for number in range(min(2_000, count))]
    before = client.info("memory")["used_memory"]
    fill(client, sample, 30, 300)
    more = (client.info("memory")["used_memory"] - before) / len(sample)
    check(state, sample[0])
    return {"bytes_a_feed": with_30, "bytes_a_feed_300_seen": with_30 + more, "registered_in": seconds}


def put(state: State, feeds: Sequence[Feed]) -> None:
    for feed in feeds:
        state.feeds.put(feed)


def fill(client: Any, feeds: Sequence[Feed], first: int, last: int) -> None:
    """What 30 polls leave: state, events, seen entries (in the form `see` of prelude.lua writes)."""
    polled = FeedState(
        etag='W/"5f3c2a1b9d"', last_modified="Thu, 04 Sep 2025 07:05:00 GMT", body_hash=digest("body"),
        polled_at=NOW, changed_at=NOW, interval=900, polls=30, entries_seen=60, per_day=24.5,
    )  # fmt: skip
    decision = decide_poll(feeds[0], polled, None, _unmodified(feeds[0]), {}, now=NOW, rules=PollRules(), jitter=0)
    event = pack_event(event_of(decision, _unmodified(feeds[0]), ITEMS, NOW))
    pipeline = client.pipeline(transaction=False)
    for feed in feeds:
        names = ((digest(feed.url, str(n)), digest("f", str(n))) for n in range(first, last))
        seen = {bytes.fromhex(name)[:12]: bytes.fromhex(fingerprint)[:4] for name, fingerprint in names}
        pipeline.hset(PREFIX + "seen:" + feed.id, mapping=seen)
        if first == 0:
            pipeline.hset(
                PREFIX + "feed:" + feed.id, mapping={"state": _encoded(decision.state), "events": event * KEPT}
            )
    pipeline.execute()


def _encoded(state: FeedState) -> bytes:
    from workers.state.handover import compact

    return compact(state)


def _unmodified(feed: Feed) -> Any:
    from workers.model import Download

    return Download(url=feed.url, final_url=feed.url, status=304, headers={}, body=b"", elapsed=0.2)


def check(state: State, feed: Feed) -> None:
    """What was filled in is what the state itself reads."""
    from workers.model import Entry

    entry = Entry(id=digest(feed.url, "7"), feed_id=feed.id, url="", fingerprint=digest("f", "7"))
    assert state.feeds.known(feed.id, [entry]) == {entry.id: entry.fingerprint}
    assert len(state.feeds.events(feed.id)) == KEPT


class Nobody:
    """A courier whose messages go nowhere."""

    def send(self, stage: str, ids: Sequence[str]) -> None: ...


def tick(settings: Settings, state: State) -> dict[str, Any]:
    """Time whole ticks of the dispatcher that hand out DUE feeds of as many hosts."""
    pipeline = Pipeline(
        Parts(
            state=state, http=None, store=build_store(settings), archive=None, tagger=None, sites=None,
            courier=Nobody(), clock=lambda: NOW, random=lambda: 0.5, rules=rules_of(settings), limits=Limits(),
            webhook=None, mailer=None, scratch=None,
        )  # type: ignore[arg-type]
    )  # fmt: skip
    client: Any = state.client
    every = [i.decode() for i in client.zrange(PREFIX + "due", 0, -1)]
    later = int((time.time() + 3_600) * 1000)
    for start in range(0, len(every), 10_000):
        client.zadd(PREFIX + "due", dict.fromkeys(every[start : start + 10_000], later))
    hosts = len(every) // HOSTS
    due = min(DUE, hosts)
    times = []
    for turn in range(max(1, min(5, hosts // due))):  # of other hosts each time: one was asked a moment ago
        ids = [feed_of((turn * due + number) * HOSTS).id for number in range(due)]
        client.zadd(PREFIX + "due", dict.fromkeys(ids, 1))
        begin = time.perf_counter()
        handed = pipeline.dispatch()["poll"]
        times.append((time.perf_counter() - begin) * 1000)
        assert handed == due
    return {"tick_ms": statistics.median(times), "tick_handed": due, "tick_ms_worst": max(times)}


def parsing() -> dict[str, Any]:
    """Parse a changing feed of 30 items over and over: parses a second of one process."""
    import gzip

    server, feed = LoadFeeds(), Feed(id="f", url="http://load.newsroom.test/load/8.xml")
    bodies = []
    for _ in range(50):
        answer = server.answer("8", {})
        assert answer is not None
        bodies.append(gzip.decompress(answer.body))
    begin, count = time.perf_counter(), 0
    while time.perf_counter() - begin < 3:
        parse_feed(bodies[count % len(bodies)], feed, now=NOW, max_entries=2_000)
        count += 1
    return {"parses_a_second": count / (time.perf_counter() - begin)}


def environment(address: str, folder: Path) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KABAR_")}
    own = {
        "DATA_DIR": str(folder),
        "RESOLVE": f"*.newsroom.test={address.removeprefix('http://')}",
        "ALLOW_ADDRESSES": "127.0.0.0/8",
        "LOG_LEVEL": "WARNING",
    }
    return plain | {f"KABAR_{name}": value for name, value in own.items()}


@contextmanager
def stack(address: str, count: int) -> Iterator[tuple[Stack, list[str]]]:
    """Workers with `count` feeds of the newsroom; their articles' host rests, so that only feeds are fetched."""
    folder = Path(tempfile.mkdtemp(prefix="kabar-bench-"))
    try:
        with Stack(environment(address, folder)) as running:
            state = running.adapters.state
            state.hosts.quiet("load.newsroom.test", 86_400)
            feeds = [
                Feed(
                    id=digest(url),
                    url=url,
                    site="load.newsroom.test",
                    interval=80_000,
                )
                for url in (f"http://situs{n // HOSTS}.newsroom.test/load/{n}.xml" for n in range(count))
            ]
            put(state, feeds)
            yield running, [feed.id for feed in feeds]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def polls(running: Stack) -> int:
    return running.adapters.state.overview.counts().get("polls", 0)


def spent(running: Stack) -> dict[str, float]:
    """CPU seconds so far of each process, the newsroom's among them, since it is a part of the load."""
    servers = [child for child in psutil.Process().children() if "newsroom" in child.cmdline()]
    return cpu_of(running) | {"newsroom": sum(sum(server.cpu_times()[:2]) for server in servers)}


def polling(address: str, count: int, rounds: int) -> dict[str, Any]:
    """Have all feeds polled once to warm up, then time `rounds` more."""
    with stack(address, count) as (running, ids):
        until(lambda: polls(running) >= count, 600)
        rates, before = [], spent(running)
        for number in range(rounds):
            done = polls(running)
            begin = time.monotonic()
            running.adapters.state.feeds.make_due(ids)
            until(lambda done=done: polls(running) >= done + count, 600)  # type: ignore[misc]
            rates.append(count / (time.monotonic() - begin))
            print(f"round {number + 1}: {rates[-1]:.1f} polls/s", file=sys.stderr)
        after = spent(running)
        states = [state for _, state, _ in running.adapters.state.feeds.all()]
        assert not any(state.failures for state in states), "every poll was a good one"
        return {
            "polls_a_second": statistics.median(rates),
            "rates": rates,
            "cpu_ms_a_poll": {n: (after[n] - before.get(n, 0)) * 1000 / (count * rounds) for n in after},
        }


def recovery(address: str, count: int, whole: int) -> dict[str, Any]:
    """All feeds overdue at once: how long until the last was polled, and the same for `whole` feeds."""
    with stack(address, count) as (running, ids):
        until(lambda: polls(running) >= count, 1_200)
        client: Any = running.adapters.state.client
        done, begin = polls(running), time.monotonic()  # before the first is due, for the workers are quick
        hour_ago = (time.time() - 3_600) * 1000
        overdue = {feed_id: hour_ago + 3_600_000 * number / count for number, feed_id in enumerate(ids)}
        client.zadd(PREFIX + "due", overdue)  # as an hour's stop leaves them
        until(lambda: polls(running) >= done + count, 1_200)
        seconds = time.monotonic() - begin
        return {
            "late_feeds": count,
            "late_seconds": seconds,
            "late_seconds_for_all": seconds * whole / count,
            "late_limit": INTERVAL + 60,
        }


def report(found: dict[str, Any]) -> None:
    """Print the table and the JSON."""
    rows = [
        ("feeds registered", f"{found['options']['feeds']:,}"),
        ("Redis memory a feed, 30 seen, 30 events", f"{found['bytes_a_feed']:.0f} bytes"),
        ("the same with 300 seen", f"{found['bytes_a_feed_300_seen']:.0f} bytes"),
        (f"tick, {found['tick_handed']} of {DUE} due feeds handed out", f"{found['tick_ms']:.1f} ms (median)"),
        ("parses a second, one process", f"{found['parses_a_second']:.0f}"),
        ("polls a second, newsroom included", f"{found['polls_a_second']:.0f}"),
    ]
    rows += [(f"  CPU of {name}", f"{ms:.2f} ms a poll") for name, ms in found["cpu_ms_a_poll"].items()]
    rows.append(("  CPU of all", f"{sum(found['cpu_ms_a_poll'].values()):.2f} ms a poll"))
    if "late_seconds" in found:
        rows.append((f"{found['late_feeds']:,} overdue feeds polled in", f"{found['late_seconds']:.0f} s"))
        rows.append(
            ("  that is for all feeds", f"{found['late_seconds_for_all']:.0f} s of {found['late_limit']:.0f} s allowed")
        )
    for name, value in rows:
        print(f"{name:46} {value}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
