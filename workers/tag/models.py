"""Reads `config/models/`: the model of names, those that judge mentions and tell conventions, and what they look up."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workers.errors import Misuse
from workers.tag import conventions
from workers.tag.memory import Memory
from workers.tag.review import Review
from workers.tag.weights import LABELS, Vector, Weights

FOLDER = Path("models")
NAMES = "names.crf"
CONVENTIONS = "conventions.tsv"
REVIEW = "review.crf"
WORDS = "words.tsv"
MEMORY = "memory.tsv"


class Models:
    """Opened models; `version` is a hash of every file read. Labelling is locked: see `Models.lock`."""

    def __init__(
        self,
        names: NameModel,
        guesses: conventions.Conventions,
        words: dict[str, frozenset[str]],
        memory: Memory,
        review: Review | None,
        version: str,
    ) -> None:
        """Use `load`; `review` may be None."""
        self.names = names
        self.review = review
        self.words = words
        self.memory = memory
        self.version = version
        self.lock = threading.Lock()  # a model keeps the sentence it was set to until its probabilities are read
        self.readers = conventions.READERS if conventions.READERS in guesses.corpora else ""
        self._guesses = guesses

    @classmethod
    def load(cls, folder: Path) -> Models | None:
        """Read the models of `folder`; None when there is no model of names. Raises Misuse naming what is wrong."""
        path = folder / NAMES
        if not path.is_file():
            return None
        hashed = hashlib.blake2b(digest_size=6)
        words = read_words(folder / WORDS, hashed)
        memory = Memory(read_words(folder / MEMORY, hashed))
        names = NameModel(path, hashed)
        guesses = conventions.Conventions(read_words(folder / CONVENTIONS, hashed))
        reader = opened(folder / REVIEW, hashed) if (folder / REVIEW).is_file() else None
        review = Review(reader, frozenset(names.labels), memory) if reader else None
        return cls(names, guesses, words, memory, review, hashed.hexdigest())

    def convention(self, text: str) -> str:
        """Return by whose idea of a name `text` is to be tagged."""
        return self._guesses.guess(text) if conventions.is_apart(text) else self.readers


def read_words(path: Path, hashed: Any = None) -> dict[str, frozenset[str]]:
    """Return the lists of `path` by kind, none when it is not there; `hashed` is fed what was read."""
    if not path.is_file():
        return {}
    try:
        data = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Misuse(f"{path}: {error}") from error
    if hashed is not None:
        hashed.update(data.encode())
    found: dict[str, set[str]] = {}
    for number, line in enumerate(data.split("\n"), 1):
        if not line or line.startswith("#") or line == "kind\twords":
            continue
        kind, tab, words = line.partition("\t")
        if not tab:
            raise Misuse(f"{path}:{number}: no tab between kind and words")
        found.setdefault(kind, set()).update(words.split())
    return {kind: frozenset(words) for kind, words in found.items()}


class NameModel:
    """The model of names: what its attributes weigh, and an opened pycrfsuite.Tagger that is told sums of weights."""

    def __init__(self, path: Path, hashed: Any) -> None:
        """Read the file `path`; `hashed` is fed its bytes. Raises Misuse naming what is wrong."""
        import pycrfsuite  # late: a tagger without a model does not need it

        data = read_model(path, hashed)
        self.labels: list[str] = _open(path).labels()
        if len(self.labels) > LABELS:
            raise Misuse(f"{path}: {len(self.labels)} labels, more than {LABELS}")
        self.weights = Weights(data, len(self.labels))
        self._told, self._keys = self.weights.told_sums()  # the library does not keep alive what it reads in memory
        self._tagger: Any = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._told)

    def tag(self, scores: Sequence[Vector]) -> list[str]:
        """Return the label of each token of a sentence by what speaks for each (`Weights.of`)."""
        keys = self._keys
        self._tagger.set([dict(zip(keys, row, strict=False)) for row in scores])
        return list(self._tagger.tag())

    def marginal(self, label: str, at: int) -> float:
        """Return the probability of a label at a token of the sentence tagged last."""
        return float(self._tagger.marginal(label, at))


def opened(path: Path, hashed: Any = None) -> Any:
    """Return the opened model of a file; `hashed` is fed its bytes. Raises Misuse naming what is wrong."""
    read_model(path, hashed)
    return _open(path)


def read_model(path: Path, hashed: Any = None) -> bytes:
    """Return the bytes of a model's file; `hashed` is fed them. Raises Misuse when it is none, or cut short."""
    data = path.read_bytes()
    # The library checks the first bytes only, and a file cut short would crash it.
    if data[:4] != b"lCRF" or int.from_bytes(data[4:8], "little") != len(data):
        raise Misuse(f"{path}: no model, or cut short")
    if hashed is not None:
        hashed.update(data)
    return data


def _open(path: Path) -> Any:
    import pycrfsuite  # late: a tagger without a model does not need it

    reader = pycrfsuite.Tagger()
    try:
        reader.open(str(path))  # it maps the file; what is given in memory it would not keep alive
    except ValueError as error:
        raise Misuse(f"{path}: no model: {error}") from error
    return reader
