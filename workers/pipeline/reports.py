"""Reports of polls shown to operators: they wait in Redis until the search store has taken them."""

from __future__ import annotations

import time

from workers.errors import KabarError
from workers.pipeline.batch import log
from workers.pipeline.parts import Parts

CHUNK = 1_000  # reports shown at once
BUDGET = 5.0  # seconds a sweep may spend on them: articles come first


def show_polls(parts: Parts) -> int:
    """Have the store show the reports that wait, and forget those that are too old; return how many it took.

    A store that can't take them now is asked again at the next sweep: nothing but the reports waits for it.
    """
    if not parts.store.shows_polls:
        return 0
    shown, ends = 0, time.monotonic() + BUDGET
    try:
        while time.monotonic() < ends and not parts.limits.stopping.is_set():
            waiting = parts.state.reports.read(CHUNK)
            parts.store.show_polls([report for report in waiting.values() if report is not None])
            parts.state.reports.forget(list(waiting))
            shown += len(waiting)
            if len(waiting) < CHUNK:
                break
        parts.store.forget_polls()
    except KabarError as error:
        log.warning("polls_not_shown", waiting=parts.state.reports.count(), error=str(error))
    return shown
