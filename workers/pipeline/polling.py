"""The poll verb: feeds downloaded on threads, parsed in processes, committed whole."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from workers.errors import Permanent, StoreUnavailable, Transient
from workers.fetch.politeness import host_of
from workers.model import Download
from workers.pipeline.batch import Batch, log, trace_of
from workers.poll.decide import PollDecision, decide_poll, needs_parsing
from workers.poll.events import event_of, pack_event
from workers.poll.failures import PUSHED_BACK, host_rest, is_unreachable
from workers.poll.moves import address
from workers.poll.outage import is_telling
from workers.poll.parse import ParsedFeed, parse_feed
from workers.poll.report import report_of
from workers.poll.schedule import request_headers
from workers.state.dead_letters import DeadLetter
from workers.state.handover import pack, unpack
from workers.state.polls import FeedJob, Placed, Polled

Failure = tuple[Transient | Permanent, BaseException | None]
BLAMELESS = {"shutdown", "stalled"}  # say nothing about the feed: it is given back
DEADLY = {"killed_its_worker", "out_of_memory", "too_slow", "unforeseen"}  # worth an operator's look
REMEMBERED = 1_000  # seen entries a feed may keep before those it no longer lists are dropped


def poll_one(batch: Batch, feed_id: str) -> bool:
    """Download a due feed; True when its body waits to be parsed."""
    job = batch.parts.state.feeds.claim("poll", feed_id, batch.token)
    if job is None:
        return False
    waiting: list[str] = []
    _guarded(batch, job, lambda: _download(batch, job, waiting))
    return bool(waiting)


def parse_one(batch: Batch, feed_id: str) -> bool:
    """Parse a downloaded feed and commit what is new in it; True when there is something."""
    job = batch.parts.state.feeds.claim("parse", feed_id, batch.token)
    if job is None:
        return False
    polled: list[Polled] = []
    _guarded(batch, job, lambda: polled.append(_parse(batch, job)))
    return any(p.new for p in polled)


def _guarded(batch: Batch, job: FeedJob, work: Callable[[], None]) -> None:
    """Work on one feed; whatever goes wrong becomes its state and stops no other feed."""
    if job.poison:
        message = f"{job.claims - 1} polls of this feed ended without an outcome"
        failure: Failure = (Permanent(message, reason="killed_its_worker"), None)
    else:
        found = batch.failure(work)
        if found is None:
            return
        failure = found
    error, cause = failure
    if isinstance(error, StoreUnavailable) or error.reason in BLAMELESS:
        batch.parts.state.feeds.release([job.feed.id], batch.token)
        return
    if error.reason in DEADLY:
        _bury(batch, job, error, cause)
    finish(batch, job, None, error)


def _download(batch: Batch, job: FeedJob, waiting: list[str]) -> None:
    parts = batch.parts
    with batch.timed("poll"):
        got = parts.http.get(
            address(job.feed, job.state),
            headers=request_headers(job.feed, job.state, draw=1 - parts.random()),
            max_bytes=parts.rules.feed_max_bytes,
        )
    if needs_parsing(job.state, got):
        parts.state.feeds.commit_download(job, pack(got))
        waiting.append(job.feed.id)
    else:
        finish(batch, job, None, got)


def _parse(batch: Batch, job: FeedJob) -> Polled:
    download = unpack(job.download, Download)
    with batch.timed("parse"), batch.limited():
        parsed = parse_feed(
            download.body,
            job.feed,
            url=download.final_url,
            content_type=download.headers.get("content-type", ""),
            now=job.now,
            max_entries=batch.parts.rules.poll.max_entries,
        )
    return finish(batch, job, parsed, download)


def finish(batch: Batch, job: FeedJob, parsed: ParsedFeed | None, got: Download | Transient | Permanent) -> Polled:
    """Decide what the poll means and commit it."""
    parts = batch.parts
    entries = parsed.entries if parsed else ()
    ids = [entry.id for entry in entries]
    known = parts.state.feeds.known(job.feed.id, entries)
    decision = decide_poll(
        job.feed,
        job.state,
        parsed,
        got,
        known,
        now=job.now,
        rules=parts.rules.poll,
        jitter=parts.random(),
        outage=_unanswered(got) and parts.state.hosts.unreached(_host(job), telling=is_telling(job.state)),
    )
    return commit(batch, job, decision, ids, got)


def _host(job: FeedJob) -> str:
    """The host that was asked: a feed that moved is its new host's guest."""
    return host_of(address(job.feed, job.state))


def _unanswered(got: Download | Transient | Permanent) -> bool:
    return isinstance(got, Transient | Permanent) and is_unreachable(got)


def commit(
    batch: Batch, job: FeedJob, decision: PollDecision, ids: list[str], got: Download | Transient | Permanent
) -> Polled:
    """Write a decision to Redis in one script."""
    feeds, gap = batch.parts.state.feeds, batch.parts.rules.gap
    placed = []
    for entry in decision.entries:
        host = host_of(entry.url or job.feed.url)
        placed.append(Placed(entry=entry, host=host, gap=gap(host)))
    crowded = len(ids) > 0 and feeds.remembered(job.feed.id) > max(REMEMBERED, 3 * len(ids))
    delay = max(0.0, (decision.due - job.now).total_seconds())
    if isinstance(got, Transient) and got.reason in PUSHED_BACK:
        batch.parts.state.hosts.quiet(_host(job), host_rest(got.retry_after, decision.state.failures))
    event = event_of(decision, got, len(ids), job.now)
    polled = feeds.commit_poll(
        job,
        decision.state,
        delay,
        placed,
        ids if crowded else (),
        pack_event(event),
        answered=not _unanswered(got),
        report=report_of(job.feed, decision, event, job.now) if batch.parts.store.shows_polls else None,
    )
    if polled.committed and decision.children is not None:
        feeds.adopt(job.feed.id, decision.children)
    log.info(
        "polled", feed=job.feed.url, outcome=decision.outcome, new=polled.new, delay=round(delay), why=decision.why
    )
    return polled


def _bury(batch: Batch, job: FeedJob, error: Transient | Permanent, cause: BaseException | None) -> None:
    """Note a feed that breaks or ends its worker; it is polled again later all the same."""
    letter = DeadLetter(
        id=job.feed.id,
        kind="feed",
        stage=batch.stage,
        reason=error.reason,
        message=str(error),
        url=job.feed.url,
        feed_id=job.feed.id,
        title=job.feed.title,
        attempts=job.claims - job.poison,
        buried_at=batch.parts.clock(),
        traceback=trace_of(error, cause),
    )
    batch.parts.state.feeds.bury(job.feed.id, msgspec.json.encode(letter), batch.parts.rules.dead_letters)
    log.warning("dead_letter", stage=batch.stage, feed=job.feed.url, reason=error.reason)
