"""The index built anew out of the archived pages: where extraction became better, or where the index was lost.

Elasticsearch: into a new index behind the alias, with all that the old index holds besides (`index.reindex`). Embedded
store: document by document in its place. A run that was cut off goes on where it was, or finds most of it done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import structlog

from workers.errors import KabarError, StoreUnavailable, Transient
from workers.index.reindex import Write
from workers.model import Document, Version
from workers.operate.reread import Reread
from workers.pipeline.batch import failure_of, trace_of
from workers.ports import Archive, Outcome, SearchStore
from workers.samples import Kept
from workers.state import State

log = structlog.get_logger("kabar")
BATCH = 50  # documents written at once
AT_ONCE = 1_000  # articles that Redis is told of


class Reads(Protocol):
    """See `operate.reread`."""

    def read(self, pages: Iterator[Kept]) -> Reread: ...


class ArchiveSource:
    """The archive as a source of documents; `counts` tells what became of its articles."""

    def __init__(
        self,
        archive: Archive,
        reader: Reads,
        state: State,
        store: SearchStore,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """`progress` is told pages: how many were read, how many there are. Raises KabarError on an empty archive."""
        self._archive, self._reader, self._state, self._store = archive, reader, state, store
        self._progress = progress
        self.counts: Counter[str] = Counter()
        self._reread: dict[str, tuple[str, str]] = {}  # texts that read otherwise now, by article: hash before, after
        self._totals = {site: archive.count(site) for site in archive.sites()}
        self._done, self._total = 0, sum(self._totals.values())
        if not self._total:
            raise KabarError(
                "the archive of pages is empty: there is nothing to rebuild from "
                "(KABAR_ARCHIVE=all keeps every page from now on; is KABAR_ARCHIVE_DIR right?)"
            )

    def fill(self, write: Write, place: str, note: Callable[[str], None]) -> None:
        """See `index.reindex.Source`. A place is a site and an article of it."""
        first, _, after = place.partition("\t")
        ends = 0
        for site in sorted(self._totals):
            ends += self._totals[site]
            if site >= first:
                self._site(site, after if site == first else "", write, note)
            self._done = ends
            self._progress(self._done, self._total)

    def _site(self, site: str, after: str, write: Write, note: Callable[[str], None]) -> None:
        waiting: list[Reread] = []
        for name, pages in self._archive.articles(site, after):
            waiting.append(self._read(site, name, pages))
            if len(waiting) == BATCH:
                self._write(waiting, write)
                waiting = []
                note(f"{site}\t{name}")
        self._write(waiting, write)

    def _read(self, site: str, name: str, pages: Iterator[Kept]) -> Reread:
        """Read one article; what nobody foresaw in it is told, and stops no other."""
        found: list[Reread] = []
        failure = failure_of(lambda: found.append(self._reader.read(self._counted(pages))), ())
        if failure is None:
            return found[0]
        error, cause = failure
        if isinstance(error, Transient):
            raise error
        log.error("not_reread", site=site, page=name, error=str(error), traceback=trace_of(error, cause))
        return Reread(outcome="failed")

    def _counted(self, pages: Iterator[Kept]) -> Iterator[Kept]:
        for kept in pages:
            self._done += 1
            self._progress(self._done, self._total)
            yield kept

    def _write(self, articles: Sequence[Reread], write: Write) -> None:
        """Write what the articles gave; what was removed by command meanwhile is not, or goes again."""
        self.counts.update(article.outcome for article in articles)
        documents: dict[str, Document] = {one.document.id: one.document for one in articles if one.document is not None}
        versions: list[Version] = [version for one in articles for version in one.versions]
        for removed in self._state.identities.removed(list(documents)):
            documents.pop(removed)
        if not documents:
            return
        self.counts.update("rejected" for _ in write(list(documents.values())))
        self._reread |= {
            one.document.id: (one.before, one.document.content_hash)
            for one in articles
            if one.document is not None and one.before not in ("", one.document.content_hash)
        }
        self._store.write_versions([version for version in versions if version.article_id in documents])
        for removed in self._state.identities.removed(list(documents)):
            self._store.delete(removed)

    def settle(self) -> None:
        """Tell Redis of the texts that read otherwise, once searches find them."""
        texts = list(self._reread.items())
        for start in range(0, len(texts), AT_ONCE):
            self._state.identities.reread(dict(texts[start : start + AT_ONCE]))
        self._reread.clear()

    def keep(self, ids: Sequence[str]) -> list[str]:
        """Of documents that the old index lacks, all belong into the new one that were not removed by command."""
        removed = set(self._state.identities.removed(ids))
        return [one for one in ids if one not in removed]


def rebuild_in_place(source: ArchiveSource, store: SearchStore) -> None:
    """Write what the archive gives over what is stored. Raises StoreUnavailable."""

    def write(documents: Sequence[Document]) -> list[Outcome]:
        outcomes = store.write(documents)
        for outcome in outcomes:
            if outcome.result == "failed":
                raise StoreUnavailable(outcome.error, reason=outcome.reason)
        return [outcome for outcome in outcomes if outcome.result == "rejected"]

    source.fill(write, "", lambda _: source.settle())
    source.settle()
    store.refresh()
