"""Both stores asked the same: random queries of the whole language over the same articles.

What stems decide may differ (the two stemmers are not one), so the words here are such that every stemmer leaves them
alone; then the two must find the very same articles, whatever is typed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.documents import NOON, article
from tests.contract.search_stores import fill
from workers.errors import Misuse
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.sqlite import SqliteStore
from workers.model import Document, Query, digest
from workers.ports import SearchStore

CONFIG = Path(__file__).resolve().parents[2] / "config"
PLAIN = """
gempa banjir jembatan gubernur polisi hutan harga beras cabai kota desa sungai laut kapal guru buku hakim KPK AS MK DPRD
Riau Jambi Solo café naïve Erdoğan Jum'at Jum’at COVID-19 Jong-un 2026 1.500 38,5 B20 riau24.com AT&T the of to dan di
"""
ODD = """
日本 記事 Москва القاهرة हिन्दी ไทย 한국어 ﾆﾎﾝ 😀 🇮🇩 ﬁ ß İ ǅ ﷺ Ⅷ ² ½ m³ ①
e\u0301lite a\u200db x\u00adyz in\u2019t ١٢٣
"""
WORDS = [*PLAIN.split(), *ODD.split()]
NAMES = ("Joko Widodo", "Siti Rahma", "KPK", "São Paulo", "Pekanbaru", "Kim Jong-un")
SITES = ("riau.test", "jambi.test", "a-b.test")
SIGNS = [*"-\"“”()*~^:+\\/'{}\x00\t!", "OR", "AND", "NOT", "&&"]
DOCUMENTS, QUERIES = 150, 400


def articles(chance: random.Random) -> Iterator[Document]:
    """Yield articles of a few words each, so that many queries find some of them."""
    for number in range(DOCUMENTS):
        original = digest(f"n{number - 1}") if number % 9 == 5 else None
        yield article(
            f"n{number}",
            " ".join(chance.choices(WORDS, k=25)),
            title=" ".join(chance.choices(WORDS, k=4)),
            lead=" ".join(chance.choices(WORDS, k=8)),
            site=chance.choice(SITES),
            section=chance.choice(("Daerah", "ekonomi", "")),
            language=chance.choice(("id", "id", "en", "en-GB", "")),
            people=tuple(chance.sample(NAMES, 2)),
            organisations=tuple(chance.sample(NAMES, 1)),
            authors=tuple(chance.sample(NAMES, 1)),
            tags=tuple(chance.sample(WORDS, 2)),
            duplicate_of=original,
            published_at=NOON + timedelta(hours=chance.randrange(-3_000, 3_000)),
        )


def typed(chance: random.Random) -> str:
    """Return a query: mostly well-formed, some garbage, some huge."""
    kind = chance.random()
    if kind < 0.08:
        return "".join(chance.choices([*SIGNS, *WORDS, " ", " "], k=chance.randrange(1, 12)))
    if kind < 0.1:
        return " ".join(chance.choices(WORDS, k=chance.choice((60, 64, 65, 300)))) * chance.choice((1, 1, 10))
    terms = [_term(chance) for _ in range(chance.randrange(1, 5))]
    joined = [terms[0]]
    for term in terms[1:]:
        joined += [chance.choice(("", "", "", "OR", "AND", "NOT")), term]
    text = " ".join(filter(None, joined))
    return f"({text})" if chance.random() < 0.05 else text


def _term(chance: random.Random) -> str:
    word, other, day = chance.choice(WORDS), chance.choice(WORDS), chance.randrange(1, 29)
    site = chance.choice((*SITES, "www.riau.test", "https://jambi.test/a?b"))
    forms = (
        word, word, word.upper(), f'"{word} {other}"', f"“{word}”", f"{word}-{other}", f"judul:{word}",
        f'judul:"{word} {other}"', f'orang:"{chance.choice(NAMES)}"', "lembaga:kpk", "lembaga:KPK", "org:sao",
        f"site:{site}", "rubrik:daerah", "rubrik:EKONOMI", f"tag:{word}", "bahasa:id", "bahasa:en", "site:",
        f"sejak:2026-03-{day:02}", f"sampai:{day}/3/2026", f"sebelum:2026-0{day % 9 + 1}", f"after:{word}",
    )  # fmt: skip
    return "-" * (chance.random() < 0.2) + chance.choice(forms)


def answer(store: SearchStore, query: Query) -> list[str] | str:
    """Return the ids in no order, or what is wrong with the query."""
    try:
        results = store.search(query)
    except Misuse as error:
        return str(error)
    assert results.total == len(results.hits)
    return sorted(hit.id for hit in results.hits)


@pytest.mark.elasticsearch
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize(
    ("seed", "number"), [(1, QUERIES), pytest.param(2, 10_000, marks=pytest.mark.slow)], ids=["some", "many"]
)
def test_both_stores_find_the_same(
    tmp_path: Path, elasticsearch_store: ElasticsearchStore, seed: int, number: int
) -> None:
    chance = random.Random(seed)
    embedded = SqliteStore(path=tmp_path / "search.sqlite", config_dir=CONFIG)
    documents = list(articles(chance))
    for store in (embedded, elasticsearch_store):
        fill(store, *documents)
    found = refused = 0
    different = {}
    for _ in range(number):
        query = Query(text=typed(chance), limit=DOCUMENTS, fold=chance.random() < 0.3, suggest=chance.random() < 0.1)
        one, other = answer(embedded, query), answer(elasticsearch_store, query)
        found, refused = found + bool(one), refused + isinstance(one, str)
        if one != other:
            different[query.text] = one, other
    embedded.close()
    assert different == {}
    assert found > number / 2
    assert number / 50 < refused < number / 2
