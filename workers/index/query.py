"""Reads what a person typed into the search box: words, "phrases", -not. The one parser of both stores.

    gempa "Badan Geologi" -tsunami   →   word gempa, phrase Badan Geologi, not the word tsunami

A term's text is plain: whatever would be an operator of FTS5 or of Elasticsearch (* ^ ~ : AND OR NEAR …)
means itself, and a store must pass it as a value. Words are split at blanks only; a word that analysis cuts
into several tokens ("Jong-un", "Kim-Xi") must occur with these tokens side by side in one field.
"""

from __future__ import annotations

import unicodedata

from msgspec import Struct

from workers.errors import Misuse
from workers.model import Query

MAX_CHARACTERS = 2_000  # of a query text; longer ones are pasted articles
MAX_TERMS = 64  # each costs a look-up per field; Elasticsearch's own clause limit lies above
MAX_WINDOW = 10_000  # offset + limit, as Elasticsearch's index.max_result_window

# What keyboards and word processors put around a phrase; not the apostrophe, which stands in words (Jum'at).
QUOTES = frozenset('"“”„‟«»″＂')


class Term(Struct, frozen=True):
    """One condition of a query. `text` (NFC) holds at least one letter or digit.

    A `phrase` is matched exactly (case and accents folded, words in order), a word by its stem; what is
    `negated` must not occur.
    """

    text: str
    phrase: bool = False
    negated: bool = False


def parse(text: str) -> tuple[Term, ...]:
    """Return the terms of `text` in order; () for a blank text, which matches everything.

    A text of negated terms alone is allowed: everything but these. Terms without a letter or digit ("&", a
    lone "-") are left out. Raises Misuse, telling the place (characters counted from 1): an unbalanced quote,
    a text too long, too many terms, nothing but punctuation, or broken Unicode.
    """
    if len(text) > MAX_CHARACTERS:
        raise Misuse(f"query: {len(text):,} characters, at most {MAX_CHARACTERS:,} can be searched for")
    _check_unicode("query", text)
    terms: list[Term] = []
    position = 0
    while position < len(text):
        if _is_blank(text[position]):
            position += 1
            continue
        term, position = _read_term(text, position)
        if _has_word(term.text):
            terms.append(term)
    if len(terms) > MAX_TERMS:
        raise Misuse(f"query: {len(terms)} terms, at most {MAX_TERMS} can be searched for at once")
    if not terms and not all(map(_is_blank, text)):
        raise Misuse(f"query: no word or number to search for in {text[:40]!r}")
    return tuple(terms)


def check(query: Query) -> tuple[Term, ...]:
    """Return the terms of `query.text` when all of `query` can be answered: what both stores refuse, and how.

    Raises Misuse: as `parse`; offset or limit negative, or together beyond 10,000; a time without a zone;
    broken Unicode.
    """
    if query.limit < 0 or query.offset < 0:
        raise Misuse(f"query: limit ({query.limit}) and offset ({query.offset}) must not be negative")
    window = query.limit + query.offset
    if window > MAX_WINDOW:
        raise Misuse(f"query: offset + limit is {window:,}, at most {MAX_WINDOW:,}: narrow the dates")
    for name, time in (("published_from", query.published_from), ("published_to", query.published_to)):
        if time is not None and time.utcoffset() is None:
            raise Misuse(f"query: {name} {time.isoformat()} has no time zone")
    for name, value in (("site", query.site), ("entity", query.entity), ("duplicate_of", query.duplicate_of)):
        _check_unicode(name, value)
        if len(value) > MAX_CHARACTERS:
            raise Misuse(f"query: {name} has {len(value):,} characters, at most {MAX_CHARACTERS:,}")
    return parse(query.text)


def _read_term(text: str, start: int) -> tuple[Term, int]:
    """Return the term at `start` (no blank) and the position behind it."""
    position = start
    negated = text[start] == "-" and start + 1 < len(text) and not _is_blank(text[start + 1])
    if negated:
        position += 1
    if text[position] in QUOTES:
        opening, position = position, position + 1
        while position < len(text) and text[position] not in QUOTES:
            position += 1
        if position == len(text):
            raise Misuse(f"query: the quote at character {opening + 1} is never closed")
        return Term(_clean(text[opening + 1 : position]), phrase=True, negated=negated), position + 1
    begin = position
    while position < len(text) and not _is_blank(text[position]) and text[position] not in QUOTES:
        position += 1
    return Term(_clean(text[begin:position]), negated=negated), position


def _clean(text: str) -> str:
    blanked = "".join(" " if _is_blank(c) else c for c in text)
    return unicodedata.normalize("NFC", " ".join(blanked.split()))


def _is_blank(character: str) -> bool:
    """Control characters (NUL among them) part words as blanks do: no store should ever see one."""
    return character.isspace() or unicodedata.category(character) == "Cc"


def _has_word(text: str) -> bool:
    """Only letters and decimal digits make tokens in both stores (UAX #29 word characters)."""
    return any(c.isalpha() or c.isdecimal() for c in text)


def _check_unicode(name: str, text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Misuse(f"{name}: broken Unicode (a lone surrogate) at character {error.start + 1}") from error
