"""Mutated pages through `kabar extract --batch`: each answered soon, with a result or an error; memory stays flat."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import pytest
from msgspec import Struct

from tests.quality.mutations import RECIPES, mutated_pages

SECONDS = 5.0  # for one page: of the process's own time, since other programs share the machine
MOST_WALL = 60.0
REASONS = {
    "junk_page",
    "empty",
    "not_html",
    "too_large",
    "no_text",
    "not_the_article",
    "unreadable_page",
    "too_much_memory",
    "too_slow",
}
GROWTH, SLACK = 1.25, 60_000_000  # of resident memory between the run's second quarter and its last
MOST_MEMORY = 1_200_000_000
URL = "https://www.kabarlokal.test/berita/d-7400001/jembatan-siak-empat-dibuka-kembali"


class Answered(Struct, frozen=True):
    """One page's answer, what it took (seconds of CPU and of time), and the memory afterwards (bytes)."""

    name: str
    answer: dict[str, Any]
    cpu: float
    wall: float
    memory: int


@contextmanager
def batch() -> Iterator[subprocess.Popen[bytes]]:
    """`kabar extract --batch` as a process."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KABAR_")}
    with subprocess.Popen(
        [sys.executable, "-m", "workers", "extract", "--batch"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait(30)


def answered(count: int, seed: int, folder: Path) -> list[Answered]:
    """Have `count` mutated pages extracted by one process, one after the other."""
    found = []
    path = folder / "page.html"
    with batch() as process:
        assert process.stdin and process.stdout
        watched = psutil.Process(process.pid)
        for name, body in islice(mutated_pages(seed), count):
            path.write_bytes(body)
            used, begin = sum(watched.cpu_times()[:2]), time.monotonic()
            process.stdin.write(json.dumps({"id": name, "url": URL, "html_path": str(path)}).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
            assert line, f"{name}: no answer, the process is gone"
            wall, cpu = time.monotonic() - begin, sum(watched.cpu_times()[:2]) - used
            found.append(Answered(name, json.loads(line), cpu, wall, watched.memory_info().rss))
    return found


def check(found: list[Answered]) -> None:
    wrong = {(f.name, f.answer["error"]["type"]) for f in found if f.answer["error"]}
    assert {reason for _, reason in wrong} <= REASONS, wrong
    assert all(f.answer["body"] for f in found if not f.answer["error"])
    slow = [(f.name, round(f.cpu, 1), round(f.wall, 1)) for f in found if f.cpu >= SECONDS or f.wall >= MOST_WALL]
    assert not slow
    quarter = len(found) // 4
    early, late = (median(f.memory for f in part) for part in (found[quarter : 2 * quarter], found[-quarter:]))
    assert late <= early * GROWTH + SLACK, f"resident memory grew from {early:,.0f} to {late:,.0f} bytes"
    assert max(f.memory for f in found) <= MOST_MEMORY
    outcomes = Counter(f.answer["error"]["type"] if f.answer["error"] else "article" for f in found)
    slowest = max(f.cpu for f in found)
    print(f"{len(found)} pages: {dict(outcomes)}, slowest {slowest:.1f} s, {early:,.0f} → {late:,.0f} bytes")


def test_the_mutations_are_the_same_everywhere() -> None:
    once, again = (list(islice(mutated_pages(3), 5)) for _ in range(2))
    assert once == again
    assert len({recipe.__name__ for recipe in RECIPES}) == len(RECIPES) >= 40


@pytest.mark.timeout(420)
def test_every_kind_of_broken_page_is_answered(tmp_path: Path) -> None:
    check(answered(3 * len(RECIPES), 2026, tmp_path))


@pytest.mark.slow
@pytest.mark.timeout(5_400)
def test_two_thousand_broken_pages_are_answered_with_flat_memory(tmp_path: Path) -> None:
    check(answered(2_000, 11, tmp_path))
