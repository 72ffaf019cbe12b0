"""Reads `config/models/`: the model of names, those that judge mentions and tell conventions, and what they look up."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any

from workers.errors import Misuse
from workers.tag import conventions
from workers.tag.memory import Memory
from workers.tag.review import Review

FOLDER = Path("models")
NAMES = "names.crf"
CONVENTIONS = "conventions.crf"
REVIEW = "review.crf"
WORDS = "words.tsv"
MEMORY = "memory.tsv"


class Models:
    """Opened models; `version` is a hash of every file read. Labelling is locked: see `Models.lock`."""

    def __init__(
        self,
        names: Any,
        guesses: Any,
        words: dict[str, frozenset[str]],
        memory: Memory,
        review: Review | None,
        version: str,
    ) -> None:
        """Use `load`; `names` and `guesses` are opened pycrfsuite.Taggers, `guesses` and `review` may be None."""
        self.names = names
        self.review = review
        self.words = words
        self.memory = memory
        self.version = version
        self.lock = threading.Lock()  # a model keeps the sentence it was set to until its probabilities are read
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
        names = opened(path, hashed)
        guesses = opened(folder / CONVENTIONS, hashed) if (folder / CONVENTIONS).is_file() else None
        reader = opened(folder / REVIEW, hashed) if (folder / REVIEW).is_file() else None
        review = Review(reader, frozenset(names.labels()), memory) if reader else None
        return cls(names, guesses, words, memory, review, hashed.hexdigest())

    def convention(self, text: str) -> str:
        """Return by whose idea of a name `text` is to be tagged."""
        if self._guesses is None:
            return ""
        readers = conventions.READERS if conventions.READERS in self._guesses.labels() else ""
        if not conventions.is_apart(text):
            return readers
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
