"""Makes the entities of a text: of resolved names, and of what grammar finds besides them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workers.model import Entity
from workers.tag import grammar
from workers.tag.resolve import Span, Thing

TIMEZONE = "Asia/Jakarta"  # of publishers that say nothing else


def entity(span: Span, thing: Thing, role: str) -> Entity:
    """Return a mention as others see it."""
    row = thing.row
    return Entity(
        text=span.text,
        type=span.type,  # type: ignore[arg-type]
        start=span.start,
        end=span.end,
        name=thing.name,
        wikidata=row.wikidata if row else "",
        score=span.score,
        latitude=row.latitude if row else None,
        longitude=row.longitude if row else None,
        role=role,
    )


def with_grammar(text: str, names: Sequence[Entity], today: date | None, language: str) -> list[Entity]:
    """Return `names` with the dates, amounts, laws and events of `text`, by offset; see `grammar.keep` for overlaps.

    They are called by their value: "Kamis (4 September)" and "4/9/2025" are one day.
    """
    found = grammar.find(text, today, language[:2].lower() == "en")
    if not found:
        return list(names)
    kept, staying = grammar.keep(found, [(one.start, one.end) for one in names])
    others = [
        Entity(
            text=(words := text[one.start : one.end]),
            type=one.type,
            start=one.start,
            end=one.end,
            name=one.value or " ".join(words.split()),
            value=one.value,
        )
        for one in kept
    ]
    stay = (one for one, stays in zip(names, staying, strict=True) if stays)
    return sorted([*stay, *others], key=lambda one: one.start)


def day_of(published_at: datetime | None, timezone: str) -> date | None:
    """Return the day of publication where the publisher is.

    A time with an offset of its own other than zero is the publisher's; else `timezone` (IANA name or offset) tells,
    and a name that is no zone counts as Jakarta's. None without a time.
    """
    if published_at is None or published_at.utcoffset():
        return published_at.date() if published_at else None
    if published_at.tzinfo is None:
        return published_at.date()
    zone = _zone(timezone)
    try:
        return published_at.astimezone(zone).date()
    except OverflowError:  # the first or last day of the calendar
        return published_at.date()


def _zone(name: str) -> tzinfo:
    """The zone of an IANA name or of an offset such as "+08:00"; Jakarta's for what is neither."""
    try:
        if name[:1] in ("+", "-"):
            return datetime.strptime(name, "%z").tzinfo or ZoneInfo(TIMEZONE)
        return ZoneInfo(name or TIMEZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(TIMEZONE)
