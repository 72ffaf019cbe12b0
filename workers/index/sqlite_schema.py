"""The embedded store's tables, and opening a file that holds them.

    documents   one small row per article: what filters and orders, so that ranking many matches stays in memory
    contents    their JSON
    labels      people, organisations, places, section, authors, tags (folded), language → documents
    urls        every known address → documents
    versions    earlier texts of edited articles (see `sqlite_versions`)
    text        FTS5: title, lead and body, each stemmed, then exact (for phrases), of an English one by English stems
                too; marks tell the forms apart (see `sqlite_search`): other columns would make each look-up dearer.
                Then labels and site as marks: a word and a filter meet in the index, before anything is ranked

`text` is contentless: it holds postings only, the article's text is stored once, in `contents`. Words are
folded and stemmed by `workers.index.stemming` before they get here and joined by blanks, so FTS5's own C tokenizer
only has to cut at blanks; a tokenizer in Python is called back word by word. It also lets any SQLite shell
(3.43 or newer) read and check the file, which a table with our own tokenizer would refuse.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apsw
import msgspec
import structlog

from workers.errors import Misuse, StoreUnavailable
from workers.index import sqlite_versions
from workers.index.sqlite_forms import VOCABULARY
from workers.index.sqlite_rows import Row, row_of
from workers.index.sqlite_writing import put_words
from workers.index.stemming import fold
from workers.model import Document

log = structlog.get_logger(__name__)

VERSION = 5  # PRAGMA user_version; raise it with every change of the tables, and tell below how to get there
APPLICATION = 0x4B414241  # PRAGMA application_id, "KABA": tells our files from other programs'
BUSY_MS = 10_000  # a writer's batch takes well under a second; longer means someone is stuck

# Every ASCII mark is part of a word: text comes cut already. Letters beyond ASCII always are.
_TOKENIZE = "tokenize = \"ascii tokenchars '!#$%&''''()*+,-./:;<=>?@[\\]^_`{|}~'\""

_LABELS = """
CREATE TABLE labels (kind TEXT NOT NULL, value TEXT NOT NULL, document INTEGER NOT NULL,
    PRIMARY KEY (kind, value, document)) STRICT, WITHOUT ROWID;
CREATE INDEX labels_document ON labels (document);
CREATE INDEX documents_copy_of ON documents (copy_of) WHERE copy_of <> '';"""

_TEXT = f"""
CREATE VIRTUAL TABLE text USING fts5 (title, lead, body, marks, content = '', contentless_delete = 1, {_TOKENIZE});"""

TABLES = f"""
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    site TEXT NOT NULL,
    published INTEGER NOT NULL,
    copy_of TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE contents (document INTEGER PRIMARY KEY, json BLOB NOT NULL) STRICT;
CREATE INDEX documents_published ON documents (published DESC, id);
CREATE INDEX documents_site ON documents (site, published DESC, id);
{_LABELS}
CREATE TABLE urls (url TEXT NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (url, document))
    STRICT, WITHOUT ROWID;
CREATE INDEX urls_document ON urls (document);
{_TEXT}
{sqlite_versions.TABLES}
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
"""

# The JSON is kept as a blob, which SQLite's functions would take for their own binary format: hence the casts.
_OF_LISTS = " UNION ".join(
    f"SELECT '{kind}', fold(value), document FROM contents, json_each(CAST(contents.json AS TEXT), '$.{kind}')"  # noqa: S608
    for kind in ("people", "organisations", "places", "authors", "tags")
)
_FILL_LABELS = f"""
ALTER TABLE documents ADD COLUMN copy_of TEXT NOT NULL DEFAULT '';
{_LABELS}
INSERT OR IGNORE INTO labels {_OF_LISTS}
    UNION SELECT 'section', fold(json_extract(CAST(contents.json AS TEXT), '$.section')), document FROM contents
    UNION SELECT 'language', json_extract(CAST(contents.json AS TEXT), '$.language'), document FROM contents;
UPDATE documents SET copy_of = coalesce(
    (SELECT json_extract(CAST(contents.json AS TEXT), '$.duplicate_of') FROM contents WHERE document = number), '');
DROP TABLE names;
"""  # noqa: S608 - own constants

# What brings a file of an earlier version to the next one, by the version it has. Nothing in it may be lost.
UPGRADES = {1: sqlite_versions.TABLES, 2: _FILL_LABELS, 3: "", 4: f"DROP TABLE text; {_TEXT}"}


def _fill_text(connection: apsw.Connection) -> None:
    """Put the words of all documents into an empty index; a document that can't be read is found by no word."""
    numbers: list[Any] = connection.execute("SELECT document FROM contents").fetchall()
    log.info("search_file_upgrading", documents=len(numbers))
    for (number,) in numbers:
        ((data,),) = connection.execute("SELECT json FROM contents WHERE document = ?", (number,))
        try:
            row = row_of(msgspec.json.decode(data, type=Document), datetime.now(UTC))
        except msgspec.DecodeError:
            continue
        if isinstance(row, Row):
            put_words(connection, number, row)


def connect(path: Path) -> apsw.Connection:
    """Open the file at `path`, making it, its folder and its tables where missing; safe in several processes at once.

    Raises Misuse when the file is another program's or a newer Kabar's, apsw.Error as SQLite does.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"{path.parent}: {error.strerror}", reason="cannot_open") from error
    connection = apsw.Connection(str(path))
    try:
        connection.set_busy_timeout(BUSY_MS)
        _version(connection, path)  # another program's file is refused before anything is changed in it
        _use_wal(connection)
        # FULL, not NORMAL: under WAL, NORMAL may lose the last commits in a power cut, and a document that was
        # acknowledged leaves Redis for good. fullfsync: macOS' fsync alone does not reach the platters.
        connection.execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -16000; PRAGMA journal_size_limit = 67108864")
        create_tables(connection, path)
        connection.execute(VOCABULARY)
    except BaseException:
        connection.close(True)
        raise
    return connection


def create_tables(connection: apsw.Connection, path: Path) -> bool:
    """Create the tables in an empty file, or bring those of an older Kabar up to date; True when it was empty.

    Raises Misuse on a file that is not ours or newer.
    """
    if _version(connection, path) == VERSION:
        return False
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = _version(connection, path)  # perhaps another process did it while we waited for the lock
        if created := found == 0:
            connection.execute(TABLES)
        else:
            connection.create_scalar_function("fold", _folded, 1, deterministic=True)
            for number in range(found, VERSION):
                connection.execute(f"{UPGRADES[number]} PRAGMA user_version = {number + 1}")
            if found < 5:
                _fill_text(connection)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return created


def _folded(*values: Any) -> str:
    return fold(values[0]) if isinstance(values[0], str) else ""


def _version(connection: apsw.Connection, path: Path) -> int:
    """Return the file's schema version, 0 for an empty file."""
    with connection:  # one moment for all: another process may be making the tables
        version = int(connection.pragma("user_version"))
        application = int(connection.pragma("application_id"))
        used = connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is not None
    if application == APPLICATION:
        if version > VERSION:
            raise Misuse(f"{path}: written by a newer Kabar (schema {version}, this one reads {VERSION})")
        return version
    if version or application or used:
        raise Misuse(f"{path}: an SQLite file of another program, not Kabar's search store")
    return 0


def _use_wal(connection: apsw.Connection) -> None:
    """Let readers and the writer work side by side. SQLite's busy timeout does not cover this switch."""
    deadline = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.pragma("journal_mode", "wal")
            return
        except apsw.BusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
