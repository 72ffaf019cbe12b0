"""Walking all documents of the Elasticsearch store in the order of their ids, a bounded number at a time; counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
import structlog
from elasticsearch import Elasticsearch

from workers.index.elasticsearch_bulk import is_usable_id
from workers.index.elasticsearch_errors import translated
from workers.model import Document

LOOK_UP = 500  # ids asked for at once
MOST_TAGGERS = 1_000  # versions of the tagger told apart in one store
log = structlog.get_logger(__name__)


class Scanning:
    """The part of the store that walks documents; the store brings `client` and `alias`."""

    alias: str

    @property
    def client(self) -> Elasticsearch:
        raise NotImplementedError

    def scan(self, *, after: str = "", limit: int = 50, taggers: Collection[str] | None = None) -> list[Document]:
        """See the port. Stored documents that can't be read are passed over."""
        query: dict[str, Any] = {"match_all": {}} if taggers is None else {"terms": {"tagger": list(taggers)}}
        found: list[Document] = []
        while len(found) < limit:
            with translated("scan"):
                answer = self.client.search(
                    index=self.alias,
                    query=query,
                    size=limit - len(found),
                    sort=[{"id": "asc"}],
                    search_after=[after] if after else None,
                    track_total_hits=False,
                )
            hits = answer.body["hits"]["hits"]
            if not hits:
                break
            after = hits[-1]["sort"][0]
            found += [document for hit in hits if (document := read_document(hit)) is not None]
        return found

    def copies(self, ids: Sequence[str]) -> dict[str, int]:
        """See the port."""
        usable = [one for one in dict.fromkeys(ids) if is_usable_id(one)]
        found: dict[str, int] = {}
        for start in range(0, len(usable), LOOK_UP):
            part = usable[start : start + LOOK_UP]
            with translated("copies"):
                answer = self.client.search(
                    index=self.alias,
                    size=0,
                    query={"terms": {"duplicate_of": part}},
                    aggs={"copies": {"terms": {"field": "duplicate_of", "size": LOOK_UP}}},
                )
                buckets = answer.body["aggregations"]["copies"]["buckets"]
                found |= {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets}
        return found

    def taggers(self) -> dict[str, int]:
        """See the port."""
        with translated("taggers"):
            answer = self.client.search(
                index=self.alias, size=0, aggs={"taggers": {"terms": {"field": "tagger", "size": MOST_TAGGERS}}}
            )
        buckets = answer.body["aggregations"]["taggers"]["buckets"]
        return {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets}


def read_document(one: Mapping[str, Any]) -> Document | None:
    """Return the document of a hit; None, and a line in the log, when it can't be read."""
    try:
        return msgspec.convert(one["_source"], Document)
    except (msgspec.ValidationError, KeyError) as error:
        log.warning("stored_document_unreadable", id=one.get("_id"), error=str(error))
        return None
