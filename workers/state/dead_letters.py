"""Dead letters: what could not be done, with everything needed to see why and to try again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from workers.state.scripts import PREFIX, Scripts, translated


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


class DeadLetters:
    """The dead letters, newest first."""

    def __init__(self, scripts: Scripts) -> None:
        self._run = scripts.run
        self._client = scripts.client

    def count(self) -> int:
        """Return how many there are."""
        with translated():
            return int(self._client.zcard(PREFIX + "dead"))

    def list(self, limit: int = 50, offset: int = 0) -> list[DeadLetter]:
        """Return a page of dead letters, newest first."""
        with translated():
            ids = self._range(offset, offset + limit - 1)
            pipeline = self._client.pipeline(transaction=False)
            for dead_id in ids:
                pipeline.hget(PREFIX + "dead:" + dead_id.decode(), "record")
            records = pipeline.execute()
        return [msgspec.json.decode(record, type=DeadLetter) for record in records if record]

    def get(self, dead_id: str) -> DeadLetter | None:
        """Return one, or None."""
        with translated():
            record = self._client.hget(PREFIX + "dead:" + dead_id, "record")
        return msgspec.json.decode(record, type=DeadLetter) if isinstance(record, bytes) else None

    def replay(self, dead_id: str) -> bool:
        """Make it pending again, from its page on (a feed: due now); False when there is none."""
        return bool(self._run("replay", dead_id))

    def drop(self, dead_id: str) -> bool:
        """Forget it for good: its entry counts as seen; False when there is none."""
        return bool(self._run("forget", dead_id))

    def _range(self, first: int, last: int) -> Any:
        return self._client.zrevrange(PREFIX + "dead", first, last)
