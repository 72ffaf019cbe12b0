"""Addresses of an article, its id, and whether an observation is news."""

from __future__ import annotations

import pytest

from workers.errors import Permanent
from workers.identify import Known, addresses, article_id, content_hash, decide
from workers.model import Article, Entry

URL = "https://www.a.test/berita/1"


def article(url: str = URL, final: str = "", canonical: str = "") -> Article:
    return Article(url=url, final_url=final, canonical_url=canonical, title="Judul", body="Satu.\n\nDua.")


@pytest.mark.parametrize(
    ("final", "canonical", "expected"),
    [
        ("", "", ("https://a.test/berita/1",)),
        (URL, "https://a.test/berita/1?utm_source=x", ("https://a.test/berita/1",)),
        ("https://a.test/berita/1-judul", "", ("https://a.test/berita/1-judul", "https://a.test/berita/1")),
        ("", "https://a.test/b/1", ("https://a.test/b/1", "https://a.test/berita/1")),
        ("", "https://news.a.test/b/1", ("https://news.a.test/b/1", "https://a.test/berita/1")),
        ("", "https://thief.example/b/1", ("https://a.test/berita/1",)),
        ("", "https://a.test/", ("https://a.test/berita/1",)),
        ("https://a.test/", "", ("https://a.test/berita/1",)),
        ("", "not an address", ("https://a.test/berita/1",)),
        (
            "https://b.test/x",
            "https://b.test/y",
            ("https://b.test/y", "https://b.test/x", "https://a.test/berita/1"),
        ),
        ("https://b.test/x", "https://a.test/y", ("https://b.test/x", "https://a.test/berita/1")),
    ],
)
def test_addresses(final: str, canonical: str, expected: tuple[str, ...]) -> None:
    assert addresses(article(final=final, canonical=canonical), None) == expected


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000", "localhost", "site.newsroom.test"])
def test_a_claim_counts_on_hosts_under_no_public_suffix(host: str) -> None:
    found = addresses(article(f"http://{host}/x", canonical=f"http://{host}/y"), None)
    assert found == (f"https://{host}/y", f"https://{host}/x")


def test_the_feeds_link_is_an_address_too() -> None:
    entry = Entry(id="e", feed_id="f", url="https://proxy.test/r/77")
    assert addresses(article(), entry) == ("https://a.test/berita/1", "https://proxy.test/r/77")


def test_an_entry_without_a_page_is_named_by_its_feed() -> None:
    assert addresses(article(), Entry(id="e9", feed_id="f1", url=URL, page=False)) == ("feed:f1#e9",)


def test_a_fetched_address_that_is_none_is_refused() -> None:
    with pytest.raises(Permanent, match="not an http"):
        addresses(article("nonsense"), None)
    with pytest.raises(Permanent):
        article_id(())


def test_id_is_made_of_the_first_address() -> None:
    assert article_id(("https://a.test/1", "https://a.test/2")) == article_id(("https://a.test/1",))
    assert article_id(("https://a.test/1",)) != article_id(("https://a.test/2",))
    assert len(article_id(("https://a.test/1",))) == 32


def test_content_hash_sees_words_not_typography() -> None:
    def body_hash(body: str) -> str:
        return content_hash(Article(url=URL, title="J", body=body))

    plain = body_hash('"Naik," kata dia - kemarin.\n\nDua.')
    assert body_hash("“Naik,”  kata\u00a0dia – kemarin.\nDua.") == plain
    assert body_hash('"Turun," kata dia - kemarin.\n\nDua.') != plain
    assert content_hash(Article(url=URL, title="a", body="b c")) != content_hash(
        Article(url=URL, title="a b", body="c")
    )


@pytest.mark.parametrize(
    ("known", "content", "feeds", "decision"),
    [
        (None, "h", {"f"}, "new"),
        (Known(article_id="i", content_hash="h", feeds=frozenset({"f"})), "h", {"f"}, "same"),
        (Known(article_id="i", content_hash="h", feeds=frozenset({"f", "g"})), "h", {"f"}, "same"),
        (Known(article_id="i", content_hash="h", feeds=frozenset({"f"})), "h", {"g"}, "relisted"),
        (Known(article_id="i", content_hash="h", feeds=frozenset({"f"})), "k", {"g"}, "changed"),
    ],
)
def test_decide(known: Known | None, content: str, feeds: set[str], decision: str) -> None:
    assert decide(known, content, frozenset(feeds)) == decision
