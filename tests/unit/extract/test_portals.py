"""Pages built like those of the country's portals: each has ways of its own to name people, days and pictures."""

# ruff: noqa: E501 - pages are set as portals set them

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.unit.extract.conftest import PARAGRAPHS, page_of
from workers.extract.zones import local
from workers.model import Article

Read = Callable[..., Article]
TITLE = "Jembatan Siak IV dibuka kembali"
TEXT = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)


def ld(**fields: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


class Portal(NamedTuple):
    """A page's address, head and body, and what a careful reader finds in it (the time on the publisher's clock)."""

    url: str
    head: str
    inner: str
    authors: tuple[str, ...]
    editors: tuple[str, ...]
    published: str | None
    section: str = ""
    caption: str = ""


PORTALS = {
    "detik": Portal(
        "https://news.detik.com/berita/d-7654321/jembatan-siak-iv-dibuka-kembali",
        f'<title>{TITLE}</title><meta name="dtk:publishdate" content="2025/09/04 14:05:33"><meta name="author" content="Ani Wulandari">'
        '<meta name="dtk:namakanal" content="detikNews"><meta property="og:site_name" content="detiknews">'
        + ld(author={"@type": "Person", "name": "Ani Wulandari"}, editor={"@type": "Person", "name": "detikcom"},
             datePublished="2025-09-04T14:05:33+07:00"),
        f'<div class="page__breadcrumb"><a href="https://www.detik.com">detikNews</a><a href="/berita">Daerah</a></div>'
        f'<article class="detail"><div class="detail__header"><h1 class="detail__title">{TITLE}</h1>'
        '<div class="detail__author">Ani Wulandari - <span class="detail__label">detikNews</span></div>'
        '<div class="detail__date">Kamis, 04 Sep 2025 14:05 WIB</div></div>'
        '<div class="detail__media"><figure class="detail__media-image"><img src="/foto/jembatan.jpg">'
        '<figcaption class="detail__media-caption">Jembatan Siak IV di Pekanbaru. (Foto: Budi Santoso)</figcaption></figure></div>'
        f'<div class="detail__body-text">{TEXT}<p><strong>(ant/rdk)</strong></p></div></article>',
        ("Ani Wulandari",), (), "2025-09-04T14:05:33+07:00", "Daerah", "Jembatan Siak IV di Pekanbaru. (Foto: Budi Santoso)",
    ),
    "kompas": Portal(
        "https://regional.kompas.com/read/2025/09/04/140533978/jembatan-siak-iv-dibuka-kembali",
        f'<title>{TITLE} - Kompas.com</title><meta name="content_author" content="Ani Wulandari">'
        '<meta name="content_editor" content="Dian Pratiwi"><meta name="content_PublishedDate" content="2025-09-04 14:05:33">',
        f'<h1 class="read__title">{TITLE}</h1><div class="read__time">Kompas.com, 4 September 2025, 14:05 WIB</div>'
        '<div class="credit-title">Tim Redaksi</div><div class="credit-title-nameBox"><div class="credit-title-name">'
        '<h6>Ani Wulandari,</h6></div><div class="credit-title-name"><h6>Dian Pratiwi</h6></div></div>'
        f'<div class="read__content">{TEXT}</div>'
        '<div class="read__credit"><div class="read__credit__item">Penulis: <a href="/author/ani">Ani Wulandari</a></div>'
        '<div class="read__credit__item">Editor: <a href="/editor/dian">Dian Pratiwi</a></div></div>',
        ("Ani Wulandari",), ("Dian Pratiwi",), "2025-09-04T14:05:33+07:00",
    ),
    "tribun": Portal(
        "https://pekanbaru.tribunnews.com/2025/09/04/jembatan-siak-iv-dibuka-kembali",
        f'<title>{TITLE} - Tribunpekanbaru.com</title><meta property="og:site_name" content="Tribunpekanbaru.com">'
        + ld(author={"@type": "Person", "name": "Dian Pratiwi"}, editor={"@type": "Person", "name": "Dian Pratiwi"},
             datePublished="2025-09-04T14:05:33+07:00"),
        f'<h1 id="arttitle">{TITLE}</h1><div id="article"><div class="mt10"><time class="grey">Tayang: Kamis, 4 September 2025 14:05 WIB'
        '</time></div><div id="penulis">Penulis: <a href="/penulis/budi">Budi Santoso</a> | Editor: <a href="/editor/dian">Dian Pratiwi</a></div>'
        f'<div class="txt-article"><p>Laporan Wartawan Tribunpekanbaru.com, Budi Santoso</p>{TEXT}</div></div>',
        ("Budi Santoso",), ("Dian Pratiwi",), "2025-09-04T14:05:33+07:00",
    ),
    "liputan6": Portal(
        "https://www.liputan6.com/regional/read/6123456/jembatan-siak-iv-dibuka-kembali",
        f'<title>{TITLE} - Regional Liputan6.com</title><meta property="og:site_name" content="liputan6.com">'
        '<meta property="article:published_time" content="2025-09-04T14:05:33+07:00"><meta property="article:section" content="Regional">',
        f'<header class="read-page--header"><h1 class="read-page--header--title entry-title">{TITLE}</h1>'
        '<div class="read-page--header--author__wrapper"><a class="read-page--header--author__link url fn" rel="author" href="/me/ani">'
        '<span class="read-page--header--author__name fn">Ani Wulandari</span></a>'
        '<p class="read-page--header--author__datetime-wrapper"><time class="read-page--header--author__datetime updated" '
        'datetime="2025-09-04 14:05:33">Diperbarui 04 Sep 2025, 14:05 WIB</time></p></div></header>'
        f'<div class="article-content-body">{TEXT}</div>',
        ("Ani Wulandari",), (), "2025-09-04T14:05:33+07:00", "Regional",
    ),
    "cnnindonesia": Portal(
        "https://www.cnnindonesia.com/nasional/20250904140533-20-1/jembatan-siak-iv-dibuka-kembali",
        f'<title>{TITLE}</title><meta name="author" content="CNN Indonesia"><meta name="dtk:publishdate" content="2025/09/04 14:05:33">'
        '<meta property="og:site_name" content="nasional"><meta name="dtk:kanalid" content="20">'
        + ld(author={"@type": "Person", "name": "CNN Indonesia"}, articleSection="Nasional"),
        f'<h1 class="mb-2 text-2xl">{TITLE}</h1><div class="text-cnn_grey mb-2.5"><span class="text-cnn_red">CNN Indonesia</span></div>'
        f'<div class="text-cnn_grey text-sm mb-4">Kamis, 04 Sep 2025 14:05 WIB</div><div class="detail-text">{TEXT}<b>(ani/bud)</b></div>',
        (), (), "2025-09-04T14:05:33+07:00", "Nasional",
    ),
    "antara": Portal(
        "https://www.antaranews.com/berita/5012345/jembatan-siak-iv-dibuka-kembali",
        f'<title>{TITLE} - ANTARA News</title><meta property="og:site_name" content="Antara News"><meta name="author" content="ANTARA News Agency">'
        '<meta property="article:published_time" content="Thu, 04 Sep 2025 14:05:33 +0700">',
        f'<div class="wrap__article-detail"><h1>{TITLE}</h1><ul class="list-inline"><li><span class="text-secondary">Kamis, 4 September 2025 '
        f'14:05 WIB</span></li></ul><div class="post-content">{TEXT}'
        '<p class="text-muted small mt10">Pewarta: Ani Wulandari/Budi Santoso<br>Editor: Dian Pratiwi<br>Copyright © ANTARA 2025</p></div></div>',
        ("Ani Wulandari", "Budi Santoso"), ("Dian Pratiwi",), "2025-09-04T14:05:33+07:00",
    ),
    "tempo": Portal(
        "https://www.tempo.co/politik/jembatan-siak-iv-dibuka-kembali-2067890",
        f'<title>{TITLE} | tempo.co</title><meta property="og:site_name" content="Tempo">'
        + ld(datePublished="2025-09-04T07:05:33.000Z", author=[{"@type": "Person", "name": "Ani Wulandari", "url": "https://www.tempo.co/a"}],
             isAccessibleForFree=True),
        f'<h1>{TITLE}</h1><div class="flex"><span>Reporter</span> <a href="/reporter/ani"><span>Ani Wulandari</span></a></div>'
        '<div class="flex"><span>Editor</span> <a href="/editor/dian"><span>Dian Pratiwi</span></a></div>'
        f'<p class="text-neutral-900">4 September 2025 | 14.05 WIB</p><div id="content-wrapper">{TEXT}</div>',
        ("Ani Wulandari",), ("Dian Pratiwi",), "2025-09-04T14:05:33+07:00",
    ),
    "riau24": Portal(
        "https://www.riau24.com/berita/baca/1756969533-jembatan-siak-iv-dibuka-kembali",
        f'<title>{TITLE} | Riau24.com</title><meta name="author" content="Riau24.com">',
        f'<h2 class="judul">{TITLE}</h2><h1>{TITLE}</h1><div class="info"><i class="fa fa-user"></i> R24/put <i class="fa fa-clock"></i> '
        f'Kamis, 04 Sep 2025, 14:05 WIB</div><div class="isi">{TEXT}<p>(R24/put)</p></div>',
        (), (), "2025-09-04T14:05:00+07:00",
    ),
    "republika": Portal(
        "https://news.republika.co.id/berita/t12ab3456/jembatan-siak-iv-dibuka-kembali",
        f'<title>{TITLE} | Republika Online</title><meta property="og:site_name" content="Republika Online">',
        f'<div class="max-card__title"><h1>{TITLE}</h1></div><div class="date date-item__headline">Kamis 04 Sep 2025 14:05 WIB</div>'
        '<div class="by"><p>Rep: Ani Wulandari/ Red: Dian Pratiwi</p></div>'
        f'<div class="article-content">{TEXT}</div>',
        ("Ani Wulandari",), ("Dian Pratiwi",), "2025-09-04T14:05:00+07:00",
    ),
    "okezone": Portal(
        "https://news.okezone.com/read/2025/09/04/340/3165432/jembatan-siak-iv-dibuka-kembali",
        f'<title>{TITLE} : Okezone News</title><meta property="og:site_name" content="https://news.okezone.com/">',
        f'<div class="title"><h1>{TITLE}</h1></div><div class="reporter"><div class="namerep">Ani Wulandari, Jurnalis<b>Kamis 04 September 2025 '
        f'14:05 WIB</b></div></div><div id="contentx">{TEXT}</div>',
        ("Ani Wulandari",), (), "2025-09-04T14:05:00+07:00",
    ),
    "sindonews": Portal(
        "https://daerah.sindonews.com/read/1612345/174/jembatan-siak-iv-dibuka-kembali-1756969533",
        f'<title>{TITLE}</title><meta name="author" content="Sindonews"><meta property="og:site_name" content="SINDOnews Daerah">',
        f'<div class="detail-title"><h1>{TITLE}</h1></div><div class="detail-nama-redaksi"><a href="/penulis/ani">Ani Wulandari</a></div>'
        f'<div class="detail-date-artikel">Kamis, 04 September 2025 - 14:05 WIB</div><div class="detail-desc">{TEXT}</div>'
        '<div class="editor">(dip)</div>',
        ("Ani Wulandari",), (), "2025-09-04T14:05:00+07:00",
    ),
    "suara": Portal(
        "https://www.suara.com/news/2025/09/04/140533/jembatan-siak-iv-dibuka-kembali",
        f'<title>{TITLE}</title><meta property="og:site_name" content="suara.com">',
        f'<h1>{TITLE}</h1><div class="writer"><span>Dian Pratiwi</span> Suara.Com</div><div class="author"><b>Dian Pratiwi</b> | '
        f'<b>Ani Wulandari</b></div><div class="date-article">Kamis, 04 September 2025 | 14:05 WIB</div><article class="detail-content">{TEXT}'
        "</article>",
        ("Dian Pratiwi", "Ani Wulandari"), (), "2025-09-04T14:05:00+07:00",
    ),
    "merdeka": Portal(
        "https://www.merdeka.com/peristiwa/jembatan-siak-iv-dibuka-kembali-412345-mvk.html",
        f'<title>{TITLE}</title><meta property="og:site_name" content="merdeka.com">'
        '<meta name="pubdate" content="2025-09-04 14:05:33">',
        f'<h1 class="article-title">{TITLE}</h1><div class="box-aside--author"><span class="author-label">Reporter</span>'
        '<ul><li><a class="name" href="/reporter/ani">Ani Wulandari</a></li></ul></div>'
        f'<div class="dt-para">{TEXT}</div><p>Reporter: Ani Wulandari</p>',
        ("Ani Wulandari",), (), "2025-09-04T14:05:33+07:00",
    ),
    "kumparan": Portal(
        "https://kumparan.com/kabarriau/jembatan-siak-iv-dibuka-kembali-23abCdEfGh",
        f'<title>{TITLE} | kumparan.com</title><meta property="og:site_name" content="kumparan">'
        + ld(datePublished="2025-09-03T22:05:00.000Z", author={"@type": "Person", "name": "Ani Wulandari"}),
        f'<h1 data-qa-id="story-title">{TITLE}</h1><div data-qa-id="author-section"><a href="/ani"><span data-qa-id="author-name">'
        f'Ani Wulandari</span></a><span data-qa-id="publish-date">4 September 2025 5:05 WIB</span></div><div>{TEXT}</div>',
        ("Ani Wulandari",), (), "2025-09-04T05:05:00+07:00",
    ),
    "viva": Portal(
        "https://www.viva.co.id/berita/nasional/1712345-jembatan-siak-iv-dibuka-kembali",
        f'<title>{TITLE}</title><meta property="og:site_name" content="VIVA.co.id"><meta name="author" content="PT. VIVA MEDIA BARU">',
        f'<h1 class="main-content-title">{TITLE}</h1><div class="main-content-date">Kamis, 4 September 2025 - 14:05 WIB</div>'
        '<div class="main-content-author"><div>Oleh :</div><ul><li><a href="/profile/ani">Ani Wulandari</a></li></ul></div>'
        f'<div class="main-content-detail">{TEXT}</div>',
        ("Ani Wulandari",), (), "2025-09-04T14:05:00+07:00",
    ),
    "WordPress": Portal(
        "https://www.kabarlokal.test/jembatan-siak-iv-dibuka-kembali/",
        f'<title>{TITLE} - Kabar Lokal</title><meta property="og:site_name" content="Kabar Lokal">'
        '<meta property="article:published_time" content="2025-09-03T22:05:00+00:00">',
        f'<article class="post hentry"><header class="entry-header"><h1 class="entry-title">{TITLE}</h1><div class="entry-meta">'
        '<span class="posted-on"><a href="/x" rel="bookmark"><time class="entry-date published" datetime="2025-09-04T05:05:00+07:00">'
        '4 September 2025</time><time class="updated" datetime="2025-09-05T08:00:00+07:00">5 September 2025</time></a></span>'
        '<span class="byline"> oleh <span class="author vcard"><a class="url fn n" href="/author/ani/">Ani Wulandari</a></span></span></div></header>'
        f'<div class="entry-content">{TEXT}<p><strong>Editor : Dian Pratiwi</strong></p></div>'
        '<footer class="entry-footer"><a rel="tag" href="/t/jembatan">jembatan</a></footer></article>',
        ("Ani Wulandari",), ("Dian Pratiwi",), "2025-09-04T05:05:00+07:00",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PORTALS)
def test_portals_are_read_as_their_readers_read_them(read: Read, name: str) -> None:
    portal = PORTALS[name]
    article = read(page_of(portal.inner, portal.head), url=portal.url)
    shown = local(article.published_at, article.timezone)
    assert article.title == TITLE
    assert (article.authors, article.editors) == (portal.authors, portal.editors)
    assert (shown and shown.isoformat()) == portal.published
    assert article.date_conflicts == ()
    if portal.section:
        assert article.section == portal.section
    if portal.caption:
        assert article.image_caption == portal.caption
