"""Reads the dates feeds carry: RFC 822 and its abuse, ISO 8601, Indonesian and English words, with or without a zone.

A date without a zone is in the feed's own zone (an Indonesian portal that writes `14:44:28` means WIB), which is why
feedparser's reading (UTC, or nothing) comes only after ours.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WIB = timezone(timedelta(hours=7), "WIB")
EARLIEST = 1971  # earlier "dates" are a zero in some database
SKEW = timedelta(minutes=10)  # a publisher's clock may run ahead so far before its date is corrected

_MONTH_NAMES = (
    "january januari jan",
    "february februari pebruari feb peb",
    "march maret mar mrt",
    "april apr",
    "may mei",
    "june juni jun",
    "july juli jul",
    "august agustus aug agu agt agst ags",
    "september sept sep",
    "october oktober oct okt",
    "november nopember nov nop",
    "december desember dec des",
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

# Hours east of UTC, RFC 822's North American names among them; its military letters are read in `_zone`.
_ZONE_NAMES = """
    wib=7 wita=8 wit=9 z=0 ut=0 utc=0 gmt=0 est=-5 edt=-4 cst=-6 cdt=-5 mst=-7 mdt=-6 pst=-8 pdt=-7
    wet=0 west=1 bst=1 cet=1 cest=2 met=1 mest=2 eet=2 eest=3 msk=3 ict=7 sgt=8 myt=8 pht=8 hkt=8 awst=8 jst=9 kst=9
    aest=10 aedt=11 nzst=12 nzdt=13
"""
ZONES = {name: float(hours) for name, _, hours in (part.partition("=") for part in _ZONE_NAMES.split())}

_CLOCK = (
    r"(?P<hour>\d{1,2})\s?[:.]\s?(?P<minute>\d{2})(?:\s?[:.]\s?(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?"
)
_TIME = rf"(?:[\s,|/t@-]*(?:pukul|jam|pkl\.?|at)?\s*{_CLOCK}\s*(?P<zone>.*))?"
_PATTERNS = tuple(
    re.compile(rf"^{day}{_TIME}$")
    for day in (
        r"(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})",  # ISO 8601
        r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})",
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s.,/-]*(?P<name>[a-z]{3,9})[\s.,/-]*(?P<year>\d{4}|\d{2,3})(?!\d)",
        r"(?P<name>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?!\d)",
        r"(?P<day>\d{1,2})(?P<between>[/.-])(?P<month>\d{1,2})[/.-](?P<year>\d{4})(?!\d)",
    )
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})t?(\d{2})(\d{2})(\d{2})?(.*)$")
# Seconds or milliseconds since 1970, up to 2033: figures that begin with "20" are years
_EPOCH = re.compile(r"^(1\d{9})(?:\d{3})?(?:\.\d{1,9})?$")
_YEAR_OR_MONTH = re.compile(r"^(\d{4})(?:-(\d{2}))?$")  # W3C-DTF: a year, a month
_CTIME = re.compile(r"^([a-z]{3}) (\d{1,2}) ([\d:]{8}) (?:([a-z]{1,5}) )?(\d{4})$")
_WEEKDAY = re.compile(r"^[a-z]{2,10}['’´`]?[a-z]{0,3}\.?\s*[,.]?\s*(?=\d|[a-z])")
_OFFSET = re.compile(r"^(?:gmt|utc|wib|wita|wit)?\s*([+-])(\d{1,2})(?::?(\d{2}))?\b")


def parse_date(text: str, zone: tzinfo = WIB) -> datetime | None:
    """Return the moment `text` names, in UTC; None when it can't be read or lies before 1971.

    `zone` holds where the text names none. In all-figure dates days come before months, but with AM or PM (an American
    habit) after them, unless that is impossible. Figures alone may be seconds or milliseconds since 1970.
    """
    plain = " ".join(text[:120].casefold().split()).replace("(", " ").replace(")", " ").strip(" ,.")
    plain = " ".join(plain.split())
    for candidate in (plain, _WEEKDAY.sub("", plain, count=1)):
        if value := _read(candidate, zone):
            return value
    return None


def plausible(value: datetime | None, now: datetime) -> datetime | None:
    """Return `value`, brought back to `now` when it lies in the future; None when it is more than a year ahead."""
    if value is None or value > now + timedelta(days=366):
        return None
    return now if value > now + SKEW else value


def zone_of(name: str) -> tzinfo:
    """Return the zone of an IANA name; WIB when there is none of that name."""
    try:
        return ZoneInfo(name) if name else WIB
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return WIB


def _read(text: str, zone: tzinfo) -> datetime | None:
    if match := _EPOCH.match(text):
        return datetime.fromtimestamp(int(match[1]), UTC)
    if match := _COMPACT.match(text):
        year, month, day, hour, minute, second, rest = match.groups()
        return _moment(int(year), int(month), int(day), (int(hour), int(minute), int(second or 0)), rest, zone)
    if match := _YEAR_OR_MONTH.match(text):
        return _moment(int(match[1]), int(match[2] or 1), 1, (0, 0, 0), "", zone)
    if match := _CTIME.match(text):
        text = f"{match[2]} {match[1]} {match[5]} {match[3]} {match[4] or ''}"
    for pattern in _PATTERNS:
        if (match := pattern.match(text)) and (value := _from_match(match.groupdict(), zone)):
            return value
    return None


def _from_match(part: dict[str, str | None], zone: tzinfo) -> datetime | None:
    month = MONTHS.get(part["name"] or "") if "name" in part else int(part["month"] or 0)
    day = int(part["day"] or 0)
    if month is None:
        return None
    half = part["half"]
    american = bool(half) and part.get("between") in ("/", "-")
    if "name" not in part and (american or month > 12) and day <= 12:
        month, day = day, month
    hour = int(part["hour"] or 0)
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    clock = (hour, int(part["minute"] or 0), int(part["second"] or 0))
    return _moment(_full_year(part["year"] or ""), month, day, clock, part["zone"] or "", zone)


def _full_year(text: str) -> int:
    """Return the year; two and three digits as RFC 5322, section 4.3 says."""
    year = int(text)
    if len(text) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(text) == 3 else year


def _moment(year: int, month: int, day: int, clock: tuple[int, int, int], named: str, zone: tzinfo) -> datetime | None:
    hour, minute, second = clock
    late = timedelta(days=1) if (hour, minute, second) == (24, 0, 0) else timedelta()  # ISO 8601's end of the day
    try:
        value = (
            datetime(year, month, day, hour % 24 if late else hour, minute, min(second, 59), tzinfo=_zone(named, zone))
            + late
        )
        value = value.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return value if value.year >= EARLIEST else None


def _zone(named: str, otherwise: tzinfo) -> tzinfo:
    """Return the zone a date's last words name, `otherwise` when they name none we know."""
    named = named.strip(" .,")
    if match := _OFFSET.match(named):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes))
    word = re.match(r"[a-z]+", named)
    if word and word[0] in ZONES:
        return timezone(timedelta(hours=ZONES[word[0]]))
    if len(named) == 1:
        return UTC  # a military letter: RFC 5322 has it read as an unknown zone, "-0000"
    return otherwise
