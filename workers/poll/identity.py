"""Which article an item stands for: its address where that is its own, else what the feed says about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from workers.errors import Permanent
from workers.identify import normalise
from workers.model import Entry, digest


def with_identity(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return `entries` with their ids, items repeated in the document merged (the first wins).

    An address names its article, whichever feed lists it. Without one, or where items with different guids share it (a
    live ticker, a feed that links everything to its front page), there is no page to fetch: `page` becomes False and
    the id is the feed's word (guid, else title and date).
    """
    normal = [_address(entry.url) for entry in entries]
    guids: dict[str, set[str]] = defaultdict(set)
    for entry, url in zip(entries, normal, strict=True):
        guids[url].update({entry.guid} - {""})
    found: dict[str, Entry] = {}
    for entry, url in zip(entries, normal, strict=True):
        named = msgspec.structs.replace(entry, id=digest("url", url), page=True)
        if not url or len(guids[url]) > 1:
            named = msgspec.structs.replace(entry, id=digest("feed", entry.feed_id, _word(entry)), page=False)
        found.setdefault(named.id, named)
    return tuple(found.values())


def _address(url: str) -> str:
    """`url` as identity compares it; "" where it is none that could be fetched."""
    try:
        return normalise(url) if url else ""
    except Permanent:
        return ""


def _word(entry: Entry) -> str:
    if entry.guid:
        return entry.guid
    date = entry.published_at.isoformat() if entry.published_at else ""
    return "\x00".join((entry.title, date, entry.url) if entry.title or date else ("", entry.url, entry.summary))
