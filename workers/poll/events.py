"""The last polls of a feed, as a few bytes each: what came back, what it brought. Pure."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import get_args

from msgspec import Struct

from workers.errors import Permanent, Transient
from workers.model import Download
from workers.poll.decide import Outcome, PollDecision

KEPT = 30  # events a feed
SIZE = 14  # bytes of one
_FORM = struct.Struct("<IBBHHHH")  # epoch s, outcome, reason, status, new, items, hundredths of a second
_MOST = 65_535
_OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
# New words go to the end: what is stored are their places.
_REASONS = (
    *("", "other", "timeout", "connect", "tls", "dns", "incomplete", "not_a_feed", "bad_xml", "empty_feed_body"),
    *("too_large", "redirect_loop", "forbidden_address", "bad_url", "bad_encoding", "bot_challenge", "too_slow"),
    *("out_of_memory", "killed_its_worker", "unforeseen", "bad_header", "missed"),
)
_PLACES = {reason: place for place, reason in enumerate(_REASONS)}


class FeedEvent(Struct, frozen=True, kw_only=True):
    """One poll. `reason`: the error's word ("" of a good poll, "missed" when items were probably missed).

    `status`: of the answer, 0 without one. `elapsed`: seconds of the request.
    """

    at: datetime
    outcome: Outcome
    reason: str
    status: int
    new: int
    entries: int
    elapsed: float


def event_of(decision: PollDecision, got: Download | Transient | Permanent, entries: int, now: datetime) -> FeedEvent:
    """Return the event of one poll that found `entries` items."""
    failed = isinstance(got, Transient | Permanent)
    said = got.reason.removeprefix("http_") if isinstance(got, Transient | Permanent) else ""
    answered = isinstance(got, Transient | Permanent) and got.reason.startswith("http_") and said.isdigit()
    reason = "" if answered else said if failed else "missed" if decision.missed else ""
    return FeedEvent(
        at=now,
        outcome=decision.outcome,
        reason=reason if reason in _PLACES else "other",
        status=int(said) if answered else got.status if isinstance(got, Download) else 0,
        new=decision.new,
        entries=entries,
        elapsed=got.elapsed if isinstance(got, Download) else 0.0,
    )


def pack_event(event: FeedEvent) -> bytes:
    """Return `event` in SIZE bytes; what is too large for its field is the largest it holds."""
    return _FORM.pack(
        int(event.at.timestamp()),
        _OUTCOMES.index(event.outcome),
        _PLACES[event.reason],
        min(event.status, _MOST),
        min(event.new, _MOST),
        min(event.entries, _MOST),
        min(round(event.elapsed * 100), _MOST),
    )


def unpack_events(data: bytes) -> list[FeedEvent]:
    """Return the events in `data`, newest first; what a newer Kabar wrote and this one doesn't know is left out."""
    whole = data[: len(data) // SIZE * SIZE]
    return [
        FeedEvent(
            at=datetime.fromtimestamp(at, UTC),
            outcome=_OUTCOMES[outcome],
            reason=_REASONS[reason],
            status=status,
            new=new,
            entries=entries,
            elapsed=hundredths / 100,
        )
        for at, outcome, reason, status, new, entries, hundredths in _FORM.iter_unpack(whole)
        if outcome < len(_OUTCOMES) and reason < len(_REASONS)
    ]
