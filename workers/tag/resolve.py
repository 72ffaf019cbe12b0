"""Finds out which mentions of an article are one thing, and what it is called.

A mention is named by the gazetteer, by a fuller name in the same article, or by itself. Full names in the article win
over the gazetteer's short names: "Trump" after "Ivanka Trump" alone is she. Every look-up is by a word and bounded,
so a text full of names costs no more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from workers.tag.gazetteer import Gazetteer, Row

CANDIDATES = 30  # things sharing a word that are compared; no honest article comes near

_WORDS = re.compile(r"[^\W_]+")
_ORG_EXTRAS = frozenset({"pt", "cv", "tbk", "persero", "inc", "ltd", "corp", "the"})
# fmt: off
_PLACE_EXTRAS = frozenset({
    "kota", "kabupaten", "kab", "provinsi", "propinsi", "pulau", "negara",
})
# fmt: on


class Span(Struct):
    """A mention in one of the article's fields; offsets are code points."""

    field: int
    start: int
    end: int
    text: str
    type: str
    score: float


class Thing(Struct):
    """What mentions name. `row` when the gazetteer knows it."""

    type: str
    name: str
    key: tuple[str, ...]
    row: Row | None = None


def folded(text: str) -> tuple[str, ...]:
    """Return the words of a name without case, marks and hyphens: "Kim Jong-un" and "KIM JONG UN" are the same."""
    return tuple(_WORDS.findall(text.lower().replace("'", "").replace("’", "")))


class Resolver:
    """Resolves the mentions of one article; make a new one for each."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._by_key: dict[tuple[str, tuple[str, ...]], Thing] = {}
        self._by_word: dict[tuple[str, str], list[Thing]] = {}

    def resolve(self, spans: Sequence[Span], acronyms: dict[str, str]) -> list[Thing]:
        """Return the Thing of each span. `acronyms` are those the article explains: short → full name."""
        result: list[Thing | None] = [None] * len(spans)
        keys = [_key(span) for span in spans]
        single = [span.type == "PERSON" and len(key) == 1 for span, key in zip(spans, keys, strict=True)]
        # Longest names first, so that the fullest good one names the thing; order of appearance within a length.
        order = sorted((i for i in range(len(spans)) if not single[i]), key=lambda i: (-len(keys[i]), i))
        for i in order:
            result[i] = self._full(spans[i], keys[i], acronyms)
        recent: dict[str, Thing] = {}  # word → the person last called by it
        for i, span in enumerate(spans):
            thing = result[i]
            if thing is None:
                thing = result[i] = self._short(span, keys[i], recent)
            if thing.type == "PERSON":
                recent.update(dict.fromkeys(thing.key, thing))
        return [thing for thing in result if thing is not None]

    def _full(self, span: Span, key: tuple[str, ...], acronyms: dict[str, str]) -> Thing:
        known = self._by_key.get((span.type, key))
        if known:
            return known
        row = self._row(span.type, span.text, key)
        if row is None and span.text in acronyms:
            full = acronyms[span.text]
            return self._enter(span.type, key, full, self._row(span.type, full, _named_key(span.type, full)))
        if row is None and span.type == "PERSON":
            for thing in self._by_word.get((span.type, key[-1] if key else ""), [])[:CANDIDATES]:
                if _is_within(key, thing.key):
                    self._by_key[span.type, key] = thing
                    return thing
        return self._enter(span.type, key, span.text, row)

    def _short(self, span: Span, key: tuple[str, ...], recent: dict[str, Thing]) -> Thing:
        """Resolve a person called by one word."""
        row = self._row(span.type, span.text, key)
        sharing = [t for t in self._by_word.get(("PERSON", key[0]), [])[:CANDIDATES] if len(t.key) > 1]
        if row:
            for thing in sharing:
                if thing.row is row:
                    return thing
        if sharing:
            near = recent.get(key[0])
            return near if near in sharing else sharing[0]
        return self._by_key.get(("PERSON", key)) or self._enter("PERSON", key, span.text, row)

    def _row(self, type_: str, text: str, key: tuple[str, ...]) -> Row | None:
        find = self._gazetteer.find
        row = find(type_, text) or find(type_, " ".join(key))
        if row is None and type_ == "LOCATION" and key[:1] in (("kecamatan",), ("kec",)):
            district = find(type_, " ".join(key[1:]))  # only a district: "Kecamatan Siak" is not the regency
            row = district if district and district.group == "district" else None
        return row

    def _enter(self, type_: str, key: tuple[str, ...], text: str, row: Row | None) -> Thing:
        name = row.name if row else " ".join(text.split())
        own = _named_key(type_, name)
        thing = self._by_key.get((type_, own))
        if thing is None:
            thing = Thing(type_, _readable(name), own, row)
            self._by_key[type_, own] = thing
            for word in dict.fromkeys(own):
                self._by_word.setdefault((type_, word), []).append(thing)
        self._by_key[type_, key] = thing
        return thing


def acronym_of(short: str, full: str) -> bool:
    """Tell whether `short` may abbreviate `full`: its letters stand there in order, the first one first."""
    letters = [c for c in short.lower() if c.isalnum()]
    rest = [c for c in full.lower() if c.isalnum()]
    if len(letters) < 2 or len(rest) <= len(letters) or letters[0] != rest[0] or sum(c.isupper() for c in short) < 1:
        return False
    at = iter(rest)
    return all(letter in at for letter in letters)


def _key(span: Span) -> tuple[str, ...]:
    return _named_key(span.type, span.text)


def _named_key(type_: str, name: str) -> tuple[str, ...]:
    """Return the words that tell `name` from others: legal forms and words for the kind of place left out."""
    words = folded(name)
    extras = _ORG_EXTRAS if type_ == "ORG" else _PLACE_EXTRAS if type_ == "LOCATION" else frozenset()
    kept = tuple(word for word in words if word not in extras)
    if type_ == "LOCATION" and words[:1] in (("kabupaten",), ("kab",)):
        kept = ("kabupaten", *kept)  # a regency and the city of its name are two places
    return kept or words or (name,)


def _is_within(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Tell whether every word of `short` stands in `full` in order; an initial stands for its word."""
    if len(short) >= len(full):
        return False
    at = iter(full)
    return all(any(word == other or (len(word) == 1 and other[0] == word) for other in at) for word in short)


def _readable(name: str) -> str:
    """Return a name that stands in capitals only in title case; acronyms of one word stay."""
    if " " in name and name.isupper() and len(name) > 8:
        return " ".join(word if "." in word else word.capitalize() for word in name.split())
    return name
