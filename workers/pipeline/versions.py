"""Keeps the texts an article had, and lets its document say how often it changed.

    index       a document whose text is not the stored one's  → both texts kept, then the document written
    process     an observation older than the stored one       → its text kept, the stored document told anew
    index       a document that was not alone after all        → the same

What is written goes by names that follow from the observation: a crash at any point is healed by doing it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from workers.identify.history import ordered, retold, thinned, version_of, version_seen
from workers.model import Article, Document, Version
from workers.pipeline.parts import Parts
from workers.state.entries import Job


class Told(Struct, frozen=True):
    """A document to be written. `edited`: its article has another text, too, and both are kept.

    `alone`: nothing of its article was stored or is written with it.
    """

    document: Document
    edited: bool
    alone: bool


def tell(parts: Parts, documents: Sequence[Document]) -> list[Told]:
    """Keep what `documents` are about to replace, and return them with the figures of their histories.

    Raises StoreUnavailable: then nothing may be written.
    """
    stored = parts.store.get(list({document.id for document in documents}))
    texts: defaultdict[str, dict[str, Document]] = defaultdict(dict)  # by article and hash
    for document in [*stored.values(), *documents]:
        texts[document.id].setdefault(document.content_hash, document)
    edited = {article_id for article_id, found in texts.items() if len(found) > 1}
    kept = [version_of(document) for article_id in edited for document in texts[article_id].values()]
    keep(parts, [*kept, *(look for article_id in edited & stored.keys() for look in _looks(parts, stored[article_id]))])
    histories = {article_id: _history(parts, article_id) for article_id in edited}
    return [
        Told(
            retold(_raised(document, stored.get(document.id)), histories[document.id])
            if document.id in edited
            else _carried(document, stored.get(document.id)),
            edited=document.id in edited,
            alone=document.id not in stored and document.id not in edited,
        )
        for document in documents
    ]


def _raised(document: Document, stored: Document | None) -> Document:
    """Return a newer text with a version above the stored one's, which may have been raised by its feeds meanwhile."""
    if stored is None or not stored.observed_ms < document.observed_ms or document.version > stored.version:
        return document
    return msgspec.structs.replace(document, version=stored.version + 1)


def keep(parts: Parts, versions: Iterable[Version]) -> None:
    """Keep versions; those of an article that was removed meanwhile go again."""
    versions = list(versions)
    if not versions:
        return
    parts.store.write_versions(versions)
    for removed in parts.state.identities.removed(list({version.article_id for version in versions})):
        parts.store.delete(removed)


def keep_late(parts: Parts, job: Job, article: Article, article_id: str, content_hash: str) -> None:
    """Keep the text of an observation that is older than what its article has been claimed with.

    The feed's own words in place of a page that refused us are no text the page had.
    """
    if article.body_source == "feed" and job.entry.page:
        return
    keep(parts, [version_seen(article, job.entry, article_id, content_hash, job.observed_ms)])


def retell(parts: Parts, document: Document) -> Document | None:
    """Return the stored `document` with the figures of its history, after another text of it has turned up.

    None: that text is newer than the document's; its page has to be looked at again.
    """
    versions = _history(parts, document.id)
    if versions:
        looks = _looks(parts, document)
        keep(parts, looks)
        versions += looks
        if ordered(versions)[-1].content_hash != document.content_hash:
            return None
    return retold(document, versions)


def _looks(parts: Parts, document: Document) -> list[Version]:
    """Return the stored document's text as it was first seen, and as it was last seen unchanged.

    Between the two another text may have been there, observed by someone who tells later.
    """
    content_hash, seen_ms = parts.state.identities.last_look(document.id)
    first = version_of(document)
    if content_hash != document.content_hash or seen_ms <= first.observed_ms:
        return [first]
    return [first, version_of(document, seen_ms)]


def _history(parts: Parts, article_id: str) -> list[Version]:
    """Return an article's versions, brought within their bounds."""
    versions = parts.store.history(article_id)
    bare, forgotten = thinned(versions)
    if bare:
        parts.store.write_versions(bare)
    if forgotten:
        parts.store.forget_versions(forgotten)
    return versions


def _carried(document: Document, stored: Document | None) -> Document:
    """Return `document`, made anew of the text that is stored, with what only the stored one knows of its past."""
    if stored is None:
        return document
    first = min(version_of(one).observed_ms for one in (document, stored))
    past = max(document, stored, key=lambda one: one.edits)
    return msgspec.structs.replace(document, observed_ms=first, edits=past.edits, edited_at=past.edited_at)
