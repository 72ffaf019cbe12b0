"""What a pipeline is made of: ports, rules and the limits of the process it runs in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from workers.extract import Sites
from workers.fetch.robots import Robots
from workers.poll.schedule import PollRules
from workers.ports import Archive, Clock, Courier, Http, Mailer, SearchStore, Webhook
from workers.state import State
from workers.tag.tagger import Tagger


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Numbers the operator chose (seconds, bytes, counts); see `workers.runtime.settings`."""

    poll: PollRules
    batch_size: int
    batch_budget: float
    item_limit: float
    index_batch: int
    io_threads: int
    io_slots: int  # batches the fetch queue may hold
    cpu_slots: int
    max_attempts: int
    retry_base: float
    retry_ceiling: float
    dead_letters: int
    max_pending: int
    entry_bytes: int  # of pending entries' data in Redis; above it polling pauses
    feed_max_bytes: int
    body_max_chars: int
    article_pages: int  # of one article, at most
    page_max_bytes: int  # of a page, or of all pages of an article
    begun_bytes: int  # of articles whose next page is to be fetched
    refetch_after: tuple[float, ...]  # ages (s) at which an article's page is looked at again
    gap: Callable[[str], float]  # host → seconds between two starts


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How this process ends work that takes too long: `item(seconds)` raises one of `errors` inside the block."""

    item: Callable[[float], AbstractContextManager[object]] = nullcontext
    errors: tuple[type[BaseException], ...] = ()
    stopping: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything the stages use; built by `workers.runtime.bootstrap` alone."""

    state: State
    http: Http
    store: SearchStore
    archive: Archive
    tagger: Callable[[], Tagger]  # loaded on first use: only the process role needs it
    sites: Callable[[], Sites]
    courier: Courier
    clock: Clock
    random: Callable[[], float]  # jitter, in [0, 1)
    rules: Rules
    limits: Limits
    webhook: Webhook
    mailer: Mailer
    scratch: Callable[[Path], SearchStore]  # an empty store in a file of its own: what alerts look at
    robots: Robots | None = None  # None: articles are fetched without asking
