"""The process stage: page → article → identity → names → document."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from workers.identify import (
    AddressRules,
    Known,
    addresses,
    article_id,
    content_hash,
    decide,
    is_poorer,
    is_whole,
    notice_of,
)
from workers.index.document import build_document, tag_article
from workers.model import Article, Document, Entry
from workers.pipeline.batch import Batch
from workers.pipeline.copies import find_original
from workers.pipeline.parts import Parts
from workers.pipeline.reading import keep_sample, read_page
from workers.pipeline.refetching import again
from workers.pipeline.versions import keep_late, retell
from workers.state.entries import Job
from workers.state.handover import pack
from workers.state.identities import Identity

SUPERSEDED_PAUSE = 5.0  # seconds for the newer observation to reach the store


def process_one(batch: Batch, job: Job) -> None:
    """Make the entry's document and commit it, or end its way when the store has all of it. Raises KabarErrors."""
    if job.relist:
        relist_one(batch, job)
        return
    parts = batch.parts
    found = read_page(batch, job)
    if found is None:
        return
    page, article = found
    with batch.timed("identify"):
        known_addresses = _addresses(article, job.entry, parts.sites().addresses)
        identity, stored = _identify(batch, job, known_addresses)
        digest = content_hash(article)
    if not identity.removed:
        keep_sample(batch, page, job.entry, article)
    if identity.removed:
        parts.state.entries.acknowledge(job, how="removed")
        return
    if identity.superseded or job.observed_ms < identity.observed_ms:
        keep_late(parts, job, article, identity.article_id, digest)
        parts.state.entries.relist(job, identity.article_id, SUPERSEDED_PAUSE, retell=True)
        return
    decision = decide(_known(identity, stored), digest, frozenset(identity.feeds))
    poorer = decision == "changed" and _is_poorer(parts, article, identity, stored)
    if decision == "same" or poorer:
        parts.state.entries.acknowledge(
            job,
            article_id=identity.article_id,
            content_hash="" if poorer else digest,
            how="same",
            feeds=_listed(identity, stored),
            again=again(parts, job, article.published_at),
        )
        return
    document = _document(batch, job, article, identity, stored, known_addresses, digest)
    parts.state.entries.commit_process(job, pack(document), document.id, document.feeds)


def relist_one(batch: Batch, job: Job) -> None:
    """Bring a stored document's feeds (and history) up to date without fetching its page again."""
    entries = batch.parts.state.entries
    document = batch.parts.store.get([job.relist]).get(job.relist)
    changed = retell(batch.parts, document) if document is not None and job.retell else document
    if document is None or changed is None:
        entries.refetch(job)
        return
    feeds = tuple(sorted({*document.feeds, *job.feeds}))
    changed = msgspec.structs.replace(changed, feeds=feeds)
    if changed == document:
        later = again(batch.parts, job, document.published_at)
        entries.acknowledge(job, article_id=document.id, how="same", feeds=feeds, again=later)
        return
    changed = msgspec.structs.replace(changed, version=document.version + 1)
    entries.commit_process(job, pack(changed), document.id, feeds)


def _identify(batch: Batch, job: Job, known_addresses: tuple[str, ...]) -> tuple[Identity, Document | None]:
    """Claim the article's id; the store is asked when Redis knows none of its addresses."""
    identities, store = batch.parts.state.identities, batch.parts.store
    seen_at = datetime.fromtimestamp(job.first_seen_ms / 1000, UTC)
    identity = identities.claim(job, known_addresses, first_seen_at=seen_at)
    if identity is not None and (identity.content_hash or identity.removed):
        return identity, None
    own = identity.article_id if identity else article_id(known_addresses)
    stored = store.get([own]).get(own) or next(iter(store.find(known_addresses).values()), None)
    if identity is None:
        first = stored.first_seen_at if stored else seen_at
        identity = identities.claim(
            job, known_addresses, own_id=stored.id if stored else own, first_seen_at=min(first, seen_at)
        )
        assert identity is not None  # `own_id` was given
    return identity, stored if stored and stored.id == identity.article_id else None


def _addresses(article: Article, entry: Entry, rules: AddressRules) -> tuple[str, ...]:
    """The article's addresses. A page that did not give the text (a consent wall, a notice) names none."""
    if article.body_source == "feed":
        article = msgspec.structs.replace(article, canonical_url="", final_url="")
    return addresses(article, entry, rules)


def _known(identity: Identity, stored: Document | None) -> Known | None:
    if identity.content_hash:
        return Known(
            article_id=identity.article_id,
            content_hash=identity.content_hash,
            feeds=frozenset(identity.stored_feeds),
            observed_ms=identity.observed_ms,
            gone=identity.gone,
        )
    if stored is None:
        return None
    return Known(
        article_id=stored.id,
        content_hash=stored.content_hash,
        feeds=frozenset(stored.feeds),
        observed_ms=stored.version,
        gone=stored.gone_at is not None,
    )


def _is_poorer(parts: Parts, article: Article, identity: Identity, stored: Document | None) -> bool:
    """Whether the stored document shows more of the text than `article` (a refusal, missing pages): that one stays."""
    if is_whole(article):
        return False
    stored = stored or parts.store.get([identity.article_id]).get(identity.article_id)
    return stored is not None and is_poorer(article, stored)


def _listed(identity: Identity, stored: Document | None) -> tuple[str, ...]:
    return identity.stored_feeds if identity.content_hash or stored is None else stored.feeds


def _document(
    batch: Batch,
    job: Job,
    article: Article,
    identity: Identity,
    stored: Document | None,
    known_addresses: tuple[str, ...],
    digest: str,
) -> Document:
    tagger = batch.parts.tagger()
    seen_at = min(identity.first_seen_at, stored.first_seen_at) if stored else identity.first_seen_at
    with batch.timed("tag"), batch.limited():
        tagged = tag_article(article, job.entry, tagger, seen_at)
    with batch.timed("copies"):
        duplicate_of = find_original(batch.parts, job, article, identity)
    feeds = tuple(sorted({*identity.feeds, *(stored.feeds if stored else ())}))
    last = max(identity.version, stored.version if stored else 0)
    document = build_document(
        article,
        job.entry,
        document_id=identity.article_id,
        version=max(job.observed_ms, last + 1),
        fetched_at=datetime.fromtimestamp(job.claimed_ms / 1000, UTC),
        first_seen_at=seen_at,
        feeds=feeds,
        feed_id=stored.feed_id if stored else job.entry.feed_id,
        urls=tuple(dict.fromkeys([*known_addresses, *(stored.urls if stored else ())])),
        content_hash=digest,
        tagged=tagged,
        tagger=tagger.version,
        duplicate_of=duplicate_of,
    )
    return msgspec.structs.replace(document, observed_ms=job.observed_ms, notice=notice_of(article))
