"""What a document keeps of its entities: each thing once with all its mentions, and flat lists ordered by salience."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from workers.model import DocumentEntity, Entity, EntityType, GeoPoint, Mention
from workers.tag.mentions import TIMEZONE

THINGS = 2_000  # of one document, the most salient ones; Elasticsearch refuses one with more than 10,000
LEAD = 400  # code points of the body that count as its lead, unless the first paragraph is shorter

_FIELDS: tuple[Literal["title", "body"], ...] = ("title", "body")
_Group = list[tuple[int, Entity]]  # the mentions of one thing with their field


class FieldTagger(Protocol):
    """What `summarise` needs of a tagger."""

    def tag_fields(
        self,
        texts: tuple[str, ...],
        *,
        published_at: datetime | None = None,
        language: str = "id",
        timezone: str = TIMEZONE,
    ) -> list[list[Entity]]:
        """Tag the texts of one article together; entities by text."""


class Tagged(Struct, frozen=True, kw_only=True):
    """The entities of an article, most salient first, and the names of people, organisations and places among them."""

    entities: tuple[DocumentEntity, ...] = ()
    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    places_at: tuple[GeoPoint, ...] = ()


def summarise(
    title: str,
    body: str,
    tagger: FieldTagger,
    *,
    published_at: datetime | None = None,
    language: str = "id",
    timezone: str = TIMEZONE,
) -> Tagged:
    """Tag title and body together and return what the document keeps. Offsets are per field. Never raises."""
    groups: dict[tuple[str, str], _Group] = {}
    fields = tagger.tag_fields((title, body), published_at=published_at, language=language, timezone=timezone)
    for field, entities in enumerate(fields):
        for entity in entities:
            groups.setdefault((entity.type, entity.name), []).append((field, entity))
    most = max(map(len, groups.values()), default=1)
    lead = min(LEAD, body.find("\n") if "\n" in body else LEAD)
    rated = [(_salience(group, most, lead), group) for group in groups.values()]
    rated.sort(key=lambda one: (-one[0], one[1][0][0], one[1][0][1].start))
    del rated[THINGS:]
    ordered = [group for _, group in rated]
    return Tagged(
        entities=tuple(_joined(group, salience) for salience, group in rated),
        people=_names(ordered, "PERSON"),
        organisations=_names(ordered, "ORG"),
        places=_names(ordered, "LOCATION"),
        places_at=_points(ordered),
    )


def _salience(group: _Group, most: int, lead: int) -> float:
    """Return how much the article is about a thing: half for the title, the rest for frequency, then the lead.

    The more often it is named beside what is named most often (`most` times), the nearer to all of the 0.35.
    """
    in_title = any(field == 0 for field, _ in group)
    in_lead = any(field == 1 and entity.start < lead for field, entity in group)
    return round(0.5 * in_title + 0.15 * in_lead + 0.35 * len(group) / most, 4)


def _joined(group: _Group, salience: float) -> DocumentEntity:
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
        value=first.value,
        role=_role([entity.role for _, entity in group if entity.role]),
        salience=salience,
        first=first.start,
    )


def _role(given: list[str]) -> str:
    """Return the role given most often, of several the longest ("Gubernur Riau" before "Gubernur")."""
    counts = Counter(given)
    return max(counts, key=lambda role: (counts[role], len(role)), default="")


def _names(groups: list[_Group], type_: EntityType) -> tuple[str, ...]:
    return tuple(group[0][1].name for group in groups if group[0][1].type == type_)


def _points(groups: list[_Group]) -> tuple[GeoPoint, ...]:
    found: dict[GeoPoint, None] = {}
    for group in groups:
        place = group[0][1]
        if place.type == "LOCATION" and place.latitude is not None and place.longitude is not None:
            found[GeoPoint(place.latitude, place.longitude)] = None
    return tuple(found)
