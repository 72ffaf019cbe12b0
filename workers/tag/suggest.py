"""Names an editor should look at: frequent ones nobody has identified, and pairs that may be one thing.

A pair: names of one type of which one holds the other's words in order ("Yudi" is too little, "Yudi Latief" and "Yudi
Latief Anwar" are one), is spelt alike but for one letter, blanks and marks, or abbreviates it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from msgspec import Struct

from workers.model import Document
from workers.tag.gazetteer import Gazetteer
from workers.tag.gazetteer_rows import TYPES, folded
from workers.tag.resolve import acronym_of

NAMES = 200_000  # different names kept; of more, the ones seen once so far go
SHARED = 200  # names sharing a word that are compared with each other, the most frequent ones


class Pair(Struct, frozen=True):
    """Two names that may be one thing; counts are documents, `together` those that hold both."""

    type: str
    name: str
    other: str  # the fuller or more frequent one: what `name` would be merged into
    documents: int
    other_documents: int
    together: int
    why: str  # "part", "spelling" or "short"


class Unknown(Struct, frozen=True):
    """A name that neither the gazetteer nor a correction knows."""

    type: str
    name: str
    documents: int


class Names:
    """Counts the names of documents; `add` them one by one, then ask."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._counts: Counter[tuple[str, str]] = Counter()
        self._documents: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._number = 0

    def add(self, document: Document) -> None:
        """Count the names of one document."""
        self._number += 1
        for entity in document.entities:
            if entity.type in TYPES:
                self._counts[entity.type, entity.name] += 1
                self._documents[entity.type, entity.name].add(self._number)
        if len(self._counts) > NAMES:
            self._forget_rare()

    def _forget_rare(self) -> None:
        for key in [key for key, count in self._counts.items() if count == 1]:
            del self._counts[key], self._documents[key]

    def unknown(self, least: int) -> list[Unknown]:
        """Return the unidentified names of at least `least` documents, most frequent first."""
        found = [
            Unknown(type_, name, count)
            for (type_, name), count in self._counts.items()
            if count >= least and not self._is_known(type_, name)
        ]
        return sorted(found, key=lambda one: (-one.documents, one.name))

    def pairs(self, least: int) -> list[Pair]:
        """Return the pairs whose rarer name stands in at least `least` documents, most frequent first."""
        found: dict[tuple[str, str, str], Pair] = {}
        for type_, group in self._groups(least):
            for at, name in enumerate(group):
                for other in group[at + 1 :]:
                    pair = self._pair(type_, name, other)
                    if pair:
                        found[type_, pair.name, pair.other] = pair
        return sorted(found.values(), key=lambda pair: (-pair.documents, -pair.other_documents, pair.name))

    def _is_known(self, type_: str, name: str) -> bool:
        return (type_, folded(name)) in self._gazetteer.pinned or self._gazetteer.find(type_, name) is not None

    def _groups(self, least: int) -> Iterator[tuple[str, list[str]]]:
        """Yield names worth comparing: those sharing a word, a beginning, or the first letter of an abbreviation."""
        by_clue: dict[tuple[str, str], set[str]] = defaultdict(set)
        for (type_, name), count in self._counts.items():
            words = folded(name)
            if count < least or not words:
                continue
            joined = "".join(words)
            clues = {*words, f"^{joined[:5]}", f"${joined[-5:]}"}
            clues.add("@" + "".join(word[0] for word in words)[:2] if len(words) > 1 else "@" + joined[:2])
            for clue in clues:
                by_clue[type_, clue].add(name)
        for (type_, _), names in by_clue.items():
            yield type_, sorted(names, key=lambda name: (-self._counts[type_, name], name))[:SHARED]

    def _pair(self, type_: str, name: str, other: str) -> Pair | None:
        """Return the pair when the names may be one thing and are not both known already."""
        if self._is_known(type_, name) and self._is_known(type_, other):
            return None
        why = _why(name, other)
        if not why or (type_, folded(name)) in self._gazetteer.pinned:
            return None
        # The fuller one leads; of two spellings the more frequent one does (`name` comes first, so it is that one).
        short, full = (name, other) if why != "spelling" and len(name) < len(other) else (other, name)
        if (type_, folded(short)) in self._gazetteer.pinned:
            return None
        both = len(self._documents[type_, short] & self._documents[type_, full])
        return Pair(type_, short, full, self._counts[type_, short], self._counts[type_, full], both, why)


def _why(name: str, other: str) -> str:
    words, others = folded(name), folded(other)
    short, full = sorted((words, others), key=len)
    if (
        len(short) > 1
        and len(short) < len(full)
        and any(full[at : at + len(short)] == short for at in range(len(full) - len(short) + 1))
    ):
        return "part"
    joined, joined_other = "".join(words), "".join(others)
    if joined == joined_other or (min(len(joined), len(joined_other)) > 5 and _one_apart(joined, joined_other)):
        return "spelling"
    for brief, long in ((name, other), (other, name)):
        if brief.isupper() and " " in long and " " not in brief and acronym_of(brief, long):
            return "short"
    return ""


def _one_apart(one: str, other: str) -> bool:
    """Tell whether one letter changed, added or left out makes the one the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, rest_other = one[start:], other[start:]
    return rest[1:] == rest_other[1:] or rest[1:] == rest_other or rest == rest_other[1:]
