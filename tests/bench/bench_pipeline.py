"""Articles a second until searchable: Kabar beside a hand-written loop, in one run on the same pages and store.

    python -m tests.bench.bench_pipeline [--articles N] [--sites K] [--gap SECONDS] [--rounds R] [--search-url URL]

The loop: as many processes as Kabar has for CPU work, each fetching with urllib3, extracting with
`trafilatura.bare_extraction` with metadata, and writing bulks into the same kind of store; no queue, no tagging, no
identity, no politeness. Both are timed warm: processes started, imports done, the newsroom's pages rendered.
Prints a table, and one JSON object on the last line. An absolute figure says more about the machine: read the ratio.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import urllib3

from workers.errors import KabarError
from workers.fetch.http import HttpClient
from workers.model import Document, Feed, digest
from workers.operate.stack import Stack
from workers.poll.feedlist import parse_toml
from workers.ports import SearchStore
from workers.runtime.bootstrap import build_store
from workers.runtime.settings import Settings, load

PROCESSES = os.cpu_count() or 1
BULK = 100
LIMIT = 900.0  # seconds for one side
STEPS = (
    "poll",
    "parse",
    "fetch",
    "hand_over",
    "extract",
    "watch",
    "identify",
    "archive",
    "tag",
    "index",
    "acknowledge",
)


def main() -> None:
    """Run both sides in turn and print what came of it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--articles", type=int, default=1000)
    asked.add_argument("--sites", type=int, default=40)
    asked.add_argument("--gap", type=float, default=0.25, help="seconds between two starts at one site (Kabar only)")
    asked.add_argument("--rounds", type=int, default=1)
    asked.add_argument("--search-url", default="", help="an Elasticsearch; default: the embedded store")
    options = asked.parse_args()
    with newsroom(options.articles, options.sites) as address:
        urls = warm(address, options.articles)
        results = {"kabar": [], "loop": []}
        for number in range(options.rounds):
            sides: list[tuple[str, Callable[..., dict[str, Any]]]] = [("kabar", kabar), ("loop", loop)]
            for name, side in sides if number % 2 == 0 else reversed(sides):
                results[name].append(side(address, urls, options))
                print(f"round {number + 1} {name}: {results[name][-1]['rate']:.1f} articles/s", file=sys.stderr)
    report(results, options)


@contextmanager
def newsroom(articles: int, sites: int) -> Iterator[str]:
    """A newsroom in a process of its own; yields its address."""
    command = [sys.executable, "-m", "workers", "newsroom", "--articles", str(articles), "--sites", str(sites)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


def environment(address: str, folder: Path, options: argparse.Namespace) -> dict[str, str]:
    """Settings of both sides: the newsroom is reached by its sites' names, politeness is on."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KABAR_")}
    own = {
        "DATA_DIR": str(folder),
        "RESOLVE": f"*.newsroom.test={address.removeprefix('http://')}",
        "ALLOW_ADDRESSES": "127.0.0.0/8",
        "HOST_GAP_PRIVATE": str(options.gap),
        "CPU_PROCESSES": str(PROCESSES),
        "LOG_LEVEL": "WARNING",
        "SEARCH_URL": options.search_url,
        "INDEX_PREFIX": f"bench{uuid.uuid4().hex[:8]}",
    }
    return plain | {f"KABAR_{name}": value for name, value in own.items() if value}


def warm(address: str, articles: int) -> list[str]:
    """Have every page rendered once; returns the addresses of all articles."""
    from workers.poll.parse import parse_feed

    client = client_of(load(environment(address, Path("/nonexistent"), argparse.Namespace(gap=0, search_url=""))))
    urls: dict[str, None] = {}
    for feed in feeds_at(address):
        body = client.get(feed.url).body
        parsed = parse_feed(body, feed, now=datetime.now(UTC), max_entries=100_000)
        urls.update(dict.fromkeys(entry.url for entry in parsed.entries))
    for url in urls:
        client.get(url)
    assert len(urls) == articles, f"the feeds list {len(urls)} articles, not {articles}"
    return list(urls)


def client_of(settings: Settings) -> HttpClient:
    from workers.runtime.bootstrap import build_http

    return build_http(settings)


def feeds_at(address: str) -> list[Feed]:
    return parse_toml(
        urllib3.request("GET", f"{address}/feeds.toml", headers={"host": "site-1.newsroom.test"}).data.decode()
    )


def kabar(address: str, urls: list[str], options: argparse.Namespace) -> dict[str, Any]:
    """Time Kabar from due feeds to the last searchable article."""
    folder = Path(tempfile.mkdtemp(prefix="kabar-bench-"))
    try:
        with Stack(environment(address, folder, options)) as stack:
            until(lambda: len(stack.adapters.state.overview.progress()) >= 4, 60)
            memory = Memory([child.pid for child in stack.children if child.pid])
            before = stack.adapters.state.overview.counts()
            cpu_before = cpu_of(stack)
            begin = time.monotonic()
            stack.use_feeds(feeds_at(address), only=True)
            until(lambda: memory.look() and searchable(stack.adapters.store) >= len(urls), LIMIT)
            seconds = time.monotonic() - begin
            after = stack.adapters.state.overview.counts()
            spent = {step: (after.get(f"us_{step}", 0) - before.get(f"us_{step}", 0)) / 1e6 for step in STEPS}
            info: Any = stack.adapters.state.client.info("memory")
            return {
                "rate": len(urls) / seconds,
                "seconds": seconds,
                "peak_bytes": memory.peak,
                "redis_peak_bytes": info["used_memory_peak"],
                "step_seconds": spent,
                "cpu_seconds": {name: cpu - cpu_before[name] for name, cpu in cpu_of(stack).items()},
                "dead": stack.adapters.state.dead.count(),
            }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def loop(address: str, urls: list[str], options: argparse.Namespace) -> dict[str, Any]:
    """Time the hand-written loop from its first fetch to the last searchable article."""
    folder = Path(tempfile.mkdtemp(prefix="kabar-bench-"))
    try:
        settings = load(environment(address, folder, options))
        store = build_store(settings)
        store.setup()
        context = multiprocessing.get_context("spawn")
        ready, go = context.Barrier(PROCESSES + 1), context.Event()
        work = [urls[number::PROCESSES] for number in range(PROCESSES)]
        workers = [
            context.Process(target=loop_worker, args=(ready, go, part, address, settings.model_dump(mode="json")))
            for part in work
        ]
        for worker in workers:
            worker.start()
        ready.wait(60)
        memory = Memory([worker.pid for worker in workers if worker.pid])
        begin = time.monotonic()
        go.set()
        until(lambda: memory.look() and searchable(store) >= len(urls), LIMIT)
        seconds = time.monotonic() - begin
        for worker in workers:
            worker.join()
        return {"rate": len(urls) / seconds, "seconds": seconds, "peak_bytes": memory.peak}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def loop_worker(ready: Any, go: Any, urls: list[str], address: str, values: dict[str, Any]) -> None:
    """One process of the hand-written loop."""
    from trafilatura import bare_extraction

    store = build_store(
        Settings(**{name: values[name] for name in ("search_url", "index_prefix", "data_dir", "config_dir")})
    )
    host, port = address.removeprefix("http://").split(":")
    pool = urllib3.HTTPConnectionPool(host, int(port), headers={"accept-encoding": "gzip"})
    bare_extraction("<html><body><p>warm</p></body></html>", with_metadata=True)
    ready.wait(60)
    go.wait()
    bulk: list[Document] = []
    for url in urls:
        site, _, path = url.removeprefix("http://").partition("/")
        page = pool.request("GET", f"/{path}", headers={"host": site, "accept-encoding": "gzip"}).data
        found = bare_extraction(page, url=url, with_metadata=True, include_comments=False)
        bulk.append(plain_document(url, site, found))
        if len(bulk) >= BULK:
            store.write(bulk)
            bulk = []
    if bulk:
        store.write(bulk)


def plain_document(url: str, site: str, found: Any) -> Document:
    """What the loop makes of trafilatura's result."""
    now = datetime.now(UTC)
    return Document(
        id=digest("url", url), version=int(now.timestamp() * 1000), url=url, urls=(url,), canonical_url=url, site=site,
        feed_id="", feeds=(), title=found.title or "", lead=found.description or "", body=found.text or "",
        headings=(), body_source="page", authors=(found.author,) if found.author else (), section="", tags=(),
        image="", language="id", word_count=len((found.text or "").split()), published_at=now,
        published_at_source="seen", modified_at=None, first_seen_at=now, fetched_at=now, indexed_at=None, entities=(),
        people=(), organisations=(), places=(), places_at=(), extractor="trafilatura", tagger="", content_hash="",
    )  # fmt: skip


def cpu_of(stack: Stack) -> dict[str, float]:
    """CPU seconds so far of each process with its children."""
    found = {}
    for child in stack.children:
        if child.pid:
            tree = [psutil.Process(child.pid), *psutil.Process(child.pid).children(recursive=True)]
            found[child.name] = sum(sum(process.cpu_times()[:2]) for process in tree)
    return found


class Memory:
    """The peak of what process trees hold: each process's own memory and its share of the common (PSS)."""

    def __init__(self, pids: list[int]) -> None:
        self._pids = pids
        self._last = 0.0
        self.peak = 0

    def look(self) -> bool:
        """Look at most once a second; always true."""
        if time.monotonic() - self._last >= 1:
            self._last = time.monotonic()
            self.peak = max(self.peak, sum(_held(pid) for pid in self._pids))
        return True


def _held(pid: int) -> int:
    try:
        tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        return sum(process.memory_full_info().pss for process in tree)
    except psutil.Error:
        return 0


def searchable(store: SearchStore) -> int:
    """How many documents a search finds now."""
    try:
        return store.count()
    except KabarError:
        return 0


def until(condition: Callable[[], object], seconds: float) -> None:
    """Wait for `condition`; fail after `seconds`."""
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            raise SystemExit(f"bench: not within {seconds:g} s")
        time.sleep(0.05)


def report(results: dict[str, list[dict[str, Any]]], options: argparse.Namespace) -> None:
    """Print the table and the JSON."""
    rates = {name: statistics.median(run["rate"] for run in runs) for name, runs in results.items()}
    ratios = [a["rate"] / b["rate"] for a, b in zip(results["kabar"], results["loop"], strict=True)]
    best = results["kabar"][-1]
    total = sum(best["step_seconds"].values()) or 1
    rows = [
        ("articles, sites, gap a site", f"{options.articles}, {options.sites}, {options.gap:g} s"),
        ("processes for CPU work, each side", str(PROCESSES)),
        ("Kabar, articles/s until searchable", f"{rates['kabar']:.1f}"),
        ("hand-written loop, articles/s", f"{rates['loop']:.1f}"),
        ("ratio (median of rounds)", f"{statistics.median(ratios):.2f}"),
        ("Kabar, peak memory of all processes", f"{best['peak_bytes'] / 1e6:.0f} MB"),
        ("loop, peak memory", f"{results['loop'][-1]['peak_bytes'] / 1e6:.0f} MB"),
        ("Redis, peak memory", f"{best['redis_peak_bytes'] / 1e6:.0f} MB"),
        ("dead letters", str(best["dead"])),
    ]
    rows += [
        (f"  share of {step}", f"{seconds / total:.1%}  ({seconds:.1f} s)")
        for step, seconds in best["step_seconds"].items()
    ]
    rows += [(f"  CPU of {name}", f"{seconds:.1f} s") for name, seconds in best["cpu_seconds"].items()]
    for name, value in rows:
        print(f"{name:40} {value}")
    print(json.dumps({"options": vars(options), "ratio": statistics.median(ratios), "ratios": ratios, **results}))


if __name__ == "__main__":
    main()
