"""What Kabar's search adds to the store's own: medians of both, side by side, in a warm process.

    python -m tests.bench.bench_search [--documents N] [--rounds R] [--elasticsearch URL] [--folder FOLDER]

A year of news (`tests.bench.news`) is stored, then each search of `tests.bench.search_ways` is asked R times: of Kabar
(query language, other names, recency, copies, exact total, snippets, cursor) and as one would ask by hand.
Prints medians by kind of search, and one JSON object. Only ratios mean much: `ratio` is Kabar to `plain`, which finds
ten articles and cuts passages; `counted` also tells how many there are, as Kabar does.

With FOLDER the stores are kept there (and under the index prefix `bench`) and used again.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.news import news
from tests.bench.search_ways import Ask, Asked, PlainElasticsearch, PlainSqlite, searches
from workers.errors import StoreUnavailable
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.sqlite import SqliteStore
from workers.model import Document, Query
from workers.ports import SearchStore

CONFIG = Path(__file__).resolve().parents[2] / "config"
PREFIX = "bench"
BATCH = 500
AIM = 1.3  # times the plain query's median


def main() -> None:
    """Fill the stores, ask them, print what came of it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--documents", type=int, default=2_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--elasticsearch", default="", help="address of a cluster to measure, too")
    asked.add_argument("--folder", type=Path, help="keeps the stores")
    options = asked.parse_args()
    found: dict[str, Any] = {"documents": options.documents}
    with tempfile.TemporaryDirectory() as folder:
        found["sqlite"] = of_sqlite(options.folder or Path(folder), options.documents, options.rounds)
    if options.elasticsearch:
        found["elasticsearch"] = of_elasticsearch(
            options.elasticsearch, options.documents, options.rounds, keep=options.folder is not None
        )
    print(json.dumps(found))


def of_sqlite(folder: Path, number: int, rounds: int) -> dict[str, Any]:
    """Measure the embedded store."""
    store = SqliteStore(path=folder / "search.sqlite", config_dir=CONFIG)
    folder.mkdir(parents=True, exist_ok=True)
    plain = PlainSqlite(folder / "plain.sqlite")
    if not store.count():
        fill(store, articles(number))
        plain.fill(articles(number))
    try:
        return compare(store, plain.ways(), rounds, time.thread_time)
    finally:
        plain.close()
        store.close()


def of_elasticsearch(url: str, number: int, rounds: int, *, keep: bool = False) -> dict[str, Any]:
    """Measure the store on the cluster at `url`."""
    store = ElasticsearchStore(url=url, index_prefix=PREFIX, config_dir=CONFIG)
    store.setup()
    try:
        if store.count() != number:
            fill(store, articles(number))
        return compare(store, PlainElasticsearch(store).ways(), rounds, time.perf_counter)
    finally:
        if not keep:
            for name in store.client.indices.get(index=f"{PREFIX}-*", expand_wildcards="all").body:
                store.client.indices.delete(index=name)
        store.close()


def articles(number: int) -> Iterable[Document]:
    """Return `number` articles of the year before this minute: the same for both stores."""
    return news(number, datetime.now(UTC).replace(second=0, microsecond=0))


def fill(store: SearchStore, documents: Iterable[Document]) -> None:
    """Store `documents`, all of them."""
    coming = iter(documents)
    while batch := list(itertools.islice(coming, BATCH)):
        _store(store, batch)
    store.refresh()


def _store(store: SearchStore, batch: Sequence[Document]) -> None:
    """Store `batch`; a small node that is out of memory for the moment is asked again, as Kabar's workers do."""
    for pause in (1, 2, 4, 8, 16, None):
        try:
            assert {outcome.result for outcome in store.write(batch)} == {"stored"}
            return
        except StoreUnavailable:
            if pause is None:
                raise
            time.sleep(pause)


def compare(store: SearchStore, others: Mapping[str, Ask], rounds: int, clock: Callable[[], float]) -> dict[str, Any]:
    """Return medians and 95th percentiles of all ways in ms, and what Kabar takes to each of the others.

    `clock` counts the work of this thread where all of it is done there, else the time that passes.
    """
    ways: dict[str, Ask] = {"kabar": lambda one: store.search(Query(text=one.text, fold=True)), **others}
    taken: dict[str, list[list[float]]] = {name: [[] for _ in searches()] for name in ways}
    for turn in range(rounds + 1):
        for place, one in enumerate(searches()):  # side by side, so that all have the machine's moods
            for name, ask in ways.items():
                needed = _milliseconds(ask, one, clock)
                if turn:  # the first warms
                    taken[name][place].append(needed)
    # the best of a search's rounds: on a busy machine the others measure who else is at work
    best = {name: [min(times) for times in rows] for name, rows in taken.items()}
    result: dict[str, Any] = {f"{name}_median": statistics.median(times) for name, times in best.items()}
    result |= {f"{name}_p95": _percentile(list(itertools.chain(*rows))) for name, rows in taken.items()}
    result["ratio"] = result["kabar_median"] / result["plain_median"]
    result |= {f"ratio_to_{name}": result["kabar_median"] / result[f"{name}_median"] for name in others}
    result["kinds"] = _by_kind(searches(), best)
    _show(store.name, result)
    return result


def _milliseconds(ask: Ask, asked: Asked, clock: Callable[[], float]) -> float:
    begun = clock()
    ask(asked)
    return (clock() - begun) * 1000


def _percentile(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _by_kind(asked: Sequence[Asked], best: Mapping[str, Sequence[float]]) -> dict[str, dict[str, float]]:
    kinds = dict.fromkeys(one.kind for one in asked)
    return {
        kind: {
            name: statistics.median(time for one, time in zip(asked, times, strict=True) if one.kind == kind)
            for name, times in best.items()
        }
        for kind in kinds
    }


def _show(name: str, result: Mapping[str, Any]) -> None:
    print(f"{name}, ms:")
    for kind, medians in result["kinds"].items():
        print(f"  {kind:9}", "".join(f"{way:>8} {median:7.2f}" for way, median in medians.items()))
    figures = ", ".join(f"{key} {value:.2f}" for key, value in result.items() if key != "kinds")
    print(f"  {figures} (aim: ratio at most {AIM})", flush=True)


if __name__ == "__main__":
    main()
