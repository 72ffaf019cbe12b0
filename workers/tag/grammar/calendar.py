"""Days, months and years as values, and what relative words mean on a given day. Pure date arithmetic.

A period is its first and last day and how exactly it was told; `iso` writes it as ISO 8601: "2025-09-04", "2025-09",
"2025", or an interval "2025-08-25/2025-08-31" (weeks, parts of months and years).
"""

from __future__ import annotations

import calendar
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Literal, NamedTuple

Unit = Literal["day", "week", "month", "year"]


class Period(NamedTuple):
    """From `first` to `last` (inclusive), told as a day, a month, a year, whole years or in another way ("span")."""

    first: date
    last: date
    told: Literal["day", "month", "year", "years", "span"]


def iso(period: Period) -> str:
    """Return the period in ISO 8601."""
    if period.told == "day":
        return period.first.isoformat()
    if period.told == "month":
        return f"{period.first.year:04}-{period.first.month:02}"
    if period.told == "year":
        return f"{period.first.year:04}"
    if period.told == "years":
        return f"{period.first.year:04}/{period.last.year:04}"
    return f"{period.first.isoformat()}/{period.last.isoformat()}"


def joined(first: Period, last: Period) -> str:
    """Return the interval from one period to another, each written as exactly as it was told; "" when it runs back."""
    if first.first > last.last:
        return ""
    begin = iso(first) if first.told != "span" else first.first.isoformat()
    end = iso(last) if last.told != "span" else last.last.isoformat()
    return f"{begin}/{end}"


def day(year: int, month: int, number: int) -> Period | None:
    """Return a day, or None when the calendar has no such day."""
    if not (MINYEAR <= year <= MAXYEAR and 1 <= month <= 12 and 1 <= number <= calendar.monthrange(year, month)[1]):
        return None
    found = date(year, month, number)
    return Period(found, found, "day")


def month(year: int, number: int) -> Period:
    return Period(date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1]), "month")


def year(number: int) -> Period:
    return Period(date(number, 1, 1), date(number, 12, 31), "year")


def years(first: int, last: int) -> Period:
    """Return a span of whole years, "1990/1999" when written."""
    return Period(date(first, 1, 1), date(last, 12, 31), "years")


def shifted(today: date, unit: Unit, steps: int) -> Period | None:
    """Return the day, ISO week (Monday to Sunday), month or year `steps` from the one `today` lies in."""
    try:
        if unit == "day":
            there = today + timedelta(days=steps)
            return Period(there, there, "day")
        if unit == "week":
            monday = today - timedelta(days=today.weekday()) + timedelta(weeks=steps)
            return Period(monday, monday + timedelta(days=6), "span")
        if unit == "month":
            index = today.year * 12 + today.month - 1 + steps
            return month(index // 12, index % 12 + 1)
        return year(today.year + steps)
    except (ValueError, OverflowError):  # beyond the calendar: "90000 tahun lalu"
        return None


def around(today: date, unit: Unit, steps: int) -> Period | None:
    """Return the time between `today` and the same day `steps` units from it: "tiga bulan terakhir"."""
    try:
        if unit in ("day", "week"):
            there = today + timedelta(days=steps * (7 if unit == "week" else 1))
        else:
            index = today.year * 12 + today.month - 1 + steps * (12 if unit == "year" else 1)
            whole = month(index // 12, index % 12 + 1)
            there = whole.first.replace(day=min(today.day, whole.last.day))
    except (ValueError, OverflowError):
        return None
    return Period(min(there, today), max(there, today), "span")


def weekday(today: date, number: int, which: Literal["last or today", "before", "after", "next or today"]) -> Period:
    """Return the weekday (Monday is 0) nearest to `today` in the direction `which`."""
    back = (today.weekday() - number) % 7
    steps = {"last or today": -back, "before": -(back or 7), "after": 7 - back, "next or today": -back % 7}[which]
    found = today + timedelta(days=steps)
    return Period(found, found, "day")


def nearest(today: date, month_number: int, number: int) -> Period | None:
    """Return the day of that number and month nearest to `today`: newspapers leave out the year of such days."""
    found = [period for shift in (-1, 0, 1) if (period := day(today.year + shift, month_number, number))]
    return min(found, key=lambda period: abs((period.first - today).days), default=None)


def part(whole: Period, which: Literal["early", "middle", "late"]) -> Period:
    """Return a third of a month (10 days each), a year (4 months each) or a week (2, 3 and 2 days), or of any span."""
    first, last = whole.first, whole.last
    place = ("early", "middle", "late").index(which)
    if whole.told == "year":
        return Period(date(first.year, 4 * place + 1, 1), month(first.year, 4 * place + 4).last, "span")
    if whole.told == "month":
        begin = first.replace(day=10 * place + 1)
        return Period(begin, last if place == 2 else first.replace(day=10 * place + 10), "span")
    if (last - first).days == 6:
        cuts = ((0, 1), (2, 4), (5, 6))[place]
        return Period(first + timedelta(days=cuts[0]), first + timedelta(days=cuts[1]), "span")
    third = (last - first) / 3
    return Period(first + third * place, first + third * (place + 1), "span")
