"""The search body and the snippets, without a cluster; that they mean what they should is for the contract suite."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from workers.index.affixes import forms
from workers.index.elasticsearch_query import best_body, in_order, read_results, search_body
from workers.index.query import check, parse
from workers.index.ranking import Search
from workers.model import Query

NOW = datetime(2026, 3, 31, tzinfo=UTC)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def fields(clause: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Return field, text and weight of each of the clause's alternatives."""
    pairs = (next(iter(one["match_phrase"].items())) for one in clause["dis_max"]["queries"])
    return [(name, found["query"], found.get("boost", 1)) for name, found in pairs]


def test_each_term_is_a_clause_over_the_weighted_fields() -> None:
    body = search_body(Search(Query(), parse('gempa "badan geologi" -tsunami'), 0))
    matching = body["query"]["bool"]
    word, phrase = matching["must"]
    assert fields(word) == [("title", "gempa", 3), ("lead", "gempa", 2), ("body", "gempa", 1), ("english", "gempa", 1)]
    assert fields(phrase) == [
        ("title.exact", "badan geologi", 3),
        ("lead.exact", "badan geologi", 2),
        ("body.exact", "badan geologi", 1),
    ]
    (unwanted,) = matching["must_not"]
    assert {text for _, text, _ in fields(unwanted)} == {"tsunami"}
    assert body["sort"][0] == {"_score": "desc"}


@pytest.mark.parametrize("text", ["", "-gempa"])
def test_without_a_wanted_term_the_newest_come_first(text: str) -> None:
    assert search_body(Search(Query(), parse(text), 0))["sort"] == [{"published_at": "desc"}, {"id": "asc"}]


def test_filters_do_not_score() -> None:
    query = Query(site="a.test", entity="KPK", published_from=NOON, published_to=NOON + timedelta(days=1))
    body = search_body(Search(query, (), 0))
    site, entity, time = body["query"]["bool"]["filter"]
    assert site == {"term": {"site": "a.test"}}
    assert [next(iter(one["term"])) for one in entity["bool"]["should"]] == [
        "people.folded",
        "organisations.folded",
        "places.folded",
    ]
    assert time["range"]["published_at"] == {"gte": "1772452800000", "lt": "1772539200000", "format": "epoch_millis"}


def test_times_before_1970_round_down() -> None:
    query = Query(published_from=datetime(1969, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC))
    (time,) = search_body(Search(query, (), 0))["query"]["bool"]["filter"]
    assert time["range"]["published_at"]["gte"] == "-1"


def test_an_answer_becomes_results() -> None:
    source = {
        "id": "a",
        "url": "https://a.test/",
        "title": "T",
        "site": "a.test",
        "people": [],
        "published_at": "2026-03-02T12:00:00Z",
        "organisations": ["KPK"],
        "places": [],
        "lead": "",
        "body": "Isi.",
    }
    hit = {"_id": "a", "_score": None, "_source": source, "sort": [1772452800000, "a"]}
    answer = {"hits": {"total": {"value": 7, "relation": "eq"}, "hits": [hit]}}
    results = read_results(answer, Search(Query(limit=1), (), 5))
    assert results.total == 7
    assert results.cursor
    assert read_results(answer, Search(Query(limit=2), (), 5)).cursor == ""  # a page that is not full is the last
    assert (results.hits[0].published_at, results.hits[0].organisations, results.hits[0].score) == (NOON, ("KPK",), 0.0)


def test_equals_at_the_end_of_a_first_page_need_the_whole_order() -> None:
    search = Search(Query(text="gempa", limit=2), parse("gempa"), 0)
    assert "sort" not in best_body(search)
    assert best_body(search)["size"] == 3

    def answer(*rows: tuple[str, float, str]) -> dict[str, Any]:
        hits = [{"_score": score, "_source": {"id": one, "published_at": time}} for one, score, time in rows]
        return {"hits": {"total": {"value": 9, "relation": "eq"}, "hits": hits}}

    old, new = "2026-03-01T12:00:00Z", "2026-03-02T12:00:00.123999Z"
    found = in_order(answer(("b", 2.0, old), ("a", 2.0, old), ("c", 1.0, old)), 2)
    assert found is not None
    assert [hit["sort"] for hit in found["hits"]["hits"]] == [[2.0, 1772366400000, "a"], [2.0, 1772366400000, "b"]]
    found = in_order(answer(("a", 2.0, old), ("b", 2.0, new)), 2)
    assert found is not None
    assert [hit["sort"][1:] for hit in found["hits"]["hits"]] == [[1772452800123, "b"], [1772366400000, "a"]]
    assert in_order(answer(("a", 3.0, old), ("b", 2.0, old), ("c", 2.0, new)), 2) is None
    assert in_order(answer(), 2) == {"hits": {"total": {"value": 9, "relation": "eq"}, "hits": []}}


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("tangkap", {"roots": ["tangkap"]}),
        ("penangkapan", {"roots": ["tangkap"]}),
        ("judul:sapu", {"title.exact": list(forms("sapu"))}),
    ],
)
def test_other_forms_of_a_word_are_found_by_its_root(text: str, terms: dict[str, Any]) -> None:
    (word,) = search_body(Search(Query(), check(Query(text=text), NOW), 0))["query"]["bool"]["must"]
    (found,) = (one["constant_score"] for one in word["dis_max"]["queries"] if "constant_score" in one)
    assert found["filter"]["terms"] == terms


def test_what_is_new_gets_points_for_each_wanted_word() -> None:
    clauses = check(Query(text='gempa "kota padang" -tsunami site:a.test'), NOW)
    (new,) = search_body(Search(Query(), clauses, 99))["query"]["bool"]["should"]
    assert new["distance_feature"] == {"field": "published_at", "origin": "99", "pivot": "30d", "boost": 2.0}
    assert "should" not in search_body(Search(Query(), check(Query(text="-gempa"), NOW), 99))["query"]["bool"]
