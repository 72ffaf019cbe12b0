"""Words and patterns of dates in Indonesian and English newspapers; dates.py reads what they match."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from workers.tag.grammar import calendar
from workers.tag.grammar.numbers import BLANK, WORDS, any_of

# fmt: off
MONTHS = {
    "januari": 1, "january": 1, "februari": 2, "pebruari": 2, "february": 2, "maret": 3, "march": 3, "april": 4,
    "mei": 5, "may": 5, "juni": 6, "june": 6, "juli": 7, "july": 7, "agustus": 8, "august": 8, "september": 9,
    "oktober": 10, "october": 10, "november": 11, "nopember": 11, "desember": 12, "december": 12,
}
SHORT_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "agu": 8, "ags": 8, "agt": 8, "agst": 8, "aug": 8,
    "sep": 9, "sept": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}
WEEKDAYS = {
    "senin": 0, "selasa": 1, "rabu": 2, "kamis": 3, "jumat": 4, "jum'at": 4, "jum’at": 4, "sabtu": 5, "minggu": 6,
    "ahad": 6, "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}
UNITS: dict[str, calendar.Unit] = {
    "hari": "day", "day": "day", "days": "day", "pekan": "week", "minggu": "week", "week": "week", "weeks": "week",
    "bulan": "month", "month": "month", "months": "month", "tahun": "year", "year": "year", "years": "year",
}
STEPS = {
    "ini": 0, "this": 0, "lalu": -1, "kemarin": -1, "last": -1, "silam": -1, "sebelumnya": -1, "depan": 1,
    "mendatang": 1, "next": 1,
}
PARTS: dict[str, Literal["early", "middle", "late"]] = {
    "awal": "early", "early": "early", "pertengahan": "middle", "tengah": "middle", "mid": "middle", "akhir": "late",
    "late": "late", "penghujung": "late",
}
DAYS = {
    "hari ini": 0, "kemarin": -1, "kemarin lusa": -2, "besok": 1, "esok": 1, "lusa": 2, "semalam": -1, "tadi malam": -1,
    "tadi pagi": 0, "tadi siang": 0, "tadi sore": 0, "nanti malam": 0, "nanti sore": 0, "malam ini": 0, "pagi ini": 0,
    "siang ini": 0, "sore ini": 0, "dini hari tadi": 0, "today": 0, "yesterday": -1, "tomorrow": 1, "tonight": 0,
    "last night": -1, "this morning": 0, "this afternoon": 0, "this evening": 0,
}
# fmt: on


_B = BLANK + "{1,3}"
_MONTH = rf"(?:{any_of(MONTHS)}|(?:{any_of(SHORT_MONTHS)})\.?)"
_DAYTIME = r"(?:pagi|siang|sore|petang|malam|dini[ ]hari|subuh|morning|afternoon|evening|night)"
FOUR_DIGITS = r"(?:1[89]|20)\d\d"
_END = r"(?![A-Za-z0-9])"
DASH = rf"{BLANK}?[-–—]{BLANK}?"
_DATE = (
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:(?:{DASH}|{_B}(?:hingga|sampai|dan|to|and){_B})(?P<day2>\d{{1,2}}))?"
    rf"{_B}(?:of{_B})?(?P<month>{_MONTH})(?:,?{_B}(?P<year>{FOUR_DIGITS}))?"
    rf"|(?P<month_e>{_MONTH}){_B}(?P<day_e>\d{{1,2}})(?:st|nd|rd|th)?(?:,?{_B}(?P<year_e>{FOUR_DIGITS}))?"
    rf"(?![\d.,:/]*\d)"
    rf"|(?P<day_n>\d{{1,2}})(?P<mark>[/.-])(?P<month_n>\d{{1,2}})"
    rf"(?:(?P=mark)(?P<year_n>{FOUR_DIGITS}|\d\d))?(?![\d/]))"
)
FLAGS = re.I | re.A
# "Kamis (4/9/2025) malam", "Kamis malam, 4 September 2025"
WEEKDAY_DATE = re.compile(
    rf"(?P<weekday>{any_of(WEEKDAYS)})(?:{_B}{_DAYTIME})?(?:{_B}(?P<bracket>\()|,?{_B}){BLANK}?{_DATE}{BLANK}?"
    rf"(?(bracket)\))(?:{_B}{_DAYTIME}{_END})?(?![A-Za-z0-9])",
    FLAGS,
)
DATE = re.compile(rf"{_DATE}{_END}", FLAGS)
ISO = re.compile(rf"(?P<year>{FOUR_DIGITS})-(?P<month>\d\d)-(?P<day>\d\d){_END}", FLAGS)
MONTH_YEAR = re.compile(
    rf"(?:(?P<part>{any_of(PARTS)}){_B}(?:bulan{_B})?)?(?P<month>{_MONTH})"
    rf"(?:{_B}(?:tahun{_B})?(?P<year>{FOUR_DIGITS})"
    rf"|{_B}(?P<step>lalu|silam|mendatang|ini|tahun{_B}(?:lalu|ini|depan)))?{_END}",
    FLAGS,
)
YEAR = re.compile(
    rf"(?:(?P<part>{any_of(PARTS)}){_B})?(?:tahun{_B})?(?P<year>{FOUR_DIGITS})(?P<decade>-?an|s)?"
    rf"(?![\w/:%°]|[.,]\d|-\d)",
    FLAGS,
)
CENTURY = re.compile(rf"abad{_B}(?:ke-?)?(?P<number>\d{{1,2}}|[IVX]{{1,5}})(?:{_B}(?:Masehi|M))?{_END}", FLAGS)
YEARS = re.compile(rf"(?P<first>{FOUR_DIGITS}){DASH}(?P<last>{FOUR_DIGITS})(?![\w/:%°]|[.,]\d|-\d)", FLAGS)
WEEKDAY = re.compile(
    rf"(?P<weekday>{any_of(WEEKDAYS)})(?:{_B}{_DAYTIME})?"
    rf"(?:{_B}(?:(?P<week>(?:pekan|minggu){_B}(?:ini|lalu|depan))|(?P<step>lalu|kemarin|ini|depan|mendatang)))?"
    rf"(?:{_B}{_DAYTIME})?{_END}",
    FLAGS,
)
ENGLISH_WEEKDAY = re.compile(rf"(?P<step>last|next|this){_B}(?P<weekday>{any_of(WEEKDAYS)}){_END}", FLAGS)
RELATIVE = re.compile(
    rf"(?:(?P<days>{any_of(DAYS)})(?:{_B}{_DAYTIME})?"
    rf"|(?:(?P<part>{any_of(PARTS)}){_B})?(?:(?P<unit>pekan|minggu|bulan|tahun){_B}"
    rf"(?P<step>ini|lalu|kemarin|silam|depan|mendatang)"
    rf"|(?P<step_e>last|this|next){_B}(?P<unit_e>week|month|year))"
    rf"|akhir{_B}pekan(?:{_B}(?P<weekend>ini|lalu|depan))?"
    rf"|(?:(?P<number>\d{{1,4}})|(?P<words>{WORDS}|se(?=hari|pekan|minggu|bulan|tahun)))(?:{BLANK}{{0,3}})"
    rf"(?P<unit_n>hari|pekan|minggu|bulan|tahun|days?|weeks?|months?|years?){_B}(?:yang{_B})?"
    rf"(?P<way>lalu|silam|ago|lagi|mendatang|ke{_B}depan|terakhir|belakangan))(?![A-Za-z0-9]|-[A-Za-z])",
    FLAGS,
)
JOINT = re.compile(rf"(?:{DASH}|{_B}(?:hingga|sampai(?:{_B}dengan)?|s\.?/?d\.?|to|until|through|till){_B})", FLAGS)
AND = re.compile(rf"{_B}(?:dan|and|hingga|sampai){_B}", FLAGS)
BETWEEN = re.compile(rf"\b(?:antara|between){_B}(?:tahun{_B}|bulan{_B})?$", FLAGS)
# What stands before a bare month or year, so that it is a time and no name or number.
CUE = re.compile(
    rf"\b(?:pada|tahun|bulan|sejak|semenjak|hingga|sampai|dari|antara|selama|mulai|akhir|awal|pertengahan|di|dalam|untuk|sepanjang|medio|per|periode"
    rf"|in|since|until|by|from|between|during|of)[{BLANK[1:-1]}(]{{1,3}}$",
    FLAGS,
)
FUTURE = re.compile(r"\b(?:akan|bakal|hendak|rencananya|dijadwalkan|will|scheduled)\b", FLAGS)
FIRST = re.compile(r"\w+")
COUNTED = ("sehari", "sepekan", "seminggu", "sebulan", "setahun")
ENGLISH_STEPS = ("last", "next", "this")  # before a weekday


def first_words(*lists: Iterable[str]) -> frozenset[str]:
    """Return the first word of each name: "dini" of "dini hari tadi", "jum" of "jum'at"."""
    return frozenset(FIRST.findall(name)[0] for names in lists for name in names)


# What can stand at the head of a date besides a digit or a number word, in lower case.
FIRST_WORDS = first_words(MONTHS, SHORT_MONTHS, WEEKDAYS, PARTS, DAYS, STEPS, UNITS, COUNTED, ("abad",))
