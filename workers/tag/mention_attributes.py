"""What the second look (review.py) sees of a candidate: how sure the first was, all its words, what stands around it.

What depends on whose idea of a name a sentence follows is also given under that convention's name, as in features.py.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterator, Sequence

from workers.tag.candidates import Candidate
from workers.tag.features import WORD_LIMIT, View
from workers.tag.governing import governing
from workers.tag.memory import Memory

_NEAR = 2  # words between two mentions that are looked at
_SAME = 9  # mentions of the same words, and of one row, that are looked at
_JOINING = frozenset({",", "dan", "serta", "/", "atau", "-", "&"})
_EDGE = "<>"  # stands for a word before the first or behind the last


def described(
    view: View, candidates: Sequence[Candidate], spans: Sequence[tuple[int, int, str]], memory: Memory
) -> Iterator[dict[str, float]]:
    """Yield the attributes of each candidate with their values; `spans` are the mentions the labels make, in order."""
    lowered = [word[:WORD_LIMIT] for word in view.lowered]
    known = [memory.word(word) for word in lowered]
    matched: dict[int, tuple[int, int, str]] = {}  # token → the row of the gazetteer that covers it
    for start, end, row in view.matches:
        matched.update(dict.fromkeys(range(start, end), (start, end, f"{row.type}{row.group}")))
    beside = _Beside(spans, lowered)
    for each in candidates:
        told = [
            *_told_before(each, beside.labelled(each)),
            *_remembered(each, known),
            *beside.of(each),
            *_governed(each, view.words, lowered),
        ]
        own = _words(each, view.words, lowered, memory)
        listed = {matched[at] for at in range(each.start, each.end) if at in matched}
        own += [f"g={what}{(a == each.start) + 2 * (b == each.end)}" for a, b, what in sorted(listed)] or ["g=0"]
        everything = (*told, *own, *(f"{view.convention}~{attribute}" for attribute in told))
        yield dict.fromkeys(everything, 1.0) | _measured(each)


def _step(likely: float) -> int:
    """Return a probability in tenths, with finer steps near one."""
    return int(likely * 10) if likely < 0.9 else 10 if likely < 0.97 else 11 if likely < 0.995 else 12


def _odds(likely: float) -> float:
    """Return how much speaks for what is so likely: 0 for next to nothing, 7 for all but certain."""
    return 3.0 + max(-3.0, min(4.0, math.log(max(likely, 1e-4) / max(1.0 - likely, 1e-4))))


def _measured(candidate: Candidate) -> dict[str, float]:
    """Return as numbers how likely the first model found each type, and how likely what competes."""
    _, likely = candidate.best()
    best, rival = _odds(likely), _odds(candidate.rival)
    numbers = {"top": best, "rival": rival, "lead": best - rival, "likely": likely, "other": candidate.rival}
    return numbers | {type_: _odds(chance) for type_, chance in candidate.types.items()}


def _told_before(candidate: Candidate, labelled: str) -> list[str]:
    """Return what the model of names said; `labelled` is the type it settled on, or how it settled otherwise."""
    type_, likely = candidate.best()
    step, rival = _step(likely), _step(candidate.rival)
    return [
        f"t={labelled}",
        f"top={type_}{step}",
        f"t={labelled}top={type_}{step}",
        f"rv={rival}",
        f"rt={type_}{step}{'<' if candidate.rival > likely else '>'}{rival // 3}",
        *(f"p={each}{_step(chance)}" for each, chance in candidate.types.items()),
    ]


def _remembered(candidate: Candidate, known: Sequence[str]) -> list[str]:
    """Return what is remembered of the first and the last word and those beside, and how long the mention is."""
    start, end = candidate.start, candidate.end
    before, behind = known[start - 1] if start else "", known[end] if end < len(known) else ""
    return [
        f"size={min(end - start, 5)}",
        f"m1={known[start]}",
        f"ml={known[end - 1]}",
        f"mb={before}",
        f"ma={behind}",
        "mp=" + "".join(mark[0] for mark in known[start : min(end, start + 5)]),
    ]


def _governed(candidate: Candidate, words: Sequence[str], lowered: Sequence[str]) -> list[str]:
    preposition, before, behind = governing(words, lowered, candidate.start, candidate.end)
    return [f"gp={preposition}", f"lv={before}", f"nv={behind}", f"gn={preposition}{behind}"]


def _words(candidate: Candidate, words: Sequence[str], lowered: Sequence[str], memory: Memory) -> list[str]:
    """Return the words of a mention and around it, which of them have capitals, and what the whole is remembered as."""
    start, end, size = candidate.start, candidate.end, len(lowered)
    before2, before, behind, behind2 = (
        lowered[at] if 0 <= at < size else _EDGE for at in (start - 2, start - 1, end, end + 1)
    )
    capitals = "".join("01"[0 <= at < size and words[at][0].isupper()] for at in (start - 1, start, end - 1, end))
    first, last, whole = lowered[start], lowered[end - 1], "_".join(lowered[start:end])
    return [
        f"b1={before}",
        f"b2={before2}",
        f"a1={behind}",
        f"a2={behind2}",
        f"ba={before}|{behind}",
        f"n={whole}",
        f"w1={first}",
        f"wl={last}",
        f"p3={first[:3]}",
        f"p4={first[:4]}",
        f"zf={first[-3:]}",
        f"z3={last[-3:]}",
        f"z4={last[-4:]}",
        f"cap={capitals}",
        f"mn={memory.name(whole)}",
        *(f"iw={word}" for word in lowered[start + 1 : end - 1]),
    ]


class _Beside:
    """The mentions the labels make of a sentence, and which of them stand beside a candidate."""

    def __init__(self, spans: Sequence[tuple[int, int, str]], lowered: Sequence[str]) -> None:
        self._spans = spans
        self._lowered = lowered
        self._starts = [start for start, _, _ in spans]
        self._ends = [end for _, end, _ in spans]
        self._types: dict[tuple[str, ...], list[tuple[int, str]]] = {}  # words → where and what they are labelled
        for start, end, type_ in spans:
            self._types.setdefault(tuple(lowered[start:end]), []).append((start, type_))

    def labelled(self, candidate: Candidate) -> str:
        """Return the type of a candidate by the labels, or of the mentions that share tokens with it."""
        if candidate.labelled:
            return candidate.labelled
        first = bisect.bisect_right(self._ends, candidate.start)
        last = bisect.bisect_left(self._starts, candidate.end)
        return "x" + "".join(sorted({type_[0] for _, _, type_ in self._spans[first:last]}))

    def of(self, candidate: Candidate) -> list[str]:
        """Return the mentions before and behind a candidate with the words between, and what is named in one row."""
        before = bisect.bisect_right(self._ends, candidate.start)
        behind = bisect.bisect_left(self._starts, candidate.end)
        left = right = ""
        found: list[str] = []
        if before:
            _, end, type_ = self._spans[before - 1]
            left = type_[0] + self._between(end, candidate.start)
            found.append(f"pt={type_}")
        if behind < len(self._spans):
            start, _, type_ = self._spans[behind]
            right = type_[0] + self._between(candidate.end, start)
            found.append(f"nt={type_}")
        same = self._types.get(tuple(self._lowered[candidate.start : candidate.end]), [])
        elsewhere = sorted({type_ for start, type_ in same[:_SAME] if start != candidate.start})
        row = self._row(candidate, before, behind)
        most = max(sorted(set(row)), key=row.count) if row else ""
        found += [f"li={type_}" for type_ in sorted(set(row))] or ["li=0"]
        return [
            *found,
            f"ps={left}",
            f"ns={right}",
            f"ln={most}{min(3, len(row))}",
            *(f"same={type_}" for type_ in elsewhere),
        ]

    def _row(self, candidate: Candidate, before: int, behind: int) -> list[str]:
        """Return the types of the mentions a candidate is named in one row with: "A, B dan C"."""
        types: list[str] = []
        edge = candidate.end
        for start, end, type_ in self._spans[behind : behind + _SAME]:
            if not self._joined(edge, start):
                break
            types.append(type_)
            edge = end
        edge = candidate.start
        for start, end, type_ in self._spans[max(0, before - _SAME) : before][::-1]:
            if not self._joined(end, edge):
                break
            types.append(type_)
            edge = start
        return types

    def _joined(self, start: int, end: int) -> bool:
        return end > start and all(word in _JOINING for word in self._lowered[start : min(end, start + _NEAR + 1)])

    def _between(self, start: int, end: int) -> str:
        return "_".join(self._lowered[start:end]) if end - start <= _NEAR else ".."
