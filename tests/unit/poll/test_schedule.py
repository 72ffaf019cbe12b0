from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.errors import Transient
from workers.model import Download, Entry, Feed, FeedState
from workers.poll.decide import decide_poll
from workers.poll.feedlist import LONGEST
from workers.poll.hints import Hints
from workers.poll.parse import ParsedFeed
from workers.poll.schedule import PollRules, adapted, asked_to_wait, request_headers, retry_after, skipping, window

NOW = datetime(2025, 9, 4, 12, 0, tzinfo=UTC)  # a Thursday
RULES = PollRules(interval=900, floor=300, ceiling=86_400)
FEED = Feed(id="f", url="https://kabar.test/feed")


def entries(*ages: float) -> list[Entry]:
    """Entries published so many hours ago."""
    return [
        Entry(id=str(n), feed_id="f", url=f"https://kabar.test/{n}", published_at=NOW - timedelta(hours=age))
        for n, age in enumerate(ages)
    ]


def state(interval: int, silent_hours: float = 1) -> FeedState:
    return FeedState(interval=interval, polls=3, changed_at=NOW - timedelta(hours=silent_hours))


ADAPTED = [
    ("first poll of a slow feed: the default", FeedState(), entries(10, 40), 2, 900),
    ("first poll of a fast feed: its posting gap", FeedState(), entries(*[n / 10 for n in range(1, 21)]), 20, 360),
    ("first poll, nothing dated", FeedState(), [], 0, 900),
    ("all items new: some were probably missed", state(3_600), entries(1, 2), 2, 1_800),
    ("one new of many, posting hourly", state(7_200), entries(*range(1, 13)), 1, 3_600),
    ("one new, slow feed: stays", state(3_600), entries(1, 100), 1, 3_600),
    ("nothing new: a quarter longer", state(1_200, 24), entries(24), 0, 1_500),
    ("nothing new for an hour: no longer than the default", state(900, 1), entries(1), 0, 900),
    ("nothing new for a year: the ceiling", state(80_000, 9_000), [], 0, 86_400),
    ("never below the floor", state(300), entries(0.1, 0.2), 2, 300),
]


@pytest.mark.parametrize(("why", "before", "seen", "new", "seconds"), ADAPTED, ids=[row[0] for row in ADAPTED])
def test_the_interval_adapts(why: str, before: FeedState, seen: list[Entry], new: int, seconds: int) -> None:
    assert adapted(before, seen, new, now=NOW, rules=RULES) == seconds, why


ASKED = [
    ({}, Hints(), 0, "nothing asked"),
    ({}, Hints(ttl_seconds=3_600), 3_600, "RSS 2.0 ttl"),
    ({}, Hints(ttl_seconds=60, period_seconds=7_200), 7_200, "RSS 1.0 syndication; the longest counts"),
    ({"cache-control": "public, max-age=600"}, Hints(), 600, "RFC 9111 5.2.2.1"),
    ({"cache-control": 'max-age="600"', "age": "100"}, Hints(), 500, "RFC 9111 4.2.3, age"),
    ({"cache-control": "no-cache, max-age=600"}, Hints(), 0, "RFC 9111 5.2.2.4"),
    ({"cache-control": "max-age=x"}, Hints(), 0, "nonsense"),
    ({"expires": "Thu, 04 Sep 2025 13:00:00 GMT"}, Hints(), 3_600, "RFC 9111 5.3"),
    (
        {"expires": "Thu, 04 Sep 2025 13:00:00 GMT", "cache-control": "max-age=60"},
        Hints(),
        60,
        "max-age wins over Expires",
    ),
    ({"expires": "0"}, Hints(), 0, "RFC 9111 5.3, invalid dates are past"),
    ({"retry-after": "120"}, Hints(), 120, "RFC 9110 10.2.3"),
]


@pytest.mark.parametrize(("headers", "hints", "seconds", "source"), ASKED, ids=[row[3] for row in ASKED])
def test_what_answers_and_documents_ask_for(headers: dict[str, str], hints: Hints, seconds: float, source: str) -> None:
    assert asked_to_wait(headers, hints, NOW) == seconds, source


WINDOWS = [
    ("twenty items of two hours", FeedState(), entries(*[n / 10 for n in range(20)]), 6_840),
    ("one kept on top for a year", FeedState(), entries(9_000, 0, 1, 2), 7_200),
    ("a slow feed", FeedState(), entries(1, 300, 1_000), 999 * 3_600),
    ("nothing dated", FeedState(), [Entry(id="1", feed_id="f", url="")], None),
    ("all of one time", FeedState(), entries(1, 1, 1), None),
    ("one item", FeedState(), entries(1), None),
    ("not modified", FeedState(interval=360), [], 5_760),
    ("not modified, never read", FeedState(), [], None),
]


@pytest.mark.parametrize(("why", "before", "seen", "seconds"), WINDOWS, ids=[row[0] for row in WINDOWS])
def test_what_a_feeds_items_span(why: str, before: FeedState, seen: list[Entry], seconds: float | None) -> None:
    assert window(before, seen, NOW) == (None if seconds is None else pytest.approx(seconds)), why


WISHES: list[tuple[str, dict[str, str], Hints]] = [
    ("ttl", {}, Hints(ttl_seconds=86_400)),
    ("sy:updatePeriod", {}, Hints(period_seconds=86_400)),
    ("Cache-Control", {"cache-control": "max-age=604800"}, Hints()),
    ("Expires", {"expires": "Fri, 04 Sep 2026 12:00:00 GMT"}, Hints()),
]


@pytest.mark.parametrize(("name", "said", "wished"), WISHES, ids=[row[0] for row in WISHES])
def test_advice_is_followed_for_half_of_the_feeds_window(name: str, said: dict[str, str], wished: Hints) -> None:
    busy, slow = entries(*[n / 10 for n in range(21)]), entries(1, 30, 90)

    def seconds(seen: list[Entry], before: FeedState, **more: str) -> float:
        parsed = ParsedFeed(title="", link="", language="", entries=tuple(seen), hints=wished) if seen else None
        got = Download(url=FEED.url, final_url=FEED.url, status=200, headers=said | more, body=b"x")
        decision = decide_poll(FEED, before, parsed, got, {}, now=NOW, rules=RULES, jitter=0.0)
        return (decision.due - NOW).total_seconds()

    assert seconds(busy, FeedState()) == pytest.approx(3_600), name
    assert seconds(slow, FeedState()) == 86_400
    assert seconds(entries(0, 0.01), FeedState()) >= RULES.floor
    assert seconds(busy, FeedState(), **{"retry-after": "20000"}) == 20_000, "an order, not advice"


def test_advice_of_an_unread_answer_is_followed_in_measure() -> None:
    got = Download(url=FEED.url, final_url=FEED.url, status=304, headers={"cache-control": "max-age=86400"}, body=b"")
    decision = decide_poll(FEED, state(360), None, got, {}, now=NOW, rules=RULES, jitter=0.0)
    assert decision.due == NOW + timedelta(seconds=8 * 360)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 5 ", 5),
        ("Thu, 04 Sep 2025 12:01:00 GMT", 60),
        ("Thu, 04 Sep 2025 11:00:00 GMT", 0),
        ("", 0),
        ("soon", 0),
        ("-5", 0),
        ("9" * 400, 0),
        ("١٢", 0),
        ("Thu, 99 Foo 9999999999 99:99:99", 0),
    ],
)
def test_retry_after(value: str, seconds: float) -> None:
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("hints", "seconds"),
    [
        (Hints(), 900),
        (Hints(skip_hours=frozenset({12})), 3_600),
        (Hints(skip_hours=frozenset({12, 13})), 7_200),
        (Hints(skip_days=frozenset({3})), 43_200),
        (Hints(skip_hours=frozenset(range(24))), 86_400),
    ],
)
def test_hours_and_days_off_are_kept(hints: Hints, seconds: float) -> None:
    assert skipping(900, hints, NOW, 86_400) == seconds


def test_requests_are_conditional_and_the_operators_headers_win() -> None:
    known = FeedState(etag='"e"', last_modified="Thu, 04 Sep 2025 00:00:00 GMT")
    headers = request_headers(FEED, known)
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"e"', "Thu, 04 Sep 2025 00:00:00 GMT")
    assert set(request_headers(FEED, FeedState())) == {"Accept"}
    own = Feed(id="f", url=FEED.url, headers={"accept": "text/xml", "X-Key": "k"})
    assert request_headers(own, FeedState()) == {"accept": "text/xml", "X-Key": "k"}


states = st.builds(
    FeedState,
    interval=st.integers(0, 200_000),
    failures=st.integers(0, 10_000),
    polls=st.integers(0, 10**6),
    changed_at=st.none() | st.integers(0, 10**5).map(lambda hours: NOW - timedelta(hours=hours - 100)),
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "retry-after": st.one_of(st.integers(0, 10**9).map(str), st.text(max_size=30)),
        "cache-control": st.one_of(st.integers(-5, 10**9).map("max-age={}".format), st.text(max_size=30)),
        "expires": st.text(max_size=40),
        "age": st.text(max_size=9),
    },
)
hints = st.builds(
    Hints,
    ttl_seconds=st.none() | st.integers(1, 10**9),
    period_seconds=st.none() | st.integers(1, 10**9),
    skip_hours=st.frozensets(st.integers(0, 23)),
    skip_days=st.frozensets(st.integers(0, 6)),
)
ages = st.lists(st.floats(-10, 1_000), max_size=8)


@settings(max_examples=60)
@given(states, headers, hints, ages, st.floats(0, 1))
def test_the_next_poll_lies_between_floor_and_ceiling(
    before: FeedState, given_headers: dict[str, str], wished: Hints, hours: list[float], jitter: float
) -> None:
    parsed = ParsedFeed(title="", link="", language="", entries=tuple(entries(*hours)), hints=wished)
    got = Download(url=FEED.url, final_url=FEED.url, status=200, headers=given_headers, body=b"x")
    decision = decide_poll(FEED, before, parsed, got, {}, now=NOW, rules=RULES, jitter=jitter)
    assert RULES.floor <= (decision.due - NOW).total_seconds() <= RULES.ceiling
    assert RULES.floor <= decision.state.interval <= RULES.ceiling


@settings(max_examples=60)
@given(states, st.floats(0, 10**7), st.floats(0, 10**7), st.floats(0, 1))
def test_a_longer_retry_after_never_means_an_earlier_poll(
    before: FeedState, one: float, two: float, jitter: float
) -> None:
    def due(asked: float) -> datetime:
        error = Transient("busy", reason="http_429", retry_after=asked)
        return decide_poll(FEED, before, None, error, {}, now=NOW, rules=RULES, jitter=jitter).due

    assert due(min(one, two)) <= due(max(one, two))
    assert NOW + timedelta(seconds=RULES.floor) <= due(one) <= NOW + timedelta(seconds=RULES.ceiling)
    assert due(one) >= NOW + timedelta(seconds=min(one, RULES.ceiling))


@settings(max_examples=60)
@given(states, hints, ages, st.integers(0, 10**7), st.integers(0, 10**7), st.floats(0, 1), st.booleans())
def test_a_longer_retry_after_of_a_good_answer_never_means_an_earlier_poll(
    before: FeedState, wished: Hints, hours: list[float], one: int, two: int, jitter: float, dated: bool
) -> None:
    def due(asked: int) -> datetime:
        value = format_datetime(NOW + timedelta(seconds=asked), usegmt=True) if dated else str(asked)
        got = Download(url=FEED.url, final_url=FEED.url, status=200, headers={"retry-after": value}, body=b"x")
        parsed = ParsedFeed(title="", link="", language="", entries=tuple(entries(*hours)), hints=wished)
        return decide_poll(FEED, before, parsed, got, {}, now=NOW, rules=RULES, jitter=jitter).due

    assert NOW <= due(min(one, two)) <= due(max(one, two))


@settings(max_examples=60)
@given(states, headers, st.integers(1, LONGEST), st.integers(1, LONGEST), st.none() | st.integers(1, LONGEST))
def test_a_feeds_own_bounds_hold(
    before: FeedState, given_headers: dict[str, str], floor: int, ceiling: int, interval: int | None
) -> None:
    feed = Feed(id="f", url=FEED.url, floor=floor, ceiling=ceiling, interval=interval)
    for got in (
        Download(url=FEED.url, final_url=FEED.url, status=304, headers=given_headers, body=b""),
        Transient("busy", reason="http_503", retry_after=3.0),
    ):
        decision = decide_poll(feed, before, None, got, {}, now=NOW, rules=RULES, jitter=1.0)
        least = interval or floor
        assert least <= (decision.due - NOW).total_seconds() <= max(least, ceiling, floor)
