"""Figures of the whole: how much waits where, what was counted, which roles make progress; and the sweep."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from workers.model import Entry, decode
from workers.state.scripts import PREFIX, Scripts, translated


class Waiting(Struct, frozen=True, kw_only=True):
    """How many items wait, by place. `handover_bytes`: compressed pages and documents in Redis;
    `entry_bytes`: what the feeds said of pending entries.
    """

    feeds: int
    feeds_due: int
    parsing: int
    pending: int
    fetch: int
    process: int
    index: int
    hosts: int
    dead: int
    handover_bytes: int
    entry_bytes: int
    oldest_pending_ms: int | None  # when the oldest pending entry was first seen


class Idle(Struct, frozen=True, kw_only=True):
    """Whether anything can go on: `active` entries can soon, `waiting` ones only later, the first at `soonest_ms`.

    `leased` ones are being worked on.
    """

    active: int
    waiting: int
    soonest_ms: int
    leased: int


class Stuck(Struct, frozen=True, kw_only=True):
    """A pending entry and why it is not done."""

    url: str
    stage: str
    error: str
    wait_ms: int  # epoch; 0 when it may go on now


class Overview:
    """Reads figures, keeps heartbeats, sweeps what no entry owns."""

    def __init__(self, scripts: Scripts, *, longest_wait: float) -> None:
        self._run = scripts.run
        self._client = scripts.client
        self._longest = int(longest_wait * 1000)

    def waiting(self) -> Waiting:
        """Return how much waits where, by one look."""
        now = self.now_ms()
        with translated():
            pipeline = self._client.pipeline(transaction=False)
            pipeline.scard(PREFIX + "feeds")
            pipeline.zcount(PREFIX + "due", "-inf", now)
            for name in ("parse", "pending", "process", "index", "hosts", "dead"):
                pipeline.zcard(PREFIX + name)
            pipeline.get(PREFIX + "handover")
            pipeline.get(PREFIX + "weight")
            pipeline.zrange(PREFIX + "pending", 0, 0, withscores=True)
            feeds, due, parsing, pending, process, index, hosts, dead, handover, weight, oldest = pipeline.execute()
        return Waiting(
            feeds=feeds,
            feeds_due=due,
            parsing=parsing,
            pending=pending,
            fetch=max(0, pending - process - index),
            process=process,
            index=index,
            hosts=hosts,
            dead=dead,
            handover_bytes=int(handover or 0),
            entry_bytes=int(weight or 0),
            oldest_pending_ms=int(oldest[0][1]) if oldest else None,
        )

    def idle(self, near: float = 0) -> Idle:
        """Return whether anything can go on within `near` seconds."""
        active, waiting, soonest, leased = self._run("idle", int(near * 1000))
        return Idle(active=int(active), waiting=int(waiting), soonest_ms=int(soonest), leased=int(leased))

    def pending(self, limit: int) -> list[Stuck]:
        """Return up to `limit` pending entries, oldest first, with their stage and last error."""
        with translated():
            ids: Any = self._client.zrange(PREFIX + "pending", 0, limit - 1)
            pipeline = self._client.pipeline(transaction=False)
            for entry_id in ids:
                pipeline.hmget(PREFIX + "entry:" + entry_id.decode(), ["data", "stage", "error", "wait"])
            rows = [row for row in pipeline.execute() if row[0]]
        return [
            Stuck(
                url=decode(data, Entry).url,
                stage=stage.decode(),
                error=(error or b"").decode(),
                wait_ms=int(wait or 0),
            )
            for data, stage, error, wait in rows
        ]

    def counts(self) -> dict[str, int]:
        """Return the running totals by name."""
        with translated():
            found: dict[bytes, bytes] = self._all(PREFIX + "count")
        return {name.decode(): int(value) for name, value in found.items()}

    def count(self, amounts: dict[str, int]) -> None:
        """Add to running totals."""
        with translated():
            pipeline = self._client.pipeline(transaction=False)
            for name, by in amounts.items():
                pipeline.hincrby(PREFIX + "count", name, by)
            pipeline.execute()

    def now_ms(self) -> int:
        """Return Redis' time in milliseconds."""
        with translated():
            seconds, micros = self._time()
        return int(seconds) * 1000 + int(micros) // 1000

    def beat(self, role: str) -> None:
        """Note that `role` made progress now."""
        with translated():
            self._client.hset(PREFIX + "progress", role, self.now_ms())

    def progress(self) -> dict[str, int]:
        """Return when each role last made progress (ms)."""
        with translated():
            found: dict[bytes, bytes] = self._all(PREFIX + "progress")
        return {name.decode(): int(value) for name, value in found.items()}

    def queue_lengths(self, queues: list[str]) -> dict[str, int]:
        """Return how many messages lie in each of the broker's lists."""
        with translated():
            pipeline = self._client.pipeline(transaction=False)
            for queue in queues:
                pipeline.llen(queue)
            return dict(zip(queues, pipeline.execute(), strict=True))

    def sweep(self) -> dict[str, int]:
        """Mend what a lost second of writes or a jumped clock left and return how much.

        Unseen entries are placed again, orphaned hand-overs removed, far-off times brought back.
        """
        healed = 0
        with translated():
            batch: list[str] = []
            for member, _ in self._client.zscan_iter(PREFIX + "pending", count=500):
                batch.append(member.decode())
                if len(batch) == 500:
                    healed, batch = healed + int(self._run("heal", *batch)), []
            healed += int(self._run("heal", *batch)) if batch else 0
        return {"healed": healed, "clamped": int(self._run("clamp", self._longest)), "orphans": self._orphans()}

    def _orphans(self) -> int:
        removed = 0
        with translated():
            for kind in ("page:", "document:"):
                for key in self._client.scan_iter(PREFIX + kind + "*", count=500):
                    entry = PREFIX + "entry:" + key.decode().removeprefix(PREFIX + kind)
                    if not self._client.exists(entry):
                        removed += int(self._delete(key))
            self._run("recount")
        return removed

    def _all(self, key: str) -> Any:
        return self._client.hgetall(key)

    def _time(self) -> Any:
        return self._client.time()

    def _delete(self, key: bytes) -> Any:
        return self._client.delete(key)
