"""What a page gives, judged beside its site's other pages: an article, or why there is none; samples are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec

from workers.errors import Permanent, Transient
from workers.extract import Wanted, from_entry, read
from workers.extract.judge import JUNK, figures_of, repeated
from workers.extract.watch import watch
from workers.fetch.politeness import host_of
from workers.identify import addresses
from workers.index.document import site_of
from workers.model import Article, Entry, Page
from workers.pipeline.batch import Batch, log
from workers.pipeline.parts import Parts
from workers.samples import Sample
from workers.state.entries import Job
from workers.state.handover import unpack


def read_page(batch: Batch, job: Job) -> tuple[Page, Article] | None:
    """Return the page that was fetched and its article; None when the article's next page is fetched first.

    Raises Permanent when the page has no article, or junk in its place.
    """
    parts = batch.parts
    with batch.timed("extract"), batch.limited():
        page = unpack(job.payload, Page)
        found = _extracted(batch, page, job.entry, parts.rules.article_pages)
    if isinstance(found, Wanted):
        if _goes_on(batch, job, found.address):
            return None
        with batch.timed("extract"), batch.limited():
            found = _extracted(batch, page, job.entry, 1)
    assert not isinstance(found, Wanted)  # with one page allowed no further one is wanted
    if page.body:  # else the feed alone was read
        with batch.timed("watch"):
            found = _watched(batch, page, job.entry, found)
    if isinstance(found, Permanent):
        keep_sample(batch, page, job.entry, found)
        raise found
    return page, found


def keep_sample(batch: Batch, page: Page, entry: Entry, found: Article | Permanent) -> None:
    """Offer a page to the archive. An archive that can't take it stops nothing: it is counted and logged.

    Whether its article was removed by command is asked afterwards: it may be, at any moment before.
    """
    article = found if isinstance(found, Article) else None
    if not page.body or (article is not None and "noarchive" in article.restrictions):
        return
    names = _addresses(batch.parts, page, entry, found)
    sample = Sample(
        site=site_name(page, entry),
        page=page,
        entry=entry,
        article=article,
        refused=found.reason if isinstance(found, Permanent) else "",
        message=str(found) if isinstance(found, Permanent) else "",
        addresses=names,
    )
    with batch.timed("archive"):
        kept = _tolerant(batch, lambda: batch.parts.archive.keep(sample))
    if kept and batch.parts.state.identities.are_removed(names):
        forget_samples(batch, names)


def forget_samples(batch: Batch, urls: Sequence[str]) -> None:
    """Delete the samples of an article that was removed by command while it was on its way."""
    _tolerant(batch, lambda: batch.parts.archive.remove(urls))


def _tolerant(batch: Batch, work: Callable[[], object]) -> object:
    try:
        return work()
    except Transient as error:
        batch.parts.state.overview.count({"archive_failed": 1})
        log.warning("archive_failed", error=str(error))
        return None


def site_name(page: Page, entry: Entry) -> str:
    """Return the site as its documents name it."""
    return entry.site or site_of(page.final_url or page.url)


def _goes_on(batch: Batch, job: Job, address: str) -> bool:
    """Have the article's next page fetched, which waits for its host's turn; False when there is no room for that."""
    rules, host = batch.parts.rules, host_of(address)
    return batch.parts.state.entries.go_on(job, address, host=host, gap=rules.gap(host), cap=rules.begun_bytes)


def _extracted(batch: Batch, page: Page, entry: Entry, max_pages: int) -> Article | Permanent | Wanted:
    parts, chars = batch.parts, batch.parts.rules.body_max_chars
    try:
        return read(page, entry, now=parts.clock(), max_chars=chars, sites=parts.sites(), max_pages=max_pages)
    except Permanent as refused:
        return refused


def _watched(batch: Batch, page: Page, entry: Entry, found: Article | Permanent) -> Article | Permanent:
    """Judge what was found beside the site's last pages, remember it, and warn when the site got worse."""
    sites, site = batch.parts.state.sites, site_name(page, entry)
    figures = figures_of(page, entry, found)
    before, warning = sites.note(site, figures)
    if isinstance(found, Article) and (why := repeated(figures, before)):
        found = _without_page(batch, entry, found, Permanent(why, reason=JUNK))
        refused = msgspec.structs.replace(figures, refused=JUNK)
        sites.correct(site, figures, refused)
        figures = refused
    renewed = watch([figures, *before], warning, datetime.fromtimestamp(page.fetched_ms / 1000, UTC))
    if renewed != warning and sites.warn(site, warning, renewed):
        if renewed is None:
            log.info("site_recovered", site=site)
        else:
            log.warning("site_got_worse", site=site, changes=list(renewed.changes), says=renewed.says)
    return found


def _without_page(batch: Batch, entry: Entry, found: Article, junk: Permanent) -> Article | Permanent:
    """The feed's own text in the place of a page that is junk, if it has any."""
    if found.body_source == "feed":
        return junk
    parts = batch.parts
    try:
        return from_entry(
            entry, now=parts.clock(), max_chars=parts.rules.body_max_chars, sites=parts.sites(), because=junk
        )
    except Permanent as refused:
        return refused


def _addresses(parts: Parts, page: Page, entry: Entry, found: Article | Permanent) -> tuple[str, ...]:
    article = found if isinstance(found, Article) else Article(url=page.url, final_url=page.final_url)
    try:
        return addresses(article, entry, parts.sites().addresses)
    except Permanent:
        return ()
