"""Puts documents into the embedded store's tables and takes them out, inside the caller's transaction."""

from __future__ import annotations

import apsw

from workers.index.sqlite_rows import Row
from workers.ports import Outcome


def put(connection: apsw.Connection, row: Row) -> Outcome:
    """Write one document, unless a greater version of it is stored, or the same one when the document yields."""
    held = connection.execute("SELECT number, version FROM documents WHERE id = ?", (row.id,)).fetchone()
    if held is not None and held[1] + row.yields > row.version:
        return Outcome(row.id, "superseded")
    if held is None:
        connection.execute(
            "INSERT INTO documents (id, version, site, published, copy_of) VALUES (?, ?, ?, ?, ?)",
            (row.id, row.version, row.site, row.published, row.copy_of),
        )
        number = connection.last_insert_rowid()
    else:
        number = held[0]
        _clear(connection, number)
        connection.execute(
            "UPDATE documents SET version = ?, site = ?, published = ?, copy_of = ? WHERE number = ?",
            (row.version, row.site, row.published, row.copy_of, number),
        )
    connection.execute("INSERT OR REPLACE INTO contents VALUES (?, ?)", (number, row.json))
    connection.executemany("INSERT INTO labels VALUES (?, ?, ?)", ((*label, number) for label in row.labels))
    connection.executemany("INSERT INTO urls VALUES (?, ?)", ((url, number) for url in row.urls))
    put_words(connection, number, row)
    return Outcome(row.id, "stored")


def put_words(connection: apsw.Connection, number: int, row: Row) -> None:
    """Put the words of `row` into the index, in place of those that document `number` had."""
    connection.execute(
        "INSERT OR REPLACE INTO text (rowid, title, lead, body, marks) VALUES (?, ?, ?, ?, ?)", (number, *row.words)
    )


def delete(connection: apsw.Connection, wanted: str) -> bool:
    """Delete the document whose id stands in the JSON array `wanted`; True when there was one."""
    row = connection.execute(
        "DELETE FROM documents WHERE id IN (SELECT value FROM json_each(?)) RETURNING number", (wanted,)
    ).fetchone()
    if row is None:
        return False
    _clear(connection, row[0])
    connection.execute("DELETE FROM contents WHERE document = ?", row)
    connection.execute("DELETE FROM text WHERE rowid = ?", row)
    return True


def _clear(connection: apsw.Connection, number: int) -> None:
    connection.execute("DELETE FROM labels WHERE document = ?", (number,))
    connection.execute("DELETE FROM urls WHERE document = ?", (number,))
