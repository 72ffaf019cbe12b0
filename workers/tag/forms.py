"""Offices there are one of for each place: "Pemprov Riau", "Polres Siak", "Kedutaan Besar Jepang" (`forms.tsv`).

Their names are made from the place's, so that none of some ten thousand has to be listed: "Pemprov Riau" and
"Pemerintah Provinsi Riau" are one organisation, "Polres Siak" and "Kepolisian Resor Siak" another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from workers.errors import Misuse
from workers.tag.gazetteer_rows import Row

FORMS = "forms.tsv"
FORM_COLUMNS = ["id", "name", "aliases", "groups"]
WORDS = 8  # of an office's name with its place; a longer one is none
KINDS = {"province": "Provinsi", "regency": "Kabupaten", "city": "Kota"}

Find = Callable[[str, str], Row | None]


class Form(Struct, frozen=True):
    """One kind of office. `name` holds {place} and perhaps {kind}; `groups` are those of the places that have one."""

    id: str
    name: str
    groups: tuple[str, ...]


class _Head(NamedTuple):
    words: tuple[str, ...]
    form: Form
    groups: tuple[str, ...]
    weak: bool


class Forms:
    """The forms by how they begin."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[_Head]] = {}

    def add(self, fields: Sequence[str], where: str) -> None:
        """Enter a row of `forms.tsv`. Raises Misuse on one without {place}, aliases or groups."""
        identity, name, aliases, groups = fields
        form = Form(identity, name, tuple(groups.split()))
        if "{place}" not in name or not form.groups or not aliases:
            raise Misuse(f"{where}: a form needs a name with {{place}}, aliases and groups of places")
        for alias in aliases.split("|"):
            head, _, group = alias.partition(":")
            weak = head.startswith("~")  # names the office once the tagger has found it, and never finds it by itself
            words = tuple(head.removeprefix("~").lower().split())
            if not words or (group and group not in form.groups):
                raise Misuse(f"{where}: the alias {alias!r} is empty or names a group the form has not")
            self._by_first.setdefault(words[0], []).append(_Head(words, form, (group,) if group else form.groups, weak))

    def begins(self, word: str) -> bool:
        """Tell whether an office's name may begin with `word` (in lower case)."""
        return word in self._by_first

    def begin_among(self, words: Sequence[str]) -> bool:
        """Tell whether an office's name may begin with any of `words` (in lower case)."""
        return not self._by_first.keys().isdisjoint(words)

    def row(self, words: Sequence[str], find: Find, *, weak: bool = True) -> Row | None:
        """Return the office that `words` (in lower case) name, when `find` knows its place; `weak` heads count too."""
        if len(words) > WORDS:
            return None
        for head in sorted(self._by_first.get(words[0], ()), key=lambda head: -len(head.words)):
            size = len(head.words)
            if tuple(words[:size]) == head.words and len(words) > size and (weak or not head.weak):
                place = _place(" ".join(words[size:]), head.groups, find)
                if place:
                    return _office(head.form, place)
        return None


def _place(name: str, groups: Iterable[str], find: Find) -> Row | None:
    for group in groups:
        kind = KINDS.get(group, "").lower()
        for full in (f"{kind} {name}", name) if kind else (name,):
            row = find("LOCATION", full)
            if row and row.group == group:
                return row
    return None


def _office(form: Form, place: Row) -> Row:
    kind = KINDS.get(place.group, "")
    own = place.name.removeprefix(f"{kind} ") if kind else place.name
    name = " ".join(form.name.format(kind=kind, place=own).split())
    return Row(f"{form.id}/{place.id}", name, "ORG", "form")


def offices(
    lowered: Sequence[str], words: Sequence[str], start: int, end: int, forms: Forms, find: Find
) -> Iterator[int]:
    """Yield the tokens before `start` at which an office's name with the place `start` … `end` begins, far to near."""
    for at in range(max(0, end - WORDS), start):
        if words[at][0].isupper() and forms.begins(lowered[at]) and forms.row(lowered[at:end], find, weak=False):
            yield at
