"""Indices that a reindex left for a way back: no search sees them, but a removed article must leave them too."""

from __future__ import annotations

from elasticsearch import Elasticsearch

from workers.errors import StoreUnavailable
from workers.index import elasticsearch_bulk as bulk
from workers.index.elasticsearch_errors import translated
from workers.index.elasticsearch_setup import behind, is_write_blocked

FORBIDDEN = ("http_401", "http_403", "security_exception")


def purge(client: Elasticsearch, alias: str, document_id: str) -> list[str]:
    """Delete a document from every index of `alias` that is not behind it; return a line for each that keeps it.

    Such an index is blocked: its block is lifted for the moment, which the workers' user may not do.
    Raises StoreUnavailable when the cluster can't be asked.
    """
    kept = []
    for index in _others(client, alias):
        try:
            _delete(client, index, document_id)
        except StoreUnavailable as error:
            if error.reason not in FORBIDDEN:
                raise
            kept.append(f"index {index}, which a reindex left, still holds it ({error}): delete it as administrator")
    return kept


def _others(client: Elasticsearch, alias: str) -> list[str]:
    current = behind(client, alias)
    with translated("index look-up"):
        found = client.indices.get(index=f"{alias}-*", allow_no_indices=True, filter_path="*.aliases").body
    return sorted(name for name in found if name != current)


def _delete(client: Elasticsearch, index: str, document_id: str) -> None:
    with translated(f"index {index}"):
        found = client.mget(index=index, docs=[{"_id": document_id, "_source": False}]).body["docs"][0]
        if not found.get("found"):
            return
        if blocked := is_write_blocked(client, index):
            client.indices.put_settings(index=index, settings={"index.blocks.write": None})
    try:
        bulk.remove(client, index, document_id, int(found["_version"]), alias=False)
    finally:
        if blocked:
            with translated(f"index {index}"):
                client.indices.add_block(index=index, block="write")
