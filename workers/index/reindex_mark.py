"""The mark of an index that is being built: whose it is, that its run lives, and how far it came.

It stands in the index's own `_meta`, so it needs no other place. A thread raises its count every few seconds; a run
that finds a mark watches it for a while: one that stands still belongs to a run that died, and is taken over.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
from elasticsearch import Elasticsearch

from workers.errors import KabarError
from workers.index.elasticsearch_errors import translated
from workers.index.elasticsearch_setup import BUILDING

BEAT = 2.0  # seconds between two signs of life
WATCHED = 10.0  # seconds without one after which a run counts as dead


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What the mark says. `source`: UUID of the index that is copied; `reached`: its sequence number copied so far.

    `place`: how far another source of documents was read, None when there is none; `stamp`: of the template.
    """

    run: str
    source: str
    stamp: str
    beat: int = 0
    reached: int = -1
    place: str | None = None


class Building:
    """One run's hold on the index it fills."""

    def __init__(self, client: Elasticsearch, index: str, meta: dict[str, Any], mark: Mark) -> None:
        """`meta`: what stands beside the mark."""
        self.index = index
        self._client, self._meta = client, meta
        self._mark = msgspec.structs.replace(mark, run=secrets.token_hex(8))
        self._beat = mark.beat
        self._ended = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._live, name="building", daemon=True)

    @property
    def mark(self) -> Mark:
        return msgspec.structs.replace(self._mark, beat=self._beat)

    @property
    def meta(self) -> dict[str, Any]:
        """What the index's `_meta` holds while it is built."""
        return {**self._meta, BUILDING: msgspec.to_builtins(self.mark)}

    def take(self) -> None:
        """Put this run's name into the mark, and keep it alive from now on."""
        self._put()
        self._thread.start()

    def note(self, *, reached: int | None = None, place: str | None = None) -> None:
        """Remember how far the copy came, with the next beat. Raises KabarError when another run has taken over."""
        if self._lost:
            raise KabarError(f"another run has taken over {self.index}: this one ends")
        if reached is not None:
            self._mark = msgspec.structs.replace(self._mark, reached=reached)
        if place is not None:
            self._mark = msgspec.structs.replace(self._mark, place=place)

    def check(self) -> None:
        """Raise KabarError when another run has taken over."""
        self._lost = self._lost or not self._is_ours()
        self.note()

    @property
    def lost(self) -> bool:
        return self._lost

    def end(self) -> None:
        """Beat no more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def unmark(self) -> None:
        """Say that the index is whole."""
        self.end()
        with translated(f"mapping of {self.index}"):
            self._client.indices.put_mapping(index=self.index, meta=self._meta)

    def _live(self) -> None:
        while not self._ended.wait(BEAT) and not self._lost:
            with suppress(KabarError):  # a cluster that is away can't be asked by anybody else either
                if self._is_ours():
                    self._beat += 1
                    self._put()
                else:
                    self._lost = True

    def _is_ours(self) -> bool:
        found = mark_of(self._client, self.index)
        return found is not None and found.run == self._mark.run

    def _put(self) -> None:
        with translated(f"mapping of {self.index}"):
            self._client.indices.put_mapping(index=self.index, meta=self.meta)


def mark_of(client: Elasticsearch, index: str) -> Mark | None:
    """Return an index's mark; None without one, or with one of another form."""
    with translated(f"mapping of {index}"):
        meta = client.indices.get_mapping(index=index).body[index]["mappings"].get("_meta", {})
    try:
        return msgspec.convert(meta.get(BUILDING), Mark)
    except msgspec.ValidationError:
        return None


def is_alive(client: Elasticsearch, index: str, pause: Callable[[float], None]) -> bool:
    """Watch an index's mark for a while; tell whether its run still lives."""
    before = mark_of(client, index)
    if before is None:
        return False
    pause(WATCHED)
    return mark_of(client, index) != before
