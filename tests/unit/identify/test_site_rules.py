"""What one site does with its addresses: the shipped rules, and mistakes in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.errors import Misuse, Permanent
from workers.extract import Sites
from workers.identify import AddressRules, addresses, article_id, normalise
from workers.model import Article, Entry

SHIPPED = Sites.load(Path(__file__).parents[3] / "config").addresses
ONE_ARTICLE = [
    (
        "https://news.detik.com/berita/d-7654321/warga-menanam-bakau",
        "https://m.detik.com/news/berita/d-7654321/warga-menanam-bakau?single=1",
        "https://news.detik.com/berita/d-7654321/warga-menanam-bakau/2",
        "https://news.detik.com/berita/d-7654321/judul-yang-diubah?mtype=mpc.ctr.A",
        "https://www.detik.com/sumut/berita/d-7654321/warga-menanam-bakau/amp",
    ),
    (
        "https://regional.kompas.com/read/2025/09/04/101500178/warga-menanam-bakau",
        "https://amp.kompas.com/regional/read/2025/09/04/101500178/warga-menanam-bakau",
        "https://regional.kompas.com/read/2025/09/04/101500178/warga-menanam-bakau?page=all#page2",
        "https://regional.kompas.com/read/2025/09/04/101500178/warga-menanam-bakau?lgn_method=google",
    ),
    (
        "https://pekanbaru.tribunnews.com/2025/09/04/warga-menanam-bakau",
        "https://pekanbaru.tribunnews.com/amp/2025/09/04/warga-menanam-bakau?page=2",
        "https://amp.tribunnews.com/pekanbaru/2025/09/04/warga-menanam-bakau?s=paging_new",
    ),
    (
        "https://www.cnnindonesia.com/nasional/20250904101500-20-1268001/warga-menanam-bakau",
        "https://www.cnnindonesia.com/nasional/20250904101500-20-1268001/warga-menanam-bakau/2",
        "https://m.cnnindonesia.com/nasional/20250904101500-20-1268001/warga-menanam-bakau/amp",
    ),
    (
        "https://www.liputan6.com/news/read/6150001/warga-menanam-bakau",
        "https://m.liputan6.com/amp/6150001/warga-menanam-bakau",
    ),
    ("https://nasional.tempo.co/read/1980001/warga-menanam", "https://nasional.tempo.co/amp/1980001/warga-menanam"),
    (
        "https://news.okezone.com/read/2025/09/04/340/3160001/warga-menanam-bakau",
        "https://news.okezone.com/amp/2025/09/04/340/3160001/warga-menanam-bakau",
    ),
]


def folded(url: str, rules: AddressRules = SHIPPED) -> str:
    return rules.fold(normalise(url))


@pytest.mark.parametrize("spellings", ONE_ARTICLE)
def test_all_addresses_of_an_article_are_folded_into_one(spellings: tuple[str, ...]) -> None:
    assert len({folded(url) for url in spellings}) == 1


def test_articles_stay_apart() -> None:
    firsts = [spellings[0] for spellings in ONE_ARTICLE]
    others = [url.replace("1", "2").replace("bakau", "jati") for url in firsts]
    assert len({folded(url) for url in [*firsts, *others]}) == 2 * len(firsts)
    bureaus = {folded(f"https://{host}.antaranews.com/berita/400001/warga") for host in ("riau", "jambi", "www")}
    assert len(bureaus) == 3
    fronts = ("https://www.detik.com/", "https://news.detik.com/", "https://www.detik.com/tag/bakau")
    assert len({folded(url) for url in fronts}) == 3


@settings(max_examples=200, deadline=None)
@given(
    host=st.sampled_from(
        ["detik.com", "m.kompas.com", "x.tribunnews.com", "liputan6.com", "a.tempo.co", "okezone.com"]
    ),
    path=st.lists(st.sampled_from(["read", "amp", "d-1234567", "123456", "2025", "09", "04", "a-b", "%2F", "é"])),
    query=st.text(max_size=20),
)
def test_folding_again_changes_nothing(host: str, path: list[str], query: str) -> None:
    try:
        address = normalise(f"https://{host}/{'/'.join(path)}?{query}")
    except Permanent:
        return
    assert SHIPPED.fold(SHIPPED.fold(address)) == SHIPPED.fold(address)


def test_the_id_is_made_under_the_rules_and_every_address_stays_known() -> None:
    asked, claimed = ONE_ARTICLE[0][1], ONE_ARTICLE[0][0]
    article = Article(url=asked, canonical_url=claimed, title="Warga Menanam Bakau", body="Satu.")
    entry = Entry(id="e", feed_id="f", url=asked, title="Warga Menanam Bakau")
    found = addresses(article, entry, SHIPPED)
    assert found == (folded(asked), normalise(claimed), normalise(asked))
    other = Article(url=ONE_ARTICLE[0][3], title="Warga Menanam Bakau", body="Satu.")
    assert article_id(addresses(other, None, SHIPPED)) == article_id(found)
    assert addresses(article, entry) == (normalise(claimed), normalise(asked))


def test_own_rules() -> None:
    rules = AddressRules(
        {"a.test": {"only": ["id"]}, "b.test": {"noise": ["sort", "tab=.*"]}, "c.test": {"rewrite": [["^c", "www.d"]]}}
    )
    assert folded("https://x.a.test/read?id=4&kanal=2", rules) == "https://x.a.test/read?id=4"
    assert folded("https://b.test/read?sort=x&tab=foto&tabel=1", rules) == "https://b.test/read?tabel=1"
    assert folded("https://c.test/read", rules) == "https://d.test/read"
    assert folded("https://e.test/read?id=4&kanal=2", rules) == "https://e.test/read?id=4&kanal=2"
    broken = AddressRules({"a.test": {"rewrite": [["^.*$", ""]]}})
    assert folded("https://a.test/x", broken) == "https://a.test/x"


@pytest.mark.parametrize(
    "table",
    [
        {"hosts": []},
        [],
        {"only": "id"},
        {"only": [1]},
        {"noise": ["("]},
        {"noise": "x"},
        {"rewrite": ["x"]},
        {"rewrite": [["x"]]},
        {"rewrite": [["(", "x"]]},
        {"rewrite": [["x", 1]]},
        {"rewrite": [["x", "\\1"]]},
    ],
)
def test_mistakes_are_named(tmp_path: Path, table: Any) -> None:
    with pytest.raises(Misuse, match=r"a\.test"):
        AddressRules({"a.test": table})
    (tmp_path / "sites.toml").write_text("[address.'a.test']\nhost = 1\n")
    with pytest.raises(Misuse, match=r"sites\.toml.*a\.test"):
        Sites.load(tmp_path)
