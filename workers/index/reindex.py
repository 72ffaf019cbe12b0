"""Builds a new index behind the alias and swaps it in, while searches and writes go on.

    create …-000002 ▷ copy all ▷ catch up until little is new ▷ block writes ▷ catch up ▷ count ▷ swap the alias

Needs no `_reindex` API, and no clock: what changed since a pass is told by sequence numbers. Searches see the old index
until the swap, which is atomic. Writes are refused for the moments between block and swap; the pipeline takes that as
"try again" (an item's 403 cluster_block_exception). The old index stays, blocked, for a way back.

The file is long because its steps share one state and only make sense together.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import msgspec

from workers.errors import KabarError, StoreUnavailable
from workers.index import elasticsearch_bulk as bulk
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.elasticsearch_errors import describe, translated
from workers.index.elasticsearch_setup import BUILDING, behind, next_index
from workers.index.elasticsearch_templates import ARTICLES

PAGE = 200  # documents read at once: a megabyte of usual articles, and bearable when all are of the greatest size
IDS = 1_000  # ids compared at once
KEEP_ALIVE = "5m"  # of the read view, renewed by every page
FEW = 1_000  # new documents since the last pass that may be copied while writes are blocked (a second or two)
ROUNDS = 10  # of catching up; a newsroom that writes faster than we copy is held up a little longer at the block
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds before a write that the cluster pushed back is tried again
BLOCK = "index.blocks.write"


class Progress(msgspec.Struct, frozen=True):
    """How far a stage has come: "copy", "catch up" (rounds), "finish" or "compare". Counts are documents."""

    stage: str
    done: int
    total: int


class Rebuilt(msgspec.Struct, frozen=True):
    """What a reindex did. `old` is still there, behind no alias; `documents` are visible in `new`."""

    old: str
    new: str
    documents: int
    seconds: float


def reindex(
    store: ElasticsearchStore,
    *,
    progress: Callable[[Progress], None] = lambda _: None,
    restart: bool = False,
    pause: Callable[[float], None] = time.sleep,
) -> Rebuilt:
    """Rebuild the articles' index from its template and put it behind the alias. Loses no write.

    `restart`: discard an index that an earlier, cut-off run left half built. Raises KabarError when one is there
    without it, when a document doesn't fit the new mapping, or when the counts disagree: the alias then stays where
    it was. StoreUnavailable, Misuse: as the store's.
    """
    started = time.monotonic()
    store.setup()
    old = behind(store.client, store.alias)
    if old is None:
        raise StoreUnavailable(f"Elasticsearch: alias {store.alias} vanished", reason="no_alias")
    rebuild = _Rebuild(store, old, _free_name(store, restart), progress, pause)
    rebuild.create()
    try:
        documents = rebuild.fill_and_swap()
    except BaseException:  # also an interrupt: leave nothing half built; raised again
        rebuild.undo()
        raise
    return Rebuilt(old, rebuild.new, documents, round(time.monotonic() - started, 3))


def _free_name(store: ElasticsearchStore, restart: bool) -> str:
    """Return the name after the last index there is; half-built ones are in the way, or discarded (`restart`)."""
    with translated("index look-up"):
        found = store.client.indices.get_mapping(index=f"{store.alias}-*").body
    for name in sorted(found):
        if found[name]["mappings"].get("_meta", {}).get(BUILDING):
            if not restart:
                raise KabarError(
                    f"index {name} is half built: another reindex is running, or one was cut off; "
                    "when none is running, `kabar index reindex --restart` discards it"
                )
            with translated(f"index {name}"):
                store.client.indices.delete(index=name)
            del found[name]
    return next_index(max(found, key=lambda name: (len(name), name)))


class _Rebuild:
    def __init__(
        self,
        store: ElasticsearchStore,
        old: str,
        new: str,
        progress: Callable[[Progress], None],
        pause: Callable[[float], None],
    ) -> None:
        self.alias, self.old, self.new = store.alias, old, new
        self._template = store.templates()[ARTICLES]
        self._client = store.client.options(request_timeout=120)
        self._progress, self._pause = progress, pause

    def create(self) -> None:
        """Create the new index, marked as being built, without refreshes while it is filled."""
        meta = {**self._template.mappings["_meta"], BUILDING: True}
        with translated(f"index {self.new}"):  # of two runs that start at once, one gets resource_already_exists here
            self._client.indices.create(
                index=self.new,
                settings={**self._template.settings, "refresh_interval": "-1"},
                mappings={**self._template.mappings, "_meta": meta},
            )

    def fill_and_swap(self) -> int:
        """Copy, catch up, block, finish, swap; return the number of documents in the new index."""
        seen = self._pass("copy", None)
        for _ in range(ROUNDS):
            seen, copied = self._pass_counted("catch up", seen)
            if copied <= FEW:
                break
        with translated(f"write block on {self.old}"):
            self._client.indices.add_block(index=self.old, block="write")  # returns when writes under way have ended
        seen = self._pass("finish", seen)
        documents = self._agree()
        self._finish_settings()
        self._swap()
        self._pass("finish", seen)  # in case someone lifted the block: what slipped in is older or equal, or new
        return documents

    def undo(self) -> None:
        """Put things back after a failure, as far as the cluster answers; never touch what the alias stands for."""
        with suppress(KabarError):  # a swap whose answer was lost may have happened
            if behind(self._client, self.alias) != self.old:
                return
            with suppress(KabarError), translated("undo"):
                self._client.indices.put_settings(index=self.old, settings={BLOCK: None})
            with translated("undo"):
                self._client.indices.delete(index=self.new)

    def _pass(self, stage: str, after: int | None) -> int:
        return self._pass_counted(stage, after)[0]

    def _pass_counted(self, stage: str, after: int | None) -> tuple[int, int]:
        """Copy what is newer than sequence number `after` (None: all); return the number reached, and the count."""
        reached = self._checkpoint()
        with translated("refresh"):
            self._client.indices.refresh(index=self.old)
        query = {"match_all": {}} if after is None else {"range": {"_seq_no": {"gt": after}}}
        copied = 0
        for hits, total in self._pages(self.old, query, PAGE, source=True):
            self._write(hits)
            copied += len(hits)
            self._progress(Progress(stage, copied, total))
        return reached, copied

    def _checkpoint(self) -> int:
        """Return a sequence number up to which the old index has everything (the least of its shards)."""
        with translated("checkpoint"):
            stats = self._client.indices.stats(index=self.old, level="shards").body
        copies = [copy for shard in stats["indices"][self.old]["shards"].values() for copy in shard]
        return min(int(copy["seq_no"]["local_checkpoint"]) for copy in copies if copy["routing"]["primary"])

    def _pages(self, index: str, query: dict[str, Any], size: int, *, source: bool) -> Iterator[tuple[list[Any], int]]:
        """Yield a frozen view's matches page by page, each with the total."""
        with translated("read view"):
            view = self._client.open_point_in_time(index=index, keep_alive=KEEP_ALIVE).body["id"]
        after: list[Any] | None = None
        try:
            while True:
                with translated("read"):
                    answer = self._client.search(
                        query=query,
                        size=size,
                        pit={"id": view, "keep_alive": KEEP_ALIVE},
                        version=True,
                        source=source,
                        sort=[{"_shard_doc": "asc"}],
                        search_after=after,
                        track_total_hits=True,
                    ).body
                hits, view = answer["hits"]["hits"], answer.get("pit_id", view)
                if not hits:
                    return
                yield hits, answer["hits"]["total"]["value"]
                after = hits[-1]["sort"]
        finally:
            with suppress(KabarError), translated("read view"):  # the cluster forgets it by itself, too
                self._client.close_point_in_time(id=view)

    def _write(self, hits: list[Any]) -> None:
        items = [self._item(position, hit) for position, hit in enumerate(hits)]
        for pause in (*PAUSES, None):
            outcomes = [o for chunk in bulk.chunks(items, 10_000_000, PAGE) for o in self._send(chunk)]
            for outcome in outcomes:
                if outcome.result == "rejected":
                    raise KabarError(f"document {outcome.id} does not fit the new index: {outcome.error}")
            items = [item for item, outcome in zip(items, outcomes, strict=True) if outcome.result == "failed"]
            if not items:
                return
            if pause is not None:
                self._pause(pause)
        raise StoreUnavailable(f"Elasticsearch keeps refusing writes to {self.new}", reason="pushed_back")

    def _send(self, items: list[bulk.Item]) -> list[Any]:
        try:
            return bulk.send(self._client, self.new, items, alias=False)
        except StoreUnavailable as error:
            return bulk.failed(items, error)

    @staticmethod
    def _item(position: int, hit: Any) -> bulk.Item:
        action = {"index": {"_id": hit["_id"], "version": hit["_version"], "version_type": "external_gte"}}
        return bulk.Item(position, hit["_id"], msgspec.json.encode(action), msgspec.json.encode(hit["_source"]))

    def _agree(self) -> int:
        """Make sure both indices hold the same documents; take out of the new one what was deleted meanwhile."""
        old, new = self._count(self.old), self._count(self.new)
        if new > old:
            for hits, total in self._pages(self.new, {"match_all": {}}, IDS, source=False):
                self._remove_deleted(hits)
                self._progress(Progress("compare", len(hits), total))
            new = self._count(self.new)
        if new != old:
            raise KabarError(f"{self.new} holds {new:,} documents, {self.old} {old:,}: nothing was swapped")
        return new

    def _remove_deleted(self, hits: list[Any]) -> None:
        versions = {hit["_id"]: hit["_version"] for hit in hits}
        with translated("compare"):
            answer = self._client.mget(index=self.old, ids=list(versions), source=False).body
        for one in answer["docs"]:
            if "error" in one:  # "I can't tell" is not "it is gone"
                raise StoreUnavailable(f"Elasticsearch, compare: {describe(one['error'])}", reason="compare")
            if not one.get("found"):
                bulk.remove(self._client, self.new, one["_id"], versions[one["_id"]], alias=False)

    def _count(self, index: str) -> int:
        with translated("count"):
            self._client.indices.refresh(index=index)
            return int(self._client.count(index=index).body["count"])

    def _finish_settings(self) -> None:
        with translated(f"settings of {self.new}"):
            interval = self._template.settings.get("refresh_interval")
            self._client.indices.put_settings(index=self.new, settings={"index.refresh_interval": interval})
            self._client.indices.put_mapping(index=self.new, meta=self._template.mappings["_meta"])

    def _swap(self) -> None:
        add = {"index": self.new, "alias": self.alias, "is_write_index": True}
        with translated(f"alias {self.alias}"):
            self._client.indices.update_aliases(
                actions=[{"remove": {"index": self.old, "alias": self.alias, "must_exist": True}}, {"add": add}]
            )
