"""Copies documents from index to index, in the order in which they were written, so that a copy can go on anywhere.

Every write has a sequence number. What was written up to a number is copied once all documents up to it are: a later
pass begins there, also one of another process.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from elasticsearch import Elasticsearch

from workers.errors import KabarError, StoreUnavailable
from workers.index import elasticsearch_bulk as bulk
from workers.index.derived import with_derived
from workers.index.elasticsearch_errors import describe, translated
from workers.ports import Outcome

PAGE = 200  # documents read at once: a megabyte of usual articles, and bearable when all are of the greatest size
SMALLEST_PAGE = 5
IDS = 1_000  # ids compared at once
BULK_BYTES = 10_000_000
KEEP_ALIVE = "5m"  # of the read view, renewed by every page
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 16.0, 16.0)  # seconds before what the cluster did not take is tried again

Told = Callable[[int, int], None]  # documents done, documents in all


class Copier:
    """Copies from `old` to `new`. Raises StoreUnavailable when the cluster does not answer for a minute."""

    def __init__(self, client: Elasticsearch, old: str, new: str, pause: Callable[[float], None]) -> None:
        self._client, self._old, self._new, self._pause = client, old, new, pause

    def copy(self, after: int, reached: Callable[[int], None], told: Told) -> int:
        """Copy what was written to the old index after sequence number `after`; return how many documents.

        `reached` is told from where on a later pass may begin. A node that restarts costs nothing but time; one that
        pages of very long articles are too much for is asked for smaller ones.
        """
        pauses, copied, size = list(PAUSES), 0, PAGE
        while True:
            try:
                for start, count, total in self._pass(after, size):
                    copied += count
                    told(copied, copied - count + total)
                    after, pauses = start, list(PAUSES)
                    reached(start)
            except StoreUnavailable:
                if not pauses:
                    raise
                self._pause(pauses.pop(0))
                size = max(SMALLEST_PAGE, size // 4)
            else:
                return copied

    def _pass(self, after: int, size: int) -> Iterator[tuple[int, int, int]]:
        """Copy page by page; yield each time where to go on, how many documents came and how many were left."""
        safe = self._checkpoint()
        with translated("refresh"):
            self._client.indices.refresh(index=self._old)
        left = 0
        query = {"range": {"_seq_no": {"gt": after}}}
        for hits, total in pages(self._client, self._old, query, size, sort="_seq_no", source=True):
            left = left or total
            for outcome in self.write([_item(position, hit) for position, hit in enumerate(hits)]):
                raise KabarError(f"document {outcome.id} does not fit the new index: {outcome.error}")
            # of the last number itself another shard may have a document; behind `safe` a write may be under way
            after = max(after, min(hits[-1]["sort"][0] - 1, safe))
            yield after, len(hits), left
            left -= len(hits)
        yield max(after, safe), 0, 0

    def _checkpoint(self) -> int:
        """Return a sequence number up to which the old index has everything for good (the least of its shards)."""
        with translated("checkpoint"):
            shards = self._client.indices.stats(index=self._old, level="shards").body["indices"][self._old]["shards"]
            copies = [copy for shard in shards.values() for copy in shard if copy["routing"]["primary"]]
            return min(int(copy["seq_no"]["global_checkpoint"]) for copy in copies)

    def write(self, items: Sequence[bulk.Item]) -> list[Outcome]:
        """Write to the new index, as often as the cluster needs; return the outcomes of what it will never take."""
        rejected: list[Outcome] = []
        for pause in (*PAUSES, None):
            outcomes = [o for chunk in bulk.chunks(items, BULK_BYTES, PAGE) for o in self._send(chunk)]
            rejected += [outcome for outcome in outcomes if outcome.result == "rejected"]
            failed = [outcome.result == "failed" for outcome in outcomes]
            told = next((outcome.error for outcome in outcomes if outcome.result == "failed"), "")
            items = [item for item, is_left in zip(items, failed, strict=True) if is_left]
            if not items:
                return rejected
            if pause is not None:
                self._pause(pause)
        raise StoreUnavailable(f"Elasticsearch keeps refusing writes to {self._new}: {told}", reason="pushed_back")

    def _send(self, items: list[bulk.Item]) -> list[Outcome]:
        try:
            return bulk.send(self._client, self._new, items, alias=False)
        except StoreUnavailable as error:
            return bulk.failed(items, error)

    def compare(self, keep: Callable[[Sequence[str]], Collection[str]], told: Told) -> int:
        """Delete from the new index what is no longer in the old one; return how many of these `keep` keeps."""
        self.count(self._new)  # refreshes it
        kept = done = 0
        for hits, total in pages(self._client, self._new, {"match_all": {}}, IDS, sort="_shard_doc", source=False):
            versions = {hit["_id"]: hit["_version"] for hit in hits}
            gone = self._absent(list(versions))
            kept_now = set(keep(gone)) if gone else set()
            kept += len(kept_now)
            for one in gone:
                if one not in kept_now:
                    bulk.remove(self._client, self._new, one, versions[one], alias=False)
            done += len(hits)
            told(done, total)
        return kept

    def _absent(self, ids: list[str]) -> list[str]:
        """Those of `ids` that the old index does not hold."""
        absent = []
        with translated("compare"):
            answer = self._client.mget(index=self._old, ids=ids, source=False).body
        for one in answer["docs"]:
            if "error" in one:  # "I can't tell" is not "it is gone"
                raise StoreUnavailable(f"Elasticsearch, compare: {describe(one['error'])}", reason="compare")
            if not one.get("found"):
                absent.append(str(one["_id"]))
        return absent

    def count(self, index: str) -> int:
        """Return how many documents an index holds."""
        with translated("count"):
            self._client.indices.refresh(index=index)
            return int(self._client.count(index=index).body["count"])


def pages(
    client: Elasticsearch, index: str, query: dict[str, Any], size: int, *, sort: str, source: bool
) -> Iterator[tuple[list[Any], int]]:
    """Yield a frozen view's matches page by page, the first with the total (the others with 0)."""
    with translated("read view"):
        view = client.open_point_in_time(index=index, keep_alive=KEEP_ALIVE).body["id"]
    after: list[Any] | None = None
    try:
        while True:
            with translated("read"):
                answer = client.search(
                    query=query,
                    size=size,
                    pit={"id": view, "keep_alive": KEEP_ALIVE},
                    version=True,
                    source=source,
                    sort=[{sort: "asc"}],
                    search_after=after,
                    track_total_hits=after is None,  # counting costs a look at every document
                ).body
                hits, view = answer["hits"]["hits"], answer.get("pit_id", view)
                total = answer["hits"]["total"]["value"] if after is None else 0
            if not hits:
                return
            yield hits, total
            after = hits[-1]["sort"]
    finally:
        with suppress(KabarError), translated("read view"):  # the cluster forgets it by itself, too
            client.close_point_in_time(id=view)


def _item(position: int, hit: Any) -> bulk.Item:
    action = {"index": {"_id": hit["_id"], "version": hit["_version"], "version_type": "external_gte"}}
    return bulk.Item(
        position, hit["_id"], msgspec.json.encode(action), msgspec.json.encode(with_derived(hit["_source"]))
    )
