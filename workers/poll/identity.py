"""Which article an item stands for: its address where that is its own, else what the feed says about it."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence

import msgspec

from workers.errors import Permanent
from workers.identify import normalise
from workers.identify.clues import is_home
from workers.model import Entry, digest


def with_identity(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return `entries` with their ids, items repeated in the document merged (the first wins).

    An address names its article, whichever feed lists it and however often: items of the same title at the same address
    are one, whatever their guids (one for each category). Without an address, or where items of different guids and
    titles share it (a live ticker, a feed that links everything to its front page), there is no page to fetch: `page`
    becomes False and the id is the feed's word (guid, else title and date).

    A guid that items of different titles share names none of them: title and date are added to it.
    """
    normal = [_address(entry.url) for entry in entries]
    shared = _shared(entries, normal)
    worn = _worn([entry for entry, url in zip(entries, normal, strict=True) if not url or url in shared])
    found: dict[str, Entry] = {}
    for entry, url in zip(entries, normal, strict=True):
        named = msgspec.structs.replace(entry, id=digest("url", url), page=True)
        if not url or url in shared:
            named = msgspec.structs.replace(entry, id=digest("feed", entry.feed_id, _word(entry, worn)), page=False)
        found.setdefault(named.id, named)
    return tuple(found.values())


def _shared(entries: Sequence[Entry], normal: Sequence[str]) -> frozenset[str]:
    """The addresses that are no article's own: of different guids and titles, or a front page of several titles."""
    guids: dict[str, dict[str, str]] = defaultdict(dict)  # of the first item with each title
    for entry, url in zip(entries, normal, strict=True):
        guids[url].setdefault(_title(entry) or _word(entry), entry.guid)
    return frozenset(
        url for url, named in guids.items() if len({*named.values()} - {""}) > 1 or (len(named) > 1 and is_home(url))
    )


def _title(entry: Entry) -> str:
    """The title as two spellings of it are compared."""
    return " ".join(unicodedata.normalize("NFKC", entry.title).casefold().split())


def _address(url: str) -> str:
    """`url` as identity compares it; "" where it is none that could be fetched."""
    try:
        return normalise(url) if url else ""
    except Permanent:
        return ""


def _worn(entries: Sequence[Entry]) -> frozenset[str]:
    """The guids that items of different titles share: a feed may give all of them its own address, or a constant."""
    titles: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        titles[entry.guid].add(_title(entry))
    return frozenset(guid for guid, named in titles.items() if guid and len(named) > 1)


def _word(entry: Entry, worn: frozenset[str] = frozenset()) -> str:
    if entry.guid and entry.guid not in worn:
        return entry.guid
    date = entry.published_at.isoformat() if entry.published_at else ""
    return "\x00".join((entry.title, date, entry.url) if entry.title or date else ("", entry.url, entry.summary))
