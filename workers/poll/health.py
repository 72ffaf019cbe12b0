"""How a feed is doing, in a word and a reason. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from workers.model import Feed, FeedState
from workers.poll.moves import address

UNKNOWN_RATE = timedelta(days=7)  # of silence, where nothing tells how often a feed posts
GAPS = 10  # mean gaps between entries that make a silence
OFTEN = 3  # failures in a row that are worth telling
SILENT = 2  # rank
SHORTEST, LONGEST = timedelta(days=1), timedelta(days=30)


class Health(NamedTuple):
    """A feed's state in a word; a lower `rank` needs attention sooner."""

    rank: int
    word: str  # gone, failing, silent, waiting, well, disabled
    why: str


def silent_after(feed: Feed, state: FeedState) -> timedelta:
    """Return the time without a new entry after which `feed` counts as silent.

    The operator's own, else ten of its mean gaps (a day to 30 days), else a week.
    """
    if feed.silent_after is not None:
        return timedelta(seconds=feed.silent_after)
    if state.per_day <= 0:
        return UNKNOWN_RATE
    return min(max(timedelta(days=GAPS / state.per_day), SHORTEST), LONGEST)


def is_silent(feed: Feed, state: FeedState, now: datetime) -> bool:
    """Tell whether `feed`, polled before, has brought nothing for longer than it should."""
    if state.polled_at is None or state.leads_on:
        return False
    return state.changed_at is None or now - state.changed_at > silent_after(feed, state)


def health_of(feed: Feed, state: FeedState, now: datetime) -> Health:
    """Return how `feed` is doing at `now`."""
    if state.gone:
        return Health(0, "gone", state.error or "retired by its publisher (410)")
    if not feed.enabled:
        return Health(5, "disabled", "")
    if state.failures:
        return Health(1, "failing", f"{state.failures} in a row ({state.error_class or 'hard'}): {state.error}")
    if state.polled_at is None:
        return Health(3, "waiting", "never polled")
    if is_silent(feed, state, now):
        last = f"since {state.changed_at:%Y-%m-%d}" if state.changed_at else f"in {state.polls} polls"
        return Health(SILENT, "silent", f"nothing new {last}, expected within {_span(silent_after(feed, state))}")
    return Health(4, "well", "; ".join(_remarks(feed, state)))


def worth_a_look(rows: Iterable[tuple[Feed, FeedState]], now: datetime) -> list[tuple[Health, Feed]]:
    """Return the feeds an operator should look at, worst first: gone, silent, or failing often enough to mean it."""
    found = [
        (health_of(feed, state, now), feed) for feed, state in rows if state.failures == 0 or state.failures >= OFTEN
    ]
    return sorted((row for row in found if row[0].rank <= SILENT), key=lambda row: (row[0].rank, row[1].url))


def _remarks(feed: Feed, state: FeedState) -> list[str]:
    said = []
    if address(feed, state) != feed.url:
        said.append(f"moved to {state.moved_to}")
    if state.missed:
        said.append(f"items probably missed after {state.missed} polls (about {state.missed_items})")
    if state.distrusted:
        said.append("answers 304 wrongly: always fetched whole")
    return said


def _span(time: timedelta) -> str:
    return f"{time.days} days" if time.days >= 2 else f"{time.total_seconds() / 3600:.0f} h"
