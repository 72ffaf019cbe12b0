"""Trains the model from sentences with BIO labels; the same files, settings and versions give the same model.

The tokens of a sentence (corpus.py) are joined by blanks and cut again by our own tokeniser,
so that the model learns the tokens it will meet.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from workers.tag import conventions, remember
from workers.tag.corpus import Sentence, count_sources
from workers.tag.features import Features
from workers.tag.memory import Memory
from workers.tag.models import CONVENTIONS, MEMORY, NAMES
from workers.tag.tokens import sentences

SETTINGS: dict[str, Any] = {
    "c1": 0.05,
    "c2": 0.2,
    "max_iterations": 60,
    "feature.possible_transitions": True,
    "feature.minfreq": 1,
}


class Example(Struct, frozen=True):
    """Our own tokens of a sentence with their labels."""

    words: list[str]
    labels: list[str]
    source: str = ""
    part: int = 0  # of the sentences trained on: see `remember`


def examples(sentence: Sentence, part: int = 0) -> Iterator[Example]:
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
        yield Example([token.text for token in tokens], row, sentence.source, part)


def headlines(rows: list[Example], function: frozenset[str], chance: random.Random) -> Iterator[Example]:
    """Yield copies of a part of `rows` written as headlines: a sixth in title case, a twelfth in capitals."""
    for row in rows:
        draw = chance.random()
        if draw < 1 / 6:
            yield replace(row, words=[w if w in function else w[:1].upper() + w[1:] for w in row.words])
        elif draw < 1 / 4:
            yield replace(row, words=[w.upper() for w in row.words])


def fit(examples: Iterable[tuple[list[list[str]], list[str]]], target: Path, settings: dict[str, Any]) -> None:
    """Write to `target` a model of attributes and labels."""
    import pycrfsuite  # late: everything else works without it

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(settings)
    for attributes, labels in examples:
        trainer.append(attributes, labels)
    trainer.train(str(target))


def train(
    rows: list[Sentence], features: Features, function: frozenset[str], folder: Path, seed: int = 1
) -> dict[str, Any]:
    """Write the models to `folder` and return what a model card needs: settings, counts and hashes."""
    own = [example for sentence, part in zip(rows, _parts(rows), strict=True) for example in examples(sentence, part)]
    memories = _remember(own, folder)
    own += list(headlines(own, function, random.Random(seed)))  # noqa: S311 (reproducible, not secret)
    seen = (
        (features.attributes(features.view(each.words, each.source), memories[each.part]), each.labels) for each in own
    )
    fit(seen, folder / NAMES, SETTINGS)
    whole = (([conventions.attributes(" ".join(row.tokens))], [row.source]) for row in rows)
    fit(whole, folder / CONVENTIONS, conventions.SETTINGS)
    return {
        "settings": SETTINGS,
        "settings_conventions": conventions.SETTINGS,
        "seed": seed,
        "sentences": len(rows),
        "examples": len(own),
        "sources": count_sources(rows),
        "data_hash": hashlib.blake2b(msgspec.json.encode(rows), digest_size=16).hexdigest(),
        "files": {
            name: {"bytes": len(data), "hash": hashlib.blake2b(data, digest_size=16).hexdigest()}
            for name in (NAMES, CONVENTIONS, MEMORY)
            if (data := (folder / name).read_bytes())
        },
    }


def _parts(rows: list[Sentence]) -> list[int]:
    """Return which part each sentence is of; sentences that read alike are of one."""
    first: dict[str, int] = {}
    return [first.setdefault(" ".join(row.tokens).lower(), len(first)) % remember.PARTS for row in rows]


def _remember(own: list[Example], folder: Path) -> list[Memory]:
    """Write the memory of all sentences, and return what each part of them may be shown."""
    total = remember.count((each.words, each.labels) for each in own)
    remember.write(total, folder / MEMORY)
    parts: list[list[Example]] = [[] for _ in range(remember.PARTS)]
    for each in own:
        parts[each.part].append(each)
    return remember.held_back(total, (remember.count((each.words, each.labels) for each in part) for part in parts))
