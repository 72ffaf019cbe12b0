"""What a failed poll says of its feed: a class, a weight, the wait that follows. Pure.

The three weights are those of mediacloud/rss-fetcher, which polls 180,000 feeds: a hard failure counts whole, one that
often heals by itself half, a name server that does not answer a quarter. Nothing is ever given up: the wait grows with
the weights' sum up to the ceiling, since many a feed comes back after months.
"""

from __future__ import annotations

from typing import Literal

from workers.errors import Permanent, Transient
from workers.model import FeedState

FailureClass = Literal["hard", "soft", "dns", "challenge"]

WEIGHTS: dict[FailureClass, float] = {"hard": 1.0, "soft": 0.5, "dns": 0.25, "challenge": 0.5}
SOFT = frozenset({"timeout", "connect", "tls", "incomplete", "http_404", "http_408", "http_425", "http_429", "stalled"})
UNREACHABLE = frozenset({"timeout", "connect", "tls", "dns", "incomplete"})  # what our own network may be to blame for
PUSHED_BACK = frozenset({"http_429", "http_503"})  # the host asks for less: all its feeds and pages wait


def class_of(error: Transient | Permanent) -> FailureClass:
    """Return the class of `error`."""
    if error.reason == "dns":
        return "dns"
    if error.reason == "bot_challenge":
        return "challenge"
    soft = error.reason in SOFT or error.reason.startswith("http_5")
    return "soft" if soft else "hard"


def is_unreachable(error: Transient | Permanent) -> bool:
    """Tell whether no answer came at all, which a failure of our own network looks like."""
    return error.reason in UNREACHABLE


def host_rest(retry_after: float | None, failures: int) -> float:
    """Return the seconds a host that answered 429 or 503 is left alone: as asked, else doubling from a minute.

    At most a day, whatever is asked.
    """
    asked = 60.0 * 2.0 ** min(max(failures, 1) - 1, 6) if retry_after is None else retry_after
    return min(max(asked, 0.0), 86_400.0)


def weight_after(state: FeedState, error: Transient | Permanent) -> float:
    """Return what the failures in a row weigh with `error` among them."""
    return round((state.weight or float(state.failures)) + WEIGHTS[class_of(error)], 2)


def backoff(interval: float, weight: float, ceiling: float) -> float:
    """Return the seconds to wait after failures that weigh `weight` together: linear, as rss-fetcher does."""
    return min(interval * max(weight, 1.0), ceiling)
