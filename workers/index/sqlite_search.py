"""Turns a checked query into SQL over the embedded store's tables. Pure: text in, statements and values out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from workers.index.query import Term
from workers.index.stemming import fold, stem, words
from workers.model import Query

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEMMED = "{title lead body}"
_EXACT = "{title_exact lead_exact body_exact}"
_SCORE = "-bm25(text, 3.0, 2.0, 1.0, 3.0, 2.0, 1.0)"  # title, lead, body; the same for phrases


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


def count(query: Query, terms: Sequence[Term]) -> Statement:
    """Return the SELECT of how many documents match."""
    source, conditions, values = _matching(query, terms)
    return Statement(f"SELECT count(*) FROM {source} WHERE {conditions}", values)  # noqa: S608 - own constants


def page(query: Query, terms: Sequence[Term]) -> Statement:
    """Return the SELECT of (number, score) of the page asked for, best first, then newest, then by id."""
    source, conditions, values = _matching(query, terms)
    score = _SCORE if source.startswith("text") else "0.0"
    sql = (
        f"SELECT documents.number, {score} AS score FROM {source} WHERE {conditions} "  # noqa: S608 - own constants
        "ORDER BY score DESC, documents.published DESC, documents.id LIMIT ? OFFSET ?"
    )
    if score == "0.0":  # lets the index on `published` give the order
        sql = sql.replace("score DESC, ", "")
    return Statement(sql, (*values, query.limit, query.offset))


def _matching(query: Query, terms: Sequence[Term]) -> tuple[str, str, tuple[object, ...]]:
    """Return the tables, the conditions and their values."""
    wanted = [_expression(term) for term in terms if not term.negated]
    unwanted = [_expression(term) for term in terms if term.negated]
    conditions: list[str] = []
    values: list[object] = []
    if wanted:
        # CROSS JOIN fixes the order: the planner would otherwise ask FTS5 once for each row of a filter's index
        source = "text CROSS JOIN documents ON documents.number = text.rowid"
        conditions.append("text MATCH ?")
        values.append(" AND ".join(wanted))
    else:
        source = "documents"
    if unwanted:
        conditions.append("documents.number NOT IN (SELECT rowid FROM text WHERE text MATCH ?)")
        values.append(" OR ".join(unwanted))
    for condition, value in _filters(query):
        conditions.append(condition)
        values.append(value)
    return source, " AND ".join(conditions) or "TRUE", tuple(values)


def _filters(query: Query) -> list[tuple[str, object]]:
    filters: list[tuple[str, object]] = []
    if query.site:
        filters.append(("documents.site = ?", query.site.lower()))
    if query.duplicate_of:  # reads every document: for a command now and then, not worth an index
        copies = "SELECT document FROM contents WHERE json_extract(CAST(json AS TEXT), '$.duplicate_of') = ?"
        filters.append((f"documents.number IN ({copies})", query.duplicate_of))
    if query.entity:
        filters.append(("documents.number IN (SELECT document FROM names WHERE name = ?)", fold(query.entity)))
    if query.published_from is not None:
        filters.append(("documents.published >= ?", milliseconds(query.published_from)))
    if query.published_to is not None:
        filters.append(("documents.published < ?", milliseconds(query.published_to)))
    return filters


def _expression(term: Term) -> str:
    """Return `term` in FTS5's language. Words stand in double quotes, where nothing is an operator."""
    quoted = " ".join(searched_words(term)).replace('"', '""')
    return f'({_EXACT if term.phrase else _STEMMED} : "{quoted}")'
