"""What may be wrong with the embedded store's file: foreign, newer, damaged, deleted, locked, no room."""

import sqlite3
from pathlib import Path

import apsw
import pytest

from tests.contract.documents import article, document, version
from workers.errors import KabarError, Misuse, StoreUnavailable
from workers.index import sqlite_schema
from workers.index.sqlite import SqliteStore
from workers.model import Query, digest


def test_a_file_deleted_under_a_running_store_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite"
    store = SqliteStore(path=path)
    store.write([document("before")])
    for file in tmp_path.iterdir():
        file.unlink()
    assert store.write([document("after")])[0].result == "stored"
    store.close()
    again = SqliteStore(path=path)
    assert list(again.get([digest("before"), digest("after")])) == [digest("after")]
    again.close()


def _text_file(path: Path) -> None:
    path.write_text("this is no database, only a note that someone put here\n" * 100)


def _other_program(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE letters (a)")
    connection.close()


def _newer(path: Path) -> None:
    connection = sqlite_schema.connect(path)
    connection.pragma("user_version", sqlite_schema.VERSION + 1)
    connection.close()


@pytest.mark.parametrize(
    ("make", "says"),
    [(_text_file, "not an SQLite file"), (_other_program, "another program"), (_newer, "newer Kabar")],
)
def test_a_wrong_file_is_named_and_left_alone(tmp_path: Path, make, says: str) -> None:
    path = tmp_path / "search.sqlite"
    make(path)
    before = path.read_bytes()
    store = SqliteStore(path=path)
    for use in (store.setup, store.count, lambda: store.write([document()]), lambda: store.search(Query())):
        with pytest.raises(Misuse, match=says) as caught:
            use()
        assert str(path) in str(caught.value)
    assert says in store.check()[0]
    store.close()
    assert path.read_bytes() == before


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite"
    store = SqliteStore(path=path)
    store.write([document(f"n{i}") for i in range(200)])
    store.close()
    data = bytearray(path.read_bytes())
    for page in range(1, len(data) // 4096):
        data[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(data)
    damaged = SqliteStore(path=path)
    assert str(path) in damaged.check()[0]
    for use in (lambda: damaged.get([digest("n1")]), lambda: damaged.search(Query(text="jembatan"))):
        with pytest.raises(StoreUnavailable, match=r"search\.sqlite"):
            use()
    damaged.close()


def test_places_that_can_not_hold_it(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    (tmp_path / "a file").write_text("")
    _refused(tmp_path / "place")
    _refused(tmp_path / "a file" / "place")


def _refused(path: Path) -> None:
    store = SqliteStore(path=path)
    with pytest.raises(KabarError, match="place"):
        store.write([document()])
    assert store.check()
    store.close()


def test_a_lock_held_too_long_is_transient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_schema, "BUSY_MS", 50)
    path = tmp_path / "search.sqlite"
    holder = sqlite_schema.connect(path)
    holder.execute("BEGIN IMMEDIATE")
    store = SqliteStore(path=path)
    with pytest.raises(StoreUnavailable) as caught:
        store.write([document()])
    assert caught.value.reason == "locked"
    assert store.count() == 0  # reading goes on
    holder.execute("ROLLBACK")
    holder.close()
    assert store.write([document()])[0].result == "stored"
    store.close()


def test_a_full_disk_stores_nothing_of_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite_schema.connect

    def small(path: Path) -> apsw.Connection:
        connection = connect(path)
        connection.pragma("max_page_count", 60)  # what SQLite does when the disk is full: SQLITE_FULL
        return connection

    monkeypatch.setattr(sqlite_schema, "connect", small)
    store = SqliteStore(path=tmp_path / "search.sqlite")
    assert store.write([document("a")])[0].result == "stored"
    with pytest.raises(StoreUnavailable) as caught:
        store.write([article(f"n{i}", "panjang sekali " * 200) for i in range(300)])
    assert caught.value.reason == "disk_full"
    assert store.count() == 1
    assert store.write([document("a")])[0].result == "stored"
    store.close()


def test_a_file_of_the_first_schema_is_brought_up_to_date_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite"
    store = SqliteStore(path=path)
    store.write([document(f"n{i}", duplicate_of="asli" if i else None) for i in range(20)])
    store.close()
    connection = apsw.Connection(str(path))  # as the first schema was
    connection.execute(
        "DROP TABLE versions; DROP TABLE labels; DROP INDEX documents_copy_of;"
        "ALTER TABLE documents DROP COLUMN copy_of; CREATE TABLE names (name, document);"
        "DELETE FROM text WHERE rowid > 1;"  # copies were not marked
        "INSERT INTO text (rowid, title, body) SELECT number, 'jembatan', 'gempa' FROM documents WHERE number > 1;"
        "PRAGMA user_version = 1"
    )
    connection.close()
    opened = [SqliteStore(path=path) for _ in range(2)]
    for one in opened:
        assert one.count() == 20
        assert one.history(digest("n1")) == []
    opened[0].write_versions([version("n1")])
    assert opened[1].history(digest("n1")) == [version("n1")]
    assert opened[1].search(Query(text='tempat:PEKANBARU rubrik:daerah penulis:"siti rahma" bahasa:id')).total == 20
    assert opened[1].search(Query(text="jembatan", fold=True)).total == 1
    assert opened[1].check() == []
    assert opened[1].stats()["schema"] == sqlite_schema.VERSION
    for one in opened:
        one.close()


def test_a_file_without_marks_in_its_index_of_words_gets_them(tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite"
    store = SqliteStore(path=path)
    store.write([document("a"), document("b", site="lain.test", places=())])
    store.close()
    connection = apsw.Connection(str(path))  # as the fourth schema was
    connection.execute(
        "DROP TABLE text;"
        "CREATE VIRTUAL TABLE text USING fts5 (title, lead, body, content = '', contentless_delete = 1);"
        "INSERT INTO text (rowid, body) SELECT number, 'jembatan' FROM documents; PRAGMA user_version = 4"
    )
    connection.close()
    store = SqliteStore(path=path)
    assert store.search(Query(text="jembatan site:lain.test")).total == 1
    assert store.search(Query(text="jembatan tempat:pekanbaru")).total == 1
    store.close()


def test_an_upgrade_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "search.sqlite"
    SqliteStore(path=path).setup()
    current = sqlite_schema.VERSION
    monkeypatch.setattr(sqlite_schema, "VERSION", current + 1)
    monkeypatch.setitem(sqlite_schema.UPGRADES, current, "CREATE TABLE half (a); CREATE TABLE broken (;")
    with pytest.raises(KabarError, match=r"search\.sqlite"):
        SqliteStore(path=path).count()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (current,)
        assert connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half'").fetchone() is None
    connection.close()
