"""Reports of polls on their way to where operators look: a bounded stream, kept until the store has them.

`commit_poll` writes them; what a store that is away can't take falls out at the old end and is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import structlog

from workers.reports import PollReport
from workers.state.handover import read_compact
from workers.state.scripts import PREFIX, Scripts, translated

KEY = PREFIX + "reports"
KEPT = 30_000  # reports, about 15 MB
log = structlog.get_logger(__name__)


class Reports:
    """The reports that wait. Reading takes nothing away: whoever has shown them says so."""

    def __init__(self, scripts: Scripts) -> None:
        self._client = scripts.client

    def read(self, limit: int) -> dict[bytes, PollReport | None]:
        """Return the oldest reports by the names they wait under; None for one that can't be read."""
        with translated():
            rows: Any = self._client.xrange(KEY, count=limit)
        return {name: _read(fields) for name, fields in rows}

    def forget(self, names: Sequence[bytes]) -> None:
        """Take away what was shown; doing it twice does no harm."""
        if names:
            with translated():
                self._client.xdel(KEY, *names)

    def count(self) -> int:
        """Return how many wait."""
        with translated():
            return int(self._client.xlen(KEY))


def _read(fields: dict[bytes, bytes]) -> PollReport | None:
    try:
        return read_compact(fields[b"r"], PollReport)
    except (msgspec.DecodeError, KeyError) as error:  # another version of Kabar wrote it
        log.warning("poll_report_unreadable", error=str(error))
        return None
