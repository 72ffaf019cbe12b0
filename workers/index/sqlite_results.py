"""Answers a search from the embedded store's tables, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import apsw
from msgspec import structs

from workers.index import ranking, sqlite_search, sqlite_spelling
from workers.index.hits import Shown, hit_of
from workers.index.query import Term, sought
from workers.index.snippets import Snippets
from workers.index.sqlite_forms import standing
from workers.index.sqlite_held import HeldLists, check_of
from workers.model import Results

# Among how many of the most relevant articles a page is looked for first, and of what length: measured to be enough
# with 100,000 articles. Phrases make few articles more relevant than others.
DEPTH, OF_MATCHES, PHRASES_DEPTH = 120, 150, 1_000
LONGEST_PAGE = 20


class Page(NamedTuple):
    """The rows of a page, how many there are in all, and the cursor behind it.

    A row: number of the document, score, check of its id (None: just read).
    """

    rows: Sequence[tuple[int, float | None, int | None]]
    total: int
    cursor: str = ""


def results(
    connection: apsw.Connection,
    asked: ranking.Search,
    typed: Sequence[Term],
    held: HeldLists,
    decode: Callable[[Any, type[Shown]], Shown],
) -> Results:
    """Return what matches; `typed` are the words as they were typed, `decode` reads a stored document.

    Raises Misuse when `asked` continues what is held no longer.
    """
    asked = structs.replace(asked, clauses=standing(connection, asked.clauses))
    query, snippets = asked.query, Snippets(sought(asked.clauses))
    if asked.place is not None and asked.place.held:
        page = _held_page(asked, asked.place, held)
    else:
        page = (_first_held_page if query.hold and query.limit else _page)(connection, asked, held)
    hits = []
    for number, score, check in page.rows:  # one article in memory at a time
        for (data,) in connection.execute("SELECT json FROM contents WHERE document = ?", (number,)):
            shown = decode(data, Shown)
            if check in (None, check_of(shown.id)):  # SQLite gives a deleted row's number to a later one
                hits.append(hit_of(shown, score or 0.0, snippets))
    suggesting = query.suggest and page.total < ranking.FEW
    return Results(
        total=page.total,
        hits=tuple(hits),
        cursor=page.cursor,
        suggestion=sqlite_spelling.suggestion(connection, query.text, typed) if suggesting else "",
    )


def _page(connection: apsw.Connection, asked: ranking.Search, _: HeldLists) -> Page:
    simple = sqlite_search.is_simple(asked)
    total = _total(connection, asked) if simple or not asked.query.limit else None
    if total == 0 or not asked.query.limit:
        return Page((), total or 0)
    found = _best(connection, asked, total or 0) if simple else None
    if found is None:
        paging = sqlite_search.page(asked)
        found = list(connection.execute(paging.sql, paging.values))
    if total is None:
        total = found[0][4] if found and found[0][4] is not None else _total(connection, asked)
    return Page([(number, score, None) for number, score, *_ in found], total, _live_cursor(asked, found))


def _best(connection: apsw.Connection, asked: ranking.Search, total: int) -> list[Any] | None:
    """Return the page if the most relevant articles are sure to hold it; age moves no article far."""
    terms = sought(asked.clauses)
    depth = PHRASES_DEPTH if all(term.phrase for term in terms) else DEPTH + total // OF_MATCHES
    query = asked.query
    if query.offset + query.limit > LONGEST_PAGE:
        return None
    statement = sqlite_search.best(asked, depth)
    found: list[Any] = connection.execute(statement.sql, statement.values).fetchall()
    if not found:
        return None
    ceiling = found[0][4]
    return found if not ceiling or (len(found) == query.limit and found[-1][1] > ceiling) else None


def _total(connection: apsw.Connection, asked: ranking.Search) -> int:
    counting = sqlite_search.count(asked)
    return int(_value(connection, counting.sql, counting.values))


def _first_held_page(connection: apsw.Connection, asked: ranking.Search, held: HeldLists) -> Page:
    """Return the first page, everything that matches held for those behind it."""
    paging, query = sqlite_search.page(asked, whole=True), asked.query
    found: list[Any] = connection.execute(paging.sql, paging.values).fetchall()
    end = query.offset + query.limit
    shown = found[query.offset : end]
    cursor = ""
    if shown and end < len(found):
        if name := held.keep([(number, score or 0.0, check_of(one)) for number, score, _, one, *_ in found]):
            cursor = ranking.cursor(query, ranking.Place("", asked.origin, None, 0, "", name, end))
        else:
            cursor = _live_cursor(asked, shown)
    return Page([(number, score, None) for number, score, *_ in shown], len(found), cursor)


def _held_page(asked: ranking.Search, place: ranking.Place, held: HeldLists) -> Page:
    """Return a page of what is held; an article that was deleted since leaves a gap in it."""
    read = held.read(place.held, place.passed, asked.query.limit)
    if read is None:
        raise ranking.expired()
    rows, total = read
    passed = place.passed + len(rows)
    further = structs.replace(place, passed=passed)
    return Page(rows, total, ranking.cursor(asked.query, further) if rows and passed < total else "")


def _live_cursor(asked: ranking.Search, found: Sequence[Any]) -> str:
    if not found or len(found) < asked.query.limit:
        return ""
    _, score, published, document_id, _ = found[-1]
    return ranking.cursor(asked.query, ranking.Place("", asked.origin, score, published, document_id))


def _value(connection: apsw.Connection, sql: str, values: tuple[Any, ...]) -> Any:
    """Return the one value of a statement that always has one."""
    return next(connection.execute(sql, values))[0]
