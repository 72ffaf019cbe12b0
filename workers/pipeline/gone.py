"""What it means that a page is gone: nothing was lost when its article is stored, and a letter when it is not."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from workers.errors import Permanent
from workers.identify import article_id, normalise
from workers.model import Document
from workers.pipeline.batch import Batch
from workers.pipeline.refetching import again
from workers.state.entries import Job
from workers.state.handover import pack

GONE = {"http_404": 404, "http_410": 410}


def settle_gone(batch: Batch, job: Job, error: Permanent) -> bool:
    """Give a page that answers 404 or 410 its outcome when its article is stored or was removed; False otherwise.

    The document stays and says since when its page is gone; a later look that finds it clears that.
    """
    state, store = batch.parts.state, batch.parts.store
    address = normalise(job.entry.url)
    names = tuple(dict.fromkeys((batch.parts.sites().addresses.fold(address), address)))
    known = next(filter(None, map(state.identities.find, names)), None) or article_id(names)
    if state.identities.removed([known]):
        state.entries.acknowledge(job, how="removed")
        return True
    document = store.get([known]).get(known) or next(iter(store.find(names).values()), None)
    if document is None:
        return False
    identity = state.identities.claim(job, names, own_id=document.id, first_seen_at=document.first_seen_at)
    newest = identity is not None and not identity.superseded and job.observed_ms >= identity.observed_ms
    if document.gone_at is None and newest:
        marked = _marked(document, job, GONE[error.reason])
        state.entries.commit_process(job, pack(marked), marked.id, marked.feeds)
    else:
        state.entries.acknowledge(
            job, article_id=document.id, how="same", feeds=document.feeds, again=again(batch.parts, job)
        )
    return True


def _marked(document: Document, job: Job, status: int) -> Document:
    """Return the document with the mark; its version yields to any text that is on its way."""
    return msgspec.structs.replace(
        document,
        version=document.version + 1,
        gone_at=datetime.fromtimestamp(job.claimed_ms / 1000, UTC),
        gone_status=status,
    )
