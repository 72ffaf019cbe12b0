"""What a CRFsuite model weighs, read from its file, and the same model told sums of weights instead of attributes.

CRFsuite spends most of its time looking up the thirty attributes of each token. Those of a word are the same wherever
it stands, so their weights are summed once and kept (scores.py). The model is then told the sums: in a copy of the
file, a few attributes weigh 1 for one label each and nothing else, and their values are the sums. It finds the same.

The format (crf1d_model.c and cqdb.c of CRFsuite): the header tells where the features, the dictionary of attributes and
the attributes' features are; a feature is kind, source, target (4 bytes each) and weight (8 bytes).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

LABELS = 7  # at most: outside, and beginning and inside of three types
# A number for each label but the first one, by how much it is above that one's.
Vector = tuple[float, float, float, float, float, float]
ZERO: Vector = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

_FEATURES, _ATTRIBUTES, _REFERENCES = 28, 36, 44  # where the header tells the places
_HEAD, _SIZE, _TARGET, _WEIGHT = 12, 20, 8, 12  # of a chunk, of a feature, and within a feature


class Weights:
    """The weights of a model."""

    def __init__(self, model: bytes, labels: int) -> None:
        """`model`: the bytes of its file; `labels`: how many it has."""
        self._model = model
        self._labels = labels
        self._features, self._references = self._number(_FEATURES) + _HEAD, self._number(_REFERENCES) + _HEAD
        self._records = dict(self._attributes())

    def _number(self, at: int) -> int:
        return int.from_bytes(self._model[at : at + 4], "little")

    def _attributes(self) -> Iterator[tuple[bytes, int]]:
        """Yield the attributes with their numbers."""
        begin = self._number(_ATTRIBUTES)
        count, offset = self._number(begin + 16), self._number(begin + 20)
        for place in struct.unpack_from(f"<{count}I", self._model, begin + offset):
            if place:  # a record: number, size, the attribute and a zero byte
                number, size = struct.unpack_from("<2I", self._model, begin + place)
                yield self._model[begin + place + 8 : begin + place + 7 + size], number

    def _features_of(self, attribute: int) -> Iterator[int]:
        """Yield where the features of an attribute are."""
        place = self._number(self._references + 4 * attribute)
        for each in struct.unpack_from(f"<{self._number(place)}I", self._model, place + 4):
            yield self._features + _SIZE * each

    def of(self, attributes: Iterable[str]) -> Vector:
        """Return what `attributes` weigh together; unknown ones weigh nothing."""
        total = [0.0] * LABELS
        for attribute in attributes:
            number = self._records.get(attribute.encode("utf-8", "surrogatepass"))
            for place in () if number is None else self._features_of(number):
                (weight,) = struct.unpack_from("<d", self._model, place + _WEIGHT)
                total[self._number(place + _TARGET)] += weight
        base, a, b, c, d, e, f = total
        return a - base, b - base, c - base, d - base, e - base, f - base

    def told_sums(self) -> tuple[bytes, list[bytes]]:
        """Return the model as it is told sums, and the attributes whose values they are, in the order of a Vector."""
        model = bytearray(self._model)
        keys: list[bytes] = []
        used = ((attribute, [*self._features_of(number)]) for attribute, number in self._records.items())
        weighing = ((attribute, places) for attribute, places in used if places)
        for label, (attribute, (first, *others)) in zip(range(1, self._labels), weighing, strict=False):
            struct.pack_into("<Id", model, first + _TARGET, label, 1.0)
            for place in others:
                struct.pack_into("<d", model, place + _WEIGHT, 0.0)
            keys.append(attribute)
        return bytes(model), keys
