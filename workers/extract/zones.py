"""The publisher's own zone: a reader's day is the publisher's day."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from workers.identify.address import registrable_domain

# by country, where the whole press keeps one clock (or, as in Indonesia, names another one beside the time)
_BY_COUNTRY = {
    "id": "Asia/Jakarta", "my": "Asia/Kuala_Lumpur", "sg": "Asia/Singapore", "th": "Asia/Bangkok", "ph": "Asia/Manila",
    "vn": "Asia/Ho_Chi_Minh", "bn": "Asia/Brunei", "tl": "Asia/Dili", "jp": "Asia/Tokyo", "kr": "Asia/Seoul",
    "cn": "Asia/Shanghai", "tw": "Asia/Taipei", "hk": "Asia/Hong_Kong", "in": "Asia/Kolkata", "pk": "Asia/Karachi",
    "bd": "Asia/Dhaka", "lk": "Asia/Colombo", "np": "Asia/Kathmandu", "ae": "Asia/Dubai", "sa": "Asia/Riyadh",
    "qa": "Asia/Qatar", "tr": "Europe/Istanbul", "il": "Asia/Jerusalem", "eg": "Africa/Cairo", "ke": "Africa/Nairobi",
    "ng": "Africa/Lagos", "za": "Africa/Johannesburg", "de": "Europe/Berlin", "at": "Europe/Vienna",
    "ch": "Europe/Zurich", "fr": "Europe/Paris", "it": "Europe/Rome", "es": "Europe/Madrid", "pt": "Europe/Lisbon",
    "nl": "Europe/Amsterdam", "be": "Europe/Brussels", "dk": "Europe/Copenhagen", "se": "Europe/Stockholm",
    "no": "Europe/Oslo", "fi": "Europe/Helsinki", "pl": "Europe/Warsaw", "cz": "Europe/Prague", "hu": "Europe/Budapest",
    "gr": "Europe/Athens", "ro": "Europe/Bucharest", "uk": "Europe/London", "gb": "Europe/London",
    "ie": "Europe/Dublin", "pe": "America/Lima", "ar": "America/Argentina/Buenos_Aires", "nz": "Pacific/Auckland",
}  # fmt: skip
# of languages that are written in one zone only, or nearly
_BY_LANGUAGE = {
    "id": "id", "jv": "id", "su": "id", "ms": "my", "th": "th", "vi": "vn", "ja": "jp", "ko": "kr", "de": "de",
    "it": "it", "nl": "nl", "da": "dk", "sv": "se", "pl": "pl", "tr": "tr",
}  # fmt: skip
_WORLDWIDE = ("en", "es", "pt", "fr", "ar")  # left at "en_US" or "es_ES" by templates everywhere
_REGION = re.compile(r"[a-z]{2,3}[-_]([a-z]{2})$", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


def zone_name(url: str, locale: str, language: str) -> str:
    """Return the IANA name of the zone that the press at `url` keeps, "" when nothing tells.

    `locale` is what the page declares ("id_ID"); its region counts unless the language is at home everywhere.
    """
    country = registrable_domain(url).rpartition(".")[2]
    region = _REGION.match(locale.strip()[:20])
    if country not in _BY_COUNTRY and region and locale[:2].lower() not in _WORLDWIDE:
        country = region[1].lower()
    if country not in _BY_COUNTRY:
        country = _BY_LANGUAGE.get(language, "")
    return _BY_COUNTRY.get(country, "")


def zone_of(name: str) -> tzinfo:
    """Return the zone of an IANA name or of an offset such as "+08:00"; UTC for "" and for what is neither."""
    if match := _OFFSET.fullmatch(name):
        minutes = int(match[2]) * 60 + int(match[3])
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))
    try:
        return ZoneInfo(name) if name else UTC
    except (LookupError, OSError, ValueError):  # a name the operator mistyped must not cost the article
        return UTC


def offset_name(at: datetime, zone: tzinfo) -> str:
    """Return the offset that `zone` has at `at`, as "+08:00"."""
    return at.astimezone(zone).isoformat()[-6:]


def local(at: datetime | None, name: str) -> datetime | None:
    """Return the moment on the clock of the zone called `name` (see `zone_of`)."""
    return at.astimezone(zone_of(name)) if at else None
