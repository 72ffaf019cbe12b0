"""Waits until a stack has done what can be done: every feed polled, nothing left that could go on soon."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from workers.errors import StoreUnavailable
from workers.model import Feed
from workers.state import State

REDIS_AWAY = 60.0  # seconds
STARTING = 60.0  # seconds until workers that come up on a busy machine begin with something
PROGRESS = {
    "fetched",
    "continued",
    "processed",
    "stored",
    "same",
    "superseded",
    "removed",
    "unseen",
    "dead",
    "alerted",
    "alert_delivered",
}


class FeedResult(Struct, frozen=True, kw_only=True):
    """How a feed's poll ended; `error` "" when well or when the feed is gone for good; `again`: epoch seconds."""

    url: str
    polled: bool
    error: str
    seen: int
    again: float | None
    gone: bool


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
    """Return once nothing can proceed within `max_wait` seconds; `watch` is called every `pace` seconds.

    That is: no entry (and nothing that alerts tell) is due within that time, or nothing has come about for that long
    though entries are tried again and again (a store that is away); STARTING seconds when nothing was begun at all.
    Redis may be away for a while: `watch` starts it again.
    Raises StoreUnavailable when it stays away for longer than REDIS_AWAY and `max_wait`.
    """
    moved = answered = time.monotonic()
    before: dict[str, int] | None = None
    patience = max(max_wait, STARTING)
    while True:
        try:
            rest, idle = look(state, feeds, since), state.overview.idle(max_wait)
            now = {name: n for name, n in state.overview.counts().items() if name in PROGRESS}
        except StoreUnavailable:
            if time.monotonic() - answered > max(REDIS_AWAY, max_wait):
                raise
        else:
            answered = time.monotonic()
            if idle.leased or any(feed.polled for feed in rest.feeds) or before not in (None, now):
                patience = max(max_wait, 2 * pace)
            if now != before:
                before, moved = now, answered
            soon = time.time() + max_wait
            polled = all(feed.polled and not (feed.again and feed.again <= soon) for feed in rest.feeds)
            stuck = idle.leased == 0 and answered - moved > patience
            if (polled and idle.active == 0 and not state.alerts.busy(max_wait)) or stuck:
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
        feed_state, due = found[feed.id]
        polled = feed_state.gone or (feed_state.polled_at is not None and feed_state.polled_at >= since)
        error = "" if feed_state.gone else feed_state.error
        again = due if error and due is not None else None
        results.append(
            FeedResult(
                url=feed.url,
                polled=polled,
                error=error,
                seen=feed_state.entries_seen,
                again=again,
                gone=feed_state.gone,
            )
        )
    idle = state.overview.idle()
    return Rest(
        feeds=tuple(results),
        pending=state.entries.pending(),
        next_try=idle.soonest_ms / 1000 if idle.waiting else None,
    )
