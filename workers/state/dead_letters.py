"""Dead letters: what could not be done, with everything needed to see why and to try again."""

from __future__ import annotations

from typing import Any

import msgspec

from workers.letters import DeadLetter
from workers.state.scripts import PREFIX, Scripts, translated

__all__ = ["DeadLetter", "DeadLetters"]
LOOK_OVER = 600  # seconds after which what was shown is compared again: an index that was lost comes back


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

    def changes(self) -> int:
        """Return how often dead letters came, changed or went so far: read it before `list`, mark it afterwards."""
        return self._number("dead_changes", 0)

    def shown(self) -> int:
        """Return the number of changes that operators see; -1 when never shown, or not for `LOOK_OVER` seconds."""
        return self._number("dead_shown", -1)

    def mark_shown(self, changes: int) -> None:
        """Note that operators see the dead letters as they were after `changes`."""
        with translated():
            self._client.set(PREFIX + "dead_shown", changes, ex=LOOK_OVER)

    def _number(self, key: str, otherwise: int) -> int:
        with translated():
            value: Any = self._client.get(PREFIX + key)
        return otherwise if value is None else int(value)

    def _range(self, first: int, last: int) -> Any:
        return self._client.zrevrange(PREFIX + "dead", first, last)
