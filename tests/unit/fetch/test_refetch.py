"""When a page is looked at again: arithmetic over the article's age."""

from __future__ import annotations

import itertools

import pytest

from workers.fetch.refetch import SPREAD, is_young, next_age

HOUR = 3_600.0
AGES = (HOUR, 3 * HOUR, 9 * HOUR, 24 * HOUR, 72 * HOUR)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (0, HOUR), (HOUR - 1, HOUR), (HOUR, 3 * HOUR), (2 * HOUR, 3 * HOUR), (10 * HOUR, 24 * HOUR),
        (71 * HOUR, 72 * HOUR), (72 * HOUR, None), (1e9, None), (-50, HOUR),
    ],
)  # fmt: skip
def test_the_next_age_of_the_schedule(age: float, expected: float | None) -> None:
    assert next_age(age, AGES, 0.0) == expected


@pytest.mark.parametrize("jitter", [0.0, 0.5, 0.999])
def test_each_age_is_visited_once_and_the_visits_come_ever_more_rarely(jitter: float) -> None:
    age, visits = 0.0, [0.0]
    while (following := next_age(age, AGES, jitter)) is not None:
        age = following
        visits.append(age)
    assert len(visits) == 1 + len(AGES)
    gaps = [after - before for before, after in itertools.pairwise(visits)]
    assert gaps == sorted(gaps)
    assert all(step <= seen < step * (1 + SPREAD) for step, seen in zip(AGES, visits[1:], strict=True))


def test_no_schedule_means_never() -> None:
    assert next_age(0, (), 0.5) is None
    assert not is_young(0, ())


def test_an_archives_article_is_not_young() -> None:
    assert is_young(-60, AGES)  # dated ahead
    assert is_young(71 * HOUR, AGES)
    assert not is_young(72 * HOUR, AGES)
