"""Versions of edited articles in Elasticsearch: an index of their own, written and deleted by id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import structlog
from elasticsearch import Elasticsearch

from workers.errors import StoreUnavailable
from workers.index import elasticsearch_bulk as bulk
from workers.index.elasticsearch_errors import translated
from workers.model import Version

PAGE = 1_000  # versions of one article asked for at once: more than are kept
REQUEST_ITEMS = 500
log = structlog.get_logger(__name__)


def write(client: Elasticsearch, alias: str, versions: Sequence[Version], max_bytes: int) -> None:
    """Write `versions`; one that can never be stored is logged and left out. Raises StoreUnavailable."""
    items = [item for version in versions if (item := _item(version)) is not None]
    for chunk in bulk.chunks(items, max_bytes, REQUEST_ITEMS):
        for outcome in bulk.send(client, alias, chunk):
            if outcome.result == "rejected":
                log.warning("version_not_kept", id=outcome.id, error=outcome.error)
            elif outcome.result == "failed":
                raise StoreUnavailable(
                    f"Elasticsearch, versions: {outcome.error}", reason=outcome.reason, retry_after=outcome.retry_after
                )


def of_article(client: Elasticsearch, alias: str, article_id: str) -> list[Version]:
    """Return the versions of one article, oldest first, those written a moment ago among them."""
    found = []
    with translated("history"):
        for hit in _hits(client, alias, article_id, source=True):
            try:
                found.append(msgspec.convert(hit["_source"], Version))
            except msgspec.ValidationError as error:
                log.warning("stored_version_unreadable", id=hit["_id"], error=str(error))
    return found


def delete(client: Elasticsearch, alias: str, ids: Sequence[str]) -> None:
    """Delete versions by id; those that are not there are no matter. Raises StoreUnavailable."""
    actions = [bulk.Item(0, name, msgspec.json.encode({"delete": {"_id": name}}), b"") for name in ids]
    for chunk in bulk.chunks(actions, REQUEST_ITEMS * 1_000, REQUEST_ITEMS):
        for outcome in bulk.send(client, alias, chunk):
            if outcome.result == "failed" and outcome.reason != "http_404":
                raise StoreUnavailable(f"Elasticsearch, versions: {outcome.error}", reason=outcome.reason)


def delete_all(client: Elasticsearch, alias: str, article_id: str) -> bool:
    """Delete every version of an article; True when there was one."""
    deleted = False
    while True:
        with translated("versions"):
            names = [str(hit["_id"]) for hit in _hits(client, alias, article_id, source=False)]
        if not names:
            return deleted
        delete(client, alias, names)
        deleted = True


def _hits(client: Elasticsearch, alias: str, article_id: str, *, source: bool) -> list[Any]:
    client.indices.refresh(index=alias)
    answer = client.search(
        index=alias,
        query={"term": {"article_id": article_id}},
        size=PAGE,
        source=source,
        sort=[{"observed_ms": "asc"}, {"content_hash": "asc"}],
        track_total_hits=False,
    )
    hits: list[Any] = answer.body["hits"]["hits"]
    return hits


def _item(version: Version) -> bulk.Item | None:
    try:
        source = msgspec.json.encode(version)
        usable = bulk.is_usable_id(version.id)
    except UnicodeEncodeError as error:
        log.warning("version_not_kept", id=ascii(version.id), error=f"a lone surrogate in its text ({error.reason})")
        return None
    if not usable:
        log.warning("version_not_kept", id=ascii(version.id), error="no usable id")
        return None
    return bulk.Item(0, version.id, msgspec.json.encode({"index": {"_id": version.id}}), source)
