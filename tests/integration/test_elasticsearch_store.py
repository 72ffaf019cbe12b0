"""What only Elasticsearch does: mapping errors, body limits, aliases, template drift; on a real node."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.contract.documents import NOON, article, document
from tests.elasticsearch_node import node
from workers.errors import KabarError, StoreUnavailable
from workers.index.derived import DERIVED
from workers.index.elasticsearch import ElasticsearchStore
from workers.model import Document, DocumentEntity, GeoPoint, Query, digest

pytestmark = pytest.mark.elasticsearch
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the configuration that a test may change."""
    shutil.copytree(PROJECT / "config" / "elasticsearch", tmp_path / "config" / "elasticsearch")
    return tmp_path / "config"


@pytest.fixture
def bare(elasticsearch_url: str, elasticsearch_store: ElasticsearchStore) -> Iterator[ElasticsearchStore]:
    """A store whose cluster was never set up for it."""
    store = ElasticsearchStore(
        url=elasticsearch_url, index_prefix=f"{elasticsearch_store.prefix}x", config_dir=PROJECT / "config"
    )
    yield store
    for name in store.client.indices.get(index=f"{store.prefix}-*").body:
        store.client.indices.delete(index=name)
    for template in store.templates().values():
        store.client.options(ignore_status=404).indices.delete_index_template(name=template.name)
    store.close()


def change(config: Path, **properties: Any) -> None:
    """Give fields of the articles' template another mapping."""
    file = config / "elasticsearch" / "articles.json"
    template = json.loads(file.read_text())
    template["template"]["mappings"]["properties"].update(properties)
    file.write_text(json.dumps(template))


# --- writing


def test_what_the_mapping_refuses_is_rejected_and_the_rest_stored(elasticsearch_store: ElasticsearchStore) -> None:
    bad = document("b", places_at=(GeoPoint(200.0, 0.0),))
    outcomes = elasticsearch_store.write([document("a"), bad, document("c")])
    assert [o.result for o in outcomes] == ["stored", "rejected", "stored"]
    assert outcomes[1].reason == "document_parsing_exception"
    assert "illegal latitude value [200.0]" in outcomes[1].error


def test_huge_and_odd_values_are_stored(elasticsearch_store: ElasticsearchStore) -> None:
    entity = DocumentEntity(name="n" * 40_000, type="PERSON", count=1, score=0.5, mentions=())
    odd = document(
        "odd",
        urls=("https://berita.test/" + "u" * 40_000, "https://berita.test/odd"),
        site="s" * 40_000,
        people=("p" * 40_000,),
        title="t" * 40_000,
        body="kata " * 300_000,
        entities=(entity,),
        image="i" * 40_000,
        published_at=NOON.replace(year=9999),
    )
    assert [(o.result, o.error) for o in elasticsearch_store.write([odd])] == [("stored", "")]
    elasticsearch_store.refresh()
    assert elasticsearch_store.get([odd.id])[odd.id].body == odd.body
    (hit,) = elasticsearch_store.search(Query(text="kata")).hits  # longer than what is highlighted at most
    assert "«kata»" in hit.snippet


def test_a_batch_over_the_clusters_body_limit_is_halved(
    elasticsearch_url: str, elasticsearch_store: ElasticsearchStore
) -> None:
    """The suite's node takes 12 MB; another cluster's own limit may be higher, and then nothing is halved."""
    store = ElasticsearchStore(
        url=elasticsearch_url,
        index_prefix=elasticsearch_store.prefix,
        config_dir=PROJECT / "config",
        bulk_bytes=100_000_000,
    )
    megabyte = "kata panjang " * 80_000
    outcomes = store.write([article(f"n{i}", megabyte) for i in range(16)])
    assert [o.result for o in outcomes] == ["stored"] * 16
    store.close()


def test_one_document_over_the_limit_is_rejected_as_too_large(
    elasticsearch_url: str, elasticsearch_store: ElasticsearchStore
) -> None:
    if (
        elasticsearch_store.client.nodes.info(metric="settings")
        .body["nodes"]
        .popitem()[1]["settings"]
        .get("http", {})
        .get("max_content_length")
        != "12mb"
    ):
        pytest.skip("the given cluster has another body limit")
    outcomes = elasticsearch_store.write([document("a"), article("b", "kata " * 3_000_000), document("c")])
    assert [(o.result, o.reason) for o in outcomes] == [("stored", ""), ("rejected", "too_large"), ("stored", "")]


def test_threads_share_a_store(elasticsearch_store: ElasticsearchStore) -> None:
    results: list[str] = []

    def write(number: int) -> None:
        results.extend(o.result for o in elasticsearch_store.write([document(f"t{number}-{i}") for i in range(10)]))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elasticsearch_store.refresh()
    assert results == ["stored"] * 60
    assert elasticsearch_store.count() == 60


def test_a_stored_document_of_another_shape_counts_as_absent(elasticsearch_store: ElasticsearchStore) -> None:
    client = elasticsearch_store.client
    client.index(index=elasticsearch_store.alias, id=digest("a"), document={"id": digest("a"), "title": "Lama"})
    assert elasticsearch_store.get([digest("a")]) == {}


def test_every_field_of_a_document_is_mapped(elasticsearch_store: ElasticsearchStore) -> None:
    mapped = elasticsearch_store.templates()["articles"].mappings["properties"]
    fields = {field.encode_name for field in msgspec.structs.fields(Document)}
    assert set(mapped) == fields | set(DERIVED)


# --- without an alias


@pytest.mark.parametrize("call", [
    lambda store: store.write([document()]), lambda store: store.get([digest("satu")]), lambda store: store.count(),
    lambda store: store.find(["https://berita.test/satu"]), lambda store: store.delete(digest("satu")),
    lambda store: store.search(Query(text="kata")), lambda store: store.refresh(), lambda store: store.stats(),
], ids=["write", "get", "count", "find", "delete", "search", "refresh", "stats"])  # fmt: skip
def test_nothing_is_created_by_using_it(bare: ElasticsearchStore, call: Any) -> None:
    with pytest.raises(StoreUnavailable, match="kabar index init"):
        call(bare)
    assert bare.client.indices.get(index=f"{bare.prefix}-*").body == {}
    assert any("is missing" in line for line in bare.check())


def test_setup_tells_what_it_did(bare: ElasticsearchStore) -> None:
    names = [f"{bare.prefix}-{name}" for name in ("articles", "dead-letters", "versions")]
    events = f"{bare.prefix}-feed-events"
    done = [line.split(":")[0] for line in bare.setup()]
    assert sorted(done[:4]) == sorted(f"template {name}" for name in (*names, events))
    assert done[4:-1] == [f"index {name}-000001" for name in names]
    assert re.fullmatch(rf"index {events}-\d{{4}}\.\d\d\.\d\d", done[-1])
    assert bare.setup() == [f"index {name}-000001 behind {name}: up to date" for name in names]
    assert bare.check() == []


def test_a_lost_alias_is_put_back_on_the_newest_index(elasticsearch_store: ElasticsearchStore) -> None:
    store = elasticsearch_store
    store.write([document()])
    store.client.indices.delete_alias(index=f"{store.alias}-000001", name=store.alias)
    assert store.setup() == [f"alias {store.alias}: put back on {store.alias}-000001"]
    assert list(store.get([digest("satu")])) == [digest("satu")]


def test_an_index_in_the_alias_place_is_told(bare: ElasticsearchStore) -> None:
    bare.client.index(index=bare.alias, document={"title": "siapa yang menulis ini"})
    with pytest.raises(KabarError, match=f"an index is named {bare.alias}"):
        bare.setup()
    assert any(f"an index is named {bare.alias}" in line for line in bare.check())
    with pytest.raises(StoreUnavailable):
        bare.write([document()])


# --- a cluster that can't do all


def test_a_filter_that_the_cluster_does_not_know_is_left_out_and_told(
    bare: ElasticsearchStore, config: Path, elasticsearch_url: str
) -> None:
    file = config / "elasticsearch" / "articles.json"
    template = json.loads(file.read_text())
    analysis = template["template"]["settings"]["analysis"]
    analysis["filter"] |= {
        "english_stem": {"type": "stemmer", "language": "klingon"},
        "odd": {"type": "no_such_filter"},
    }
    analysis["analyzer"]["indonesian_searched"]["filter"].insert(2, "odd")
    file.write_text(json.dumps(template))
    store = ElasticsearchStore(url=elasticsearch_url, index_prefix=bare.prefix, config_dir=config)
    assert any("without english_stem, odd, which this cluster does not know" in line for line in store.setup())
    assert store.check() == []
    assert not any(" written" in line for line in store.setup())  # it has what it can take
    store.write([article("a", "Polri menangkap pencuri. Children ran."), article("b", "Lain.")])
    store.refresh()
    for words in ("Polri", "Kepolisian Negara Republik Indonesia", "children"):
        assert [hit.id for hit in store.search(Query(text=words)).hits] == [digest("a")], words
    store.close()


# --- drift


def test_a_new_field_is_added_and_reported_until_the_reindex(
    elasticsearch_store: ElasticsearchStore, config: Path, elasticsearch_url: str
) -> None:
    change(config, mood={"type": "keyword"})
    store = ElasticsearchStore(url=elasticsearch_url, index_prefix=elasticsearch_store.prefix, config_dir=config)
    assert [line.split(" differs")[0].split(" was built")[0] for line in store.check()] == [
        f"template {store.alias}",
        f"index {store.alias}-000001",
    ]
    assert any("new fields added" in line for line in store.setup())
    live = store.client.indices.get_mapping(index=store.alias).body[f"{store.alias}-000001"]["mappings"]
    assert live["properties"]["mood"] == {"type": "keyword"}
    assert [line for line in store.check() if "reindex" in line]
    store.close()


def test_a_changed_field_needs_a_reindex(
    elasticsearch_store: ElasticsearchStore, config: Path, elasticsearch_url: str
) -> None:
    change(config, word_count={"type": "keyword"})
    store = ElasticsearchStore(url=elasticsearch_url, index_prefix=elasticsearch_store.prefix, config_dir=config)
    assert any("can't be changed in place" in line for line in store.setup())
    assert any("word_count" in line and "reindex" in line for line in store.check())
    store.close()


def test_a_template_changed_by_hand_is_told_and_mended(elasticsearch_store: ElasticsearchStore) -> None:
    store = elasticsearch_store
    body = json.loads(json.dumps(store.templates()["articles"].body))
    del body["template"]["mappings"]["properties"]["people"]
    store.client.indices.put_index_template(name=store.alias, **body)
    assert any("properties.people" in line for line in store.check())
    store.setup()
    assert store.check() == []


def test_a_missing_configuration_is_a_line_of_check(elasticsearch_url: str, tmp_path: Path) -> None:
    store = ElasticsearchStore(url=elasticsearch_url, index_prefix="nothing", config_dir=tmp_path)
    assert any("articles.json is missing" in line for line in store.check())
    store.close()


# --- search


def test_words_of_the_lead_repeated_in_the_body_are_shown_once(elasticsearch_store: ElasticsearchStore) -> None:
    lead = "Gubernur meninjau jembatan di Pekanbaru."
    elasticsearch_store.write([article("a", f"{lead}\n\nLain.", lead=lead)])
    elasticsearch_store.refresh()
    (hit,) = elasticsearch_store.search(Query(text="jembatan")).hits
    assert hit.snippet.count("«jembatan»") == 1


def test_sub_millisecond_bounds_do_not_lose_the_document(elasticsearch_store: ElasticsearchStore) -> None:
    time = NOON + timedelta(microseconds=1_999)
    elasticsearch_store.write([document(published_at=time)])
    elasticsearch_store.refresh()
    assert elasticsearch_store.search(Query(published_from=time)).total == 1


# --- a cluster that dies


@pytest.mark.timeout(400)  # it starts a node twice, and each may take a minute beside other work
def test_a_killed_node_is_unavailable_and_comes_back_whole(
    tmp_path: Path, elasticsearch_store: ElasticsearchStore
) -> None:
    """Depends on the shared store only so that a machine without Elasticsearch skips, too."""
    running = node.start(tmp_path / "node", heap="256m")
    store = ElasticsearchStore(url=running.url, index_prefix="kabar", config_dir=PROJECT / "config", request_timeout=60)
    store.setup()
    assert [o.result for o in store.write([document("a")])] == ["stored"]
    running.kill()
    with pytest.raises(StoreUnavailable) as caught:
        store.write([document("b")])
    assert caught.value.reason == "connect"
    assert len(store.check()) == 1
    again = node.start(tmp_path / "node", port=int(running.url.rsplit(":", 1)[1]), heap="256m")
    try:
        store.client.cluster.health(wait_for_status="yellow", timeout="50s")
        assert list(store.get([digest("a")])) == [digest("a")]
        assert [o.result for o in store.write([document("b")])] == ["stored"]
    finally:
        store.close()
        again.stop()
