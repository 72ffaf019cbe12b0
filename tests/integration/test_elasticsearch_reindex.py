"""A rebuild behind the alias on a real node: nothing lost, nothing doubled, nothing brought back."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path

import pytest

from tests.contract.documents import document, version
from workers.errors import KabarError, StoreUnavailable
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.reindex import Progress, reindex
from workers.model import Document, Query, digest

pytestmark = pytest.mark.elasticsearch


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


def test_a_half_built_index_is_reported_and_discarded_on_demand(elasticsearch_store: ElasticsearchStore) -> None:
    store = elasticsearch_store
    filled(store, 2)
    half = f"{store.alias}-000002"
    store.client.indices.create(index=half, mappings={"_meta": {"kabar_building": True}})
    with pytest.raises(KabarError, match=r"half built.*--restart"):
        reindex(store)
    assert half in indices(store)
    assert reindex(store, restart=True).new == half
    assert store.count() == 2


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


def test_versions_outlive_a_reindex_of_the_articles(elasticsearch_store: ElasticsearchStore) -> None:
    elasticsearch_store.write([document("a")])
    elasticsearch_store.write_versions([version("a")])
    reindex(elasticsearch_store)
    assert elasticsearch_store.history(digest("a")) == [version("a")]
    assert elasticsearch_store.delete(digest("a")) is True
    assert elasticsearch_store.history(digest("a")) == []
