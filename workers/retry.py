"""What happens to an item after an error: tried again later, or set aside as a dead letter. Pure."""

from __future__ import annotations

import math

from msgspec import Struct

from workers.errors import Permanent, StoreUnavailable, Transient


class Retry(Struct, frozen=True):
    """Try again after `delay` seconds. `reason`: the error's constant word, for counting."""

    delay: float
    reason: str


class DeadLetter(Struct, frozen=True):
    """Set aside. `reason`: a constant word for counting; `message` tells a human."""

    reason: str
    message: str


# Errors that are no fault of the item and say nothing about it: it is never given up for them.
_BLAMELESS = frozenset({"shutdown"})
_SPREAD = 0.1  # of an asked-for wait, added at most, so that a host's items don't all come back in one second


def decide(
    error: Transient | Permanent, attempt: int, *, max_attempts: int, base: float, ceiling: float, jitter: float
) -> Retry | DeadLetter:
    """Return what to do with an item whose `attempt`-th try (from 1) ended in `error`.

    Permanent → DeadLetter. Transient → Retry, and DeadLetter once `max_attempts` tries are spent; StoreUnavailable and
    a process's own shutdown never dead-letter, for nothing is wrong with the item. The delay in seconds grows as
    `base` · 2^(attempt - 1) up to `ceiling`, spread over its upper half by `jitter` in [0, 1) (AWS, "Exponential
    backoff and jitter": equal jitter).
    It is never shorter than the `retry_after` asked for (RFC 9110 10.2.3), which counts up to `ceiling`.
    """
    if isinstance(error, Permanent):
        return DeadLetter(error.reason, str(error))
    blameless = isinstance(error, StoreUnavailable) or error.reason in _BLAMELESS
    if attempt >= max_attempts and not blameless:
        return DeadLetter(error.reason, f"given up after {attempt} attempts: {error}")
    return Retry(_delay(error.retry_after, attempt, base, ceiling, jitter), error.reason)


def _delay(retry_after: float | None, attempt: int, base: float, ceiling: float, jitter: float) -> float:
    doublings = min(max(attempt, 1) - 1, 60)  # beyond, the ceiling has long been reached and floats would overflow
    backoff = min(base * 2.0**doublings, ceiling) * (0.5 + jitter / 2)
    if retry_after is None or math.isnan(retry_after):
        return backoff
    asked = max(retry_after, 0.0) * (1 + _SPREAD * jitter)
    return min(max(backoff, asked), ceiling)
