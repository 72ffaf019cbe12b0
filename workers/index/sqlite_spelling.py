"""Looks up in the embedded store which words near a misspelt one it knows."""

from __future__ import annotations

from collections.abc import Sequence

import apsw

from workers.index.query import Term
from workers.index.spelling import best, corrected, doubtful, near
from workers.index.sqlite_search import ENGLISH, EXACT
from workers.index.stemming import stem, stem_english

_COUNT = "SELECT count(*) FROM text WHERE text MATCH ?"
_ANY = "SELECT 1 FROM text WHERE text MATCH ? LIMIT 1"


def suggestion(connection: apsw.Connection, text: str, terms: Sequence[Term]) -> str:
    """Return `text` with the words that stand nowhere replaced by near ones that do, "" when there are none.

    Each near word is one look-up in the index (about 1,000 for a word of 15 letters, some ms): its list of words
    would be read from end to end.
    """
    meant: dict[str, str] = {}
    for word in doubtful(terms):
        if not _stands(connection, _exactly(word)) and not _stands(connection, _in_any_form(word)):
            known = [one for one in dict.fromkeys(near(word)) if _stands(connection, _exactly(one))]
            counts = {one: int(str(connection.execute(_COUNT, (_exactly(one),)).fetchall()[0][0])) for one in known}
            if chosen := best(word, counts):
                meant[word] = chosen
    return corrected(text, meant)


def _stands(connection: apsw.Connection, expression: str) -> bool:
    return connection.execute(_ANY, (expression,)).fetchone() is not None


def _exactly(word: str) -> str:
    return f'"{EXACT}{word}"'


def _in_any_form(word: str) -> str:
    return f'"{stem(word)}" OR "{ENGLISH}{stem_english(word)}"'
