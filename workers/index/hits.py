"""Makes a hit of what a store keeps of an article: the same for both stores, passages too."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from workers.index.language import is_english
from workers.index.snippets import Snippets
from workers.model import Hit


class Shown(Struct, frozen=True):
    """What a hit needs of a document."""

    id: str
    url: str
    title: str
    site: str
    published_at: datetime
    lead: str
    body: str
    people: tuple[str, ...]
    organisations: tuple[str, ...]
    places: tuple[str, ...]
    language: str = ""
    duplicate_of: str | None = None


def hit_of(shown: Shown, score: float, snippets: Snippets) -> Hit:
    """Return the hit of `shown`."""
    return Hit(
        id=shown.id,
        url=shown.url,
        title=shown.title,
        site=shown.site,
        published_at=shown.published_at,
        snippet=snippets.of(shown.lead, shown.body, english=is_english(shown.language)),
        people=shown.people,
        organisations=shown.organisations,
        places=shown.places,
        duplicate_of=shown.duplicate_of,
        score=score,
    )
