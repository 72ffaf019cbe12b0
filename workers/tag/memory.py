"""What became of words and names in the sentences a model learnt from: "Jokowi" was a person, "Demokrat" many things.

The model sees what the memory says of a word beside the word itself. The memory is made in training: see `remember.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

NAME_LIMIT = 4  # words of a name that is remembered as a whole
WORD, NAME, JOINT = "word", "name", "_"
UNKNOWN = "?"


class Memory:
    """Gives the attributes of what is remembered."""

    def __init__(self, marks: Mapping[str, Iterable[str]]) -> None:
        """`marks`: "word.P3a" → words, "name.P" → names, their words joined by "_" (see `remember.marks`)."""
        self._words: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for key, all_ in marks.items():
            kind, _, mark = key.partition(".")
            (self._words if kind == WORD else self._names).update(dict.fromkeys(all_, mark))

    def word(self, lowered: str) -> str:
        """Return what is remembered of a word in lower case."""
        return self._words.get(lowered, UNKNOWN)

    def name(self, joined: str) -> str:
        """Return what is remembered of a name, its words in lower case joined by JOINT, or ""."""
        return self._names.get(joined, "")

    def add(self, words: Sequence[str], lowered: Sequence[str], rows: list[list[str]]) -> None:
        """Add to the attributes of each word of a sentence what is remembered of it and of those beside it."""
        if not self._words:
            return
        capitals = [word[0].isupper() for word in words]
        self._add_words(capitals, lowered, rows)
        at = 0
        while at < len(words):
            at = self._add_name(at, lowered, rows) if capitals[at] else at + 1

    def _add_words(self, capitals: list[bool], lowered: Sequence[str], rows: list[list[str]]) -> None:
        last, known = len(rows) - 1, self._words
        before = ""
        for i, row in enumerate(rows):
            if not capitals[i]:
                before = ""
                continue
            mark = known.get(lowered[i], UNKNOWN)
            row.append(f"j={mark}")
            if mark == UNKNOWN:
                row.append(f"j?{lowered[i - 1] if i else 'start'}")
            if before:
                row.append(f"jj={before[0]}{mark[0]}")
            if i:
                rows[i - 1].append(f"+j={mark}")
            if i < last:
                rows[i + 1].append(f"-j={mark}")
            before = mark

    def _add_name(self, at: int, lowered: Sequence[str], rows: list[list[str]]) -> int:
        """Mark the longest remembered name that begins at a word, and the words beside; return where to go on."""
        for end in range(min(len(lowered), at + NAME_LIMIT), at, -1):
            type_ = self._names.get(JOINT.join(lowered[at:end]))
            if type_:
                size = end - at
                for i in range(at, end):
                    place = "S" if size == 1 else "B" if i == at else "E" if i == end - 1 else "I"
                    rows[i].append(f"jp={type_}{place}{size}")
                if at:
                    rows[at - 1].append(f"+jp={type_}")
                if end < len(rows):
                    rows[end].append(f"-jp={type_}")
                return end
        return at + 1
