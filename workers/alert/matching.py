"""Holds saved searches against a batch of articles. Pure but for the store it is lent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import structlog
from msgspec import Struct

from workers.alert.alerts import Alert
from workers.errors import Misuse, Permanent
from workers.model import Document, Hit, Version
from workers.ports import SearchStore

PAGE = 1_000  # hits asked for at once
log = structlog.get_logger("kabar")


class Match(Struct, frozen=True, kw_only=True):
    """An article that an alert tells of. `edited`: only an edit made it match."""

    alert: Alert
    hit: Hit
    edited: bool = False


def matches(
    store: SearchStore,
    alerts: Iterable[Alert],
    documents: Sequence[Document],
    histories: Mapping[str, Sequence[Version]],
) -> dict[str, list[Match]]:
    """Return what the alerts tell of `documents`, by id. `store` is empty, and for this alone.

    `histories`: the versions of edited documents, by id. An edited article counts only when no older text of it
    matched: that one was told of, or was there before the alert was.
    Raises StoreUnavailable; Permanent "rejected" when a document can't be put into `store`.
    """
    older = {
        _key(document.id, number): _as_it_was(document, version, _key(document.id, number))
        for document in documents
        for number, version in enumerate(_earlier(document, histories.get(document.id, ())))
    }
    article_of = {key: key.partition("-")[0] for key in older}
    present = {document.id: document for document in documents}
    for document, outcome in zip(documents, store.write([*documents, *older.values()]), strict=False):
        if outcome.result != "stored":
            raise Permanent(f"article {document.id} can't be looked at: {outcome.error}", reason="rejected")
    found: dict[str, list[Match]] = {document.id: [] for document in documents}
    for alert in alerts:
        hits = _hits(store, alert, len(present) + len(older))
        known = {article_of[hit.id] for hit in hits if hit.id in article_of}
        for hit in hits:
            if hit.id in present and hit.id not in known:
                edited = bool(histories.get(hit.id))
                found[hit.id].append(Match(alert=alert, hit=hit, edited=edited))
    return found


def _hits(store: SearchStore, alert: Alert, most: int) -> list[Hit]:
    """Return every hit of an alert's query; none of one that can't be read any more, which is told."""
    hits: list[Hit] = []
    try:
        for offset in range(0, most, PAGE):
            results = store.search(alert.asked(limit=PAGE, offset=offset))
            hits += results.hits
            if len(hits) >= results.total:
                break
    except Misuse as error:
        log.warning("alert_not_understood", alert=alert.name, error=str(error))
    return hits


def _key(article_id: str, number: int) -> str:
    return f"{article_id}-{number}"


def _earlier(document: Document, versions: Iterable[Version]) -> list[Version]:
    # the document's own text is among them, perhaps under several times at which it was seen
    return [one for one in versions if one.content_hash != document.content_hash and not one.without_text]


def _as_it_was(document: Document, version: Version, key: str) -> Document:
    """Return `document` with an older text. A name counts as named in it when one of its mentions stands there."""
    text = f"{version.title}\n{version.body}"
    named = {entity.name for entity in document.entities if any(one.text in text for one in entity.mentions)}
    return msgspec.structs.replace(
        document,
        id=key,
        urls=(),
        title=version.title,
        duplicate_of=None,
        lead="",
        body=version.body,
        people=tuple(name for name in document.people if name in named),
        organisations=tuple(name for name in document.organisations if name in named),
        places=tuple(name for name in document.places if name in named),
    )
