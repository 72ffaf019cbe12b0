"""Feeds and their state: configuration, due times, leases, what of their entries was seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import structs

from workers.fetch.politeness import host_of
from workers.model import Entry, Feed, FeedState
from workers.poll.events import FeedEvent, unpack_events
from workers.poll.moves import address
from workers.poll.outage import WINDOW
from workers.reports import PollReport
from workers.state.handover import compact, read_compact
from workers.state.polls import FeedJob, FeedStage, Placed, Polled
from workers.state.reports import KEPT
from workers.state.scripts import PREFIX, Scripts, translated

SCAN = 2_000  # due feeds that are looked at in one tick
UNKNOWN_HOST = "unknown.invalid"  # of a host whose own gap was forgotten


class Feeds:
    """The feeds. Lengths of time are seconds; due times are epoch seconds by Redis' clock."""

    def __init__(
        self,
        scripts: Scripts,
        *,
        lease: float,
        redispatch: float,
        max_claims: int,
        ceiling: int,
        connections: int,
        gap: Callable[[str], float],
    ) -> None:
        """`gap`: host → least seconds between two polls there; `connections`: polls and fetches there at a time."""
        self._connections = connections
        self._gap = gap
        self._run = scripts.run
        self._client = scripts.client
        self._lease = int(lease * 1000)
        self._redispatch = int(redispatch * 1000)
        self._max_claims = max_claims
        self._ceiling = ceiling * 1000

    def put(self, feed: Feed) -> bool:
        """Add or change a feed's configuration; True when it is new. Its state stays."""
        host = host_of(feed.url)
        gap = int(self._gap(host) * 1000)
        return bool(self._run("put_feed", feed.id, compact(feed), int(feed.enabled), host, gap))

    def remove(self, feed_id: str) -> bool:
        """Forget a feed, its state and the feeds it led to; True when there was one. Pending entries go on."""
        for child in self.children(feed_id):
            self._run("remove_feed", child.id)
        with translated():
            self._client.delete(PREFIX + "children:" + feed_id)
        return bool(self._run("remove_feed", feed_id))

    def adopt(self, feed_id: str, children: Sequence[Feed]) -> None:
        """Make `children` the feeds that `feed_id` leads to: new ones are added, those it names no more forgotten.

        A feed that somebody added under the same address, before or since, stays theirs, and one that was disabled
        stays so. Repeating it mends what a crash left.
        """
        before = {child.id: child for child in self.children(feed_id)}
        for child in children:
            known = self.get(child.id)
            if known is None or known[0].parent == feed_id:
                with translated():
                    self._client.sadd(PREFIX + "children:" + feed_id, child.id)
                self.put(child if known is None else structs.replace(child, enabled=known[0].enabled))
        for gone in before.keys() - {child.id for child in children}:
            self._run("remove_feed", gone)
            with translated():
                self._client.srem(PREFIX + "children:" + feed_id, gone)

    def children(self, feed_id: str) -> list[Feed]:
        """Return the feeds that a sitemap index led to; not those somebody has added since."""
        with translated():
            found: Any = self._client.smembers(PREFIX + "children:" + feed_id)
        rows = self._read([i.decode() for i in found]) if found else []
        return [feed for feed, _, _ in rows if feed.parent == feed_id]

    def all(self) -> list[tuple[Feed, FeedState, float | None]]:
        """Return every feed with its state and next due time (None: not scheduled), in the order of their URLs."""
        with translated():
            ids = [i.decode() for i in self._client.smembers(PREFIX + "feeds")]  # type: ignore[union-attr]
        rows = [row for start in range(0, len(ids), 500) for row in self._read(ids[start : start + 500])]
        return sorted(rows, key=lambda row: row[0].url)

    def get(self, feed_id: str) -> tuple[Feed, FeedState, float | None] | None:
        """Return one feed, or None."""
        rows = self._read([feed_id])
        return rows[0] if rows else None

    def make_due(self, feed_ids: Sequence[str]) -> int:
        """Have these feeds polled now; returns how many were moved."""
        if not feed_ids:
            return 0
        with translated():
            seconds, micros = self._client.time()
            now = seconds * 1000 + micros // 1000
            moved: Any = self._client.zadd(PREFIX + "due", dict.fromkeys(feed_ids, now), xx=True, ch=True)
        return int(moved)

    def park(self, feed_ids: Sequence[str]) -> None:
        """Take feeds off the schedule without changing them; `put` brings an enabled one back."""
        if feed_ids:
            with translated():
                self._client.zrem(PREFIX + "due", *feed_ids)

    def dispatch(self, limit: int) -> list[list[str]]:
        """Hand out up to `limit` due feeds in batches of one host each; not again before the redispatch time.

        A host gets no more connections than it may have (its articles' included) and its gap between two polls.
        """
        gap = int(self._gap(UNKNOWN_HOST) * 1000)
        rows = self._run("dispatch_poll", limit, self._redispatch, self._connections, gap, max(SCAN, limit))
        return [[i.decode() for i in row[1:]] for row in rows]

    def free(self, feed_ids: Sequence[str]) -> None:
        """Tell that these feeds were polled: a batch's first one held a connection to its host."""
        if feed_ids:
            self._run("free_polls", *feed_ids)

    def dispatch_parse(self, limit: int) -> list[str]:
        """Hand out up to `limit` downloaded feeds that wait to be parsed."""
        return [i.decode() for i in self._run("dispatch", "parse", limit, self._redispatch)]

    def claim(self, stage: FeedStage, feed_id: str, token: str) -> FeedJob | None:
        """Claim a feed for `stage`; None when it is not there, not in this stage or leased."""
        row = self._run("claim_feed", stage, token, self._lease, self._max_claims, feed_id)
        if row is None:
            return None
        status, config, state, claims, now, download = row
        return FeedJob(
            token=token,
            poison=status == b"poison",
            claims=int(claims),
            feed=read_compact(config, Feed),
            state=read_compact(state, FeedState) if state else FeedState(),
            now=datetime.fromtimestamp(int(now) / 1000, UTC),
            download=download,
        )

    def commit_download(self, job: FeedJob, download: bytes) -> bool:
        """Hand the packed download over to the parse stage."""
        return bool(self._run("commit_download", job.feed.id, job.token, download))

    def commit_poll(
        self,
        job: FeedJob,
        state: FeedState,
        delay: float,
        entries: Sequence[Placed],
        keep: Sequence[str] = (),
        event: bytes = b"",
        *,
        answered: bool = True,
        report: PollReport | None = None,
    ) -> Polled:
        """Commit a poll whole: new entries, state, next due time in `delay`, lease, the packed event.

        `answered`: the feed's host gave an answer, whatever it was. `report`: joins those that wait to be shown.

        `keep`: when given, the only seen entries to remember.
        """
        enabled = job.feed.enabled and not state.gone
        row = self._run(
            "commit_poll",
            job.feed.id,
            job.token,
            compact(state),
            int(delay * 1000),
            self._ceiling,
            int(enabled),
            event,
            WINDOW if answered else 0,
            host_of(address(job.feed, state)),
            compact(report) if report else b"",
            KEPT,
            len(entries),
            *(part for each in entries for part in each.arguments),
            *keep,
        )
        return Polled(committed=bool(row[0]), new=int(row[1]), known=int(row[2]), relisted=int(row[3]))

    def events(self, feed_id: str) -> list[FeedEvent]:
        """Return the feed's last polls, newest first."""
        with translated():
            found = self._client.hget(PREFIX + "feed:" + feed_id, "events")
        return unpack_events(found) if isinstance(found, bytes) else []

    def known(self, feed_id: str, entries: Sequence[Entry]) -> dict[str, str]:
        """Return the fingerprints of those entries that are not new to this feed: seen, pending, or dead letters.

        An entry seen under another fingerprint has some other text as its value.
        """
        if not entries:
            return {}
        values = self._run("known", feed_id, *(part for entry in entries for part in (entry.id, entry.fingerprint)))
        return {entry.id: v.decode() for entry, v in zip(entries, values, strict=True) if v}

    def remembered(self, feed_id: str) -> int:
        """Return how many seen entries are remembered for the feed."""
        with translated():
            return int(self._client.hlen(PREFIX + "seen:" + feed_id))

    def release(self, feed_ids: Sequence[str], token: str) -> int:
        """Give back what was handed out or claimed and not worked on."""
        return int(self._run("release_feed", token, *feed_ids)) if feed_ids else 0

    def bury(self, feed_id: str, record: bytes, cap: int) -> None:
        """Note a feed whose poll kills workers or breaks in an unforeseen way; it is still polled later."""
        self._run("bury_feed", feed_id, record, cap)

    def _read(self, ids: Sequence[str]) -> list[tuple[Feed, FeedState, float | None]]:
        with translated():
            pipeline = self._client.pipeline(transaction=False)
            for feed_id in ids:
                pipeline.hmget(PREFIX + "feed:" + feed_id, ["config", "state"])
                pipeline.zscore(PREFIX + "due", feed_id)
                pipeline.zscore(PREFIX + "parse", feed_id)
            answers = pipeline.execute()
        rows = []
        for index in range(0, len(answers), 3):
            (config, state), due, parse = answers[index : index + 3]
            if config is not None:
                when = due if due is not None else parse
                rows.append(
                    (
                        read_compact(config, Feed),
                        read_compact(state, FeedState) if state else FeedState(),
                        None if when is None else when / 1000,
                    )
                )
        return rows
