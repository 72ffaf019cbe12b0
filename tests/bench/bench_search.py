"""What Kabar's search adds to the store's own: medians of both, side by side, in a warm process.

    python -m tests.bench.bench_search [--documents N] [--rounds R] [--elasticsearch URL]

N documents are mixed from the paragraphs of the newsroom's articles, a year of them. Then each judged query of words
and phrases is asked R times of each store: by Kabar (query language, other names, recency, copies, snippets), and
plainly, as one would without Kabar: all words stemmed, total, ten best by relevance and their content, with the
passages that Elasticsearch makes itself. Prints a line per store and one JSON object. Only ratios mean much.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
from msgspec import structs

from tests.quality.search_cases import documents, judged
from workers.index import sqlite_schema
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.sqlite import SqliteStore
from workers.index.stemming import stem, words
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
        found["sqlite"] = compare(embedded, lambda text: plain_sqlite(connection, text), options.rounds)
        connection.close()
        embedded.close()
    if options.elasticsearch:
        prefix = f"bench{uuid.uuid4().hex[:8]}"
        cluster = ElasticsearchStore(url=options.elasticsearch, index_prefix=prefix, config_dir=CONFIG)
        cluster.setup()
        fill(cluster, options.documents)
        found["elasticsearch"] = compare(cluster, lambda text: plain_elasticsearch(cluster, text), options.rounds)
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


def compare(store: SearchStore, plain: Ask, rounds: int) -> dict[str, float]:
    """Return medians and 95th percentiles of both ways in ms, and the ratio of the medians."""
    texts = [case.query for case in judged() if ":" not in case.query and " OR " not in case.query]

    def kabar(text: str) -> object:
        return store.search(Query(text=text, fold=True))

    for text in texts:  # warm
        kabar(text), plain(text)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        for text in texts:  # side by side, so that both have the machine's moods
            ours.append(_milliseconds(kabar, text))
            theirs.append(_milliseconds(plain, text))
    result = {
        "kabar_median": statistics.median(ours),
        "kabar_p95": _percentile(ours),
        "plain_median": statistics.median(theirs),
        "plain_p95": _percentile(theirs),
    }
    result["ratio"] = result["kabar_median"] / result["plain_median"]
    shown = ", ".join(f"{name} {value:.2f}" for name, value in result.items())
    print(f"{store.name}: {shown} (aim: ratio at most {AIM})", flush=True)
    return result


def _milliseconds(ask: Ask, text: str) -> float:
    begun = time.perf_counter()
    ask(text)
    return (time.perf_counter() - begun) * 1000


def _percentile(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def plain_sqlite(connection: apsw.Connection, text: str) -> list[Any]:
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


def plain_elasticsearch(store: ElasticsearchStore, text: str) -> object:
    """Ask Elasticsearch without Kabar: one multi_match, total, ten best, passages."""
    query = {"multi_match": {"query": text, "type": "cross_fields", "operator": "and", "fields": FIELDS}}
    return store.client.search(
        index=store.alias, query=query, size=10, track_total_hits=True, highlight={"fields": {"lead": {}, "body": {}}},
        source=["id", "url", "title", "site", "published_at", "people", "organisations", "places"],
    ).body  # fmt: skip


if __name__ == "__main__":
    main()
