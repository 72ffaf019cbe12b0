"""What Kabar's search adds to the store's own: medians of both, side by side, in a warm process.

    python -m tests.bench.bench_search [--documents N] [--rounds R] [--elasticsearch URL]

N documents are mixed from the paragraphs of the newsroom's articles, a year of them. Then each judged query of words
and phrases is asked R times of each store in three ways:

    kabar   the store's `search`: query language, other names, recency, copies, snippets, cursor
    same    the very statements (SQLite) or the very body (Elasticsearch) that Kabar sends, and nothing else
    bare    as one would without Kabar: all words stemmed, total, ten best by relevance and their content

Prints a line per store and one JSON object. Only ratios mean much: `ratio` is kabar to same.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
from msgspec import structs

from tests.quality.search_cases import documents, judged
from workers.index import sqlite_schema, sqlite_search
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.elasticsearch_query import search_body
from workers.index.query import check
from workers.index.ranking import Search
from workers.index.sqlite import SqliteStore
from workers.index.stemming import stem, words
from workers.index.synonyms import expand, load_synonyms
from workers.model import Document, Query, digest
from workers.ports import SearchStore

CONFIG = Path(__file__).resolve().parents[2] / "config"
BATCH = 500
AIM = 1.3  # times the plain query's median
FIELDS = ["title^3", "lead^2", "body"]

Ask = Callable[[str], object]


def main() -> None:
    """Fill the stores, ask them, print what came of it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--documents", type=int, default=2_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--elasticsearch", default="", help="address of a cluster to measure, too")
    options = asked.parse_args()
    found: dict[str, Any] = {"documents": options.documents}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "search.sqlite"
        embedded = SqliteStore(path=path, config_dir=CONFIG)
        fill(embedded, options.documents)
        connection = sqlite_schema.connect(path)
        found["sqlite"] = compare(embedded, ways_of_sqlite(connection), options.rounds, time.thread_time)
        connection.close()
        embedded.close()
    if options.elasticsearch:
        prefix = f"bench{uuid.uuid4().hex[:8]}"
        cluster = ElasticsearchStore(url=options.elasticsearch, index_prefix=prefix, config_dir=CONFIG)
        cluster.setup()
        fill(cluster, options.documents)
        found["elasticsearch"] = compare(cluster, ways_of_elasticsearch(cluster), options.rounds, time.perf_counter)
        for name in cluster.client.indices.get(index=f"{prefix}-*", expand_wildcards="all").body:
            cluster.client.indices.delete(index=name)
        cluster.close()
    print(json.dumps(found))


def mixed(number: int) -> Iterator[Document]:
    """Yield `number` documents, always the same."""
    chance = random.Random(1)
    articles = documents()
    paragraphs = [paragraph for article in articles for paragraph in article.body.split("\n\n")]
    newest = datetime.now(UTC)
    for place in range(number):
        title, lead = chance.choice(articles).title, chance.choice(articles).lead
        like = chance.choice(articles)
        name = f"mixed-{place}"
        yield structs.replace(
            like,
            id=digest(name),
            url=f"{like.url}-{place}",
            urls=(f"{like.url}-{place}",),
            title=f"{title} {place}",
            lead=lead,
            body="\n\n".join(chance.choices(paragraphs, k=chance.randint(4, 12))),
            published_at=newest - timedelta(minutes=chance.randint(0, 365 * 24 * 60)),
        )


def fill(store: SearchStore, number: int) -> None:
    """Store `number` documents."""
    batch: list[Document] = []
    for document in mixed(number):
        batch.append(document)
        if len(batch) == BATCH:
            store.write(batch)
            batch = []
    store.write(batch)
    store.refresh()
    assert store.count() == number


def compare(store: SearchStore, others: Mapping[str, Ask], rounds: int, clock: Callable[[], float]) -> dict[str, float]:
    """Return medians and 95th percentiles of all ways in ms, and the ratios of the medians.

    `clock` counts the work of this thread where all of it is done there, else the time that passes.
    """
    texts = [case.query for case in judged() if ":" not in case.query and " OR " not in case.query]
    ways: dict[str, Ask] = {"kabar": lambda text: store.search(Query(text=text, fold=True)), **others}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for text in texts:  # side by side, so that all have the machine's moods
            for name, ask in ways.items():
                needed = _milliseconds(ask, text, clock)
                if turn:  # the first warms
                    taken[name].append(needed)
    # the best of a query's rounds: on a busy machine the others measure who else is at work
    best = {name: [min(times[place :: len(texts)]) for place in range(len(texts))] for name, times in taken.items()}
    result = {f"{name}_median": statistics.median(times) for name, times in best.items()}
    result |= {f"{name}_p95": _percentile(times) for name, times in taken.items()}
    result["ratio"] = result["kabar_median"] / result["same_median"]
    result["ratio_to_bare"] = result["kabar_median"] / result["bare_median"]
    shown = ", ".join(f"{name} {value:.2f}" for name, value in result.items())
    print(f"{store.name}: {shown} (aim: ratio at most {AIM})", flush=True)
    return result


def _milliseconds(ask: Ask, text: str, clock: Callable[[], float]) -> float:
    begun = clock()
    ask(text)
    return (clock() - begun) * 1000


def _percentile(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def ways_of_sqlite(connection: apsw.Connection) -> dict[str, Ask]:
    """Return the ways to ask the file without Kabar."""
    return {
        "same": lambda text: same_sqlite(connection, text),
        "bare": lambda text: bare_sqlite(connection, text),
    }


def ways_of_elasticsearch(store: ElasticsearchStore) -> dict[str, Ask]:
    """Return the ways to ask the cluster without Kabar."""
    return {
        "same": lambda text: same_elasticsearch(store, text),
        "bare": lambda text: bare_elasticsearch(store, text),
    }


def _search(text: str) -> Search:
    query = Query(text=text, fold=True)
    clauses = expand(check(query), load_synonyms(CONFIG / "elasticsearch"))
    return Search(query, clauses, int(time.time() * 1000), folded=True)


def same_sqlite(connection: apsw.Connection, text: str) -> list[Any]:
    """Run the statements of Kabar's search: total, page, the stored JSON."""
    counting, paging = sqlite_search.count(_search(text)), sqlite_search.page(_search(text))
    total = connection.execute(counting.sql, counting.values).fetchall()
    rows = connection.execute(paging.sql, paging.values).fetchall()
    return [
        total,
        [connection.execute("SELECT json FROM contents WHERE document = ?", row[:1]).fetchall() for row in rows],
    ]


def same_elasticsearch(store: ElasticsearchStore, text: str) -> object:
    """Send the body of Kabar's search."""
    return store.client.search(index=store.alias, body=search_body(_search(text))).body


def bare_sqlite(connection: apsw.Connection, text: str) -> list[Any]:
    """Ask FTS5 without Kabar: total, ten best by bm25, their JSON."""
    wanted = " ".join(f'"{stem(word)}"' for _, _, word in words(text.replace("-", " ")))
    matching = f"{{title lead body}} : ({wanted})"
    total = connection.execute("SELECT count(*) FROM text WHERE text MATCH ?", (matching,)).fetchall()
    best = connection.execute(
        "SELECT json FROM (SELECT rowid AS number FROM text WHERE text MATCH ? ORDER BY bm25(text, 3, 2, 1) LIMIT 10) "
        "JOIN contents ON document = number",
        (matching,),
    ).fetchall()
    return [total, [json.loads(row[0]) for row in best]]


def bare_elasticsearch(store: ElasticsearchStore, text: str) -> object:
    """Ask Elasticsearch without Kabar: one multi_match, total, ten best, passages."""
    query = {"multi_match": {"query": text, "type": "cross_fields", "operator": "and", "fields": FIELDS}}
    return store.client.search(
        index=store.alias, query=query, size=10, track_total_hits=True, highlight={"fields": {"lead": {}, "body": {}}},
        source=["id", "url", "title", "site", "published_at", "people", "organisations", "places"],
    ).body  # fmt: skip


if __name__ == "__main__":
    main()
