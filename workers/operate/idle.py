"""Waits until a stack has done what can be done: every feed polled, nothing left that could go on soon."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from workers.model import Feed
from workers.state import State


class FeedResult(Struct, frozen=True, kw_only=True):
    """How a feed's poll ended; `error` "" when well."""

    url: str
    polled: bool
    error: str
    seen: int


class Rest(Struct, frozen=True, kw_only=True):
    """What was reached: feeds with their results, pending entries, and whether nothing waits."""

    feeds: tuple[FeedResult, ...]
    pending: int
    next_try: float | None  # epoch seconds of the first entry that waits for a later try

    @property
    def idle(self) -> bool:
        """True when every feed was polled well and no entry is pending."""
        return self.pending == 0 and all(feed.polled and not feed.error for feed in self.feeds)


def wait_until_idle(
    state: State, feeds: Sequence[Feed], *, since: datetime, max_wait: float, pace: float, watch: Callable[[], None]
) -> Rest:
    """Return once nothing can proceed within `max_wait` seconds; `watch` is called every `pace` seconds."""
    while True:
        rest = look(state, feeds, since)
        idle = state.overview.idle()
        later = idle.soonest_ms / 1000 - time.time() > max_wait
        if all(feed.polled for feed in rest.feeds) and idle.active == 0 and (idle.waiting == 0 or later):
            return rest
        watch()
        time.sleep(pace)


def look(state: State, feeds: Sequence[Feed], since: datetime) -> Rest:
    """Return how far the feeds have come since `since`."""
    found = {feed.id: (feed_state, due) for feed, feed_state, due in state.feeds.all()}
    results = []
    for feed in feeds:
        if not feed.enabled or feed.id not in found:
            continue
        feed_state, _ = found[feed.id]
        polled = feed_state.gone or (feed_state.polled_at is not None and feed_state.polled_at >= since)
        results.append(FeedResult(url=feed.url, polled=polled, error=feed_state.error, seen=feed_state.entries_seen))
    idle = state.overview.idle()
    return Rest(
        feeds=tuple(results),
        pending=state.entries.pending(),
        next_try=idle.soonest_ms / 1000 if idle.waiting else None,
    )
