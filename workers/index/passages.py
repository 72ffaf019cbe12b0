"""Chooses the passages of an article that show most of what was found in it, and cuts and marks them. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from msgspec import Struct

OPEN, CLOSE = "«", "»"
WHOLE = 240  # characters of text shown when one passage has every word that was found
HALF = 130  # of each passage when it takes two
RUN_UP = 60  # characters shown before the first found word


class Found(Struct, frozen=True):
    """A term found in a text, at code points [start, end)."""

    start: int
    end: int
    term: int


class Passage(Struct, frozen=True):
    """A piece of one field: `order` 0 is the lead, 1 the body; `found` by place."""

    order: int
    text: str
    found: tuple[Found, ...]


def passages(fields: Sequence[Passage], beginning: str) -> str:
    """Return the passages to show of `fields`, the start of `beginning` when nothing was found in them."""
    everything = {found.term for field in fields for found in field.found}
    if not everything:
        return _one_line(_cut(beginning, (), 0, WHOLE))
    first = best(fields, everything, WHOLE)
    if first[1] == everything:
        return _one_line(_show(first[0], WHOLE))
    first = best(fields, everything, HALF)
    second = best(fields, everything - first[1], HALF)
    both = sorted((first[0], second[0]), key=lambda passage: (passage.order, passage.found[0].start))
    return _one_line(" ".join(_show(passage, HALF) for passage in both)).replace("… …", "…")


def best(fields: Sequence[Passage], terms: set[int], width: int) -> tuple[Passage, set[int]]:
    """Return the first passage of `width` characters with most of `terms`, and all terms it shows."""
    chosen: tuple[Passage, set[int]] | None = None
    for field in fields:
        for place, first in enumerate(field.found):
            if first.term not in terms:
                continue
            end = max(first.start + width - RUN_UP, first.end)
            behind = bisect_left(field.found, end, place, key=_start)
            shown = tuple(f for f in field.found[place:behind] if f.end <= end)
            covered = {f.term for f in shown}
            if chosen is None or len(covered & terms) > len(chosen[1] & terms):
                chosen = Passage(field.order, field.text, shown), covered
            if covered >= terms:
                break
    assert chosen is not None, "a term that was found stands in a field"
    return chosen


def _start(found: Found) -> int:
    return found.start


def _show(passage: Passage, width: int) -> str:
    first = passage.found[0].start
    begin = 0 if first <= RUN_UP else first - RUN_UP
    return _cut(passage.text, passage.found, begin, width)


def _cut(text: str, found: Sequence[Found], begin: int, width: int) -> str:
    """Return `text[begin:begin + width]` widened or narrowed to word borders, `found` marked, … where it is cut."""
    end = min(len(text), max(begin + width, max((f.end for f in found), default=0)))
    if begin:
        border = next((i for i in range(begin, found[0].start) if text[i].isspace()), found[0].start)
        begin = border
    if end < len(text):
        floor = max((f.end for f in found), default=begin)
        end = next((i for i in range(end, floor - 1, -1) if text[i].isspace()), max(end, floor))
    pieces: list[str] = []
    position = begin
    for start, stop in _merged(found):
        pieces += [text[position:start], OPEN, text[start:stop], CLOSE]
        position = stop
    pieces.append(text[position:end])
    cut_before = text[:begin].strip() != ""
    cut_after = text[end:].strip() != ""
    return f"{'… ' if cut_before else ''}{''.join(pieces).strip()}{' …' if cut_after else ''}"


def _merged(found: Sequence[Found]) -> list[tuple[int, int]]:
    """Return the places to mark, overlapping ones as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((f.start, f.end) for f in found):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def _one_line(text: str) -> str:
    return " ".join(text.split())
