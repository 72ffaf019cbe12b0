"""What the model sees of a token: words around it, shape, affixes, gazetteer rows, word lists, its run of capitals.

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

VERSION = "3"  # of the attributes: a model is read only by the code it was trained with
WORD_LIMIT = 40  # characters of a word that are looked at
CACHE_LIMIT = 10_000  # words whose attributes are kept, 3 to 4 kB each

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


class View(NamedTuple):
    """A sentence as the model sees it: words in ordinary case, in lower case, kind of writing, gazetteer matches."""

    words: list[str]
    lowered: list[str]
    headline: bool
    matches: list[Match]
    convention: str = ""  # whose idea of an organisation or a place; "" is nobody's


class _Attributes(NamedTuple):
    """Attributes of one word by its distance from the token in question."""

    before2: list[str]
    before: list[str]
    here: list[str]
    after: list[str]
    after2: list[str]
    shape: str


class Features:
    """Makes attributes. Holds a cache of words; results do not depend on what was asked before."""

    def __init__(self, gazetteer: Gazetteer, words: Mapping[str, frozenset[str]] | None = None) -> None:
        """`words`: lists the model looks words up in, beside those of the gazetteer (kind → words)."""
        self._gazetteer = gazetteer
        self._words = {**gazetteer.words, **(words or {})}
        self._function = gazetteer.words.get("function", frozenset())
        self._heads = gazetteer.words.get("org_head", frozenset())
        self._acronyms = frozenset(
            entry[1][0]
            for entries in gazetteer.by_first.values()
            for entry in entries
            if len(entry[1]) == 1 and entry[1][0].isupper()
        )
        self._cache: dict[tuple[str, bool, str], _Attributes] = {}

    def view(self, words: Sequence[str], convention: str = "") -> View:
        """Return the sentence `words` as the model sees it."""
        kind = self._writing(words)
        seen = [self._recased(word) for word in words] if kind == _CAPITALS else list(words)
        lowered = [word.lower() for word in seen]
        return View(seen, lowered, kind != _NORMAL, list(self._gazetteer.matches(seen, lowered)), convention)

    def attributes(self, view: View) -> list[list[str]]:
        """Return the attributes of each token of `view`."""
        known = [self._of(word, view.headline, view.convention) for word in view.words]
        size = len(known)
        result: list[list[str]] = []
        for i, word in enumerate(known):
            row = word.here.copy()
            if i:
                row += known[i - 1].before
                row.append(f"ss-{known[i - 1].shape}{word.shape}")
                if i > 1:
                    row += known[i - 2].before2
            else:
                row.append("start" + word.shape)
            if i + 1 < size:
                row += known[i + 1].after
                row.append(f"ss+{word.shape}{known[i + 1].shape}")
                if i + 2 < size:
                    row += known[i + 2].after2
            else:
                row.append("end")
            result.append(row)
        self._add_matches(view, result)
        self._add_runs(view, result)
        return result

    def _writing(self, words: Sequence[str]) -> str:
        """Tell running text from headlines in title case or capitals (four words or more that could be lower case)."""
        count = capital = upper = 0
        for word in words:
            if word[0].isalpha() and len(word) > 1 and word not in self._function:
                count += 1
                capital += word[0].isupper()
                upper += word.isupper()
        if count < 4 or capital < 0.85 * count:
            return _NORMAL
        return _CAPITALS if upper >= 0.8 * count else _TITLE

    def _recased(self, word: str) -> str:
        lower = word.lower()
        if not word.isupper() or word in self._acronyms:
            return word
        return lower if lower in self._function else lower[:1].upper() + lower[1:]

    def _of(self, word: str, headline: bool, convention: str) -> _Attributes:
        found = self._cache.get((word, headline, convention))
        if found is None:
            if len(self._cache) >= CACHE_LIMIT:
                self._cache.clear()
            found = self._cache[word, headline, convention] = self._make(word[:WORD_LIMIT], headline, convention)
        return found

    def _make(self, word: str, headline: bool, convention: str) -> _Attributes:
        lower = word.lower()
        shape = ("T" if headline else "") + _shape(word)
        kinds = self._kinds(word, lower)
        short = lower if len(word) < 25 else "long"
        listed = [f"k={kind}{shape}" for kind in kinds]
        here = ["bias", f"w={short}", f"s={shape}", *listed]
        before = [f"-w={short}", *(f"-k={kind}" for kind in kinds)]
        after = [f"+w={short}", *(f"+k={kind}" for kind in kinds)]
        return _Attributes(
            [f"-2w={short}", f"-2s={shape}", *(f"-2k={kind}" for kind in kinds)],
            [*_under(convention, before), f"-s={shape}", f"-z3={lower[-3:]}"],
            [*_under(convention, here), *_affixes(word, lower)],
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
        at = 0
        while at < size:
            if not words[at][0].isupper():
                at += 1
                continue
            start, end = at, at + 1
            while end < size and (
                words[end][0].isupper() or (lowered[end] in _BRIDGES and end + 1 < size and words[end + 1][0].isupper())
            ):
                end += 1
            before = lowered[start - 1][:WORD_LIMIT] if start else "<s>"
            after = lowered[end][:WORD_LIMIT] if end < size else "</s>"
            opening = _under(view.convention, [f"rb={before}", f"ra={after}"])
            head: list[str] = []
            for i in range(start, end):
                if lowered[i] in self._heads:
                    head = _under(view.convention, [f"rh={lowered[i]}"])
                place = f"rp={min(i - start, 4)}/{min(end - start, 5)}"
                row = result[i]
                row += opening
                row += _under(view.convention, [place])
                row.append(f"rf={lowered[start][:WORD_LIMIT]}")
                row += head
            at = end


def _under(convention: str, attributes: list[str]) -> list[str]:
    """Return attributes, and again under the name of a convention where there is one."""
    return [*attributes, *(f"{convention}~{attribute}" for attribute in attributes)] if convention else attributes


def _affixes(word: str, lower: str) -> list[str]:
    """Return beginnings and ends of a word, one to five letters."""
    starts = [f"p{size}={lower[:size]}" for size in (2, 3, 4, 5)]
    return [f"p1={word[0]}", *starts, *(f"z{size}={lower[-size:]}" for size in (1, 2, 3, 4, 5))]


def _shape(word: str) -> str:
    """Return the shape of a word in a few letters: what its first, second and other characters are."""
    if word.isdigit():
        return "9" if len(word) != 4 else "9999"
    if not word[0].isalnum():
        return word[0] if len(word) == 1 else "-" + word[0]
    if word[0].isdigit():
        return "9x" if any(c.isalpha() for c in word) else "9-"
    if word.isupper():
        return "A" if len(word) == 1 else "A." if "." in word else "AA" if word.isalpha() else "A-"
    if word[0].isupper():
        inner = "-" if "-" in word else "." if "." in word else ""
        return ("Aa" if word[1:].islower() else "AaA") + inner
    return ("aA" if not word.islower() else "a") + ("-" if "-" in word else "")
