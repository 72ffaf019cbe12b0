"""Cuts the passages that show why an article was found, from its original text.

The index holds stems; here the article is analysed again and compared word by word, so that what is marked is
what the reader sees in the article, whatever folding and stemming made of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from msgspec import Struct

from workers.index.query import Term
from workers.index.sqlite_search import searched_words
from workers.index.stemming import stem, words

OPEN, CLOSE = "«", "»"
WHOLE = 240  # characters of text shown when one passage has every word that was found
HALF = 130  # of each passage when it takes two
RUN_UP = 60  # characters shown before the first found word


class _Found(Struct, frozen=True):
    """A term found in a text, at code points [start, end)."""

    start: int
    end: int
    term: int


class _Passage(Struct, frozen=True):
    """A piece of one field: `order` 0 is the lead, 1 the body."""

    order: int
    text: str
    found: tuple[_Found, ...]


def snippet(lead: str, body: str, terms: Sequence[Term]) -> str:
    """Return passages of `lead` or `body` with what was found between « and », on one line.

    About 240 characters, cut between words, with … where text is left out. When neither field holds a term (it was
    found in the title, or there is none), the beginning of the lead, else of the body.
    """
    wanted = list(dict.fromkeys((searched_words(term), term.phrase) for term in terms if not term.negated))
    fields = [_Passage(order, text, tuple(_find(text, wanted))) for order, text in enumerate((lead, body))]
    everything = {found.term for field in fields for found in field.found}
    if not everything:
        return _one_line(_cut(lead if lead.strip() else body, (), 0, WHOLE))
    first = _best(fields, everything, WHOLE)
    if first[1] == everything:
        return _one_line(_show(first[0], WHOLE))
    first = _best(fields, everything, HALF)
    second = _best(fields, everything - first[1], HALF)
    both = sorted((first[0], second[0]), key=lambda passage: (passage.order, passage.found[0].start))
    return _one_line(" ".join(_show(passage, HALF) for passage in both)).replace("… …", "…")


def _find(text: str, wanted: Sequence[tuple[tuple[str, ...], bool]]) -> Iterator[_Found]:
    """Yield where the terms stand in `text`, by place."""
    if not wanted:
        return
    tokens = list(words(text))
    exact = [word for _, _, word in tokens]
    stems = list(map(stem, exact))
    starting: dict[str, list[tuple[int, tuple[str, ...], list[str]]]] = {}
    for number, (sequence, phrase) in enumerate(wanted):
        if sequence:
            starting.setdefault(sequence[0], []).append((number, sequence, exact if phrase else stems))
    for place, (start, _, word) in enumerate(tokens):
        candidates = {word, stems[place]}
        for number, sequence, forms in chain.from_iterable(starting.get(c, ()) for c in candidates):
            if tuple(forms[place : place + len(sequence)]) == sequence:
                yield _Found(start, tokens[place + len(sequence) - 1][1], number)


def _best(fields: Sequence[_Passage], terms: set[int], width: int) -> tuple[_Passage, set[int]]:
    """Return the first passage of `width` characters with most of `terms`, and all terms it shows."""
    best: tuple[_Passage, set[int]] | None = None
    for field in fields:
        for place, first in enumerate(field.found):
            if first.term not in terms:
                continue
            end = max(first.start + width - RUN_UP, first.end)
            shown = tuple(f for f in field.found[place:] if f.start < end and f.end <= end)
            covered = {f.term for f in shown}
            if best is None or len(covered & terms) > len(best[1] & terms):
                best = _Passage(field.order, field.text, shown), covered
            if covered >= terms:
                break
    assert best is not None, "a term that was found stands in a field"
    return best


def _show(passage: _Passage, width: int) -> str:
    first = passage.found[0].start
    begin = 0 if first <= RUN_UP else first - RUN_UP
    return _cut(passage.text, passage.found, begin, width)


def _cut(text: str, found: Sequence[_Found], begin: int, width: int) -> str:
    """Return `text[begin:begin + width]` widened or narrowed to word borders, `found` marked, … where it is cut."""
    end = min(len(text), max(begin + width, max((f.end for f in found), default=0)))
    if begin:
        border = next((i for i in range(begin, found[0].start) if text[i].isspace()), found[0].start)
        begin = border
    if end < len(text):
        floor = max((f.end for f in found), default=begin)
        end = next((i for i in range(end, floor, -1) if text[i].isspace()), max(end, floor))
    pieces: list[str] = []
    position = begin
    for start, stop in _merged(found):
        pieces += [text[position:start], OPEN, text[start:stop], CLOSE]
        position = stop
    pieces.append(text[position:end])
    cut_before = text[:begin].strip() != ""
    cut_after = text[end:].strip() != ""
    return f"{'… ' if cut_before else ''}{''.join(pieces).strip()}{' …' if cut_after else ''}"


def _merged(found: Sequence[_Found]) -> list[tuple[int, int]]:
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
