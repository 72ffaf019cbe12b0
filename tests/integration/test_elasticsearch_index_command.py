"""`kabar index` as an operator runs it, on a real node and on the embedded store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.contract.documents import document
from workers.cli.index import index
from workers.errors import Misuse, StoreUnavailable
from workers.index.elasticsearch import ElasticsearchStore


def run(*arguments: str) -> str:
    result = CliRunner().invoke(index, arguments, catch_exceptions=False, standalone_mode=False)
    return result.stdout


@pytest.fixture
def cluster(
    elasticsearch_url: str, elasticsearch_store: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch
) -> ElasticsearchStore:
    """The settings name the store's cluster and prefix."""
    monkeypatch.setenv("KABAR_SEARCH_URL", elasticsearch_url)
    monkeypatch.setenv("KABAR_INDEX_PREFIX", elasticsearch_store.prefix)
    return elasticsearch_store


@pytest.mark.elasticsearch
def test_init_figures_and_rebuild(cluster: ElasticsearchStore) -> None:
    names = [f"{cluster.prefix}-{name}" for name in ("articles", "dead-letters", "versions")]
    assert run("init") == "".join(f"index {name}-000001 behind {name}: up to date\n" for name in names)
    cluster.write([document("a"), document("b")])
    cluster.refresh()
    assert json.loads(run("stats", "--json"))["documents"] == 2
    shown = run("reindex")
    assert "copy: 2 documents" in shown
    assert f"{cluster.alias} now stands for {cluster.alias}-000002: 2 documents" in shown
    assert f"{cluster.alias}-000001 is kept" in shown
    done = json.loads(run("reindex", "--json"))
    assert (done["old"], done["new"], done["documents"]) == (f"{cluster.alias}-000002", f"{cluster.alias}-000003", 2)
    assert f"index      {cluster.alias}-000003\n" in run("stats")


def test_on_the_embedded_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_DATA_DIR", str(tmp_path))
    run("init")
    assert json.loads(run("stats", "--json"))["documents"] == 0
    with pytest.raises(Misuse, match="needs Elasticsearch"):
        run("reindex")


def test_without_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_SEARCH_URL", "http://127.0.0.1:9")
    for command in ("init", "stats", "reindex"):
        with pytest.raises(StoreUnavailable):
            run(command)
