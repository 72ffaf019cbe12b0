"""What an HTTP answer means for the request: done, again elsewhere, later, or never. Pure tables and arithmetic."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from workers.errors import Permanent, Transient
from workers.fetch.targets import PORTS, Target

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT_REDIRECTS = frozenset({301, 308})
TRANSIENT_STATUSES = frozenset({408, 425, 429})  # besides all of 5xx
MAX_RETRY_AFTER = 366 * 86_400.0  # seconds; who asks for more has made a mistake

# A caller's headers that say nothing secret and go along to another host. All others (Authorization, Cookie, keys
# in headers of any name) stay with the host they were meant for.
_HARMLESS = frozenset(
    {
        "a-im",
        "accept",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "if-modified-since",
        "if-none-match",
        "user-agent",
    }
)
# Set by the connection itself; a caller's value would break the framing.
_OURS = frozenset(
    {
        "connection",
        "content-length",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]{0,8000}")


# What says that a machine asked for proof of a human, as the services document it; a plain 403 has none of them.
_CHALLENGES = {
    "cf-mitigated": re.compile("challenge", re.IGNORECASE),  # Cloudflare
    "x-amzn-waf-action": re.compile("challenge|captcha", re.IGNORECASE),  # AWS WAF
    "x-datadome": re.compile(""),
    "x-sucuri-block": re.compile(""),
    "x-vercel-mitigated": re.compile("challenge", re.IGNORECASE),
}


def is_challenge(headers: Mapping[str, str]) -> bool:
    """Tell whether an answer asks for proof that a human reads. `headers`: names in lower case."""
    return any(pattern.search(headers[name]) for name, pattern in _CHALLENGES.items() if name in headers)


def is_wanted(status: int, headers: Mapping[str, str], *, ranged: bool) -> bool:
    """Tell whether an answer is what was asked for: 2xx and 304, a part (206) only if `ranged`, no challenge (202)."""
    if status == 202 and is_challenge(headers):
        return False
    return status == 304 or (200 <= status < 300 and (status != 206 or ranged))


def status_error(status: int, headers: Mapping[str, str], url: str, now: datetime) -> Transient | Permanent:
    """Return the error that an unwanted status stands for. `headers`: names in lower case."""
    reason = f"http_{status}"
    if status == 206:
        return Transient(f"{url}: HTTP 206, although no part was asked for", reason="incomplete")
    if is_challenge(headers):
        return Permanent(f"{url}: HTTP {status}, a challenge for browsers", reason="bot_challenge")
    if status in TRANSIENT_STATUSES or status >= 500:
        asked = retry_after(headers.get("retry-after", ""), now)
        told = f", asks to wait {asked:.0f} s" if asked is not None else ""
        return Transient(f"{url}: HTTP {status}{told}", reason=reason, retry_after=asked)
    return Permanent(f"{url}: HTTP {status}", reason=reason)


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for (RFC 9110 10.2.3: seconds or a date), None when it says nothing.

    A date in the past gives 0; the result is at most MAX_RETRY_AFTER.
    """
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{0,9})?", value):
        return min(float(value), MAX_RETRY_AFTER)
    if len(value) > 64 or not re.search(r"[A-Za-z]", value):
        return None
    try:
        then = parsedate_to_datetime(value)
        if then.tzinfo is None:
            then = then.replace(tzinfo=UTC)
        seconds = (then - now).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(seconds, 0.0), MAX_RETRY_AFTER)


def request_headers(own: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Return the headers to send: the client's `own` (lower case) with `given` over them.

    Raises Permanent "bad_header" for a name or value that can't stand in a request.
    """
    merged = dict(own)
    for name, value in given.items():
        value = value.strip()
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise Permanent(f"request header {name[:100]!r} can't be sent: {value[:40]!r}", reason="bad_header")
        if name.lower() not in _OURS:
            merged[name.lower()] = value
    return merged


def carried_headers(headers: Mapping[str, str], source: Target, destination: Target) -> dict[str, str]:
    """Return those of `headers` that may follow a redirect: all on the same host, else only harmless ones.

    A step from https down to http counts as another host, and so does another port (except 80 to 443).
    """
    if destination.host == source.host and destination.scheme in (source.scheme, "https"):
        own_ports = source.port == PORTS[source.scheme] and destination.port == PORTS[destination.scheme]
        if own_ports or source.port == destination.port:
            return dict(headers)
    return {name: value for name, value in headers.items() if name in _HARMLESS}


def user_agent(version: str, contact: str) -> str:
    """Return who we are, honestly: `Kabar/<version> (+<contact>)`.

    `contact`: a URL or an e-mail address; what can't stand in a header is left out.
    """
    clean = re.sub(r"[^\x21-\x7e]|[()\\]", "", contact)
    return f"Kabar/{version} (+{clean})" if clean else f"Kabar/{version} (news feed reader; no contact given)"
