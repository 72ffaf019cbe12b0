"""The frontier: entries that wait for their host's turn."""

from __future__ import annotations

from collections.abc import Sequence

from workers.state.scripts import Scripts


class Frontier:
    """Hands out batches of entries, each of one host, fairly over hosts and never above the hand-over's byte cap."""

    def __init__(self, scripts: Scripts, *, redispatch: float, connections: int, cap: int, default_gap: float) -> None:
        self._run = scripts.run
        self._run_each = scripts.run_each
        self._redispatch = int(redispatch * 1000)
        self._connections = connections
        self._cap = cap
        self._gap = int(default_gap * 1000)

    def dispatch(self, batches: int, size: int) -> list[list[str]]:
        """Return up to `batches` batches of up to `size` entry ids; a host with a gap gives one entry a gap."""
        rows = self._run("dispatch_fetch", batches, size, self._redispatch, self._connections, self._cap, self._gap)
        return [[i.decode() for i in row] for row in rows]

    def free(self, slots: Sequence[tuple[str, str]]) -> None:
        """Tell that entries (host, entry id) are done with: a batch's first one held a connection to its host."""
        self._run_each("free_host", slots)
