"""Times told by their distance from the day of publication: weekdays, "kemarin", "pekan lalu", "dua hari lalu"."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from workers.tag.grammar import calendar
from workers.tag.grammar import date_words as words
from workers.tag.grammar.calendar import Period
from workers.tag.grammar.numbers import read_words

_LOOK_BACK = 80  # characters before a weekday in which "akan" makes it a coming one


class Time(NamedTuple):
    """A time found in text: up to where, its period when it can be known; `yearless` is (month, day) without a year."""

    end: int
    period: Period | None
    yearless: tuple[int, int] | None = None


def relative(text: str, at: int, today: date | None) -> Time | None:
    """Read "kemarin", "akhir pekan lalu", "dua hari lalu", "last week" at `at`."""
    match = words.RELATIVE.match(text, at)
    if match is None:
        return None
    groups = match.groupdict()
    if today is None:
        return Time(match.end(), None)
    if groups["days"]:
        return Time(match.end(), calendar.shifted(today, "day", words.DAYS[" ".join(groups["days"].lower().split())]))
    if groups["unit_n"]:
        return _counted(match, today)
    if groups["unit"] or groups["unit_e"]:
        unit = words.UNITS[(groups["unit"] or groups["unit_e"]).lower()]
        whole = calendar.shifted(today, unit, words.STEPS[(groups["step"] or groups["step_e"]).lower()])
        if whole and groups["part"]:
            whole = calendar.part(whole, words.PARTS[groups["part"].lower()])
        return Time(match.end(), whole)
    week = calendar.shifted(today, "week", words.STEPS.get((groups["weekend"] or "ini").lower(), 0))
    return Time(match.end(), calendar.part(week, "late") if week else None)


def _counted(match: re.Match[str], today: date) -> Time | None:
    """Read "dua hari lalu", "sepekan lalu", "3 years ago"."""
    spelt = (match["words"] or "").lower()
    count = int(match["number"]) if match["number"] else 1 if spelt == "se" else read_words(spelt)
    if count is None or int(count) != count:
        return Time(match.end(), None)
    way = match["way"].lower().split()[0]
    past = way in ("lalu", "silam", "ago", "terakhir", "belakangan")
    unit = words.UNITS[match["unit_n"].lower()]
    if way in ("terakhir", "belakangan", "ke", "mendatang"):  # all the time until then
        return Time(match.end(), calendar.around(today, unit, -int(count) if past else int(count)))
    return Time(match.end(), calendar.shifted(today, unit, -int(count) if past else int(count)))


def weekday(text: str, at: int, today: date | None) -> Time | None:
    """Read "Senin pagi", "Kamis pekan lalu", "last Monday" at `at`."""
    match = words.WEEKDAY.match(text, at) or words.ENGLISH_WEEKDAY.match(text, at)
    if match is None or not match["weekday"][0].isupper():
        return None
    step = (match["step"] or "").lower()
    week = match.groupdict().get("week")
    if match["weekday"] == "Minggu" and step and not re.search(r"[\w,]\W{1,2}$", text[max(0, at - 3) : at]):
        return None  # "Minggu lalu" at the head of a sentence is last week
    if today is None:
        return Time(match.end(), None)
    number = words.WEEKDAYS[match["weekday"].lower()]
    if week:
        whole = calendar.shifted(today, "week", words.STEPS[week.lower().split()[-1]])
        return Time(match.end(), calendar.weekday(whole.first, number, "next or today") if whole else None)
    if step in ("lalu", "kemarin", "last"):
        return Time(match.end(), calendar.weekday(today, number, "before"))
    if step in ("depan", "mendatang", "next"):
        return Time(match.end(), calendar.weekday(today, number, "after"))
    future = not step and is_future(text, at)
    return Time(match.end(), calendar.weekday(today, number, "next or today" if future else "last or today"))


def is_future(text: str, at: int) -> bool:
    """Tell whether the sentence speaks of the future before `at`."""
    before = text[max(0, at - _LOOK_BACK) : at]
    return bool(words.FUTURE.search(before, max(before.rfind(". "), before.rfind("\n"), 0)))
