"""Turns a checked query into SQL over the embedded store's tables. Pure: text in, statements and values out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from workers.index.fields import NAMED, host
from workers.index.query import AnyOf, Clause, Term, flat, searched_words
from workers.index.ranking import HALF_LIFE_DAYS, RECENT, Place, Search, milliseconds
from workers.index.stemming import fold, stem, stem_english, words
from workers.model import Query, digest

_SCORE = "-bm25(text, 3.0, 2.0, 1.0, 0.0)"  # title, lead, body, marks
# Marks in the index of words; "=" is part of no word. A bare mark tells what the whole article is.
EXACT, ENGLISH, COPY = "=", "en=", "copy="  # before an exact word, before an English stem, in a copy
_MATCH = "text MATCH ?"
_NO_COPY = "documents.copy_of = ''"
_WORDS_ALONE = (_MATCH, f"{_MATCH} AND {_NO_COPY}")
_AGE = "abs(? - documents.published)"  # ms
_RECENT = f"(1.0 + {RECENT} * exp({-math.log(2) / (HALF_LIFE_DAYS * 86_400_000)!r} * {_AGE}))"


class Statement(Struct, frozen=True):
    """One SELECT with the values of its `?`."""

    sql: str
    values: tuple[object, ...]


def label(kind: str, value: str) -> str:
    """Return the mark of an article whose `kind` is `value`; a digest is one word, whatever stands in the value."""
    return f"{kind}={digest(value)}"


def is_simple(search: Search) -> bool:
    """Tell whether words alone decide, from the first result on: most searches, and what `count` and `best` are for."""
    return search.scored and search.place is None and _matching(search)[1] in _WORDS_ALONE


def count(search: Search) -> Statement:
    """Return the SELECT of how many documents match."""
    if is_simple(search):  # no row of `documents` is needed to count these
        matching = _matching(search)[2][0]
        folded = f'({matching}) NOT "{COPY}"' if search.folded else matching
        return Statement("SELECT count(*) FROM text WHERE text MATCH ?", (folded,))
    source, conditions, values = _matching(search)
    return Statement(f"SELECT count(*) FROM {source} WHERE {conditions}", values)  # noqa: S608 - own constants


def best(search: Search, depth: int) -> Statement:
    """Return the SELECT of the page of a simple search, looked for among the `depth` most relevant documents.

    Its rows are (number, score, published, id, ceiling): no document that was not looked at has a score above
    `ceiling`. Only those that age could lift into the page cost a look at their row of `documents`.
    """
    _, conditions, values = _matching(search)
    limit, offset = search.query.limit, search.query.offset
    enough = 4 * (limit + offset)  # as many are there if not most of the first ones are copies
    sql = (
        f"WITH top AS MATERIALIZED (SELECT text.rowid AS place, {_SCORE} AS relevance FROM text "  # noqa: S608
        "WHERE text MATCH ? ORDER BY relevance DESC LIMIT ?), "
        "floor AS MATERIALIZED (SELECT "
        "coalesce((SELECT relevance FROM top ORDER BY relevance DESC LIMIT 1 OFFSET ?), 0) AS least, "
        f" (SELECT iif(count(*) < ?, 0, {1 + RECENT} * min(relevance)) FROM top) AS rest) "
        f"SELECT number, relevance * {_RECENT} AS score, published, id, max(least, rest) "
        f"FROM floor CROSS JOIN top CROSS JOIN documents ON number = place "
        f"WHERE {1 + RECENT} * relevance >= least AND {conditions.replace(_MATCH, 'TRUE')} "
        "ORDER BY score DESC, published DESC, id LIMIT ? OFFSET ?"
    )
    return Statement(sql, (*values, depth, enough, depth, search.origin, limit, offset))


def page(search: Search, *, whole: bool = False) -> Statement:
    """Return the SELECT of (number, score, published, id, total) of the page, best first, then newest, then by id.

    `whole`: of all that matches. Without words to look for the score is None, and the index on `published` gives the
    order. The total is None where it would cost as much as a statement of its own, or the page is `whole`.
    """
    source, conditions, values = _matching(search)
    scored = search.scored
    score, origin = (f"{_SCORE} * {_RECENT}", (search.origin,)) if scored else ("NULL", ())
    order = "score DESC, published DESC, id" if scored else "published DESC, id"
    found = (
        f"SELECT documents.number AS number, {score} AS score, documents.published AS published, "  # noqa: S608
        f"documents.id AS id FROM {source} WHERE {conditions}"
    )
    kept, total = ("MATERIALIZED", "(SELECT count(*) FROM found)") if scored and not whole else ("", "NULL")
    behind, passed = _behind(search.place, scored)
    sql = (
        f"WITH found AS {kept} ({found}) SELECT number, score, published, id, {total} "  # noqa: S608
        f"FROM found WHERE {behind} ORDER BY {order} LIMIT ? OFFSET ?"
    )
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
    conditions: list[str] = []
    values: list[object] = []
    by_row: Iterable[Clause] = search.clauses
    if search.scored:
        # CROSS JOIN fixes the order: the planner would otherwise ask FTS5 once for each row of a filter's index
        source = "text CROSS JOIN documents ON documents.number = text.rowid"
        conditions.append(_MATCH)
        values.append(_expression([clause for clause in search.clauses if _by_words(clause)], search.query))
        by_row = (clause for clause in search.clauses if not _by_words(clause))
    else:
        source = "documents"
    for condition, given in (*map(_condition, by_row), *_filters(search)):
        conditions.append(condition)
        values.extend(given)
    return source, " AND ".join(conditions) or "TRUE", tuple(values)


def _by_words(clause: Clause) -> bool:
    """Tell whether the index of words can answer `clause`, without making what is no word count in the score."""
    if clause.is_text:
        return True
    return not any(term.is_text or term.moment is not None for term in flat([clause]))


def _filters(search: Search) -> Iterator[tuple[str, tuple[object, ...]]]:
    query = search.query
    if query.site and not search.scored:
        yield "documents.site = ?", (query.site.lower(),)
    if query.duplicate_of:
        yield "documents.copy_of = ?", (query.duplicate_of,)
    elif search.folded:
        yield _NO_COPY, ()
    if query.entity and not search.scored:
        named = f"SELECT document FROM labels WHERE kind IN {NAMED} AND value = ?"  # noqa: S608 - own constants
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
    if term.moment is not None:
        sign = ">=" if term.field == "after" else "<"
        return f"documents.published {sign} ?", (milliseconds(term.moment),)
    if term.field == "site":
        return "documents.site = ?", (_value(term),)
    labelled = "SELECT document FROM labels WHERE kind = ? AND value = ?"
    return f"documents.number IN ({labelled})", (term.field, _value(term))


def _value(term: Term) -> str:
    """Return what an article's label must be for `term`."""
    if term.field == "site":
        return host(term.text)
    return term.text if term.field == "language" else fold(term.text)


def _expression(clauses: Sequence[Clause], query: Query) -> str:
    """Return the filters of `query` and clauses, one of them not negated, in FTS5's language."""
    wanted = [_clause_expression(clause) for clause in clauses if not clause.is_negated]
    if query.site:
        wanted.append(_quoted((label("site", query.site.lower()),)))
    if query.entity:
        named = (_quoted((label(kind, fold(query.entity)),)) for kind in NAMED)
        wanted.append(f"({' OR '.join(named)})")
    found = " AND ".join(wanted)
    for clause in clauses:
        if clause.is_negated:
            found = f"({found}) NOT {_clause_expression(clause)}"
    return found


def _clause_expression(clause: Clause) -> str:
    if isinstance(clause, Term):
        return _term_expression(clause)
    return "(" + " OR ".join("(" + " AND ".join(map(_term_expression, row)) + ")" for row in clause.options) + ")"


def _term_expression(term: Term) -> str:
    """Return `term` in FTS5's language. Words stand in double quotes, where nothing is an operator."""
    if not term.is_text:
        return _quoted((label(term.field, _value(term)),))
    mark = EXACT if term.phrase else ""
    found = _quoted(mark + word for word in searched_words(term))
    others = (*(stem(root) for root in term.roots), *(EXACT + form for form in term.forms))
    found = " OR ".join(dict.fromkeys((found, *(_quoted((other,)) for other in others))))  # each counts once
    if term.field == "title":
        return f"({{title}} : ({found}))"
    if not term.phrase:
        found += f" OR {_quoted(ENGLISH + stem_english(word) for _, _, word in words(term.text))}"
    return f'(({found}) NOT "{ENGLISH}")' if term.not_english else f"({found})"


def _quoted(sequence: Iterable[str]) -> str:
    return '"' + " ".join(sequence).replace('"', '""') + '"'
