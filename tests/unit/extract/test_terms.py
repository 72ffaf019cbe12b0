"""Paywalls, teasers, and what robots are asked not to do."""

# ruff: noqa: E501 - one case a line

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.unit.extract.conftest import PARAGRAPHS, URL, page_of, text_page
from workers.model import Article, Entry

Read = Callable[..., Article]


def node(**fields: object) -> str:
    value = {"@type": "NewsArticle", "headline": "Jembatan Siak IV dibuka kembali", **fields}
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


PART = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".isi"}


@pytest.mark.parametrize(
    ("head", "block", "expected"),
    [
        ("", "", "full"),
        (node(isAccessibleForFree=False), "", "paywall"),
        (node(isAccessibleForFree="False"), "", "paywall"),
        (node(isAccessibleForFree="http://schema.org/False"), "", "paywall"),
        (node(isAccessibleForFree=True), "", "full"),
        (node(hasPart=PART), "", "paywall"),
        (node(isAccessibleForFree=False, hasPart=[PART]), "", "paywall"),
        ('<meta property="article:content_tier" content="locked">', "", "paywall"),
        ('<meta property="article:content_tier" content="free">', "", "full"),
        ("", '<div class="paywall-notice"><p>Silakan berlangganan untuk melanjutkan membaca.</p></div>', "paywall"),
        ("", "<div><p>Artikel ini khusus untuk <b>pelanggan</b> Kabar Lokal.</p></div>", "paywall"),
        ("", "<p>Untuk melanjutkan membaca, silakan masuk atau berlangganan.</p>", "paywall"),
        ("", "<p>Subscribe to continue reading this article.</p>", "paywall"),
        (
            "",
            '<div class="paywall" style="display: none"><p>Silakan berlangganan untuk melanjutkan membaca.</p></div>',
            "full",
        ),
        ("", "<p>Subscribe to our newsletter for daily updates.</p>", "full"),
        ("", "<p>Pelanggan PLN di Rumbai diminta menghemat listrik.</p>", "full"),
        (node(isAccessibleForFree=True), "<p>Subscribe to continue reading on any device.</p>", "full"),
    ],
)
def test_walls_are_noticed(read: Read, head: str, block: str, expected: str) -> None:
    body = text_page(head=head).replace(b"<footer>", f"{block}<footer>".encode())
    assert read(body).access == expected


def test_a_text_that_breaks_off_is_a_teaser(read: Read) -> None:
    for end in ("…", "...", " [...]", "... Baca selengkapnya"):
        body = page_of(
            f"<h1>Jembatan Siak IV dibuka kembali</h1><div><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[1][:-1]}{end}</p></div>"
        )
        assert read(body).access == "snippet", end
    long = "".join(f"<p>{p}</p>" for p in PARAGRAPHS * 4)
    assert (
        read(page_of(f"<h1>Jembatan Siak IV dibuka kembali</h1><div>{long}<p>Bersambung ...</p></div>")).access
        == "full"
    )


def test_a_feeds_summary_is_a_teaser(read: Read) -> None:
    entry = Entry(id="e", feed_id="f", url=URL, title="Jembatan", summary=" ".join(PARAGRAPHS[:3]))
    article = read(page_of("<h1>Jembatan</h1>"), entry)
    assert (article.body_source, article.access, article.timezone) == ("feed", "snippet", "Asia/Jakarta")


@pytest.mark.parametrize(
    ("head", "headers", "expected"),
    [
        ("", {}, ()),
        ('<meta name="robots" content="index, follow, max-image-preview:large">', {}, ()),
        ('<meta name="robots" content="noindex,nofollow">', {}, ("noindex", "nofollow")),
        ('<meta name="ROBOTS" content="NONE">', {}, ("noindex", "nofollow")),
        ('<meta name="robots" content="noai, noimageai">', {}, ("noai", "noimageai")),
        (
            '<meta name="robots" content="noarchive">',
            {"x-robots-tag": "noarchive, nosnippet"},
            ("noarchive", "nosnippet"),
        ),
        ("", {"x-robots-tag": "noindex"}, ("noindex",)),
        ("", {"x-robots-tag": "googlebot: noindex, nofollow"}, ()),
        ("", {"x-robots-tag": "googlebot: noindex, *: noarchive"}, ("noarchive",)),
        (
            "",
            {"x-robots-tag": "unavailable_after: 25 Jun 2026 15:00:00 WIB"},
            ("unavailable_after: 25 jun 2026 15:00:00 wib",),
        ),
        ('<meta name="robots" content="max-snippet:0">', {}, ("max-snippet:0",)),
        ('<meta name="tdm-reservation" content="1">', {}, ("tdm-reservation",)),
        ('<meta name="tdm-reservation" content="0">', {}, ()),
        ("", {"tdm-reservation": "1"}, ("tdm-reservation",)),
        ('<meta name="robots" content="' + "noai," * 500 + '">', {"x-robots-tag": "x:" * 50_000}, ("noai",)),
    ],
)
def test_what_robots_are_asked(read: Read, head: str, headers: dict[str, str], expected: tuple[str, ...]) -> None:
    assert read(text_page(head=head), headers=headers).restrictions == expected
