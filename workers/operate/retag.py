"""Tags stored documents again, with the tagger of today: what a better model, gazetteer or correction changes.

    which taggers are older? ▷ their documents, by id, page by page ▷ tag ▷ write as version + 1 ▷ again

Every document that is done carries the new tagger and is no longer asked for: a run that was cut off goes on where it
stopped when it is started again. A newer observation that arrives meanwhile wins, since its version is greater.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol

import msgspec
from msgspec import Struct

from workers.model import Document
from workers.ports import SearchStore
from workers.tag.summary import FieldTagger, summarise

BATCH = 50  # documents read, tagged and written at once: some megabytes at most times
CURRENT = "current"
_NUMBERS = re.compile(r"(?:kabar )?v?(\d{1,9}(?:\.\d{1,9})*)(?: |$)")

Removed = Callable[[Sequence[str]], Collection[str]]


class VersionedTagger(FieldTagger, Protocol):
    """A tagger that says which one it is."""

    version: str


class Retagged(Struct, frozen=True):
    """What a run did, in documents. "superseded": a newer copy came meanwhile; "failed" ones wait for another run."""

    stored: int = 0
    superseded: int = 0
    rejected: int = 0
    failed: int = 0
    removed: int = 0


def older(versions: Collection[str], than: str, current: str) -> list[str]:
    """Return those of `versions` that are older than `than`.

    `than`: "current", everything that is not exactly `current`; or a version ("3", "3.2", or all of a document's
    `tagger`), everything whose number is less. A version without a number is older than all. ValueError: no version.
    """
    if than in (CURRENT, current):
        return sorted(version for version in versions if version != current)
    limit = _numbers(than)
    if not limit:
        raise ValueError(f"{than!r} is no version of the tagger, such as 3.2 or {current!r}")
    return sorted(version for version in versions if _numbers(version) < limit)


def _numbers(version: str) -> tuple[int, ...]:
    match = _NUMBERS.match(version)
    return tuple(int(number) for number in match[1].split(".")) if match else ()


def retag(
    store: SearchStore,
    tagger: VersionedTagger,
    versions: Collection[str],
    *,
    progress: Callable[[int], None] = lambda _: None,
    removed: Removed = lambda _: (),
    batch: int = BATCH,
) -> Retagged:
    """Tag every document of the tagger `versions` again; `progress` is told how many have been looked at.

    `removed` tells which ids were taken down by command: those are never written. Raises StoreUnavailable when the
    store does not answer; what was done until then stays done.
    """
    counts: Counter[str] = Counter()
    for documents in _pages(store, versions, batch):
        gone = set(removed([document.id for document in documents]))
        wanted = [document for document in documents if document.id not in gone]
        outcomes = store.write([retagged(document, tagger) for document in wanted])
        counts.update(outcome.result for outcome in outcomes)
        for late in removed([document.id for document in wanted]):  # removed while it was being tagged
            store.delete(late)
            gone.add(late)
        counts["removed"] += len(gone)
        progress(len(documents))
    return Retagged(**counts)


def _pages(store: SearchStore, versions: Collection[str], batch: int) -> Iterator[list[Document]]:
    """Yield the documents page by page; the id of the last one leads on, so that one that fails is met once."""
    store.refresh()
    after = ""
    while versions and (documents := store.scan(after=after, limit=batch, taggers=versions)):
        yield documents
        after = documents[-1].id


def retagged(document: Document, tagger: VersionedTagger) -> Document:
    """Return the document with the entities `tagger` finds in it now, as the next version."""
    tagged = summarise(
        document.title,
        document.body,
        tagger,
        published_at=document.published_at,
        language=document.language or "id",
        timezone=document.timezone,
    )
    return msgspec.structs.replace(
        document,
        entities=tagged.entities,
        people=tagged.people,
        organisations=tagged.organisations,
        places=tagged.places,
        places_at=tagged.places_at,
        tagger=tagger.version,
        version=document.version + 1,
    )
