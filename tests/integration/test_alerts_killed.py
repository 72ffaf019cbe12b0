"""Many saved searches against many articles while the worker is killed again and again: each match told, once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.contract.documents import article
from tests.integration.alert_worker import settings_of
from tests.integration.receivers import Hook, hook_server
from workers.alert.alerts import alerts_from
from workers.model import Document
from workers.runtime.bootstrap import build

pytestmark = [pytest.mark.redis, pytest.mark.timeout(900)]

NOW = datetime.now(UTC)
PATIENCE = 240.0  # seconds without a message after which the test gives up


@pytest.mark.parametrize(
    ("searches", "articles", "kills"), [(30, 120, 2), pytest.param(1_000, 10_000, 6, marks=pytest.mark.slow)]
)
def test_each_match_is_told_once(redis_url: str, tmp_path: Path, searches: int, articles: int, kills: int) -> None:
    adapters = build(settings_of(redis_url, str(tmp_path)))
    adapters.store.setup()
    expected = {(f"s{number % searches}", f"Berita {number}") for number in range(articles)}
    with hook_server() as hook:
        for alert in alerts_from([search(number, hook.url) for number in range(searches)], "test", "command"):
            adapters.state.alerts.put(alert)
        for start in range(0, articles, 200):
            documents = [arriving(number, searches) for number in range(start, min(start + 200, articles))]
            adapters.store.write(documents)
            adapters.state.client.zadd("kabar:news", {document.id: 1 for document in documents})
        for kill in range(1, kills + 1):
            wanted = len(expected) * kill // (kills + 1)
            with worker(redis_url, tmp_path):
                until(hook, lambda wanted=wanted: len(hook.got) >= wanted)  # type: ignore[misc]
        with worker(redis_url, tmp_path):
            until(hook, lambda: len(hook.got) >= len(expected) and set(hook.told()) >= expected)
            until(hook, lambda: adapters.state.alerts.waiting() == {"news": 0, "deliveries": 0})
    assert set(hook.told()) == expected
    keys = {(told, key) for told, key in zip(hook.told(), hook.keys(), strict=True)}
    assert len(keys) == len(expected) == len(set(hook.keys()))  # one key a match, also where it came twice
    twice = [key for key, count in Counter(hook.keys()).items() if count > 1]
    assert len(twice) <= kills  # only what was in flight when its worker died
    assert adapters.state.dead.count() == 0


def search(number: int, url: str) -> dict[str, str]:
    """Every third is a phrase, every third excludes a word, the others are words."""
    query = (f"kasus ke{number}an", f'"perkara nomor {number}"', f"kode{number}x -batal")[number % 3]
    return {"name": f"s{number}", "query": query, "webhook": url}


def arriving(number: int, searches: int) -> Document:
    """An article that exactly one search finds."""
    wanted = number % searches
    words = (f"Kasus ke{wanted}an", f"Perkara nomor {wanted}", f"Kode{wanted}x")[wanted % 3]
    other = f"Nomor perkara {wanted}: sidang ditunda hakim sampai pekan depan karena saksi belum hadir di kota."
    return article(f"b{number}", f"{other} {words} dibacakan jaksa.", title=f"Berita {number}", first_seen_at=NOW)


@contextmanager
def worker(redis_url: str, data: Path) -> Iterator[None]:
    """A worker that is killed at the end."""
    command = [sys.executable, "-m", "tests.integration.alert_worker", redis_url, str(data)]
    process = subprocess.Popen(command, cwd=PROJECT)
    try:
        yield
        assert process.poll() is None, "it ended by itself"
    finally:
        process.kill()
        process.wait()


def until(hook: Hook, done: Callable[[], bool]) -> None:
    """Wait for what shall be, as long as messages come in."""
    seen, since = -1, time.monotonic()
    while not done():
        if len(hook.got) != seen:
            seen, since = len(hook.got), time.monotonic()
        assert time.monotonic() - since < PATIENCE, f"nothing came for {PATIENCE:g} s; {seen} so far"
        time.sleep(0.01)
