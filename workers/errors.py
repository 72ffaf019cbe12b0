"""What can go wrong, as one tree:

    KabarError
    ├── Transient(retry_after)     may heal by itself: the item is tried again (see workers/retry.py)
    │   └── StoreUnavailable       the search store or Redis does not answer, or pushes back
    ├── Permanent(reason)          will not heal: the item becomes a dead letter under this reason
    └── Misuse                     the operator's command, setting or file is wrong; names the thing

Adapters translate foreign exceptions into this tree at their edge and keep the cause (`raise … from error`).
Inside a batch an expected error is the *value* of its item, never an exception that ends the batch.
"""

from __future__ import annotations


class KabarError(Exception):
    """Every error this project raises on purpose."""


class Transient(KabarError):
    """May heal by itself. `retry_after`: seconds the other side asked us to wait, or None.

    `reason`: a short constant word for counting ("timeout", "http_503"); `str(error)` tells a human.
    """

    def __init__(self, message: str, *, reason: str = "transient", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), str(self), self.reason, self.retry_after)


class StoreUnavailable(Transient):
    """The search store (or Redis) does not answer or asks for less: nothing is wrong with the items."""


class Permanent(KabarError):
    """Will not heal by itself. `reason`: a short constant word for counting ("http_404", "too_large")."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), str(self), self.reason, None)


class Misuse(KabarError):
    """A command, setting, file or query is wrong. The message names it and says what would be right."""


def _rebuild(
    kind: type[Transient] | type[Permanent], message: str, reason: str, retry_after: float | None
) -> KabarError:
    if issubclass(kind, Transient):
        return kind(message, reason=reason, retry_after=retry_after)
    return kind(message, reason=reason)
