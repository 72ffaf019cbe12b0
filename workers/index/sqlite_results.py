"""Answers a search from the embedded store's tables, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import apsw
import msgspec

from workers.index import ranking, sqlite_search, sqlite_spelling
from workers.index.query import Term, sought
from workers.index.sqlite_snippets import Snippets
from workers.model import Hit, Results


class Shown(msgspec.Struct, frozen=True):
    """What a hit needs of a document."""

    id: str
    url: str
    title: str
    site: str
    published_at: datetime
    lead: str
    body: str
    people: tuple[str, ...]
    organisations: tuple[str, ...]
    places: tuple[str, ...]
    duplicate_of: str | None = None


def results(
    connection: apsw.Connection,
    asked: ranking.Search,
    typed: Sequence[Term],
    decode: Callable[[Any, type[Shown]], Shown],
) -> Results:
    """Return what matches; `typed` are the words as they were typed, `decode` reads a stored document."""
    counting, paging, query = sqlite_search.count(asked), sqlite_search.page(asked), asked.query
    total = int(_value(connection, counting.sql, counting.values))
    found: list[Any] = connection.execute(paging.sql, paging.values).fetchall() if total and query.limit else []
    snippets = Snippets(sought(asked.clauses))
    hits = []
    for number, score, _, _ in found:  # one article in memory at a time
        data = _value(connection, "SELECT json FROM contents WHERE document = ?", (number,))
        hits.append(_hit(decode(data, Shown), score or 0.0, snippets))
    suggesting = query.suggest and total < ranking.FEW
    more = len(found) == query.limit and found
    return Results(
        total=total,
        hits=tuple(hits),
        cursor=ranking.cursor(query, asked.origin, *found[-1][1:]) if more else "",
        suggestion=sqlite_spelling.suggestion(connection, query.text, typed) if suggesting else "",
    )


def _value(connection: apsw.Connection, sql: str, values: tuple[Any, ...]) -> Any:
    """Return the one value of a statement that always has one."""
    return next(connection.execute(sql, values))[0]


def _hit(shown: Shown, score: float, snippets: Snippets) -> Hit:
    return Hit(
        id=shown.id,
        url=shown.url,
        title=shown.title,
        site=shown.site,
        published_at=shown.published_at,
        snippet=snippets.of(shown.lead, shown.body),
        people=shown.people,
        organisations=shown.organisations,
        places=shown.places,
        duplicate_of=shown.duplicate_of,
        score=score,
    )
