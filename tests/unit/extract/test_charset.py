"""Bytes to text: declarations are claims."""

from __future__ import annotations

import pytest

from workers.extract.charset import decode

WORDS = "Café Señor – “kata” ﬁ"
META = '<meta charset="{}">'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (WORDS.encode(), ""),
        (WORDS.encode(), "text/html; charset=iso-8859-1"),
        ((META.format("windows-1252") + WORDS).encode(), "text/html"),
        (b"\xef\xbb\xbf" + WORDS.encode(), "text/html; charset=latin1"),
        (b"\xff\xfe" + WORDS.encode("utf-16-le"), ""),
        (b"\xfe\xff" + WORDS.encode("utf-16-be"), ""),
        (WORDS.encode(), "text/html; charset=utf-7"),
        (WORDS.encode(), 'text/html; charset="no such"'),
    ],
)
def test_wrong_and_missing_declarations_survive(body: bytes, content_type: str) -> None:
    assert decode(body, content_type).endswith(WORDS)


@pytest.mark.parametrize(
    "name", ["windows-1252", "iso-8859-1", "gb2312", "shift_jis", "koi8-r", "euc-kr", "iso-8859-2"]
)
@pytest.mark.parametrize("where", ["header", "meta"])
def test_right_declarations_are_followed(name: str, where: str) -> None:
    samples = {
        "gb2312": "中文新闻报道",
        "shift_jis": "日本語の記事",
        "koi8-r": "Новости",
        "euc-kr": "한국어",
        "iso-8859-2": "Łódź",
    }
    text = samples.get(name, "Señor café“" if name == "windows-1252" else "Señor café")
    body = (META.format(name) + text if where == "meta" else text).encode(name)
    assert decode(body, f"text/html; charset={name}" if where == "header" else "").endswith(text)


def test_damage_is_kept_small() -> None:
    body = ("kata baik é " * 500).encode() + b"\xff\xfe"
    assert decode(body, "text/html; charset=utf-8").count("\ufffd") == 2
    assert decode(b"\xff\x81\x8d" * 10, "text/html; charset=base64")
