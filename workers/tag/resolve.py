"""Finds out which mentions of an article are one thing, and what it is called.

A mention is named by the gazetteer, by a fuller name in the same article, or by itself. Full names in the article win
over the gazetteer's short names: "Trump" after "Ivanka Trump" alone is she. Every look-up is by a word and bounded,
so a text full of names costs no more than its length.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from workers.tag.endings import generation
from workers.tag.gazetteer import Gazetteer
from workers.tag.gazetteer_rows import Row, folded

CANDIDATES = 30  # things sharing a word that are compared; no honest article comes near

_ORG_EXTRAS = frozenset({"pt", "cv", "tbk", "persero", "inc", "ltd", "corp", "the", "ri"})
# fmt: off
_PLACE_EXTRAS = frozenset({
    "kota", "kabupaten", "kab", "provinsi", "propinsi", "pulau", "negara",
})
_PARTICLES = frozenset({"bin", "binti", "al", "el", "van", "von", "de", "der", "di", "da", "la"})
# fmt: on


class Span(Struct):
    """A mention in one of the article's fields; offsets are code points."""

    field: int
    start: int
    end: int
    text: str
    type: str
    score: float
    sentence: int = 0  # its number in the article


class Thing(Struct):
    """What mentions name. `row` when the gazetteer knows it."""

    type: str
    name: str
    key: tuple[str, ...]
    row: Row | None = None


class Resolver:
    """Resolves the mentions of one article; make a new one for each."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._by_key: dict[tuple[str, tuple[str, ...]], Thing] = {}
        self._by_word: dict[tuple[str, str], list[Thing]] = {}
        self._begins: dict[int, int] = {}  # id of a thing → its first mention by a full name
        self._title_only: set[int] = set()  # ids of things neither the body nor the gazetteer knows
        self._first: dict[str, Thing] = {}  # word → the person of the body first called by it
        self._recent: dict[str, Thing] = {}  # word → the person of the body last called by it
        self._seen: dict[int, tuple[int, int]] = {}  # id of a person → field and sentence of the last mention
        self._called: set[tuple[str, int]] = set()  # word alone, id of the person called so

    def resolve(self, spans: Sequence[Span], acronyms: dict[str, str]) -> list[Thing]:
        """Return the Thing of each span. `acronyms` are those the article explains: short → full name.

        Of several fields the first is the title. Its capitals tell little, so the body is resolved before it.
        """
        keys = [_key(span) for span in spans]
        several = any(span.field for span in spans)
        title = [several and span.field == 0 for span in spans]
        full = [i for i, span in enumerate(spans) if span.type != "PERSON" or len(keys[i]) > 1]
        result: dict[int, Thing] = {}
        # Longest names first, so that the fullest good one names the thing; order of appearance within a length.
        for i in sorted(full, key=lambda i: (title[i], -len(keys[i]), i)):
            result[i] = self._full(spans[i], keys[i], acronyms, title[i])
        for i in full:
            self._begins.setdefault(id(result[i]), i)
        self._title_only = {id(result[i]) for i in full if title[i] and result[i].row is None}
        self._title_only -= {id(result[i]) for i in full if not title[i]}
        for i in sorted(range(len(spans)), key=lambda i: title[i]):
            if i not in result:
                result[i] = self._short(spans[i], keys[i], acronyms, title[i])
            if spans[i].type == "PERSON" and not title[i]:
                self._remember(result[i], spans[i], keys[i])
        return [result[i] for i in range(len(spans))]

    def _remember(self, thing: Thing, span: Span, key: tuple[str, ...]) -> None:
        """Note by which words a person of the body was called, and where."""
        for word in {*thing.key, *key}:
            self._first.setdefault(word, thing)
            self._recent[word] = thing
        self._seen[id(thing)] = span.field, span.sentence
        if len(key) == 1:
            self._called.add((key[0], id(thing)))

    def _full(self, span: Span, key: tuple[str, ...], acronyms: dict[str, str], title: bool) -> Thing:
        pinned = self._pinned(span.type, span.text, key)
        if pinned:
            return self._enter(span.type, key, span.text, pinned)
        known = self._by_key.get((span.type, key))
        if known:
            return known
        row = self._row(span.type, span.text, key)
        if row is None and span.text in acronyms:
            full = acronyms[span.text]
            return self._enter(span.type, key, full, self._row(span.type, full, _named_key(span.type, full)))
        if row is None and span.type == "PERSON":
            for thing in self._sharing(key[-1]):
                if _is_within(key, thing.key):
                    self._by_key[span.type, key] = thing
                    return thing
            for thing in self._sharing(key[0]) if title else ():
                if _is_within(thing.key, key):  # "Edward Riansyah Janji": the body's name and a word of the headline
                    return thing
        return self._enter(span.type, key, span.text, row)

    def _short(self, span: Span, key: tuple[str, ...], acronyms: dict[str, str], title: bool) -> Thing:
        """Resolve a person called by one word: who was last called so, who will be, else whom the gazetteer knows."""
        word = key[0]
        pinned = self._pinned(span.type, span.text, key)
        if pinned:
            return self._enter(span.type, key, span.text, pinned)
        if span.text in acronyms:  # "Abdul Somad (UAS)"
            full = _named_key("PERSON", acronyms[span.text])
            known = self._by_key.get(("PERSON", full))
            if known:
                return known
        row = self._row(span.type, span.text, key)
        sharing = [thing for thing in self._sharing(word) if title or id(thing) not in self._title_only]
        listed = next((thing for thing in sharing if row and thing.row is row), None)
        near = (self._first if title else self._recent).get(word)
        if near and any(near is thing for thing in sharing):
            return listed if listed and self._is_relative(near, listed, word) else near
        if listed:
            return listed
        if row and sharing and all(_family(thing.key) == word for thing in sharing):
            return self._enter("PERSON", key, span.text, row)  # "Trump …" before anyone of the family is named
        if sharing:
            return min(sharing, key=lambda thing: self._begins.get(id(thing), len(self._begins)))
        return self._by_key.get(("PERSON", key)) or self._enter("PERSON", key, span.text, row)

    def _sharing(self, word: str) -> list[Thing]:
        """Return the people whose names have `word` and another one."""
        return [thing for thing in self._by_word.get(("PERSON", word), [])[:CANDIDATES] if len(thing.key) > 1]

    def _is_relative(self, near: Thing, listed: Thing, word: str) -> bool:
        """Tell whether `word` means `listed` of the gazetteer although `near` was named last.

        So it is with a family name when `near` stands beside the one known by it ("Donald Trump dan Melania Trump"),
        or the article has called that one so before.
        """
        if near is listed or _family(near.key) != word:
            return False
        if any((other, id(near)) in self._called for other in near.key if other != word):
            return True  # "Ivanka" is what the article calls her: "Trump" is the other one
        together = self._seen.get(id(near)) == self._seen.get(id(listed))
        return together or (word, id(listed)) in self._called

    def _pinned(self, type_: str, text: str, key: tuple[str, ...]) -> Row | None:
        """Return what an editor's correction says a mention is."""
        pinned = self._gazetteer.pinned
        return (pinned.get((type_, folded(text))) or pinned.get((type_, key))) if pinned else None

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


def _family(key: tuple[str, ...]) -> str:
    """Return the last word of a name, before a numeral or "Jr."."""
    return key[-2] if generation(key) else key[-1]


def _is_within(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Tell whether `short` is `full` with words left out before or behind; an initial stands for its word.

    Words are left out within only when they say little: "Donald Trump" is "Donald J. Trump", but "Muhammad Rahman"
    is not "Muhammad Ali Rahman". A numeral or "Jr." must be the same: it tells a father from his son.
    """
    if len(short) >= len(full) or generation(short) != generation(full):
        return False
    if generation(full):
        short, full = short[:-1], full[:-1]
    return any(_follows(short, full[start:]) for start in range(len(full) - len(short) + 1))


def _follows(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Tell whether `full` begins with the words of `short`, initials and particles apart."""
    at = 0
    for word in full:
        if word == short[at] or (len(short[at]) == 1 and word[0] == short[at]):
            at += 1
            if at == len(short):
                return True
        elif not at or not (len(word) == 1 or word in _PARTICLES):
            return False
    return False


def _readable(name: str) -> str:
    """Return a name that stands in capitals only in title case; acronyms of one word stay."""
    if " " in name and name.isupper() and len(name) > 8:
        return " ".join(word if "." in word else word.capitalize() for word in name.split())
    return name
