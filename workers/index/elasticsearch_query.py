"""From a Query to Elasticsearch's search body, and from its answer to Results. Pure.

A word must occur in title, lead or body, stemmed; its tokens ("Jong-un") side by side. A phrase must occur in one of
their `exact` subfields. Different terms may match in different fields, so each is a clause of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from workers.index.query import Term
from workers.model import Hit, Query, Results

WEIGHTS = {"title": 3, "lead": 2, "body": 1}
HIT_FIELDS = ("id", "url", "title", "site", "published_at", "people", "organisations", "places", "duplicate_of")
NAMES = ("people", "organisations", "places")
OPEN, CLOSE = "«", "»"
PASSAGE = 160  # characters of a highlighted passage, about two lines
BEGINNING = 200  # of the plain text shown when no passage holds a found word
# Highlighting re-reads the stored text; beyond this many characters of one body no passage is looked for.
HIGHLIGHT_LIMIT = 1_000_000


def search_body(query: Query, terms: Sequence[Term]) -> dict[str, Any]:
    """Return the body of `POST alias/_search` for `query`, whose text `terms` are the parsed form of."""
    wanted = [_clause(term) for term in terms if not term.negated]
    score = [{"_score": "desc"}] if wanted else []  # without words there is nothing to be more or less relevant to
    return {
        "query": {
            "bool": {
                "must": wanted,
                "must_not": [_clause(term) for term in terms if term.negated],
                "filter": _filters(query),
            }
        },
        "from": query.offset,
        "size": query.limit,
        "sort": [*score, {"published_at": "desc"}, {"id": "asc"}],
        "track_total_hits": True,
        "_source": list(HIT_FIELDS),
        "highlight": _highlight(),
    }


def _clause(term: Term) -> dict[str, Any]:
    end = ".exact" if term.phrase else ""
    fields = [f"{name}{end}^{weight}" for name, weight in WEIGHTS.items()]
    # type "phrase" of a single token is a plain term query; the tie breaker rewards a word in title and body both
    return {"multi_match": {"query": term.text, "type": "phrase", "fields": fields, "tie_breaker": 0.3}}


def _filters(query: Query) -> list[dict[str, Any]]:
    filters: list[dict[str, Any]] = []
    if query.site:
        filters.append({"term": {"site": query.site}})  # the field's normalizer lower-cases both sides
    if query.duplicate_of:
        filters.append({"term": {"duplicate_of": query.duplicate_of}})
    if query.entity:
        equal = [{"term": {f"{name}.folded": query.entity}} for name in NAMES]
        filters.append({"bool": {"should": equal, "minimum_should_match": 1}})
    between = {
        operator: _milliseconds(time)
        for operator, time in (("gte", query.published_from), ("lt", query.published_to))
        if time is not None
    }
    if between:
        filters.append({"range": {"published_at": {**between, "format": "epoch_millis"}}})
    return filters


def _milliseconds(time: datetime) -> str:
    # a date field keeps whole milliseconds: rounding down both sides compares like with like
    return str(int(time.timestamp() * 1000 // 1))


def _highlight() -> dict[str, Any]:
    def field(name: str, passages: int) -> dict[str, Any]:
        return {
            "matched_fields": [name, f"{name}.exact"],
            "number_of_fragments": passages,
            "fragment_size": PASSAGE,
            "no_match_size": BEGINNING,
            "order": "score",
        }

    return {
        "type": "unified",
        "pre_tags": [OPEN],
        "post_tags": [CLOSE],
        "max_analyzed_offset": HIGHLIGHT_LIMIT,
        "fields": {"lead": field("lead", 1), "body": field("body", 2)},
    }


def read_results(answer: Mapping[str, Any]) -> Results:
    """Return what an answer to `search_body` holds. Raises KeyError, TypeError or ValueError on another."""
    hits = answer["hits"]
    return Results(total=hits["total"]["value"], hits=tuple(_read_hit(hit) for hit in hits["hits"]))


def _read_hit(hit: Mapping[str, Any]) -> Hit:
    fields = {**hit["_source"], "snippet": snippet(hit.get("highlight", {})), "score": hit.get("_score") or 0.0}
    return msgspec.convert(fields, Hit)


def snippet(highlight: Mapping[str, Sequence[str]]) -> str:
    """Return passages with the found words marked, or the lead's (else the body's) plain beginning.

    The lead often repeats the body's first paragraph: a passage that says nothing new is left out.
    """
    found = [" ".join(passage.split()) for name in ("lead", "body") for passage in highlight.get(name, ())]
    marked = [passage for passage in found if OPEN in passage and CLOSE in passage]
    chosen: list[str] = []
    for passage in sorted(marked, key=len, reverse=True):
        if not any(passage in longer for longer in chosen):
            chosen.append(passage)
    if chosen:
        return " … ".join(passage for passage in dict.fromkeys(marked) if passage in chosen)
    return found[0] if found else ""
