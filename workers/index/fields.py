"""The fields a query can name (`orang:`, `site:`, `sejak:` …), in Indonesian and English, and their values."""

from __future__ import annotations

import calendar
import difflib
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from workers.errors import Misuse

Field = Literal[
    "text", "title", "site", "people", "organisations", "places", "section", "authors", "tags", "language",
    "after", "before",
]  # fmt: skip

ZONE = ZoneInfo("Asia/Jakarta")  # WIB: what a day in a query means
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

# What a person may type before the colon. `sampai:` and `until:` hold their last day too; they become `before`.
NAMES: dict[str, Field] = {
    "judul": "title", "title": "title",
    "site": "site", "situs": "site",
    "orang": "people", "tokoh": "people", "people": "people", "person": "people",
    "lembaga": "organisations", "organisasi": "organisations", "org": "organisations", "organisation": "organisations",
    "organisations": "organisations", "organization": "organisations", "organizations": "organisations",
    "tempat": "places", "lokasi": "places", "places": "places", "place": "places",
    "rubrik": "section", "kanal": "section", "section": "section",
    "penulis": "authors", "wartawan": "authors", "author": "authors", "authors": "authors",
    "tag": "tags", "tags": "tags",
    "bahasa": "language", "language": "language", "lang": "language",
    "sejak": "after", "after": "after", "since": "after",
    "sebelum": "before", "before": "before",
    "sampai": "before", "until": "before",
}  # fmt: skip
NAMED: tuple[Field, ...] = ("people", "organisations", "places")  # whose values are names
WHOLE_DAY = frozenset({"sampai", "until"})
EXAMPLES: dict[Field, str] = {
    "site": "site:riau24.com", "people": 'orang:"Joko Widodo"', "places": "tempat:Pekanbaru",
    "organisations": "lembaga:KPK", "section": "rubrik:ekonomi", "authors": 'penulis:"Siti Rahma"',
    "tags": "tag:banjir", "language": "bahasa:id", "title": "judul:banjir", "after": "sejak:2026-03-02",
    "before": "sebelum:2026-03-02",
}  # fmt: skip
LANGUAGES = {"indonesia": "id", "indonesian": "id", "inggris": "en", "english": "en", "melayu": "ms", "jawa": "jv"}
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_SPAN = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_AGO = re.compile(r"(\d{1,4}|se)[ -]?([a-z]+?)(?:[ -](?:yang[ -])?(?:lalu|ago))?")
_UNITS = {  # in days, or in months
    "hari": (1, 0), "d": (1, 0), "day": (1, 0), "days": (1, 0),
    "minggu": (7, 0), "pekan": (7, 0), "w": (7, 0), "week": (7, 0), "weeks": (7, 0),
    "bulan": (0, 1), "m": (0, 1), "month": (0, 1), "months": (0, 1),
    "tahun": (0, 12), "y": (0, 12), "year": (0, 12), "years": (0, 12),
}  # fmt: skip
_DAYS = {"hari ini": 0, "hari-ini": 0, "hariini": 0, "today": 0, "kemarin": 1, "kemaren": 1, "yesterday": 1}


class Ago(Struct, frozen=True):
    """A day counted back from the one on which a query is asked; with `end` the moment it is over."""

    days: int = 0
    months: int = 0
    end: bool = False

    def moment(self, now: datetime) -> datetime:
        """Return the first moment of the day in WIB, or of the one after it; the calendar's first when it is older."""
        today = now.astimezone(ZONE).date()
        month = today.year * 12 + today.month - 1 - self.months
        if month < 12:
            return FIRST
        year, month = month // 12, month % 12 + 1
        day = min(today.day, calendar.monthrange(year, month)[1])
        try:
            counted = date(year, month, day) - timedelta(days=self.days)
        except OverflowError:
            return FIRST
        return _start(counted.year, counted.month, counted.day, self.end)


def misspelt(name: str) -> str:
    """Return the field that `name`, which is none, was probably meant to be; "" when it is a word of its own."""
    close = difflib.get_close_matches(name.lower(), NAMES, n=1, cutoff=0.8) if len(name) > 3 else []
    return close[0] if close else ""


def host(value: str) -> str:
    """Return the host in `value`, which may be an address, without "www."."""
    bare = re.sub(r"^https?://", "", value.strip().lower())
    return bare.split("/", 1)[0].removeprefix("www.")


def language(value: str) -> str:
    """Return the code of the language called `value`; a code stays."""
    return LANGUAGES.get(value.lower(), value.lower())


def moment(value: str, *, end: bool) -> datetime | None:
    """Return the first moment of the day, month or year `value` in WIB, with `end` the first one after it.

    A day is 2026-03-02 or 2/3/2026; an RFC 3339 time is itself. None when it is neither, or no day of the calendar.
    """
    try:
        if found := _DAY_FIRST.fullmatch(value):
            return _start(int(found[3]), int(found[2]), int(found[1]), end)
        if found := _SPAN.fullmatch(value):
            year, month, day = (int(part) if part else 0 for part in found.groups())
            return _start(year, month, day, end)
        exact = datetime.fromisoformat(value)
        return within(exact if exact.tzinfo else exact.replace(tzinfo=ZONE))
    except ValueError:
        return None


def ago(value: str, *, end: bool) -> Ago | None:
    """Return the day that `value` counts back to (kemarin, hari-ini, 7hari, 2w, "3 bulan lalu"), None when it is none.

    A month back is the same day of the month before, or its last one.
    """
    text = value.lower()
    if (days := _DAYS.get(text)) is not None:
        return Ago(days, 0, end)
    found = _AGO.fullmatch(text)
    if not found or found[2] not in _UNITS:
        return None
    count = 1 if found[1] == "se" else int(found[1])
    days, months = _UNITS[found[2]]
    return Ago(count * days, count * months, end)


def _start(year: int, month: int, day: int, end: bool) -> datetime:
    first = date(year, month or 1, day or 1)
    if not end:
        return within(datetime.combine(first, time(), ZONE))
    try:
        if day:
            after = first + timedelta(days=1)
        else:
            after = date(year + 1, 1, 1) if not month or month == 12 else date(year, month + 1, 1)
    except (OverflowError, ValueError):
        return LAST
    return within(datetime.combine(after, time(), ZONE))


def within(time: datetime) -> datetime:
    """Return `time`, or the end of the calendar that it lies beyond in UTC."""
    try:
        time.astimezone(UTC)
    except OverflowError:
        return FIRST if time.year == date.min.year else LAST
    return time


def no_value(name: str, position: int) -> Misuse:
    """Return the error of a field without a value; positions count from 1."""
    return Misuse(f"query: {name}: at character {position} has no value: write it as in {EXAMPLES[NAMES[name]]}")


def no_time(name: str, value: str, position: int) -> Misuse:
    """Return the error of a day that is none."""
    return Misuse(
        f"query: {name}:{value[:40]} at character {position} is no day: write {name}:2026-03-02 or 2/3/2026, or "
        f"counted back from today {name}:kemarin, {name}:hari-ini, {name}:7hari, 2minggu, 3bulan, 1tahun"
    )
