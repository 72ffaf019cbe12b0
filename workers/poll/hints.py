"""What a feed says about when to ask again: ttl, skipHours, skipDays (RSS 2.0) and sy:update… (RSS 1.0 syndication)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS = re.compile(r"<skipHours\b[^>]{0,200}>(.{0,2000}?)</skipHours", re.IGNORECASE | re.DOTALL)
_SKIPPED_DAYS = re.compile(r"<skipDays\b[^>]{0,200}>(.{0,2000}?)</skipDays", re.IGNORECASE | re.DOTALL)


class Hints(Struct, frozen=True, kw_only=True):
    """A feed's own wishes. `skip_hours` are hours of the day in UTC, 0 … 23; `skip_days` weekdays, Monday is 0."""

    ttl_seconds: int | None = None
    period_seconds: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


def hints_of(channel: Mapping[str, Any], body: bytes) -> Hints:
    """Read the hints from feedparser's `feed` and, for lists it flattens, from the document itself."""
    ttl = _number(channel.get("ttl"))
    period = PERIODS.get(str(channel.get("sy_updateperiod") or "").strip().lower())
    frequency = _number(channel.get("sy_updatefrequency")) or 1
    text = body.decode("utf-8", "replace") if b"skip" in body or b"Skip" in body else ""
    hours = _HOURS.search(text)
    days = _SKIPPED_DAYS.search(text)
    return Hints(
        ttl_seconds=ttl * 60 if ttl else None,
        period_seconds=max(period // frequency, 1) if period else None,
        # Both 0 … 23 and 1 … 24 are written; 24 is midnight either way.
        skip_hours=frozenset(
            int(hour) % 24 for hour in re.findall(r">\s*(\d{1,2})\s*<", f">{hours[1]}<") if int(hour) <= 24
        )
        if hours
        else frozenset(),
        skip_days=frozenset(DAYS.index(day) for day in re.findall(r"[a-z]+day", days[1].lower()) if day in DAYS)
        if days
        else frozenset(),
    )


def _number(value: object) -> int | None:
    """Return a positive whole number of at most nine digits, None for anything else."""
    text = str(value or "").strip()
    return int(text) or None if text.isascii() and text.isdigit() and len(text) <= 9 else None
