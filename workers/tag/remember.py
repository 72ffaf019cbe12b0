"""Makes the memory of words and names from labelled sentences, and holds back from a sentence what it says itself.

In training, the sentences of one part are shown what the *other* parts say (jackknife): shown their own, the model
would never meet a capital it has no memory of, and would trust words and memory more than they deserve. So it learns
what to do about names it has never seen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from workers.tag.corpus import TYPES
from workers.tag.memory import JOINT, NAME, NAME_LIMIT, WORD, Memory
from workers.tag.spans import from_labels

PARTS = 10  # of the sentences trained on: each is shown what the nine others say
ROW = 60  # words in a line of the file
_NONE = "o"  # a word with a capital that was part of no name
_LETTERS = {type_: type_[0] for type_ in TYPES}

Counts = dict[tuple[str, str], Counter[str]]  # (kind, what) → type's letter → how often


def count(sentences: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Counts:
    """Return how often each word with a capital, and each name, was what. Sentences are words and BIO labels."""
    counts: Counts = defaultdict(Counter)
    for words, labels in sentences:
        lowered = [word.lower() for word in words]
        for i, word in enumerate(words):
            if word[0].isupper():
                counts[WORD, lowered[i]][_LETTERS.get(labels[i][2:], _NONE)] += 1
        for start, end, type_ in from_labels(labels):
            if end - start <= NAME_LIMIT:
                counts[NAME, JOINT.join(lowered[start:end])][_LETTERS[type_]] += 1
    return dict(counts)


def without(counts: Counts, part: Counts) -> Counts:
    """Return `counts` less those of a part of its sentences."""
    return {key: left for key, all_ in counts.items() if (left := all_ - part[key] if key in part else all_)}


def marks(counts: Counts) -> dict[str, frozenset[str]]:
    """Return words and names by what is remembered of them, in the form of `models.read_words`."""
    found: dict[str, set[str]] = defaultdict(set)
    for (kind, what), counted in counts.items():
        found[f"{kind}.{_mark(counted) if kind == WORD else _most(counted)}"].add(what)
    return {mark: frozenset(found[mark]) for mark in sorted(found)}


def _most(counted: Counter[str]) -> str:
    return max(sorted(counted), key=lambda letter: counted[letter])


def _mark(counted: Counter[str]) -> str:
    """Return what a word was most of the time, how often it was met (1, 2 or 3, more), and how surely it was that."""
    number, most = counted.total(), _most(counted)
    share = counted[most] / number
    return f"{most}{min(3, number.bit_length())}{'a' if share > 0.95 else 'b' if share > 0.75 else 'c'}"


def held_back(counts: Counts, parts: Iterable[Counts]) -> list[Memory]:
    """Return for each part of the sentences the memory of all the others."""
    return [Memory(marks(without(counts, part))) for part in parts]


def write(counts: Counts, path: Path) -> None:
    """Write the memory of all sentences, for `models.read_words` to read."""
    write_marks(marks(counts), path, "What words with capitals and short names were in the sentences trained on")


def write_marks(marks: Mapping[str, Iterable[str]], path: Path, what: str) -> None:
    """Write words by mark, for `models.read_words` to read; `what` they are stands above them."""
    lines = [f"# {what}; written by kabar train-tagger.", "kind\twords"]
    for mark, words in marks.items():
        ordered = sorted(words)
        lines += [f"{mark}\t{' '.join(ordered[at : at + ROW])}" for at in range(0, len(ordered), ROW)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
