"""Asks Elasticsearch which words near a misspelt one it knows."""

from __future__ import annotations

from collections.abc import Sequence

from elasticsearch import Elasticsearch

from workers.index.elasticsearch_query import in_any_form
from workers.index.query import Term
from workers.index.ranking import WEIGHTS
from workers.index.spelling import best, corrected, doubtful

MOST = 50  # near words looked at of one


def suggestion(client: Elasticsearch, alias: str, text: str, terms: Sequence[Term]) -> str:
    """Return `text` with the words that stand nowhere replaced by near ones that do, "" when there are none."""
    words = doubtful(terms)
    if not words:
        return ""
    asked = {
        f"{field} {word}": {"text": word, "term": {
            "field": f"{field}.exact", "suggest_mode": "missing", "max_edits": 1, "prefix_length": 0, "size": MOST,
            "shard_size": MOST,
        }}
        for field in WEIGHTS for word in words
    }  # fmt: skip
    forms = {word: in_any_form(word) for word in words}
    answer = client.search(
        index=alias, size=0, suggest=asked, aggs={"forms": {"filters": {"filters": forms}}}
    ).body  # fmt: skip
    found, stands = answer["suggest"], answer["aggregations"]["forms"]["buckets"]
    meant: dict[str, str] = {}
    for word in words:
        if stands[word]["doc_count"]:
            continue
        entries = [found[f"{field} {word}"][0] for field in WEIGHTS]
        counts: dict[str, int] = {}
        for option in (option for entry in entries for option in entry["options"]):
            counts[option["text"]] = counts.get(option["text"], 0) + int(option["freq"])
        if chosen := best(word, counts):
            meant[word] = chosen
    return corrected(text, meant)
