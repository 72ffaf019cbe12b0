"""The frontier: entries that wait for their host's turn."""

from __future__ import annotations

from collections.abc import Sequence

from workers.state.scripts import Scripts

FEW = 2  # entries to be looked at again that may wait at a host with a gap
BUSY_PAUSE = 30_000  # ms until a busy host is asked again to take one


class Frontier:
    """Hands out batches of entries, each of one host, fairly over hosts and never above the hand-over's byte cap."""

    def __init__(
        self,
        scripts: Scripts,
        *,
        redispatch: float,
        connections: int,
        cap: int,
        default_gap: float,
        longest_refetch: float,
    ) -> None:
        self._run = scripts.run
        self._run_each = scripts.run_each
        self._redispatch = int(redispatch * 1000)
        self._connections = connections
        self._cap = cap
        self._gap = int(default_gap * 1000)
        self._longest = int(longest_refetch * 1000)

    def dispatch(self, batches: int, size: int) -> list[list[str]]:
        """Return up to `batches` batches of up to `size` entry ids; a host with a gap gives one entry a gap."""
        rows = self._run("dispatch_fetch", batches, size, self._redispatch, self._connections, self._cap, self._gap)
        return [[i.decode() for i in row] for row in rows]

    def recall(self, limit: int, batch: int, *, max_pending: int, entry_bytes: int) -> int:
        """Place entries whose pages are due for another look, at most `limit`; returns how many.

        None while the hand-over, the pending entries or their bytes are at their bounds. A host gets a few at a time
        (`batch` without a gap) and only when no more than these wait there: new articles come first.
        """
        return int(
            self._run("recall", limit, batch, FEW, BUSY_PAUSE, self._longest, self._cap, max_pending, entry_bytes)
        )

    def free(self, slots: Sequence[tuple[str, str]]) -> None:
        """Tell that entries (host, entry id) are done with: a batch's first one held a connection to its host."""
        self._run_each("free_host", slots)
