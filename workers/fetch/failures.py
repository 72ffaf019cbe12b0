"""Foreign exceptions turned into this project's, in one place: the edge of the HTTP adapter."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError

from workers.errors import KabarError, Permanent, Transient
from workers.fetch.connections import HeadersCutOff, HeadersTooLarge
from workers.fetch.deadline import Exchange

FAILURES = (HTTPError, http.client.HTTPException, OSError)
Stage = Literal["connect", "tls", "incomplete"]


@contextmanager
def translated(exchange: Exchange, during: Stage = "connect") -> Iterator[None]:
    """Raise what fails inside as Transient or Permanent; `during` is the reason of what has no better one."""
    try:
        yield
    except FAILURES as error:
        raise _meaning(error, exchange, during) from error


def _meaning(error: Exception, exchange: Exchange, during: Stage) -> KabarError:
    if isinstance(error, ProtocolError) and len(error.args) > 1 and isinstance(error.args[1], Exception):
        error = error.args[1]  # urllib3 wraps what happened
    try:
        exchange.patience()
    except Transient as ended:  # the deadline or a shutdown caused it, whatever it looks like
        return ended
    what = f"{exchange.url}: {error or type(error).__name__}"
    if isinstance(error, TimeoutError | ReadTimeoutError):
        return Transient(what, reason="timeout")
    if isinstance(error, HeadersTooLarge | http.client.LineTooLong):
        return Permanent(what, reason="too_large")
    return Transient(what, reason="incomplete" if isinstance(error, HeadersCutOff) else during)
