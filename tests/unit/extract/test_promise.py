"""A page that isn't the one the feed promised gives no article; one worded otherwise does."""

from __future__ import annotations

import pytest

from tests.unit.extract.conftest import NOW, PARAGRAPHS, URL, page_of, text_page
from workers.errors import Permanent
from workers.extract import Sites, extract
from workers.model import Article, Entry, Page

SORRY = "Maaf, halaman yang Anda cari sudah dihapus dari peladen kami. Silakan kembali ke beranda untuk berita lain. "
TITLE = "Kapal feri menuju Bengkalis berlayar kembali"


def fetched(sites: Sites, body: bytes, final: str, **fields: object) -> Article:
    page = Page(url=URL, final_url=final, status=200, headers={}, body=body, fetched_ms=1)
    entry = Entry(id="e", feed_id="f", url=URL, **{"title": TITLE, **fields})  # type: ignore[arg-type]
    return extract(page, entry, now=NOW, max_chars=1_000_000, sites=sites)


@pytest.mark.parametrize(
    "title", ["404 Not Found", "Halaman tidak ditemukan", "Masuk", "Persetujuan", "Berita Terkini"]
)
def test_walls_errors_and_lists_are_refused(sites: Sites, title: str) -> None:
    body = page_of(f"<h1>{title}</h1><div><p>{SORRY * 2}</p></div>", f"<title>{title} - Kabar Lokal</title>")
    with pytest.raises(Permanent) as caught:
        fetched(sites, body.replace(b" - Kabar Lokal", b""), URL)
    assert caught.value.reason == "not_the_article"


@pytest.mark.parametrize("final", ["https://www.kabarlokal.test/riau", "https://izin.lain.test/kumpul"])
def test_a_redirect_to_something_else_gives_the_feeds_own_text_and_address(sites: Sites, final: str) -> None:
    content = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    article = fetched(sites, page_of(f"<h1>Layanan kami</h1><p>{SORRY * 3}</p>"), final, content=content)
    assert (article.body_source, article.title, article.final_url) == ("feed", TITLE, URL)


@pytest.mark.parametrize(
    "title", ["Jembatan kembali dibuka", "Siak: warga Rumbai lega", "Penyeberangan lancar setelah perbaikan", "Ok"]
)
def test_titles_worded_anew_and_moved_pages_stay(sites: Sites, title: str) -> None:
    moved = "https://www.kabarlokal.test/berita/jembatan"
    assert fetched(sites, text_page(), moved, title=title).body_source == "page"


def test_without_a_redirect_other_words_are_no_reason(sites: Sites) -> None:
    assert fetched(sites, text_page(), URL).body_source == "page"
