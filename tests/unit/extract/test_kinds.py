"""Articles, galleries, films and live blogs are told apart; lists are refused, and no article is."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.unit.extract.conftest import PARAGRAPHS, page_of
from workers.errors import Permanent
from workers.model import Article, Entry
from workers.newsroom import Newsroom
from workers.newsroom.answers import Desk

Read = Callable[..., Article]
TEXT = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
ARTICLE = f'<article><h1>Jembatan Siak IV dibuka kembali</h1><div class="isi">{TEXT}</div></article>'
HOME = "https://www.kabarlokal.test/"


def ld(*objects: dict[str, object]) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(found)}</script>' for found in objects)


def teaser(number: int, heading: str = "h3") -> str:
    return (
        f'<div class="kartu"><{heading}><a href="/b/{number}">Kabar daerah nomor {number} yang baru</a></{heading}>'
        f"<p>{PARAGRAPHS[number % len(PARAGRAPHS)]}</p></div>"
    )


def list_page(head: str = "", *, count: int = 20, heading: str = "h3", body: str = "<body>", intro: str = "") -> bytes:
    cards = "".join(teaser(n, heading) for n in range(count))
    return page_of(f"<h1>Berita Riau</h1>{intro}<div>{cards}</div>", head).replace(b"<body>", body.encode())


@pytest.mark.parametrize(
    ("head", "path", "title", "kind"),
    [
        ("", "riau/jembatan-siak-dibuka", "Jembatan Siak IV dibuka kembali", "article"),
        (ld({"@type": "NewsArticle", "headline": "x"}), "riau/jembatan-siak-dibuka", "Jembatan", "article"),
        (ld({"@type": "ImageGallery", "name": "x"}), "riau/jembatan", "Potret Jembatan Siak", "photo"),
        ("", "foto/2025/jembatan-siak", "Jembatan Siak dari Udara", "photo"),
        ("", "riau/jembatan-siak", "FOTO: Jembatan Siak dari Udara", "photo"),
        ("", "riau/foto-jembatan-siak-viral", "Foto Jembatan Siak Viral, Ini Kata Polisi", "article"),
        ('<meta property="og:type" content="video.other">', "riau/jembatan", "Jembatan Siak", "video"),
        (ld({"@type": "VideoObject", "name": "Jembatan Siak"}), "riau/jembatan", "Jembatan Siak", "video"),
        ("", "video/riau/jembatan-siak", "Jembatan Siak dari Udara", "video"),
        # a film within an article
        (ld({"@type": "NewsArticle", "headline": "Jembatan"}, {"@type": "VideoObject"}), "a/b", "Jembatan", "article"),
        ('<meta property="og:type" content="article">' + ld({"@type": "VideoObject"}), "a/b", "Jembatan", "article"),
        (ld({"@type": "LiveBlogPosting", "headline": "Jembatan"}), "a/b", "Jembatan", "live"),
        ("", "a/live-streaming-timnas", "Live Streaming Timnas Malam Ini", "article"),
    ],
)  # fmt: skip
def test_kinds_are_told_apart(read: Read, head: str, path: str, title: str, kind: str) -> None:
    page = page_of(f"<article><h1>{title}</h1><div class='isi'>{TEXT}</div></article>", f"<title>{title}</title>{head}")
    assert read(page, url=HOME + path).kind == kind


def test_a_live_report_has_its_entries(read: Read) -> None:
    entries = "".join(
        f"<div class='laporan'><strong>1{n}.05 WIB</strong> <p>{p}</p></div>" for n, p in enumerate(PARAGRAPHS)
    )
    title = "LIVE REPORT: Pembukaan Jembatan Siak IV"
    assert read(page_of(f"<h1>{title}</h1>{entries}", f"<title>{title}</title>")).kind == "live"
    assert read(page_of(f"<h1>{title}</h1>{TEXT}", f"<title>{title}</title>")).kind == "article"


@pytest.mark.parametrize(
    ("page", "path"),
    [
        (list_page(), ""),
        (list_page(), "kanal/riau"),
        (list_page("<meta property='og:type' content='website'>"), "riau"),
        (list_page(ld({"@type": "CollectionPage", "name": "Riau"})), "riau"),
        (list_page(ld({"@type": ["CollectionPage"]}) + "<meta property='og:type' content='article'>"), "riau"),
        (list_page(ld({"@type": "SearchResultsPage"})), "cari?q=jembatan"),
        (list_page("<meta property='og:type' content='article'>", body="<body class='archive category'>"), "riau"),
        (list_page("<meta property='og:type' content='article'>"), "tag/jembatan"),
        (list_page("", intro=f"<p>{PARAGRAPHS[0]}</p>"), "topik/jembatan"),
        (list_page("", heading="div"), "indeks"),
    ],
)  # fmt: skip
def test_lists_are_refused(read: Read, page: bytes, path: str) -> None:
    with pytest.raises(Permanent) as caught:
        read(page, url=HOME + path)
    assert caught.value.reason == "not_the_article"


@pytest.mark.parametrize(
    "path", ["", "tag/jembatan-siak", "category/riau/jembatan-siak-dibuka", "?p=3289", "kanal/12345"]
)
@pytest.mark.parametrize("body", ["<body>", "<body class='single-post category-riau'>", "<body class='archive'>"])
def test_an_article_with_teasers_around_it_is_none(read: Read, path: str, body: str) -> None:
    cards = "".join(teaser(n) for n in range(30))
    page = page_of(f"{ARTICLE}<div class='kolom'>{cards}</div>").replace(b"<body>", body.encode())
    assert read(page, url=HOME + path).body.startswith(PARAGRAPHS[0])


def test_a_short_article_with_many_links_is_none(read: Read) -> None:
    links = "".join(f"<li><a href='/b/{n}'>Kabar daerah nomor {n} yang ditulis hari ini</a></li>" for n in range(40))
    page = page_of(f"<h1>Jembatan dibuka</h1><div><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></div><ul>{links}</ul>")
    assert read(page).body == "\n\n".join(PARAGRAPHS[:2])


def test_the_newsrooms_lists_are_refused_and_a_feeds_own_text_is_taken_in_their_place(read: Read) -> None:
    desk = Desk(Newsroom(sites=4, articles=200), "http://127.0.0.1:1")
    for site in desk.newsroom.sites:
        for path in ("/", "/kanal/riau"):
            page = desk.answer(site.host, path, {}).plain
            with pytest.raises(Permanent):
                read(page, url=site.base + path)
    entry = Entry(id="1", feed_id="f", url=HOME + "riau/x", title="Jembatan", content=TEXT)
    article = read(list_page(), entry, url=HOME + "riau/x")
    assert (article.body_source, article.final_url) == ("feed", entry.url)
