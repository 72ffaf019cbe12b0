"""The pipeline: one method a task, and the dispatcher that wakes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial

from workers.fetch.politeness import host_of
from workers.pipeline.batch import Batch, log
from workers.pipeline.fetching import fetch_one
from workers.pipeline.indexing import index_batch
from workers.pipeline.parts import Parts
from workers.pipeline.polling import parse_one, poll_one
from workers.pipeline.processing import process_one

QUEUES = ("dispatch", "poll", "fetch", "process", "index")
QUEUE_OF = {"poll": "poll", "parse": "process", "fetch": "fetch", "process": "process", "index": "index"}
FEEDS_A_MESSAGE = 5


class Pipeline:
    """Runs the stages. Thread-safe: all that lasts is in Redis and the store."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def dispatch(self) -> dict[str, int]:
        """Wake the stages for what waits; returns how many items were handed out, by stage.

        Safe to run twice at once: what one run hands out, the other does not see.
        """
        state, rules = self.parts.state, self.parts.rules
        queued = state.overview.queue_lengths(list(QUEUES))
        batch = Batch(self.parts, "dispatch")
        sent: dict[str, int] = defaultdict(int)
        room = max(0, rules.cpu_slots - queued["process"])
        for stage, ids in (
            ("index", state.entries.dispatch("index", rules.index_batch * 4) if queued["index"] < 4 else []),
            ("process", state.entries.dispatch("process", room * rules.batch_size) if room else []),
            ("parse", state.feeds.dispatch("parse", room * FEEDS_A_MESSAGE) if room else []),
        ):
            size = {"index": rules.index_batch, "process": rules.batch_size, "parse": FEEDS_A_MESSAGE}[stage]
            for chunk in _chunks(ids, size):
                batch.hand_on(stage, chunk)
                sent[stage] += len(chunk)
        sent["poll"] = self._dispatch_polls(batch, rules.io_slots - queued["poll"])
        sent["fetch"] = self.dispatch_fetch(rules.io_slots - queued["fetch"])
        state.overview.beat("beat")
        return dict(sent)

    def dispatch_fetch(self, batches: int) -> int:
        """Hand out up to `batches` batches of the frontier; returns how many entries that were."""
        if batches <= 0:
            return 0
        batch, handed = Batch(self.parts, "dispatch"), 0
        for ids in self.parts.state.frontier.dispatch(batches, self.parts.rules.batch_size):
            batch.hand_on("fetch", ids)
            handed += len(ids)
        return handed

    def _dispatch_polls(self, batch: Batch, room: int) -> int:
        """Send due feeds, those of one host in one message: one connection polls them in turn."""
        state = self.parts.state
        if room <= 0 or state.entries.pending() >= self.parts.rules.max_pending:
            return 0
        ids = state.feeds.dispatch("poll", room * FEEDS_A_MESSAGE)
        by_host: dict[str, list[str]] = defaultdict(list)
        for feed_id, url in state.feeds.urls(ids):
            by_host[host_of(url)].append(feed_id)
        for host_ids in by_host.values():
            for chunk in _chunks(host_ids, FEEDS_A_MESSAGE):
                batch.hand_on("poll", chunk)
        return len(ids)

    def poll(self, feed_ids: Sequence[str]) -> None:
        """Download due feeds; hand those that changed on to be parsed."""
        batch, parse = Batch(self.parts, "poll"), []
        for number, feed_id in enumerate(feed_ids):
            if not batch.open:
                self.parts.state.feeds.release(feed_ids[number:], batch.token)
                break
            if waiting := poll_one(batch, feed_id):
                parse.append(waiting)
        batch.hand_on("parse", parse)
        batch.flush()
        self.parts.state.overview.beat("io")

    def parse(self, feed_ids: Sequence[str]) -> None:
        """Parse downloaded feeds; hand on what their hosts allow at once."""
        batch, new = Batch(self.parts, "parse"), 0
        for number, feed_id in enumerate(feed_ids):
            if not batch.open:
                self.parts.state.feeds.release(feed_ids[number:], batch.token)
                break
            new += parse_one(batch, feed_id)
        batch.flush()
        if new:
            self.dispatch_fetch(self.parts.rules.io_slots)
        self.parts.state.overview.beat("cpu")

    def fetch(self, ids: Sequence[str]) -> None:
        """Fetch one host's entries in turn; hand the pages on and take up the host's next entries."""
        batch = Batch(self.parts, "fetch")
        jobs = batch.entries("fetch", ids, partial(fetch_one, batch))
        batch.hand_on("process", [job.id for job in jobs])
        if jobs:
            self.parts.state.frontier.free(jobs[0].host, ids[0])
        self.dispatch_fetch(2)
        self.parts.state.overview.beat("io")

    def process(self, ids: Sequence[str]) -> None:
        """Make documents of pages; hand them on to be indexed."""
        batch = Batch(self.parts, "process")
        jobs = batch.entries("process", ids, partial(process_one, batch))
        batch.hand_on("index", [job.id for job in jobs])
        self.parts.state.overview.beat("cpu")

    def index(self, ids: Sequence[str]) -> None:
        """Index documents in bulk and acknowledge what the store took."""
        index_batch(Batch(self.parts, "index"), ids)
        self.parts.state.overview.beat("index")

    def sweep(self) -> dict[str, int]:
        """Mend what crashes, a lost second of writes or a jumped clock left behind."""
        mended = self.parts.state.overview.sweep()
        if any(mended.values()):
            log.info("swept", **mended)
        return mended


def _chunks(ids: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
