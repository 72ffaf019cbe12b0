"""What speaks for each label of a token: the sums of its attributes' weights, those of words made once and kept."""

from __future__ import annotations

from typing import NamedTuple

from workers.tag.features import Features, View, left_of, right_of
from workers.tag.kept import Kept
from workers.tag.weights import ZERO, Vector, Weights


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
        self._shapes: Kept[tuple[str, str, str], Vector] = Kept(
            lambda shapes: weights.of([left_of(*shapes[:2]), right_of(*shapes[1:])])
        )
        self._single: Kept[str, Vector] = Kept(lambda attribute: weights.of([attribute]))

    def _like(self, kind: tuple[bool, str]) -> Kept[str, _WordScores]:
        return Kept(lambda word: self._word(word, *kind))

    def _word(self, word: str, headline: bool, convention: str) -> _WordScores:
        made = self._features.word(word, headline, convention)
        before2, before, here, after, after2 = map(self._weights.of, made[:-1])
        return _WordScores(before2, before, here, after, after2, made.shape)

    def of(self, view: View) -> list[Vector]:
        """Return for each token of `view` what its attributes weigh together."""
        if not view.words:
            return []
        made = self._words_like[view.headline, view.convention]
        before2, before, here, after, after2, shapes = zip(*[made[word] for word in view.words], strict=True)
        around = zip(("", *shapes), shapes, (*shapes[1:], ""), strict=False)
        result = [
            *map(
                _together,
                here,
                (ZERO, *before),
                (ZERO, ZERO, *before2),
                (*after[1:], ZERO),
                (*after2[2:], ZERO, ZERO),
                [self._shapes[three] for three in around],
            )
        ]
        for i, among in enumerate(self._features.among(view)):
            for attribute in among:
                result[i] = _both(result[i], self._single[attribute])
        return result


def _together(one: Vector, two: Vector, three: Vector, four: Vector, five: Vector, six: Vector) -> Vector:
    """Return a sum; written out, since it is made for every token."""
    a1, b1, c1, d1, e1, f1 = one
    a2, b2, c2, d2, e2, f2 = two
    a3, b3, c3, d3, e3, f3 = three
    a4, b4, c4, d4, e4, f4 = four
    a5, b5, c5, d5, e5, f5 = five
    a6, b6, c6, d6, e6, f6 = six
    return (
        a1 + a2 + a3 + a4 + a5 + a6,
        b1 + b2 + b3 + b4 + b5 + b6,
        c1 + c2 + c3 + c4 + c5 + c6,
        d1 + d2 + d3 + d4 + d5 + d6,
        e1 + e2 + e3 + e4 + e5 + e6,
        f1 + f2 + f3 + f4 + f5 + f6,
    )


def _both(one: Vector, two: Vector) -> Vector:
    a1, b1, c1, d1, e1, f1 = one
    a2, b2, c2, d2, e2, f2 = two
    return a1 + a2, b1 + b2, c1 + c2, d1 + d2, e1 + e2, f1 + f2
