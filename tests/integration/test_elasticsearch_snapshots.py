"""A backup on a real node, and the way back from it that README describes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.contract.documents import document, report
from tests.contract.search_stores import fill, found, ids
from workers.cli.setup import setup
from workers.errors import Misuse
from workers.index import elasticsearch_snapshots as snapshots
from workers.index.elasticsearch import ElasticsearchStore

pytestmark = pytest.mark.elasticsearch


@pytest.fixture
def repository(elasticsearch_store: ElasticsearchStore) -> snapshots.Repository:
    nodes = elasticsearch_store.client.nodes.info(filter_path="nodes.*.settings.path.repo").body.get("nodes", {})
    if not nodes:
        pytest.skip("this Elasticsearch has no path.repo: it can keep no backup")
    (settings,) = nodes.values()
    place = settings["settings"]["path"]["repo"]
    place = place if isinstance(place, str) else place[0]
    return snapshots.Repository(elasticsearch_store.prefix, str(Path(place) / elasticsearch_store.prefix))


def test_what_was_lost_comes_back_from_a_snapshot(
    elasticsearch_store: ElasticsearchStore, repository: snapshots.Repository
) -> None:
    store, client = elasticsearch_store, elasticsearch_store.client
    for _ in range(2):  # may be repeated
        lines = snapshots.set_up(client, store.prefix, repository)
        assert f"repository {repository.name}" in lines[0]
    assert "no SLM" in lines[-1] or "policy" in lines[-1]
    fill(store, document("a"), document("b"))
    store.show_polls([report()])
    client.snapshot.create(
        repository=repository.name,
        snapshot="one",
        indices=f"{store.prefix}-*",
        include_global_state=False,
        wait_for_completion=True,
    )
    assert store.delete(document("a").id)
    for name in client.indices.get(index=f"{store.prefix}-*").body:
        client.indices.delete(index=name)
    assert store.check()
    client.snapshot.restore(
        repository=repository.name,
        snapshot="one",
        indices=f"{store.prefix}-*",
        include_global_state=False,
        wait_for_completion=True,
    )
    assert store.check() == []  # templates, aliases and mappings as they were
    assert sorted(found(store, "jembatan")) == sorted(ids("a", "b"))
    fill(store, document("c"))
    store.show_polls([report()])
    client.snapshot.delete(repository=repository.name, snapshot="one")
    client.snapshot.delete_repository(name=repository.name)


def test_a_repository_that_is_not_there_is_misuse(elasticsearch_store: ElasticsearchStore) -> None:
    with pytest.raises(Misuse, match="KABAR_SNAPSHOT_LOCATION"):
        snapshots.set_up(elasticsearch_store.client, elasticsearch_store.prefix, snapshots.Repository("nowhere"))


@pytest.mark.parametrize("location", ["", "/proc/nowhere"])
def test_backups_that_can_not_be_arranged_keep_no_article_waiting(
    elasticsearch_url: str,
    elasticsearch_store: ElasticsearchStore,
    monkeypatch: pytest.MonkeyPatch,
    location: str,
) -> None:
    settings = {
        "SEARCH_URL": elasticsearch_url,
        "SEARCH_SECURITY": "off",
        "INDEX_PREFIX": elasticsearch_store.prefix,
        "SNAPSHOT_REPOSITORY": "nowhere",
        "SNAPSHOT_LOCATION": location,
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"KABAR_{name}", value)
    done = CliRunner().invoke(setup, ["search", "--wait", "0"], catch_exceptions=False, standalone_mode=False)
    assert "up to date" in done.stdout
    assert "snapshots: NOT set up: " in done.stdout
