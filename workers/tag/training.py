"""Trains the model from sentences with BIO labels; the same files, settings and versions give the same model.

Input: JSON lines `{"source", "tokens", "labels"}`. The tokens are joined by blanks and cut again by our own tokeniser,
so that the model learns the tokens it will meet.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from workers.errors import Misuse
from workers.tag.features import Features
from workers.tag.tokens import sentences

TYPES = ("PERSON", "ORG", "LOCATION")
SETTINGS: dict[str, Any] = {
    "c1": 0.05,
    "c2": 0.2,
    "max_iterations": 120,
    "feature.possible_transitions": True,
    "feature.minfreq": 1,
}


class Sentence(Struct, frozen=True):
    """One line of a training file."""

    tokens: list[str]
    labels: list[str]
    source: str = ""


class Example(Struct, frozen=True):
    """Our own tokens of a sentence with their labels."""

    words: list[str]
    labels: list[str]


def read(path: Path, *, leave_out: Iterable[str] = ()) -> list[Sentence]:
    """Return the sentences of `path` whose source is not left out. Raises Misuse naming the line that is wrong."""
    left_out = frozenset(leave_out)
    found: list[Sentence] = []
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise Misuse(f"{path}: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            sentence = msgspec.json.decode(line, type=Sentence)
        except msgspec.DecodeError as error:
            raise Misuse(f"{path}:{number}: {error}") from error
        if len(sentence.tokens) != len(sentence.labels):
            raise Misuse(f"{path}:{number}: {len(sentence.tokens)} tokens, {len(sentence.labels)} labels")
        unknown = {label for label in sentence.labels if label != "O" and label[2:] not in TYPES}
        if unknown:
            raise Misuse(f"{path}:{number}: unknown label {min(unknown)!r}")
        if sentence.source not in left_out:
            found.append(sentence)
    return found


def count_sources(rows: Iterable[Sentence]) -> dict[str, int]:
    """Return how many sentences each source gave."""
    return dict(sorted(Counter(row.source for row in rows).items()))


def examples(sentence: Sentence) -> Iterator[Example]:
    """Yield `sentence` cut by our own tokeniser, labels carried over by offset."""
    labels: dict[int, str] = {}  # character → label of its token; the first character tells B from I
    text = " ".join(sentence.tokens)
    at = 0
    for token, label in zip(sentence.tokens, sentence.labels, strict=True):
        for i in range(at, at + len(token)):
            labels[i] = label if i == at or label == "O" else "I" + label[1:]
        at += len(token) + 1
    for tokens in sentences(text):
        row = [labels.get(token.start, "O") for token in tokens]
        for i, label in enumerate(row):
            if label[0] == "I" and (i == 0 or row[i - 1][1:] != label[1:]):
                row[i] = "B" + label[1:]
        yield Example([token.text for token in tokens], row)


def headlines(rows: list[Example], function: frozenset[str], chance: random.Random) -> Iterator[Example]:
    """Yield copies of a part of `rows` written as headlines: a sixth in title case, a twelfth in capitals."""
    for row in rows:
        draw = chance.random()
        if draw < 1 / 6:
            yield Example([w if w in function else w[:1].upper() + w[1:] for w in row.words], row.labels)
        elif draw < 1 / 4:
            yield Example([w.upper() for w in row.words], row.labels)


def train(
    rows: list[Sentence], features: Features, function: frozenset[str], target: Path, seed: int = 1
) -> dict[str, Any]:
    """Write the model to `target` and return what a model card needs: settings, counts and a hash of the data."""
    import pycrfsuite  # late: everything else works without it

    own = [example for sentence in rows for example in examples(sentence)]
    own += list(headlines(own, function, random.Random(seed)))  # noqa: S311 (reproducible, not secret)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(SETTINGS)
    for example in own:
        trainer.append(features.attributes(features.view(example.words)), example.labels)
    trainer.train(str(target))
    data = hashlib.blake2b(msgspec.json.encode(rows), digest_size=16).hexdigest()
    return {
        "settings": SETTINGS,
        "seed": seed,
        "sentences": len(rows),
        "examples": len(own),
        "data_hash": data,
        "model_hash": hashlib.blake2b(target.read_bytes(), digest_size=16).hexdigest(),
    }
