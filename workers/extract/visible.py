"""Dates that readers see: <time>, elements named like a date, lines around the headline, "Diterbitkan: …"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo

from workers.extract import dates
from workers.extract.marks import Marks
from workers.extract.place import is_beside
from workers.extract.tree import Tree, text_of

MAX_TEXT = 160  # characters of an element that is a date line
MAX_TIMES = 40
MAX_DATED = 120
NEAREST = 60  # elements after the headline in which a line without any mark may be the date

_UPDATED = re.compile(
    r"\b(?:last[ _-]?)?(?:(?:di)?updated?|(?:date)?modified|diperbar\w+|perbarui|pembaruan|aktualisiert|direvisi)\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:published|posted|terbit|diterbitkan|dipublikasikan|tayang|veröffentlicht)\b", re.IGNORECASE
)
_OWN_NAME = re.compile(
    r"publi(?:sh|c|k)\w*[-_]?(?:date|time|tanggal)|date[-_]?publi"
    r"|(?:article|artikel|post|berita|news)[-_]?(?:date|tanggal)"
    r"|(?:date|tanggal|tgl)[-_]?(?:article|artikel|terbit|tayang|berita)",
    re.IGNORECASE,
)
_PLAINLY = re.compile(r"\b(?:19|20)\d\d\b")
_SPAN = frozenset(
    {"span", "div", "p", "small", "em", "i", "b", "strong", "td", "li", "h4", "h5", "h6", "font", "dd", "label", "a"}
)


def in_text(marks: Marks, zone: tzinfo, updates: list[dates.Moment]) -> Iterator[tuple[dates.Moment, bool, bool]]:
    """Yield the dates of publication that the page shows, those around the headline first.

    With each, whether it stands there, and whether it is named as the article's own ("publish-date", "article-date").
    Dates that are said to be of a change go to `updates`, and come last, as the page has no better.
    """
    far: list[tuple[dates.Moment, bool]] = []
    changed: list[tuple[dates.Moment, bool]] = []
    for place, element, text in _candidates(marks):
        found = dates.find(text, zone)
        if found is None or is_beside(element):
            continue
        if _is_update(element, text):
            updates.append(found)
            changed.append((found, False))
        elif marks.is_near(place, element):
            yield found, True, _is_named(element)
        else:
            far.append((found, _is_named(element)))
    yield from ((found, False, named) for found, named in (*far, *changed))


def _candidates(marks: Marks) -> Iterator[tuple[int, Tree, str]]:
    """Yield <time>, elements named like a date, lines that begin with "Diterbitkan", bare lines near the headline."""
    for place, element in marks.times[:MAX_TIMES]:
        yield place, element, _first(element, "datetime", "content")[:MAX_TEXT]
    for place, element in marks.dated[:MAX_DATED]:
        text = _first(element, "content", "title", "data-date", "datetime")
        if 6 <= len(text) <= MAX_TEXT:
            yield place, element, text
    for place, element in marks.said:
        text = text_of(element)
        if 6 <= len(text) <= MAX_TEXT:
            yield place, element, text
    for place, element in enumerate(marks.near()[:NEAREST]):
        if element.tag in _SPAN:
            for text in (element.text, element.tail):
                if text and 8 <= len(text) <= MAX_TEXT and _PLAINLY.search(text):
                    yield marks.start + 1 + place, element, text


def _first(element: Tree, *attributes: str) -> str:
    """The first of the attributes that names a date for machines, else the text."""
    for attribute in attributes:
        value = element.get(attribute) or ""
        if value and (attribute == "datetime" or dates.ISO.search(value)):
            return str(value)
    return text_of(element)


def _is_update(element: Tree, text: str) -> bool:
    said = f"{text[:80]} {element.get('class') or ''} {element.get('itemprop') or ''} {(element.text or '')[:80]}"
    return _UPDATED.search(said) is not None and _PUBLISHED.search(said) is None


def _is_named(element: Tree) -> bool:
    """Whether the element, or the one around it, is named as the date of the article's publication."""
    around = element.getparent()
    names = [node.get(name) or "" for node in (element, around) if node is not None for name in ("class", "id")]
    return any(_OWN_NAME.search(name) for name in names)
