"""Looks up in the embedded store which words near a misspelt one it knows."""

from __future__ import annotations

from collections.abc import Sequence

import apsw

from workers.index.query import Term
from workers.index.spelling import best, corrected, doubtful, near

_COUNT = "SELECT count(*) FROM text WHERE text MATCH ?"
_ANY = "SELECT 1 FROM text WHERE text MATCH ? LIMIT 1"


def suggestion(connection: apsw.Connection, text: str, terms: Sequence[Term]) -> str:
    """Return `text` with the words that stand nowhere replaced by near ones that do, "" when there are none.

    Each near word is one look-up in the index (about 1,000 for a word of 15 letters, some ms): its list of words
    would be read from end to end.
    """
    meant: dict[str, str] = {}
    for word in doubtful(terms):
        if connection.execute(_ANY, (_exactly(word),)).fetchone() is None:
            known = [one for one in dict.fromkeys(near(word)) if connection.execute(_ANY, (_exactly(one),)).fetchone()]
            counts = {one: int(str(connection.execute(_COUNT, (_exactly(one),)).fetchall()[0][0])) for one in known}
            if chosen := best(word, counts):
                meant[word] = chosen
    return corrected(text, meant)


def _exactly(word: str) -> str:
    return f'{{title_exact lead_exact body_exact}} : "{word}"'
