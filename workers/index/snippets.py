"""Cuts the passages that show why an article was found, from its original text.

The index holds stems; here the article is analysed again and compared word by word, so that what is marked is
what the reader sees in the article, whatever folding and stemming made of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from workers.index.passages import RUN_UP, WHOLE, Found, Passage, best, passages
from workers.index.query import Term
from workers.index.stemming import BETWEEN_BLANKS, BLANK, BLANKS, MAX_WORD, stem, stem_english, words, words_of

_APOSTROPHES = str.maketrans("‘’‛′", "''''")
_ACCENTED = re.compile("[^\x00-\x7f–—“”…•·°™®©]")  # letters to be folded; marks that are common in news are none
BLOCK = 500  # characters looked through at once


class _Wanted(Struct, frozen=True):
    """Words that must stand side by side, in the `form` that they are compared in."""

    number: int  # of the term
    sequence: tuple[str, ...]
    form: Callable[[str], str]


_Start = tuple[int, int, _Wanted]  # a word's place in a piece of text, and the term that may begin there


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
        fields = [Passage(0, lead, self._needed(lead))]
        if not self._all_near(fields[0].found):
            fields.append(Passage(1, body, self._needed(body)))
        return passages(fields, lead if lead.strip() else body)

    def _needed(self, text: str) -> tuple[Found, ...]:
        """Return where the terms stand in `text`, up to the end of the first passage that has them all.

        Most stand near the beginning, so the text is read block by block.
        """
        needed: list[Found] = []
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

    def _all_near(self, found: tuple[Found, ...]) -> bool:
        """Tell whether what was found in the lead needs nothing of the body: one passage has every term."""
        if not found:
            return False
        _, shown = best([Passage(0, "", found)], {one.term for one in found}, WHOLE)
        return len(shown) == self._terms

    def _find(self, text: str, start: int, end: int) -> Iterator[Found]:
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

    def _found(self, text: str, begin: int, piece: str) -> Iterator[Found]:
        """Yield the terms that begin in `piece`, which stands between blanks at `text[begin:]`."""
        known = self._known.get(piece)
        if known is None:
            known = self._known[piece] = list(self._starts(piece))
        for start, end, wanted in known:
            count = len(wanted.sequence)
            if count == 1:
                yield Found(begin + start, begin + end, wanted.number)
                continue
            following = list(islice(words(text[begin + start : begin + start + (MAX_WORD + 10) * count]), count))
            if tuple(wanted.form(word) for _, _, word in following) == wanted.sequence:
                yield Found(begin + start, begin + start + following[-1][1], wanted.number)

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
    if wanted.form is stem:
        return first[1:]
    return first[0] if first.endswith("ie") and len(first) == 3 else first[:-1]  # "dying": "die"
