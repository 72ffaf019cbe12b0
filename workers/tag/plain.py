"""A plain tagger to measure the real one against: words and shapes two to each side, affixes, no lists, no rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workers.model import Entity
from workers.tag.corpus import Sentence
from workers.tag.spans import from_labels
from workers.tag.tokens import by_blanks
from workers.tag.training import SETTINGS, as_given, fit

ITERATIONS = 120  # as it was measured from the beginning; the model of names itself is stopped sooner
_RUN = re.compile(r"(.)\1+")


def attributes(words: list[str]) -> list[list[str]]:
    """Return the attributes of each word of a sentence."""
    seen = [(word.lower(), _shape(word)) for word in words]
    rows = []
    for i, (word, _) in enumerate(seen):
        row = ["bias", *(f"p{word[:size]}" for size in (1, 2, 3, 4)), *(f"z{word[-size:]}" for size in (1, 2, 3, 4))]
        for distance in (-2, -1, 0, 1, 2):
            beside, shape = seen[i + distance] if 0 <= i + distance < len(seen) else ("", "")
            row += [f"{distance}w={beside}", f"{distance}s={shape}"]
        rows.append(row)
    return rows


def _shape(word: str) -> str:
    kinds = ("A" if c.isupper() else "a" if c.islower() else "9" if c.isdigit() else c for c in word)
    return _RUN.sub(r"\1", "".join(kinds))


class PlainTagger:
    """Tags by the plain model; trained from `rows` into the file `target`, which it keeps open."""

    def __init__(self, rows: Iterable[Sentence], target: Path) -> None:
        """Train and open the model."""
        import pycrfsuite  # late: everything else works without it

        own = (example for row in rows for example in as_given(row))
        fit(((attributes(each.words), each.labels) for each in own), target, {**SETTINGS, "max_iterations": ITERATIONS})
        self._model: Any = pycrfsuite.Tagger()
        self._model.open(str(target))

    def tag(self, text: str) -> list[Entity]:
        """Return the mentions in `text`."""
        found: list[Entity] = []
        for tokens in by_blanks(text):
            labels = self._model.tag(attributes([token.text for token in tokens]))
            for a, b, type_ in from_labels(labels):
                start, end = tokens[a].start, tokens[b - 1].end
                name = text[start:end]
                found.append(Entity(text=name, type=type_, start=start, end=end, name=name))  # type: ignore[arg-type]
        return found
