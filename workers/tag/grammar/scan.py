"""One walk over a text: at each word that can begin something, the readers of its kind are asked; the longest wins.

The walk is a look-up per word; patterns run only where a word (or a digit) invites them, and each is bounded, so the
time is linear in the text whatever it holds.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from workers.model import EntityType
from workers.tag.grammar import amounts, dates, events, laws
from workers.tag.kept import Kept

YEARS = range(1000, 9000)  # of publication; from others nothing relative is counted: the calendar would end
LIMIT = 5_000  # mentions of one text; a table of figures is cut there

_WORD = re.compile(r"[^\W\d_]+(?:\$|\.(?=\d))?|\d[\d.,/:-]*|[$€£¥]")
Reader = Callable[[str, int, date | None, bool], "tuple[int, str] | None"]


class Found(NamedTuple):
    """A mention found by grammar. `value` is "" when it needs what is not known (the day of publication)."""

    start: int
    end: int
    type: EntityType
    value: str


def _date(text: str, at: int, today: date | None, english: bool) -> tuple[int, str] | None:
    return dates.read_date(text, at, today)


def _money(text: str, at: int, today: date | None, english: bool) -> tuple[int, str] | None:
    return amounts.read_money(text, at, english)


def _quantity(text: str, at: int, today: date | None, english: bool) -> tuple[int, str] | None:
    return amounts.read_quantity(text, at, english)


def _law(text: str, at: int, today: date | None, english: bool) -> tuple[int, str] | None:
    return laws.read_law(text, at)


def _article(text: str, at: int, today: date | None, english: bool) -> tuple[int, str] | None:
    return laws.read_article(text, at)


def _event(word: str) -> Reader:
    return lambda text, at, today, english: events.read_event(text, at, word)


_NUMBER: tuple[tuple[EntityType, Reader], ...] = (("DATE", _date), ("MONEY", _money), ("QUANTITY", _quantity))


def _triggers() -> dict[str, tuple[tuple[EntityType, Reader], ...]]:
    """Return who reads what begins with a word (in lower case)."""
    readers: dict[str, list[tuple[EntityType, Reader]]] = {}

    def add(words: Iterator[str] | frozenset[str], type_: EntityType, reader: Reader) -> None:
        for word in words:
            readers.setdefault(word, []).append((type_, reader))

    add(dates.FIRST_WORDS, "DATE", _date)
    add(amounts.MONEY_WORDS, "MONEY", _money)
    add(amounts.NUMBER_WORDS, "MONEY", _money)
    add(amounts.NUMBER_WORDS | {"magnitudo", "m"}, "QUANTITY", _quantity)
    add(amounts.NUMBER_WORDS, "DATE", _date)
    add(laws.LAW_WORDS, "LAW", _law)
    add(laws.ARTICLE_WORDS, "LAW", _article)
    for word in events.READERS:
        add(frozenset({word}), "EVENT", _event(word))
    return {word: tuple(dict.fromkeys(found)) for word, found in readers.items()}


_TRIGGERS = _triggers()


def _readers_of(word: str) -> tuple[tuple[EntityType, Reader], ...]:
    return _NUMBER if word[0].isdigit() else _TRIGGERS.get(word.rstrip(".").lower(), ())


_READERS: Kept[str, tuple[tuple[EntityType, Reader], ...]] = Kept(_readers_of)


def find(text: str, today: date | None = None, english: bool = False) -> list[Found]:
    """Return the dates, amounts, quantities, laws and events of `text` by offset, none overlapping.

    `today` is the day of publication in the publisher's zone, from which relative dates count; `english`: numbers are
    written "1,234.5".
    """
    if today is not None and today.year not in YEARS:
        today = None
    found: list[Found] = []
    after = 0
    for match in _WORD.finditer(text):
        readers = _READERS[match.group()]
        if not readers:
            continue
        at = match.start()
        if at < after or (at and _is_inside(text, at, after)):
            continue
        best = _longest(text, at, readers, today, english)
        if best:
            found.append(best)
            after = best.end
            if len(found) >= LIMIT:
                break
    return found


def _is_inside(text: str, at: int, after: int) -> bool:
    """Tell whether what begins at `at` is the rest of a longer token: "U-17", "@2024", "/2025/09/", "1.5".

    Behind the end of the last mention (`after`) a hyphen joins two: "Rp100 ribu-Rp250 ribu".
    """
    before = text[at - 1]
    if before in "@#_/\\=&+" or before.isalnum():
        return True
    return before in "-.:," and at > 1 and at - 1 != after and text[at - 2].isalnum()


def _longest(
    text: str, at: int, readers: Sequence[tuple[EntityType, Reader]], today: date | None, english: bool
) -> Found | None:
    best: Found | None = None
    for type_, reader in readers:
        read = reader(text, at, today, english)
        if read is None or (best is not None and read[0] <= best.end):
            continue
        end = read[0]
        if end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
            continue  # a letter beyond ASCII goes on with the word
        best = Found(at, end, type_, read[1])
    return best


def keep(found: Sequence[Found], names: Sequence[tuple[int, int]]) -> tuple[list[Found], list[bool]]:
    """Return what stays of both, grammar's mentions and `names` (start, end; ordered, none overlapping).

    The one rule of overlaps: a mention by grammar that covers every name it touches as a part of it, and more, wins
    ("HUT ke-80 RI", "5 juta dolar AS"); one that only touches a name, lies within it or equals it, goes.
    """
    starts, ends = [start for start, _ in names], [end for _, end in names]
    kept: list[Found] = []
    staying = [True] * len(names)
    for one in found:
        first, last = bisect_right(ends, one.start), bisect_left(starts, one.end)
        touched = range(first, last)
        inside = all(one.start <= starts[i] and ends[i] <= one.end for i in touched)
        equal = any((starts[i], ends[i]) == (one.start, one.end) for i in touched)
        if inside and not equal:
            kept.append(one)
            for i in touched:
                staying[i] = False
    return kept, staying
