"""The fetch verb: one entry's page, handed over to be processed."""

from __future__ import annotations

from msgspec import structs

from workers.errors import Permanent, Transient
from workers.fetch.fetch import fetch_page
from workers.model import Page
from workers.pipeline.batch import Batch, log
from workers.state.entries import Job
from workers.state.handover import pack, unpack

REFUSALS = {"http_401", "http_402", "http_403", "http_451", "not_html", "too_large", "empty_page"}


def fetch_one(batch: Batch, job: Job) -> None:
    """Fetch the entry's page and commit it. Raises Transient or Permanent.

    A page that refuses us does not lose the article when the feed itself carries it: extraction falls back to the
    feed's content and says so in the document. A page that is gone (404, 410) was taken back by its publisher.
    """
    if job.further:
        fetch_further(batch, job)
        return
    page = _page(batch, job)
    if isinstance(page, Permanent) and page.reason in REFUSALS and job.entry.content:
        page = _empty(job)
    if isinstance(page, (Transient, Permanent)):
        raise page
    with batch.timed("hand_over"):
        batch.parts.state.entries.commit_fetch(job, pack(page))


def fetch_further(batch: Batch, job: Job) -> None:
    """Fetch the next page of an article and commit it with those before it. Raises Transient while it may still come.

    What is there is an article: a further page that can't be had costs no more than its own text.
    """
    rules = batch.parts.rules
    page = unpack(job.payload, Page)
    room = rules.page_max_bytes - len(page.body) - sum(len(other.body) for other in page.further)
    entry = structs.replace(job.entry, url=job.further)
    with batch.timed("fetch"):
        found = fetch_page(batch.parts.http, entry, job.observed_ms, max_bytes=max(1, room))
    if isinstance(found, Transient) and (found.reason == "shutdown" or job.failures + 1 < rules.max_attempts):
        raise found
    if isinstance(found, Page):
        page = structs.replace(page, further=(*page.further, found))
    else:
        log.info("further_page_missing", entry=job.id, url=job.further, reason=found.reason)
        page = structs.replace(page, missing=(*page.missing, job.further))
    with batch.timed("hand_over"):
        batch.parts.state.entries.commit_fetch(job, pack(page))


def _page(batch: Batch, job: Job) -> Page | Transient | Permanent:
    if not job.entry.page:
        return _empty(job)
    with batch.timed("fetch"):
        return fetch_page(batch.parts.http, job.entry, job.observed_ms)


def _empty(job: Job) -> Page:
    return Page(url=job.entry.url, final_url=job.entry.url, status=0, headers={}, body=b"", fetched_ms=job.observed_ms)
