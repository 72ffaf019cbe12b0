"""Measures a tagger against labelled sentences: exact span and type, micro F1, by source, type and seen or unseen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from msgspec import Struct

from workers.model import Entity
from workers.tag.corpus import TYPES, Sentence
from workers.tag.spans import from_labels

AROUND = 30  # characters of the text shown on both sides of an error


class TextTagger(Protocol):
    """What `score` needs of a tagger."""

    def tag(self, text: str) -> list[Entity]:
        """Return the mentions in `text`."""


class Error(NamedTuple):
    """A mention that was missed or is wrong, with the text around it."""

    source: str
    kind: str  # "missed" or "wrong"
    type: str
    text: str
    around: str


class Scores(Struct):
    """`figures`: "all", "all TYPE", "SOURCE", "SOURCE TYPE", "seen" and "unseen" → F1, precision and recall."""

    figures: dict[str, dict[str, float]]
    errors: list[Error]

    def worst(self, limit: int = 50) -> list[str]:
        """Return a line for each of the errors made most often, one sort of error with one name counted together."""
        counts = Counter((error.kind, error.type, error.text) for error in self.errors)
        shown = {(error.kind, error.type, error.text): error for error in reversed(self.errors)}
        return [
            f"{count} × {kind} {type_} {text!r} ({shown[kind, type_, text].source}): {shown[kind, type_, text].around}"
            for (kind, type_, text), count in counts.most_common(limit)
        ]


def names_of(sentences: Iterable[Sentence]) -> frozenset[tuple[str, str]]:
    """Return (name without case, type) of every labelled mention: what a model trained on them has seen."""
    return frozenset(
        (" ".join(sentence.tokens[a:b]).lower(), type_)
        for sentence in sentences
        for a, b, type_ in from_labels(sentence.labels)
    )


def score(sentences: Iterable[Sentence], tagger: TextTagger, seen: frozenset[tuple[str, str]] = frozenset()) -> Scores:
    """Return the figures of `tagger`. `seen` are the names its model was trained on.

    Tokens are joined by one blank; a mention counts when it covers exactly the tokens of a labelled one of its type.
    A wrong mention is counted with the seen when its name and type are among `seen`, else with the unseen.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    errors: list[Error] = []
    for sentence in sentences:
        text = " ".join(sentence.tokens)
        true = _true(sentence)
        found = {(e.start, e.end, str(e.type)) for e in tagger.tag(text) if e.type in TYPES}
        for start, end, type_ in sorted(true | found):
            mention = start, end, type_
            place = 0 if mention in true and mention in found else 1 if mention in found else 2
            name = text[start:end]
            known = "seen" if (name.lower(), type_) in seen else "unseen"
            for key in ("all", f"all {type_}", sentence.source, f"{sentence.source} {type_}", known):
                counts[key][place] += 1
            if place:
                around = f"{text[max(0, start - AROUND) : start]}[{name}]{text[end : end + AROUND]}"
                errors.append(Error(sentence.source, "wrong" if place == 1 else "missed", type_, name, around))
    return Scores({key: _figures(*counted) for key, counted in sorted(counts.items())}, errors)


def _true(sentence: Sentence) -> set[tuple[int, int, str]]:
    starts, at = [], 0
    for token in sentence.tokens:
        starts.append(at)
        at += len(token) + 1
    return {(starts[a], starts[b - 1] + len(sentence.tokens[b - 1]), t) for a, b, t in from_labels(sentence.labels)}


def _figures(right: int, wrong: int, missed: int) -> dict[str, float]:
    return {
        "f1": round(2 * right / max(1, 2 * right + wrong + missed), 4),
        "precision": round(right / max(1, right + wrong), 4),
        "recall": round(right / max(1, right + missed), 4),
    }
