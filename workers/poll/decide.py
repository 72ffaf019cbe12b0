"""What a poll means: which entries are new, what to remember of the feed, when to come back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec import Struct

from workers.errors import Permanent, Transient
from workers.model import Download, Entry, Feed, FeedState, digest
from workers.poll import moves
from workers.poll.failures import backoff, class_of, is_unreachable, weight_after
from workers.poll.filters import wanted
from workers.poll.hints import Hints
from workers.poll.parse import ParsedFeed
from workers.poll.remember import body_digest, figures, validators
from workers.poll.schedule import (
    PollRules,
    adapted,
    asked_to_wait,
    bounded,
    delay,
    retry_after,
    rules_for,
    window,
)

Outcome = Literal["new", "unchanged", "not_modified", "error", "gone", "outage"]  # outage: it is our own network
INDEX_INTERVAL = 3_600  # seconds at most between two looks at a sitemap index: its sitemaps change with the day
LONGEST_ERROR = 300  # characters


class PollDecision(Struct, frozen=True, kw_only=True):
    """The whole effect of one poll, to be committed at once."""

    entries: tuple[Entry, ...]  # new ones, and known ones whose fingerprint changed
    state: FeedState
    due: datetime  # next poll, never before now
    outcome: Outcome
    why: str  # one line for people
    children: tuple[Feed, ...] | None = None  # feeds this document leads to (a sitemap index), None of others
    new: int = 0
    missed: bool = False  # every item was new: some had probably come and gone unseen


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
    outage: bool = False,
) -> PollDecision:
    """Return what follows from one poll of `feed`.

    `parsed`: what `parse_feed` made of the download; None where `needs_parsing` said no. When fetching or parsing
    failed, `download` is that error: validators and body hash then stay those of the entries already committed.
    `known`: entry id → fingerprint last acknowledged. `jitter`: 0 … 1. `outage`: most hosts do not answer now, so that
    a failure to reach this one says nothing about it. It is long because of what it must be told.
    """
    rules = rules_for(feed, rules)
    if isinstance(download, Transient | Permanent):
        return _failed(feed, state, download, now, rules, jitter, outage)
    listed = parsed.entries[: rules.max_entries] if parsed else ()
    every = tuple(entry for entry in listed if wanted(feed, entry))
    filtered = len(every) < len(listed)
    entries = tuple(entry for entry in every if _readable(entry) and known.get(entry.id) != entry.fingerprint)
    new = sum(entry.id not in known for entry in entries)
    missed = new > 1 and new == len(every) and not filtered and state.changed_at is not None
    children = _children(feed, parsed)
    interval = adapted(state, every, new, now=now, rules=rules, filtered=filtered)
    if children is not None or (parsed is None and state.leads_on):
        interval = bounded(min(interval, INDEX_INTERVAL), rules)
    seconds, asked = _wait(feed, state, parsed, every, download, interval, now=now, rules=rules, jitter=jitter)
    outcome: Outcome = "not_modified" if download.not_modified else "new" if entries else "unchanged"
    return PollDecision(
        entries=entries,
        state=msgspec.structs.replace(
            moves.after_answer(feed, state, download, now),
            polled_at=now,
            changed_at=now if new else state.changed_at,
            interval=feed.interval or interval,
            failures=0,
            weight=0.0,
            error="",
            error_class="",
            polls=state.polls + 1,
            entries_seen=state.entries_seen + new,
            gone=False,
            leads_on=children is not None if parsed else state.leads_on,
            **validators(state, download, parsed),
            **figures(state, every, download, new, missed=missed, now=now),
        ),
        due=now + timedelta(seconds=seconds),
        outcome=outcome,
        why=_reason(outcome, new, len(entries), parsed, seconds, asked, missed),
        children=children,
        new=new,
        missed=missed,
    )


def _wait(
    feed: Feed,
    state: FeedState,
    parsed: ParsedFeed | None,
    every: Sequence[Entry],
    download: Download,
    interval: int,
    *,
    now: datetime,
    rules: PollRules,
    jitter: float,
) -> tuple[float, float]:
    """Return the seconds until the next poll, and those that answer and document asked for."""
    hints = parsed.hints if parsed else Hints()
    asked = (
        retry_after(download.headers.get("retry-after", ""), now)
        if feed.interval
        else asked_to_wait(download.headers, hints, now, window(state, every, now))
    )
    return delay(feed, feed.interval or interval, asked, hints, now=now, rules=rules, jitter=jitter), asked


def _children(feed: Feed, parsed: ParsedFeed | None) -> tuple[Feed, ...] | None:
    """The feeds a sitemap index leads to, with the settings of `feed`; an index in an index leads no further."""
    if parsed is None or parsed.version != "sitemap-index":
        return None
    addresses = [url for url in parsed.children if url != feed.url] if not feed.parent else []
    return tuple(
        msgspec.structs.replace(feed, id=digest(url), url=url, parent=feed.id, interval=None) for url in addresses
    )


def _readable(entry: Entry) -> bool:
    """Whether there is anything to index: a page to fetch, or words in the feed."""
    return entry.page or bool(entry.content or entry.summary)


def _failed(
    feed: Feed,
    state: FeedState,
    error: Transient | Permanent,
    now: datetime,
    rules: PollRules,
    jitter: float,
    outage: bool,
) -> PollDecision:
    frozen = outage and is_unreachable(error)
    gone = not frozen and (state.gone or (error.reason == "http_410" and not state.moved))
    weight = state.weight if frozen else weight_after(state, error)
    interval = feed.interval or state.interval or rules.interval
    most = float(max(feed.interval or 0, rules.ceiling))
    asked = (error.retry_after or 0.0) if isinstance(error, Transient) else 0.0
    chosen = float(rules.floor) if frozen else most if gone else backoff(interval, weight, most)
    seconds = delay(feed, chosen, asked, Hints(), now=now, rules=rules, jitter=jitter)
    failures = state.failures + (not frozen)
    changed = msgspec.structs.replace(
        state,
        polled_at=now,
        interval=feed.interval or bounded(interval, rules),
        failures=failures,
        weight=weight,
        error=f"{error.reason}: {error}"[:LONGEST_ERROR],
        error_class=class_of(error),
        polls=state.polls + 1,
        gone=gone,
    )
    outcome: Outcome = "outage" if frozen else "gone" if gone else "error"
    return PollDecision(
        entries=(),
        state=moves.after_failure(feed, changed, gone=error.reason == "http_410"),
        due=now + timedelta(seconds=seconds),
        outcome=outcome,
        why=_complaint(outcome, error, failures, seconds, asked),
    )


def _complaint(outcome: Outcome, error: Transient | Permanent, failures: int, seconds: float, asked: float) -> str:
    if outcome == "gone":
        return "410: the publisher took the feed away; polled no more"
    if outcome == "outage":
        return f"{error.reason}, but most hosts do not answer now: not counted, again in {seconds:.0f} s"
    told = f", {asked:.0f} s were asked for" if asked else ""
    return f"{error.reason} (failure {failures} in a row), again in {seconds:.0f} s{told}"


def _reason(
    outcome: Outcome, new: int, given: int, parsed: ParsedFeed | None, seconds: float, asked: float, missed: bool
) -> str:
    said = {
        "new": f"{new} new, {given - new} changed",
        "unchanged": "nothing new" if parsed else "the same document as last time",
        "not_modified": "not modified (304)",
    }[outcome]
    dropped = f", {parsed.dropped} items beyond the bound left out" if parsed and parsed.dropped else ""
    unseen = ", every item new: some were probably missed" if missed else ""
    return f"{said}{dropped}{unseen}; next in {seconds:.0f} s" + (f" ({asked:.0f} s asked for)" if asked else "")
