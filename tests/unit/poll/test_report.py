"""What operators are told about a poll, as a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from workers.errors import Permanent, Transient
from workers.model import Download, Feed, FeedState
from workers.poll.decide import decide_poll
from workers.poll.events import event_of
from workers.poll.report import LONGEST_TEXT, LONGEST_URL, report_of
from workers.poll.schedule import PollRules
from workers.reports import PollReport

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
FEED = Feed(id="f", url="https://harian.test/feed", title="Harian", site="harian.test", folder="Riau")
RULES = PollRules(interval=900, floor=300, ceiling=86_400, max_entries=2_000)
SAME = Download(url=FEED.url, final_url=FEED.url, status=304, headers={}, body=b"", elapsed=0.25)
ACTIVE = FeedState(polled_at=NOW, changed_at=NOW - timedelta(hours=1), per_day=24.0, polls=9)
QUIET = FeedState(polled_at=NOW, changed_at=NOW - timedelta(days=40), per_day=2.0, polls=9)


def told(got: Download | Transient | Permanent, state: FeedState = ACTIVE, feed: Feed = FEED) -> PollReport:
    decision = decide_poll(feed, state, None, got, {}, now=NOW, rules=RULES, jitter=0.5)
    return report_of(feed, decision, event_of(decision, got, 0, NOW), NOW)


CASES: list[tuple[str, Any, FeedState, dict[str, Any]]] = [
    ("nothing new", SAME, ACTIVE, {"outcome": "not_modified", "status": 304, "reason": "", "health": "well"}),
    ("silent", SAME, QUIET, {"health": "silent", "silent": True, "per_day": 2.0}),
    (
        "a refusal",
        Permanent("HTTP 403", reason="http_403"),
        ACTIVE,
        {"outcome": "error", "status": 403, "reason": "http_403", "health": "failing", "failures": 1, "silent": False},
    ),
    (
        "no answer",
        Transient("no name", reason="dns"),
        ACTIVE,
        {"outcome": "error", "status": 0, "reason": "dns", "error_class": "dns", "error": "dns: no name"},
    ),
    (
        "retired",
        Permanent("HTTP 410", reason="http_410"),
        ACTIVE,
        {"outcome": "gone", "status": 410, "reason": "http_410", "health": "gone"},
    ),
]


@pytest.mark.parametrize(("got", "state", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_the_report_of_a_poll(got: Any, state: FeedState, expected: dict[str, Any]) -> None:
    report = told(got, state)
    assert {name: getattr(report, name) for name in expected} == expected
    assert (report.title, report.site, report.folder, report.feed_id) == ("Harian", "harian.test", "Riau", "f")
    assert report.due_at == NOW + timedelta(seconds=report.delay)


def test_each_poll_has_a_name_of_its_own() -> None:
    other = Feed(id="g", url="https://harian.test/other")
    assert told(SAME).id == told(SAME).id
    assert told(SAME).id != told(SAME, feed=other).id


def test_a_feed_that_moved_says_where_it_is_polled() -> None:
    moved = FeedState(moved=True, moved_to="https://harian.test/rss", moved_from=FEED.url, polls=9)
    report = told(Transient("HTTP 503", reason="http_503"), moved)
    assert report.moved_to == report.url == "https://harian.test/rss"


def test_texts_are_bounded() -> None:
    feed = Feed(id="f", url="https://harian.test/" + "u" * 50_000, title="t" * 50_000, folder="f" * 50_000)
    report = told(Permanent("e" * 50_000, reason="bad_url"), feed=feed)
    assert len(report.url) == LONGEST_URL
    assert max(len(report.title), len(report.folder), len(report.error), len(report.why)) <= LONGEST_TEXT
