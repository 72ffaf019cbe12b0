"""Versions of edited articles in the embedded store: a table of their own."""

from __future__ import annotations

from collections.abc import Sequence

import apsw
import msgspec
import structlog

from workers.index.sqlite_rows import MAX_ID, MAX_JSON, MAX_VERSION
from workers.model import Version

TABLES = """
CREATE TABLE versions (id TEXT PRIMARY KEY, article TEXT NOT NULL, observed INTEGER NOT NULL, json BLOB NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE INDEX versions_article ON versions (article, observed);
"""
log = structlog.get_logger(__name__)


def rows_of(versions: Sequence[Version]) -> list[tuple[str, str, int, bytes]]:
    """Return the rows of `versions`; one that can never be stored is logged and left out."""
    rows = []
    for version in versions:
        try:
            data = msgspec.json.encode(version)
            size = len(version.id.encode())
        except UnicodeEncodeError as error:
            log.warning(
                "version_not_kept", id=ascii(version.id), error=f"a lone surrogate in its text ({error.reason})"
            )
            continue
        if size > MAX_ID or len(data) > MAX_JSON or not 0 <= version.observed_ms <= MAX_VERSION:
            log.warning("version_not_kept", id=version.id[:MAX_ID], error="id, text or time beyond the bounds")
            continue
        rows.append((version.id, version.article_id, version.observed_ms, data))
    return rows


def put(connection: apsw.Connection, rows: Sequence[tuple[str, str, int, bytes]]) -> None:
    """Write rows; the same one again does no harm."""
    connection.executemany("INSERT OR REPLACE INTO versions VALUES (?, ?, ?, ?)", rows)


def of_article(connection: apsw.Connection, wanted: str) -> list[bytes]:
    """Return what was kept of the article whose id stands in the JSON array `wanted`, oldest first."""
    sql = "SELECT json FROM versions WHERE article IN (SELECT value FROM json_each(?)) ORDER BY observed, id"
    return [row[0] for row in connection.execute(sql, (wanted,))]


def delete(connection: apsw.Connection, wanted: str) -> None:
    """Delete the versions whose ids stand in the JSON array `wanted`."""
    connection.execute("DELETE FROM versions WHERE id IN (SELECT value FROM json_each(?))", (wanted,))


def delete_all(connection: apsw.Connection, wanted: str) -> bool:
    """Delete every version of the article whose id stands in the JSON array `wanted`; True when there was one."""
    connection.execute("DELETE FROM versions WHERE article IN (SELECT value FROM json_each(?))", (wanted,))
    return connection.changes() > 0
