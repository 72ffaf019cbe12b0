"""Reads `config/models/`: the model of names, the model that tells conventions, words and memory they look up."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workers.errors import Misuse
from workers.tag import conventions
from workers.tag.memory import Memory
from workers.tag.weights import LABELS, Vector, Weights

FOLDER = Path("models")
NAMES = "names.crf"
CONVENTIONS = "conventions.crf"
WORDS = "words.tsv"
MEMORY = "memory.tsv"


class Models:
    """Opened models; `version` is a hash of every file read. Labelling is locked: see `Models.lock`."""

    def __init__(
        self,
        names: NameModel,
        guesses: Any,
        words: dict[str, frozenset[str]],
        memory: Memory,
        version: str,
    ) -> None:
        """Use `load`; `guesses` is an opened pycrfsuite.Tagger, or None."""
        self.names = names
        self.words = words
        self.memory = memory
        self.version = version
        self.lock = threading.Lock()  # a model keeps the sentence it was set to until its probabilities are read
        self.readers = conventions.READERS if guesses and conventions.READERS in guesses.labels() else ""
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
        guesses = None
        if (folder / CONVENTIONS).is_file():
            guesses = opened(folder / CONVENTIONS, hashed)
        return cls(names, guesses, words, memory, hashed.hexdigest())

    def convention(self, text: str) -> str:
        """Return by whose idea of a name `text` is to be tagged."""
        if self._guesses is None:
            return ""
        if not conventions.is_apart(text):
            return self.readers
        with self.lock:
            return str(self._guesses.tag([conventions.attributes(text)])[0])


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

        self.labels: list[str] = opened(path, hashed).labels()
        data = path.read_bytes()
        if len(self.labels) > LABELS:
            raise Misuse(f"{path}: {len(self.labels)} labels, more than {LABELS}")
        self.weights = Weights(data, len(self.labels))
        self._told, self._keys = self.weights.told_sums()  # the library does not keep alive what it reads in memory
        self._tagger: Any = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._told)
        self._place = {label: i for i, label in enumerate(self.labels)}

    def tag(self, scores: Sequence[Vector]) -> list[str]:
        """Return the label of each token of a sentence by what speaks for each (`Weights.of`)."""
        keys = self._keys
        self._tagger.set([dict(zip(keys, row, strict=False)) for row in scores])
        return list(self._tagger.tag())

    def marginal(self, label: str, at: int) -> float:
        """Return the probability of a label at a token of the sentence tagged last."""
        return float(self._tagger.marginal(label, at))


def opened(path: Path, hashed: Any = None) -> Any:
    """Return the opened model of a file."""
    import pycrfsuite  # late: a tagger without a model does not need it

    data = path.read_bytes()
    # The library checks the first bytes only, and a file cut short would crash it.
    if data[:4] != b"lCRF" or int.from_bytes(data[4:8], "little") != len(data):
        raise Misuse(f"{path}: no model, or cut short")
    if hashed is not None:
        hashed.update(data)
    reader = pycrfsuite.Tagger()
    try:
        reader.open(str(path))  # it maps the file; what is given in memory it would not keep alive
    except ValueError as error:
        raise Misuse(f"{path}: no model: {error}") from error
    return reader
