"""Addresses of an article, its id, and whether an observation is news."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.errors import Permanent
from workers.identify import Known, addresses, article_id, content_hash, decide, is_poorer, normalise
from workers.model import Article, BodySource, Entry

URL = "https://www.a.test/berita/1"
SLUG = "https://a.test/berita/drainase-jalan-sudirman-diperbaiki"
TITLE = "Drainase Jalan Sudirman Diperbaiki"


def article(url: str = URL, final: str = "", canonical: str = "", title: str = "Judul") -> Article:
    return Article(url=url, final_url=final, canonical_url=canonical, title=title, body="Satu.\n\nDua.")


def listed(title: str = "") -> Entry:
    return Entry(id="e", feed_id="f", url="", title=title)


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
        ("https://b.test/berita/1", "https://b.test/berita/1", ("https://a.test/berita/1",)),
    ],
)
def test_addresses(final: str, canonical: str, expected: tuple[str, ...]) -> None:
    assert addresses(article(final=final, canonical=canonical), None) == expected


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000", "localhost", "site.newsroom.test"])
def test_a_claim_counts_on_hosts_under_no_public_suffix(host: str) -> None:
    found = addresses(article(f"http://{host}/p/7", canonical=f"http://{host}/berita/judul-7"), None)
    assert found == (f"https://{host}/berita/judul-7", f"https://{host}/p/7")


# (asked for, what the page claims though it is none of this article's addresses)
FALSE_CLAIMS = [
    (URL, "https://a.test/berita"),
    (URL, "https://a.test/pages/berita"),
    (URL, "https://a.test/berita-terkini-hari-ini"),
    (URL, "https://a.test/index.php"),
    (URL, "https://a.test/?lang=id"),
    (URL, "https://a.test/berita/9"),
    (URL, "https://a.test/tag/banjir"),
    (SLUG, "https://a.test/berita"),
    (SLUG, "https://a.test/berita/harga-sawit-riau-naik-lagi"),
    (SLUG, "https://a.test/topik/drainase-jalan-sudirman"),
    ("https://a.test/id/a1", "https://a.test/id/"),
    ("https://a.test/id/a1", "https://a.test/id/index.html"),
    ("https://a.test/2026/05/12/berita-baru-riau", "https://a.test/2026/05/12/"),
    ("https://a.test/detail.php?id=1", "https://a.test/detail.php"),
    ("https://a.test/detail.php?id=1&kat=2", "https://a.test/detail.php?kat=2"),
    ("https://a.test/detail-berita?id=1", "https://a.test/detail-berita"),
    ("https://a.test/detail-berita?id=1", "https://a.test/rubrik-riau/detail-berita"),
    ("https://a.test/detail-berita?no=1", "https://a.test/detail-berita"),
    ("https://a.test/read/123456/5-fakta-banjir-riau", "https://a.test/read/123400/5-fakta-banjir-sumbar"),
    ("https://a.test/read/123456/drainase-jalan-rusak", "https://a.test/read/123400/drainase-jalan-sudirman-rusak"),
]


@pytest.mark.parametrize(("asked", "claimed"), FALSE_CLAIMS)
def test_a_claim_that_other_articles_may_share_is_no_address(asked: str, claimed: str) -> None:
    found = addresses(article(asked, canonical=claimed, title=TITLE), listed(TITLE))
    assert found == (normalise(asked),)


@pytest.mark.parametrize(
    "target",
    [
        "https://www.a.test/login",
        "https://a.test/login?next=/berita",
        "https://a.test/akun/masuk.html",
        "https://a.test/404",
        "https://a.test/error/404.html",
        "https://a.test/berita",
        "https://a.test/politik",
        "https://a.test/halaman-tidak-ada-lagi-disini",
        "https://a.test/search?q=drainase",
        "https://consent.example/collect",
        "https://consent.example/berita/1",
    ],
)
@pytest.mark.parametrize("claim", [True, False])
def test_a_redirect_that_other_articles_may_share_is_no_address(target: str, claim: bool) -> None:
    page = article(final=target, canonical=target if claim else "", title="Halaman tidak ada lagi disini")
    assert addresses(page, listed(TITLE)) == ("https://a.test/berita/1",)


# (asked for, after redirects, claimed): three ways in which one article is addressed
TRUE_WAYS = [
    ("https://a.test/p/123", "https://a.test/2026/05/12/drainase-jalan-sudirman-diperbaiki/", ""),
    ("https://a.test/p/123", "https://a.test/berita/123-apa-saja", ""),
    ("https://a.test/?p=123", SLUG, SLUG),
    ("https://a.test/p/987654", "https://a.test/read/123456/drainase-sudirman-diperbaiki", ""),
    ("https://a.test/read/7400000/judul-lama", "", "https://a.test/politik/d-7400000/judul-yang-baru"),
    ("https://a.test/detail.php?id=17", "", "https://a.test/berita/17/judul"),
    ("https://riau.a.test/x/judul-berita-panjang", "", "https://www.a.test/nasional/judul-berita-panjang"),
    (SLUG + "/2", "", SLUG),
    (SLUG + "?entah=12", "", SLUG),
    ("https://a.test/x/tidak-terkait-sama-sekali", "", SLUG),
    ("https://news.google.example/rss/articles/CBMiX", SLUG, SLUG),
    ("https://news.google.example/rss/articles/CBMiX", "https://a.test/b?i=4", SLUG),
]


@pytest.mark.parametrize(("asked", "final", "claimed"), TRUE_WAYS)
@pytest.mark.parametrize("suffix", ["", " - Harian A"])
def test_every_address_of_one_article_is_kept(asked: str, final: str, claimed: str, suffix: str) -> None:
    found = addresses(article(asked, final, claimed, title=TITLE), listed(TITLE + suffix))
    assert set(found) == {normalise(url) for url in (asked, final, claimed) if url}
    assert found[0] == normalise(claimed or final)


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("https://consent.example/collect/v2", "page"),
        ("https://consent.example/collect/v2", "feed"),
        ("https://a.test/politik", "page"),
        ("https://a.test/maaf-ada-gangguan-teknis", "feed"),
    ],
)
def test_the_feeds_title_given_to_a_page_without_one_proves_nothing(target: str, source: BodySource) -> None:
    page = msgspec.structs.replace(article(final=target, title=TITLE), body_source=source)
    assert addresses(page, listed(TITLE)) == (normalise(URL),)


def test_a_short_link_without_a_title_in_the_feed_is_known_by_the_pages() -> None:
    assert SLUG in addresses(article("https://a.test/p/1", final=SLUG, title=TITLE), None)


@settings(max_examples=200, deadline=None)
@given(
    one=st.text(alphabet="ab1-/.?=&id", max_size=12),
    final=st.text(alphabet="ab1-/.?=&id", max_size=12),
    claimed=st.text(alphabet="ab1-/.?=&id", max_size=12),
)
def test_the_address_asked_for_is_always_one(one: str, final: str, claimed: str) -> None:
    page = article(f"https://a.test/{one}", f"https://a.test/{final}", f"https://a.test/{claimed}")
    found = addresses(page, None)
    assert normalise(page.url) in found
    assert all(normalise(url) == url for url in found)
    assert len(set(found)) == len(found)


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
        (Known(article_id="i", content_hash="h", feeds=frozenset({"f"}), gone=True), "h", {"f"}, "returned"),
        (Known(article_id="i", content_hash="h", feeds=frozenset({"f"}), gone=True), "k", {"f"}, "changed"),
        (Known(article_id="i", content_hash="h", feeds=frozenset({"f"})), "k", {"g"}, "changed"),
    ],
)
def test_decide(known: Known | None, content: str, feeds: set[str], decision: str) -> None:
    assert decide(known, content, frozenset(feeds)) == decision


@pytest.mark.parametrize(
    ("body_source", "access", "poorer"),
    [("page", "full", False), ("page", "paywall", True), ("feed", "full", True), ("feed", "snippet", True)],
)
def test_less_of_the_text_is_no_news(body_source: str, access: str, poorer: bool) -> None:
    seen = Article(url="https://a.test/a", body_source=body_source, access=access)  # type: ignore[arg-type]
    assert is_poorer(seen, Article(url="https://a.test/a")) is poorer
    assert not is_poorer(seen, seen)


@pytest.mark.parametrize(
    ("body", "pages", "title", "poorer"),
    [
        ("satu", 1, "T", True),
        ("satu\n\ndua", 2, "T", True),
        ("satu\n\ndua\n\ntiga", 3, "T", False),  # as many pages, and no fewer words
        ("satu\n\ntiga", 3, "T", False),  # the publisher cut something
        ("satu\n\nbaru", 2, "T", False),  # an edit: newer, though pages are missing
        ("satu", 1, "Judul baru", False),
    ],
)
def test_missing_pages_are_no_news_and_an_edit_is(body: str, pages: int, title: str, poorer: bool) -> None:
    stored = Article(url="https://a.test/a", title="T", body="satu\n\ndua\n\ntiga", pages=3, incomplete=True)
    seen = Article(url="https://a.test/a", title=title, body=body, pages=pages, incomplete=True)
    assert is_poorer(seen, stored) is poorer
    assert not is_poorer(stored, seen)
