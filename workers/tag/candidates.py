"""Mentions the model of names considered: each span it finds at all likely, not only the labels it settles on."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from workers.tag.corpus import TYPES

LEAST = 0.1  # probability from which a beginning, and each word taken in, is considered
SURE = 0.95  # a mention this likely that nothing else competes with is not looked at again
LENGTH = 12  # words of a mention that is considered; a longer one stays as it is labelled
_OUTSIDE = 0.97  # a token this surely part of no name takes part in none

Probability = Callable[[str, int], float]  # of a label at a token


class Candidate(NamedTuple):
    """Tokens `start` … `end` (exclusive) may be a mention."""

    start: int
    end: int
    types: dict[str, float]  # type → the least likely of: it begins here, each word belongs to it, it ends here
    labelled: str  # the type where the labels make a mention of exactly these tokens, else ""
    rival: float  # how likely the likeliest mention is that shares a token with this one; 0 without any

    def best(self) -> tuple[str, float]:
        """Return the likeliest type and how likely it is."""
        return max(self.types.items(), key=lambda each: each[1])

    def is_sure(self) -> bool:
        """Tell whether there is nothing to look at again."""
        type_, likely = self.best()
        return likely >= SURE and type_ == self.labelled and not self.rival


def considered(
    size: int, spans: Sequence[tuple[int, int, str]], known: Collection[str], probability: Probability
) -> list[Candidate]:
    """Return what the mentions of a sentence of `size` tokens may be, from left to right.

    `spans` are those the model's labels make, `known` all labels it has. Spans that are too long, and what shares a
    token with one, are left out.
    """
    found = _likely(size, known, probability)
    labelled: dict[tuple[int, int], str] = {}
    closed = [False] * (size + 1)
    for start, end, type_ in spans:
        if end - start > LENGTH:
            closed[start:end] = [True] * (end - start)
            continue
        labelled[start, end] = type_
        found.setdefault((start, end), {}).setdefault(type_, LEAST)
    places = sorted(place for place in found if not any(closed[place[0] : place[1]]))
    best = [max(found[place].values()) for place in places]
    return [
        Candidate(start, end, found[start, end], labelled.get((start, end), ""), _rival(places, best, at))
        for at, (start, end) in enumerate(places)
    ]


def _likely(size: int, known: Collection[str], probability: Probability) -> dict[tuple[int, int], dict[str, float]]:
    """Return all likely mentions with their types."""
    found: dict[tuple[int, int], dict[str, float]] = {}
    open_ = [at for at in range(size) if probability("O", at) < _OUTSIDE]
    for type_ in TYPES:
        begins, belongs = f"B-{type_}", f"I-{type_}"
        inside = [0.0] * (size + 1)
        if belongs in known:
            for at in open_:
                inside[at] = probability(belongs, at)
        for start in open_ if begins in known else ():
            least = probability(begins, start)
            for end in range(start + 1, min(size, start + LENGTH) + 1):
                if least < LEAST:
                    break
                if inside[end] <= 1 - LEAST:
                    found.setdefault((start, end), {})[type_] = min(least, 1 - inside[end])
                least = min(least, inside[end])
    return found


def _rival(places: list[tuple[int, int]], best: list[float], at: int) -> float:
    """Return how likely the likeliest other place is that shares a token with the one at `at`; they are in order."""
    start, end = places[at]
    rival, other = 0.0, at + 1
    while other < len(places) and places[other][0] < end:
        rival = max(rival, best[other])
        other += 1
    other = at - 1
    while other >= 0 and places[other][0] > start - LENGTH:
        if places[other][1] > start:
            rival = max(rival, best[other])
        other -= 1
    return rival


def chosen(judged: Sequence[tuple[int, int, str, float]]) -> list[tuple[int, int, str, float]]:
    """Return those of (start, end, type, gain) that share no token and gain most in all, from left to right."""
    ordered = sorted(each for each in judged if each[3] > 0)
    ordered.sort(key=lambda each: each[1])
    ends = [each[1] for each in ordered]
    total = [0.0]  # the most that the first so many can gain
    before: list[int] = []  # how many end before each begins
    for at, (start, _, _, gain) in enumerate(ordered):
        before.append(bisect.bisect_right(ends, start, 0, at))
        total.append(max(total[at], total[before[at]] + gain))
    kept: list[tuple[int, int, str, float]] = []
    at = len(ordered)
    while at:
        if total[at] == total[at - 1]:
            at -= 1
        else:
            kept.append(ordered[at - 1])
            at = before[at - 1]
    return kept[::-1]
