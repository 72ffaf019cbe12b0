"""Labelled sentences: JSON lines or CoNLL columns → values.

A name that ends in `.jsonl` holds lines `{"source", "tokens", "labels"}`; any other file lines of a token and, in the
last column, its label, with blank lines between sentences. Labels are BIO over PERSON, ORG and LOCATION.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from workers.errors import Misuse

TYPES = ("PERSON", "ORG", "LOCATION")
_SHORT = {"PER": "PERSON", "ORGANIZATION": "ORG", "ORGANISATION": "ORG", "LOC": "LOCATION", "PLACE": "LOCATION"}


class Sentence(Struct, frozen=True):
    """One labelled sentence; `source` is the corpus it is from."""

    tokens: list[str]
    labels: list[str]
    source: str = ""


def read(path: Path, *, leave_out: Iterable[str] = ()) -> list[Sentence]:
    """Return the sentences of `path` whose source is not left out. Raises Misuse naming the line that is wrong."""
    left_out = frozenset(leave_out)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Misuse(f"{path}: {error}") from error
    found: list[Sentence] = []
    for number, sentence in _json(path, lines) if path.suffix == ".jsonl" else _columns(path, lines):
        where = f"{path}:{number}"
        if len(sentence.tokens) != len(sentence.labels):
            raise Misuse(f"{where}: {len(sentence.tokens)} tokens, {len(sentence.labels)} labels")
        unknown = {label for label in sentence.labels if label != "O" and not _is_label(label)}
        if unknown:
            raise Misuse(f"{where}: unknown label {min(unknown)!r}")
        if any(not token or token.split() != [token] for token in sentence.tokens):
            raise Misuse(f"{where}: a token is empty or has a blank in it")
        if sentence.source not in left_out:
            found.append(sentence)
    return found


def count_sources(rows: Iterable[Sentence]) -> dict[str, int]:
    """Return how many sentences each source gave."""
    return dict(sorted(Counter(row.source for row in rows).items()))


def _is_label(label: str) -> bool:
    return label[:2] in ("B-", "I-") and label[2:] in TYPES


def _json(path: Path, lines: list[str]) -> Iterator[tuple[int, Sentence]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield number, msgspec.json.decode(line, type=Sentence)
            except msgspec.DecodeError as error:
                raise Misuse(f"{path}:{number}: {error}") from error


def _columns(path: Path, lines: list[str]) -> Iterator[tuple[int, Sentence]]:
    """Yield the sentences of a CoNLL file with the line they begin at; their source is the file's name."""
    tokens: list[str] = []
    labels: list[str] = []
    begin = 1
    for number, line in enumerate([*lines, ""], 1):
        fields = line.split()
        if fields and fields[0] != "-DOCSTART-":
            if len(fields) < 2:
                raise Misuse(f"{path}:{number}: a token without a label")
            prefix, dash, kind = fields[-1].partition("-")
            tokens.append(fields[0])
            labels.append(prefix + dash + _SHORT.get(kind, kind))
        elif tokens:
            yield begin, Sentence(tokens, labels, path.stem)
            tokens, labels = [], []
        if not tokens or len(tokens) == 1:
            begin = number
