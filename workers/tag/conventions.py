"""Whose idea of an organisation or a place a text is tagged by.

The corpora the model learns from disagree: to idner-news-2k a country that acts ("Israel menolak") is no place, to
NERGrit a school is one. Readers get NERUI's idea, the nearest to theirs, in every text that is set as people set
texts. Sentences with their marks set apart (" ." and " ,") are a corpus's: they are tagged as the corpus would that
they look like.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from typing import Any

READERS = "nerui-01"
# What differs most from what readers expect (a country is a place only when something happens there; a name holds its
# brackets): in its texts the rules that mend for readers stay out.
AS_IT_IS = frozenset({"idner-news-2k"})
SETTINGS: dict[str, Any] = {"c1": 0.0, "c2": 1.0, "max_iterations": 60}
LEAST = 0.01  # what an attribute must weigh to be kept
LIMIT = 2_000  # characters of a text that are looked at

_APART = re.compile(r"[.,](?<=\s.)(?!\S)")
_JOINED = re.compile(r"[.,](?<=\w.)(?!\S)")
# fmt: off
_MARKS = (
    ("glued", re.compile(r"\S[)\]]|[(\[]\S")), ("brackets", re.compile(r"\( | \)")), ("hyphen", re.compile(r"\w - \w")),
    ("joined", re.compile(r"\w-\w")), ("quotes", re.compile(r'(?:^| )" ')), ("single", re.compile(r"(?:^| )' ")),
    ("slash", re.compile(r"\d/\d")), ("year", re.compile(r"\b\d{4}\b")), ("dash", re.compile(r"- -")),
)
# fmt: on


def is_apart(text: str) -> bool:
    """Tell whether a text sets its marks apart from its words, as corpora do and people do not."""
    head = text[:LIMIT]
    return len(_APART.findall(head)) > len(_JOINED.findall(head))


def attributes(text: str) -> list[str]:
    """Return what tells one corpus from another: words, and how marks are set."""
    head = text[:LIMIT]
    marks = [f"m={name}" for name, pattern in _MARKS if pattern.search(head)]
    marks += [f"no={name}" for name, pattern in _MARKS if not pattern.search(head)]
    words = head.lower().split()
    if not words:
        return marks
    capitals = sum(word[0].isupper() for word in head.split())
    counts = [f"n={min(len(words) // 6, 9)}", f"u={capitals * 5 // len(words)}"]
    ends = [f"first={words[0]}", f"last={'_'.join(words[-2:])}"]
    pairs = {f"b={first}_{second}" for first, second in itertools.pairwise(words)}
    return [*marks, *counts, *ends, *sorted(pairs | {f"w={word}" for word in words} | {f"z={w[-3:]}" for w in words})]


def marks(weights: Mapping[tuple[str, str], float]) -> dict[str, frozenset[str]]:
    """Return (attribute, corpus) → weight in the form of `models.read_words`: attributes by corpus and weight."""
    found: dict[str, set[str]] = {}
    for (attribute, corpus), weight in weights.items():
        if abs(weight) >= LEAST:
            found.setdefault(f"{corpus} {weight:.2f}", set()).add(attribute)
    return {mark: frozenset(found[mark]) for mark in sorted(found)}


class Conventions:
    """Tells which corpus a text is written like, by the sum of what its attributes weigh for each."""

    def __init__(self, marks: Mapping[str, Iterable[str]]) -> None:
        """`marks`: see the function of that name."""
        self.corpora: list[str] = sorted({mark.rpartition(" ")[0] for mark in marks})
        self._weights: dict[str, list[tuple[str, float]]] = {}
        for mark, all_ in marks.items():
            corpus, _, weight = mark.rpartition(" ")
            weighs = corpus, float(weight)  # one for all its attributes: they are many
            for attribute in all_:
                self._weights.setdefault(attribute, []).append(weighs)

    def guess(self, text: str) -> str:
        """Return the corpus a text is most like, the first by name of equals; "" when none is known."""
        total = dict.fromkeys(self.corpora, 0.0)
        for attribute in attributes(text):
            for corpus, weight in self._weights.get(attribute, ()):
                total[corpus] += weight
        return max(total, key=lambda corpus: round(total[corpus], 6), default="")
