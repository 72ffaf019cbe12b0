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
from workers.tag.tokens import HALF_CHARACTER

SETTINGS: dict[str, Any] = {"c1": 2.0, "c2": 5.0, "max_iterations": 60}
NONE = "none"  # of a candidate that is no mention
TRUSTED = 0.6  # how much the second look weighs beside the first
NEEDED = 0.35  # of a mention to be taken, both weighed
# In articles, which come by the million, a sentence whose mentions are all surer than this has no second look: it would
# take a third of the time that tagging takes.
QUIET = 0.5


class Review:
    """Judges candidates with an opened model."""

    def __init__(self, reader: Any, known: Collection[str], memory: Memory) -> None:
        """`reader` is an opened pycrfsuite.Tagger, `known` are the labels of the model of names."""
        self._reader = reader
        self._known = known
        self._memory = memory
        self._types = [label for label in reader.labels() if label != NONE]

    def mentions(
        self, view: View, labelled: list[TokenSpan], probability: Probability, *, hurried: bool = False
    ) -> list[TokenSpan]:
        """Return the mentions of a sentence: what is best among all that the model of names considered.

        `labelled` are those its labels make, `probability` is its own. `hurried`: a sentence it is sure of is left so.
        """
        if hurried and all(each.score >= QUIET for each in labelled):
            return labelled
        spans = [(each.start, each.end, each.type) for each in labelled]
        open_ = doubtful(len(view.words), spans, self._known, probability)
        if not open_ or HALF_CHARACTER.search("".join(view.words)):
            return labelled
        looked_at = {(each.start, each.end) for each in open_}
        found = [each for each in labelled if (each.start, each.end) not in looked_at]
        judged: list[tuple[int, int, str, float]] = []
        for each, attributes in zip(open_, described(view, open_, spans, self._memory), strict=True):
            self._reader.set([attributes])
            for type_ in self._types:
                likely = TRUSTED * self._reader.marginal(type_, 0) + (1 - TRUSTED) * each.types.get(type_, 0.0)
                judged.append((each.start, each.end, type_, likely - NEEDED))
        found += [TokenSpan(a, b, type_, round(gain + NEEDED, 3)) for a, b, type_, gain in chosen(judged)]
        return sorted(found)


def doubtful(
    size: int, spans: Sequence[tuple[int, int, str]], known: Collection[str], probability: Probability
) -> list[Candidate]:
    """Return the candidates of a sentence that are to be judged; see `considered`."""
    return [each for each in considered(size, spans, known, probability) if not each.is_sure()]


def as_labelled(labels: Sequence[str], probability: Probability) -> list[TokenSpan]:
    """Return the mentions labels make, each as probable as the less probable of its ends."""
    return [
        TokenSpan(start, end, type_, round(min(float(probability(labels[i], i)) for i in {start, end - 1}), 3))
        for start, end, type_ in from_labels(labels)
    ]
