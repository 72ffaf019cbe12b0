"""The embedded search store: one SQLite file with FTS5, for a laptop, a demo and tests; no server.

Several processes and threads may use one file at once. Measured choices and the tables: `sqlite_schema`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import apsw
import msgspec

from workers.errors import KabarError, StoreUnavailable
from workers.index import query as queries
from workers.index import (
    ranking,
    sqlite_scan,
    sqlite_schema,
    sqlite_versions,
    sqlite_writing,
)
from workers.index.sqlite_connections import Connections
from workers.index.sqlite_held import HeldLists
from workers.index.sqlite_results import results
from workers.index.sqlite_rows import Row, row_of
from workers.index.synonyms import expand, load_synonyms
from workers.index.unwatched import Unwatched
from workers.model import Document, Query, Results, Version
from workers.ports import Clock, Outcome

T = TypeVar("T")

LOW_DISK = 200_000_000  # bytes free below which `check` warns: a batch and its journal fit many times


class SqliteStore(Unwatched):
    """`workers.ports.SearchStore` over the file at `path`, which the first write makes; reading makes none."""

    name = "sqlite"

    def __init__(self, *, path: Path, config_dir: Path | None = None, clock: Clock | None = None) -> None:
        """Remember where the file is; `config_dir` holds `elasticsearch/synonyms.txt`, without it there are none."""
        self._path = path
        self._synonyms = config_dir / "elasticsearch" if config_dir else None
        self._clock = clock or (lambda: datetime.now(UTC))
        self._connections = Connections(path)
        self._held = HeldLists(path.with_name(path.name + "-held"))

    def setup(self) -> list[str]:
        """Create the file and its tables where missing; [] when there was nothing to do."""
        missing = not self._connections.exists()
        with self._connections.lend():
            return [f"created {self._path}"] if missing else []

    def write(self, documents: Sequence[Document]) -> list[Outcome]:
        """Write a batch in one transaction, on disk when this returns (see `sqlite_schema.connect`)."""
        now = self._clock()
        prepared = [row_of(document, now) for document in documents]  # analysed before the lock is taken
        if not any(isinstance(row, Row) for row in prepared):
            return [row for row in prepared if isinstance(row, Outcome)]
        with self._connections.lend() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                outcomes = [sqlite_writing.put(connection, row) if isinstance(row, Row) else row for row in prepared]
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:  # all or nothing: the caller tries the whole batch again
                    connection.execute("ROLLBACK")
        return outcomes

    def get(self, ids: Sequence[str]) -> dict[str, Document]:
        """Return the stored documents among `ids`."""
        sql = (
            "SELECT id, json FROM documents JOIN contents ON document = number "
            "WHERE id IN (SELECT value FROM json_each(?))"
        )
        with self._connections.lend_existing() as connection:
            rows = connection.execute(sql, (_json_list(ids),)).fetchall() if connection is not None else []
        return {str(document_id): self._decode(data, Document) for document_id, data in rows}

    def find(self, urls: Sequence[str]) -> dict[str, Document]:
        """Return, by URL, the documents whose `urls` hold one of `urls`; the greatest version of several."""
        sql = (
            "SELECT url, contents.json FROM json_each(?) AS wanted CROSS JOIN urls ON url = wanted.value "
            "JOIN documents ON number = urls.document JOIN contents ON contents.document = number "
            "ORDER BY version, documents.id"
        )
        with self._connections.lend_existing() as connection:
            rows = dict(connection.execute(sql, (_json_list(urls),))) if connection is not None else {}
        return {url: self._decode(data, Document) for url, data in rows.items()}

    def delete(self, document_id: str) -> bool:
        """Delete a document and its versions for good; True when there was anything."""
        wanted = _json_list([document_id])
        with self._connections.lend_existing() as connection:
            if connection is None:
                return False
            with connection:
                versions = sqlite_versions.delete_all(connection, wanted)
                deleted = sqlite_writing.delete(connection, wanted)
        return deleted or versions

    def purge(self, document_id: str) -> list[str]:
        """Return []: nothing is kept beside the file's one table."""
        return []

    def write_versions(self, versions: Sequence[Version]) -> None:
        """Keep versions, on disk when this returns."""
        if rows := sqlite_versions.rows_of(versions):
            with self._connections.lend() as connection, connection:
                sqlite_versions.put(connection, rows)

    def history(self, article_id: str) -> list[Version]:
        """Return the kept versions of an article, oldest first."""
        with self._connections.lend_existing() as connection:
            rows = sqlite_versions.of_article(connection, _json_list([article_id])) if connection is not None else []
        return [self._decode(data, Version) for data in rows]

    def forget_versions(self, ids: Sequence[str]) -> None:
        """Delete versions by their ids."""
        with self._connections.lend_existing() as connection:
            if connection is not None:
                sqlite_versions.delete(connection, _json_list(ids))

    def scan(self, *, after: str = "", limit: int = 50, taggers: Collection[str] | None = None) -> list[Document]:
        """Return the next documents by id."""
        with self._connections.lend_existing() as connection:
            rows = sqlite_scan.page(connection, after, limit, taggers) if connection is not None else []
        return [self._decode(data, Document) for data in rows]

    def taggers(self) -> dict[str, int]:
        """Return how many documents each tagger has tagged."""
        with self._connections.lend_existing() as connection:
            return sqlite_scan.taggers(connection) if connection is not None else {}

    def search(self, query: Query) -> Results:
        """Return the matches, best first; total and page are of one moment."""
        origin, place = ranking.place_of(query, self._clock())
        typed = queries.check(query, ranking.time_of(origin))
        clauses = expand(typed, load_synonyms(self._synonyms) if self._synonyms else {})
        asked = ranking.Search(query, clauses, origin, place, ranking.folds(query, typed))
        with self._connections.lend_existing() as connection:
            if connection is None:
                return Results(total=0, hits=())
            connection.execute("BEGIN")
            try:
                return results(connection, asked, queries.sought(typed), self._held, self._decode)
            finally:
                connection.execute("COMMIT")  # it only read

    def copies(self, ids: Sequence[str]) -> dict[str, int]:
        """Return how many copies there are of each."""
        sql = (
            "SELECT copy_of, count(*) FROM documents "
            "WHERE copy_of <> '' AND copy_of IN (SELECT value FROM json_each(?)) GROUP BY copy_of"
        )
        with self._connections.lend_existing() as connection:
            return dict(connection.execute(sql, (_json_list(ids),))) if connection is not None else {}

    def refresh(self) -> None:
        """Do nothing: a write is visible to everyone when it is acknowledged."""

    def count(self) -> int:
        """Return how many documents there are."""
        with self._connections.lend_existing() as connection:
            return int(_value(connection, "SELECT count(*) FROM documents")) if connection is not None else 0

    def stats(self) -> dict[str, Any]:
        """Return documents, file, bytes (with the write-ahead log), versions."""
        documents = self.count()
        files = [self._path, Path(f"{self._path}-wal")]
        return {
            "store": self.name,
            "documents": documents,
            "file": str(self._path),
            "bytes": sum(file.stat().st_size for file in files if file.exists()),
            "schema": sqlite_schema.VERSION,
            "version": apsw.sqlite_lib_version(),
        }

    def check(self) -> list[str]:
        """Return one line per problem: file missing, unreadable or damaged, disk nearly full."""
        if not self._connections.exists():
            return [f"{self._path}: does not exist yet: `kabar index init` makes it"]
        try:
            with self._connections.lend() as connection:
                rows = [row[0] for row in connection.execute("PRAGMA quick_check(5)")]
            free = shutil.disk_usage(self._path.parent).free
        except KabarError as error:
            return [str(error)]
        except OSError as error:
            return [f"{self._path}: {error.strerror}"]
        problems = [f"{self._path}: damaged: {row}" for row in rows if row != "ok"]
        if not os.access(self._path, os.W_OK):
            problems.append(f"{self._path}: may not be written by this user")
        if free < LOW_DISK:
            problems.append(f"{self._path}: {free / 1e6:.0f} MB free on its disk, want {LOW_DISK / 1e6:.0f} MB")
        return problems

    def close(self) -> None:
        """Let go of the file; the store may be used again afterwards."""
        self._connections.close()

    def _decode(self, data: Any, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(data, type=kind)
        except msgspec.DecodeError as error:
            message = f"{self._path}: a stored document can't be read: {error}"
            raise StoreUnavailable(message, reason="corrupt") from error


def _value(connection: apsw.Connection, sql: str, values: tuple[Any, ...] = ()) -> Any:
    """Return the one value of a statement that always has one."""
    return next(connection.execute(sql, values))[0]


def _json_list(texts: Iterable[str]) -> str:
    """Return `texts` as a JSON array for json_each, without those no document can have (broken Unicode)."""
    return msgspec.json.encode([t for t in texts if _is_unicode(t)]).decode()


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
