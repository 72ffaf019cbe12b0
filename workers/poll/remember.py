"""What a good poll leaves to remember: validators, posting rate, misses, and whether its 304s can be believed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from workers.model import Download, Entry, FeedState
from workers.poll.parse import ParsedFeed
from workers.poll.schedule import http_date, posting_gap

CLOCKS = timedelta(minutes=1)  # that a server's clock may differ from ours
LONGEST_VALIDATOR = 1_000  # characters: what a server sends beyond is no ETag worth keeping


def body_digest(body: bytes) -> str:
    """Return what `FeedState.body_hash` holds for `body`: BLAKE2b-128 in hex."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def validators(state: FeedState, download: Download, parsed: ParsedFeed | None) -> dict[str, str]:
    """The validators that stand for what is committed now: those of a body that was read, or is the one read before."""
    if download.not_modified:
        return {}
    same = body_digest(download.body)
    if parsed is None and same != state.body_hash:
        return {}  # not read, so it stands for nothing
    etag, modified = download.headers.get("etag", ""), download.headers.get("last-modified", "")
    return {
        "etag": etag if len(etag) <= LONGEST_VALIDATOR else "",
        "last_modified": modified if len(modified) <= LONGEST_VALIDATOR else "",
        "body_hash": same,
    }


def figures(
    state: FeedState, every: Sequence[Entry], download: Download, new: int, *, missed: bool, now: datetime
) -> dict[str, Any]:
    """What the poll tells about the feed's habits, and about its server's honesty."""
    gap = posting_gap(every, now)
    per_day = 86_400 / gap if gap else state.per_day
    silence = (now - state.polled_at).total_seconds() if state.polled_at else 0.0
    lost = max(0, round(per_day * silence / 86_400) - new) if missed else 0
    return {
        "per_day": round(per_day, 3),
        "missed": state.missed + missed,
        "missed_items": state.missed_items + lost,
        "unmodified": state.unmodified + 1 if download.not_modified else 0,
        "distrusted": state.distrusted or _lied(state, download, new),
    }


def _lied(state: FeedState, download: Download, new: int) -> bool:
    """Whether the answer proves a 304 wrong: new items under the old ETag, or changed before the last 304 was sent."""
    if download.not_modified or not new or not state.unmodified:
        return False
    etag, modified = download.headers.get("etag", ""), download.headers.get("last-modified", "")
    if state.etag and etag == state.etag:
        return True
    changed = http_date(modified) if modified != state.last_modified else None
    return bool(changed and state.polled_at and changed + CLOCKS < state.polled_at)
