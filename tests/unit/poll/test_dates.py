from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.model import Feed
from workers.poll.dates import WIB, parse_date, plausible, zone_of
from workers.poll.parse import parse_feed

NOW = datetime(2025, 9, 4, 12, 0, tzinfo=UTC)

# (text, UTC, where the form comes from)
READ = [
    ("Thu, 04 Sep 2025 14:05:06 +0700", "2025-09-04T07:05:06", "RFC 5322"),
    ("4 Sep 2025 07:05 GMT", "2025-09-04T07:05:00", "RFC 822, no weekday, no seconds"),
    ("Thu, 04 Sep 25 14:05:06 +07:00", "2025-09-04T07:05:06", "RFC 822, two-digit year"),
    ("Fri, 31 Dec 99 23:00:00 EST", "2000-01-01T04:00:00", "RFC 822, obsolete zone, old century"),
    ("01 Jan 103 00:00:00 GMT", "2003-01-01T00:00:00", "RFC 5322 4.3, three-digit year"),
    ("Thu, 04 Sep 2025 07:05:06 A", "2025-09-04T07:05:06", "RFC 5322 4.3, military letter"),
    ("Thu, 04 Sep 2025 07:05:60 Z", "2025-09-04T07:05:59", "leap second"),
    ("Thu, 04-Sep-2025 07:05:06 GMT", "2025-09-04T07:05:06", "cookie dates"),
    ("2025-09-04T07:05:06Z", "2025-09-04T07:05:06", "RFC 3339"),
    ("2025-09-04T14:05:06.789+07:00", "2025-09-04T07:05:06", "RFC 3339 with fraction"),
    ("2025-09-04 07:05:06 UTC", "2025-09-04T07:05:06", "blank for T"),
    ("20250904T070506Z", "2025-09-04T07:05:06", "ISO 8601 basic"),
    ("2025-09-04T24:00:00Z", "2025-09-05T00:00:00", "ISO 8601, end of the day"),
    ("2025-09", "2025-08-31T17:00:00", "W3C-DTF, month"),
    ("Thu, 04 Sep 2025 14:05:06", "2025-09-04T07:05:06", "no zone: the feed's"),
    ("2025-09-04 14:05:06", "2025-09-04T07:05:06", "no zone: the feed's"),
    ("Thu, 04 Sep 2025 14:05:06 XYZ", "2025-09-04T07:05:06", "unknown zone: the feed's"),
    ("Kamis, 04 September 2025 14:05 WIB", "2025-09-04T07:05:00", "Indonesian"),
    ("Jum'at, 5 Nopember 2021 | 08.30 WITA", "2021-11-05T00:30:00", "old spelling, dots, Central time"),
    ("Jumat (12/09/2025) pukul 09.15 WIT", "2025-09-12T00:15:00", "brackets, Eastern time"),
    ("12 Agt 2024 23:59:59 WIB", "2024-08-12T16:59:59", "short month"),
    ("2 Des 2024 10:15 WIB", "2024-12-02T03:15:00", "short month"),
    ("Senin, 5 Mei 2025, 10:15 GMT+7", "2025-05-05T03:15:00", "offset after GMT"),
    ("September 4, 2025 2:05 pm", "2025-09-04T07:05:00", "American words"),
    ("Thu Sep  4 14:05:06 2025", "2025-09-04T07:05:06", "C's asctime"),
    ("Thu Sep 4 14:05:06 WIB 2025", "2025-09-04T07:05:06", "date(1)"),
    ("4/9/2025 14:05", "2025-09-04T07:05:00", "figures: day first"),
    ("05/12/2026 02:44:00 PM", "2026-05-12T07:44:00", "AM and PM: month first"),
    ("5-12-2026 2:44 p.m.", "2026-05-12T07:44:00", "AM and PM: month first"),
    ("28/9/2025 2:05 PM", "2025-09-28T07:05:00", "AM and PM, but there is no month 28"),
    ("12.05.2026 02:44 PM", "2026-05-12T07:44:00", "dots are European"),
    ("1757000000", "2025-09-04T15:33:20", "seconds since 1970"),
    ("1757000000.5", "2025-09-04T15:33:20", "seconds since 1970 with fraction"),
    (" 1757000000999 ", "2025-09-04T15:33:20", "milliseconds since 1970"),
    ("202509041405", "2025-09-04T07:05:00", "ISO 8601 basic, no epoch"),
    ("9/28/2025 14:05", "2025-09-28T07:05:00", "figures: month first where days can't be"),
]


@pytest.mark.parametrize(("text", "expected", "source"), READ, ids=[row[0] for row in READ])
def test_a_date_is_read(text: str, expected: str, source: str) -> None:
    assert parse_date(text) == datetime.fromisoformat(expected).replace(tzinfo=UTC), source


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "kemarin",
        "31 Februari 2025",
        "2025-13-45",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0000-00-00 00:00:00",
        "2025090414",
        "175700000",
        "17570000001",
        "99999-01-01",
        "9" * 100_000,
        "1 " * 50_000,
        "12:00",
        "4 Sep 2025 25:61",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_a_date_without_zone_is_in_the_feeds_zone() -> None:
    text = "Fri, 28 Oct 2011 14:44:28"
    assert parse_date(text) == datetime(2011, 10, 28, 7, 44, 28, tzinfo=UTC)
    assert parse_date(text, zone_of("Asia/Jayapura")) == datetime(2011, 10, 28, 5, 44, 28, tzinfo=UTC)
    assert zone_of("no/such") is WIB


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(0), timedelta(0)),
        (timedelta(minutes=5), timedelta(minutes=5)),
        (timedelta(hours=7), timedelta(0)),
        (timedelta(days=-9), timedelta(days=-9)),
        (timedelta(days=4000), None),
    ],
)
def test_dates_ahead_of_the_clock_come_back_to_it(ahead: timedelta, expected: timedelta | None) -> None:
    assert plausible(NOW + ahead, NOW) == (None if expected is None else NOW + expected)


@settings(max_examples=60)
@given(st.integers(2, 130 * 365 * 86_400), st.integers(-720, 840))
def test_every_rfc_3339_moment_is_read_exactly(seconds: int, offset: int) -> None:
    moment = datetime(1972, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    sign, minutes = "+-"[offset < 0], abs(offset)
    text = f"{moment:%Y-%m-%dT%H:%M:%S}{sign}{minutes // 60:02}:{minutes % 60:02}"
    expected = moment - timedelta(minutes=offset)
    if expected.year >= 1972:
        assert parse_date(text) == expected


@given(st.text(max_size=200))
def test_any_text_is_a_date_or_none(text: str) -> None:
    value = parse_date(text)
    assert value is None or value.tzinfo is UTC


def test_a_date_ahead_is_brought_back_and_flagged() -> None:
    text = (
        "<rss version='2.0'><channel><title>t</title><item><title>a</title><link>https://k.test/a</link>"
        "<pubDate>Wed, 10 Sep 2025 07:00:00 +0700</pubDate></item><item><title>b</title><link>https://k.test/b</link>"
        "<pubDate>Wed, 03 Sep 2025 07:00:00 +0700</pubDate></item></channel></rss>"
    )
    now = datetime(2025, 9, 4, 12, 0, tzinfo=UTC)
    ahead, past = parse_feed(text.encode(), Feed(id="f", url="https://k.test/"), now=now, max_entries=9).entries
    assert (ahead.published_at, ahead.dated_ahead) == (now, "2025-09-10")
    assert past.dated_ahead == ""
