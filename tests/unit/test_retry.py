"""workers/retry.py: what an error means for its item, as a table and as properties."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.errors import Permanent, StoreUnavailable, Transient
from workers.retry import DeadLetter, Retry, decide

SETTINGS = {"max_attempts": 8, "base": 30.0, "ceiling": 21_600.0}


def transient(retry_after: float | None = None) -> Transient:
    return Transient("https://berita.example/1: HTTP 503", reason="http_503", retry_after=retry_after)


@pytest.mark.parametrize(
    ("error", "attempt", "jitter", "expected"),
    [
        # exponential, over the upper half of the step (equal jitter)
        (transient(), 1, 0.0, Retry(15.0, "http_503")),
        (transient(), 1, 0.5, Retry(22.5, "http_503")),
        (transient(), 2, 0.0, Retry(30.0, "http_503")),
        (transient(), 5, 0.5, Retry(360.0, "http_503")),
        # never sooner than asked (RFC 9110 10.2.3), a little later so that not all come at once
        (transient(120.0), 1, 0.0, Retry(120.0, "http_503")),
        (transient(120.0), 1, 0.5, Retry(126.0, "http_503")),
        (transient(3.0), 1, 0.0, Retry(15.0, "http_503")),
        # what is asked for counts up to the ceiling
        (transient(1e9), 1, 0.9, Retry(21_600.0, "http_503")),
        (transient(math.inf), 1, 0.0, Retry(21_600.0, "http_503")),
        # nonsense is not asked for
        (transient(math.nan), 1, 0.0, Retry(15.0, "http_503")),
        (transient(-5.0), 1, 0.0, Retry(15.0, "http_503")),
        (transient(), 0, 0.0, Retry(15.0, "http_503")),
        # attempts run out
        (transient(), 7, 0.0, Retry(960.0, "http_503")),
        (transient(), 8, 0.0, DeadLetter("http_503", "given up after 8 attempts: https://berita.example/1: HTTP 503")),
        (
            transient(60.0),
            9,
            0.0,
            DeadLetter("http_503", "given up after 9 attempts: https://berita.example/1: HTTP 503"),
        ),
        # what won't heal
        (
            Permanent("https://berita.example/1: HTTP 404", reason="http_404"),
            1,
            0.0,
            DeadLetter("http_404", "https://berita.example/1: HTTP 404"),
        ),
        # no fault of the item: the store is away, the process stops
        (StoreUnavailable("no answer", reason="store"), 1, 0.0, Retry(15.0, "store")),
        (StoreUnavailable("no answer", reason="store"), 500, 0.0, Retry(10_800.0, "store")),
        (StoreUnavailable("busy", reason="store", retry_after=40.0), 1, 0.0, Retry(40.0, "store")),
        (Transient("stopping", reason="shutdown"), 99, 0.0, Retry(10_800.0, "shutdown")),
    ],
)
def test_decisions(error: Transient | Permanent, attempt: int, jitter: float, expected: Retry | DeadLetter) -> None:
    assert decide(error, attempt, jitter=jitter, **SETTINGS) == expected


JITTERS = st.floats(0, 1, exclude_max=True)
WAITS = st.floats(allow_nan=False)


def delay(
    retry_after: float | None, attempt: int, jitter: float, base: float = 30.0, ceiling: float = 21_600.0
) -> float:
    decision = decide(transient(retry_after), attempt, max_attempts=10**9, base=base, ceiling=ceiling, jitter=jitter)
    assert isinstance(decision, Retry)
    return decision.delay


@given(st.none() | st.floats(), st.integers(-3, 10**6), JITTERS, st.floats(0.001, 1e6), st.floats(0.001, 1e6))
def test_delay_is_within_its_bounds(
    retry_after: float | None, attempt: int, jitter: float, base: float, ceiling: float
) -> None:
    assert 0 < delay(retry_after, attempt, jitter, base, ceiling) <= ceiling


@given(WAITS, st.integers(1, 50), JITTERS)
def test_delay_is_never_sooner_than_asked(retry_after: float, attempt: int, jitter: float) -> None:
    assert delay(retry_after, attempt, jitter) >= min(retry_after, 21_600.0)
    assert delay(retry_after, attempt, jitter) >= delay(None, attempt, jitter)


@given(WAITS, WAITS, st.integers(1, 50), JITTERS)
def test_delay_grows_with_what_is_asked(one: float, other: float, attempt: int, jitter: float) -> None:
    less, more = sorted((one, other))
    assert delay(less, attempt, jitter) <= delay(more, attempt, jitter)


@given(st.integers(1, 100), JITTERS)
def test_delay_grows_with_attempts(attempt: int, jitter: float) -> None:
    assert delay(None, attempt, jitter) <= delay(None, attempt + 1, jitter)
