"""Dates as news pages write them, to UTC: ISO 8601, RFC 5322, Indonesian and English text.

Zones: an offset or "Z" counts; WIB, WITA and WIT are Indonesia's; a time without a zone is taken in the zone given.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from msgspec import Struct

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # before it there were no news sites
ZONES: dict[str, tzinfo] = {
    "WIB": timezone(timedelta(hours=7)), "WITA": timezone(timedelta(hours=8)), "WIT": timezone(timedelta(hours=9)),
    "UTC": UTC, "GMT": UTC, "Z": UTC,
    "EST": timezone(timedelta(hours=-5)), "EDT": timezone(timedelta(hours=-4)), "CST": timezone(timedelta(hours=-6)),
    "CDT": timezone(timedelta(hours=-5)), "MST": timezone(timedelta(hours=-7)), "PST": timezone(timedelta(hours=-8)),
    "PDT": timezone(timedelta(hours=-7)), "CET": timezone(timedelta(hours=1)), "CEST": timezone(timedelta(hours=2)),
    "BST": timezone(timedelta(hours=1)), "SGT": timezone(timedelta(hours=8)), "MYT": timezone(timedelta(hours=8)),
}  # fmt: skip
_MONTHS = (
    "januari january jan januar janvier enero", "februari february feb peb pebruari februar février febrero",
    "maret march mar mrt märz mars marzo", "april apr avril abril", "mei may mai mayo", "juni june jun juin junio",
    "juli july jul juillet julio", "agustus august aug agu ags agt août agosto",
    "september sep sept septembre septiembre", "oktober october okt oct octobre octubre",
    "november nov nopember nop novembre noviembre", "desember december des dec dezember dez décembre diciembre",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_TIME = (
    r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d))?"
    r"(?:\s*(?P<half>[ap]\.?m\b|(?:siang|sore|malam)\b))?"
)
_ZONE = (
    r"(?P<zone>(?:UTC|GMT)?[+-]\d\d:?\d\d|(?:UTC|GMT)[+-]\d{1,2}(?!\d)"
    rf"|{'|'.join(sorted(ZONES, key=len, reverse=True))})"
)
# what stands between a date and its time: "Kamis, 04 Sep 2025 14:05 WIB", "… | 14:05", "… - 14:05", "… pukul 14.05"
_GAP = r"(?:\s*(?:[,|/·•–-]+|pukul|pk\.?|jam|at|@|um|\()\s*|\s+)"
_THEN = rf"(?:{_GAP}{{1,3}}{_TIME}(?:\s*\(?{_ZONE}\b)?)?"
ISO = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<mark>[-/.])(?P<month>[01]?\d)(?P=mark)(?P<day>[0-3]?\d)(?!\d)"
    rf"(?:[T\s]\s*{_TIME}(?:[.,]\d{{1,9}})?\s*(?:(?P<zone>Z|[+-]\d\d:?(?:\d\d)?|{'|'.join(ZONES)})\b)?)?",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(
    rf"(?<![\d.])(?P<day>[0-3]?\d)(?:st|nd|rd|th|\.)?\s*(?:de\s+|of\s+)?[-\s]\s*(?P<name>{_MONTH})\.?,?[-\s]\s*(?:de\s+)?"
    rf"(?P<year>(?:19|20)\d\d)\b{_THEN}",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<name>{_MONTH})\.?\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)\b{_THEN}", re.IGNORECASE
)
_NUMERIC = re.compile(
    rf"(?<![\d/.-])(?P<day>[0-3]?\d)(?P<mark>[/.-])(?P<month>[0-3]?\d)(?P=mark)(?P<year>(?:19|20)\d\d)(?!\d){_THEN}",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(  # "12/05/26 14:44": two digits name a year only beside slashes and a time
    rf"(?<![\d/.-])(?P<day>[0-3]?\d)/(?P<month>[01]?\d)/(?P<short>\d\d)(?![\d/]){_GAP}{{1,3}}{_TIME}(?:\s*\(?{_ZONE}\b)?",
    re.IGNORECASE,
)
_TIME_FIRST = re.compile(  # "14:44 WIB, 12 Mei 2026", "14:44 - 12 Mei 2026"
    rf"(?<![\d:.]){_TIME}(?:\s*\(?{_ZONE}\)?)?\s*[,|/·•–-]\s*(?:\w{{3,9}},?\s+)?(?P<day>[0-3]?\d)[-\s]+(?P<name>{_MONTH})\.?[-\s]+"
    r"(?P<year>(?:19|20)\d\d)\b(?!\s*[,|/·•–-]?\s*\d{1,2}[:.]\d\d)",
    re.IGNORECASE,
)
_ALONE = re.compile(  # "10.12.19", "Selasa 10.12.19": two digits name a year where nothing else stands beside
    r"^(?:[^\W\d_]{2,9}\.?,?\s+)?(?P<day>[0-3]\d)(?P<mark>[./-])(?P<month>[01]\d)(?P=mark)(?P<short>\d\d)$"
)
_SCRIPT = (
    re.compile(  # what JavaScript and Java print: "Tue May 12 2026 14:44:00 GMT+0700", "Tue May 12 14:44:00 WIB 2026"
        rf"[A-Z][a-z]{{2}} (?P<name>{_MONTH}) (?P<day>\d\d?) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
        rf"(?: {_ZONE})? (?P<year>(?:19|20)\d\d)\b",
        re.IGNORECASE,
    )
)
_PUBLISHED = re.compile(r"\b(?:published|posted|diterbitkan|dipublikasikan|terbit|tayang)\b\s*:?\s*", re.IGNORECASE)
_URL = re.compile(r"/(?P<year>(?:19|20)\d\d)/(?P<month>1[0-2]|0?[1-9])/(?P<day>[12]\d|3[01]|0?[1-9])(?:/|$)")
_URL_COMPACT = re.compile(
    r"[/_-](?P<year>(?:19|20)\d\d)[/_-]?(?P<month>0[1-9]|1[0-2])[/_-]?(?P<day>0[1-9]|[12]\d|3[01])(?=\D|$|\d{4,8}(?:\D|$))"
)
_COMPACT = re.compile(
    r"(?P<year>20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?:T?(?P<hour>[0-2]\d)(?P<minute>[0-5]\d)"
    r"(?P<second>[0-5]\d)?Z?)?$"
)


_DIGIT = re.compile(r"[0-9]")
_TEXTUAL = (_ALONE, _SCRIPT, _TIME_FIRST, _DAY_FIRST, _MONTH_FIRST, _SHORT_YEAR, _NUMERIC)


class Moment(Struct, frozen=True):
    """A date as a text names it: the moment (UTC), whether it tells the time of day, and the zone it names itself."""

    at: datetime
    timed: bool
    zone: tzinfo | None


def read(text: str, zone: tzinfo) -> datetime | None:
    """Return the first date in `text` as UTC; None without. See `find`."""
    found = find(text, zone)
    return found.at if found else None


def find(text: str, zone: tzinfo) -> Moment | None:
    """Return the first date in `text`; None without. `zone` is taken where the text names none.

    A date without a time is midnight in `zone`. Day comes before month, unless that
    gives no date (5/23/2016). Of several the one that is said to be of publication counts.
    """
    text = text.strip()[:400]
    if not _DIGIT.search(text):
        return None
    if (label := _PUBLISHED.search(text)) and label.start() and (found := _dated(text[label.end() :], zone)):
        return found  # "Updated: … | Published: …"
    return _dated(text, zone)


def _dated(text: str, zone: tzinfo) -> Moment | None:
    if match := ISO.search(text) or _COMPACT.match(text):
        return _made(match, zone)
    if text[:1].isdigit() and text.isdigit() and len(text) in (10, 13):
        return _bounded(datetime.fromtimestamp(int(text[:10]), UTC), timed=True, zone=UTC)
    if found := _mail(text, zone):
        return found
    matches = [m for m in (p.search(text) for p in _TEXTUAL) if m]
    for match in sorted(matches, key=lambda m: m.start()):
        if made := _made(match, zone):
            return made
    return None


def read_url(url: str, zone: tzinfo, *, directories: bool = False) -> datetime | None:
    """Return the day an address names ("/2025/09/04/", "-20250904"), as midnight in `zone`; None without.

    `directories`: only those of the path count; digits in a name may tell what the article is about.
    """
    path = url.partition("?")[0][:2_000]
    match = _URL.search(path) or (None if directories else _URL_COMPACT.search(path))
    found = _made(match, zone) if match else None
    return found.at if found else None


def _mail(text: str, zone: tzinfo) -> Moment | None:
    """RFC 5322: "Thu, 04 Sep 2025 14:05:00 +0700"."""
    if not re.match(r"(?:[A-Za-z]{3},\s*)?\d{1,2} [A-Za-z]{3} \d{4} \d{1,2}:\d\d:\d\d", text):
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return _bounded(found if found.tzinfo else found.replace(tzinfo=zone), timed=True, zone=found.tzinfo)


def _made(match: re.Match[str], zone: tzinfo) -> Moment | None:
    parts = match.groupdict()
    month = MONTHS[parts["name"].lower()] if parts.get("name") else int(parts["month"])
    day = int(parts["day"])
    if month > 12 >= day:
        month, day = day, month
    hour = int(parts.get("hour") or 0)
    if (half := (parts.get("half") or "").lower()) and (half[0] in "ap" or hour <= 12):
        # "12 malam" is midnight; "1 siang" follows noon, "11 siang" doesn't
        late = {"a": False, "p": True, "siang": hour < 10 or hour == 12, "sore": True, "malam": hour < 12}
        hour = hour % 12 + (12 if late[half if len(half) > 4 or half == "sore" else half[0]] else 0)
    try:
        named = _zone(parts.get("zone") or "")
        year = int(parts.get("year") or f"20{parts['short']}")
        minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
        found = datetime(year, month, day, hour, minute, second, tzinfo=named or zone)
        return _bounded(found, timed=bool(parts.get("hour")), zone=named)
    except (ValueError, OverflowError):
        return None


def _zone(name: str) -> tzinfo | None:
    name = name.upper()
    if name in ZONES:
        return ZONES[name]
    if not (match := re.search(r"([+-])(\d\d?):?(\d\d)?$", name)):
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))


def _bounded(found: datetime, *, timed: bool, zone: tzinfo | None) -> Moment | None:
    found = found.astimezone(UTC).replace(microsecond=0)
    return Moment(found, timed, zone) if found >= EARLIEST else None
