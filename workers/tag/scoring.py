"""Measures a tagger against labelled sentences: exact span and type, micro F1, by source and type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from workers.model import Entity
from workers.tag.spans import from_labels
from workers.tag.training import TYPES, Sentence


class TextTagger(Protocol):
    """What `score` needs of a tagger."""

    def tag(self, text: str) -> list[Entity]:
        """Return the mentions in `text`."""


def score(sentences: Iterable[Sentence], tagger: TextTagger) -> dict[str, dict[str, float]]:
    """Return F1, precision and recall by "source" and "source type", and for "all".

    Tokens are joined by one blank; a mention counts when it covers exactly the tokens of a labelled one of its type.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for sentence in sentences:
        starts, at = [], 0
        for token in sentence.tokens:
            starts.append(at)
            at += len(token) + 1
        spans = from_labels(sentence.labels)
        true = {(starts[a], starts[b - 1] + len(sentence.tokens[b - 1]), type_) for a, b, type_ in spans}
        found = {(e.start, e.end, str(e.type)) for e in tagger.tag(" ".join(sentence.tokens)) if e.type in TYPES}
        for type_ in TYPES:
            t, f = {x for x in true if x[2] == type_}, {x for x in found if x[2] == type_}
            for key in ("all", f"all {type_}", sentence.source, f"{sentence.source} {type_}"):
                counts[key][0] += len(t & f)
                counts[key][1] += len(f - t)
                counts[key][2] += len(t - f)
    return {key: _figures(*counted) for key, counted in sorted(counts.items())}


def _figures(right: int, wrong: int, missed: int) -> dict[str, float]:
    return {
        "f1": round(2 * right / max(1, 2 * right + wrong + missed), 4),
        "precision": round(right / max(1, right + wrong), 4),
        "recall": round(right / max(1, right + missed), 4),
    }
