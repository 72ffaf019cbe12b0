"""Reads what a person typed into the search box. The one parser of both stores; its grammar stands in `parse`.

A word is plain: whatever would be an operator of FTS5 or of Elasticsearch (* ^ ~ ( ) NEAR …) means itself, and a store
must pass it as a value. Words are split at blanks only; a word that analysis cuts into several tokens ("Jong-un",
"Kim-Xi") must occur with these tokens side by side in one field.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from msgspec import Struct, structs

from workers.errors import Misuse
from workers.index import affixes
from workers.index.fields import NAMED, Ago, Field
from workers.index.lexer import Token, tokens
from workers.index.stemming import stem, words
from workers.model import Query

MAX_CHARACTERS = 2_000  # of a query text; longer ones are pasted articles
MAX_TERMS = 64  # each costs a look-up per field; Elasticsearch's own clause limit lies above
MAX_INFLECTED = 16  # terms of a query whose other forms are looked for; a pasted sentence has enough words
MAX_WINDOW = 10_000  # offset + limit, as Elasticsearch's index.max_result_window


class Term(Struct, frozen=True):
    """One condition of a query. `text` (NFC) of a word or phrase holds at least one letter or digit.

    A `phrase` is matched exactly (case and accents folded, words in order), a word by its stem; what is `negated` must
    not hold. Of another `field` than text and title the whole value must be equal; `moment` is after's and before's,
    or `ago` until `check` is told when the query is asked.
    `not_english`: not in an English article, where an abbreviation like AS is a common word. `roots` (by their stems)
    and `forms` (exactly) count as the word, see `workers.index.affixes`.
    """

    text: str
    phrase: bool = False
    negated: bool = False
    field: Field = "text"
    moment: datetime | None = None
    not_english: bool = False
    roots: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    ago: Ago | None = None

    @property
    def is_negated(self) -> bool:
        return self.negated

    @property
    def is_text(self) -> bool:
        """Tell whether it is looked for in the article's words, and so makes it more or less relevant."""
        return self.field in ("text", "title")


class AnyOf(Struct, frozen=True):
    """Alternatives: one at least must hold. Each is a row of terms that must all hold; none is negated."""

    options: tuple[tuple[Term, ...], ...]
    is_negated: ClassVar[bool] = False

    @property
    def is_text(self) -> bool:
        return all(term.is_text for option in self.options for term in option)


Clause = Term | AnyOf


def parse(text: str) -> tuple[Clause, ...]:
    """Return the clauses of `text` in order, all of which must hold; () for a blank text, which matches everything.

        gempa "Badan Geologi" -tsunami   the word gempa, the phrase Badan Geologi, not the word tsunami
        banjir OR longsor Riau           (banjir or longsor) and Riau: OR binds tighter than the blank
        orang:Jokowi site:riau24.com sejak:2026-03-01     fields: `workers.index.fields`

    AND between words changes nothing, NOT before one is -. Terms without a letter or digit ("&", a lone "-") are left
    out. Raises Misuse, telling the place (characters counted from 1) and what would be right.
    """
    if len(text) > MAX_CHARACTERS:
        raise Misuse(f"query: {len(text):,} characters, at most {MAX_CHARACTERS:,} can be searched for")
    _check_unicode("query", text)
    read = list(tokens(text))
    count = sum(token.connector == "" for token in read)
    if count > MAX_TERMS:
        raise Misuse(f"query: {count} terms, at most {MAX_TERMS} can be searched for at once")
    clauses = tuple(_clauses(read))
    if not clauses and text.strip() and not all(unicodedata.category(c) == "Cc" or c.isspace() for c in text):
        raise Misuse(f"query: no word or number to search for in {text[:40]!r}")
    return clauses


def _clauses(read: Sequence[Token]) -> Iterator[Clause]:
    """Join tokens to clauses. Raises Misuse on a connector that stands where it joins nothing."""
    has_or = any(token.connector == "OR" for token in read)
    group: list[Token] = []
    joined = negated = False  # by the connector before: OR, NOT
    for place, token in enumerate(read):
        if token.connector == "OR":
            if not group or joined or negated:
                raise Misuse(f"query: OR at character {token.position} has nothing before it: write one OR other")
            joined = True
        elif token.connector:
            if joined or negated or (place + 1 == len(read)) or (token.connector == "AND" and not group):
                raise Misuse(
                    f"query: {token.connector} at character {token.position} joins nothing: write words in quotes "
                    "to search for them as they are"
                )
            negated = token.connector == "NOT"
        else:
            token = token.negate() if negated else token
            if not joined and group:
                yield _joined(group, has_or)
                group = []
            group.append(token)
            joined = negated = False
    if joined:
        last = next(token for token in reversed(read) if token.connector)
        raise Misuse(f"query: OR at character {last.position} has nothing after it: write one OR other")
    if group:
        yield _joined(group, has_or)


def _joined(group: Sequence[Token], has_or: bool) -> Clause:
    if has_or and (wrong := _bracket(group)) is not None:
        raise Misuse(
            f"query: the bracket at character {wrong.position}: OR joins single words and phrases, without brackets: "
            'write a OR b c, or "a b" OR c'
        )
    terms = [_term(token) for token in group]
    if len(terms) == 1:
        return terms[0]
    for token in group:
        if token.negated:
            raise Misuse(f"query: - at character {token.position} stands in an OR: write it apart, as in a OR b -c")
    return AnyOf(tuple((term,) for term in terms))


def _bracket(group: Sequence[Token]) -> Token | None:
    """Return the token with a bracket that does not hold just this group; one around all of it changes nothing."""
    opened = [token for token in group if token.opens]
    closed = [token for token in group if token.closes]
    if not opened and not closed:
        return None
    around = len(group) > 1 and opened == [group[0]] and closed == [group[-1]] and not group[0].negated
    alone = len(group) == 1 and opened == closed
    return None if around or alone else (opened or closed)[0]


def _term(token: Token) -> Term:
    return Term(token.text, token.phrase, token.negated, token.field, token.moment, ago=token.ago)


def names(clauses: Sequence[Clause]) -> tuple[str, ...]:
    """Return the people, organisations and places `clauses` ask for, as typed."""
    return tuple(dict.fromkeys(term.text for term in flat(clauses) if term.field in NAMED))


def flat(clauses: Sequence[Clause]) -> Iterator[Term]:
    """Yield every term of `clauses`."""
    for clause in clauses:
        if isinstance(clause, Term):
            yield clause
        else:
            for option in clause.options:
                yield from option


def sought(clauses: Sequence[Clause]) -> tuple[Term, ...]:
    """Return the words and phrases that an article was found by: what a snippet shows."""
    return tuple(term for term in flat(clauses) if term.is_text and not term.negated)


def check(query: Query, now: datetime) -> tuple[Clause, ...]:
    """Return the clauses of `query.text` when all of `query` can be answered: what both stores refuse, and how.

    Days are counted back from `now`, which makes no query right or wrong.
    Names of people, organisations and places are those of `query.names`. Raises Misuse: as `parse`; offset or limit
    negative, or together beyond 10,000; a time without a zone; broken Unicode.
    """
    if query.limit < 0 or query.offset < 0:
        raise Misuse(f"query: limit ({query.limit}) and offset ({query.offset}) must not be negative")
    window = query.limit + query.offset
    if window > MAX_WINDOW:
        raise Misuse(f"query: offset + limit is {window:,}, at most {MAX_WINDOW:,}: narrow the dates or use a cursor")
    if query.cursor and query.offset:
        raise Misuse("query: a cursor and an offset can't be used together")
    _check_unicode("cursor", query.cursor)
    for name, time in (("published_from", query.published_from), ("published_to", query.published_to)):
        if time is not None and time.utcoffset() is None:
            raise Misuse(f"query: {name} {time.isoformat()} has no time zone")
    for name, value in (("site", query.site), ("entity", query.entity), ("duplicate_of", query.duplicate_of)):
        _check_unicode(name, value)
        if len(value) > MAX_CHARACTERS:
            raise Misuse(f"query: {name} has {len(value):,} characters, at most {MAX_CHARACTERS:,}")
    clauses = parse(query.text)
    inflects = sum(1 for term in flat(clauses) if term.is_text) <= MAX_INFLECTED
    return tuple(_completed(clause, query.names, inflects, now) for clause in clauses)


def _completed(clause: Clause, known: Mapping[str, str], inflects: bool, now: datetime) -> Clause:
    if isinstance(clause, AnyOf):
        rows = (tuple(_complete(term, known, inflects, now) for term in option) for option in clause.options)
        return AnyOf(tuple(rows))
    return _complete(clause, known, inflects, now)


def _complete(term: Term, known: Mapping[str, str], inflects: bool, now: datetime) -> Term:
    """Return `term` with what documents call the one it names, with its moment, or with its word's other forms."""
    if term.ago is not None:
        return structs.replace(term, moment=term.ago.moment(now), ago=None)
    if term.field in NAMED:
        return structs.replace(term, text=known.get(term.text, term.text))
    if not inflects or not term.is_text or term.phrase:
        return term
    read = [word for _, _, word in words(term.text)]
    if len(read) != 1:
        return term
    return structs.replace(term, roots=affixes.roots(read[0]), forms=affixes.forms(read[0]))


def searched_words(term: Term) -> tuple[str, ...]:
    """Return the words that must stand side by side for `term`: folded for a phrase, stemmed for a word."""
    folded = (word for _, _, word in words(term.text))
    return tuple(folded if term.phrase else map(stem, folded))


def _check_unicode(name: str, text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Misuse(f"{name}: broken Unicode (a lone surrogate) at character {error.start + 1}") from error
