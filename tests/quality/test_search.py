"""Floors under the search: ranking by judged queries, and how far the two stores agree.

`python -m tests.quality.test_search [ELASTICSEARCH_URL]` prints the figures and each query that is not answered best.
"""

from __future__ import annotations

import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import pytest

from tests.quality.search_cases import Judged, Measured, documents, judged, measure
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.sqlite import SqliteStore
from workers.ports import SearchStore

CONFIG = Path(__file__).resolve().parents[2] / "config"
CASES = judged()


def embedded(folder: Path) -> SqliteStore:
    """Return a filled embedded store."""
    store = SqliteStore(path=folder / "search.sqlite", config_dir=CONFIG)
    _fill(store)
    return store


def _fill(store: SearchStore) -> None:
    assert {outcome.result for outcome in store.write(documents())} == {"stored"}
    store.refresh()


@pytest.fixture(scope="module")
def answers_embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measured]:
    store = embedded(tmp_path_factory.mktemp("search"))
    yield measure(store, CASES)
    store.close()


@pytest.fixture
def answers_elasticsearch(elasticsearch_store: ElasticsearchStore) -> Measured:
    _fill(elasticsearch_store)
    return measure(elasticsearch_store, CASES)


def figures(measured: Measured) -> tuple[float, float]:
    """Return nDCG@10 and success@1 over all judged queries."""
    return fmean(map(measured.gain, CASES)), fmean(map(measured.first, CASES))


def unequal(one: Measured, other: Measured) -> list[Judged]:
    """Return the queries for which two stores find different sets of articles."""
    return [case for case in CASES if set(one.answers[case.query]) != set(other.answers[case.query])]


# Found by one store only: Lucene's Indonesian stemmer is Tala's of 2003, Snowball's has been mended since. What that
# changes is made up for by `workers.index.affixes`.
DIFFERENT: set[str] = set()


def test_there_are_enough_queries_and_each_has_an_answer() -> None:
    assert len(CASES) >= 100
    assert len({case.query for case in CASES}) == len(CASES)
    assert all(case.grades for case in CASES)


def test_the_embedded_store_ranks_well(answers_embedded: Measured) -> None:
    gain, first = figures(answers_embedded)
    assert gain >= 0.96
    assert first >= 0.95


@pytest.mark.elasticsearch
def test_elasticsearch_ranks_well_and_finds_the_same(
    answers_embedded: Measured, answers_elasticsearch: Measured
) -> None:
    gain, first = figures(answers_elasticsearch)
    assert gain >= 0.96
    assert first >= 0.95
    different = {case.query for case in unequal(answers_embedded, answers_elasticsearch)}
    assert different <= DIFFERENT
    assert len(DIFFERENT) <= 0.05 * len(CASES)


def test_a_ranking_in_the_wrong_order_is_worth_less() -> None:
    case = Judged("x", {"best": 2, "also": 1})
    right, wrong, nothing = (Measured({"x": answer}) for answer in (["best", "also"], ["also", "other", "best"], []))
    assert (right.gain(case), right.first(case)) == (1.0, True)
    assert 0.7 < wrong.gain(case) < 0.8
    assert not wrong.first(case)
    assert (nothing.gain(case), nothing.first(case)) == (0.0, False)


def main(arguments: list[str]) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        stores: list[SearchStore] = [embedded(Path(folder))]
        if arguments:
            prefix = f"quality{uuid.uuid4().hex[:8]}"
            other = ElasticsearchStore(url=arguments[0], index_prefix=prefix, config_dir=CONFIG)
            other.setup()
            _fill(other)
            stores.append(other)
        all_measured = [measure(store, CASES) for store in stores]
    for store, measured in zip(stores, all_measured, strict=True):
        gain, first = figures(measured)
        print(f"{store.name}: {len(CASES)} queries, nDCG@10 {gain:.3f}, success@1 {first:.3f}")
        for case in CASES:
            if measured.gain(case) < 0.999 or not measured.first(case):
                print(f"  {measured.gain(case):.2f} {case.query!r}: {measured.answers[case.query][:5]}")
    if len(all_measured) == 2:
        for case in unequal(*all_measured):
            print("not equal:", case.query, [m.answers[case.query] for m in all_measured])


if __name__ == "__main__":
    main(sys.argv[1:])
