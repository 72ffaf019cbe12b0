"""A second look at the mentions the model of names is unsure of, each weighed as a whole.

The model of names sees two words to each side and a label at a time. Here a mention is one thing: all its words, what
governs it (governing.py), what the mentions beside it are, and how sure the first model was. What is judged best as a
whole replaces the labels; mentions nothing competes with stay as they are (candidates.py). The model is a maximum
entropy one, trained on what models made from other sentences said of a sentence (training.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from workers.tag.candidates import Candidate, Probability, chosen, considered
from workers.tag.features import View
from workers.tag.memory import Memory
from workers.tag.mention_attributes import described
from workers.tag.spans import TokenSpan, from_labels

SETTINGS: dict[str, Any] = {"c1": 3.0, "c2": 1.0, "max_iterations": 40}
NONE = "none"  # of a candidate that is no mention
NEEDED = 0.4  # probability of a mention to be taken; about half of the F1 reached, which is best for it


class Review:
    """Judges candidates with an opened model."""

    def __init__(self, reader: Any, memory: Memory) -> None:
        """`reader` is an opened pycrfsuite.Tagger."""
        self._reader = reader
        self._memory = memory
        self._types = [label for label in reader.labels() if label != NONE]

    def mentions(
        self, view: View, labels: Sequence[str], known: Collection[str], probability: Probability
    ) -> list[TokenSpan]:
        """Return the mentions of a sentence: what is best among all that the model of names considered.

        `labels` are the model's, `known` all it has.
        """
        spans = from_labels(labels)
        open_ = doubtful(labels, known, probability)
        looked_at = {(each.start, each.end) for each in open_}
        found = [each for each in as_labelled(labels, probability) if (each.start, each.end) not in looked_at]
        if not open_:
            return found
        judged: list[tuple[int, int, str, float]] = []
        for each, attributes in zip(open_, described(view, open_, spans, self._memory), strict=True):
            self._reader.set([attributes])
            for type_ in self._types:
                likely = float(self._reader.marginal(type_, 0))
                judged.append((each.start, each.end, type_, likely - NEEDED))
        found += [TokenSpan(a, b, type_, round(gain + NEEDED, 3)) for a, b, type_, gain in chosen(judged)]
        return sorted(found)


def doubtful(labels: Sequence[str], known: Collection[str], probability: Probability) -> list[Candidate]:
    """Return the candidates of a sentence that are to be judged."""
    return [each for each in considered(labels, known, probability) if not each.is_sure()]


def as_labelled(labels: Sequence[str], probability: Probability) -> list[TokenSpan]:
    """Return the mentions labels make, each as probable as the less probable of its ends."""
    return [
        TokenSpan(start, end, type_, round(min(float(probability(labels[i], i)) for i in {start, end - 1}), 3))
        for start, end, type_ in from_labels(labels)
    ]
