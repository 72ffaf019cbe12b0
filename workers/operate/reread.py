"""Archived pages read again into documents: with today's extraction and tagger, under the ids they had.

    an article's pages, newest first ▷ extract ▷ whose is it? ▷ is it newer than what is stored? ▷ tag ▷ document

The newest page that shows most of the text gives the document; of what is stored it keeps what no page tells: feeds,
addresses, when it was first seen, its edits, whose copy it is. An article that nothing else knows gets its history
out of its pages, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import msgspec
from msgspec import Struct

from workers.errors import Permanent
from workers.extract.judge import JUNK
from workers.identify import addresses, article_id, content_hash, is_poorer, is_whole, notice_of
from workers.identify.history import retold, version_of, version_seen
from workers.index.document import build_document, tag_article
from workers.model import Article, Document, Entry, Page, Version
from workers.operate.golden import Reader
from workers.ports import SearchStore
from workers.samples import Kept, Sample
from workers.state import State
from workers.tag.tagger import Tagger

Outcome = Literal["read", "same", "newer", "refused", "removed", "broken", "failed"]


class Reread(Struct, frozen=True, kw_only=True):
    """What an article's pages gave. `outcome`: "read" (then there is a document), or why there is nothing to write:

    "same" as stored, the stored text is "newer", its pages are "refused" or "broken", it was "removed", or reading them
    "failed" in a way nobody foresaw.
    """

    outcome: Outcome
    document: Document | None = None
    before: str = ""  # hash of the text that the document replaces
    versions: tuple[Version, ...] = ()


class _Seen(Struct, frozen=True):
    """A page, what it gives today, and its addresses: those it had when it was kept first."""

    page: Page
    entry: Entry
    article: Article
    names: tuple[str, ...]

    @property
    def observed_ms(self) -> int:
        return max(1, self.page.fetched_ms)

    @property
    def observed_at(self) -> datetime:
        return datetime.fromtimestamp(self.observed_ms / 1000, UTC)


class Rereader:
    """Reads archived pages. What is stored is asked of `store`, what was removed of `state`."""

    def __init__(self, state: State, store: SearchStore, reader: Reader, tagger: Tagger) -> None:
        self._state, self._store, self._reader, self._tagger = state, store, reader, tagger

    def read(self, pages: Iterator[Kept]) -> Reread:
        """Return what an article's pages, newest first, give. Raises StoreUnavailable."""
        broken = True
        seen: list[_Seen] = []
        stored: Document | None = None
        for kept in pages:
            broken = broken and kept.sample is None
            if kept.sample is None or (found := self._page(kept.sample)) is None:
                continue
            if not seen:
                stored = self._stored(found.names)
            seen.append(found)
            if stored is not None and is_whole(found.article):
                break  # its past is known; older pages tell nothing
        if not seen:
            return Reread(outcome="broken" if broken else "refused")
        try:
            return self._told(seen, stored)
        except self._reader.errors:
            return Reread(outcome="refused")  # tagging it takes too long

    def _told(self, seen: list[_Seen], stored: Document | None) -> Reread:
        names = tuple(dict.fromkeys(name for one in seen for name in one.names))
        known = stored.id if stored else self._known(seen[-1].names, names)
        if self._state.identities.are_removed(names) or self._state.identities.removed([known]):
            return Reread(outcome="removed")
        best = _best(seen)
        if stored is not None and _is_behind(best, stored):
            return Reread(outcome="newer")
        with self._reader.limit():
            document = self._document(best, known, names, stored, first=seen[-1])
        if stored is None:
            return _with_history(document, seen)
        as_stored = msgspec.structs.replace(
            document, version=stored.version, indexed_at=stored.indexed_at, fetched_at=stored.fetched_at
        )
        if as_stored == stored:
            return Reread(outcome="same")
        return Reread(outcome="read", document=document, before=stored.content_hash)

    def _page(self, sample: Sample) -> _Seen | None:
        """A page that was refused as junk beside its site's others stays so until an editor approves it."""
        if sample.refused == JUNK:
            return None
        article = self._reader.read(sample)
        if isinstance(article, Permanent):
            return None
        entry = sample.entry or Entry(id="", feed_id="", url=sample.page.url)
        try:
            names = addresses(article, entry, self._reader.sites.addresses)
        except Permanent:
            names = ()
        names = tuple(dict.fromkeys([*sample.addresses, *names]))
        return _Seen(sample.page, entry, article, names) if names else None

    def _stored(self, names: tuple[str, ...]) -> Document | None:
        known = self._known(names, names)
        return self._store.get([known]).get(known) or next(iter(self._store.find(names).values()), None)

    def _known(self, first: tuple[str, ...], names: tuple[str, ...]) -> str:
        """The id that one of `names` has, else the one that the article got from its `first` addresses."""
        return next(filter(None, map(self._state.identities.find, names)), None) or article_id(first)

    def _document(
        self, best: _Seen, known: str, names: tuple[str, ...], stored: Document | None, *, first: _Seen
    ) -> Document:
        article, entry = best.article, best.entry
        since, feeds = self._state.identities.origin(known)
        first_seen_at = stored.first_seen_at if stored else since or first.observed_at
        document_id = stored.id if stored else known
        document = build_document(
            article,
            entry,
            document_id=document_id,
            version=stored.version + 1 if stored else best.observed_ms,
            fetched_at=best.observed_at,
            first_seen_at=first_seen_at,
            feeds=stored.feeds if stored else feeds or (entry.feed_id,),
            feed_id=stored.feed_id if stored else entry.feed_id,
            urls=tuple(dict.fromkeys([*(stored.urls if stored else ()), *names])),
            content_hash=content_hash(article),
            tagged=tag_article(article, entry, self._tagger, first_seen_at),
            tagger=self._tagger.version,
            duplicate_of=stored.duplicate_of if stored else self._state.copies.originals([known]).get(known),
        )
        document = msgspec.structs.replace(document, observed_ms=best.observed_ms, notice=notice_of(article))
        return document if stored is None else _kept(document, stored)


def _best(seen: list[_Seen]) -> _Seen:
    """The newest page that shows no less of the text than an older one (`seen` is newest first)."""
    best = seen[0]
    for older in seen[1:]:
        if is_whole(best.article):
            break
        if is_poorer(best.article, older.article):
            best = older
    return best


def _is_behind(best: _Seen, stored: Document) -> bool:
    """Whether the stored text was seen after the page, or shows more of the text."""
    if best.observed_ms < (stored.observed_ms or stored.version):
        return True
    return not is_whole(best.article) and is_poorer(best.article, stored)


def _with_history(document: Document, seen: list[_Seen]) -> Reread:
    """The document with the texts its older pages had, when there are several."""
    texts: dict[str, Version] = {}
    for one in reversed(seen):
        hashed = content_hash(one.article)
        texts.setdefault(hashed, version_seen(one.article, one.entry, document.id, hashed, one.observed_ms))
    if len(texts) < 2:
        return Reread(outcome="read", document=document)
    first = texts.get(document.content_hash, version_of(document))
    document = msgspec.structs.replace(document, observed_ms=first.observed_ms)
    versions = tuple(texts.values())
    return Reread(outcome="read", document=retold(document, versions), versions=versions)


def _kept(document: Document, stored: Document) -> Document:
    """Return `document` with what only the stored one knows of its past."""
    return msgspec.structs.replace(
        document,
        observed_ms=stored.observed_ms,
        edits=stored.edits,
        edited_at=stored.edited_at,
        gone_at=stored.gone_at,
        gone_status=stored.gone_status,
    )
