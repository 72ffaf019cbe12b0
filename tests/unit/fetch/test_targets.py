"""workers/fetch/targets.py: URLs on their way to the wire, redirects, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.errors import Permanent
from workers.fetch.targets import MAX_URL, PORTS, follow, parse


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://riau24.com", "https://riau24.com/"),
        ("HTTPS://Riau24.COM:443/Berita/1?b=2&a=1#komentar", "https://riau24.com/Berita/1?b=2&a=1"),
        ("http://a.example:8080/x", "http://a.example:8080/x"),
        ("  \n https://a.example/x \t", "https://a.example/x"),
        ("https://a.example/x\ny", "https://a.example/xy"),  # WHATWG URL: line breaks inside are dropped
        ("https://a.example/judul berita", "https://a.example/judul%20berita"),
        ("https://a.example/%20%zz%", "https://a.example/%20%zz%"),
        ("https://a.example/é?q=ü", "https://a.example/%C3%A9?q=%C3%BC"),
        ("https://a.example\\x\\y", None),
        ("https://a.example/x\\y", "https://a.example/x/y"),
        ("https://a.example?q=1", "https://a.example/?q=1"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://例え.テスト/", "https://xn--r8jz45g.xn--zckzah/"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        ("https://a.example./", "https://a.example/"),
        ("https://my_site.example/", "https://my_site.example/"),
        ("https://user:pass@a.example/x", "https://a.example/x"),
        ("http://[2606:4700::1111]:8080/x", "http://[2606:4700::1111]:8080/x"),
        ("http://[2606:4700:0:0::1111]/", "http://[2606:4700::1111]/"),
    ],
)
def test_readable(url: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(Permanent):
            parse(url)
    else:
        assert parse(url).url == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "riau24.com/feed",
        "//riau24.com/feed",
        "/feed",
        "ftp://a.example/",
        "file:///etc/passwd",
        "data:text/html,x",
        "javascript:alert(1)",
        "mailto:a@b.example",
        "https://",
        "https:///x",
        "https://:80/",
        "https://a.example:0/",
        "https://a.example:99999/",
        "https://a.example:x/",
        "https://a b.example/",
        "https://a..example/",
        "https://.a/",
        "https://[::1",
        "https://[::g]/",
        "https://[fe80::1%25eth0]/",
        "https://a.example/\x00",
        "https://a\x00.example/",
        "https://%61.example/",
        "https://a.example/\ud800",
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 200 + "example/",
        "https://a.example/" + "x" * MAX_URL,
        "https://" + "é" * 300 + "/",
        "https://a.example\\@b.example/",
        "http:a.example",
        "x" * 10_000_000,
        "http://a.example,b.example/",
        "https://*/",
    ],
)
def test_unreadable(url: str) -> None:
    with pytest.raises(Permanent) as caught:
        parse(url)
    assert caught.value.reason == "bad_url"
    assert len(str(caught.value)) < 1_500


def test_messages_hold_no_password() -> None:
    with pytest.raises(Permanent) as caught:
        parse("https://nama:sandi@a b.example/")
    assert "sandi" not in str(caught.value)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/b", "https://a.example/b"),
        ("b?x=1", "https://a.example/x/b?x=1"),
        ("?q", "https://a.example/x/y?q"),
        ("//b.example/z", "https://b.example/z"),
        ("http://b.example", "http://b.example/"),
        ("../../../z", "https://a.example/z"),
        ("/k\xc3\xa9", "https://a.example/k%C3%A9"),
        ("/k\xe9", "https://a.example/k%C3%A9"),
        (" /b \r\n", "https://a.example/b"),
        ("#x", "https://a.example/x/y"),
    ],
)
def test_redirects(location: str, expected: str) -> None:
    assert follow(parse("https://a.example/x/y"), location).url == expected


@given(
    st.text(max_size=80)
    | st.builds("http://{}".format, st.text(max_size=80))
    | st.builds("https://a.example/{}".format, st.text(max_size=80))
)
def test_any_text_is_a_target_or_a_typed_error(text: str) -> None:
    try:
        target = parse(text)
    except Permanent as error:
        assert error.reason == "bad_url"
        return
    assert target.scheme in PORTS
    assert target.url.isascii()
    assert target.url.isprintable()
    assert " " not in target.url
    assert parse(target.url) == target
