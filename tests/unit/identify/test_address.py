"""What counts as one address, and what must stay two."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.errors import Permanent
from workers.identify import normalise, registrable_domain

PLAIN = "https://riau24.com/berita/baca/1700000000-harga-sawit-naik"


@pytest.mark.parametrize(
    "variant",
    [
        "http://riau24.com/berita/baca/1700000000-harga-sawit-naik",
        "https://www.riau24.com/berita/baca/1700000000-harga-sawit-naik/",
        "https://m.riau24.com/berita/baca/1700000000-harga-sawit-naik",
        "https://amp.riau24.com/berita/baca/1700000000-harga-sawit-naik",
        "https://www.riau24.com/amp/berita/baca/1700000000-harga-sawit-naik",
        "https://riau24.com/berita/baca/1700000000-harga-sawit-naik/amp/",
        "https://riau24.com/berita/baca/1700000000-harga-sawit-naik?amp=1",
        "https://riau24.com/berita/baca/1700000000-harga-sawit-naik?utm_source=rss&utm_medium=feed",
        "https://riau24.com/berita/baca/1700000000-harga-sawit-naik?fbclid=IwAR0&gclid=x",
        "https://riau24.com/berita/baca/1700000000-harga-sawit-naik?page=all",
        "https://riau24.com/berita/baca/1700000000-harga-sawit-naik#komentar",
        "HTTPS://RIAU24.COM:443/berita//baca/./x/../1700000000-harga-sawit-naik",
        "http://riau24.com:80/berita/baca/1700000000-harga-sawit-%6Eaik",
        "//riau24.com/berita/baca/1700000000-harga-sawit-naik",
        " https://riau24.com/berita/baca/1700000000-\nharga-sawit-naik\t",
        "https://reader:secret@riau24.com./berita/baca/1700000000-harga-sawit-naik",
        "https://riau24.com/print/berita/baca/1700000000-harga-sawit-naik",
        "https://riau24.com/index.php/berita/baca/1700000000-harga-sawit-naik",
        "https://riau24.com/berita/baca/1700000000-harga-sawit-naik/page/2",
        "https://riau24.com/berita/baca/1700000000-harga-sawit-naik?print=1",
        "https://riau24.com/berita/baca/1700000000-harga-sawit-naik?rss=1&from=rss&utm=1",
        "https://riau24.com/berita/baca/1700000000-harga-sawit-naik;jsessionid=AB12",
        "https://riau24.com/berita/baca/1700000000-harga-sawit-naik?PHPSESSID=AB12",
        "https://riau24.com/berita/baca/1700000000-harga-sawit-naik?source=12&page=2&at_id=3",
    ],
)
def test_variants_of_one_article_are_one(variant: str) -> None:
    assert normalise(variant) == PLAIN


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.test/read?id=1", "https://a.test/read?id=2"),
        ("https://a.test/?p=1", "https://a.test/?p=2"),
        ("https://a.test/?12", "https://a.test/?13"),
        ("https://a.test/read?cid=4&id=1", "https://a.test/read?cid=5&id=1"),
        ("https://news.a.test/x", "https://sport.a.test/x"),
        ("https://a.test/amp", "https://a.test/"),
        ("https://a.test/X", "https://a.test/x"),
        ("https://a.test:8080/x", "https://a.test/x"),
        ("https://a.test/a%2Fb", "https://a.test/a/b"),
        ("https://a.test/read?x=a%26b=c", "https://a.test/read?x=a&b=c"),
        ("https://a.test/#!/1", "https://a.test/#!/2"),
        ("https://m.com/x", "https://com/x"),
        ("https://a.test/x.html", "https://a.test/x"),
        ("https://a.test/index.php?page=12", "https://a.test/index.php?page=13"),
        ("https://a.test/index.php?halaman=12", "https://a.test/index.php?halaman=13"),
        ("https://a.test/berita.php?page=3&kat=2", "https://a.test/berita.php?page=4&kat=2"),
        ("https://a.test/read?page=3", "https://a.test/read?page=4"),
        ("https://a.test/?page=3", "https://a.test/?page=4"),
        ("https://a.test/v?source=12", "https://a.test/v?source=13"),
        ("https://a.test/view?feature=12", "https://a.test/view?feature=13"),
        ("https://a.test/a.html?at_id=1", "https://a.test/a.html?at_id=2"),
        ("https://a.test/print.php?print=12", "https://a.test/print.php?print=13"),
        ("https://a.test/read/page/12", "https://a.test/read/page/13"),
        ("https://a.test/page/12", "https://a.test/page/13"),
        ("https://a.test/rute?from=riau", "https://a.test/rute?from=jambi"),
        ("https://a.test/print", "https://a.test/"),
        ("https://a.test/caf%E9", "https://a.test/caf%E8"),
    ],
)
def test_different_articles_differ(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("http://127.0.0.1:8080/x/", "https://127.0.0.1:8080/x"),
        ("http://[::1]:80/x", "https://[::1]/x"),
        ("http://site-3.newsroom.test/a?b=2&a=1", "https://site-3.newsroom.test/a?a=1&b=2"),
        ("https://bücher.de/straße?q=ä", "https://xn--bcher-kva.de/stra%C3%9Fe?q=%C3%A4"),
        ("https://a.test", "https://a.test/"),
        ("https://a.test/cafe%CC%81", "https://a.test/caf%C3%A9"),
        ("https://a.test/cafe\u0301?q=e\u0301", "https://a.test/caf%C3%A9?q=%C3%A9"),
        ("https://a.test/x?b=1&amp;a=2&amp;amp;c=3", "https://a.test/x?a=2&b=1&c=3"),
        ("https://a.test/a;jsessionid=1/b;v=2", "https://a.test/a/b;v=2"),
        ("https://a.test/detail.php?id=5&page=2", "https://a.test/detail.php?id=5"),
        ("https://a.test/?p=5&from=rss", "https://a.test/?p=5"),
        ("https://a.test/100%", "https://a.test/100%25"),
        ("https://m.blogspot.com/x", "https://m.blogspot.com/x"),
        ("https://www.go.id/x", "https://www.go.id/x"),
    ],
)
def test_spelling(given_url: str, expected: str) -> None:
    assert normalise(given_url) == expected


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        " ",
        "riau24.com/x",
        "/berita/1",
        "ftp://a.test/x",
        "javascript:alert(1)",
        "mailto:a@a.test",
        "data:text/html,x",
        "https://",
        "https:///x",
        "https://a..b/x",
        "https://a b/x?" + "y" * 5_000,
        "https://a.test:99999/",
        "https://[::1/x",
        "https://-_,/",
        "https://\udcff/",
        "https://" + "a" * 300 + ".test/",
        "https://" + "ä" * 100 + ".test/",
    ],
)
def test_nonsense_is_refused_by_name(nonsense: str) -> None:
    with pytest.raises(Permanent) as caught:
        normalise(nonsense)
    assert caught.value.reason == "bad_url"


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://regional.kompas.com/read", "kompas.com"),
        ("https://www.bbc.co.uk/", "bbc.co.uk"),
        ("https://berita.jakarta.go.id/", "jakarta.go.id"),
        ("https://one.blogspot.com/", "one.blogspot.com"),
        ("http://10.0.0.1:8000/x", "10.0.0.1"),
        ("http://[::1]/x", "[::1]"),
        ("http://a.newsroom.test/x", "newsroom.test"),
        ("http://localhost:8000/x", "localhost"),
        ("nonsense", ""),
        ("https://[bad/x", ""),
    ],
)
def test_registrable_domain(url: str, domain: str) -> None:
    assert registrable_domain(url) == domain


@pytest.mark.parametrize(
    "parameter",
    [
        "msclkid=1",
        "clickid=2",
        "rb_clickid=3",
        "wickedid=4",
        "ads_id=5",
        "gs_lp=6",
        "ml_subscriber=7",
        "aff=8",
        "affiliate=a",
        "aff_id=9",
        "s_cid=b",
        "_openstat=c",
        "guccounter=1",
        "guce_referrer=d",
        "li_fat_id=e",
        "epik=f",
        "traffic_source=g",
        "int_source=h",
        "sr_share=i",
        "zanpid=j",
        "soc_src=k",
        "utm_id=l",
        "fbclid=m",
        "ysclid=n",
        "_hsenc=o",
    ],
)
def test_tracking_parameters_go(parameter: str) -> None:
    assert normalise(f"{PLAIN}?{parameter}") == PLAIN


@pytest.mark.parametrize("name", ["cid", "eid", "uid", "sid", "keyword", "session", "kanal", "affair", "adsl"])
def test_parameters_that_may_name_an_article_stay(name: str) -> None:
    assert normalise(f"https://a.test/read?{name}=1") != normalise(f"https://a.test/read?{name}=2")


PIECES = ["amp;", "/page/2", "/print/", "/index.php/", ";jsessionid=", "page=2", "id=1", "%CC%81", "\u037e", "\u212a"]
CHARACTERS = list("aZ0-._~%/?#&=+:;@!$'()*,[]{}| äé漢\u0301\u1fef\u200b\udcff\x00amphtl2eEfF")
ODD = st.lists(st.sampled_from(CHARACTERS + PIECES), max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(
    path=ODD,
    query=ODD,
    host=st.sampled_from(["a.test", "www.a.test", "m.www.detik.com", "127.0.0.1:8000", "www.com"]),
)
def test_normalising_again_changes_nothing(path: str, query: str, host: str) -> None:
    try:
        once = normalise(f"http://{host}/{path}?{query}")
    except Permanent:
        return
    assert normalise(once) == once
    assert once.isascii()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gives_an_address_or_a_typed_error(text: str) -> None:
    for candidate in (text, "https://" + text):
        try:
            assert normalise(candidate).startswith("https://")
        except Permanent as refused:
            assert refused.reason == "bad_url"


@settings(max_examples=100, deadline=None)
@given(number=st.integers(1, 10**9), other=st.integers(1, 10**9), site=st.sampled_from(["a.test", "x.co.id"]))
def test_numbers_in_addresses_tell_articles_apart(number: int, other: int, site: str) -> None:
    same = number == other
    for shape in ("https://{}/read/{}/judul", "https://{}/?p={}", "https://{}/d-{}/judul-berita?single=1"):
        assert (normalise(shape.format(site, number)) == normalise(shape.format(site, other))) is same
