"""What is the embedded store's own: its processes, threads and rows. The contract is in tests/contract."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.contract.documents import article, document
from workers.errors import Misuse, StoreUnavailable
from workers.index import sqlite_rows, sqlite_schema
from workers.index.sqlite import SqliteStore
from workers.model import Query, digest


def test_nothing_is_opened_before_use(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "search.sqlite"
    store = SqliteStore(path=path)
    assert "does not exist yet" in store.check()[0]
    assert not path.parent.exists()
    assert store.setup() == [f"created {path}"]
    assert store.setup() == []
    assert store.check() == []
    store.close()


def test_reading_makes_no_store(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "search.sqlite"
    store = SqliteStore(path=path)
    assert store.search(Query(text="gempa")).total == 0
    assert (store.count(), store.stats()["documents"], store.stats()["bytes"]) == (0, 0, 0)
    assert (store.get([digest("a")]), store.find(["https://berita.test/a"])) == ({}, {})
    assert store.delete(digest("a")) is False
    assert store.check() == [f"{path}: does not exist yet: `kabar index init` makes it"]
    with pytest.raises(Misuse):  # a query is judged all the same
        store.search(Query(limit=-1))
    store.close()
    assert not path.parent.exists()
    assert store.write([document()])[0].result == "stored"
    assert store.count() == 1
    store.close()


def test_a_place_where_no_file_can_be_is_told_by_reading(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    store = SqliteStore(path=tmp_path / "a file" / "search.sqlite")
    with pytest.raises(StoreUnavailable, match="a file"):
        store.count()
    assert "does not exist yet" not in store.check()[0]
    store.close()


def test_a_store_never_set_up_works(tmp_path: Path) -> None:
    store = SqliteStore(path=tmp_path / "search.sqlite")
    assert store.search(Query(text="gempa")).total == 0
    assert store.write([document()])[0].result == "stored"
    store.close()


def _run(code: str, *arguments: object) -> "subprocess.Popen[str]":
    """Start a Python process that has the store's class and `document` at hand."""
    imports = (
        "import os, sys, time; from pathlib import Path; from workers.index.sqlite import SqliteStore\n"
        "from tests.contract.documents import document\n"
        "store = SqliteStore(path=Path(sys.argv[1]))\n"
    )
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", imports + code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite"
    code = "print(store.write([document()])[0].result, flush=True); os.kill(os.getpid(), 9)"
    process = _run(code, path)
    assert process.communicate(timeout=30)[0] == "stored\n"
    assert process.returncode == -signal.SIGKILL
    store = SqliteStore(path=path)
    assert store.search(Query(text="jembatan")).total == 1
    assert store.check() == []
    store.close()


def test_commits_reach_the_disk(tmp_path: Path) -> None:
    connection = sqlite_schema.connect(tmp_path / "search.sqlite")
    assert connection.pragma("journal_mode") == "wal"
    assert connection.pragma("synchronous") == 2  # FULL
    connection.close()


def test_processes_share_one_file(tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite"
    code = (
        "me, start = int(sys.argv[2]), float(sys.argv[3])\n"
        "time.sleep(max(0, start - time.time()))\n"  # all make the file at once
        "for batch in range(5):\n"
        "    store.write([document(f'{me} {batch} {i}') for i in range(5)] + [document('shared', version=me)])\n"
    )
    writers = [_run(code, path, number, time.time() + 0.4) for number in (1, 2, 3)]
    for writer in writers:
        assert writer.communicate(timeout=30)[0] == ""
        assert writer.returncode == 0
    store = SqliteStore(path=path)
    assert store.count() == 76
    assert store.get([digest("shared")])[digest("shared")].version == 3
    assert store.search(Query(text="jembatan", limit=0)).total == 76
    store.close()


def test_threads_share_one_store(tmp_path: Path) -> None:
    store = SqliteStore(path=tmp_path / "search.sqlite")

    def work(number: int) -> int:
        store.write([document(f"{number} {i}") for i in range(5)])
        if number == 3:
            store.close()  # others keep what they hold
        return store.search(Query(text="jembatan")).total

    with ThreadPoolExecutor(8) as pool:
        totals = list(pool.map(work, range(16)))
    assert min(totals) >= 5
    assert store.count() == 80
    store.close()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # fork beside threads: what prefork pools do
def test_a_forked_child_leaves_the_parents_connection(tmp_path: Path) -> None:
    store = SqliteStore(path=tmp_path / "search.sqlite")
    store.write([document("parent")])
    child = os.fork()
    if child == 0:
        try:
            stored = store.write([document("child")])[0].result == "stored"
            os._exit(0 if stored and store.count() == 2 else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert store.count() == 2
    assert store.check() == []
    store.close()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"id": ""}, "bad_id"),
        ({"version": 2**63}, "bad_version"),
        ({"published_at": datetime(2026, 1, 1)}, "bad_time"),  # noqa: DTZ001 - the fault under test
        ({"title": "\ud800"}, "bad_unicode"),
        ({"id": "\ud800"}, "bad_unicode"),
        ({"body": "x" * 2_000}, "too_large"),
    ],
)
def test_why_a_document_is_rejected(fields: dict, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_rows, "MAX_JSON", 2_000)
    outcome = sqlite_rows.row_of(document(**fields), datetime(2026, 1, 1, tzinfo=UTC))
    assert (outcome.result, outcome.reason) == ("rejected", reason)


def test_the_article_is_stored_once(tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite"
    store = SqliteStore(path=path)
    texts = [" ".join(f"kata{(i * 7 + j) % 900}" for j in range(300)) for i in range(300)]
    store.write([article(f"n{i}", text) for i, text in enumerate(texts)])
    bytes_a_document = store.stats()["bytes"] / len(texts)
    store.close()
    assert path.stat().st_size / len(texts) < 4.5 * len(texts[0].encode())
    assert bytes_a_document > 0
