"""What speaks for each label of a token: the sums of its attributes' weights, those of words made once and kept."""

from __future__ import annotations

from typing import NamedTuple

from workers.tag.features import Features, View, left_of, right_of
from workers.tag.kept import Kept
from workers.tag.weights import Vector, Weights


class _WordScores(NamedTuple):
    """What a word says of the tokens by their distance, and its shape."""

    before2: Vector
    before: Vector
    here: Vector
    after: Vector
    after2: Vector
    shape: str


class Scores:
    """Makes what a model is told. Keeps sums; results do not depend on what was asked before."""

    def __init__(self, features: Features, weights: Weights) -> None:
        """`weights`: those of the model the features were made for."""
        self._features = features
        self._weights = weights
        self._words_like: Kept[tuple[bool, str], Kept[str, _WordScores]] = Kept(self._like)
        self._left: Kept[tuple[str, str], Vector] = Kept(lambda shapes: weights.of([left_of(*shapes)]))
        self._right: Kept[tuple[str, str], Vector] = Kept(lambda shapes: weights.of([right_of(*shapes)]))
        self._single: Kept[str, Vector] = Kept(lambda attribute: weights.of([attribute]))

    def _like(self, kind: tuple[bool, str]) -> Kept[str, _WordScores]:
        return Kept(lambda word: self._word(word, *kind))

    def _word(self, word: str, headline: bool, convention: str) -> _WordScores:
        made = self._features.word(word, headline, convention)
        before2, before, here, after, after2 = map(self._weights.of, made[:-1])
        return _WordScores(before2, before, here, after, after2, made.shape)

    def of(self, view: View) -> list[list[float]]:
        """Return for each token of `view` what its attributes weigh together."""
        if not view.words:
            return []
        made, zero = self._words_like[view.headline, view.convention], self._weights.zero
        left, right = self._left, self._right
        before2, before, here, after, after2, shapes = zip(*[made[word] for word in view.words], strict=True)
        columns = zip(
            here,
            (zero, *before),
            [left[pair] for pair in zip(("", *shapes), shapes, strict=False)],
            (zero, zero, *before2),
            (*after[1:], zero),
            [right[pair] for pair in zip(shapes, (*shapes[1:], ""), strict=True)],
            (*after2[2:], zero, zero),
            strict=False,
        )
        result = [[a + b + c + d + e + f + g for a, b, c, d, e, f, g in zip(*one, strict=True)] for one in columns]
        single = self._single
        for i, among in enumerate(self._features.among(view)):
            if among:
                result[i] = [*map(sum, zip(result[i], *[single[attribute] for attribute in among], strict=True))]
        return result
