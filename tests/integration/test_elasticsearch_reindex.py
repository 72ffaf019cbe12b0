"""A rebuild behind the alias on a real node: nothing lost, nothing doubled, nothing brought back."""

from __future__ import annotations

import json
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.contract.documents import article, document, version
from workers.errors import KabarError, StoreUnavailable
from workers.index import reindex_copy, reindex_mark, reindex_start
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.elasticsearch_setup import next_index
from workers.index.reindex import Progress, Rebuilt, _Rebuild, reindex
from workers.index.reindex_copy import Copier, pages
from workers.model import Document, Query, digest

pytestmark = pytest.mark.elasticsearch


def test_pages_that_are_too_much_for_the_node_are_read_in_parts(
    elasticsearch_store: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(elasticsearch_store, 60)
    sizes: list[int] = []

    def narrow(client: Any, index: str, query: Any, size: int, *, sort: str, source: bool) -> Any:
        sizes.append(size)
        if source and size > 20:
            raise StoreUnavailable("circuit_breaking_exception", reason="http_429")
        return pages(client, index, query, size, sort=sort, source=source)

    monkeypatch.setattr(reindex_copy, "pages", narrow)
    assert reindex(elasticsearch_store, pause=lambda _: None).documents == 60
    assert sizes[:3] == [200, 50, 12]


def filled(store: ElasticsearchStore, count: int) -> list[Document]:
    documents = [document(f"n{i}") for i in range(count)]
    assert {o.result for o in store.write(documents)} == {"stored"}
    store.refresh()
    return documents


def indices(store: ElasticsearchStore) -> dict[str, list[str]]:
    """Return the indices of articles that exist, with the aliases of each."""
    found = store.client.indices.get(index=f"{store.alias}-*").body
    return {name: sorted(one["aliases"]) for name, one in found.items()}


def test_a_rebuild_keeps_every_document(elasticsearch_store: ElasticsearchStore) -> None:
    store = elasticsearch_store
    documents = filled(store, 450)  # more than two pages
    before = store.get([d.id for d in documents])
    done = reindex(store)
    assert (done.old, done.new, done.documents) == (f"{store.alias}-000001", f"{store.alias}-000002", 450)
    assert indices(store) == {done.old: [], done.new: [store.alias]}
    assert store.get([d.id for d in documents]) == before
    assert store.search(Query(text="jembatan")).total == 450
    assert store.check() == []
    assert [o.result for o in store.write([document("n0", version=999), document("n1", version=1001)])] == [
        "superseded",
        "stored",
    ]
    assert reindex(store).new == f"{store.alias}-000003"


@pytest.mark.parametrize(
    ("text", "language", "searched"),
    [("The libraries reopened.", "en-GB", "library"), ("Polisi menangkap pencuri.", "id", "tangkap")],
)
def test_what_was_stored_without_the_derived_fields_is_found_afterwards(
    elasticsearch_store: ElasticsearchStore, text: str, language: str, searched: str
) -> None:
    store = elasticsearch_store
    older = json.loads(msgspec.json.encode(article("old", text, language=language)))
    store.client.index(index=store.alias, id=older["id"], document=older, version=5, version_type="external_gte")
    store.write([article("new", text, language=language)])
    store.refresh()
    assert [hit.id for hit in store.search(Query(text=searched)).hits] == [digest("new")]
    reindex(store)
    assert {hit.id for hit in store.search(Query(text=searched)).hits} == {digest("old"), digest("new")}
    assert store.get([digest("old")])[digest("old")].version == older["version"]


def test_writes_changes_and_deletions_meanwhile_are_kept(elasticsearch_store: ElasticsearchStore) -> None:
    store = elasticsearch_store
    filled(store, 450)
    seen: list[str] = []

    def meddle(step: Progress) -> None:
        if step.stage == "copy" and not seen:  # after the first page of the copy
            store.write([document("n3", version=2_000, title="Diubah"), document("baru")])
            assert store.delete(digest("n0"))
        seen.append(step.stage)

    done = reindex(store, progress=meddle)
    assert done.documents == 450  # one gone, one new
    assert store.count() == 450
    assert store.get([digest("n0")]) == {}
    assert store.get([digest("n3")])[digest("n3")].title == "Diubah"
    assert store.get([digest("baru")])
    assert "compare" in seen


def test_searches_and_writes_go_on_all_the_time(elasticsearch_store: ElasticsearchStore) -> None:
    store = elasticsearch_store
    filled(store, 400)
    stop, totals, written = threading.Event(), [], []

    def search() -> None:
        while not stop.is_set():
            totals.append(store.search(Query(limit=0)).total)
            stop.wait(0.02)

    def write() -> None:
        number = 0
        while not stop.is_set():
            one = document(f"langsung{number}")
            try:
                (outcome,) = store.write([one])
            except StoreUnavailable:
                continue  # blocked for a moment: the pipeline tries again, so do we
            if outcome.result == "stored":
                written.append(one.id)
                number += 1
            stop.wait(0.01)

    threads = [threading.Thread(target=search), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    try:
        reindex(store)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    store.refresh()
    assert min(totals) >= 400
    assert set(store.get(written)) == set(written)
    assert store.count() == 400 + len(written)


def test_a_failed_rebuild_leaves_all_as_it_was(
    elasticsearch_store: ElasticsearchStore, tmp_path: Path, elasticsearch_url: str
) -> None:
    store = elasticsearch_store
    filled(store, 3)
    config = tmp_path / "config"
    shutil.copytree(Path(__file__).parents[2] / "config" / "elasticsearch", config / "elasticsearch")
    file = config / "elasticsearch" / "articles.json"
    template = json.loads(file.read_text())
    template["template"]["mappings"]["properties"]["title"] = {"type": "integer"}  # no title is one
    file.write_text(json.dumps(template))
    changed = ElasticsearchStore(url=elasticsearch_url, index_prefix=store.prefix, config_dir=config)
    with pytest.raises(KabarError, match="does not fit the new index"):
        reindex(changed)
    changed.close()
    assert indices(store) == {f"{store.alias}-000001": [store.alias]}
    assert [o.result for o in store.write([document("lagi")])] == ["stored"]


def test_an_interrupted_rebuild_waits_to_be_gone_on_with(elasticsearch_store: ElasticsearchStore) -> None:
    store = elasticsearch_store
    filled(store, 3)

    def interrupt(step: Progress) -> None:
        if step.stage == "finish":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindex(store, progress=interrupt)
    assert [o.result for o in store.write([document("lagi")])] == ["stored"]  # writes are allowed
    assert any("was cut off: run `kabar index reindex` once more" in line for line in store.check())
    done = reindex(store, pause=lambda _: None)
    assert (done.documents, done.resumed) == (4, True)
    assert store.check() == []


class Killed(BaseException):
    """Stands for the end of the process: nothing may be tidied up."""


def cut_off(store: ElasticsearchStore, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a rebuild that ends like a killed one as soon as it comes to `stage`."""

    def die(step: Progress) -> None:
        if step.stage == stage:
            raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(_Rebuild, "undo", lambda _: None)
        reindex(store, progress=die)


@pytest.mark.parametrize("stage", ["copy", "catch up", "compare", "finish"])
def test_a_rebuild_that_was_cut_off_is_gone_on_with(
    elasticsearch_store: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    store = elasticsearch_store
    filled(store, 450)
    cut_off(store, stage, monkeypatch)
    assert store.search(Query(limit=0)).total == 450
    store.setup()  # lifts the block, if it came that far
    store.write([document("n3", version=2_000, title="Diubah"), document("baru")])
    assert store.delete(digest("n0"))
    done = reindex(store, pause=lambda _: None)
    assert (done.new, done.documents, done.resumed) == (f"{store.alias}-000002", 450, True)
    assert store.get([digest("n3")])[digest("n3")].title == "Diubah"
    assert set(store.get([digest("n0"), digest("baru")])) == {digest("baru")}
    assert store.check() == []


def test_a_rebuild_that_was_cut_off_after_its_swap_is_finished(
    elasticsearch_store: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = elasticsearch_store
    filled(store, 3)

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(_Rebuild, "finish", die)
        patched.setattr(_Rebuild, "undo", lambda _: None)
        reindex(store)
    assert store.count() == 3
    assert any("run `kabar index reindex` once more" in line for line in store.check())
    done = reindex(store, pause=lambda _: None)
    assert (done.old, done.new, done.documents) == (f"{store.alias}-000001", f"{store.alias}-000002", 3)
    assert store.check() == []
    assert reindex(store).new == f"{store.alias}-000003"


def test_what_was_cut_off_is_discarded_when_it_is_of_no_use(
    elasticsearch_store: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = elasticsearch_store
    filled(store, 3)
    cut_off(store, "catch up", monkeypatch)
    assert not reindex(store, restart=True, pause=lambda _: None).resumed  # on demand
    cut_off(store, "catch up", monkeypatch)
    half = f"{store.alias}-000003"
    meta = store.client.indices.get_mapping(index=half).body[half]["mappings"]["_meta"]
    meta["kabar_building"]["source"] = "of an index that was replaced by a restore"
    store.client.indices.put_mapping(index=half, meta=meta)
    done = reindex(store, pause=lambda _: None)
    assert (done.new, done.documents, done.resumed) == (half, 3, False)


def test_one_rebuild_at_a_time(elasticsearch_store: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store = elasticsearch_store
    filled(store, 3)
    monkeypatch.setattr(reindex_mark, "BEAT", 0.05)
    second: list[str] = []

    def meddle(step: Progress) -> None:
        if step.stage == "catch up" and not second:
            with pytest.raises(KabarError, match="another run is filling") as error:
                reindex(store, pause=lambda _: time.sleep(1))
            second.append(str(error.value))

    assert reindex(store, progress=meddle).new == f"{store.alias}-000002"
    assert second


def test_of_two_that_start_in_the_same_moment_one_says_so(
    elasticsearch_store: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = elasticsearch_store
    filled(store, 3)

    def meanwhile(name: str) -> str:
        store.client.indices.create(index=(following := next_index(name)))
        return following

    monkeypatch.setattr(reindex_start, "next_index", meanwhile)
    with pytest.raises(KabarError, match=f"another run is filling the index {store.alias}-000002"):
        reindex(store)
    assert store.count() == 3


def test_a_full_disk_is_told(elasticsearch_store: ElasticsearchStore) -> None:
    store = elasticsearch_store
    filled(store, 3)
    new = f"{store.alias}-000002"

    def fill_up(_: Progress) -> None:  # what a cluster does by itself when its disk is nearly full
        store.client.indices.put_settings(index=new, settings={"index.blocks.read_only_allow_delete": True})

    class Full:
        keep = staticmethod(lambda _: [])

        def fill(self, write: Any, place: str, note: Any) -> None:
            fill_up(Progress("read", 0, 1))
            write([document("x")])

    with pytest.raises(StoreUnavailable, match=r"disk usage exceeded.*goes on where it was"):
        reindex(store, pause=lambda _: None, source=Full())
    assert store.count() == 3
    assert [o.result for o in store.write([document("lagi")])] == ["stored"]


def test_a_run_that_was_taken_over_ends_and_harms_nothing(
    elasticsearch_store: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = elasticsearch_store
    filled(store, 3)
    other: list[Rebuilt] = []

    def sleep_long(step: Progress) -> None:
        if step.stage == "compare" and not other:  # this run's thread has not beaten once: the other takes it for dead
            other.append(reindex(store, pause=lambda _: None))

    with pytest.raises(KabarError, match="taken over"):
        reindex(store, progress=sleep_long)
    assert indices(store)[other[0].new] == [store.alias]
    assert store.count() == 3
    assert [o.result for o in store.write([document("lagi")])] == ["stored"]


def test_a_node_that_does_not_answer_for_a_moment_costs_time_only(
    elasticsearch_store: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = elasticsearch_store
    filled(store, 450)
    waited: list[float] = []
    checkpoint = Copier._checkpoint

    def away(copier: Copier) -> int:
        if len(waited) < 3:
            raise StoreUnavailable("no answer", reason="connect")
        return checkpoint(copier)

    monkeypatch.setattr(Copier, "_checkpoint", away)
    assert reindex(store, pause=waited.append).documents == 450
    assert len(waited) == 3


def test_a_block_left_by_a_killed_rebuild_is_told_and_lifted(elasticsearch_store: ElasticsearchStore) -> None:
    store = elasticsearch_store
    store.client.indices.add_block(index=f"{store.alias}-000001", block="write")
    assert [(o.result, o.reason) for o in store.write([document()])] == [("failed", "cluster_block_exception")]
    assert any("writes are blocked" in line for line in store.check())
    assert any("allowed again" in line for line in store.setup())
    assert [o.result for o in store.write([document()])] == ["stored"]


def test_an_article_removed_after_a_reindex_leaves_the_old_index_too(elasticsearch_store: ElasticsearchStore) -> None:
    store = elasticsearch_store
    store.write([document("a"), document("b")])
    done = reindex(store)
    assert store.delete(digest("a")) is True
    assert store.purge(digest("a")) == []
    old = store.client.mget(index=done.old, ids=[digest("a"), digest("b")]).body["docs"]
    assert [one["found"] for one in old] == [False, True]
    settings = store.client.indices.get_settings(index=done.old).body[done.old]["settings"]["index"]
    assert settings["blocks"]["write"] == "true"  # as it was
    assert store.purge(digest("none")) == []


def test_the_way_back(elasticsearch_store: ElasticsearchStore) -> None:
    store = elasticsearch_store
    filled(store, 2)
    done = reindex(store)
    actions = [
        {"remove": {"index": done.new, "alias": store.alias}},
        {"add": {"index": done.old, "alias": store.alias, "is_write_index": True}},
    ]
    store.client.indices.update_aliases(actions=actions)
    store.setup()
    assert [o.result for o in store.write([document("lagi")])] == ["stored"]
    assert store.check() == []
    assert reindex(store).documents == 3


def test_versions_outlive_a_reindex_of_the_articles(elasticsearch_store: ElasticsearchStore) -> None:
    elasticsearch_store.write([document("a")])
    elasticsearch_store.write_versions([version("a")])
    reindex(elasticsearch_store)
    assert elasticsearch_store.history(digest("a")) == [version("a")]
    assert elasticsearch_store.delete(digest("a")) is True
    assert elasticsearch_store.history(digest("a")) == []
