"""One row of the gazetteer, reading it from its fields, and what of a name counts when names are compared."""

from __future__ import annotations

import re

from msgspec import Struct

from workers.errors import Misuse

TYPES = ("PERSON", "ORG", "LOCATION")
_WORDS = re.compile(r"[^\W_]+")


def folded(text: str) -> tuple[str, ...]:
    """Return the words of a name without case, marks and hyphens: "Kim Jong-un" and "KIM JONG UN" are the same."""
    return tuple(_WORDS.findall(text.lower().replace("'", "").replace("’", "")))


class Row(Struct, frozen=True):
    """One named thing. `group` is the part of `id` before "/": "country", "party" …"""

    id: str
    name: str
    type: str
    group: str
    wikidata: str = ""
    latitude: float | None = None
    longitude: float | None = None


def read_row(fields: list[str], where: str) -> Row:
    """Return the row of `fields`, aliases apart. Raises Misuse naming `where` and what is wrong."""
    identity, name, _, type_, wikidata, latitude, longitude = fields
    group, slash, rest = identity.partition("/")
    if not (group and slash and rest):
        raise Misuse(f"{where}: the id {identity!r} is not group/key")
    if not name:
        raise Misuse(f"{where}: the name is empty")
    if type_ not in TYPES:
        raise Misuse(f"{where}: the type {type_!r} is none of {', '.join(TYPES)}")
    if wikidata and not (wikidata[0] == "Q" and wikidata[1:].isdigit()):
        raise Misuse(f"{where}: {wikidata!r} is no Wikidata id")
    if bool(latitude) != bool(longitude):
        raise Misuse(f"{where}: latitude and longitude must be given both or not at all")
    return Row(identity, name, type_, group, wikidata, *_point(latitude, longitude, where))


def _point(latitude: str, longitude: str, where: str) -> tuple[float | None, float | None]:
    if not latitude:
        return None, None
    try:
        point = float(latitude), float(longitude)
    except ValueError as error:
        raise Misuse(f"{where}: {latitude!r}, {longitude!r} are no degrees") from error
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        raise Misuse(f"{where}: {latitude}, {longitude} lie on no globe")
    return point
