"""Keeps the texts an article had, and lets its document say how often it changed.

    index       a document whose text is not the stored one's  → both texts kept, then the document written
    process     an observation older than the stored one       → its text kept, the stored document told anew
    index       a document that was not alone after all        → the same

What is written goes by names that follow from the observation: a crash at any point is healed by doing it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from workers.identify import notice_of
from workers.identify.history import retold, thinned, version_of
from workers.model import Article, Document, Version
from workers.pipeline.parts import Parts
from workers.state.entries import Job
from workers.state.identities import Identity


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
    keep(parts, [version_of(document) for article_id in edited for document in texts[article_id].values()])
    histories = {article_id: _history(parts, article_id) for article_id in edited}
    return [
        Told(
            retold(document, histories[document.id])
            if document.id in edited
            else _carried(document, stored.get(document.id)),
            edited=document.id in edited,
            alone=document.id not in stored and document.id not in edited,
        )
        for document in documents
    ]


def keep(parts: Parts, versions: Iterable[Version]) -> None:
    """Keep versions; those of an article that was removed meanwhile go again."""
    versions = list(versions)
    if not versions:
        return
    parts.store.write_versions(versions)
    for removed in parts.state.identities.removed(list({version.article_id for version in versions})):
        parts.store.delete(removed)


def keep_late(parts: Parts, job: Job, article: Article, identity: Identity, content_hash: str) -> None:
    """Keep the text of an observation that is older than what its article has been claimed with.

    The feed's own words in place of a page that refused us are no text the page had.
    """
    if content_hash == identity.content_hash or (article.body_source == "feed" and job.entry.page):
        return
    version = Version(
        article_id=identity.article_id,
        content_hash=content_hash,
        observed_ms=job.observed_ms,
        observed_at=datetime.fromtimestamp(job.observed_ms / 1000, UTC),
        url=article.url,
        title=article.title or job.entry.title,
        body=article.body,
        body_source=article.body_source,
        access=article.access,
        modified_at=article.modified_at,
        notice=notice_of(article),
        extractor=article.extractor,
    )
    keep(parts, [version])


def retell(parts: Parts, document: Document) -> Document:
    """Return the stored `document` with the figures of its history, after an older text of it has turned up.

    The text may have been gone and have come back between two looks that both found it: then the later look becomes
    a version of its own.
    """
    versions = _history(parts, document.id)
    content_hash, seen_ms = parts.state.identities.last_look(document.id)
    first = version_of(document)
    if content_hash == document.content_hash and any(
        first.observed_ms < version.observed_ms < seen_ms and version.content_hash != content_hash
        for version in versions
    ):
        again = [first, version_of(document, seen_ms)]
        keep(parts, again)
        versions += again
    return retold(document, versions)


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
