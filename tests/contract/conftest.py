"""The adapters each contract suite runs over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workers.index.sqlite import SqliteStore
from workers.ports import SearchStore


@pytest.fixture(params=["sqlite", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchStore]:
    """An empty search store that is set up. Elasticsearch's comes from the suite's own node."""
    if request.param == "elasticsearch":
        yield request.getfixturevalue("elasticsearch_store")
        return
    embedded = SqliteStore(path=tmp_path / "search.sqlite")
    embedded.setup()
    yield embedded
    embedded.close()
