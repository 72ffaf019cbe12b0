"""Dead letters where Kibana finds them: an index that is a picture of what Redis holds.

A letter's document is named by its content, so that what is wanted and what is there are two sets of names: the
difference is written and deleted, and a letter that changed is a new name instead of an old one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import msgspec
import structlog
from elasticsearch import Elasticsearch

from workers.errors import StoreUnavailable
from workers.index import elasticsearch_bulk as bulk
from workers.index.elasticsearch_errors import translated
from workers.letters import SHOWN, DeadLetter
from workers.model import digest
from workers.ports import Outcome

PAGE = 10_000  # names asked for at once (index.max_result_window)
log = structlog.get_logger(__name__)


class ShownLetter(DeadLetter, frozen=True, kw_only=True):
    """A dead letter as the index holds it. Field names are the mapping's."""

    site: str  # host of `url` without "www.", "" when there is none


def show(client: Elasticsearch, alias: str, letters: Sequence[DeadLetter], max_bytes: int, max_items: int) -> None:
    """Make the index behind `alias` hold exactly `letters`, the newest `SHOWN` of them (they come newest first).

    Bulk requests have at most `max_bytes` and `max_items`. Raises StoreUnavailable at the first that failed; a letter
    that the index can't hold is logged and left out.
    """
    wanted = dict(_named(letters[:SHOWN]))
    with translated("dead letters"):
        client.indices.refresh(index=alias)
        there = set(_names(client, alias))
    new = [name for name in wanted if name not in there]
    writes = [_item("index", name, wanted[name]) for name in new]
    deletions = [_item("delete", name, b"") for name in there.difference(wanted)]
    for chunk in bulk.chunks(writes + deletions, max_bytes, max_items):
        _judge(bulk.send(client, alias, chunk))
    if writes or deletions:
        with translated("dead letters"):
            client.indices.refresh(index=alias)


def _named(letters: Sequence[DeadLetter]) -> Iterator[tuple[str, bytes]]:
    for letter in letters:
        try:
            shown = ShownLetter(**msgspec.structs.asdict(letter), site=_site(letter.url))
            source = msgspec.json.encode(shown)
        except UnicodeEncodeError as error:
            log.warning("dead_letter_not_shown", id=ascii(letter.id), error=f"a lone surrogate in it ({error.reason})")
            continue
        yield digest(source.decode()), source


def _site(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # a bad address may be what the letter is about
        return ""


def _names(client: Elasticsearch, alias: str) -> Iterator[str]:
    """Yield the names of all documents there, page by page in the order of fields that no two letters share."""
    after: list[str | int | float | bool | None] | None = None
    while True:
        answer = client.search(
            index=alias,
            source=False,
            size=PAGE,
            sort=[{"id": "asc"}, {"buried_at": "asc"}],
            search_after=after,
            track_total_hits=False,
        )
        hits = answer.body["hits"]["hits"]
        yield from (str(hit["_id"]) for hit in hits)
        if len(hits) < PAGE:
            return
        after = hits[-1]["sort"]


def _item(action: str, name: str, source: bytes) -> bulk.Item:
    return bulk.Item(0, name, msgspec.json.encode({action: {"_id": name}}), source)


def _judge(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.result == "rejected":
            log.warning("dead_letter_not_shown", id=outcome.id, error=outcome.error)
        elif outcome.result == "failed" and outcome.reason != "http_404":  # deleted by another process meanwhile
            raise StoreUnavailable(
                f"Elasticsearch, dead letters: {outcome.error}", reason=outcome.reason, retry_after=outcome.retry_after
            )
