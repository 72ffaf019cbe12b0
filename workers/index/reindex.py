"""Builds a new index behind the alias and swaps it in, while searches and writes go on.

    create …-000002 ▷ copy all ▷ catch up until little is new ▷ compare ▷ block writes ▷ catch up ▷ count ▷ swap

Needs no `_reindex` API, and no clock: what changed since a pass is told by sequence numbers. Searches see the old index
until the swap, which is atomic. Writes are refused for the moments between block and swap; the pipeline takes that as
"try again" (an item's 403 cluster_block_exception). The old index stays, blocked, for a way back.

A run that was killed or interrupted, or lost its cluster for long, leaves an index with a mark (`reindex_mark`): the
next run goes on where that one was, also when it had swapped already. Any other failure leaves nothing behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from workers.errors import KabarError, StoreUnavailable
from workers.index import elasticsearch_bulk as bulk
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.elasticsearch_errors import translated
from workers.index.elasticsearch_setup import behind
from workers.index.reindex_copy import Copier
from workers.index.reindex_start import BLOCK, Start, begin
from workers.model import Document
from workers.ports import Outcome

FEW = 1_000  # new documents since the last pass that may be copied while writes are blocked (a second or two)
ROUNDS = 10  # of catching up; a newsroom that writes faster than we copy is held up a little longer at the block
TRIES = 3  # of blocking and counting; articles that are removed in that very moment cost one


class Progress(msgspec.Struct, frozen=True):
    """How far a stage has come: "read", "copy", "catch up" (rounds), "compare" or "finish". Counts are documents."""

    stage: str
    done: int
    total: int


class Rebuilt(msgspec.Struct, frozen=True):
    """What a reindex did. `old` is still there, behind no alias; `documents` are visible in `new`."""

    old: str
    new: str
    documents: int
    seconds: float
    resumed: bool  # it went on with what an earlier run had begun


Write = Callable[[Sequence[Document]], list[Outcome]]


class Source(Protocol):
    """Documents of another origin, which go into the new index before the old one is copied."""

    def fill(self, write: Write, place: str, note: Callable[[str], None]) -> None:
        """Give `write` documents; it returns the outcomes of what can never be stored.

        `note` is told the place up to which all is written; `place`: what an earlier, cut-off run was told last.
        """

    def keep(self, ids: Sequence[str]) -> list[str]:
        """Return which of these documents, which the old index does not hold, belong into the new one."""


def reindex(
    store: ElasticsearchStore,
    *,
    progress: Callable[[Progress], None] = lambda _: None,
    restart: bool = False,
    pause: Callable[[float], None] = time.sleep,
    source: Source | None = None,
) -> Rebuilt:
    """Rebuild the articles' index from its template and put it behind the alias. Loses no write.

    `restart`: discard what an earlier, cut-off run left, instead of going on with it. Raises KabarError when another
    run is at it, when a document doesn't fit the new mapping, or when the counts disagree: the alias then stays where
    it was. StoreUnavailable (run it again: it goes on), Misuse: as the store's.
    """
    started = time.monotonic()
    start = begin(store, archive=source is not None, restart=restart, pause=pause)
    rebuild = _Rebuild(store, start, progress, pause, source)
    try:
        documents = rebuild.finish() if start.swapped else rebuild.fill_and_swap()
    except StoreUnavailable as error:
        rebuild.unblock()
        raise StoreUnavailable(f"{error}; run it again: it goes on where it was", reason=error.reason) from error
    except KeyboardInterrupt:  # hours of work may be in it
        rebuild.unblock()
        raise
    except BaseException:  # the next run would fail, too: leave nothing half built; raised again
        rebuild.undo()
        raise
    finally:
        start.building.end()
    return Rebuilt(start.old, start.building.index, documents, round(time.monotonic() - started, 3), start.resumed)


class _Rebuild:
    def __init__(
        self,
        store: ElasticsearchStore,
        start: Start,
        progress: Callable[[Progress], None],
        pause: Callable[[float], None],
        source: Source | None,
    ) -> None:
        self.alias, self.old, self.new = store.alias, start.old, start.building.index
        self._building, self._interval = start.building, start.interval
        self._client = store.client.options(request_timeout=120)
        self._progress, self._source = progress, source
        self._copier = Copier(self._client, self.old, self.new, pause)
        self._extra = 0  # documents in the new index that the old one never had

    def fill_and_swap(self) -> int:
        """Copy, catch up, compare, block, finish, swap; return the number of documents in the new index."""
        if self._source is not None:
            self._source.fill(self._write, self._building.mark.place or "", lambda place: self._note(place=place))
        self._pass("copy")
        for _ in range(ROUNDS):
            if self._pass("catch up") <= FEW:
                break
        self._agree()
        self._swap()
        return self.finish()

    def finish(self) -> int:
        """Make the new index, which is behind the alias, a whole one."""
        if self.old:
            self._pass("finish")  # in case someone lifted the block: what slipped in is older or equal, or new
        self._building.unmark()
        return self._copier.count(self.new)

    def unblock(self) -> None:
        """Allow writes again, as far as the cluster answers, unless the new index is behind the alias."""
        with suppress(KabarError):
            if behind(self._client, self.alias) == self.old:
                self._block(on=False)

    def undo(self) -> None:
        """Put things back after a failure, as far as the cluster answers; never touch what the alias stands for."""
        if self._building.lost:
            return  # it is another run's now
        self.unblock()
        self._building.end()
        with suppress(KabarError):  # a swap whose answer was lost may have happened
            if behind(self._client, self.alias) == self.old:
                with translated("undo"):
                    self._client.indices.delete(index=self.new)

    def _agree(self) -> None:
        """Block writes and make sure that both indices hold the same documents; raise KabarError if they don't.

        What was deleted meanwhile is taken out of the new one before that, so that nobody waits for it.
        """
        for _ in range(TRIES):
            self._extra = self._copier.compare(self._keep, self._telling("compare"))
            self._block(on=True)
            self._pass("finish")
            old, new = self._copier.count(self.old), self._copier.count(self.new)
            if new == old + self._extra:
                return
            self._block(on=False)
            self._pass("catch up")
        raise KabarError(f"{self.new} holds {new:,} documents, {self.old} {old:,}: nothing was swapped")

    def _keep(self, ids: Sequence[str]) -> list[str]:
        return self._source.keep(ids) if self._source is not None else []

    def _swap(self) -> None:
        self._building.check()
        add = {"index": self.new, "alias": self.alias, "is_write_index": True}
        with translated(f"alias {self.alias}"):
            self._client.indices.put_settings(index=self.new, settings={"index.refresh_interval": self._interval})
            self._client.indices.update_aliases(
                actions=[{"remove": {"index": self.old, "alias": self.alias, "must_exist": True}}, {"add": add}]
            )

    def _block(self, *, on: bool) -> None:
        with translated(f"write block on {self.old}"):
            if on:
                self._client.indices.add_block(index=self.old, block="write")  # returns when no write is under way
            else:
                self._client.indices.put_settings(index=self.old, settings={BLOCK: None})

    def _pass(self, stage: str) -> int:
        reached = self._building.mark.reached
        return self._copier.copy(reached, lambda number: self._note(reached=number), self._telling(stage))

    def _note(self, *, reached: int | None = None, place: str | None = None) -> None:
        self._building.note(reached=reached, place=place)

    def _telling(self, stage: str) -> Callable[[int, int], None]:
        return lambda done, total: self._progress(Progress(stage, done, total))

    def _write(self, documents: Sequence[Document]) -> list[Outcome]:
        items, refused = bulk.prepare(documents, datetime.now(UTC))
        return [*refused.values(), *self._copier.write(items)]
