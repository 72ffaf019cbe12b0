"""Datelines: "JAKARTA, KOMPAS.com –", "Kupang (ANTARA) -", "LONDON, Sept 4 (Reuters) -"; and the place they name.

How datelines are built is fixed here; the names of publishers and towns are data (`config/sites.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from workers.extract.sites import Rules

LONGEST = 120  # characters

_DOMAIN = r"[A-Za-z0-9][\w-]{1,30}\.(?i:com|co\.id|co|id|net|news|tv|go\.id|or\.id|info)\b"
_WORD = r"(?:[A-Z]\.[A-Z]\.|[A-Z][\w'’-]*(?![\w'’-]|\.\w)(?:\.(?= [A-Z]))?)"
_PLACE = rf"(?P<place>{_WORD}(?:[ /]{_WORD}){{0,3}}(?:, ?{_WORD}(?: {_WORD})?)?)"
_UPPER_WORD = r"[A-Z][A-Z.'’-]+"
_UPPER = rf"(?P<place>(?=[A-Z]*[AEIOU]){_UPPER_WORD}(?:[ /]{_UPPER_WORD}){{0,3}})"
_DATE = (
    r"(?:(?:,? ?)\(?(?:(?:[A-Z][a-z]{2,8}, )?\d{1,2}(?:/\d{1,2}(?:/\d{2,4})?| [A-Z][a-z]{2,8}\.?(?: \d{4})?)"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)\)?)"
)
_DASH = r"\s*(?:-{1,2}|[–—―:|])\s*"
_SPACED = r"(?:\s+(?:-{1,2}|[–—―])\s*|\s*[–—―]\s+)"  # a hyphen inside a word parts nothing
_GOES_ON = r"(?=[A-Z0-9\"“”‘'«(\[]|$)"  # a sentence begins
_ABBREVIATIONS = frozenset({"DKI", "DIY", "NTB", "NTT", "UEA", "USA", "UAE", "UK", "US", "AS", "DC"})


class Dateline(Struct, frozen=True):
    """How many characters of a text are its dateline, and the place it names ("" without)."""

    length: int
    place: str


def dateline(text: str, rules: Rules, is_bold: Callable[[str], bool], *, first: bool) -> Dateline | None:
    """Return the dateline that `text` begins with, None without.

    Forms that name no publisher count in the `first` paragraph only: a place in capitals, a known town, or any place
    that the page prints bold (`is_bold`).
    """
    start = text[:LONGEST]
    named, bare, marked = _forms(rules.outlets, rules.places, rules.not_places)
    found = rules.start.match(start) or _matched(named, start)
    if found is None and first:
        found = _matched(bare, start)
        if found is None and (found := _matched(marked, start)) and not is_bold(found["place"]):
            found = None
    if found is None or not found.end():
        return None
    return Dateline(found.end(), _proper(found.groupdict().get("place") or ""))


@lru_cache(maxsize=600)
def _forms(outlets: str, places: str, not_places: str) -> list[list[re.Pattern[str]]]:
    """Return the forms that name a publisher, those that name a place only, and the one that needs bold print."""
    outlet = rf"(?:{_DOMAIN}|{outlets})"
    no_place = rf"(?!(?:{not_places})\b)"
    named = [
        rf"{outlet}(?:\s*[,;|/]\s*|\s*\(|\s+[-–—]\s*| ){_PLACE}{_DATE}?\)?{_DASH}{_GOES_ON}",
        rf"{outlet}\s*[-–—]\s*{_UPPER}\.\s+{_GOES_ON}",
        rf"{_PLACE}{_DATE}?,?\s*\(\s*{outlet}\s*\)(?:{_DASH}|\s+){_GOES_ON}",
        rf"{_PLACE}\s*[,|/]?\s*{outlet}{_DATE}?{_DASH}{_GOES_ON}",
        rf"\(?{outlet}\)?{_DATE}?{_DASH}{_GOES_ON}",
        rf"{_PLACE}\s*,\s*{_DATE}{_SPACED}{_GOES_ON}",
    ]
    bare = [
        rf"{no_place}{_UPPER}(?:,\s?[A-Z][A-Z. ]+|,?\s?\(\s?[A-Z][\w. -]{{1,30}}\))?{_DATE}?{_SPACED}{_GOES_ON}",
        rf"(?P<place>{places}){_SPACED}(?!(?:{places})\b){_GOES_ON}",
    ]
    bare.append(rf"(?P<place>(?=[A-Z .'-]{{3,30}}:)(?i:{places})):\s+{_GOES_ON}")
    marked = [
        rf"{no_place}{_PLACE}{_DATE}?{_SPACED}{_GOES_ON}",
        rf"(?P<place>{places}):\s+{_GOES_ON}",
    ]
    return [[re.compile(form) for form in forms] for forms in (named, bare, marked)]


def _matched(forms: list[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((match for form in forms if (match := form.match(text))), None)


def _proper(place: str) -> str:
    """Return a place in ordinary spelling: "TELUK KUANTAN" is "Teluk Kuantan"."""
    if "," in place:
        return ", ".join(_proper(part) for part in place.split(","))
    if not place.isupper():
        return place.strip()
    words = re.split(r"([ /-])", place.strip())
    return "".join(w if w in _ABBREVIATIONS or "." in w else w.capitalize() for w in words)
