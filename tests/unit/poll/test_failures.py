"""Failures by class, our own outages, moves, wrong 304s, missed items and the operator's filters: each rule a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from workers.errors import Permanent, Transient
from workers.model import Download, Entry, Feed, FeedState, digest
from workers.poll.decide import decide_poll
from workers.poll.events import SIZE, event_of, pack_event, unpack_events
from workers.poll.failures import backoff, class_of
from workers.poll.filters import rule_problem, wanted
from workers.poll.health import health_of
from workers.poll.moves import GIVE_UP, MOVE_POLLS, address, after_answer, after_failure
from workers.poll.outage import is_own_outage
from workers.poll.parse import parse_feed
from workers.poll.schedule import FULL_SHARE, PollRules, request_headers

NOW = datetime(2025, 9, 4, 12, 0, tzinfo=UTC)
RULES = PollRules(interval=900, floor=300, ceiling=86_400)
FEED = Feed(id=digest("https://kabar.test/feed"), url="https://kabar.test/feed")
NEW = "https://baru.test/feed"

CLASSES = [
    ("dns", "dns", "rss-fetcher: a name server that does not answer weighs a quarter"),
    ("timeout", "soft", "rss-fetcher"),
    ("connect", "soft", "rss-fetcher"),
    ("tls", "soft", "rss-fetcher: certificates are renewed late"),
    ("incomplete", "soft", "RFC 9112 8"),
    ("http_404", "soft", "rss-fetcher: many come back"),
    ("http_429", "soft", "RFC 6585"),
    ("http_500", "soft", "RFC 9110 15.6"),
    ("http_503", "soft", "RFC 9110 15.6.4"),
    ("bot_challenge", "challenge", "miniflux: told from a plain 403"),
    ("http_401", "hard", "RFC 9110 15.5.2"),
    ("http_403", "hard", "RFC 9110 15.5.4"),
    ("http_410", "hard", "RFC 9110 15.5.11"),
    ("not_a_feed", "hard", "practice"),
    ("bad_xml", "hard", "practice"),
    ("redirect_loop", "hard", "practice"),
    ("forbidden_address", "hard", "practice"),
]


@pytest.mark.parametrize(("reason", "kind", "source"), CLASSES, ids=[row[0] for row in CLASSES])
def test_every_error_has_a_class(reason: str, kind: str, source: str) -> None:
    assert class_of(Transient("x", reason=reason)) == kind, source
    assert class_of(Permanent("x", reason=reason)) == kind, source


def test_backoff_is_linear_in_the_weight_up_to_the_ceiling() -> None:
    assert [backoff(900, weight, 86_400) for weight in (0.25, 1, 2.5, 30, 1e6)] == [900, 900, 2_250, 27_000, 86_400]


def failed(state: FeedState, reason: str, *, outage: bool = False) -> FeedState:
    error = Transient("x", reason=reason)
    return decide_poll(FEED, state, None, error, {}, now=NOW, rules=RULES, jitter=0, outage=outage).state


def test_a_feed_is_never_given_up() -> None:
    state = FeedState(interval=900)
    for _ in range(500):
        decision = decide_poll(
            FEED, state, None, Permanent("x", reason="http_403"), {}, now=NOW, rules=RULES, jitter=0.5
        )
        state = decision.state
        assert NOW < decision.due <= NOW + timedelta(seconds=RULES.ceiling)
    assert (state.failures, state.weight, state.gone) == (500, 500.0, False)


def test_our_own_outage_freezes_the_counters_and_comes_back_soon() -> None:
    before = FeedState(interval=3_600, failures=2, weight=1.0)
    decision = decide_poll(
        FEED, before, None, Transient("x", reason="dns"), {}, now=NOW, rules=RULES, jitter=0, outage=True
    )
    assert (decision.outcome, decision.state.failures, decision.state.weight) == ("outage", 2, 1.0)
    assert decision.due == NOW + timedelta(seconds=RULES.floor)
    assert failed(before, "http_500", outage=True).failures == 3, "an answer is no outage"


OUTAGES = [
    (0, 0, False),
    (7, 7, False),
    (8, 8, True),
    (8, 6, True),
    (100, 74, False),
    (100, 75, True),
    (14_000, 1, False),
]


@pytest.mark.parametrize(("hosts", "unreachable", "outage"), OUTAGES)
def test_most_hosts_failing_at_once_is_our_outage(hosts: int, unreachable: int, outage: bool) -> None:
    assert is_own_outage(hosts, unreachable) is outage


def answer(led: str = "", **headers: str) -> Download:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = b"<rss version='2.0'><channel><title>t</title></channel></rss>"
    return Download(url=FEED.url, final_url=led or FEED.url, status=200, headers=named, body=body, permanent_url=led)


def polled(state: FeedState, led: str, times: int, every: timedelta) -> FeedState:
    for number in range(times):
        state = after_answer(FEED, state, answer(led), NOW + number * every)
    return state


MOVES = [
    ("often, but within a day", MOVE_POLLS + 10, timedelta(minutes=30), False),
    ("for days, but seldom", MOVE_POLLS - 1, timedelta(days=1), False),
    ("often and for days", MOVE_POLLS, timedelta(hours=4), True),
]


@pytest.mark.parametrize(("times", "every", "moved"), [row[1:] for row in MOVES], ids=[row[0] for row in MOVES])
def test_a_move_is_believed_after_the_same_answer_for_long(times: int, every: timedelta, moved: bool) -> None:
    state = polled(FeedState(), NEW, times, every)
    assert address(FEED, state) == (NEW if moved else FEED.url)


def test_another_target_or_none_begins_anew() -> None:
    almost = polled(FeedState(), NEW, MOVE_POLLS - 1, timedelta(days=1))
    assert after_answer(FEED, almost, answer("https://lain.test/"), NOW).moved_polls == 1
    assert after_answer(FEED, almost, answer(), NOW).moved_to == ""


def test_a_move_stays_while_its_address_answers_and_ends_when_it_fails_or_the_operator_changes_it() -> None:
    moved = polled(FeedState(), NEW, MOVE_POLLS, timedelta(days=1))
    there = Download(url=NEW, final_url=NEW, status=200, headers={}, body=b"x")
    assert address(FEED, after_answer(FEED, moved, there, NOW)) == NEW
    assert address(msgspec.structs.replace(FEED, url="https://kabar.test/lain"), moved) == "https://kabar.test/lain"
    assert address(FEED, after_failure(FEED, msgspec.structs.replace(moved, failures=GIVE_UP - 1), gone=False)) == NEW
    assert address(FEED, after_failure(FEED, msgspec.structs.replace(moved, failures=GIVE_UP), gone=False)) == FEED.url
    gone = decide_poll(FEED, moved, None, Permanent("x", reason="http_410"), {}, now=NOW, rules=RULES, jitter=0)
    assert (gone.outcome, gone.state.gone, address(FEED, gone.state)) == ("error", False, FEED.url)


WRONG_304 = [
    ("new items under the old ETag", {"etag": '"1"'}, True),
    ("changed before our last poll", {"etag": '"2"', "last_modified": "Thu, 04 Sep 2025 10:00:00 GMT"}, True),
    ("changed since", {"etag": '"2"', "last_modified": "Thu, 04 Sep 2025 11:30:00 GMT"}, False),
    ("says nothing", {}, False),
]


@pytest.mark.parametrize(("headers", "caught"), [row[1:] for row in WRONG_304], ids=[row[0] for row in WRONG_304])
def test_a_wrong_304_is_caught_by_a_full_fetch(headers: dict[str, str], caught: bool) -> None:
    before = FeedState(
        etag='"1"',
        last_modified="Thu, 04 Sep 2025 01:00:00 GMT",
        interval=900,
        polled_at=NOW - timedelta(hours=1),
        changed_at=NOW - timedelta(hours=9),
        unmodified=3,
    )
    got = msgspec.structs.replace(answer(**headers), body=rss("a", "b"))
    state = decide(before, got).state
    assert state.distrusted is caught
    assert ("If-None-Match" in request_headers(FEED, state)) is (not caught and bool(state.etag))


def test_one_poll_in_a_hundred_asks_without_conditions() -> None:
    state = FeedState(etag='"1"')
    assert "If-None-Match" not in request_headers(FEED, state, draw=FULL_SHARE / 2)
    assert "If-None-Match" in request_headers(FEED, state, draw=FULL_SHARE)


def rss(*names: str) -> bytes:
    items = "".join(f"<item><title>{n}</title><link>https://kabar.test/{n}</link></item>" for n in names)
    return f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()


def decide(state: FeedState, got: Download, known: dict[str, str] | None = None, feed: Feed = FEED):
    parsed = parse_feed(got.body, feed, now=NOW, max_entries=100)
    return decide_poll(feed, state, parsed, got, known or {}, now=NOW, rules=RULES, jitter=0)


def test_items_that_were_probably_missed_are_counted_and_told() -> None:
    before = FeedState(
        interval=3_600, changed_at=NOW - timedelta(hours=2), polled_at=NOW - timedelta(hours=2), per_day=120
    )
    got = msgspec.structs.replace(answer(), body=rss("a", "b", "c"))
    decision = decide(before, got)
    assert decision.missed and decision.state.missed == 1
    assert decision.state.missed_items == 7  # ten in two hours, three seen
    assert "probably missed" in decision.why
    assert decision.state.interval == 1_800
    first = decide(FeedState(), got)
    assert not first.missed, "a first poll misses nothing"


RULES_OF_FILTERS = [
    ((), (), True),
    (("banjir",), (), True),
    (("BANJIR",), (), True),
    (("gempa",), (), False),
    (("gempa", "tag=riau"), (), True),
    ((), ("title=^Banjir",), False),
    ((), ("url=/foto/",), True),
    ((), ("url=/riau/",), False),
    (("banjir",), ("author=admin",), False),
    (("summary=warga",), (), True),
]


@pytest.mark.parametrize(("keep", "drop", "taken"), RULES_OF_FILTERS)
def test_filters_take_what_the_operator_wants(keep: tuple[str, ...], drop: tuple[str, ...], taken: bool) -> None:
    entry = Entry(
        id="1",
        feed_id="f",
        url="https://kabar.test/riau/banjir-kampar",
        title="Banjir di Kampar",
        summary="Ratusan warga mengungsi.",
        tags=("Riau",),
        authors=("Admin",),
    )
    assert wanted(msgspec.structs.replace(FEED, keep=keep, drop=drop), entry) is taken


def test_what_is_filtered_out_is_never_new() -> None:
    feed = msgspec.structs.replace(FEED, drop=("title=^b$",))
    decision = decide(FeedState(), msgspec.structs.replace(answer(), body=rss("a", "b")), feed=feed)
    assert ([entry.title for entry in decision.entries], decision.new) == (["a"], 1)


def test_where_rules_leave_items_out_nothing_is_said_to_be_missed() -> None:
    """Two wanted items among many, both new: the others, which nobody remembers, may tell that the polls overlapped."""
    feed = msgspec.structs.replace(FEED, keep=("riau",))
    before = FeedState(interval=900, polls=9, changed_at=NOW, polled_at=NOW)
    listed = msgspec.structs.replace(answer(), body=rss("riau satu", "riau dua", "jawa", "bali"))
    decision = decide(before, listed, feed=feed)
    assert (decision.new, decision.missed, decision.state.missed) == (2, False, 0)
    assert decision.state.interval == 900
    alone = decide(before, msgspec.structs.replace(answer(), body=rss("riau satu", "riau dua")), feed=feed)
    assert (alone.new, alone.missed, alone.state.interval) == (2, True, 450)


@pytest.mark.parametrize("rule", ["", " a", "a\nb", "a\x00", "x" * 501, "title=(", "[", "a{99999999999}"])
def test_rules_that_can_not_be_used_are_named(rule: str) -> None:
    assert rule_problem(rule)


BOUNDS = [
    ("the feed's own floor", {"floor": 3_600}, 3_600),
    ("the feed's own ceiling", {"floor": 10, "ceiling": 60}, 60),
    ("a floor above the ceiling wins", {"floor": 100_000}, 100_000),
]


@pytest.mark.parametrize(("own", "seconds"), [row[1:] for row in BOUNDS], ids=[row[0] for row in BOUNDS])
def test_a_feed_may_have_bounds_of_its_own(own: dict[str, int], seconds: int) -> None:
    feed = Feed(id="f", url=FEED.url, **own)  # type: ignore[arg-type]
    decision = decide(FeedState(interval=900, changed_at=NOW), answer(), feed=feed)
    assert decision.due == NOW + timedelta(seconds=seconds)


SILENCES = [
    ("an hourly feed, silent for a day and a half", {"per_day": 24.0}, 36, True),
    ("a daily feed, silent for a day and a half", {"per_day": 1.0}, 36, False),
    ("a weekly feed, silent for 31 days", {"per_day": 0.14}, 31 * 24, True),
    ("nothing known, silent for six days", {}, 6 * 24, False),
    ("nothing known, silent for eight days", {}, 8 * 24, True),
    ("a sitemap index lists nothing itself", {"leads_on": True}, 900, False),
]


@pytest.mark.parametrize(("known", "hours", "silent"), [row[1:] for row in SILENCES], ids=[row[0] for row in SILENCES])
def test_a_feed_is_silent_by_its_own_measure(known: dict[str, float], hours: int, silent: bool) -> None:
    state = FeedState(polled_at=NOW, changed_at=NOW - timedelta(hours=hours), **known)  # type: ignore[arg-type]
    assert (health_of(FEED, state, NOW).word == "silent") is silent
    own = msgspec.structs.replace(FEED, silent_after=hours * 3_600 - 1)
    assert (health_of(own, state, NOW).word == "silent") is not state.leads_on


def test_what_an_operator_should_know_of_a_feed_that_is_well() -> None:
    state = FeedState(
        polled_at=NOW, changed_at=NOW, missed=2, missed_items=9, distrusted=True,
        moved=True, moved_to=NEW, moved_from=FEED.url,
    )  # fmt: skip
    why = health_of(FEED, state, NOW).why
    assert NEW in why and "about 9" in why and "304" in why


EVENTS = [
    (Permanent("x", reason="http_404"), "error", "", 404),
    (Transient("x", reason="timeout"), "error", "timeout", 0),
    (Permanent("x", reason="a word of later"), "error", "other", 0),
    (msgspec.structs.replace(answer(), elapsed=1e9), "unchanged", "", 200),
]


@pytest.mark.parametrize(("got", "outcome", "reason", "status"), EVENTS)
def test_events_are_told_as_they_were(
    got: Download | Transient | Permanent, outcome: str, reason: str, status: int
) -> None:
    parsed = parse_feed(got.body, FEED, now=NOW, max_entries=9) if isinstance(got, Download) else None
    decision = decide_poll(FEED, FeedState(), parsed, got, {}, now=NOW, rules=RULES, jitter=0)
    packed = pack_event(event_of(decision, got, 70_000, NOW))
    assert len(packed) == SIZE
    (event,) = unpack_events(packed + b"cut off")
    assert (event.at, event.outcome, event.reason, event.status) == (NOW, outcome, reason, status)
    assert event.entries == 65_535
