"""`kabar retag` as a process that is killed again and again while newer observations arrive: nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.contract.documents import BODY, document
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.sqlite import SqliteStore
from workers.model import digest
from workers.ports import SearchStore
from workers.runtime.settings import load

PROJECT = Path(__file__).parents[2]
OLD = "kabar 1.1 crf a gazetteer b"
NEWER = 5_000  # version of the observations that arrive meanwhile
BATCH = 5
PATIENCE = 60.0  # seconds for a killed run to have done something


class Retagging:
    """A store, and the command that works on it in a process of its own."""

    def __init__(self, store: SearchStore, environment: dict[str, str]) -> None:
        self.store = store
        self.command = [sys.executable, "-m", "workers", "retag", "--older-than", "current", "--batch-size", str(BATCH)]
        self.environment = {**os.environ, **environment, "KABAR_CONFIG_DIR": str(PROJECT / "config")}

    def left(self) -> int:
        self.store.refresh()
        return self.store.taggers().get(OLD, 0)

    def killed(self, meanwhile: Callable[[], object]) -> int:
        """Start the command; when it has done something, do `meanwhile` and kill it; return how many it has done."""
        before = self.left()
        process = subprocess.Popen(self.command, env=self.environment, cwd=PROJECT, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while self.left() == before and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        done = before - self.left()
        meanwhile()
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "it ended before it could be killed"
        return done

    def finished(self) -> dict[str, int]:
        """Let the command run to its end; return what it says it did."""
        told = subprocess.run(
            [*self.command, "--json"], env=self.environment, cwd=PROJECT, check=True, capture_output=True
        )
        answer: dict[str, int] = json.loads(told.stdout)
        return answer


@pytest.fixture
def embedded(tmp_path: Path) -> Retagging:
    path = load({}, data_dir=tmp_path).sqlite_path
    assert path is not None
    return Retagging(SqliteStore(path=path), {"KABAR_DATA_DIR": str(tmp_path)})


@pytest.fixture
def cluster(elasticsearch_url: str, elasticsearch_store: ElasticsearchStore) -> Iterator[Retagging]:
    prefix = elasticsearch_store.prefix
    yield Retagging(elasticsearch_store, {"KABAR_SEARCH_URL": elasticsearch_url, "KABAR_INDEX_PREFIX": prefix})


SIZES = [(200, 2), pytest.param(4_000, 6, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]


@pytest.mark.parametrize(("documents", "kills"), SIZES)
def test_on_the_embedded_store(embedded: Retagging, documents: int, kills: int) -> None:
    check(embedded, documents, kills)


@pytest.mark.elasticsearch
@pytest.mark.parametrize(("documents", "kills"), SIZES)
def test_on_elasticsearch(cluster: Retagging, documents: int, kills: int) -> None:
    check(cluster, documents, kills)


def check(retagging: Retagging, documents: int, kills: int) -> None:
    """Kill the command some times, each time while newer observations of some articles are stored."""
    store, names = retagging.store, [f"artikel {number}" for number in range(documents)]
    body = "\n\n".join([BODY] * 12)  # so that a run takes some time
    for at in range(0, documents, 100):
        store.write([document(name, tagger=OLD, body=body) for name in names[at : at + 100]])
    assert retagging.left() == documents
    newer = names[:: documents // (4 * kills)]
    for round_ in range(kills):
        seen = newer[round_::kills]  # done ones and waiting ones
        observed = [document(name, tagger=OLD, version=NEWER, title="Judul Baru", body=body) for name in seen]
        assert retagging.killed(partial(store.write, observed)) > 0
    left = retagging.left()
    assert 0 < left < documents
    told = retagging.finished()
    stored = told.pop("stored")
    assert left - BATCH <= stored <= left  # what the last one had sent may have arrived after its death
    assert told == {"superseded": 0, "rejected": 0, "failed": 0, "removed": 0}
    found = everything(store)
    assert sorted(found) == sorted(map(digest, names))  # none lost, none twice
    assert OLD not in store.taggers()
    for name in names:
        version, title, places = found[digest(name)]
        assert title == ("Judul Baru" if name in newer else document().title)
        assert version == (NEWER + 1 if name in newer else 1_001)  # tagged once, and once again when seen anew
        assert "Pekanbaru" in places or "Riau" in places or title == "Judul Baru"
    assert retagging.finished()["stored"] == 0


def everything(store: SearchStore) -> dict[str, tuple[int, str, tuple[str, ...]]]:
    """Return version, title and places of all documents by id; an id that comes twice fails."""
    store.refresh()
    found: dict[str, tuple[int, str, tuple[str, ...]]] = {}
    after = ""
    while page := store.scan(after=after, limit=200):
        for one in page:
            assert one.id not in found
            found[one.id] = one.version, one.title, one.places
        after = page[-1].id
    return found
