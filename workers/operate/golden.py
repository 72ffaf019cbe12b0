"""Golden pages: a site's saved samples read again by today's code and rules, and taken as the new expectation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from workers.errors import Permanent
from workers.extract import Sites, extract
from workers.extract.golden import Change, compare
from workers.extract.judge import Figures, figures_of
from workers.extract.watch import Span, span
from workers.model import Article, Entry
from workers.ports import Archive
from workers.samples import Kept, Sample


class Reader(Struct, frozen=True):
    """How pages are read: the sites' rules, the longest body, and what bounds the time (`errors` beyond it)."""

    sites: Sites
    max_chars: int
    limit: Callable[[], AbstractContextManager[object]]
    errors: tuple[type[BaseException], ...]

    def read(self, sample: Sample) -> Article | Permanent:
        """Return what the sample's page gives today; its time is the time of its fetch, so dates stay as they were."""
        now = datetime.fromtimestamp(sample.page.fetched_ms / 1000, UTC)
        try:
            with self.limit():
                return extract(sample.page, sample.entry, now=now, max_chars=self.max_chars, sites=self.sites)
        except Permanent as refused:
            return refused
        except self.errors:
            return Permanent("took too long", reason="too_slow")


class Replayed(Struct, frozen=True, kw_only=True):
    """One sample read again. `broken`: why its file can't be read; then there is nothing else."""

    kept: Kept
    now: Article | Permanent | None = None
    changes: tuple[Change, ...] = ()

    @property
    def worse(self) -> bool:
        return any(change.verdict == "worse" for change in self.changes)


def replay(archive: Archive, site: str, reader: Reader, limit: int) -> Iterator[Replayed]:
    """Yield the samples of `site` (at most `limit`), read again and compared with what they gave before."""
    for kept in archive.samples(site, limit):
        if kept.sample is None:
            yield Replayed(kept=kept)
            continue
        now = reader.read(kept.sample)
        yield Replayed(kept=kept, now=now, changes=tuple(compare(expectation(kept.sample), now)))


def accept(archive: Archive, replayed: Replayed) -> bool:
    """Make what a sample gives today its expectation; True when that was a change."""
    sample, now = replayed.kept.sample, replayed.now
    if sample is None or now is None or not replayed.changes:
        return False
    refused = now if isinstance(now, Permanent) else None
    archive.replace(
        replayed.kept,
        msgspec.structs.replace(
            sample,
            article=now if isinstance(now, Article) else None,
            refused=refused.reason if refused else "",
            message=str(refused) if refused else "",
        ),
    )
    return True


def expectation(sample: Sample) -> Article | Permanent:
    """Return what the sample gave when it was kept, or last accepted."""
    return sample.article or Permanent(sample.message, reason=sample.refused)


def sample_figures(sample: Sample) -> Figures:
    """Return the expectation in figures."""
    entry = sample.entry or Entry(id="", feed_id="", url=sample.page.url)
    return figures_of(sample.page, entry, expectation(sample))


def older_and_newer(samples: list[Sample]) -> tuple[Span | None, Span | None]:
    """Return the figures of the older half of `samples` and of the newer one."""
    figures = [sample_figures(sample) for sample in samples]
    half = len(figures) // 2
    return span(figures[:half]), span(figures[half:])
