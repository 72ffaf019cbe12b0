"""Which entries of a feed the operator wants: `keep` and `drop` rules of the feed, as data.

A rule is `FIELD=EXPRESSION` (title, url, summary, tag, author) or an expression alone, looked for in title and
address. Expressions are Python's, without regard to case. An entry is wanted when a keep rule (if there is any) matches
and no drop rule does.
"""

from __future__ import annotations

import re
from functools import lru_cache

from workers.model import Entry, Feed

FIELDS = ("title", "url", "summary", "tag", "author")
MAX_RULE = 500  # characters
MAX_TEXT = 2_000  # characters of a field that are looked at
_RULE = re.compile(rf"(?:({'|'.join(FIELDS)})=)?(.+)", re.DOTALL)


def rule_problem(rule: str) -> str:
    """Return why `rule` can't be used, "" when it can."""
    if not rule or len(rule) > MAX_RULE:
        return f"must have 1 to {MAX_RULE} characters"
    if not rule.isprintable() or rule != rule.strip():  # OPML, XML and TOML would not give them back as they were
        return f"{rule[:60]!r} must be one line without blanks around it (\\s, \\n and \\t stand for them)"
    try:
        _compiled(rule)
    except (re.error, RecursionError, OverflowError) as error:
        return f"{rule[:60]!r} is no regular expression: {error}"
    return ""


def wanted(feed: Feed, entry: Entry) -> bool:
    """Tell whether the rules of `feed` let `entry` through."""
    if feed.keep and not any(_matches(rule, entry) for rule in feed.keep):
        return False
    return not any(_matches(rule, entry) for rule in feed.drop)


def _matches(rule: str, entry: Entry) -> bool:
    field, expression = _compiled(rule)
    return any(expression.search(text[:MAX_TEXT]) for text in _texts(field, entry))


def _texts(field: str, entry: Entry) -> tuple[str, ...]:
    match field:
        case "tag":
            return entry.tags
        case "author":
            return entry.authors
        case "":
            return entry.title, entry.url
        case _:
            return (str(getattr(entry, field)),)


@lru_cache(maxsize=10_000)
def _compiled(rule: str) -> tuple[str, re.Pattern[str]]:
    match = _RULE.fullmatch(rule)
    assert match is not None  # any text of one character matches
    return match[1] or "", re.compile(match[2], re.IGNORECASE)
