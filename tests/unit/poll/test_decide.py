from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from workers.errors import Permanent, Transient
from workers.model import Download, Entry, Feed, FeedState, digest
from workers.poll.decide import PollDecision, body_digest, decide_poll, needs_parsing
from workers.poll.parse import ParsedFeed, parse_feed
from workers.poll.schedule import PollRules

NOW = datetime(2025, 9, 4, 12, 0, tzinfo=UTC)
RULES = PollRules(interval=900, floor=300, ceiling=86_400, max_entries=3)
FEED = Feed(id=digest("https://kabar.test/feed"), url="https://kabar.test/feed")
POLLED = FeedState(
    etag='"1"',
    last_modified="Wed, 03 Sep 2025 00:00:00 GMT",
    body_hash=body_digest(b"old"),
    interval=900,
    polls=4,
    entries_seen=9,
    changed_at=NOW - timedelta(hours=1),
)


def body(*titles: str) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://kabar.test/{n}</link></item>" for n, title in enumerate(titles)
    )
    return f"<rss version='2.0'><channel>{items}</channel></rss>".encode()


def download(content: bytes = b"", status: int = 200, **headers: str) -> Download:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Download(url=FEED.url, final_url=FEED.url, status=status, headers=named, body=content)


def poll(
    state: FeedState,
    got: Download | Transient | Permanent,
    known: dict[str, str] | None = None,
    feed: Feed = FEED,
    jitter: float = 0.0,
) -> PollDecision:
    parsed: ParsedFeed | None = None
    if isinstance(got, Download) and needs_parsing(state, got):
        parsed = parse_feed(got.body, feed, now=NOW, max_entries=100)
    return decide_poll(feed, state, parsed, got, known or {}, now=NOW, rules=RULES, jitter=jitter)


def acknowledged(entries: tuple[Entry, ...]) -> dict[str, str]:
    return {entry.id: entry.fingerprint for entry in entries}


def test_first_poll_brings_every_entry_and_its_validators() -> None:
    content = body("a", "b")
    decision = poll(FeedState(), download(content, etag='"2"', last_modified="Thu, 04 Sep 2025 00:00:00 GMT"))
    assert [entry.title for entry in decision.entries] == ["a", "b"]
    state = decision.state
    assert (state.etag, state.last_modified, state.body_hash) == (
        '"2"',
        "Thu, 04 Sep 2025 00:00:00 GMT",
        body_digest(content),
    )
    assert (state.polls, state.entries_seen, state.polled_at, state.changed_at) == (1, 2, NOW, NOW)
    assert (decision.outcome, decision.due) == ("new", NOW + timedelta(seconds=900))


def test_only_new_and_changed_entries_go_on() -> None:
    known = acknowledged(poll(FeedState(), download(body("a", "b"))).entries)
    decision = poll(POLLED, download(body("a", "b (diperbarui)", "c")), known)
    assert [entry.title for entry in decision.entries] == ["b (diperbarui)", "c"]
    assert decision.state.entries_seen == POLLED.entries_seen + 1
    assert "1 new, 1 changed" in decision.why


def test_nothing_new_is_unchanged_but_its_validators_count() -> None:
    known = acknowledged(poll(FeedState(), download(body("a"))).entries)
    decision = poll(POLLED, download(body("a"), etag='"3"'), known)
    assert (decision.outcome, decision.entries, decision.state.etag) == ("unchanged", (), '"3"')
    assert decision.state.changed_at == POLLED.changed_at


def test_304_keeps_the_validators() -> None:
    decision = poll(POLLED, download(status=304, etag='"other"'))
    assert decision.outcome == "not_modified"
    assert (decision.state.etag, decision.state.body_hash) == (POLLED.etag, POLLED.body_hash)


def test_an_identical_body_is_not_parsed() -> None:
    got = download(b"old", etag='"new"')
    assert not needs_parsing(POLLED, got)
    decision = poll(POLLED, got)
    assert (decision.outcome, decision.state.etag, decision.state.body_hash) == ("unchanged", '"new"', POLLED.body_hash)


def test_a_body_that_was_not_read_leaves_no_validator() -> None:
    decision = decide_poll(FEED, POLLED, None, download(b"unread", etag='"x"'), {}, now=NOW, rules=RULES, jitter=0)
    assert (decision.state.etag, decision.state.body_hash) == (POLLED.etag, POLLED.body_hash)


def test_no_more_than_the_bound_goes_on() -> None:
    assert len(poll(FeedState(), download(body(*"abcdef"))).entries) == RULES.max_entries


def test_entries_with_nothing_to_index_are_left_out() -> None:
    content = b"<rss version='2.0'><channel><item><guid isPermaLink='false'>x</guid></item></channel></rss>"
    assert poll(FeedState(), download(content)).entries == ()


ERRORS = [
    (Transient("slow", reason="timeout"), 0, 900, "error"),
    (Transient("slow", reason="timeout"), 1, 1_350, "error"),
    (Transient("no such host", reason="dns"), 3, 2_925, "error"),
    (Transient("down", reason="http_503", retry_after=7_200), 0, 7_200, "error"),
    (Transient("down", reason="http_503", retry_after=10), 3, 3_150, "error"),
    (Transient("down", reason="http_429", retry_after=1e9), 0, 86_400, "error"),
    (Permanent("away", reason="http_404"), 500, 86_400, "error"),
    (Permanent("a page", reason="not_a_feed"), 0, 900, "error"),
    (Permanent("gone", reason="http_410"), 0, 86_400, "gone"),
]


@pytest.mark.parametrize(("error", "failures", "seconds", "outcome"), ERRORS)
def test_errors_back_off_and_keep_what_was_known(
    error: Transient | Permanent, failures: int, seconds: int, outcome: str
) -> None:
    before = msgspec.structs.replace(POLLED, failures=failures)
    decision = poll(before, error)
    assert (decision.outcome, decision.due) == (outcome, NOW + timedelta(seconds=seconds))
    assert (decision.state.failures, decision.state.gone) == (failures + 1, outcome == "gone")
    assert decision.state.error.startswith(error.reason)
    kept = ("etag", "last_modified", "body_hash", "changed_at", "entries_seen")
    assert [getattr(decision.state, name) for name in kept] == [getattr(before, name) for name in kept]


def test_a_good_poll_clears_the_error() -> None:
    broken = msgspec.structs.replace(POLLED, failures=7, error="timeout: slow", gone=True)
    state = poll(broken, download(status=304)).state
    assert (state.failures, state.error, state.gone) == (0, "", False)


def test_the_operators_interval_wins_but_for_retry_after() -> None:
    fixed = msgspec.structs.replace(FEED, interval=60)
    assert poll(POLLED, download(body("a"), cache_control="max-age=9999"), feed=fixed).due == NOW + timedelta(
        seconds=60
    )
    assert poll(POLLED, download(body("a"), retry_after="120"), feed=fixed).due == NOW + timedelta(seconds=120)
    assert poll(POLLED, Transient("x", reason="http_429", retry_after=500), feed=fixed).due == NOW + timedelta(
        seconds=500
    )
