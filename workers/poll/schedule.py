"""When to poll a feed next, and which headers to ask with. Pure arithmetic: seconds in, seconds out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from msgspec import Struct

from workers.model import Entry, Feed, FeedState
from workers.poll.hints import Hints

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, */*;q=0.5"
)
SHORTEN, LENGTHEN = 0.5, 1.25  # after polls that may have missed items; after polls that found nothing
SHARE_OF_SILENCE = 0.25  # a feed silent for a day is asked every six hours, not sooner forgotten
WINDOW = timedelta(days=7)  # of items that tell the posting rate
SHARE_OF_WINDOW = 0.5  # of the time a feed's items span: polled later, items come and go unseen
FULL_SHARE = 0.01  # of polls that ask for the whole document whatever was said before
UNREAD_WINDOW = 16  # intervals a feed's items are taken to span where none was read (304)


class PollRules(Struct, frozen=True, kw_only=True):
    """The operator's bounds of polling. Times are seconds; `max_entries` items of one document are read."""

    interval: int = 900  # of a feed that says nothing else
    floor: int = 300
    ceiling: int = 86_400
    max_entries: int = 2_000


def rules_for(feed: Feed, rules: PollRules) -> PollRules:
    """Return `rules` with the feed's own floor and ceiling."""
    floor = feed.floor if feed.floor is not None else rules.floor
    ceiling = max(feed.ceiling if feed.ceiling is not None else rules.ceiling, floor)
    return PollRules(interval=rules.interval, floor=floor, ceiling=ceiling, max_entries=rules.max_entries)


def request_headers(feed: Feed, state: FeedState, *, draw: float = 1.0) -> dict[str, str]:
    """Return the headers of a conditional request (RFC 9110, section 13.1); the operator's own win.

    `draw` (0 … 1, random): one poll in a hundred asks without conditions, and so does every one of a server that was
    caught with a wrong 304 (NewsBlur and rss-fetcher know such).
    """
    headers = {"Accept": ACCEPT}
    conditional = draw >= FULL_SHARE and not state.distrusted
    if conditional and state.etag:
        headers["If-None-Match"] = state.etag
    if conditional and state.last_modified:
        headers["If-Modified-Since"] = state.last_modified
    given = {name.lower() for name in feed.headers}
    return {name: value for name, value in headers.items() if name.lower() not in given} | feed.headers


def adapted(
    state: FeedState,
    entries: Sequence[Entry],
    new: int,
    *,
    now: datetime,
    rules: PollRules,
    filtered: bool = False,
) -> int:
    """Return the interval after a good poll that found `new` new ones among `entries` (none given: nothing was read).

    `filtered`: the feed listed more, which the operator's rules left out; what they let through tells no overlap.
    All items new: some may have come and gone unseen, so halve. Some new: move towards the mean gap between the last
    week's items. None new: lengthen by a quarter, but to no more than a quarter of the feed's silence (or the default).
    """
    gap = posting_gap(entries, now)
    if not state.interval:
        wanted = min(gap, float(rules.interval)) if gap else float(rules.interval)
    elif new == len(entries) and new > 1 and not filtered:
        wanted = state.interval * SHORTEN
    elif new:
        wanted = max(min(gap or state.interval, state.interval), state.interval * SHORTEN)
    else:
        silence = (now - state.changed_at).total_seconds() if state.changed_at else float(rules.ceiling)
        wanted = min(state.interval * LENGTHEN, max(float(rules.interval), silence * SHARE_OF_SILENCE, state.interval))
    return bounded(wanted, rules)


def posting_gap(entries: Sequence[Entry], now: datetime) -> float | None:
    """Return the mean seconds between items of the last week, None when fewer than two are dated."""
    times = [
        entry.published_at for entry in entries if entry.published_at and now - WINDOW <= entry.published_at <= now
    ]
    if len(times) < 2:
        return None
    return max((now - min(times)).total_seconds() / len(times), 1.0)


def window(state: FeedState, entries: Sequence[Entry], now: datetime) -> float | None:
    """Return the seconds that a feed's items span, None when unknown.

    Items older than a week are left out when most are younger (one kept on top for a year says nothing). Where none was
    read, it is guessed from the interval chosen by the last poll.
    """
    if not entries:
        return float(state.interval * UNREAD_WINDOW) or None
    times = [entry.published_at for entry in entries if entry.published_at]
    young = [time for time in times if now - WINDOW <= time]
    if len(young) * 2 > len(times):
        times = young
    return (max(times) - min(times)).total_seconds() or None if times else None


def asked_to_wait(headers: Mapping[str, str], hints: Hints, now: datetime, spanned: float | None = None) -> float:
    """Return the longest rest, in seconds, that answer and document ask for (0.0: none).

    `Retry-After` (RFC 9110, section 10.2.3) is an order. The others are advice, followed for at most half of what the
    feed's items span (`spanned` seconds, where known): `ttl` (RSS 2.0), `sy:updatePeriod/Frequency` (RSS 1.0
    syndication), `Cache-Control: max-age` less `Age`, else `Expires` (RFC 9111, section 4.2.1).
    """
    advice = max(float(hints.ttl_seconds or 0), float(hints.period_seconds or 0), _freshness(headers, now))
    if spanned is not None:
        advice = min(advice, spanned * SHARE_OF_WINDOW)
    return max(advice, retry_after(headers.get("retry-after", ""), now))


def _freshness(headers: Mapping[str, str], now: datetime) -> float:
    """The seconds for which caches may keep the answer."""
    directives = {
        name.strip().lower(): value.strip(' "')
        for name, _, value in (part.partition("=") for part in headers.get("cache-control", "")[:1_000].split(","))
    }
    if "no-store" in directives or "no-cache" in directives:
        return 0.0
    if "max-age" in directives:
        return _seconds(directives["max-age"]) - _seconds(headers.get("age", ""))
    expires = http_date(headers.get("expires", ""))
    return (expires - now).total_seconds() if expires else 0.0


def retry_after(value: str, now: datetime) -> float:
    """Return the seconds a Retry-After header asks for: a number or an HTTP date; 0.0 when it says nothing usable."""
    if when := http_date(value):
        return max((when - now).total_seconds(), 0.0)
    return _seconds(value)


def http_date(value: str) -> datetime | None:
    """Return an HTTP date (RFC 9110, section 5.6.7) in UTC, None when it is none."""
    try:
        when = parsedate_to_datetime(value[:100])
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def delay(
    feed: Feed, chosen: float, asked: float, hints: Hints, *, now: datetime, rules: PollRules, jitter: float
) -> float:
    """Return the seconds until the next poll: `chosen` by us, at least what was `asked`, off hours skipped.

    The operator's own interval stands as it is, except that Retry-After (passed as `asked` then) is obeyed. `jitter`
    (0 … 1) adds up to a tenth, so that feeds started together drift apart. Never beyond the ceiling.
    """
    least, most = (feed.interval, max(feed.interval, rules.ceiling)) if feed.interval else (rules.floor, rules.ceiling)
    seconds = min(max(chosen, asked, least), most)
    if not feed.interval:
        seconds = skipping(seconds, hints, now, most)
    return min(seconds * (1 + 0.1 * min(max(jitter, 0.0), 1.0)), most)


def skipping(seconds: float, hints: Hints, now: datetime, most: float) -> float:
    """Move a poll out of the hours and days (UTC) the feed asks to be left alone in, by no more than `most` allows."""
    moved = seconds
    while moved < most:
        due = now + timedelta(seconds=moved)
        if due.hour not in hints.skip_hours and due.weekday() not in hints.skip_days:
            return moved
        next_hour = due.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        moved = max((next_hour - now).total_seconds(), moved + 1)
    return seconds if moved == seconds else most


def bounded(seconds: float, rules: PollRules) -> int:
    """Return `seconds` as a whole number within floor and ceiling."""
    return int(min(max(seconds, rules.floor), rules.ceiling))


def _seconds(value: str) -> float:
    value = value.strip()
    return float(value) if value.isascii() and value.isdigit() and len(value) <= 10 else 0.0
