"""Where a rebuild begins: with a new index, or with what an earlier run left."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from elasticsearch import BadRequestError

from workers.errors import KabarError, StoreUnavailable
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.elasticsearch_errors import translated
from workers.index.elasticsearch_setup import BUILDING, behind, next_index
from workers.index.elasticsearch_templates import ARTICLES, Template
from workers.index.reindex_mark import Building, Mark, is_alive, mark_of

BLOCK = "index.blocks.write"


class Start(msgspec.Struct, frozen=True):
    """What to copy (`old`, "" when it is gone) into what. `swapped`: the new index is behind the alias already."""

    old: str
    building: Building
    interval: str  # between two refreshes, once it is whole
    resumed: bool = False
    swapped: bool = False


def begin(store: ElasticsearchStore, *, archive: bool, restart: bool, pause: Callable[[float], None]) -> Start:
    """Return a hold on the index to fill. Raises KabarError when another run has one.

    What an earlier run left is gone on with, if it copied the index behind the alias by today's template, and from the
    same sources (`archive`); else, or with `restart`, it is deleted.
    """
    client = store.client.options(request_timeout=120)
    template = store.templates()[ARTICLES]
    interval = str(template.settings.get("refresh_interval", "1s"))
    left = _left(store, pause)
    current = behind(client, store.alias)
    if current is not None and current in left:
        found = left[current] or Mark(run="", source="", stamp="")
        building = _take(store, current, template, found)
        return Start(_index_of(store, found.source), building, interval, resumed=True, swapped=True)
    store.setup()
    old = behind(client, store.alias)
    if old is None:
        raise StoreUnavailable(f"Elasticsearch: alias {store.alias} vanished", reason="no_alias")
    fresh = Mark(run="", source=_uuids(store)[old], stamp=template.stamp, place="" if archive else None)
    for name, mark in sorted(left.items()):
        if not restart and mark is not None and _is_same_work(mark, fresh):
            return Start(old, _take(store, name, template, mark), interval, resumed=True)
        with translated(f"index {name}"):
            client.indices.delete(index=name)
    last = max(_uuids(store), key=lambda name: (len(name), name))
    return Start(old, _create(store, next_index(last), template, fresh), interval)


def _left(store: ElasticsearchStore, pause: Callable[[float], None]) -> dict[str, Mark | None]:
    """Return the marked indices with their marks. Raises KabarError when one's run still lives."""
    with translated("index look-up"):
        found = store.client.indices.get_mapping(index=f"{store.alias}-*", allow_no_indices=True).body
        left = [name for name, one in found.items() if one["mappings"].get("_meta", {}).get(BUILDING)]
    for name in left:
        if is_alive(store.client, name, pause):
            raise another_run(name)
    return {name: mark_of(store.client, name) for name in left}


def another_run(name: str) -> KabarError:
    """Return the error of a run that finds another at work."""
    return KabarError(f"another run is filling the index {name}: wait for it, or end it and run this again")


def _is_same_work(mark: Mark, fresh: Mark) -> bool:
    return (mark.source, mark.stamp, mark.place is None) == (fresh.source, fresh.stamp, fresh.place is None)


def _take(store: ElasticsearchStore, name: str, template: Template, mark: Mark) -> Building:
    building = Building(store.client, name, template.mappings["_meta"], mark)
    building.take()
    return building


def _create(store: ElasticsearchStore, name: str, template: Template, mark: Mark) -> Building:
    """Create an index, marked as being built, without refreshes while it is filled."""
    building = Building(store.client, name, template.mappings["_meta"], mark)
    try:
        with translated(f"index {name}"):
            store.client.options(request_timeout=120).indices.create(
                index=name,
                settings={**template.settings, "refresh_interval": "-1"},
                mappings={**template.mappings, "_meta": building.meta},
            )
    except KabarError as error:
        if isinstance(error.__cause__, BadRequestError) and "resource_already_exists" in str(error):
            raise another_run(name) from error  # of two that start at once, one comes here
        raise
    building.take()
    return building


def _uuids(store: ElasticsearchStore) -> dict[str, str]:
    """Return the indices of articles with what tells each apart from another of the same name (of a restore)."""
    with translated("index look-up"):
        found = store.client.indices.get_settings(index=f"{store.alias}-*", allow_no_indices=True).body
        return {name: str(one["settings"]["index"]["uuid"]) for name, one in found.items()}


def _index_of(store: ElasticsearchStore, uuid: str) -> str:
    return next((name for name, found in _uuids(store).items() if found == uuid), "")
