"""Readers' comments are never the article, also when the page has no other text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workers.errors import Permanent
from workers.extract import Sites, extract
from workers.model import Entry, Page
from workers.runtime.settings import PROJECT

NOW = datetime(2026, 3, 2, tzinfo=UTC)
URL = "https://harian.test/a"
REMARKS = "".join(
    f"<div class=item><b>pembaca{n}</b><p>Semoga lekas diperbaiki, jalan itu sudah lama rusak {n}.</p></div>"
    for n in range(9)
)
TEXT = "<p>" + "Pemerintah kota memperbaiki jalan yang rusak sejak musim hujan tahun lalu. " * 4 + "</p>"


def page(body: str) -> Page:
    html = f"<html><head><title>Jalan diperbaiki</title></head><body><h1>Jalan diperbaiki</h1>{body}</body></html>"
    return Page(url=URL, final_url=URL, status=200, headers={}, body=html.encode(), fetched_ms=1)


def extracted(body: str, content: str = "") -> str:
    entry = Entry(id="e", feed_id="f", url=URL, title="Jalan diperbaiki", content=content)
    return extract(page(body), entry, now=NOW, max_chars=100_000, sites=Sites.load(PROJECT / "config")).body


@pytest.mark.parametrize("name", ["komentar", "comments", "disqus_thread"])
def test_comments_alone_give_way_to_the_feeds_text(name: str) -> None:
    assert "Pemerintah kota" in extracted(f"<div id={name}>{REMARKS}</div>", content=TEXT)


def test_comments_alone_are_no_article() -> None:
    with pytest.raises(Permanent):
        extracted(f"<section class=comments>{REMARKS}</section>")


@pytest.mark.parametrize("name", ["content responsive", "post comments-open"])
def test_an_article_in_a_box_with_a_like_name_is_kept(name: str) -> None:
    other = TEXT.replace("Pemerintah kota", "Warga setempat juga")
    body = extracted(f'<div class="{name}">{TEXT}{other}</div>')
    assert "Pemerintah kota" in body and "Warga setempat" in body
