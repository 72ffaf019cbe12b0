"""The adapters each contract suite runs over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.http_server import Network, Server
from workers.index.sqlite import SqliteStore
from workers.ports import SearchStore

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["sqlite", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchStore]:
    """An empty search store that is set up. Elasticsearch's comes from the suite's own node."""
    if request.param == "elasticsearch":
        yield request.getfixturevalue("elasticsearch_store")
        return
    embedded = SqliteStore(path=tmp_path / "search.sqlite", config_dir=PROJECT / "config")
    embedded.setup()
    yield embedded
    embedded.close()


@pytest.fixture
def network() -> Iterator[Network]:
    """The servers and clients of one test; all are closed after it."""
    with Network() as opened:
        yield opened


@pytest.fixture
def serve(network: Network) -> Callable[..., Server]:
    """Starts a server with the given answers."""
    return network.serve
