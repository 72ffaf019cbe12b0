"""Tagging stored documents again: what is chosen, what changes, what a second run finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tests.contract.documents import document
from workers.index.sqlite import SqliteStore
from workers.model import Document, Entity, digest
from workers.operate.retag import Retagged, older, retag
from workers.ports import Outcome

OLD, NEW = "kabar 2.2 crf a gazetteer b", "kabar 3.2 crf a gazetteer c"


class Names:
    """A tagger that finds the word "Pemerintah" in titles."""

    version = NEW

    def tag_fields(
        self,
        texts: Sequence[str],
        *,
        published_at: datetime | None = None,
        language: str = "id",
        timezone: str = "Asia/Jakarta",
    ) -> list[list[Entity]]:
        title = Entity(text="Pemerintah", type="ORG", start=0, end=10, name=f"Pemerintah {timezone}")
        return [[title], []]


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(path=tmp_path / "store.sqlite")


def test_what_is_older() -> None:
    versions = [OLD, NEW, "kabar 3.1 crf x", "rules 1", ""]
    assert older(versions, "current", NEW) == sorted(set(versions) - {NEW})
    assert older(versions, NEW, NEW) == sorted(set(versions) - {NEW})
    assert older(versions, "3.2", NEW) == sorted(set(versions) - {NEW})
    assert older(versions, "3", NEW) == sorted(["", "rules 1", OLD])
    assert older(versions, OLD, NEW) == sorted(["", "rules 1"])
    for wrong in ("", "new", "-1", "kabar"):
        with pytest.raises(ValueError, match="no version"):
            older(versions, wrong, NEW)


def test_documents_get_new_names_and_the_next_version(store: SqliteStore) -> None:
    store.write([document("a", tagger=OLD, version=7, timezone="Asia/Jayapura"), document("b", tagger=NEW, version=7)])
    seen: list[int] = []
    assert retag(store, Names(), [OLD], progress=seen.append) == Retagged(stored=1)
    changed = store.get([digest("a")])[digest("a")]
    assert (changed.version, changed.tagger) == (8, NEW)
    assert changed.organisations == ("Pemerintah Asia/Jayapura",)
    assert changed.places == ()
    assert store.get([digest("b")])[digest("b")].version == 7
    assert seen == [1]
    assert retag(store, Names(), [OLD]) == Retagged()


def test_a_run_that_is_cut_off_goes_on_where_it_stopped(store: SqliteStore) -> None:
    names = [f"artikel {number}" for number in range(7)]
    store.write([document(name, tagger=OLD) for name in names])

    def killed(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retag(store, Names(), [OLD], progress=killed, batch=3)
    assert store.taggers() == {OLD: 4, NEW: 3}
    assert retag(store, Names(), [OLD], batch=3) == Retagged(stored=4)
    assert all(one.version == 1_001 for one in store.scan())


def test_a_newer_observation_wins(store: SqliteStore) -> None:
    store.write([document("a", tagger=OLD, version=7)])

    class Busy(SqliteStore):
        def write(self, documents: Sequence[Document]) -> list[Outcome]:
            super().write([document("a", tagger=OLD, version=9_000, title="Baru")])
            return super().write(documents)

    busy = Busy(path=store._path)
    assert retag(busy, Names(), [OLD]) == Retagged(superseded=1)
    assert store.get([digest("a")])[digest("a")].title == "Baru"


def test_what_was_removed_stays_removed(store: SqliteStore) -> None:
    store.write([document(name, tagger=OLD) for name in ("a", "b", "c")])
    gone = {digest("a")}
    told: list[list[str]] = []

    def removed(ids: Sequence[str]) -> list[str]:
        told.append(list(ids))
        if len(told) == 2:  # while they were being tagged
            gone.add(digest("b"))
            store.delete(digest("b"))
        return [one for one in ids if one in gone]

    assert retag(store, Names(), [OLD], removed=removed) == Retagged(stored=2, removed=2)
    assert set(store.get([digest("b"), digest("c")])) == {digest("c")}
    assert store.get([digest("a")])[digest("a")].tagger == OLD  # its removal deletes it
