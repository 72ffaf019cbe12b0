"""Numbers as newspapers write them: "1.234,5", "1,234.5" in English, "dua setengah juta", "15 ribu"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

BLANK = r"[ \t\u00a0\u202f]"  # a number and its unit stand in one line
DIGITS = r"(?>\d{1,15}(?:[.,]\d{1,15}){0,5})"  # whole: nothing that may follow begins with a digit

# fmt: off
_UNITS = {
    "nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
    "sepuluh": 10, "sebelas": 11, "seratus": 100, "seribu": 1000, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}
_TIMES = {"puluh": 10, "ratus": 100, "hundred": 100}
SCALES = {
    "ribu": 3, "rb": 3, "juta": 6, "jt": 6, "miliar": 9, "milyar": 9, "triliun": 12, "trilyun": 12, "thousand": 3,
    "million": 6, "billion": 9, "trillion": 12, "bn": 9, "mn": 6,
}
# fmt: on


def any_of(names: Iterable[str]) -> str:
    """Return a pattern for any of `names`, of several the longest, with any blanks within.

    Names with one first letter stand together, so that a word none of them begins like is passed over at once.
    """
    groups = groupby(sorted(names, key=lambda name: (name[0], -len(name), name)), key=lambda name: name[0])
    return "|".join(f"{_escaped(first)}(?:{'|'.join(_escaped(name[1:]) for name in own)})" for first, own in groups)


def _escaped(text: str) -> str:
    return re.escape(text).replace(r"\ ", BLANK + "+")


SCALE = any_of(SCALES)
SPELT = frozenset(_UNITS) | {"setengah", "half"}  # words a number can begin with
_WORD = any_of({*_UNITS, *_TIMES, "belas", "setengah"})
WORDS = rf"(?:{_WORD})(?:{BLANK}(?:{_WORD})){{0,7}}"


def read_digits(text: str, *, english: bool, scaled: bool = False) -> Decimal:
    """Return the value of digits with separators, "1.234,5".

    Of two kinds of separators the last is the decimal one. Three digits behind a single one are thousands, but with a
    scale behind them ("1,250 miliar") what the language uses for decimals is that.
    """
    marks = [c for c in text if not c.isdigit()]
    decimal, thousands = (".", ",") if english else (",", ".")
    if not marks:
        return Decimal(text)
    if len(set(marks)) == 2:
        decimal = marks[-1]
        thousands = "," if decimal == "." else "."
    elif len(marks) > 1:
        decimal, thousands = "", marks[0]
    else:
        three = len(text.rpartition(marks[0])[2]) == 3 and not text.startswith("0")
        if three and not (scaled and marks[0] == decimal):
            decimal, thousands = "", marks[0]
        else:
            decimal, thousands = marks[0], "." if marks[0] == "," else ","
    plain = text.replace(thousands, "")
    return Decimal(plain.replace(decimal, ".") if decimal and plain.count(decimal) == 1 else re.sub("[.,]", "", plain))


def read_words(text: str) -> Decimal | None:
    """Return the value of number words ("dua puluh lima", "dua setengah"); None when they are none."""
    total = group = Decimal(0)
    for word in text.lower().split():
        if word in _UNITS:
            group += _UNITS[word]
        elif word == "belas":
            group += 10
        elif word in _TIMES:
            group = (group or Decimal(1)) * _TIMES[word]
            total, group = total + group, Decimal(0)
        elif word in ("setengah", "half"):
            group += Decimal("0.5")
        else:
            return None
    return total + group or None


def scaled(number: Decimal, scale: str) -> Decimal:
    """Return `number` times what `scale` ("juta", "" …) stands for."""
    return number.scaleb(SCALES.get(scale.lower(), 0))


def plain(number: Decimal) -> str:
    """Return a number without exponent and without zeros that say nothing: "1200000000", "5.6"."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
