"""Hostile articles and queries: kept, answered, or refused the same way. See test_search_store.py."""

from __future__ import annotations

import pytest

from tests.contract.documents import NOON, article, document
from tests.contract.search_stores import fill, found, ids
from workers.errors import Misuse
from workers.index.query import MAX_CHARACTERS, MAX_TERMS
from workers.model import Query
from workers.ports import SearchStore

MARKUP = '<script>alert("x")</script> & \x1b[31m \u202e ‮ {{7*7}} %s \\" \' ; DROP TABLE documents; --'


def test_hostile_text_is_kept_and_found(store: SearchStore) -> None:
    text = f"{MARKUP} pencarian {'panjang ' * 20_000} 😀"
    fill(store, article("a", text, title=MARKUP, lead=MARKUP, site="aneh.test"), document("b"))
    assert store.get(ids("a"))[ids("a")[0]].body == text
    assert found(store, "pencarian") == ids("a")
    assert found(store, '"drop table documents"') == ids("a")
    assert store.count() == 2


@pytest.mark.parametrize(
    "text",
    [
        "*", "jembatan*", "jemb?tan", "jembatan~2", "title:jembatan", "_id:1", "NOT", "jembatan AND", "OR jembatan",
        "NEAR(jembatan baru)", "(jembatan", "jembatan)", "{title}: x", "^jembatan", "jembatan^9", "[1 TO 2]", "/.*/",
        "\\", "jembatan\\", "'", "''", "`", "; DROP TABLE documents", "%", "_", "+jembatan", "--jembatan", "-", "a:b:c",
        "\x00", "jembatan\x00baru", "\x1b[31m", "😀", "jembatan 😀", "\u202ejembatan", "\u200b", "<b>jembatan</b>",
        '"', 'jembatan "baru', '""', '"" jembatan', '-""', '"*"', '"-"', "“", "\ud800", "jembatan \udfff",
        "a" * 1_999, "a " * 40, "a " * 500, '"' + "a " * 900 + '"', "x" * 100_000, "a. " * 600, "ÿ" * 2_000, "\n\t ",
        "true", "null", "{}", '{"match_all":{}}', "&&", "||", "!jembatan", "\ufeffjembatan", "𝒋𝒆𝒎𝒃𝒂𝒕𝒂𝒏", "ﬁ", "²",
    ],
)  # fmt: skip
def test_any_query_is_answered_or_refused_with_misuse(store: SearchStore, text: str) -> None:
    fill(store, document())
    try:
        results = store.search(Query(text=text))
    except Misuse as error:
        assert str(error).startswith("query: ")
    else:
        assert results.total in (0, 1)


@pytest.mark.parametrize("text", ["jembatan*", "body:jembatan", "jembata", "jembatan~", "NEAR(jembatan)"])
def test_operators_of_the_engines_are_plain_text(store: SearchStore, text: str) -> None:
    fill(store, document())
    assert found(store, text) == (ids("satu") if text in ("jembatan*", "jembatan~") else [])


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (Query(text='jembatan "baru'), "quote at character 10"),
        (Query(text="x" * (MAX_CHARACTERS + 1)), "characters"),
        (Query(text="kata " * (MAX_TERMS + 1)), "terms"),
        (Query(text="!!!"), "no word"),
        (Query(text="a\ud800"), "Unicode"),
        (Query(site="\ud800"), "Unicode"),
        (Query(entity="\ud800"), "Unicode"),
        (Query(limit=-1), "negative"),
        (Query(offset=-1), "negative"),
        (Query(offset=9_995, limit=10), "10,000"),
        (Query(published_from=NOON.replace(tzinfo=None)), "time zone"),
    ],
)
def test_misuse_is_the_same_everywhere(store: SearchStore, query: Query, says: str) -> None:
    with pytest.raises(Misuse, match=says):
        store.search(query)
