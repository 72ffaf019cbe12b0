"""What a removal leaves is on Redis' disk before it is told as done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import redis

from workers.state import State
from workers.state.durable import to_disk

pytestmark = pytest.mark.redis
NOW = datetime(2026, 1, 5, tzinfo=UTC)


def test_a_tombstone_is_flushed_and_the_servers_setting_stays(state: State) -> None:
    before = state.client.config_get("appendfsync")
    state.client.config_resetstat()
    state.identities.remove("a" * 32, ["https://kabar.test/a"], "diminta", "https://kabar.test/a", NOW)
    done = state.client.info("commandstats")
    assert state.identities.removed(["a" * 32]) == ["a" * 32]
    assert state.client.config_get("appendfsync") == before
    if "cmdstat_waitaof" not in done:  # before Redis 7.2: "always" on, written again, and off
        assert done["cmdstat_config"]["calls"] >= 3
        assert done["cmdstat_evalsha"]["calls"] >= 2


class Server:
    """Answers as a Redis of some kind does."""

    def __init__(self, *refused: str) -> None:
        self.refused, self.done = refused, []

    def _ask(self, name: str) -> None:
        if name in self.refused:
            raise redis.ResponseError(f"no {name}")
        self.done.append(name)

    def execute_command(self, name: str, *_: object) -> list[int]:
        self._ask(name)
        return [1, 0]

    def config_get(self, name: str) -> dict[str, str]:
        self._ask("CONFIG")
        return {name: "everysec"}

    def config_set(self, name: str, value: str) -> None:
        self._ask(value)


@pytest.mark.parametrize(
    ("refused", "done"),
    [
        ((), ["write", "WAITAOF"]),
        (("WAITAOF",), ["write", "CONFIG", "always", "write", "everysec"]),
        (("WAITAOF", "CONFIG"), ["write"]),
    ],
)
def test_each_server_is_asked_for_what_it_can(refused: tuple[str, ...], done: list[str]) -> None:
    server: Any = Server(*refused)
    to_disk(server, lambda: server.done.append("write"))
    assert server.done == done
