"""Writes that must outlive the machine's next second: Redis has them on its disk before we go on.

Its append-only file is flushed once a second (`appendfsync everysec`): what a crash takes is done again by the
pipeline, but a removal by command has nobody who would repeat it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import redis

WAIT_MS = 5_000


def to_disk(client: redis.Redis, write: Callable[[], object]) -> None:
    """Do `write` (which may be done twice) and return when it is on the server's disk.

    By WAITAOF (Redis 7.2), else by flushing with every write for as long as that takes. A server without an
    append-only file, or which lets us do neither, has it in memory only: `kabar doctor` tells of the former.
    """
    ask: Any = client.execute_command
    write()
    try:
        ask("WAITAOF", 1, 0, WAIT_MS)
    except redis.ResponseError:  # unknown, or no append-only file
        _flushed(client, write)


def _flushed(client: redis.Redis, write: Callable[[], object]) -> None:
    try:
        before: Any = client.config_get("appendfsync")
        client.config_set("appendfsync", "always")
    except redis.ResponseError:  # a hosted Redis may forbid it
        return
    try:
        write()
    finally:
        client.config_set("appendfsync", before["appendfsync"])
