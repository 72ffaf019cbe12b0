"""DATE: days, months, years, weekdays and relative times, with the value they have for an article of a given day.

"Kamis (4 September)", "4/9/2025", "awal September 2025", "2018 hingga Januari 2019", "kemarin", "Senin pagi", "pekan
lalu", "dua hari lalu"; English likewise. A weekday alone is the last one up to the day of publication, or the next when
the sentence speaks of the future before it. A day without year is the nearest one. Without a day of publication what
is relative is found, but has no value ("").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from workers.tag.grammar import calendar, relative
from workers.tag.grammar import date_words as words
from workers.tag.grammar.calendar import Period
from workers.tag.grammar.numbers import SPELT
from workers.tag.grammar.relative import Time, is_future

FIRST_WORDS = words.FIRST_WORDS
_Reader = Callable[[str, int, "date | None", bool], "Time | None"]
_CUE_LENGTH = 14  # characters of the longest word before a bare month or year, with blanks
_NEAR_MONTHS = 3  # up to so many months ahead, a bare month is the coming one: "panen pada Oktober", said in August


def read_date(text: str, at: int, today: date | None) -> tuple[int, str] | None:
    """Return the end and the value ("" when unknown) of the longest date that begins at `at`."""
    first = _single(text, at, today)
    year = _year(text, at, today, True) if first is None else None  # a bare number, unless it begins a range
    begin = first or year
    if begin is None:
        return None
    between = words.BETWEEN.search(text, max(0, at - 30), at)
    joint = words.JOINT.match(text, begin.end) or (words.AND.match(text, begin.end) if between else None)
    last = _single(text, joint.end(), today, cued=True) if joint else None
    if last is not None and (value := _range(begin, last)):
        return last.end, value
    return (first.end, calendar.iso(first.period) if first.period else "") if first else None


def _range(first: Time, last: Time) -> str:
    """Return the interval from `first`, which may leave out the year of `last`; "" when they are none."""
    if first.period is None or last.period is None:
        return ""
    ends = last.period.first.year
    found = (calendar.day(ends - back, *first.yearless) for back in (0, 1)) if first.yearless else [first.period]
    return next((value for begin in found if begin and (value := calendar.joined(begin, last.period))), "")


def _single(text: str, at: int, today: date | None, cued: bool = False) -> Time | None:
    if text[at : at + 1].isdigit():
        readers: tuple[_Reader, ...] = _BY_YEAR if text[at : at + 2] in _CENTURIES else _BY_DAY
    else:
        word = words.FIRST.match(text, at)
        readers = _BY_FIRST_WORD.get(word.group().lower(), _BY_WORD) if word else _BY_WORD
    found = [time for reader in readers if (time := reader(text, at, today, cued)) is not None]
    return max(found, key=lambda time: time.end, default=None)


def _is_cued(text: str, at: int) -> bool:
    """Tell whether a word before `at` makes a time of a bare month or year: "pada 2024", "sejak Mei"."""
    return bool(words.CUE.search(text, max(0, at - _CUE_LENGTH), at))


def _weekday_date(text: str, at: int, today: date | None, cued: bool) -> Time | None:
    match = words.WEEKDAY_DATE.match(text, at)
    return _calendar_date(match, today, True) if match else None


def _date(text: str, at: int, today: date | None, cued: bool) -> Time | None:
    match = words.DATE.match(text, at)
    if match is None:
        return None
    bracket = text[at - 1 : at] == "(" and text[match.end() : match.end() + 1] == ")"
    return _calendar_date(match, today, bracket)


def _calendar_date(match: re.Match[str], today: date | None, bare: bool) -> Time | None:
    """Read a calendar date; `bare`: "4/9" without a year is one here."""
    numeric = match["day_n"]
    if numeric and (match["year_n"] is None and not (bare and match["mark"] == "/")):
        return None
    if numeric and match["mark"] == "." and len(match["year_n"] or "") != 4:
        return None
    number = int(match["day"] or match["day_e"] or numeric)
    name = (match["month"] or match["month_e"] or "").lower().rstrip(".")
    month = int(match["month_n"]) if numeric else words.MONTHS.get(name) or words.SHORT_MONTHS.get(name, 0)
    told = match["year"] or match["year_e"] or match["year_n"]
    if told is None:
        found = calendar.nearest(today, month, number) if today else None
        possible = 1 <= month <= 12 and calendar.day(2024, month, number) is not None
        if not possible:
            return None
    else:
        found = calendar.day(int(told) + (2000 if len(told) == 2 else 0), month, number)
        if found is None:
            return None
    if match["day2"] and found is not None:
        last = calendar.day(found.first.year, month, int(match["day2"]))
        if last is None or last.first <= found.first:
            return None
        found = Period(found.first, last.first, "span")
    return Time(match.end(), found, None if told else (month, number))


def _iso(text: str, at: int, today: date | None, cued: bool) -> Time | None:
    match = words.ISO.match(text, at)
    found = calendar.day(int(match["year"]), int(match["month"]), int(match["day"])) if match else None
    return Time(match.end(), found) if match and found else None


def _month_year(text: str, at: int, today: date | None, cued: bool) -> Time | None:
    match = words.MONTH_YEAR.match(text, at)
    if match is None:
        return None
    name = match["month"].lower().rstrip(".")
    bare = match["year"] is None and match["step"] is None
    if bare and (
        name in words.SHORT_MONTHS
        or not (cued or match["part"] or _is_cued(text, at))
        or not match["month"][0].isupper()
    ):
        return None  # "Mei" may be a person, "may" a verb
    number = words.MONTHS.get(name) or words.SHORT_MONTHS.get(name, 0)
    if match["year"]:
        found: Period | None = calendar.month(int(match["year"]), number)
    elif today is None:
        found = None
    else:
        found = calendar.month(
            _year_of(number, " ".join((match["step"] or "").lower().split()), text, at, today), number
        )
    if found and match["part"]:
        found = calendar.part(found, words.PARTS[match["part"].lower()])
    return Time(match.end(), found)


def _year_of(month: int, step: str, text: str, at: int, today: date) -> int:
    """Return the year of a month told without one: a near one to come, else the last; told "akan …", the next."""
    if step.startswith("tahun"):
        return today.year + words.STEPS[step.split()[1]]
    if step == "ini":
        return today.year
    if step == "mendatang" or (not step and is_future(text, at)):
        return today.year + (month < today.month)
    ahead = (month - today.month) % 12
    near = not step and ahead <= _NEAR_MONTHS
    if near:
        return today.year + (month < today.month)
    return today.year - (month >= today.month)


def _year(text: str, at: int, today: date | None, cued: bool) -> Time | None:
    match = words.YEAR.match(text, at)
    if match is None:
        return None
    number = int(match["year"])
    if match["decade"]:
        last = number + (99 if number % 100 == 0 and number < 2000 else 9)  # "1800-an" is a century
        return Time(match.end(), calendar.years(number, last)) if number % 10 == 0 else None
    if match.end() - at == 4 and not (cued or _is_cued(text, at)):
        return None
    found = calendar.year(number)
    return Time(match.end(), calendar.part(found, words.PARTS[match["part"].lower()]) if match["part"] else found)


def _century(text: str, at: int, today: date | None, cued: bool) -> Time | None:
    match = words.CENTURY.match(text, at)
    if match is None:
        return None
    told = match["number"].upper()
    number = int(told) if told.isdigit() else _roman(told)
    return Time(match.end(), calendar.years(100 * number - 99, 100 * number)) if 0 < number <= 30 else None


def _roman(letters: str) -> int:
    """Return the value of Roman numerals up to X; a wrong order gives some number, which no century has."""
    worth = [{"I": 1, "V": 5, "X": 10}[letter] for letter in letters]
    return sum(-one if one < after else one for one, after in zip(worth, [*worth[1:], 0], strict=True))


def _years(text: str, at: int, today: date | None, cued: bool) -> Time | None:
    match = words.YEARS.match(text, at)
    if match is None or match["first"] >= match["last"]:
        return None
    return Time(match.end(), calendar.years(int(match["first"]), int(match["last"])))


def _relative(text: str, at: int, today: date | None, cued: bool) -> Time | None:
    return relative.relative(text, at, today)


def _weekday(text: str, at: int, today: date | None, cued: bool) -> Time | None:
    return relative.weekday(text, at, today)


# What a date that begins with a digit, or with a word, can be. With most words it can be few things.
_CENTURIES = frozenset({"18", "19", "20"})
_BY_YEAR = (_date, _iso, _relative, _year, _years)
_BY_DAY = (_date, _relative)
_BY_WORD = (_weekday_date, _date, _relative, _month_year, _year, _weekday, _century)
_BY_FIRST_WORD: dict[str, tuple[_Reader, ...]] = {
    "abad": (_century,),
    **dict.fromkeys(words.first_words(words.DAYS, words.UNITS, words.STEPS, words.COUNTED, SPELT), (_relative,)),
    **dict.fromkeys(words.ENGLISH_STEPS, (_relative, _weekday)),
    **dict.fromkeys(words.first_words(words.PARTS), (_relative, _month_year, _year)),
    **dict.fromkeys(words.first_words(words.MONTHS, words.SHORT_MONTHS), (_date, _month_year)),
    **dict.fromkeys(words.first_words(words.WEEKDAYS), (_weekday_date, _relative, _weekday)),
    "tahun": (_relative, _year),
}
