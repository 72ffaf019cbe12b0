"""The gazetteer: the named things of `config/gazetteer/*.tsv` and the word lists of `words.tsv`,
the offices of `forms.tsv`.

A table holds lines of `id name aliases type wikidata latitude longitude` (tab-separated, `#` begins a comment line, the
first other line names the columns). Names match token by token; case counts as in `_fits`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from workers.errors import Misuse
from workers.tag.forms import FORM_COLUMNS, FORMS, Forms
from workers.tag.gazetteer_rows import TYPES, Row, folded, read_row
from workers.tag.tokens import tokenise

COLUMNS = ["id", "name", "aliases", "type", "wikidata", "latitude", "longitude"]
WORDS = "words.tsv"
WORD_COLUMNS = ["kind", "words"]
_SPECIAL = {WORDS: WORD_COLUMNS, FORMS: FORM_COLUMNS}  # tables of another kind


class Match(NamedTuple):
    """Tokens `start` … `end` (exclusive) of a sentence spell a name of `row`."""

    start: int
    end: int
    row: Row


Name = tuple[tuple[str, ...], tuple[str, ...], Row]  # tokens without case, tokens as written, whose name it is


class Gazetteer(Struct):
    """Rows by name. `version` is a hash of every file read."""

    version: str
    rows: list[Row]
    by_name: dict[tuple[str, str], Row]  # (type, name without case) → row, weak aliases included
    by_word: dict[str, list[Name]]  # token without case → names of one token
    by_pair: dict[tuple[str, str], list[Name]]  # first two tokens without case → longer names, longest first
    firsts: set[str]  # tokens without case that names begin with
    words: dict[str, frozenset[str]]  # kind → words, as written
    forms: Forms  # offices named after places
    pinned: dict[tuple[str, tuple[str, ...]], Row]  # an editor's corrections: (type, folded words) → what it is

    def find(self, type_: str, name: str) -> Row | None:
        """Return the row of `type_` called `name` (any case); an office's is made from its place's (forms.py)."""
        words = name.lower().split()
        row = self.by_name.get((type_, " ".join(words)))
        if row is None and type_ == "ORG" and words and self.forms.begins(words[0]):
            return self.forms.row(words, self.find)
        return row

    def resolve_name(self, name: str, type_: str = "") -> str:
        """Return what the thing called `name` (any case) is called in documents: "Surakarta" for "Solo".

        `type_` narrows it to one of TYPES; without, a name that stands for several things is a person's before an
        organisation's before a place's, unless one of them is called exactly so. Unknown names return unchanged.
        """
        kinds = (type_,) if type_ else TYPES
        found = [row for kind in kinds if (row := self.pinned.get((kind, folded(name))) or self.find(kind, name))]
        plain = " ".join(name.lower().split())
        exact = (row for row in found if row.name.lower() == plain)
        row = next(exact, found[0] if found else None)
        return row.name if row else name

    def matches(self, words: Sequence[str], lowered: Sequence[str]) -> Iterator[Match]:
        """Yield the longest matches from left to right, without overlaps; `lowered` is `words` in lower case."""
        free, size = 0, len(words)
        for at, first in enumerate(lowered):
            if at < free or first not in self.firsts:
                continue
            if first == "kota" and at and lowered[at - 1] == "wali":
                continue  # "Wali Kota Medan" is the mayor of Medan, not of "Kota Medan"
            longer = self.by_pair.get((first, lowered[at + 1]), ()) if at + 1 < size else ()
            for lower, written, row in (*longer, *self.by_word.get(first, ())):
                stop = at + len(lower)
                if tuple(lowered[at:stop]) == lower and _fits(words[at:stop], written):
                    yield Match(at, stop, row)
                    free = stop
                    break


def _fits(words: Sequence[str], written: Sequence[str]) -> bool:
    """Tell whether words are cased as a name: acronyms of one word exactly, else capitals where the name has them."""
    if len(written) == 1 and written[0].isupper():
        return words[0] == written[0]
    return all(word[0].isupper() or not name[0].isupper() for word, name in zip(words, written, strict=True))


def load_gazetteer(folder: Path) -> Gazetteer:
    """Read every table in `folder`. Raises Misuse naming file and line of a malformed or repeated row."""
    if not folder.is_dir():
        raise Misuse(f"gazetteer: no such folder: {folder}")
    hashed = hashlib.blake2b(digest_size=6)
    gazetteer = Gazetteer("", [], {}, {}, {}, set(), {}, Forms(), {})
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.tsv")):
        data = _read(path)
        hashed.update(path.name.encode() + b"\x00" + data.encode("utf-8"))
        for where, fields in _lines(path, data, _SPECIAL.get(path.name, COLUMNS)):
            if path.name == FORMS:
                gazetteer.forms.add(fields, where)
            elif path.name == WORDS:
                gazetteer.words[fields[0]] = gazetteer.words.get(fields[0], frozenset()) | frozenset(fields[1].split())
            else:
                _add(gazetteer, fields, where, seen)
    for names in (*gazetteer.by_word.values(), *gazetteer.by_pair.values()):
        names.sort(key=lambda name: (-len(name[0]), TYPES.index(name[2].type)))
    gazetteer.version = hashed.hexdigest()
    return gazetteer


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Misuse(f"{path}: {error}") from error


def _lines(path: Path, data: str, columns: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield place and fields of each line below the header."""
    header = False
    for number, line in enumerate(data.split("\n"), 1):
        line = line.rstrip("\r")
        if not line or line.startswith("#"):
            continue
        fields, where = line.split("\t"), f"{path}:{number}"
        if not header:
            if fields != columns:
                raise Misuse(f"{where}: the columns must be {' '.join(columns)} (tab-separated)")
            header = True
        elif len(fields) != len(columns):
            raise Misuse(f"{where}: {len(fields)} fields, not {len(columns)}")
        else:
            yield where, fields


def _add(gazetteer: Gazetteer, fields: list[str], where: str, seen: dict[str, str]) -> None:
    """Enter one row and all its names. `seen` remembers ids and names with their place."""
    row = read_row(fields, where)
    if row.id in seen:
        raise Misuse(f"{where}: the id {row.id} stands in {seen[row.id]} already")
    seen[row.id] = where
    gazetteer.rows.append(row)
    aliases = [alias for alias in fields[2].split("|") if alias]
    first = row.name if f"~{row.name}" not in aliases else f"~{row.name}"  # the name itself may be weak ("Lima")
    for alias in [first, *(alias for alias in aliases if alias != first)]:
        weak = alias.startswith("~")
        name = alias.removeprefix("~")
        if not name.strip() or name != name.strip():
            raise Misuse(f"{where}: an alias is empty or has blanks at its ends")
        key = (row.type, name.lower())
        if key in gazetteer.by_name:
            raise Misuse(f"{where}: {name!r} ({row.type}) stands in {seen[' '.join(key)]} already")
        gazetteer.by_name[key], seen[" ".join(key)] = row, where
        if not weak:
            _index(gazetteer, name, row)


def _index(gazetteer: Gazetteer, name: str, row: Row) -> None:
    if name.isalnum():  # one word
        written: tuple[str, ...] = (name,)
    elif name.replace(" ", "").isalpha():  # words of letters alone: the common case, without the tokeniser
        written = tuple(name.split())
    else:
        written = tuple(token.text for token in tokenise(name))
    lower = tuple(word.lower() for word in written)
    gazetteer.firsts.add(lower[0])
    if len(lower) == 1:
        gazetteer.by_word.setdefault(lower[0], []).append((lower, written, row))
    else:
        gazetteer.by_pair.setdefault((lower[0], lower[1]), []).append((lower, written, row))
