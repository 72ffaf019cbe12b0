"""Lists of feeds: TOML (the operator's file, every setting) and OPML (what feed readers exchange)."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workers.errors import Misuse
from workers.model import Feed, digest
from workers.poll.filters import rule_problem

MAX_BYTES = 20_000_000
MAX_URL = 2_000  # characters
TEXTS = ("id", "url", "title", "site", "language", "timezone", "section", "folder")
SPANS = ("interval", "floor", "ceiling", "silent_after")  # seconds
LONGEST = 604_800  # seconds between two polls: a week, which is how long a clock that jumped could hold a feed back
LONGEST_SILENCE = 10 * 366 * 86_400  # seconds
RULES = ("keep", "drop")  # lists of rules, see `poll.filters`
SETTINGS = (*TEXTS, *SPANS, "enabled", "headers", *RULES)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, section 5.1: a token


def load_feeds(path: Path) -> list[Feed]:
    """Return the feeds of a TOML or OPML file, told apart by content, in its order.

    Raises Misuse naming the file and every problem with its row.
    """
    from workers.poll.opml import parse_opml  # it needs `feed_from` of this module

    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Misuse(f"{path}: {error.strerror or error}") from error
    if len(data) > MAX_BYTES:
        raise Misuse(f"{path}: more than {MAX_BYTES} bytes are no list of feeds")
    if data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")[:1] == b"<":
        return parse_opml(data, str(path))
    try:
        return parse_toml(data.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise Misuse(f"{path}: not UTF-8 (TOML must be): {error}") from error


def parse_toml(text: str, name: str = "feeds.toml") -> list[Feed]:
    """Return the feeds of `[[feeds]]` tables. Raises Misuse naming `name` and every problem with its line."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Misuse(f"{name}: not TOML: {error}") from error
    rows = document.get("feeds", [])
    problems = [f"{key!r}: no such table; feeds are [[feeds]]" for key in document if key != "feeds"]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Misuse(f"{name}: feeds must be [[feeds]] tables")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*feeds\s*\]\]", line)]
    places = (
        [f"line {line}" for line in lines]
        if len(lines) == len(rows)
        else [f"feed {n}" for n in range(1, len(rows) + 1)]
    )
    return feeds_from(zip(places, rows, strict=True), name, problems)


def feeds_from(rows: Iterable[tuple[str, Mapping[str, Any]]], name: str, problems: list[str]) -> list[Feed]:
    """Return the Feeds that (place, settings) rows describe. Raises Misuse with `problems` and all of theirs."""
    feeds: list[Feed] = []
    places: dict[str, str] = {}
    for place, row in rows:
        wrong = _problems(row)
        if not wrong:
            feed = Feed(**{"id": digest(row["url"]), **row, **{name: tuple(row.get(name, ())) for name in RULES}})
            first = places.setdefault(feed.id, place)
            wrong = [f"the same feed as {first}"] if first != place else []
            feeds.append(feed)
        shown = str(row.get("url") or row.get("title") or "")[:200]
        where = " ".join(filter(None, (place, f"({shown})" if shown else "")))
        problems += [f"{where}: {problem}" for problem in wrong]
    if problems:
        raise Misuse(f"{name}:\n" + "\n".join(f"  {problem}" for problem in problems))
    return feeds


def _problems(row: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with one feed's settings."""
    wrong = [f"{key}: no such setting" for key in row if key not in SETTINGS]
    wrong += [f"{key}: must be a text" for key in TEXTS if key in row and not isinstance(row[key], str)]
    url, zone = row.get("url", ""), row.get("timezone")
    wrong += [url_problem(url) if isinstance(url, str) else "", zone_problem(zone) if isinstance(zone, str) else ""]
    if row.get("id") == "":
        wrong.append("id: must not be empty")
    wrong += [_span_problem(name, row.get(name)) for name in SPANS]
    wrong += [problem for name in RULES for problem in _rule_problems(name, row.get(name, []))]
    if not isinstance(row.get("enabled", True), bool):
        wrong.append("enabled: must be true or false")
    return [*filter(None, wrong), *_header_problems(row.get("headers", {}))]


def url_problem(url: str) -> str:
    """Return why `url` can't be polled, "" when it can."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not url:
        return "url: is missing"
    if not whole or len(url) > MAX_URL or any(letter.isspace() or not letter.isprintable() for letter in url):
        return "url: must be a whole http or https address"
    return ""


def zone_problem(name: str | None) -> str:
    """Return why `name` is no time zone, "" when it is one (or None)."""
    if name is None:
        return ""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"timezone: {name!r} is no IANA name such as Asia/Jakarta"
    return ""


def _span_problem(name: str, value: object) -> str:
    most = LONGEST_SILENCE if name == "silent_after" else LONGEST
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most):
        return ""
    return f"{name}: must be a whole number of seconds, 1 to {most}"


def _rule_problems(name: str, rules: object) -> list[str]:
    if not isinstance(rules, list | tuple) or not all(isinstance(rule, str) for rule in rules):
        return [f"{name}: must be a list of texts"]
    return [f"{name}: {problem}" for problem in map(rule_problem, rules) if problem]


def _header_problems(headers: object) -> list[str]:
    if not isinstance(headers, dict):
        return ["headers: must be a table of names and texts"]
    return [
        f"headers: {str(name)[:50]!r} is no header with a text of one line"
        for name, value in headers.items()
        if not (_HEADER_NAME.fullmatch(name) and isinstance(value, str) and value.isprintable())
    ]


def to_toml(feeds: Sequence[Feed]) -> str:
    """Return `feeds` as TOML that `parse_toml` reads back to the same values; defaults are left out."""
    return "\n".join(_table(feed) for feed in feeds)


def settings_of(feed: Feed) -> dict[str, Any]:
    """Return what of `feed` differs from the defaults, the address first, its id only where it isn't the usual one."""
    usual = Feed(id=digest(feed.url), url="")
    names = ("url", *SETTINGS)
    return {name: getattr(feed, name) for name in names if getattr(feed, name) != getattr(usual, name)}


def _table(feed: Feed) -> str:
    lines = ["[[feeds]]"]
    for name, value in settings_of(feed).items():
        if isinstance(value, dict):
            pairs = ", ".join(f"{_quoted(key)} = {_quoted(text)}" for key, text in value.items())
            lines.append(f"{name} = {{ {pairs} }}")
        elif isinstance(value, tuple):
            lines.append(f"{name} = [{', '.join(map(_quoted, value))}]")
        else:
            lines.append(f"{name} = {_quoted(value) if isinstance(value, str) else json.dumps(value)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return a TOML basic string: JSON's escapes are TOML's, but DEL has to be written out."""
    plain = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")
