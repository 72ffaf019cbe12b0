"""Health of the roles. Progress is what counts: a process that is up and does nothing is not healthy."""

from __future__ import annotations

from collections.abc import Callable

from workers.ports import SearchStore
from workers.state import State

# seconds since the last sign of progress: beat ticks every second; the others take up a pulse every 20 s, or finish
# a batch (budget 20 s, hard limit 60 s)
LIMITS = {"beat": 30.0, "io": 150.0, "cpu": 150.0, "index": 150.0}


def progress_problem(state: State, role: str) -> str:
    """Return why `role` is not making progress, "" when it is. Raises StoreUnavailable when Redis does not answer."""
    last = state.overview.progress().get(role)
    if last is None:
        return "has shown no progress yet"
    age = abs(state.overview.now_ms() - last) / 1000  # a clock that was set back must not look like progress
    return f"no progress for {age:.0f} s (limit {LIMITS[role]:.0f} s)" if age > LIMITS[role] else ""


def readiness_problem(state: State, role: str, store: Callable[[], SearchStore]) -> str:
    """Return what `role` lacks to work, "" when nothing. Raises StoreUnavailable when Redis does not answer."""
    state.overview.now_ms()
    return "; ".join(store().check()) if role == "index" else ""
