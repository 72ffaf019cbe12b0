"""Loads the Lua scripts and runs them: every change of state is one script, so it happens whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from workers.errors import StoreUnavailable

FOLDER = Path(__file__).parent / "lua"
PREFIX = "kabar:"  # as in prelude.lua


def connect(url: str, password: str = "") -> redis.Redis:
    """Return a client (bytes in, bytes out); opens nothing yet. Thread-safe; time-outs bound every call (seconds).

    A call is repeated on a time-out or a lost connection, which is safe: scripts are idempotent under one token.
    """
    retry = Retry(ExponentialBackoff(cap=2, base=0.1), retries=3)
    options: dict[str, Any] = {"password": password} if password else {}
    return redis.Redis.from_url(
        url,
        socket_timeout=15,
        socket_connect_timeout=5,
        health_check_interval=30,
        retry=retry,
        retry_on_error=[redis.ConnectionError, redis.TimeoutError],
        **options,
    )


@contextmanager
def translated() -> Iterator[None]:
    """Turn redis-py's errors into StoreUnavailable: nothing is wrong with the item at hand."""
    try:
        yield
    except redis.RedisError as error:
        raise StoreUnavailable(f"redis: {error}", reason="redis") from error


@cache
def source(name: str) -> str:
    """Return a script's text with the shared prelude before it."""
    return (FOLDER / "prelude.lua").read_text(encoding="utf-8") + (FOLDER / f"{name}.lua").read_text(encoding="utf-8")


class Scripts:
    """Runs scripts by name on one client. Raises StoreUnavailable when Redis does not answer or refuses."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client
        self._scripts: dict[str, Any] = {}

    def run(self, name: str, *arguments: str | bytes | float) -> Any:
        """Run one script now and return its answer."""
        with translated():
            return self._script(name)(args=arguments)

    def run_each(self, name: str, calls: Sequence[tuple[str | bytes | float, ...]]) -> list[Any]:
        """Run one script once per argument list, in one round trip."""
        if not calls:
            return []
        with translated():
            script = self._script(name)
            pipeline = self.client.pipeline(transaction=False)
            for arguments in calls:
                script(args=arguments, client=pipeline)
            return list(pipeline.execute())

    def _script(self, name: str) -> Any:
        if name not in self._scripts:
            self._scripts[name] = self.client.register_script(source(name))
        return self._scripts[name]
