"""Looking again at the pages of young articles, for edits: when, and which first."""

from __future__ import annotations

from datetime import datetime

from workers.fetch.refetch import is_young, next_age
from workers.pipeline.parts import Parts
from workers.state.entries import Again, Job

RECALLED = 200  # entries that one tick may place again


def again(parts: Parts, job: Job, published_at: datetime | None = None) -> Again | None:
    """Return when to look again at the page of `job`, just seen; None: never (no page, no longer young, too old).

    Ages count from when the feed first showed the article; one published long before is none that is still edited.
    """
    ages = parts.rules.refetch_after
    if not job.entry.page or not job.claimed_ms:
        return None
    since_ms = job.since_ms or job.first_seen_ms
    published_at = published_at or job.entry.published_at
    if published_at is not None and not is_young(since_ms / 1000 - published_at.timestamp(), ages):
        return None
    age = next_age((job.claimed_ms - since_ms) / 1000, ages, parts.random())
    return None if age is None else Again(due_ms=since_ms + int(age * 1000), since_ms=since_ms)


def recall(parts: Parts) -> int:
    """Place entries whose pages are due for another look; returns how many."""
    rules = parts.rules
    if not rules.refetch_after:
        return 0
    return parts.state.frontier.recall(
        RECALLED, rules.batch_size, max_pending=rules.max_pending, entry_bytes=rules.entry_bytes
    )
