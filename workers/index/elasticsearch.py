"""The search store on Elasticsearch 9: an adapter of `workers.ports.SearchStore`.

Everything goes through one alias over one index. The adapter never creates an index by writing, retries nothing by
itself (a retry inside would double every time-out: the pipeline decides when to try again) and needs neither ILM,
scripts, reindex nor update-by-query on the server. Thread-safe; a process that was forked opens its own connections.
The file is long because it names every method of the port; what they do stands in its neighbours.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from workers.errors import StoreUnavailable
from workers.index import elasticsearch_abilities as abilities
from workers.index import elasticsearch_bulk as bulk
from workers.index import elasticsearch_setup as arrangement
from workers.index import elasticsearch_snapshots as snapshots
from workers.index import elasticsearch_versions as versioning
from workers.index.elasticsearch_address import node_address
from workers.index.elasticsearch_check import look_over
from workers.index.elasticsearch_cluster import figures
from workers.index.elasticsearch_errors import SETUP_HINT, describe, translated
from workers.index.elasticsearch_events import Events
from workers.index.elasticsearch_leftovers import purge
from workers.index.elasticsearch_letters import show
from workers.index.elasticsearch_scan import Scanning, read_document
from workers.index.elasticsearch_search import search
from workers.index.elasticsearch_templates import ARTICLES, DEAD_LETTERS, EVENTS, VERSIONS, Template, load_templates
from workers.index.synonyms import load_synonyms
from workers.letters import DeadLetter
from workers.model import Document, Query, Results, Version
from workers.ports import Clock, Outcome, Snapshots
from workers.reports import PollReport

LOOK_UP = 500  # ids or URLs asked for at once
LONGEST_URL = 8_191  # characters; a longer one is not in the index (`ignore_above`), and not a term to ask for
FOUND_LIMIT = 10_000  # documents one look-up by URL may return (index.max_result_window)


def _now() -> datetime:
    return datetime.now(UTC)


class ElasticsearchStore(Scanning):
    """Keeps documents in `{index_prefix}-articles`. Opens nothing until it is used."""

    name = "elasticsearch"
    shows_polls = True

    def __init__(
        self,
        *,
        url: str,
        username: str = "",
        password: str = "",
        index_prefix: str,
        config_dir: Path,
        ca_certs: Path | None = None,
        request_timeout: float = 20.0,
        bulk_timeout: float = 60.0,
        bulk_bytes: int = 10_000_000,
        bulk_items: int = 500,
        event_days: int = 30,
        now: Clock = _now,
    ) -> None:
        """Remember where the cluster is. Time-outs are seconds, `bulk_bytes` bounds one bulk request's body.

        `url`: one address, or several of one cluster separated by commas; without a port the scheme's own is meant.
        `config_dir`: holds `elasticsearch/*.json`. `event_days`: how long reports of polls are kept.
        Raises Misuse on a `url` that is none.
        """
        self.alias = f"{index_prefix}-{ARTICLES}"
        self.prefix = index_prefix
        self._versions = f"{index_prefix}-{VERSIONS}"
        self._hosts = [node_address(part.strip()) for part in url.split(",") if part.strip()]
        self._credentials = (username, password) if username else None
        self._config = config_dir / "elasticsearch"
        self._ca_certs = ca_certs
        self._request_timeout, self._bulk_timeout = request_timeout, bulk_timeout
        self._bulk_bytes, self._bulk_items = bulk_bytes, bulk_items
        self._now, self._event_days = now, event_days
        self._lock = threading.Lock()
        self._client: Elasticsearch | None = None
        self._process = 0  # that opened the client

    @property
    def client(self) -> Elasticsearch:
        """The connection pool of this process, opened now if there is none."""
        with self._lock:
            if self._client is None or self._process != os.getpid():
                more: dict[str, Any] = {"ca_certs": str(self._ca_certs)} if self._ca_certs else {}
                self._client = Elasticsearch(
                    self._hosts,
                    basic_auth=self._credentials,
                    request_timeout=self._request_timeout,
                    max_retries=0,
                    retry_on_timeout=False,
                    **more,
                )
                self._process = os.getpid()
            return self._client

    def templates(self) -> dict[str, Template]:
        """Return the index templates of the configuration by file stem, as this cluster can take them.

        Raises Misuse when they are wrong, StoreUnavailable.
        """
        return abilities.fitted(self.client, load_templates(self._config, self.prefix))

    def setup(self) -> list[str]:
        """See the port. Raises Misuse (templates), StoreUnavailable, KabarError (an index in the alias' place)."""
        templates = self.templates()
        return arrangement.set_up(self.client, templates, self._now(), self._event_days) + abilities.told(templates)

    def write(self, documents: Sequence[Document]) -> list[Outcome]:
        """See the port. A missing alias is StoreUnavailable: workers may not create indices, setup does."""
        items, outcomes = bulk.prepare(documents, self._now())
        client = self.client.options(request_timeout=self._bulk_timeout)
        trouble: StoreUnavailable | None = None
        for chunk in bulk.chunks(items, self._bulk_bytes, self._bulk_items):
            if trouble is None:
                try:
                    results = bulk.send(client, self.alias, chunk)
                except StoreUnavailable as error:
                    trouble, results = error, bulk.failed(chunk, error)
            else:  # the cluster is gone: waiting for a time-out per chunk helps nobody
                results = bulk.failed(chunk, trouble)
            outcomes |= {item.position: result for item, result in zip(chunk, results, strict=True)}
        acknowledged = any(outcome.result in ("stored", "superseded") for outcome in outcomes.values())
        if trouble is not None and not acknowledged:
            raise trouble
        if items and all(outcomes[item.position].reason == "no_alias" for item in items):
            raise StoreUnavailable(f"Elasticsearch: alias {self.alias} is missing; {SETUP_HINT}", reason="no_alias")
        return [outcomes[position] for position in range(len(documents))]

    def get(self, ids: Sequence[str]) -> dict[str, Document]:
        """See the port. A stored document that can't be read counts as absent: its next observation heals it."""
        found: dict[str, Document] = {}
        for part in _parts([key for key in dict.fromkeys(ids) if bulk.is_usable_id(key)]):
            with translated("get"):
                for one in self.client.mget(index=self.alias, ids=part).body["docs"]:
                    if _is_found(one, "get") and (document := read_document(one)) is not None:
                        found[document.id] = document
        return found

    def find(self, urls: Sequence[str]) -> dict[str, Document]:
        """See the port. Of several documents that hold one URL the newest version is returned."""
        found: dict[str, Document] = {}
        for part in _parts([url for url in dict.fromkeys(urls) if _is_indexed(url)]):
            wanted = set(part)
            with translated("find"):
                answer = self.client.search(
                    index=self.alias,
                    query={"terms": {"urls": part}},
                    size=FOUND_LIMIT,
                    sort=[{"version": "asc"}, {"id": "asc"}],
                )
                for hit in answer.body["hits"]["hits"]:
                    if (document := read_document(hit)) is not None:
                        found |= dict.fromkeys(wanted.intersection(document.urls), document)
        return found

    def delete(self, document_id: str) -> bool:
        """See the port. Only the version that is there is deleted: a newer one that arrives meanwhile is, in turn.

        The deletion carries that version, so that a late, older copy can't bring the document back while
        Elasticsearch remembers the deletion (a minute), and the same copy can.
        """
        if not bulk.is_usable_id(document_id):
            return False
        versions = versioning.delete_all(self.client, self._versions, document_id)
        while (version := self._stored_version(document_id)) is not None:
            if bulk.remove(self.client, self.alias, document_id, version):
                return True
        return versions

    def purge(self, document_id: str) -> list[str]:
        """See the port."""
        return purge(self.client, self.alias, document_id) if bulk.is_usable_id(document_id) else []

    def write_versions(self, versions: Sequence[Version]) -> None:
        """See the port. They are kept in `{index_prefix}-versions`."""
        client = self.client.options(request_timeout=self._bulk_timeout)
        versioning.write(client, self._versions, versions, self._bulk_bytes)

    def history(self, article_id: str) -> list[Version]:
        """See the port."""
        usable = bulk.is_usable_id(article_id)
        return versioning.of_article(self.client, self._versions, article_id) if usable else []

    def forget_versions(self, ids: Sequence[str]) -> None:
        """See the port."""
        versioning.delete(self.client, self._versions, [one for one in ids if bulk.is_usable_id(one)])

    def _stored_version(self, document_id: str) -> int | None:
        with translated("delete"):
            one = self.client.mget(index=self.alias, docs=[{"_id": document_id, "_source": False}]).body["docs"][0]
            return int(one["_version"]) if _is_found(one, "delete") else None

    def search(self, query: Query) -> Results:
        """See the port; what makes a query unreadable is in `workers.index.query.check`."""
        return search(self.client, self.alias, query, load_synonyms(self._config), self._now())

    def refresh(self) -> None:
        """See the port."""
        with translated("refresh"):
            self.client.indices.refresh(index=self.alias)

    def count(self) -> int:
        """See the port."""
        with translated("count"):
            return int(self.client.count(index=self.alias).body["count"])

    def show_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        """See the port. They are shown in `{index_prefix}-dead-letters`."""
        client = self.client.options(request_timeout=self._bulk_timeout)
        show(client, f"{self.prefix}-{DEAD_LETTERS}", letters, self._bulk_bytes, self._bulk_items)

    def show_polls(self, reports: Sequence[PollReport]) -> None:
        """See the port. They are shown in `{index_prefix}-feed-events`."""
        self._events.add(reports, self._now(), self._bulk_bytes, self._bulk_items)

    def forget_polls(self) -> None:
        """See the port."""
        self._events.forget(self._now())

    @property
    def _events(self) -> Events:
        return Events(self.client, f"{self.prefix}-{EVENTS}", self._event_days)

    def snapshots(self) -> Snapshots | None:
        """See the port."""
        return snapshots.last(self.client, self.prefix)

    def stats(self) -> dict[str, Any]:
        """Return documents, bytes on disk (primaries), alias, index, template stamp and the cluster's version."""
        current = arrangement.behind(self.client, self.alias)
        if current is None:
            raise StoreUnavailable(f"Elasticsearch: alias {self.alias} is missing; {SETUP_HINT}", reason="no_alias")
        return {"store": self.name, **figures(self.client, self.alias, current)}

    def check(self) -> list[str]:
        """See the port."""
        return look_over(self.client, cache(self.templates))  # a cluster is asked once what it can

    def close(self) -> None:
        """See the port."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None and self._process == os.getpid():
            client.close()


def _is_found(one: Mapping[str, Any], doing: str) -> bool:
    """Read one result of a look-up by id: a missing index is an error in it, not of the request."""
    if "error" in one:
        raise StoreUnavailable(f"Elasticsearch, {doing}: {describe(one['error'])}; {SETUP_HINT}", reason="no_alias")
    return bool(one.get("found"))


def _is_indexed(url: str) -> bool:
    return 0 < len(url) <= LONGEST_URL and bulk.is_unicode(url)


def _parts(values: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), LOOK_UP):
        yield list(values[start : start + LOOK_UP])
