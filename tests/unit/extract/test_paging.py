"""Which links lead to further pages of the same article, and which never do."""

from __future__ import annotations

import pytest
from lxml import html

from workers.extract.paging import cut_pagers, further, links_of, place_of

DETIK = "https://news.harian.test/berita/d-7400001/warga-siak-bangun-jembatan"
KOMPAS = "https://regional.warta.test/read/2025/09/04/120500/jembatan-siak-dibuka.html"


def next_of(url: str, *links: str, have: tuple[int, ...] = (), tried: tuple[str, ...] = ()) -> str:
    root = html.fromstring(f"<html><body><article><p>Teks.</p></article>{''.join(links)}</body></html>")
    return further(place_of(url), links_of(root, url), have, tried)


def a(href: str, text: str = "2", **attributes: str) -> str:
    shown = " ".join(f'{name.strip("_")}="{value}"' for name, value in attributes.items())
    return f'<a href="{href}" {shown}>{text}</a>'


@pytest.mark.parametrize(
    ("url", "base", "number", "whole"),
    [
        (DETIK, DETIK, 1, False),
        (DETIK + "/2", DETIK, 2, False),
        (DETIK + "?page=3&utm_source=x", DETIK, 3, False),
        (DETIK + "?single=1", DETIK, 1, True),
        (KOMPAS + "?page=all#page2", KOMPAS, 1, True),
        (KOMPAS + "?halaman=02", KOMPAS, 2, False),
        ("https://a.test/2025/09/jembatan-siak-dibuka/2/", "https://a.test/2025/09/jembatan-siak-dibuka", 2, False),
        ("https://a.test/jembatan-siak-dibuka/page/4", "https://a.test/jembatan-siak-dibuka", 4, False),
        ("https://a.test/jembatan-siak-dibuka-hal-2.html", "https://a.test/jembatan-siak-dibuka.html", 2, False),
        ("https://a.test/baca.php?id=77&halaman=2", "https://a.test/baca.php?id=77", 2, False),
        # numbers that are an article's own
        ("https://a.test/berita/12", "https://a.test/berita/12", 1, False),
        ("https://a.test/2025/09/04", "https://a.test/2025/09/04", 1, False),
        ("https://a.test/?p=12", "https://a.test/?p=12", 1, False),
        ("https://a.test/harga-cabai-naik-2", "https://a.test/harga-cabai-naik-2", 1, False),
        ("https://a.test/baca.php?page=2", "https://a.test/baca.php?page=2", 1, False),
    ],
)  # fmt: skip
def test_an_address_tells_the_page_of_its_article(url: str, base: str, number: int, whole: bool) -> None:
    place = place_of(url)
    assert (place.base, place.number, place.whole) == (base, number, whole)


@pytest.mark.parametrize(
    ("url", "links", "wanted"),
    [
        (DETIK, [a(DETIK + "/2"), a(DETIK + "/3", "3")], DETIK + "/2"),
        (DETIK, [a(DETIK + "/3", "3"), a(DETIK + "/2")], DETIK + "/2"),
        (DETIK, [a(DETIK + "/2"), a(DETIK + "?single=1", "Tampilkan dalam satu halaman")], DETIK + "?single=1"),
        (KOMPAS, [a("?page=2"), a("?page=all#page2", "Lihat semua")], KOMPAS + "?page=all"),
        (KOMPAS, [a("?page=2", "Selanjutnya")], KOMPAS + "?page=2"),
        (KOMPAS, [f'<link rel="next" href="{KOMPAS}?page=2">'], KOMPAS + "?page=2"),
        (KOMPAS + "?page=2", [a("?page=1", "1"), a("?page=3", "3")], KOMPAS + "?page=1"),
        (DETIK + "/2", [a(DETIK + "/3", "3")], DETIK),
        (KOMPAS, [f'<select><option value="{KOMPAS}?page=2">Halaman 2</option></select>'], KOMPAS + "?page=2"),
        # markers that are sure only in a pager
        ("https://a.test/harga-cabai-naik.html", [f'<div class="paging">{a("/harga-cabai-naik-2.html")}</div>'],
         "https://a.test/harga-cabai-naik-2.html"),
        ("https://a.test/harga-cabai-naik", [a("?p=2", "Next", rel="next")], "https://a.test/harga-cabai-naik?p=2"),
    ],
)  # fmt: skip
def test_the_next_page_is_found(url: str, links: list[str], wanted: str) -> None:
    assert next_of(url, *links) == wanted


@pytest.mark.parametrize(
    ("url", "links"),
    [
        (DETIK, [a("https://news.harian.test/berita/d-7400002/pasar-siak-ramai/2")]),
        (DETIK, [a("https://news.harian.test/berita/d-7400002/pasar-siak-ramai", "Berita selanjutnya", rel="next")]),
        (DETIK, ['<link rel="next" href="https://news.harian.test/berita/d-7400002/pasar-siak-ramai">']),
        (DETIK, [a("https://news.harian.test/berita?page=2"), a("/indeks/2"), a("/tag/siak?page=2")]),
        (DETIK, [f'<div id="komentar">{a(DETIK + "?page=2")}</div>', a(DETIK + "/comment-page-2")]),
        (DETIK, [a(DETIK + "?cpage=2")]),
        (DETIK, [a("https://www.lain.test/berita/d-7400001/warga-siak-bangun-jembatan/2")]),
        (DETIK, [a(DETIK), a(DETIK + "#2"), a(DETIK + "?utm_source=x"), a("javascript:void(2)"), a("http://[2")]),
        (DETIK, [a("https://foto.harian.test/foto/d-7400009/potret-jembatan-siak/2")]),
        (DETIK + "?single=1", [a(DETIK + "/2")]),
        ("https://a.test/berita/12", [a("/berita/13", "13"), a("/berita", "Berita")]),
        ("https://a.test/harga-cabai-naik", [a("/harga-cabai-naik-2", "Harga cabai naik lagi")]),
        ("https://a.test/", [a("?page=2"), a("/page/2")]),
        ("https://a.test/index.php", [a("?page=2")]),
        ("tidak beralamat", [a("?page=2")]),
    ],
)  # fmt: skip
def test_nothing_else_is_taken_for_it(url: str, links: list[str]) -> None:
    assert next_of(url, *links) == ""


def test_pages_that_are_there_or_were_tried_are_not_asked_again() -> None:
    links = [a(DETIK + "/2"), a(DETIK + "/3", "3"), a(DETIK + "?single=1", "Satu halaman")]
    assert next_of(DETIK, *links, tried=(DETIK + "?single=1",)) == DETIK + "/2"
    assert next_of(DETIK, *links, have=(2,), tried=(DETIK + "?single=1",)) == DETIK + "/3"
    assert next_of(DETIK, *links, have=(2, 3), tried=(DETIK + "?single=1",)) == ""


def test_a_pager_is_cut_out_with_its_label_and_nothing_more() -> None:
    root = html.fromstring(
        f"<html><body><article><p>Teks yang tetap.</p><div><span>Halaman</span> {a(DETIK + '/2')}</div>"
        f"<p>Baca kelanjutannya di sini. {'Kalimat panjang yang bukan pager. ' * 6}{a(DETIK + '/3', 'halaman 3')}</p>"
        "</article></body></html>"
    )
    cut_pagers(links_of(root, DETIK))
    assert root.text_content().startswith("Teks yang tetap.Baca kelanjutannya")
    assert "Halaman" not in root.text_content()
