"""The embedded stack: Redis, workers and beat as one process tree that leaves nothing behind."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from workers.errors import Misuse
from workers.model import Feed
from workers.operate.embedded_redis import redis_child, wait_ready
from workers.operate.processes import Child
from workers.runtime.bootstrap import Adapters, build
from workers.runtime.settings import PREFIX, load

ROLES = ("io", "cpu", "index")
GRACE = 30.0  # seconds for workers to finish what they hold


class Stack:
    """Starts and stops everything; one per data directory. Use as a context manager, from the main thread."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = dict(os.environ if environment is None else environment)
        self._base = settings = load(self._environment)
        self._children: list[Child] = []
        self._redis: Child | None = None
        self._private_socket: Path | None = None
        self._lock: IO[str] | None = None
        self.settings = settings
        self.adapters: Adapters = build(settings)

    def __enter__(self) -> Stack:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def children(self) -> list[Child]:
        """Every process, Redis first."""
        return ([self._redis] if self._redis else []) + self._children

    def keep(self) -> None:
        """Start again what ended by itself."""
        for child in self.children:
            child.keep()

    def use_feeds(self, feeds: Sequence[Feed], *, only: bool) -> None:
        """Register `feeds`; with `only`, every other known feed is taken off the schedule for now."""
        register = self.adapters.state.feeds
        wanted = {feed.id for feed in feeds}
        others = [feed for feed, _, _ in register.all() if feed.id not in wanted]
        for feed in feeds:
            register.put(feed)
        if only:
            register.park([feed.id for feed in others])
        else:
            for feed in others:
                register.put(feed)

    def stop(self) -> None:
        """End beat, then the workers, then Redis; nothing is left when this returns. Signals do not hurry it."""
        with _undisturbed():
            self._stop()

    def _stop(self) -> None:
        for group in (self._children[3:], self._children[:3], [self._redis] if self._redis else []):
            for child in group:
                child.terminate()
            deadline = time.monotonic() + GRACE
            for child in group:
                child.wait(deadline)
        self._children, self._redis = [], None
        self.adapters.store.close()
        if self.settings.redis_url:
            self.adapters.state.close()
        if self._private_socket:
            shutil.rmtree(self._private_socket.parent, ignore_errors=True)
        if self._lock:
            self._lock.close()
            self._lock = None

    def _start(self) -> None:
        data = self._base.data_dir
        try:
            (data / "logs").mkdir(parents=True, exist_ok=True)
            self._take_lock(data / "kabar.lock")
        except OSError as error:
            raise Misuse(f"{data}: {error.strerror}: set {PREFIX}DATA_DIR to a folder of yours") from error
        environment = dict(self._environment)
        url = self._base.redis_url
        if not url:
            self._redis, url = redis_child(data, environment)
            socket = Path(url.removeprefix("unix://"))
            if not socket.is_relative_to(data.resolve()):
                self._private_socket = socket
            self._redis.start()
            wait_ready(url, self._redis)
        environment |= {PREFIX + "REDIS_URL": url, PREFIX + "DATA_DIR": str(data.resolve())}
        self.settings = load(environment)
        self.adapters = build(self.settings)
        self.adapters.store.setup()
        own = ["--parent", str(os.getpid())]
        for role in ROLES:
            self._add(role, ["worker", "--role", role, *own], environment)
        self._add("beat", ["beat", *own], environment)

    def _add(self, name: str, arguments: list[str], environment: dict[str, str]) -> None:
        log = self.settings.data_dir / "logs" / f"{name}.log"
        child = Child(name, [sys.executable, "-m", "workers", *arguments], log, environment)
        self._children.append(child)
        child.start()

    def _take_lock(self, path: Path) -> None:
        self._lock = path.open("w", encoding="utf-8")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Misuse(f"another kabar runs on {path.parent}: stop it, or set {PREFIX}DATA_DIR") from error


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ignore the signals that ask us to end, while we do."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
