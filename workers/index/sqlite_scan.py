"""Walking all documents of the embedded store in the order of their ids."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import apsw
import msgspec

# The JSON is kept as a blob, which SQLite's functions would take for their own binary format: hence the casts.
_ALL = "SELECT json FROM documents JOIN contents ON document = number WHERE id > ? ORDER BY id LIMIT ?"
_NARROWED = (
    "SELECT json FROM documents JOIN contents ON document = number "
    "WHERE id > ? AND json_extract(CAST(json AS TEXT), '$.tagger') IN (SELECT value FROM json_each(?)) "
    "ORDER BY id LIMIT ?"
)
_COUNTS = "SELECT json_extract(CAST(json AS TEXT), '$.tagger') AS tagger, count(*) FROM contents GROUP BY tagger"


def page(connection: apsw.Connection, after: str, limit: int, taggers: Collection[str] | None) -> list[Any]:
    """Return the JSON of up to `limit` documents behind the id `after`, of those taggers only when given."""
    if taggers is None:
        rows = connection.execute(_ALL, (after, limit))
    else:
        rows = connection.execute(_NARROWED, (after, msgspec.json.encode(sorted(taggers)).decode(), limit))
    return [row[0] for row in rows]


def taggers(connection: apsw.Connection) -> dict[str, int]:
    """Return how many documents each tagger has tagged."""
    return {str(tagger): int(count) for tagger, count in connection.execute(_COUNTS)}
