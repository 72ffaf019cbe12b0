"""What travels with a poll: the claimed feed, its new entries with their places, what the commit did."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from workers.model import Entry, Feed, FeedState, encode

FeedStage = Literal["poll", "parse"]


class FeedJob(Struct, frozen=True, kw_only=True):
    """A claimed feed. `download` (packed) is there in stage "parse" only."""

    token: str
    poison: bool
    claims: int
    feed: Feed
    state: FeedState
    now: datetime  # Redis' clock at the claim
    download: bytes


class Placed(Struct, frozen=True, kw_only=True):
    """One new entry with its place in the frontier: the host and the gap (seconds) between two starts there."""

    entry: Entry
    host: str
    gap: float

    @property
    def arguments(self) -> tuple[str | bytes | int, ...]:
        """What commit_poll.lua takes of it."""
        return self.entry.id, self.entry.fingerprint, self.host, int(self.gap * 1000), encode(self.entry)


class Polled(Struct, frozen=True, kw_only=True):
    """What committing a poll did."""

    committed: bool
    new: int = 0
    known: int = 0
    relisted: int = 0
