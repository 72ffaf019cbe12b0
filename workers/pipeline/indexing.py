"""The index stage: documents in bulk into the search store; an entry is seen once its document is acknowledged."""

from __future__ import annotations

from collections.abc import Sequence

from workers.errors import Permanent, StoreUnavailable, Transient
from workers.model import Document
from workers.pipeline.batch import Batch
from workers.pipeline.reading import forget_samples
from workers.ports import Outcome
from workers.state.entries import Job
from workers.state.handover import unpack

# reasons that say nothing about the document: it is never given up for them
PUSHED_BACK = {
    "cluster_block_exception",
    "es_rejected_execution_exception",
    "unavailable_shards_exception",
    "http_429",
    "http_503",
}
RELIST_PAUSE = 2.0  # seconds before a document that grew meanwhile is read again


def index_batch(batch: Batch, ids: Sequence[str]) -> None:
    """Index what of `ids` waits. An entry whose earlier claim ended without an outcome is indexed alone, last."""
    size = batch.parts.rules.index_batch
    suspects: list[str] = []
    for start in range(0, len(ids), size):
        chunk = list(ids[start : start + size])
        if not batch.open:
            batch.parts.state.entries.release(list(ids[start:]), batch.token)
            break
        claims = batch.parts.state.entries.claim("index", chunk, batch.token, fresh_only=True)
        suspects += claims.suspects
        _write(batch, claims.jobs)
    for suspect in suspects:
        if batch.open:
            _write(batch, batch.parts.state.entries.claim("index", [suspect], batch.token).jobs)
        else:
            batch.parts.state.entries.release([suspect], batch.token)
    batch.flush()


def _write(batch: Batch, jobs: list[Job]) -> None:
    """Write one bulk and give each of its entries its outcome."""
    readable: list[tuple[Job, Document]] = []
    for job in jobs:
        batch.guarded(job, lambda job: readable.append((job, unpack(job.payload, Document))))
    if not readable:
        return
    try:
        with batch.timed("index"):
            outcomes = batch.parts.store.write([document for _, document in readable])
    except StoreUnavailable as error:
        for job, _ in readable:
            batch.settle(job, error)
        return
    # A removal between processing and now: what was just written goes again.
    for removed in batch.parts.state.identities.removed([document.id for _, document in readable]):
        batch.parts.store.delete(removed)
        forget_samples(batch, [url for _, document in readable if document.id == removed for url in document.urls])
    with batch.timed("acknowledge"):
        for (job, document), outcome in zip(readable, outcomes, strict=True):
            _settle(batch, job, document, outcome)


def _settle(batch: Batch, job: Job, document: Document, outcome: Outcome) -> None:
    entries = batch.parts.state.entries
    if outcome.result == "rejected":
        batch.settle(job, Permanent(outcome.error, reason=outcome.reason or "rejected"))
    elif outcome.result == "failed":
        error = outcome.error or "the store could not take it"
        kind = StoreUnavailable if outcome.reason in PUSHED_BACK else Transient
        batch.settle(job, kind(error, reason=outcome.reason or "store", retry_after=outcome.retry_after))
    elif outcome.result == "superseded" and job.relist:
        entries.relist(job, document.id, RELIST_PAUSE)
    else:
        entries.acknowledge(
            job,
            article_id=document.id,
            version=document.version,
            content_hash=document.content_hash,
            how=outcome.result,
        )
