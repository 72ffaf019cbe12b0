"""Limits of one pool child: an alarm for each item, a cap on its memory."""

from __future__ import annotations

import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import psutil


class TookTooLong(BaseException):
    """The item's time is up. Not an Exception, so that no library's handler swallows it."""


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise TookTooLong inside the block after `seconds` (main thread only: elsewhere there is no limit).

    Code that never returns to the interpreter is not reached by this; Celery's hard limit ends its process.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(number: int, frame: FrameType | None) -> None:
    raise TookTooLong


def cap_memory(more: int) -> None:
    """Let this process add at most `more` bytes of address space; beyond it Python raises MemoryError."""
    used = psutil.Process().memory_info().vms
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + more, hard))
