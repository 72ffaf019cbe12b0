"""The fetch verb: one entry's page, handed over to be processed."""

from __future__ import annotations

import time

from msgspec import structs

from workers.errors import Permanent, Transient
from workers.fetch.fetch import fetch_page
from workers.model import Page
from workers.pipeline.batch import Batch, log
from workers.pipeline.gone import GONE, settle_gone
from workers.state.entries import Job
from workers.state.handover import pack, unpack

REFUSALS = {
    *("http_401", "http_402", "http_403", "http_451", "bot_challenge", "robots_disallowed"),
    *("not_html", "too_large", "empty_page"),
}


def fetch_one(batch: Batch, job: Job) -> None:
    """Fetch the entry's page and commit it. Raises Transient or Permanent.

    A page that refuses us does not lose the article when the feed itself carries it: extraction falls back to the
    feed's content and says so in the document. A page that is gone (404, 410) was taken back by its publisher: an
    article that we have already stays, marked.
    """
    if job.further:
        fetch_further(batch, job)
        return
    page = _page(batch, job, job.entry.url) if job.entry.page else _empty(job)
    if isinstance(page, Permanent) and page.reason in REFUSALS and job.entry.content:
        page = _empty(job)
    if isinstance(page, Permanent) and page.reason in GONE and settle_gone(batch, job, page):
        return
    if isinstance(page, (Transient, Permanent)):
        raise page
    with batch.timed("hand_over"):
        batch.parts.state.entries.commit_fetch(job, pack(page))


def fetch_further(batch: Batch, job: Job) -> None:
    """Fetch the next page of an article and commit it with those before it. Raises Transient while it may still come.

    What is there is an article: a further page that can't be had costs its text and that of the pages it leads to.
    """
    rules = batch.parts.rules
    page = unpack(job.payload, Page)
    room = rules.page_max_bytes - len(page.body) - sum(len(other.body) for other in page.further)
    found = _page(batch, job, job.further, max(1, room))
    if isinstance(found, Transient) and (found.reason == "shutdown" or job.failures + 1 < rules.max_attempts):
        raise found
    if isinstance(found, Page):
        page = structs.replace(page, further=(*page.further, found))
    else:
        log.info("further_page_missing", entry=job.id, url=job.further, reason=found.reason)
        page = structs.replace(page, missing=(*page.missing, job.further))
    with batch.timed("hand_over"):
        batch.parts.state.entries.commit_fetch(job, pack(page))


def _page(batch: Batch, job: Job, url: str, max_bytes: int | None = None) -> Page | Transient | Permanent:
    """The page at `url`, as far as its site's robots.txt lets us; what its host needed sets its pace."""
    parts = batch.parts
    crawl_delay = 0.0
    if parts.robots is not None:
        try:
            parts.robots.check(url)
        except (Transient, Permanent) as error:
            return error
        crawl_delay = parts.robots.delay(url)
    began = time.perf_counter()
    with batch.timed("fetch"):
        page = fetch_page(parts.http, structs.replace(job.entry, url=url), job.observed_ms, max_bytes=max_bytes)
    if parts.rules.gap(job.host) > 0:
        elapsed = time.perf_counter() - began
        parts.state.hosts.pace(job.host, elapsed, good=isinstance(page, Page), crawl_delay=crawl_delay)
    return page


def _empty(job: Job) -> Page:
    return Page(url=job.entry.url, final_url=job.entry.url, status=0, headers={}, body=b"", fetched_ms=job.observed_ms)
