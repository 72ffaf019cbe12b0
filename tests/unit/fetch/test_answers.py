"""workers/fetch/answers.py: statuses, Retry-After, and which headers go along to another host."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.errors import Permanent, Transient
from workers.fetch.answers import (
    MAX_RETRY_AFTER,
    carried_headers,
    is_wanted,
    request_headers,
    retry_after,
    status_error,
    user_agent,
)
from workers.fetch.targets import parse

NOW = datetime(2025, 9, 4, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 120 ", 120.0),
        ("1.5", 1.5),
        ("999999999999999", MAX_RETRY_AFTER),
        ("Thu, 04 Sep 2025 07:02:00 GMT", 120.0),  # RFC 9110 5.6.7: the preferred form,
        ("Thursday, 04-Sep-25 07:02:00 GMT", 120.0),  # the RFC 850 form
        ("Thu Sep  4 07:02:00 2025", 120.0),  # and asctime's
        ("Thu, 04 Sep 2025 14:02:00 +0700", 120.0),
        ("Thu, 04 Sep 2025 06:00:00 GMT", 0.0),
        ("Thu, 04 Sep 9999 06:00:00 GMT", MAX_RETRY_AFTER),
        ("", None),
        ("besok", None),
        ("-5", None),
        ("1e9", None),
        ("9" * 5_000, None),
        ("12:00", None),
        ("٣", None),
        ("Thu, 99 Sep 2025 07:02:00 GMT", None),
        ("x" * 100_000, None),
        ("1, 2", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text(alphabet="0123456789,.: +-GMTSepThu", max_size=70) | st.text(max_size=70))
def test_any_retry_after_is_bounded(value: str) -> None:
    seconds = retry_after(value, NOW)
    assert seconds is None or 0 <= seconds <= MAX_RETRY_AFTER


@pytest.mark.parametrize(
    ("status", "ranged", "wanted"),
    [
        (200, False, True),
        (204, False, True),
        (206, False, False),
        (206, True, True),
        (304, False, True),
        (301, False, False),
        (404, False, False),
        (500, False, False),
        (101, False, False),
    ],
)
def test_wanted_statuses(status: int, ranged: bool, wanted: bool) -> None:
    assert is_wanted(status, {}, ranged=ranged) is wanted


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (206, Transient),
        (408, Transient),
        (425, Transient),
        (429, Transient),
        (500, Transient),
        (503, Transient),
        (520, Transient),
        (999, Transient),
        (101, Permanent),
        (300, Permanent),
        (400, Permanent),
        (404, Permanent),
        (410, Permanent),
        (421, Permanent),
        (451, Permanent),
    ],
)
def test_status_errors(status: int, kind: type[Transient] | type[Permanent]) -> None:
    error = status_error(status, {"retry-after": "9"}, "https://a.example/", NOW)
    assert type(error) is kind
    assert str(status) in str(error)
    assert error.reason == ("incomplete" if status == 206 else f"http_{status}")


def test_request_headers_are_the_callers_over_ours() -> None:
    own = {"accept": "text/html", "user-agent": "Kabar"}
    sent = request_headers(own, {"Accept": " application/rss+xml ", "Host": "x", "CONNECTION": "close", "X-Key": "k"})
    assert sent == {"accept": "application/rss+xml", "user-agent": "Kabar", "x-key": "k"}
    assert own == {"accept": "text/html", "user-agent": "Kabar"}


@pytest.mark.parametrize(
    ("source", "destination", "all_kept"),
    [
        ("https://a.example/", "https://a.example/b", True),
        ("http://a.example/", "https://a.example/", True),
        ("http://a.example:8080/", "http://a.example:8080/b", True),
        ("https://a.example/", "http://a.example/", False),
        ("https://a.example/", "https://www.a.example/", False),
        ("https://a.example/", "https://a.example:8443/", False),
        ("http://a.example:8080/", "http://a.example/", False),
        ("http://a.example:8080/", "https://a.example/", False),
    ],
)
def test_headers_on_a_redirect(source: str, destination: str, all_kept: bool) -> None:
    headers = {"accept": "*/*", "if-none-match": "e", "authorization": "s", "x-api-key": "s", "cookie": "s"}
    kept = carried_headers(headers, parse(source), parse(destination))
    assert kept == (headers if all_kept else {"accept": "*/*", "if-none-match": "e"})


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("https://redaksi.example/bot", "Kabar/1.2 (+https://redaksi.example/bot)"),
        ("redaksi@riau.example", "Kabar/1.2 (+redaksi@riau.example)"),
        ("", "Kabar/1.2 (news feed reader; no contact given)"),
        (" \r\n", "Kabar/1.2 (news feed reader; no contact given)"),
        ("a) \r\nX: y (é", "Kabar/1.2 (+aX:y)"),
    ],
)
def test_user_agent(contact: str, expected: str) -> None:
    assert user_agent("1.2", contact) == expected


CHALLENGES = [
    ("Cloudflare", 403, {"cf-mitigated": "challenge"}, True),
    ("Cloudflare, formerly", 503, {"cf-mitigated": "challenge"}, True),
    ("AWS WAF answers 202", 202, {"x-amzn-waf-action": "challenge"}, True),
    ("AWS WAF, 405", 405, {"x-amzn-waf-action": "captcha"}, True),
    ("DataDome", 403, {"x-datadome": "protected"}, True),
    ("a plain refusal", 403, {"server": "cloudflare"}, False),
    ("a busy server behind Cloudflare", 503, {"server": "cloudflare", "cf-ray": "1"}, False),
]


@pytest.mark.parametrize(
    ("status", "headers", "challenge"), [r[1:] for r in CHALLENGES], ids=[r[0] for r in CHALLENGES]
)
def test_challenges_for_browsers_are_told_from_refusals(status: int, headers: dict[str, str], challenge: bool) -> None:
    assert not is_wanted(status, headers, ranged=False)
    error = status_error(status, headers, "https://a.example/", NOW)
    assert (error.reason == "bot_challenge") is challenge
