"""What is told about something that could not be done: kept by `workers.state`, shown by the search store."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

SHOWN = 10_000  # letters that operators see at most, the newest


class DeadLetter(Struct, frozen=True, kw_only=True):
    """Who (id, feed, url), when, what (stage), why (reason, message, traceback), after how many attempts."""

    id: str
    kind: str  # "entry" or "feed"
    stage: str
    reason: str
    message: str
    url: str
    feed_id: str
    title: str
    attempts: int
    buried_at: datetime
    traceback: str = ""
