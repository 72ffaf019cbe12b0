"""Cuts the passages that show why an article was found, from its original text.

The index holds stems; here the article is analysed again and compared word by word, so that what is marked is
what the reader sees in the article, whatever folding and stemming made of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from workers.index.query import Term
from workers.index.stemming import BETWEEN_BLANKS, BLANK, BLANKS, MAX_WORD, stem, stem_english, words, words_of

OPEN, CLOSE = "«", "»"
WHOLE = 240  # characters of text shown when one passage has every word that was found
HALF = 130  # of each passage when it takes two
_APOSTROPHES = str.maketrans("‘’‛′", "''''")
_ACCENTED = re.compile("[^\x00-\x7f–—“”…•·°™®©]")  # letters to be folded; marks that are common in news are none
BLOCK = 500  # characters looked through at once
RUN_UP = 60  # characters shown before the first found word


class _Found(Struct, frozen=True):
    """A term found in a text, at code points [start, end)."""

    start: int
    end: int
    term: int


class _Wanted(Struct, frozen=True):
    """Words that must stand side by side, in the `form` that they are compared in."""

    number: int  # of the term
    sequence: tuple[str, ...]
    form: Callable[[str], str]


_Start = tuple[int, int, _Wanted]  # a word's place in a piece of text, and the term that may begin there


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
    return Snippets(terms).of(lead, body)


class Snippets:
    """Makes the snippets of one search: what it learned of the words in one article helps with the next."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._starting: dict[str, list[_Wanted]] = {}
        parts: set[str] = set()
        numbers: set[int] = set()
        for wanted in _all_wanted(terms):
            numbers.add(wanted.number)
            self._starting.setdefault(wanted.sequence[0], []).append(wanted)
            parts.add(_part(wanted))
        least = [part for part in sorted(parts) if not any(one in part for one in parts if one != part)]
        self._parts = re.compile("|".join(map(re.escape, least)))
        self._terms = len(numbers)
        self._known: dict[str, list[_Start]] = {}
        self._english: bool | None = None

    def of(self, lead: str, body: str, *, english: bool = False) -> str:
        """Return the snippet of one article, see `snippet`."""
        if english is not self._english:
            self._english, self._known = english, {}
        fields = [_Passage(0, lead, self._needed(lead))]
        if not self._all_near(fields[0].found):
            fields.append(_Passage(1, body, self._needed(body)))
        return _passages(fields, lead if lead.strip() else body)

    def _needed(self, text: str) -> tuple[_Found, ...]:
        """Return where the terms stand in `text`, up to the end of the first passage that has them all.

        Most stand near the beginning, so the text is read block by block.
        """
        needed: list[_Found] = []
        last: dict[int, int] = {}
        start, end, sure = 0, len(text), False
        while self._starting and start < end:
            cut = BLANK.search(text, start + BLOCK)
            stop = cut.start() if cut else len(text)
            for found in self._find(text, start, stop):
                if found.start > end:
                    break
                needed.append(found)
                last[found.term] = found.start
                if not sure and len(last) == self._terms and found.end - min(last.values()) <= WHOLE - RUN_UP:
                    end, sure = min(end, min(last.values()) + WHOLE), True
            start = stop
        return tuple(needed)

    def _all_near(self, found: tuple[_Found, ...]) -> bool:
        """Tell whether what was found in the lead needs nothing of the body: one passage has every term."""
        if not found:
            return False
        _, shown = _best([_Passage(0, "", found)], {one.term for one in found}, WHOLE)
        return len(shown) == self._terms

    def _find(self, text: str, start: int, end: int) -> Iterator[_Found]:
        """Yield the terms that begin in `text[start:end]`, by place. Only what looks like one is cut into words."""
        block = text[start:end]
        lowered = block.lower()
        if not block.isascii():
            lowered = lowered.translate(_APOSTROPHES)
            if len(lowered) != len(block) or _ACCENTED.search(lowered):  # folding moves places
                for piece in BETWEEN_BLANKS.finditer(block):
                    yield from self._found(text, start + piece.start(), piece[0])
                return
        behind = 0
        for part in self._parts.finditer(lowered):
            if (begin := part.start()) < behind:
                continue
            while begin > behind and block[begin - 1] not in BLANKS:
                begin -= 1
            piece_found = BETWEEN_BLANKS.match(block, begin)
            assert piece_found is not None, "what was found holds no blank"
            behind = piece_found.end()
            yield from self._found(text, start + begin, piece_found[0])

    def _found(self, text: str, begin: int, piece: str) -> Iterator[_Found]:
        """Yield the terms that begin in `piece`, which stands between blanks at `text[begin:]`."""
        known = self._known.get(piece)
        if known is None:
            known = self._known[piece] = list(self._starts(piece))
        for start, end, wanted in known:
            count = len(wanted.sequence)
            if count == 1:
                yield _Found(begin + start, begin + end, wanted.number)
                continue
            following = list(islice(words(text[begin + start : begin + start + (MAX_WORD + 10) * count]), count))
            if tuple(wanted.form(word) for _, _, word in following) == wanted.sequence:
                yield _Found(begin + start, begin + start + following[-1][1], wanted.number)

    def _starts(self, piece: str) -> Iterator[_Start]:
        """Yield where in `piece` a word stands that a term begins with, each term once a word."""
        forms: tuple[Callable[[str], str], ...] = (str, stem, stem_english) if self._english else (str, stem)
        for start, end, word in words_of(piece):
            seen: set[int] = set()
            for form in forms:
                for wanted in self._starting.get(form(word), ()):
                    if wanted.form is form and wanted.number not in seen:
                        seen.add(wanted.number)
                        yield start, end, wanted


def _all_wanted(terms: Sequence[Term]) -> Iterator[_Wanted]:
    """Yield what to look for: phrases as they are, words by their stems."""
    found = {(tuple(word for _, _, word in words(t.text)), t.phrase): t for t in terms if not t.negated}
    for number, ((sequence, phrase), term) in enumerate(found.items()):
        if sequence:
            for form in (str,) if phrase else (stem, stem_english):
                yield _Wanted(number, tuple(map(form, sequence)), form)
            yield from (_Wanted(number, (stem(root),), stem) for root in term.roots)
            yield from (_Wanted(number, (form,), str) for form in term.forms)


def _part(wanted: _Wanted) -> str:
    """Return what every word that has the wanted form holds, for a first quick look.

    A stem is a part of its word, but for a first letter that a prefix had swallowed ("menyapu": "sapu"), and in English
    for a last one ("library": "librari").
    """
    first = wanted.sequence[0]
    if len(first) < 3 or wanted.form is str:
        return first if wanted.form is str or len(first) < 2 else first[1:]
    return first[1:] if wanted.form is stem else first[:-1]


def _passages(fields: Sequence[_Passage], beginning: str) -> str:
    """Return the passages to show of `fields`, the start of `beginning` when nothing was found in them."""
    everything = {found.term for field in fields for found in field.found}
    if not everything:
        return _one_line(_cut(beginning, (), 0, WHOLE))
    first = _best(fields, everything, WHOLE)
    if first[1] == everything:
        return _one_line(_show(first[0], WHOLE))
    first = _best(fields, everything, HALF)
    second = _best(fields, everything - first[1], HALF)
    both = sorted((first[0], second[0]), key=lambda passage: (passage.order, passage.found[0].start))
    return _one_line(" ".join(_show(passage, HALF) for passage in both)).replace("… …", "…")


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
