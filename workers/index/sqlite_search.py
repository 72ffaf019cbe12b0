"""Turns a checked query into SQL over the embedded store's tables. Pure: text in, statements and values out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from workers.index.fields import host
from workers.index.language import MARK
from workers.index.query import AnyOf, Clause, Term
from workers.index.ranking import HALF_LIFE_DAYS, RECENT, Place, Search
from workers.index.stemming import fold, stem, stem_english, words

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SCORE = "-bm25(text, 3.0, 2.0, 1.0, 3.0, 2.0, 1.0)"  # title, lead, body; the same for phrases
_COPIES = "(SELECT number FROM documents WHERE copy_of <> '')"  # by the index of the copies alone
_NO_COPY = f"documents.number NOT IN {_COPIES}"
_AGE = "abs(? - documents.published)"  # ms
_RECENT = f"(1.0 + {RECENT} * exp({-math.log(2) / (HALF_LIFE_DAYS * 86_400_000)!r} * {_AGE}))"


class Statement(Struct, frozen=True):
    """One SELECT with the values of its `?`."""

    sql: str
    values: tuple[object, ...]


def milliseconds(time: datetime) -> int:
    """Return `time` as whole milliseconds since 1970 UTC, cut, never rounded: what Elasticsearch's `date` keeps."""
    return (time - _EPOCH) // timedelta(milliseconds=1)


def searched_words(term: Term) -> tuple[str, ...]:
    """Return the words that must stand side by side for `term`: folded for a phrase, stemmed for a word."""
    folded = (word for _, _, word in words(term.text))
    return tuple(folded if term.phrase else map(stem, folded))


def count(search: Search) -> Statement:
    """Return the SELECT of how many documents match."""
    source, conditions, values = _matching(search)
    if conditions in ("text MATCH ?", f"text MATCH ? AND {_NO_COPY}"):
        # most searches: no row of `documents` is needed to count these
        source, conditions = "text", conditions.replace("documents.number", "text.rowid")
    return Statement(f"SELECT count(*) FROM {source} WHERE {conditions}", values)  # noqa: S608 - own constants


def page(search: Search, *, whole: bool = False) -> Statement:
    """Return the SELECT of (number, score, published, id) of the page, best first, then newest, then by id.

    `whole`: of all that matches. Without words to look for the score is None, and the index on `published` gives the
    order.
    """
    source, conditions, values = _matching(search)
    scored = search.scored
    score, origin = (f"{_SCORE} * {_RECENT}", (search.origin,)) if scored else ("NULL", ())
    order = "score DESC, published DESC, id" if scored else "published DESC, id"
    inner = (
        f"SELECT documents.number AS number, {score} AS score, documents.published AS published, "  # noqa: S608
        f"documents.id AS id FROM {source} WHERE {conditions}"
    )
    behind, passed = _behind(search.place, scored)
    sql = f"SELECT number, score, published, id FROM ({inner}) WHERE {behind} ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: S608
    window = (-1, 0) if whole else (search.query.limit, search.query.offset)
    return Statement(sql, (*origin, *values, *passed, *window))


def _behind(place: Place | None, scored: bool) -> tuple[str, tuple[object, ...]]:
    """Return the condition that a row comes behind `place`, and its values."""
    if place is None:
        return "TRUE", ()
    same_score = "(published < ? OR (published = ? AND id > ?))"
    values = (place.published, place.published, place.id)
    if not scored or place.score is None:
        return same_score, values
    return f"(score < ? OR (score = ? AND {same_score}))", (place.score, place.score, *values)


def _matching(search: Search) -> tuple[str, str, tuple[object, ...]]:
    """Return the tables, the conditions and their values."""
    wanted = [_expression(clause) for clause in search.clauses if clause.is_text and not clause.is_negated]
    conditions: list[str] = []
    values: list[object] = []
    if wanted:
        # CROSS JOIN fixes the order: the planner would otherwise ask FTS5 once for each row of a filter's index
        source = "text CROSS JOIN documents ON documents.number = text.rowid"
        conditions.append("text MATCH ?")
        values.append(" AND ".join(wanted))
    else:
        source = "documents"
    rest = [_condition(clause) for clause in search.clauses if not clause.is_text or clause.is_negated]
    for condition, given in (*rest, *_filters(search)):
        conditions.append(condition)
        values.extend(given)
    return source, " AND ".join(conditions) or "TRUE", tuple(values)


def _filters(search: Search) -> Iterator[tuple[str, tuple[object, ...]]]:
    query = search.query
    if query.site:
        yield "documents.site = ?", (query.site.lower(),)
    if query.duplicate_of:
        yield "documents.copy_of = ?", (query.duplicate_of,)
    elif search.folded:
        yield _NO_COPY, ()
    if query.entity:
        named = "SELECT document FROM labels WHERE kind IN ('people', 'organisations', 'places') AND value = ?"
        yield f"documents.number IN ({named})", (fold(query.entity),)
    if query.published_from is not None:
        yield "documents.published >= ?", (milliseconds(query.published_from),)
    if query.published_to is not None:
        yield "documents.published < ?", (milliseconds(query.published_to),)


def _condition(clause: Clause) -> tuple[str, tuple[object, ...]]:
    """Return `clause` as a condition of SQL, with its values."""
    if isinstance(clause, AnyOf):
        rows = [[_condition(term) for term in option] for option in clause.options]
        sql = " OR ".join("(" + " AND ".join(condition for condition, _ in row) + ")" for row in rows)
        return f"({sql})", tuple(value for row in rows for _, values in row for value in values)
    condition, values = _positive(clause)
    return (f"NOT ({condition})" if clause.negated else condition), values


def _positive(term: Term) -> tuple[str, tuple[object, ...]]:
    if term.is_text:
        return "documents.number IN (SELECT rowid FROM text WHERE text MATCH ?)", (_term_expression(term),)
    if term.field == "site":
        return "documents.site = ?", (host(term.text),)
    if term.moment is not None:
        sign = ">=" if term.field == "after" else "<"
        return f"documents.published {sign} ?", (milliseconds(term.moment),)
    value = term.text if term.field == "language" else fold(term.text)
    labelled = "SELECT document FROM labels WHERE kind = ? AND value = ?"
    return f"documents.number IN ({labelled})", (term.field, value)


def _expression(clause: Clause) -> str:
    """Return a clause of words in FTS5's language."""
    if isinstance(clause, Term):
        return _term_expression(clause)
    return "(" + " OR ".join("(" + " AND ".join(map(_term_expression, row)) + ")" for row in clause.options) + ")"


def _term_expression(term: Term) -> str:
    """Return `term` in FTS5's language. Words stand in double quotes, where nothing is an operator."""
    end = "_exact" if term.phrase else ""
    columns = f"title{end}" if term.field == "title" else f"title{end} lead{end} body{end}"
    found = f"{{{columns}}} : {_quoted(searched_words(term))}"
    if not term.phrase and term.field == "text":
        english = (MARK + stem_english(word) for _, _, word in words(term.text))
        found = f"({found}) OR ({{body}} : {_quoted(english)})"
    if term.not_english:
        found = f'({found}) NOT ({{body}} : "{MARK}")'
    return f"({found})"


def _quoted(sequence: Iterable[str]) -> str:
    return '"' + " ".join(sequence).replace('"', '""') + '"'
