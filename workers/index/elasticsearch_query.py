"""From a Query to Elasticsearch's search body, and from its answer to Results. Pure.

A word must occur in title, lead or body, stemmed; its tokens ("Jong-un") side by side. A phrase must occur in one of
their `exact` subfields. Different terms may match in different fields, so each is a clause of its own. Each names its
analyzer: the one that Kibana's users get at search time puts synonyms in, which were put into the clauses already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from workers.index import ranking
from workers.index.affixes import swallowed
from workers.index.derived import ROOTS
from workers.index.fields import NAMED, host
from workers.index.hits import Shown, hit_of
from workers.index.query import Clause, Term, sought
from workers.index.ranking import HALF_LIFE_DAYS, POINTS, WEIGHTS, Search, milliseconds
from workers.index.snippets import Snippets
from workers.index.stemming import words
from workers.model import Query, Results

STEMMED, EXACT = "indonesian_stemmed", "folded_words"  # analyzers
FORM = 6.0  # what a rarer form of a word scores, as a middling word in a lead; 2 to 12 rank the judged queries alike


def search_body(search: Search) -> dict[str, Any]:
    """Return the body of `POST alias/_search` for `search`."""
    query = search.query
    body = {
        "query": {"bool": {**_matching(search), **(_recent(search) if search.scored else {})}},
        "from": query.offset,
        "size": query.limit,
        "sort": [*([{"_score": "desc"}] if search.scored else []), {"published_at": "desc"}, {"id": "asc"}],
        "track_total_hits": True,
        "_source": list(Shown.__struct_fields__),
    }
    if (place := search.place) is not None:
        body["search_after"] = [*([place.score] if search.scored else []), place.published, place.id]
    return body


def best_body(search: Search) -> dict[str, Any]:
    """Return `search_body` of a first page by relevance alone: to sort by more costs up to a seventh of the search."""
    body = search_body(search)
    del body["sort"]
    body["size"] += 1  # tells whether the order of equals decides who is on the page
    return body


def in_order(answer: Mapping[str, Any], limit: int) -> Mapping[str, Any] | None:
    """Return the answer to `best_body` as `search_body` would have got it; None when equals stand at the page's end."""
    hits = answer["hits"]["hits"]
    if len(hits) > limit and hits[limit - 1]["_score"] == hits[limit]["_score"]:
        return None
    rows = [{**hit, "sort": [hit["_score"], _published(hit), hit["_source"]["id"]]} for hit in hits[:limit]]
    rows.sort(key=lambda row: (-row["sort"][0], -row["sort"][1], row["sort"][2]))
    return {**answer, "hits": {**answer["hits"], "hits": rows}}


def _published(hit: Mapping[str, Any]) -> int:
    return milliseconds(msgspec.convert(hit["_source"]["published_at"], datetime))


def _matching(search: Search) -> dict[str, Any]:
    wanted = [clause for clause in search.clauses if not clause.is_negated]
    return {
        "must": [_clause(clause) for clause in wanted if clause.is_text],
        "must_not": [_clause(clause) for clause in search.clauses if clause.is_negated]
        + ([{"exists": {"field": "duplicate_of"}}] if search.folded else []),
        "filter": [*(_clause(clause) for clause in wanted if not clause.is_text), *_filters(search.query)],
    }


def _recent(search: Search) -> dict[str, Any]:
    """Return what adds to a score for what is new, see `workers.index.ranking`."""
    wanted = sum(clause.is_text and not clause.is_negated for clause in search.clauses)
    age = {"field": "published_at", "origin": str(search.origin), "pivot": f"{HALF_LIFE_DAYS}d"}
    return {"should": [{"distance_feature": {**age, "boost": POINTS * wanted}}]}


def _clause(clause: Clause) -> dict[str, Any]:
    if isinstance(clause, Term):
        return _term(clause)
    rows = [[_term(term) for term in option] for option in clause.options]
    options = [row[0] if len(row) == 1 else {"bool": {"must": row}} for row in rows]
    return {"bool": {"should": options, "minimum_should_match": 1}}


def _term(term: Term) -> dict[str, Any]:
    """Return the condition that `term` is, whether it is negated or not."""
    if term.is_text:
        return _words(term)
    if term.field == "site":
        return {"term": {"site": host(term.text)}}
    if term.moment is not None:
        return _between({"gte" if term.field == "after" else "lt": term.moment})
    return {"term": {term.field if term.field == "language" else f"{term.field}.folded": term.text}}


def in_any_form(word: str) -> dict[str, Any]:
    """Return the query for articles that have a word with the stem of `word`."""
    return _words(Term(word))


def _words(term: Term) -> dict[str, Any]:
    end = ".exact" if term.phrase else ""
    weights = {"title": WEIGHTS["title"]} if term.field == "title" else WEIGHTS
    analyzer = EXACT if term.phrase else STEMMED
    # a phrase of one word is a plain term query; the tie breaker rewards a word in title and body both
    queries = [
        {"match_phrase": {f"{name}{end}": {"query": term.text, "analyzer": analyzer, "boost": weight}}}
        for name, weight in weights.items()
    ]
    queries += [
        {"match": {name: {"query": " ".join(term.roots), "analyzer": STEMMED, "boost": weight}}}
        for name, weight in weights.items()
        if term.roots
    ]
    if term.forms:
        queries.append(_in_other_form(term))
    if not term.phrase and term.field == "text":
        queries.append({"match_phrase": {"english": {"query": term.text}}})  # an older index lacks its analyzer
    found: dict[str, Any] = {"dis_max": {"queries": queries, "tie_breaker": 0.3}}
    if term.not_english:
        found = {"bool": {"must": [found], "must_not": [{"exists": {"field": "english"}}]}}
    return found


def _in_other_form(term: Term) -> dict[str, Any]:
    """Return the query for articles with one of the term's forms, all worth the same."""
    found: dict[str, Any] = {ROOTS: [root for _, _, word in words(term.text) for root in swallowed(word)]}
    if term.field == "title":
        found = {"title.exact": list(term.forms)}
    return {"constant_score": {"filter": {"terms": found}, "boost": FORM}}


def _filters(query: Query) -> Iterator[dict[str, Any]]:
    if query.site:
        yield {"term": {"site": query.site}}  # the field's normalizer lower-cases both sides
    if query.duplicate_of:
        yield {"term": {"duplicate_of": query.duplicate_of}}
    if query.entity:
        equal = [{"term": {f"{name}.folded": query.entity}} for name in NAMED]
        yield {"bool": {"should": equal, "minimum_should_match": 1}}
    times = (("gte", query.published_from), ("lt", query.published_to))
    if given := {operator: time for operator, time in times if time is not None}:
        yield _between(given)


def _between(times: Mapping[str, datetime]) -> dict[str, Any]:
    ends = {operator: str(milliseconds(time)) for operator, time in times.items()}
    return {"range": {"published_at": {**ends, "format": "epoch_millis"}}}


def read_results(answer: Mapping[str, Any], search: Search, suggestion: str = "") -> Results:
    """Return what an answer to `search_body` holds. Raises KeyError, TypeError or ValueError on another."""
    hits, total, held = answer["hits"]["hits"], answer["hits"]["total"]["value"], answer.get("pit_id", "")
    passed = (search.place.passed if search.place else search.query.offset) + len(hits)
    cursor = ""
    if hits and len(hits) == search.query.limit and not (held and passed >= total):
        # a point in time adds a sort value of its own
        *score, published, document_id = hits[-1]["sort"][: 3 if search.scored else 2]
        place = ranking.Place("", search.origin, score[0] if score else None, published, document_id, held, passed)
        cursor = ranking.cursor(search.query, place)
    snippets = Snippets(sought(search.clauses))
    shown = (hit_of(msgspec.convert(hit["_source"], Shown), hit.get("_score") or 0.0, snippets) for hit in hits)
    return Results(total=total, hits=tuple(shown), cursor=cursor, suggestion=suggestion)
