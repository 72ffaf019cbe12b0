"""A rebuild of a large index by real processes that are killed, on a node that is killed, while all work goes on."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.contract.documents import document
from tests.elasticsearch_node import node
from workers.errors import KabarError, StoreUnavailable
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.reindex_copy import pages
from workers.model import Document, Query, digest

pytestmark = [pytest.mark.elasticsearch, pytest.mark.timeout(2_400)]

STAYING = 10  # one article in so many is edited, but never removed: a search for them always finds all


class Desk:
    """Writes, edits and removes articles until told to stop, and knows what the index must hold."""

    def __init__(self, store: ElasticsearchStore, count: int) -> None:
        self.store, self.count = store, count
        self.versions: dict[str, int] = {}
        self.removed: set[str] = set()
        self.stop = threading.Event()
        self.late = self.done = 0
        self._random = random.Random(7)

    def fill(self) -> None:
        """Index the first articles in bulk."""
        for start in range(0, self.count, 1_000):
            self.write([self.article(number, 1_000) for number in range(start, min(start + 1_000, self.count))])
        self.store.refresh()

    def article(self, number: int, version: int) -> Document:
        stays = "menetap" if number < self.count and number % STAYING == 0 else "sementara"
        text = f"Berita nomor {number} ditulis untuk kali ke-{version}. " + "Warga menunggu kabar dari balai desa. " * 8
        return document(f"n{number}", title=f"Kabar {stays} {number}", body=text, version=version)

    def write(self, documents: list[Document]) -> None:
        """Write as the pipeline does: until each is acknowledged, whatever happens."""
        while documents:
            try:
                outcomes = self.store.write(documents)
            except StoreUnavailable:
                time.sleep(0.1)
                continue
            again = []
            for one, outcome in zip(documents, outcomes, strict=True):
                if outcome.result == "failed":
                    again.append(one)
                elif outcome.result == "stored":
                    self.versions[one.id] = max(one.version, self.versions.get(one.id, 0))
                else:
                    assert outcome.result == "superseded", outcome
                    assert one.version < self.versions[one.id], outcome
                    self.late += 1
            documents = again

    def work(self) -> None:
        """New articles, newer versions, older ones that come late, removals."""
        new = self.count
        while not self.stop.is_set():
            numbers = [self._random.randrange(self.count) for _ in range(20)]
            known = [number for number in dict.fromkeys(numbers) if digest(f"n{number}") not in self.removed]
            batch = [self.article(number, self._version(number)) for number in known[:-1]]
            self.write([*batch, self.article(new, 1_000)])
            new += 1
            gone = known[-1]
            if gone % STAYING:
                self.remove(digest(f"n{gone}"))
            self.done += 1
            self.stop.wait(0.05)

    def _version(self, number: int) -> int:
        before = self.versions[digest(f"n{number}")]
        return before + 1 if self._random.random() < 0.7 else before - 1

    def remove(self, document_id: str) -> None:
        while True:
            try:
                self.store.delete(document_id)
                assert self.store.purge(document_id) == []
                break
            except StoreUnavailable:
                time.sleep(0.1)
        self.removed.add(document_id)
        self.versions.pop(document_id, None)


class Reader:
    """Searches all the time; every answer must be whole."""

    def __init__(self, store: ElasticsearchStore, expected: int) -> None:
        self.store, self.expected = store, expected
        self.stop, self.away = threading.Event(), threading.Event()
        self.wrong: list[str] = []
        self.answers = 0

    def read(self) -> None:
        while not self.stop.is_set():
            away = self.away.is_set()
            try:
                total = self.store.search(Query(text="judul:menetap", limit=1)).total
            except KabarError as error:
                if not (away or self.away.is_set()):
                    self.wrong.append(str(error))
            else:
                self.answers += 1
                if total != self.expected:
                    self.wrong.append(f"{total} found instead of {self.expected}")
            self.stop.wait(0.02)


class Rebuild:
    """`kabar index reindex` (or another command) as a process."""

    def __init__(
        self,
        store: ElasticsearchStore,
        url: str,
        data: Path,
        *command: str,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        given = {
            "PATH": "/usr/bin:/bin",
            "KABAR_SEARCH_URL": url,
            "KABAR_INDEX_PREFIX": store.prefix,
            "KABAR_DATA_DIR": str(data),
            **(environment or {}),
        }
        whole = [sys.executable, "-m", "workers", "index", *(command or ("reindex",))]
        self.process = subprocess.Popen(
            whole, cwd=PROJECT, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []

    def until(self, stage: str) -> None:
        """Read what it says until it comes to `stage`, or ends."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if line.startswith(f"{stage}:"):
                return

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def end(self) -> int:
        said, _ = self.process.communicate(timeout=900)
        self.lines.append(said)
        return self.process.returncode


@contextmanager
def going_on(desk: Desk, reader: Reader) -> Iterator[None]:
    """Work and search beside what is done here."""
    threads = [threading.Thread(target=desk.work), threading.Thread(target=reader.read)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        desk.stop.set()
        reader.stop.set()
        for thread in threads:
            thread.join()


def check(desk: Desk, reader: Reader) -> None:
    """The index holds exactly what the desk knows, in these versions; every search was answered in full."""
    assert reader.wrong == []
    assert reader.answers > 10
    assert desk.late > 0
    assert desk.removed
    desk.store.refresh()
    found: dict[str, int] = {}
    for hits, _ in pages(
        desk.store.client, desk.store.alias, {"match_all": {}}, 1_000, sort="_shard_doc", source=False
    ):
        for hit in hits:
            assert hit["_id"] not in found
            found[hit["_id"]] = hit["_version"]
    assert found == desk.versions
    assert desk.store.check() == []
    left = desk.store.client.indices.get_alias(index=f"{desk.store.alias}-*").body
    assert [name for name, one in left.items() if one["aliases"]] == [max(left)]


def waited(until: Callable[[], object], seconds: float) -> None:
    """Wait for what shall be, at most so long."""
    ends = time.monotonic() + seconds
    while not until() and time.monotonic() < ends:
        time.sleep(0.005)


def test_a_killed_rebuild_is_gone_on_with(
    elasticsearch_store: ElasticsearchStore, elasticsearch_url: str, tmp_path: Path
) -> None:
    store = elasticsearch_store
    desk = Desk(store, 1_000)
    desk.fill()
    reader = Reader(store, 100)
    with going_on(desk, reader):
        first = Rebuild(store, elasticsearch_url, tmp_path)
        first.until("copy")
        first.kill()
        second = Rebuild(store, elasticsearch_url, tmp_path)
        assert second.end() == 0, second.lines
    assert "gone on with" in second.lines[-1]
    check(desk, reader)


@pytest.mark.slow
def test_a_hundred_thousand_articles_are_rebuilt_through_every_crash(tmp_path: Path) -> None:
    """Killed at its start, in the middle, at every later stage and after the swap; the node once, too."""
    data = Path(tempfile.mkdtemp(prefix="kabar-reindex-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = node.start(data, port=port)
    store = ElasticsearchStore(url=running.url, index_prefix="besar", config_dir=PROJECT / "config")
    desk, reader = Desk(store, 100_000), Reader(store, 100_000 // STAYING)
    try:
        store.setup()
        desk.fill()
        with going_on(desk, reader):
            kill_at_every_stage(store, running.url, tmp_path)
            rebuild = Rebuild(store, running.url, tmp_path)
            rebuild.until("copy")
            time.sleep(2)
            reader.away.set()
            running.kill()
            running = node.start(data, port=port)
            waited(lambda: not store.check(), 60)
            reader.away.clear()
            code = rebuild.end()  # it waited for the node, or is gone on with
            if code:
                rebuild = Rebuild(store, running.url, tmp_path)
                assert rebuild.end() == 0, rebuild.lines
        check(desk, reader)
    finally:
        store.close()
        running.stop()
        shutil.rmtree(data)


def kill_at_every_stage(store: ElasticsearchStore, url: str, data: Path) -> None:
    """Kill rebuild after rebuild, each at another moment; the last one runs to its end."""
    alias = store.client.indices.get_alias
    for stage, seconds in (
        ("", 1.0),
        ("copy", 0.0),
        ("copy", 4.0),
        ("catch up", 0.0),
        ("compare", 0.2),
        ("finish", 0.0),
    ):
        rebuild = Rebuild(store, url, data)
        rebuild.until(stage) if stage else None
        time.sleep(seconds)
        assert rebuild.process.poll() is None, rebuild.lines
        rebuild.kill()
        store.setup()  # lifts the block of one that was killed in its last step
    before = set(alias(name=store.alias).body)
    rebuild = Rebuild(store, url, data)
    waited(lambda: set(alias(name=store.alias).body) != before, 600)
    rebuild.kill()  # right after the swap
    last = Rebuild(store, url, data)
    assert last.end() == 0, last.lines
