"""Trains the model from sentences with BIO labels; the same files, settings and versions give the same model.

The tokens of a sentence (corpus.py) are its corpus's own, as in a text with its marks set apart. Where our tokeniser
cuts otherwise ("(KPK)"), the sentence is shown in our tokens, too, as one of no corpus: so readers' texts come.
"""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from workers.tag import conventions, remember, review
from workers.tag.corpus import Sentence, count_sources
from workers.tag.features import Features
from workers.tag.memory import Memory
from workers.tag.mention_attributes import described
from workers.tag.models import CONVENTIONS, MEMORY, NAMES, REVIEW, opened, read_words
from workers.tag.spans import from_labels
from workers.tag.strengths import strengths
from workers.tag.tokens import Token, by_blanks, sentences

SETTINGS: dict[str, Any] = {
    "c1": 0.05,
    "c2": 0.2,
    "max_iterations": 60,
    "feature.possible_transitions": True,
    "feature.minfreq": 1,
}


TURNS = 5  # the second look learns from models that have seen all but one part in so many; remember.PARTS is a multiple


class Example(Struct, frozen=True):
    """The tokens of a sentence with their labels."""

    words: list[str]
    labels: list[str]
    source: str = ""
    part: int = 0  # of the sentences trained on: see `remember`


def examples(sentence: Sentence, part: int = 0) -> Iterator[Example]:
    """Yield `sentence` in its own tokens, and in ours where they differ, labels carried over by offset."""
    text = " ".join(sentence.tokens)
    given, own = by_blanks(text), sentences(text)
    yield from _labelled(sentence, given, sentence.source, part)
    if [token.text for tokens in own for token in tokens] != sentence.tokens:
        yield from _labelled(sentence, own, "", part)


def as_given(sentence: Sentence) -> Iterator[Example]:
    """Yield `sentence` in its own tokens."""
    return _labelled(sentence, by_blanks(" ".join(sentence.tokens)), sentence.source, 0)


def _labelled(sentence: Sentence, cut: list[list[Token]], source: str, part: int) -> Iterator[Example]:
    """Yield the tokens of a sentence, `cut` into parts, with its labels."""
    labels: dict[int, str] = {}  # character → label of its token; the first character tells B from I
    at = 0
    for token, label in zip(sentence.tokens, sentence.labels, strict=True):
        for i in range(at, at + len(token)):
            labels[i] = label if i == at or label == "O" else "I" + label[1:]
        at += len(token) + 1
    for tokens in cut:
        row = [labels.get(token.start, "O") for token in tokens]
        for i, label in enumerate(row):
            if label[0] == "I" and (i == 0 or row[i - 1][1:] != label[1:]):
                row[i] = "B" + label[1:]
        yield Example([token.text for token in tokens], row, source, part)


def headlines(rows: list[Example], function: frozenset[str], chance: random.Random) -> Iterator[Example]:
    """Yield copies of a part of `rows` written as headlines: a sixth in title case, a twelfth in capitals."""
    for row in rows:
        draw = chance.random()
        if draw < 1 / 6:
            yield replace(row, words=[w if w in function else w[:1].upper() + w[1:] for w in row.words])
        elif draw < 1 / 4:
            yield replace(row, words=[w.upper() for w in row.words])


def fit(
    examples: Iterable[tuple[Sequence[list[str] | dict[str, float]], list[str]]], target: Path, settings: dict[str, Any]
) -> None:
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
    _fit_names(own, features, function, seed, folder)
    _fit_review(own, features, function, seed, folder)
    _fit_conventions(rows, folder)
    return {
        "settings": SETTINGS,
        "settings_review": review.SETTINGS,
        "settings_conventions": conventions.SETTINGS,
        "seed": seed,
        "sentences": len(rows),
        "examples": len(own),
        "sources": count_sources(rows),
        "data_hash": hashlib.blake2b(msgspec.json.encode(rows), digest_size=16).hexdigest(),
        "files": {
            name: {"bytes": len(data), "hash": hashlib.blake2b(data, digest_size=16).hexdigest()}
            for name in (NAMES, REVIEW, CONVENTIONS, MEMORY)
            if (folder / name).is_file() and (data := (folder / name).read_bytes())
        },
    }


def _fit_names(own: list[Example], features: Features, function: frozenset[str], seed: int, folder: Path) -> None:
    """Write the model of names, and the memory it looks words up in, to `folder`."""
    memories = _remember(own, folder)
    every = [*own, *headlines(own, function, random.Random(seed))]  # noqa: S311 (reproducible, not secret)
    seen = (
        (features.attributes(features.view(each.words, each.source), memories[each.part]), each.labels)
        for each in every
    )
    fit(seen, folder / NAMES, SETTINGS)


def _fit_conventions(rows: list[Sentence], folder: Path) -> None:
    """Write to `folder` what tells the corpora apart."""
    texts = [(conventions.attributes(" ".join(row.tokens)), row.source) for row in rows]
    strength = strengths(texts)
    told = (([{attribute: strength[attribute] for attribute in seen}], [source]) for seen, source in texts)
    with tempfile.TemporaryDirectory() as name:
        fit(told, Path(name) / "model", conventions.SETTINGS)
        weights = opened(Path(name) / "model").info().state_features
    whole = {(attribute, source): weight * strength[attribute] for (attribute, source), weight in weights.items()}
    remember.write_marks(conventions.marks(whole), folder / CONVENTIONS, "What tells the corpora apart")


def _fit_review(own: list[Example], features: Features, function: frozenset[str], seed: int, folder: Path) -> None:
    """Write the model of the second look, none when nothing is in doubt.

    Each sentence is shown as a model sees it that learnt from other sentences: of its own, a model is surer than it
    will be of any text.
    """
    judged: list[tuple[list[dict[str, float]], list[str]]] = []
    for turn in range(TURNS):
        others = [each for each in own if each.part % TURNS != turn]
        held_back = [each for each in own if each.part % TURNS == turn]
        if others and held_back:
            with tempfile.TemporaryDirectory() as name:
                _fit_names(others, features, function, seed, Path(name))
                judged += _doubted(held_back, features, Path(name))
    (folder / REVIEW).unlink(missing_ok=True)
    if len({label for _, (label,) in judged}) > 1:
        fit(judged, folder / REVIEW, review.SETTINGS)


def _doubted(
    held_back: list[Example], features: Features, folder: Path
) -> Iterator[tuple[list[dict[str, float]], list[str]]]:
    """Yield what the models of `folder` are in doubt about: attributes of a candidate, and what it is."""
    model, memory = opened(folder / NAMES), Memory(read_words(folder / MEMORY))
    known = frozenset(model.labels())
    for each in held_back:
        view = features.view(each.words, each.source)
        if view.headline:
            continue
        model.set(features.attributes(view, memory))
        labels = model.tag()
        spans = from_labels(labels)
        true = {(start, end): type_ for start, end, type_ in from_labels(each.labels)}
        candidates = review.doubtful(len(labels), spans, known, model.marginal)
        for candidate, attributes in zip(candidates, described(view, candidates, spans, memory), strict=True):
            yield [attributes], [true.get((candidate.start, candidate.end), review.NONE)]


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
