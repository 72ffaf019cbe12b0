"""Title, authors, dates, language, addresses: from every source pages use."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.unit.extract.conftest import NOW, PARAGRAPHS, URL, page_of, text_page
from workers.model import Article, Entry

Read = Callable[..., Article]


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{value if isinstance(value, str) else json.dumps(value)}</script>'


DAY_ONLY = '<meta name="pubdate" content="2025-09-04">'
NODE = {
    "@type": "NewsArticle",
    "headline": "Jembatan Siak IV dibuka kembali",
    "datePublished": "2025-09-04T14:05:33+07:00",
    "dateModified": "2025-09-04T15:00:00+07:00",
    "author": [{"@type": "Person", "name": "Ani Wulandari"}, {"@type": "Organization", "name": "Kabar Lokal"}],
    "articleSection": "Riau",
    "keywords": ["jembatan", "Pekanbaru"],
    "image": {"@type": "ImageObject", "url": "/foto/1.jpg"},
}


@pytest.mark.parametrize(
    "script",
    [
        ld(NODE),
        ld([NODE]),
        ld({"@graph": [{"@type": "WebSite", "name": "Kabar Lokal"}, NODE]}),
        ld(json.dumps(NODE)[:-1] + ",}"),
        ld("<!-- " + json.dumps(NODE) + " -->"),
        ld("//<![CDATA[\n" + json.dumps(NODE) + "\n//]]>"),
        ld(json.dumps(NODE).replace("dibuka kembali", "dibuka\nkembali")),
        ld("{broken") + ld(NODE),
        ld({**NODE, "@type": ["Article", "NewsArticle"]}),
    ],
)
def test_linked_data_in_all_its_shapes(read: Read, script: str) -> None:
    article = read(text_page(head=script))
    assert article.published_at == datetime(2025, 9, 4, 7, 5, 33, tzinfo=UTC)
    assert article.published_at_source == "jsonld"
    assert article.modified_at == datetime(2025, 9, 4, 8, 0, tzinfo=UTC)
    assert article.authors == ("Ani Wulandari",)
    assert (article.section, article.tags) == ("Riau", ("jembatan", "Pekanbaru"))
    assert article.image == "https://www.kabarlokal.test/foto/1.jpg"


@pytest.mark.parametrize(
    ("head", "line", "moment", "source"),
    [
        ('<meta property="og:published_time" content="2025-09-04T14:05:33+07:00">', "", "2025-09-04T07:05:33", "meta"),
        ('<meta name="pubdate" content="2025-09-04 14:05:33">', "", "2025-09-04T07:05:33", "meta"),
        ("", '<time datetime="2025-09-04T14:05:33+07:00">tadi</time>', "2025-09-04T07:05:33", "text"),
        ("", '<div class="tanggal">Kamis, 04 Sep 2025 14:05 WIB</div>', "2025-09-04T07:05:00", "text"),
        ("", '<span class="date">Kamis, 4 September 2025 | 14.05 WITA</span>', "2025-09-04T06:05:00", "text"),
        ("", '<p class="info">Ani - 04/09/2025, 14:05 WIT</p>', "2025-09-04T05:05:00", "text"),
        ("", '<span class="date">4 Sept. 2025, 2:05 pm</span>', "2025-09-04T07:05:00", "text"),
        ("", "", "2025-09-03T17:00:00", "url"),
        # a day from the head, refined by the time in the text
        (DAY_ONLY, '<div class="date">4 Agustus 2024 10:00</div>', "2025-09-03T17:00:00", "meta"),
        (DAY_ONLY, '<div class="date">4 September 2025 10:00</div>', "2025-09-04T03:00:00", "meta"),
    ],
)  # fmt: skip
def test_dates(read: Read, head: str, line: str, moment: str, source: str) -> None:
    article = read(text_page(head=head).replace(b"</h1>", f"</h1>{line}".encode()))
    assert article.published_at == datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert article.published_at_source == source


def test_the_feeds_date_zone_and_authors_stand_in(read: Read) -> None:
    when = datetime(2025, 9, 4, 1, 2, 3, tzinfo=UTC)
    entry = Entry(id="e", feed_id="f", url=URL, published_at=when, authors=("Budi Santoso",), section="Daerah",
                  timezone="Asia/Makassar", title="Judul dari umpan")  # fmt: skip
    bare = read(text_page(title=""), entry, url="https://www.kabarlokal.test/1")
    assert (bare.published_at, bare.published_at_source) == (when, "feed")
    assert (bare.authors, bare.section, bare.title) == (("Budi Santoso",), "Daerah", "Judul dari umpan")
    dated = read(text_page(head='<meta name="pubdate" content="2025-09-04 14:05:33">'), entry)
    assert dated.published_at == datetime(2025, 9, 4, 6, 5, 33, tzinfo=UTC)


def test_an_address_keeps_the_day_a_story_was_first_told(read: Read) -> None:
    moved = read(text_page(head='<meta name="pubdate" content="2025-12-24 10:00">'))
    assert (moved.published_at, moved.published_at_source) == (datetime(2025, 9, 3, 17, tzinfo=UTC), "url")


def test_future_dates_become_now_and_last_modified_says_nothing(read: Read) -> None:
    head = '<meta property="article:published_time" content="2031-01-01T00:00:00Z">'
    assert read(text_page(head=head), url="https://www.kabarlokal.test/1").published_at == NOW
    headers = {"last-modified": "Thu, 04 Sep 2025 14:05:00 GMT"}
    assert read(text_page(), url="https://www.kabarlokal.test/1", headers=headers).published_at is None


@pytest.mark.parametrize(
    "title",
    [
        "Jembatan Siak IV dibuka kembali - Kabar Lokal",
        "Jembatan Siak IV dibuka kembali | Kabar Lokal",
        "Jembatan Siak IV dibuka kembali - kabarlokal.test",
        "Kabar Lokal: Jembatan Siak IV dibuka kembali".replace(": ", " | "),
        "Jembatan Siak IV dibuka kembali - Kabar Lokal | KabarLokal.test",
    ],
)
def test_the_sites_name_is_no_part_of_a_title(read: Read, title: str) -> None:
    head = f'<title>{title}</title><meta property="og:site_name" content="Kabar Lokal">'
    assert read(text_page(head=head, title="")).title == "Jembatan Siak IV dibuka kembali"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('<meta name="author" content="Ani Wulandari">', ("Ani Wulandari",)),
        ('<meta name="author" content="Ani Wulandari dan Budi Santoso">', ("Ani Wulandari", "Budi Santoso")),
        ('<meta name="author" content="Redaksi">', ()),
        ('<meta name="author" content="Tim Redaksi Kabar">', ()),
        ('<meta name="author" content="admin">', ()),
        ('<meta property="article:author" content="https://www.facebook.com/kabarlokal">', ()),
        ('<meta name="author" content="kabarlokal.test">', ()),
        ('<meta name="author" content="Kabar Lokal">', ()),
        ('<div class="penulis">Laporan: Ani Wulandari</div>', ("Ani Wulandari",)),
        ('<a rel="author" href="/penulis/ani">Ani Wulandari</a>', ("Ani Wulandari",)),
        ('<span class="byline">Oleh: Ani Wulandari, Reporter</span>', ("Ani Wulandari",)),
        ('<span class="author">By Ani Wulandari | 12/10/2020</span>', ("Ani Wulandari",)),
        ('<a href="/author/ani-wulandari/">Ani Wulandari</a>', ("Ani Wulandari",)),
        ('<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ani W.">', ("Ani W",)),
        ('<div class="comments"><span class="author">Pembaca Setia</span></div>', ()),
    ],
)
def test_authors_are_persons(read: Read, line: str, expected: tuple[str, ...]) -> None:
    site = '<meta property="og:site_name" content="Kabar Lokal">'
    body = text_page(head=site + (line if line.startswith("<meta") else ""))
    if not line.startswith("<meta"):
        body = body.replace(b"</h1>", f"</h1>{line}".encode())
    assert read(body).authors == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<link rel="canonical" href="/riau/1">', "https://www.kabarlokal.test/riau/1"),
        ('<link rel="canonical" href="https://lain.test/1">', "https://lain.test/1"),
        ('<meta property="og:url" content="https://www.kabarlokal.test/riau/2">', "https://www.kabarlokal.test/riau/2"),
        ('<link rel="canonical" href="javascript:alert(1)">', ""),
        ('<link rel="canonical" href="https://[">', ""),
        (
            '<base href="https://www.kabarlokal.test/a/"><link rel="canonical" href="b">',
            "https://www.kabarlokal.test/a/b",
        ),
        ("", ""),
    ],
)
def test_the_canonical_claim_is_absolute(read: Read, link: str, expected: str) -> None:
    assert read(text_page(head=link)).canonical_url == expected


def test_the_text_tells_the_language_not_the_template(read: Read) -> None:
    assert read(text_page().replace(b'lang="id"', b'lang="en-US"')).language == "id"
    english = (
        "The city reopened the bridge on Thursday after three months of repairs that had cut it off from the north. "
    )
    assert (
        read(page_of(f"<h1>Bridge reopens</h1><article><p>{english * 3}</p><p>{english}</p></article>")).language
        == "en"
    )


def test_entities_and_control_characters_are_read(read: Read) -> None:
    body = text_page(title="Harga &amp;quot;sawit&amp;quot; naik\x07 &amp; turun").replace(
        b"Pemerintah", b"Pe\x00merin\xc2\xadtah"
    )
    article = read(body)
    assert article.title == 'Harga "sawit" naik & turun'
    assert article.body.startswith(PARAGRAPHS[0])
