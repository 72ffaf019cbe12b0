"""The index stage: documents in bulk into the search store; an entry is seen once its document is acknowledged."""

from __future__ import annotations

from collections.abc import Sequence

from workers.errors import Permanent, StoreUnavailable, Transient
from workers.identify.history import version_of
from workers.model import Document
from workers.pipeline.batch import Batch, log
from workers.pipeline.copies import adopt_orphans, give_up
from workers.pipeline.reading import forget_samples
from workers.pipeline.refetching import again
from workers.pipeline.versions import Told, keep, tell
from workers.ports import Outcome
from workers.state.entries import Job
from workers.state.handover import unpack

# reasons that say nothing about the document: it is never given up for them
PUSHED_BACK = {
    *("blocked", "cluster_block_exception", "no_alias", "security_exception", "http_401", "http_403"),
    *("es_rejected_execution_exception", "unavailable_shards_exception", "timeout", "connect", "bad_answer"),
    *("http_408", "http_425", "http_429", "http_502", "http_503", "http_504"),
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
        if job.poison:
            _give_up(batch, job.article_id)
    if not readable:
        return
    try:
        with batch.timed("index"):
            told = tell(batch.parts, [document for _, document in readable])
            outcomes = batch.parts.store.write([one.document for one in told])
        # A removal between processing and now: what was just written goes again.
        for removed in batch.parts.state.identities.removed([document.id for _, document in readable]):
            batch.parts.store.delete(removed)
            forget_samples(batch, [url for _, document in readable if document.id == removed for url in document.urls])
        adopt_orphans(batch.parts, [one.document for one in told])
    except StoreUnavailable as error:  # writing again what was written does no harm
        for job, _ in readable:
            batch.settle(job, error)
        return
    ill = _is_ill(batch, outcomes)
    with batch.timed("acknowledge"):
        for (job, _), one, outcome in zip(readable, told, outcomes, strict=True):
            _settle(batch, job, one, outcome, ill=ill)


def _is_ill(batch: Batch, outcomes: Sequence[Outcome]) -> bool:
    """Whether the store takes nothing now: what it says of a document then says nothing about that document.

    Of a document that was written alone the store's own state must tell.
    """
    if any(outcome.result != "failed" for outcome in outcomes):
        return False
    return len(outcomes) > 1 or bool(batch.parts.store.check())


def _settle(batch: Batch, job: Job, told: Told, outcome: Outcome, *, ill: bool) -> None:
    entries, document = batch.parts.state.entries, told.document
    if outcome.result == "rejected":
        _fail(batch, job, document.id, Permanent(outcome.error, reason=outcome.reason or "rejected"))
    elif outcome.result == "failed":
        error = outcome.error or "the store could not take it"
        kind = StoreUnavailable if ill or outcome.reason in PUSHED_BACK else Transient
        _fail(batch, job, document.id, kind(error, reason=outcome.reason or "store", retry_after=outcome.retry_after))
    elif outcome.result == "superseded" and (job.relist or told.edited):
        entries.relist(job, document.id, RELIST_PAUSE, retell=job.retell or told.edited)
    elif outcome.result == "superseded" and document.gone_at is not None:
        entries.refetch(job)  # is it still gone?
    else:
        done = entries.acknowledge(
            job,
            article_id=document.id,
            version=document.version,
            content_hash=document.content_hash,
            how=outcome.result,
            gone=document.gone_at is not None,
            alone=told.alone,
            again=again(batch.parts, job, document.published_at),
        )
        if done == "not_alone":
            keep(batch.parts, [version_of(document)])
            entries.relist(job, document.id, RELIST_PAUSE, retell=True)


def _fail(batch: Batch, job: Job, article_id: str, error: Transient | Permanent) -> None:
    if batch.settle(job, error):
        _give_up(batch, article_id)


def _give_up(batch: Batch, article_id: str) -> None:
    """Have no article be a copy of one that never came."""
    try:
        give_up(batch.parts, article_id)
    except StoreUnavailable as error:
        log.warning("copies_not_handed_on", article=article_id, error=str(error))
