"""What operators are told about a poll. Pure."""

from __future__ import annotations

from datetime import datetime

from workers.model import Feed, digest
from workers.poll.decide import PollDecision
from workers.poll.events import FeedEvent
from workers.poll.health import health_of, is_silent
from workers.poll.moves import address
from workers.reports import PollReport

LONGEST_TEXT, LONGEST_URL = 300, 2_000  # characters
FAILED = {"error", "gone", "outage"}


def report_of(feed: Feed, decision: PollDecision, event: FeedEvent, now: datetime) -> PollReport:
    """Return the report of the poll at `now` that led to `decision`."""
    state = decision.state
    failed = event.outcome in FAILED
    return PollReport(
        id=digest(feed.id, now.isoformat()),
        at=now,
        feed_id=feed.id,
        url=address(feed, state)[:LONGEST_URL],
        title=feed.title[:LONGEST_TEXT],
        site=feed.site[:LONGEST_TEXT],
        folder=feed.folder[:LONGEST_TEXT],
        outcome=event.outcome,
        reason=event.reason or (f"http_{event.status}" if failed and event.status else ""),
        status=event.status,
        new=event.new,
        entries=event.entries,
        elapsed=round(event.elapsed, 3),
        due_at=decision.due,
        delay=round(max(0.0, (decision.due - now).total_seconds()), 1),
        failures=state.failures,
        error=state.error[:LONGEST_TEXT],
        error_class=state.error_class,
        why=decision.why[:LONGEST_TEXT],
        health=health_of(feed, state, now).word,
        per_day=round(state.per_day, 2),
        silent=is_silent(feed, state, now),
        missed=decision.missed,
        moved_to=state.moved_to[:LONGEST_URL] if state.moved else "",
        changed_at=state.changed_at,
    )
