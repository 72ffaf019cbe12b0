"""The pipeline: one method a task, and the dispatcher that wakes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Literal, TypeVar

from workers.pipeline.alerting import look
from workers.pipeline.batch import Batch, log
from workers.pipeline.delivering import deliver
from workers.pipeline.fetching import fetch_one
from workers.pipeline.indexing import index_batch
from workers.pipeline.letters import show_dead_letters
from workers.pipeline.parts import Parts
from workers.pipeline.polling import parse_one, poll_one
from workers.pipeline.processing import process_one
from workers.pipeline.refetching import recall
from workers.pipeline.reports import show_polls

FEEDS_A_MESSAGE = 10
PARSES_A_MESSAGE = 5
HOSTS_A_MESSAGE = 4  # at most: what one host holds up, the others in its message wait for
INDEX_SLOTS = 2  # bulks waiting: one being written, one ready
DELIVER_SLOTS = 4  # messages of alerts: few, for they share the threads of fetching
T = TypeVar("T")
Stage = Literal["poll", "parse", "fetch", "process", "index", "deliver"]


class Pipeline:
    """Runs the stages. Thread-safe: all that lasts is in Redis and the store.

    Messages follow the load: a stage is sent what waits for it, in as many messages as its queue has room for. A quiet
    system hands on item by item, a busy one in full batches.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        rules = parts.rules
        self._slots = {
            "poll": rules.io_slots,
            "parse": rules.cpu_slots,
            "fetch": rules.io_slots,
            "process": rules.cpu_slots,
            "index": INDEX_SLOTS,
            "deliver": DELIVER_SLOTS,
        }

    def dispatch(self) -> dict[str, int]:
        """Wake every stage for what waits; returns how many items were handed out, by stage.

        Safe to run twice at once: what one run hands out, the other does not see.
        """
        recall(self.parts)
        stages: tuple[Stage, ...] = ("deliver", "index", "process", "parse", "poll", "fetch")
        sent: dict[str, int] = {stage: self.wake(stage) for stage in stages}
        self.parts.state.overview.beat("beat")
        return sent

    def wake(self, stage: Stage) -> int:
        """Send a stage what waits for it, as far as its queue has room; returns how many items that were."""
        room = self._slots[stage] - self.parts.state.overview.queue_lengths([stage])[stage]
        if room <= 0:
            return 0
        batch, handed = Batch(self.parts, "dispatch"), 0
        for ids in getattr(self, f"_take_{stage}")(room):
            batch.hand_on(stage, ids)
            handed += len(ids)
        return handed

    def _take_process(self, room: int) -> Iterator[Sequence[str]]:
        size = self.parts.rules.batch_size
        return _shared(self.parts.state.entries.dispatch("process", room * size), room, size)

    def _take_index(self, room: int) -> Iterator[Sequence[str]]:
        size = self.parts.rules.index_batch
        return _chunks(self.parts.state.entries.dispatch("index", room * size), size)

    def _take_deliver(self, room: int) -> Iterator[Sequence[str]]:
        size = self.parts.rules.batch_size
        return _shared(self.parts.state.alerts.dispatch(room * size), room, size)

    def _take_parse(self, room: int) -> Iterator[Sequence[str]]:
        return _shared(self.parts.state.feeds.dispatch_parse(room * PARSES_A_MESSAGE), room, PARSES_A_MESSAGE)

    def _take_fetch(self, room: int) -> Iterator[Sequence[str]]:
        """Batches of one host each; when more hosts are ready than threads, several hosts share a message."""
        rules = self.parts.rules
        batches = self.parts.state.frontier.dispatch(room * HOSTS_A_MESSAGE, rules.batch_size)
        messages = max(math.ceil(len(batches) / HOSTS_A_MESSAGE), min(len(batches), rules.io_threads))
        # dealt out like cards: the batches of one host, next to each other, go to different messages
        return ([entry_id for batch in batches[n::messages] for entry_id in batch] for n in range(messages))

    def _take_poll(self, room: int) -> Iterator[Sequence[str]]:
        """Due feeds, those of one host in one message: one connection polls them in turn."""
        state = self.parts.state
        waiting = state.overview.waiting()
        if waiting.pending >= self.parts.rules.max_pending or waiting.entry_bytes >= self.parts.rules.entry_bytes:
            return  # what is pending must go first: Redis would fill up
        # as in `_take_fetch`: alone while there are threads, several hosts in a message when there are more
        batches = state.feeds.dispatch(room * FEEDS_A_MESSAGE)
        feeds = sum(map(len, batches))
        messages = max(math.ceil(feeds / FEEDS_A_MESSAGE), min(len(batches), self.parts.rules.io_threads))
        yield from ([feed_id for batch in batches[n::messages] for feed_id in batch] for n in range(messages))

    def poll(self, feed_ids: Sequence[str]) -> None:
        """Download due feeds; have those that changed parsed."""
        batch = Batch(self.parts, "poll")
        waiting = self._feeds(batch, feed_ids, poll_one)
        self.parts.state.feeds.free(feed_ids)
        if waiting:
            self.wake("parse")
        self.wake("poll")  # a connection to a host is free again
        self.parts.state.overview.beat("io")

    def parse(self, feed_ids: Sequence[str]) -> None:
        """Parse downloaded feeds; have fetched what their hosts allow at once."""
        batch = Batch(self.parts, "parse")
        if self._feeds(batch, feed_ids, parse_one):
            self.wake("fetch")
        self.wake("parse")
        self.parts.state.overview.beat("cpu")

    def _feeds(self, batch: Batch, feed_ids: Sequence[str], work: Callable[[Batch, str], bool]) -> bool:
        """Work off feeds one by one; what the budget leaves is given back. True when any of them led on."""
        led_on = False
        for number, feed_id in enumerate(feed_ids):
            if not batch.open:
                self.parts.state.feeds.release(feed_ids[number:], batch.token)
                break
            led_on = work(batch, feed_id) or led_on
        batch.flush()
        return led_on

    def fetch(self, ids: Sequence[str]) -> None:
        """Fetch entries in turn; have the pages processed and their hosts' next entries fetched."""
        batch = Batch(self.parts, "fetch")
        jobs = batch.entries("fetch", ids, partial(fetch_one, batch))
        self.parts.state.frontier.free([(job.host, job.id) for job in jobs])
        self.wake("process")
        self.wake("fetch")
        self.parts.state.overview.beat("io")

    def process(self, ids: Sequence[str]) -> None:
        """Make documents of pages; have them indexed."""
        batch = Batch(self.parts, "process")
        batch.entries("process", ids, partial(process_one, batch))
        self.wake("index")
        self.wake("process")
        self.wake("fetch")  # a gap may be over: sooner than the next tick
        self.parts.state.overview.beat("cpu")

    def index(self, ids: Sequence[str]) -> None:
        """Index documents in bulk and acknowledge what the store took."""
        index_batch(Batch(self.parts, "index"), ids)
        self.wake("index")
        self.parts.state.overview.beat("index")

    def match(self) -> int:
        """Have saved searches look at what is new in the store; returns how many articles they tell of."""
        found = look(Batch(self.parts, "match"))
        self.wake("deliver")
        return found

    def deliver(self, ids: Sequence[str]) -> None:
        """Deliver messages of alerts; have the next ones delivered."""
        deliver(Batch(self.parts, "deliver"), ids)
        self.wake("deliver")

    def sweep(self) -> dict[str, int]:
        """Mend what crashes, a lost second of writes or a jumped clock left; show operators what is new."""
        mended = self.parts.state.overview.sweep()
        if any(mended.values()):
            log.info("swept", **mended)
        show_dead_letters(self.parts)
        show_polls(self.parts)
        return mended


def _chunks(ids: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _shared(ids: Sequence[str], room: int, size: int) -> Iterator[Sequence[str]]:
    """Share `ids` out over `room` messages of at most `size`."""
    return _chunks(ids, max(1, min(size, math.ceil(len(ids) / room))))
