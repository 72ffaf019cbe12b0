"""Floors under the speed of search, see `tests.bench.bench_search`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bench.bench_search import AIM, of_elasticsearch, of_sqlite
from tests.conftest import unavailable
from tests.elasticsearch_node import node

FEW, ALL = 1_500, 100_000


def test_search_in_a_small_store_stays_near_the_plain_query(tmp_path: Path) -> None:
    measured = of_sqlite(tmp_path, FEW, 2)
    # with few articles, reading the query and cutting passages take longer than finding
    assert measured["kinds"]["frequent"]["kabar"] <= 5 * measured["kinds"]["frequent"]["counted"]


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_search_in_the_embedded_store(tmp_path: Path) -> None:
    hold(of_sqlite(tmp_path, ALL, 5))


@pytest.mark.slow
@pytest.mark.elasticsearch
@pytest.mark.timeout(3_600)
def test_search_in_elasticsearch(tmp_path: Path) -> None:
    try:
        running = node.start(tmp_path / "node", in_operation=True)
    except node.MissingTool as error:
        unavailable(str(error))
    try:
        hold(of_elasticsearch(running.url, ALL, 5))
    finally:
        running.stop()


def hold(measured: dict[str, Any]) -> None:
    """Hold the aim against the plain query that finds ten articles and cuts passages; Kabar also tells the total."""
    assert measured["ratio"] <= AIM
