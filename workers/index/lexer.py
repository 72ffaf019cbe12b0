"""Cuts a query's text into tokens: words, "phrases", fields with their values, and the connectors OR, AND, NOT."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from msgspec import Struct, structs

from workers.errors import Misuse
from workers.index import fields
from workers.index.fields import NAMES, Field

# What keyboards and word processors put around a phrase; not the apostrophe, which stands in words (Jum'at).
QUOTES = frozenset('"“”„‟«»″＂')


Connector = Literal["", "OR", "AND", "NOT"]
CONNECTORS: dict[str, Connector] = {"OR": "OR", "AND": "AND", "NOT": "NOT"}


class Token(Struct, frozen=True):
    """A piece of a query. `position` counts characters from 1; `opens`, `closes`: a bracket stands at that end."""

    position: int
    text: str
    connector: Connector = ""
    phrase: bool = False
    negated: bool = False
    field: Field = "text"
    moment: datetime | None = None
    ago: fields.Ago | None = None
    opens: bool = False
    closes: bool = False

    def negate(self) -> Token:
        """Return it with NOT before it; twice is once, as nobody means a double one."""
        return structs.replace(self, negated=True)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of `text`. Raises Misuse: an unclosed quote, a field without value, no day where one must be."""
    position = 0
    while (position := _skip(text, position)) < len(text):
        start = position
        position, opens, negated = _before(text, position)
        name = _field_at(text, position)
        begin = _skip(text, position + len(name) + 1) if name else position
        word, quoted, closes, position = _read(text, begin)
        token = Token(start + 1, word, "", quoted, negated, opens=opens, closes=closes)
        if name:
            yield _valued(name, structs.replace(token, field=NAMES[name]))
            continue
        connector = "" if quoted or negated or opens or closes else CONNECTORS.get(word, "")
        if connector or has_word(word):
            yield structs.replace(token, connector=connector)


def _before(text: str, position: int) -> tuple[int, bool, bool]:
    """Return where the word begins behind brackets and -, whether it has any, and whether it has a -."""
    opens = negated = False
    while text[position] in "(-" and position + 1 < len(text) and not is_blank(text[position + 1]):
        opens |= text[position] == "("
        if text[position] == "-":
            if negated:
                break
            negated = True
        position += 1
    return position, opens, negated


def _field_at(text: str, start: int) -> str:
    """Return the name of the field that begins at `start`, lower case; "" where a plain word stands.

    Raises Misuse on a name that is nearly one of ours.
    """
    colon = start
    while colon < len(text) and text[colon].isalpha() and colon - start < 20:
        colon += 1
    if colon == start or text[colon : colon + 1] != ":" or text[colon : colon + 3] == "://":
        return ""
    name = text[start:colon].lower()
    if name not in NAMES:
        typed_close = colon + 1 < len(text) and not is_blank(text[colon + 1])  # "Sampah: ..." is a headline
        if typed_close and (meant := fields.misspelt(name)):
            raise Misuse(
                f"query: no field {name!r} at character {start + 1}: write {meant}: (or quotes around a plain word)"
            )
        return ""
    return name


def _valued(name: str, token: Token) -> Token:
    """Return the token of a field with its value as it is compared. Raises Misuse when the value can't be one."""
    value = token.text
    if not has_word(value):
        raise fields.no_value(name, token.position)
    if token.field == "site":
        return structs.replace(token, text=fields.host(value), phrase=False)
    if token.field == "language":
        return structs.replace(token, text=fields.language(value), phrase=False)
    if token.field in ("after", "before"):
        end = name in fields.WHOLE_DAY
        moment, ago = fields.moment(value, end=end), fields.ago(value, end=end)
        if moment is None and ago is None:
            raise fields.no_time(name, value, token.position)
        return structs.replace(token, moment=moment, ago=ago, phrase=False)
    return token if token.field == "title" else structs.replace(token, phrase=False)


def _read(text: str, start: int) -> tuple[str, bool, bool, int]:
    """Return the word or phrase at `start`, whether it is a phrase, whether a bracket ends there, and where it ends."""
    if text[start : start + 1] in QUOTES:
        end = start + 1
        while end < len(text) and text[end] not in QUOTES:
            end += 1
        if end == len(text):
            raise Misuse(f"query: the quote at character {start + 1} is never closed: put one after the phrase's end")
        behind = end + 1
        while text[behind : behind + 1] == ")":
            behind += 1
        return _clean(text[start + 1 : end]), True, behind > end + 1, behind
    end = start
    while end < len(text) and not is_blank(text[end]) and text[end] not in QUOTES:
        end += 1
    word = text[start:end]
    while word.endswith(")") and word.count(")") > word.count("("):
        word = word[:-1]
    return _clean(word), False, len(word) < end - start, end


def _skip(text: str, position: int) -> int:
    while position < len(text) and is_blank(text[position]):
        position += 1
    return position


def _clean(text: str) -> str:
    blanked = "".join(" " if is_blank(c) else c for c in text)
    return unicodedata.normalize("NFC", " ".join(blanked.split()))


def is_blank(character: str) -> bool:
    """Control characters (NUL among them) part words as blanks do: no store should ever see one."""
    return character.isspace() or unicodedata.category(character) == "Cc"


def has_word(text: str) -> bool:
    """Only letters and decimal digits make tokens in both stores (UAX #29 word characters)."""
    return any(c.isalpha() or c.isdecimal() for c in text)
