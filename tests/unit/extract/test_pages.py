"""Articles spread over several pages: asked for page by page, joined without doubling, never for ever."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec import structs

from tests.unit.extract.conftest import NOW, PARAGRAPHS, page_of
from workers.extract import Sites, Wanted, read
from workers.model import Article, Page
from workers.newsroom import ExpectedArticle, Newsroom
from workers.newsroom.answers import Desk
from workers.newsroom.paged import address

URL = "https://www.kabarlokal.test/riau/jembatan-siak-empat-dibuka"
TITLE = "Jembatan Siak IV dibuka kembali"
MORE = (
    "Kontraktor mengganti seluruh bantalan karet yang aus dan mengecat ulang pagar pengaman di sisi hilir.",
    "Lampu jalan baru dipasang setiap dua puluh meter sehingga pejalan kaki tidak lagi melintas dalam gelap.",
    "Biaya perbaikan mencapai sembilan miliar rupiah dan dibayar dari anggaran perubahan tahun ini.",
)
Web = Callable[[str], bytes | None]


def leaf(*paragraphs: str, number: int = 1, pages: int = 3, box: str = "isi", more: str = "") -> bytes:
    links = " ".join(f'<a href="{URL}?page={n}">{n}</a>' for n in range(1, pages + 1) if n != number)
    text = "".join(f"<p>{p}</p>" for p in paragraphs)
    return page_of(
        f'<h1>{TITLE}</h1><div class="{box}">{text}<div>Halaman: {links} {more}</div></div>', f"<title>{TITLE}</title>"
    )


def followed(sites: Sites, url: str, web: Web, max_pages: int = 10) -> tuple[Article, list[str]]:
    """The article at `url`, and the addresses of the further pages that were asked for."""
    body, asked = web(url), []
    assert body is not None
    page = Page(url=url, final_url=url, status=200, headers={}, body=body, fetched_ms=0)
    while len(asked) < 30:
        found = read(page, None, now=NOW, max_chars=1_000_000, sites=sites, max_pages=max_pages)
        if isinstance(found, Article):
            return found, asked
        assert isinstance(found, Wanted)
        asked.append(found.address)
        body = web(found.address)
        if body is None:
            page = structs.replace(page, missing=(*page.missing, found.address))
        else:
            new = Page(url=found.address, final_url=found.address, status=200, headers={}, body=body, fetched_ms=0)
            page = structs.replace(page, further=(*page.further, new))
    raise AssertionError(asked)


NEWSROOM = Newsroom(sites=8, articles=40, paged=1)
DESK = Desk(NEWSROOM, "http://127.0.0.1:1")


def newsroom(url: str) -> bytes | None:
    host, slash, rest = url.removeprefix("http://").partition("/")
    path, _, query = (slash + rest).partition("?")
    answer = DESK.answer(host, path, {}, query)
    return answer.plain if answer.status == 200 else None


@pytest.mark.parametrize("expected", NEWSROOM.truth(), ids=lambda article: article.slug)
def test_a_newsroom_article_is_joined_from_whichever_page_is_linked(sites: Sites, expected: ExpectedArticle) -> None:
    story = NEWSROOM.story_by_slug(expected.slug)
    assert story is not None
    pages = NEWSROOM.pages_of(story)
    article, asked = followed(sites, expected.url, newsroom)
    assert (article.body, article.headings, article.title) == (expected.body, expected.headings, expected.title)
    assert article.pages == (1 if any(link.endswith("=all") for link in asked) else pages)
    assert (article.url, article.incomplete) == (expected.url, False)
    if pages > 1:
        link = address(NEWSROOM.site_of(story).layout, expected.url, 2)
        second, _ = followed(sites, link, newsroom)
        assert (second.body, second.title, second.canonical_url) == (expected.body, expected.title, expected.url)
        assert second.url.rstrip("/") == (link if second.pages == 1 else expected.url.rstrip("/"))


def test_a_view_of_all_is_one_request_and_no_joined_text(sites: Sites) -> None:
    story = next(s for s in NEWSROOM.stories() if NEWSROOM.site_of(s).layout == "warta" and NEWSROOM.pages_of(s) > 2)
    expected = next(t for t in NEWSROOM.truth() if t.slug == story.slug)
    article, asked = followed(sites, expected.url, newsroom)
    assert asked == [f"{expected.url}?page=all"]
    assert (article.pages, article.body) == (1, expected.body)


def test_a_view_of_all_that_is_something_else_is_not_believed(sites: Sites) -> None:
    pages = {
        URL: leaf(*PARAGRAPHS[:3], pages=2, more=f'<a href="{URL}?page=all">Tampilkan semua</a>'),
        URL + "?page=all": page_of(f"<h1>Berlangganan</h1><p>{'Masuk dahulu untuk membaca semua halaman. ' * 5}</p>"),
        URL + "?page=2": leaf(*PARAGRAPHS[3:], number=2, pages=2),
    }
    article, asked = followed(sites, URL, pages.get)
    assert asked == [URL + "?page=all", URL + "?page=2"]
    assert (article.body, article.pages) == ("\n\n".join(PARAGRAPHS), 2)


def test_leads_told_again_are_not_doubled_and_cut_sentences_are_mended(sites: Sites) -> None:
    cut = "Wali kota menyebut perbaikan berikutnya akan menyentuh jembatan lama"
    pages = {
        URL: leaf(*PARAGRAPHS[:2], cut, pages=2),
        URL + "?page=2": leaf(
            PARAGRAPHS[0], "yang dibangun pada masa penjajahan dan kini retak.", *MORE, number=2, box="teks", pages=2
        ),
    }
    article, _ = followed(sites, URL, pages.get)
    mended = f"{cut} yang dibangun pada masa penjajahan dan kini retak."
    assert article.body.split("\n\n") == [*PARAGRAPHS[:2], mended, *MORE]
    assert article.pages == 2


def test_a_last_page_of_one_short_sentence_counts(sites: Sites) -> None:
    pages = {URL: leaf(*PARAGRAPHS, pages=2), URL + "?page=2": leaf("Jembatan dijaga polisi.", number=2, pages=2)}
    article, _ = followed(sites, URL, pages.get)
    assert article.body.endswith("\n\nJembatan dijaga polisi.")
    assert article.pages == 2


def test_a_site_that_ignores_page_numbers_is_asked_once(sites: Sites) -> None:
    article, asked = followed(sites, URL, lambda url: leaf(*PARAGRAPHS, number=0, pages=9))
    assert asked == [URL + "?page=2"]
    assert (article.body, article.pages, article.incomplete) == ("\n\n".join(PARAGRAPHS), 1, False)


def test_endless_pages_end_at_the_limit_and_the_article_says_so(sites: Sites) -> None:
    def endless(url: str) -> bytes:
        number = int(url.partition("page=")[2] or 1)
        more = f"Catatan nomor {number} dari petugas jembatan itu ditulis dengan huruf yang rapi sekali."
        return leaf(*(PARAGRAPHS if number == 1 else (more,)), number=number, pages=number + 1)

    article, asked = followed(sites, URL, endless, max_pages=4)
    assert len(asked) == 3
    assert (article.pages, article.incomplete) == (4, True)
    assert article.body.count("Catatan nomor") == 3


def test_a_missing_page_costs_its_own_text_only(sites: Sites) -> None:
    article, asked = followed(sites, URL, {URL: leaf(*PARAGRAPHS)}.get)
    assert asked == [URL + "?page=2"]
    assert (article.body, article.pages, article.incomplete) == ("\n\n".join(PARAGRAPHS), 1, True)


@pytest.mark.parametrize(
    "other",
    [b"", b"\x89PNG\r\n\x1a\n", b"<html><body>" + b"<b>" * 50_000, page_of("<p>" + "kata " * 400_000 + "</p>")],
    ids=["empty", "picture", "deep", "huge"],
)
def test_a_further_page_that_can_t_be_read_harms_nothing(sites: Sites, other: bytes) -> None:
    article, _ = followed(sites, URL, {URL: leaf(*PARAGRAPHS, pages=2), URL + "?page=2": other}.get)
    assert article.body == "\n\n".join(PARAGRAPHS)


def test_a_further_page_that_leads_elsewhere_is_left_out(sites: Sites) -> None:
    first = Page(url=URL, final_url=URL, status=200, headers={}, body=leaf(*PARAGRAPHS, pages=2), fetched_ms=0)
    strayed = structs.replace(
        first, url=URL + "?page=2", final_url="https://www.kabarlokal.test/riau/lain", body=leaf(*MORE, pages=1)
    )
    page = structs.replace(first, further=(strayed,))
    found = read(page, None, now=NOW, max_chars=1_000_000, sites=sites, max_pages=10)
    assert isinstance(found, Article)
    assert (found.body, found.pages, found.incomplete) == ("\n\n".join(PARAGRAPHS), 1, True)
