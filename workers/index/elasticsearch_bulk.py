"""Bulk writing: documents in bounded requests, each document's fate told apart.

Versions are external: the newest observation wins whatever order writes arrive in, and a write that is repeated after a
lost answer does no harm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from elasticsearch import Elasticsearch
from msgspec import Struct

from workers.errors import Permanent, StoreUnavailable
from workers.index.derived import derived
from workers.index.document import yields
from workers.index.elasticsearch_errors import NOT_NOW, SETUP_HINT, describe, error_type, translated
from workers.model import Document
from workers.ports import Outcome

ID_BYTES = 512  # Elasticsearch's own limit of a document id
VERSION_LIMIT = 2**63 - 1  # a Java long


def is_usable_id(text: str) -> bool:
    """Tell whether Elasticsearch takes `text` for a document's id."""
    return is_unicode(text) and 0 < len(text.encode("utf-8")) <= ID_BYTES


def is_unicode(text: str) -> bool:
    """Tell whether `text` can be sent at all: a lone surrogate can't."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


class Item(Struct, frozen=True):
    """One document, ready to be sent: its place in the batch and its two lines (a deletion has no `source`)."""

    position: int
    id: str
    action: bytes
    source: bytes

    @property
    def size(self) -> int:
        return len(self.action) + len(self.source) + 2  # and two line ends


def _source(document: Document, now: datetime) -> bytes:
    """Return the JSON that is stored: the document and what is derived from its texts."""
    source = msgspec.json.encode(msgspec.structs.replace(document, indexed_at=now))
    more = derived((document.title, document.lead, document.body), document.language)
    return source[:-1] + b"," + msgspec.json.encode(more)[1:] if more else source


def prepare(documents: Sequence[Document], now: datetime) -> tuple[list[Item], dict[int, Outcome]]:
    """Return what can be sent, `indexed_at` set to `now`, and by position the outcome of what never can.

    One unusable id or version in a bulk request makes Elasticsearch refuse all of it, so these stay behind.
    """
    items: list[Item] = []
    refused: dict[int, Outcome] = {}
    for position, document in enumerate(documents):
        try:
            key = document.id.encode("utf-8")
            source = _source(document, now)
        except UnicodeEncodeError as error:
            refused[position] = _rejected(document.id, "not_unicode", f"a lone surrogate in its text ({error.reason})")
            continue
        if not 0 < len(key) <= ID_BYTES:
            refused[position] = _rejected(document.id, "bad_id", f"an id of {len(key)} bytes, 1 to {ID_BYTES} fit")
        elif not 0 <= document.version <= VERSION_LIMIT:
            refused[position] = _rejected(document.id, "bad_version", f"version {document.version} is no 63-bit number")
        else:
            kind = "external" if yields(document) else "external_gte"
            action = {"index": {"_id": document.id, "version": document.version, "version_type": kind}}
            items.append(Item(position, document.id, msgspec.json.encode(action), source))
    return items, refused


def chunks(items: Sequence[Item], max_bytes: int, max_items: int) -> Iterator[list[Item]]:
    """Yield `items` in order in requests of at most `max_bytes` (unless one item alone is larger) and `max_items`."""
    chunk: list[Item] = []
    size = 0
    for item in items:
        if chunk and (size + item.size > max_bytes or len(chunk) >= max_items):
            yield chunk
            chunk, size = [], 0
        chunk.append(item)
        size += item.size
    if chunk:
        yield chunk


def send(client: Elasticsearch, index: str, items: Sequence[Item], *, alias: bool = True) -> list[Outcome]:
    """Write `items` in one request, halved as often as it is refused for its size; outcomes in order.

    `alias`: refuse to write when `index` is no alias, so that no index with a guessed mapping ever comes to be.
    Raises StoreUnavailable when the request as a whole failed.
    """
    operations = [line for item in items for line in (item.action, item.source) if line]
    try:
        with translated("bulk"):
            return _outcomes(_bulk(client, index, operations, alias), items)
    except Permanent as error:
        return _refused(client, index, items, alias, error)


def _bulk(client: Elasticsearch, index: str, operations: list[bytes], alias: bool) -> Any:
    return client.bulk(index=index, operations=operations, require_alias=alias).body  # type: ignore[arg-type]


def _refused(client: Elasticsearch, index: str, items: Sequence[Item], alias: bool, error: Permanent) -> list[Outcome]:
    if error.reason not in ("http_413", "http_400"):
        raise StoreUnavailable(str(error), reason=error.reason) from error
    if len(items) == 1:
        return [_rejected(items[0].id, "too_large" if error.reason == "http_413" else error.reason, str(error))]
    middle = len(items) // 2
    first = send(client, index, items[:middle], alias=alias)
    try:
        return first + send(client, index, items[middle:], alias=alias)
    except StoreUnavailable as later:
        return first + failed(items[middle:], later)  # what the first half stored stays acknowledged


def _outcomes(answer: Any, items: Sequence[Item]) -> list[Outcome]:
    results = answer.get("items") if isinstance(answer, Mapping) else None
    if not isinstance(results, list) or len(results) != len(items):
        raise StoreUnavailable("Elasticsearch, bulk: not one result per document in the answer", reason="bad_answer")
    return [_outcome(item, _only(result)) for item, result in zip(items, results, strict=True)]


def _only(result: Mapping[str, Any]) -> Mapping[str, Any]:
    (inner,) = result.values()  # it stands under the action's name
    found: Mapping[str, Any] = inner
    return found


def _outcome(item: Item, result: Mapping[str, Any]) -> Outcome:
    status = result.get("status")
    if status in (200, 201):
        return Outcome(item.id, "stored")
    if status == 409:
        return Outcome(item.id, "superseded")
    error = result.get("error")
    kind, told = error_type(result) or f"http_{status}", describe(error) if isinstance(error, dict) else str(error)
    if (
        kind == "index_closed_exception" or "no write index is defined" in told
    ):  # 400, but of the index, not of the item
        return Outcome(item.id, "failed", error=f"{told}; {SETUP_HINT}", reason="no_alias")
    if status == 400:
        return _rejected(item.id, kind, told)
    if status == 413:
        return _rejected(item.id, "too_large", told)
    if status == 404 and kind == "index_not_found_exception":
        return Outcome(item.id, "failed", error=f"{told}; {SETUP_HINT}", reason="no_alias")
    return Outcome(item.id, "failed", error=told, reason=f"http_{status}" if status in NOT_NOW else kind)


def remove(client: Elasticsearch, index: str, document_id: str, version: int, *, alias: bool = True) -> bool:
    """Delete a document unless a version newer than `version` is stored; False when one is.

    By bulk, because a plain delete with an external version would create a missing index. Raises StoreUnavailable.
    """
    action = {"delete": {"_id": document_id, "version": version, "version_type": "external_gte"}}
    with translated("delete"):
        result = _only(_bulk(client, index, [msgspec.json.encode(action)], alias)["items"][0])
        if result["status"] in (200, 404) and "error" not in result:
            return True
        outcome = _outcome(Item(0, document_id, b"", b""), result)
    if outcome.result == "superseded":
        return False
    raise StoreUnavailable(f"Elasticsearch, delete: {outcome.error}", reason=outcome.reason)


def failed(items: Sequence[Item], error: StoreUnavailable) -> list[Outcome]:
    """Return the outcome of items that could not be sent because of `error`."""
    return [Outcome(item.id, "failed", str(error), error.reason, error.retry_after) for item in items]


def _rejected(document_id: str, reason: str, error: str) -> Outcome:
    return Outcome(document_id, "rejected", error=error, reason=reason)
