"""What the model sees of a token: words around it, shape, affixes, gazetteer rows, word lists, memory, run of capitals.

The attributes of a word alone are made once and kept, so that a token costs a few list operations. Headlines
("Presiden Xi Jinping Bertemu Kim Jong-un", or all in capitals) are told apart from running text: there a capital
says little, so shapes carry a mark of their own, and capitals-only text is first put back into title case.

The corpora the model learns from differ in what they call an organisation or a place. What weighs most in that is
also given under the name of the sentence's convention (conventions.py), so that the model keeps them apart (Daumé,
"Frustratingly Easy Domain Adaptation", ACL 2007).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workers.tag.gazetteer import Gazetteer, Match
from workers.tag.kept import Kept
from workers.tag.memory import Memory
from workers.tag.shapes import affixes, shape_of

VERSION = "4"  # of the attributes: a model is read only by the code it was trained with
WORD_LIMIT = 40  # characters of a word that are looked at

_LISTS = (("first_name", "fn"), ("last_name", "ln"), ("given_name", "gn"), ("family_name", "fa"), ("city", "ci"))
_LOWER_LISTS = (
    ("title", "ti"),
    ("org_head", "oh"),
    ("place_trigger", "pt"),
    ("direction", "dr"),
    ("function", "fu"),
)
_BRIDGES = frozenset({"dan", "of", "bin", "binti", "van", "de", "der", "al", "&", "untuk", "the"})
_NORMAL, _TITLE, _CAPITALS = "n", "t", "c"
# How a word is written: it does not count, it is small, it has a capital, it is all capitals (behind another letter).
_PASSED, _SMALL, _CAPITAL, _ALL, _ODD = range(5)


class View(NamedTuple):
    """A sentence as the model sees it: words in ordinary case, in lower case, kind of writing, gazetteer matches."""

    words: list[str]
    lowered: list[str]
    headline: bool
    matches: list[Match]
    convention: str = ""  # whose idea of an organisation or a place; "" is nobody's


class WordAttributes(NamedTuple):
    """Attributes of one word by its distance from the token in question."""

    before2: list[str]
    before: list[str]
    here: list[str]
    after: list[str]
    after2: list[str]
    shape: str


class Features:
    """Makes attributes. Keeps those of words; results do not depend on what was asked before."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        words: Mapping[str, frozenset[str]] | None = None,
        memory: Memory | None = None,
    ) -> None:
        """`words`: lists the model looks words up in, beside those of the gazetteer (kind → words)."""
        self._memory = memory or Memory({})
        self._gazetteer = gazetteer
        self._words = {**gazetteer.words, **(words or {})}
        self._function = gazetteer.words.get("function", frozenset())
        self._heads = gazetteer.words.get("org_head", frozenset())
        self._acronyms = frozenset(
            written[0] for names in gazetteer.by_word.values() for _, written, _ in names if written[0].isupper()
        )
        self._written = Kept(self._writing_of)

    def view(self, words: Sequence[str], convention: str = "") -> View:
        """Return the sentence `words` as the model sees it."""
        kind = self._writing(words)
        seen = [self._recased(word) for word in words] if kind == _CAPITALS else list(words)
        lowered = [word.lower() for word in seen]
        return View(seen, lowered, kind != _NORMAL, list(self._gazetteer.matches(seen, lowered)), convention)

    def attributes(self, view: View, memory: Memory | None = None) -> list[list[str]]:
        """Return the attributes of each token of `view`; `memory` takes the place of the one held."""
        if not view.words:
            return []
        made = [self.word(word, view.headline, view.convention) for word in view.words]
        before2, before, here, after, after2, shapes = zip(*made, strict=True)
        columns = zip(
            here,
            ([], *before),
            map(left_of, ("", *shapes), shapes),
            ([], [], *before2),
            (*after[1:], []),
            map(right_of, shapes, (*shapes[1:], "")),
            (*after2[2:], [], []),
            self.among(view, memory),
            strict=False,
        )
        return [[*own, *b, left, *bb, *a, right, *aa, *among] for own, b, left, bb, a, right, aa, among in columns]

    def among(self, view: View, memory: Memory | None = None) -> list[list[str]]:
        """Return of each token's attributes those that are not made of the words beside it alone."""
        result: list[list[str]] = [[] for _ in view.words]
        self._add_matches(view, result)
        self._add_runs(view, result)
        (memory or self._memory).add(view.words, view.lowered, result)
        return result

    def _writing(self, words: Sequence[str]) -> str:
        """Tell running text from headlines in title case or capitals (four words or more that could be lower case)."""
        written = [self._written[word] for word in words]
        count, capitals = len(words) - written.count(_PASSED), written.count(_ALL)
        if count < 4 or capitals + written.count(_CAPITAL) < 0.85 * count:
            return _NORMAL
        return _CAPITALS if capitals + written.count(_ODD) >= 0.8 * count else _TITLE

    def _writing_of(self, word: str) -> int:
        if not word[0].isalpha() or len(word) == 1 or word in self._function:
            return _PASSED
        if word.isupper():
            return _ALL if word[0].isupper() else _ODD
        return _CAPITAL if word[0].isupper() else _SMALL

    def _recased(self, word: str) -> str:
        lower = word.lower()
        if not word.isupper() or word in self._acronyms:
            return word
        return lower if lower in self._function else lower[:1].upper() + lower[1:]

    def word(self, word: str, headline: bool, convention: str) -> WordAttributes:
        """Return the attributes of a word in a headline or not, under a convention."""
        word = word[:WORD_LIMIT]
        lower = word.lower()
        shape = ("T" if headline else "") + shape_of(word)
        kinds = self._kinds(word, lower)
        short = lower if len(word) < 25 else "long"
        listed = [f"k={kind}{shape}" for kind in kinds]
        here = ["bias", f"w={short}", f"s={shape}", *listed]
        before = [f"-w={short}", *(f"-k={kind}" for kind in kinds)]
        after = [f"+w={short}", *(f"+k={kind}" for kind in kinds)]
        return WordAttributes(
            [f"-2w={short}", f"-2s={shape}", *(f"-2k={kind}" for kind in kinds)],
            [*_under(convention, before), f"-s={shape}", f"-z3={lower[-3:]}"],
            [*_under(convention, here), *affixes(word, lower)],
            [*_under(convention, after), f"+s={shape}", f"+p3={lower[:3]}", f"+z3={lower[-3:]}"],
            [f"+2w={short}", f"+2s={shape}"],
            shape,
        )

    def _kinds(self, word: str, lower: str) -> list[str]:
        """Return the marks of the lists that hold a word."""
        bare = lower.rstrip(".")
        kinds = [mark for kind, mark in _LISTS if word in self._words.get(kind, ())]
        kinds += [mark for kind, mark in _LOWER_LISTS if bare in self._words.get(kind, ())]
        if word in self._words.get("month", ()):
            kinds.append("mo")
        return kinds

    def _add_matches(self, view: View, result: list[list[str]]) -> None:
        """Add which gazetteer group covers a token and how, and what is matched next door."""
        convention = view.convention
        for start, end, row in view.matches:
            size = min(end - start, 3)
            for i in range(start, end):
                place = "S" if end - start == 1 else "B" if i == start else "E" if i == end - 1 else "I"
                result[i] += _under(convention, [f"g={row.group}{place}", f"gt={row.type}{place}{size}"])
            if start:
                result[start - 1].append(f"+g={row.type}")
            if end < len(result):
                result[end].append(f"-g={row.type}")

    def _add_runs(self, view: View, result: list[list[str]]) -> None:
        """Add to each token of a run of capitals what the run begins with, what stands beside it, and its head."""
        words, lowered, size = view.words, view.lowered, len(view.words)
        end = 0
        for start, word in enumerate(words):
            if start < end or not word[0].isupper():
                continue
            end = self._end_of_run(view, start + 1)
            before = lowered[start - 1][:WORD_LIMIT] if start else "<s>"
            after = lowered[end][:WORD_LIMIT] if end < size else "</s>"
            opening = _under(view.convention, [f"rb={before}", f"ra={after}"])
            first = f"rf={lowered[start][:WORD_LIMIT]}"
            head: list[str] = []
            for i in range(start, end):
                if lowered[i] in self._heads:
                    head = _under(view.convention, [f"rh={lowered[i]}"])
                place = _under(view.convention, [f"rp={min(i - start, 4)}/{min(end - start, 5)}"])
                result[i] += [*opening, *place, first, *head]

    @staticmethod
    def _end_of_run(view: View, at: int) -> int:
        """Return where a run of capitals ends that goes on at `at`; small words between two capitals belong to it."""
        words, size = view.words, len(view.words)
        while at < size and (
            words[at][0].isupper() or (view.lowered[at] in _BRIDGES and at + 1 < size and words[at + 1][0].isupper())
        ):
            at += 1
        return at


def left_of(before: str, here: str) -> str:
    """Return what a token's shape and that of the one before give; none has the shape ""."""
    return f"ss-{before}{here}" if before else f"start{here}"


def right_of(here: str, after: str) -> str:
    """Return what a token's shape and that of the one after give; none has the shape ""."""
    return f"ss+{here}{after}" if after else "end"


def _under(convention: str, attributes: list[str]) -> list[str]:
    """Return attributes, and again under the name of a convention where there is one."""
    return [*attributes, *(f"{convention}~{attribute}" for attribute in attributes)] if convention else attributes
