"""One poll of a feed that leaves no trace: for people who wonder what a feed would bring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from workers.errors import Permanent, Transient
from workers.model import Download, Feed, FeedState
from workers.poll.decide import PollDecision, decide_poll
from workers.poll.entries import host_of
from workers.poll.filters import wanted
from workers.poll.parse import ParsedFeed, parse_feed
from workers.poll.schedule import PollRules, request_headers
from workers.ports import Http

HOSTS = 3  # of the articles, whose robots.txt is asked for


class Trial(Struct, frozen=True, kw_only=True):
    """What a first poll would do. `error` "" when it went well; `download` None when nothing was fetched.

    `status`: the HTTP status that came back, also an unwanted one; None when there was no answer. `left_out`: entries
    that the feed's rules keep out. `refused`: a host's first article → why it can't be fetched, "" if it can.
    """

    feed: Feed
    download: Download | None
    parsed: ParsedFeed | None
    decision: PollDecision
    error: str = ""
    status: int | None = None
    left_out: int = 0
    refused: dict[str, str] = {}


def try_feed(
    feed: Feed, http: Http, *, now: datetime, rules: PollRules, max_bytes: int, ask: Callable[[str], None] | None = None
) -> Trial:
    """Fetch, parse and decide as a first poll of `feed` at `now` would, storing nothing. Fails by value.

    `ask` raises when robots.txt keeps an address from us.
    """
    state = FeedState()
    download: Download | None = None
    parsed: ParsedFeed | None = None
    result: Download | Transient | Permanent
    try:
        result = download = http.get(feed.url, headers=request_headers(feed, state), max_bytes=max_bytes)
        parsed = parse_feed(
            download.body,
            feed,
            url=download.final_url,
            content_type=download.headers.get("content-type", ""),
            now=now,
            max_entries=rules.max_entries,
        )
    except (Transient, Permanent) as error:
        result = error
    decision = decide_poll(feed, state, parsed, result, {}, now=now, rules=rules, jitter=0.0)
    failed = isinstance(result, Transient | Permanent)
    return Trial(
        feed=feed,
        download=download,
        parsed=parsed,
        decision=decision,
        error=decision.state.error if failed else "",
        status=_status(download, result),
        left_out=sum(not wanted(feed, entry) for entry in parsed.entries) if parsed else 0,
        refused=_refused(decision, ask) if ask else {},
    )


def _refused(decision: PollDecision, ask: Callable[[str], None]) -> dict[str, str]:
    firsts: dict[str, str] = {}
    for entry in decision.entries:
        if entry.page:
            firsts.setdefault(host_of(entry.url), entry.url)
    answers = {}
    for url in list(firsts.values())[:HOSTS]:
        try:
            ask(url)
            answers[url] = ""
        except (Transient, Permanent) as error:
            answers[url] = error.reason
    return answers


def _status(download: Download | None, result: Download | Transient | Permanent) -> int | None:
    if download is not None:
        return download.status
    number = "" if isinstance(result, Download) else result.reason.removeprefix("http_")
    return int(number) if number.isdecimal() else None
