"""What a document keeps of its entities: each thing once with all its mentions, and flat lists ordered by salience."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from workers.model import DocumentEntity, Entity, EntityType, GeoPoint, Mention

_FIELDS: tuple[Literal["title", "body"], ...] = ("title", "body")


class FieldTagger(Protocol):
    """What `summarise` needs of a tagger."""

    def tag_fields(
        self, texts: tuple[str, ...], *, published_at: datetime | None = None, language: str = "id"
    ) -> list[list[Entity]]:
        """Tag the texts of one article together; entities by text."""


class Tagged(Struct, frozen=True, kw_only=True):
    """The entities of an article, most salient first: named in the title, then by count, then by first place."""

    entities: tuple[DocumentEntity, ...] = ()
    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    places_at: tuple[GeoPoint, ...] = ()


def summarise(
    title: str, body: str, tagger: FieldTagger, *, published_at: datetime | None = None, language: str = "id"
) -> Tagged:
    """Tag title and body together and return what the document keeps. Offsets are per field. Never raises."""
    groups: dict[tuple[str, str], list[tuple[int, Entity]]] = {}
    for field, entities in enumerate(tagger.tag_fields((title, body), published_at=published_at, language=language)):
        for entity in entities:
            groups.setdefault((entity.type, entity.name), []).append((field, entity))
    ordered = sorted(groups.values(), key=_salience)
    return Tagged(
        entities=tuple(_joined(group) for group in ordered),
        people=_names(ordered, "PERSON"),
        organisations=_names(ordered, "ORG"),
        places=_names(ordered, "LOCATION"),
        places_at=_points(ordered),
    )


def _salience(group: list[tuple[int, Entity]]) -> tuple[int, int, int]:
    field, first = group[0]
    return field, -len(group), first.start


def _joined(group: list[tuple[int, Entity]]) -> DocumentEntity:
    first = group[0][1]
    return DocumentEntity(
        name=first.name,
        type=first.type,
        count=len(group),
        score=max(entity.score for _, entity in group),
        mentions=tuple(
            Mention(field=_FIELDS[field], start=entity.start, end=entity.end, text=entity.text)
            for field, entity in group
        ),
        wikidata=first.wikidata,
    )


def _names(groups: list[list[tuple[int, Entity]]], type_: EntityType) -> tuple[str, ...]:
    return tuple(group[0][1].name for group in groups if group[0][1].type == type_)


def _points(groups: list[list[tuple[int, Entity]]]) -> tuple[GeoPoint, ...]:
    found: dict[GeoPoint, None] = {}
    for group in groups:
        place = group[0][1]
        if place.type == "LOCATION" and place.latitude is not None and place.longitude is not None:
            found[GeoPoint(place.latitude, place.longitude)] = None
    return tuple(found)
