"""What a poll means: which entries are new, what to remember of the feed, when to come back. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec import Struct

from workers.errors import Permanent, Transient
from workers.model import Download, Entry, Feed, FeedState, digest
from workers.poll.hints import Hints
from workers.poll.parse import ParsedFeed
from workers.poll.schedule import PollRules, adapted, asked_to_wait, bounded, delay, retry_after, window

Outcome = Literal["new", "unchanged", "not_modified", "error", "gone"]
INDEX_INTERVAL = 3_600  # seconds at most between two looks at a sitemap index: its sitemaps change with the day
LONGEST_VALIDATOR = 1_000  # characters: what a server sends beyond is no ETag worth keeping


class PollDecision(Struct, frozen=True, kw_only=True):
    """The whole effect of one poll, to be committed at once."""

    entries: tuple[Entry, ...]  # new ones, and known ones whose fingerprint changed
    state: FeedState
    due: datetime  # next poll, never before now
    outcome: Outcome
    why: str  # one line for people
    children: tuple[Feed, ...] | None = None  # feeds this document leads to (a sitemap index), None of others


def body_digest(body: bytes) -> str:
    """Return what `FeedState.body_hash` holds for `body`: BLAKE2b-128 in hex."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def needs_parsing(state: FeedState, download: Download) -> bool:
    """Tell whether `download` has to be parsed: not for 304 and not for the very bytes parsed last."""
    return not download.not_modified and body_digest(download.body) != state.body_hash


def decide_poll(
    feed: Feed,
    state: FeedState,
    parsed: ParsedFeed | None,
    download: Download | Transient | Permanent,
    known: Mapping[str, str],
    *,
    now: datetime,
    rules: PollRules,
    jitter: float,
) -> PollDecision:
    """Return what follows from one poll of `feed`.

    `parsed`: what `parse_feed` made of the download; None where `needs_parsing` said no. When fetching or parsing
    failed, `download` is that error: validators and body hash then stay those of the entries already committed.
    `known`: entry id → fingerprint last acknowledged. `jitter`: 0 … 1. It is long because of what it must be told.
    """
    if isinstance(download, Transient | Permanent):
        return _failed(feed, state, download, now, rules, jitter)
    hints = parsed.hints if parsed else Hints()
    every = parsed.entries[: rules.max_entries] if parsed else ()
    entries = tuple(entry for entry in every if _readable(entry) and known.get(entry.id) != entry.fingerprint)
    new = sum(entry.id not in known for entry in entries)
    interval = adapted(state, every, new, now=now, rules=rules)
    children = _children(feed, parsed)
    if children is not None or (parsed is None and state.leads_on):
        interval = bounded(min(interval, INDEX_INTERVAL), rules)
    asked = (
        retry_after(download.headers.get("retry-after", ""), now)
        if feed.interval
        else asked_to_wait(download.headers, hints, now, window(state, every, now))
    )
    seconds = delay(feed, feed.interval or interval, asked, hints, now=now, rules=rules, jitter=jitter)
    outcome: Outcome = "not_modified" if download.not_modified else "new" if entries else "unchanged"
    state = msgspec.structs.replace(
        state,
        polled_at=now,
        changed_at=now if entries else state.changed_at,
        interval=feed.interval or interval,
        failures=0,
        error="",
        polls=state.polls + 1,
        entries_seen=state.entries_seen + new,
        gone=False,
        leads_on=children is not None if parsed else state.leads_on,
        **_validators(state, download, parsed),
    )
    return PollDecision(
        entries=entries,
        state=state,
        due=now + timedelta(seconds=seconds),
        outcome=outcome,
        why=_reason(outcome, new, len(entries), parsed, seconds, asked),
        children=children,
    )


def _children(feed: Feed, parsed: ParsedFeed | None) -> tuple[Feed, ...] | None:
    """The feeds a sitemap index leads to, with the settings of `feed`; an index in an index leads no further."""
    if parsed is None or parsed.version != "sitemap-index":
        return None
    addresses = [url for url in parsed.children if url != feed.url] if not feed.parent else []
    return tuple(
        msgspec.structs.replace(feed, id=digest(url), url=url, parent=feed.id, interval=None) for url in addresses
    )


def _validators(state: FeedState, download: Download, parsed: ParsedFeed | None) -> dict[str, str]:
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


def _readable(entry: Entry) -> bool:
    """Whether there is anything to index: a page to fetch, or words in the feed."""
    return entry.page or bool(entry.content or entry.summary)


def _failed(
    feed: Feed, state: FeedState, error: Transient | Permanent, now: datetime, rules: PollRules, jitter: float
) -> PollDecision:
    failures = state.failures + 1
    gone = state.gone or error.reason == "http_410"
    interval = feed.interval or state.interval or rules.interval
    most = max(feed.interval or 0, rules.ceiling)
    asked = (error.retry_after or 0.0) if isinstance(error, Transient) else 0.0
    chosen = float(most) if gone else min(float(interval) * failures, most)
    seconds = delay(feed, chosen, asked, Hints(), now=now, rules=rules, jitter=jitter)
    state = msgspec.structs.replace(
        state,
        polled_at=now,
        interval=feed.interval or bounded(interval, rules),
        failures=failures,
        error=f"{error.reason}: {error}"[:500],
        polls=state.polls + 1,
        gone=gone,
    )
    why = (
        "410: the publisher took the feed away; polled no more"
        if gone
        else (
            f"{error.reason} (failure {failures} in a row), again in {seconds:.0f} s"
            + (f", {asked:.0f} s were asked for" if asked else "")
        )
    )
    return PollDecision(
        entries=(), state=state, due=now + timedelta(seconds=seconds), outcome="gone" if gone else "error", why=why
    )


def _reason(outcome: Outcome, new: int, given: int, parsed: ParsedFeed | None, seconds: float, asked: float) -> str:
    said = {
        "new": f"{new} new, {given - new} changed",
        "unchanged": "nothing new" if parsed else "the same document as last time",
        "not_modified": "not modified (304)",
    }[outcome]
    dropped = f", {parsed.dropped} items beyond the bound left out" if parsed and parsed.dropped else ""
    return f"{said}{dropped}; next in {seconds:.0f} s" + (f" ({asked:.0f} s asked for)" if asked else "")
