"""Asks Elasticsearch what a query finds, and has it hold that for the pages behind the first.

A score depends on all articles there are, so with each new one the order may change, and a page asked for later would
miss some and show others twice. A point in time (PIT) keeps the index as it was, for as long as pages are asked for.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError

from workers.errors import Misuse, Permanent, StoreUnavailable
from workers.index import query as queries
from workers.index import ranking
from workers.index.elasticsearch_errors import translated
from workers.index.elasticsearch_query import best_body, in_order, read_results, search_body
from workers.index.elasticsearch_spelling import suggestion
from workers.index.query import MAX_WINDOW
from workers.index.synonyms import Synonyms, expand
from workers.model import Query, Results

KEPT = "10m"  # since a page was last asked for


def search(client: Elasticsearch, alias: str, query: Query, synonyms: Synonyms, now: datetime) -> Results:
    """Return what `query` finds. Raises as `SearchStore.search`."""
    origin, place = ranking.place_of(query, now)
    typed = queries.check(query, ranking.time_of(origin))
    asked = ranking.Search(query, expand(typed, synonyms), origin, place, ranking.folds(query, typed))
    held = _hold(client, alias) if query.hold and query.limit and place is None else place.held if place else ""
    try:
        with translated("search"):
            answer = _answer(client, alias, asked, held)
            meant = ""
            if query.suggest and answer["hits"]["total"]["value"] < ranking.FEW:
                meant = suggestion(client, alias, query.text, queries.sought(typed))
            results = read_results(answer, asked, meant)
    except Permanent as error:
        raise Misuse(f"query: {error}") from error
    if held and not results.cursor:
        _let_go(client, answer["pit_id"])
    return results


def _answer(client: Elasticsearch, alias: str, asked: ranking.Search, held: str) -> Any:
    limit = asked.query.limit
    if asked.scored and not held and not asked.place and not asked.query.offset and 0 < limit < MAX_WINDOW:
        answer = client.search(index=alias, body=best_body(asked)).body
        if (ordered := in_order(answer, limit)) is not None:
            return ordered
    body = search_body(asked)
    if not held:
        return client.search(index=alias, body=body).body
    try:
        return client.search(body={**body, "pit": {"id": held, "keep_alive": KEPT}}).body
    except NotFoundError as error:
        if asked.place and "search_context_missing" in str(error.body):
            raise ranking.expired() from error
        raise


def _hold(client: Elasticsearch, alias: str) -> str:
    """Return the id of a point in time; "" where there is none to be had (rights): pages are those of the moment."""
    try:
        return str(client.open_point_in_time(index=alias, keep_alive=KEPT).body["id"])
    except ApiError:  # whatever is wrong with the index, the search itself tells
        return ""


def _let_go(client: Elasticsearch, held: str) -> None:
    with suppress(StoreUnavailable), translated("search"):  # it goes by itself a while later
        client.options(ignore_status=[400, 403, 404]).close_point_in_time(id=held)
