"""When the page of an article we have is fetched again: soon at first, then ever more rarely. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

SPREAD = 0.1  # of an age, added at most: articles of one poll don't come back all at once


def next_age(age: float, ages: Sequence[float], jitter: float) -> float | None:
    """Return the age (seconds) at which to fetch again an article whose page was just seen at `age`; None: no more.

    `ages` grow. An article that missed some (its host was busy) goes on with the next; `jitter` is in [0, 1).
    """
    step = next((one for one in ages if one > age), None)
    return None if step is None else step * (1 + SPREAD * jitter)


def is_young(age_when_first_seen: float, ages: Sequence[float]) -> bool:
    """Tell whether an article may still be edited soon: a feed's archive, seen for the first time, is not."""
    return bool(ages) and age_when_first_seen < ages[-1]
