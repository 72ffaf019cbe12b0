"""Leaves out of a query the word forms that stand in no article: FTS5 looks each word up several times a search."""

from __future__ import annotations

from collections.abc import Sequence

import apsw
from msgspec import structs

from workers.index.query import AnyOf, Clause, Term
from workers.index.sqlite_search import EXACT

VOCABULARY = "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, text, row)"  # of one connection; no data
_LEAST = 4  # forms; fewer cost less than to ask for them


def standing(connection: apsw.Connection, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """Return `clauses` with those forms alone that stand in an article."""
    return tuple(_of_clause(connection, clause) for clause in clauses)


def _of_clause(connection: apsw.Connection, clause: Clause) -> Clause:
    if isinstance(clause, AnyOf):
        return AnyOf(tuple(tuple(_of_term(connection, term) for term in option) for option in clause.options))
    return _of_term(connection, clause)


def _of_term(connection: apsw.Connection, term: Term) -> Term:
    if len(term.forms) < _LEAST:
        return term
    known: set[str] = set()
    for beginning in _beginnings(term.forms):
        between = (EXACT + beginning, EXACT + beginning + "{")  # "{" comes right after z
        rows = connection.execute("SELECT term FROM temp.vocabulary WHERE term >= ? AND term < ?", between)
        known.update(str(word).removeprefix(EXACT) for (word,) in rows)
    return structs.replace(term, forms=tuple(form for form in term.forms if form in known))


def _beginnings(forms: Sequence[str]) -> list[str]:
    """Return what the forms of each prefix of each root begin with: the shortest of those that go on from it."""
    found: list[str] = []
    for form in sorted(forms):
        if not found or not form.startswith(found[-1]):
            found.append(form)
    return found
