"""Short pages, bylines within the text's own box, and headlines and captions that no element is named for."""

# ruff: noqa: E501 - pages are set as portals set them

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.unit.extract.conftest import PARAGRAPHS, page_of, text_page
from workers.model import Article

Read = Callable[..., Article]
BODY = "\n\n".join(PARAGRAPHS)
TEXT = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
TITLE = "Jembatan Siak IV dibuka kembali"
BRIEF = (
    "Gempa mengguncang Bengkulu pada Jumat pagi dan terasa sampai ke Kota Pagar Alam.",
    "Belum ada laporan kerusakan.",
    "Warga diminta tenang dan tidak mudah percaya pada kabar bohong.",
)
HEAD = '<meta property="og:title" content="Gempa Guncang Bengkulu"><meta property="og:type" content="article">'


@pytest.mark.parametrize(
    "inner",
    [
        "<article><h1>Gempa Guncang Bengkulu</h1><div class='tgl'><time datetime='2025-09-04T01:00:00Z'>2 jam yang lalu</time></div>"
        "<div class='isi'>{p}</div></article>",
        "<h1>Gempa Guncang Bengkulu</h1><div class='post-body'><div class='separator'><a href='a.jpg'><img src='a.jpg'></a></div>{br}</div>",
        "<h1>Gempa Guncang Bengkulu</h1><div class='post-body'>{div}</div>",
        "<div class='post'><h1>Gempa Guncang Bengkulu</h1>{p}</div>",
    ],
)
def test_a_brief_keeps_its_paragraphs(read: Read, inner: str) -> None:
    parts = {
        "p": "".join(f"<p>{text}</p>" for text in BRIEF),
        "br": "<br /><br />".join(BRIEF),
        "div": "<div><br /></div>".join(f"<div>{text}</div>" for text in BRIEF),
    }
    assert read(page_of(inner.format(**parts), HEAD)).body.split("\n\n") == list(BRIEF)


def test_one_sentence_is_an_article_where_the_page_says_so(read: Read) -> None:
    sentence = "PSPS Pekanbaru mengalahkan Persiraja 2-1 di Stadion Kaharuddin Nasution, Sabtu malam."
    assert read(page_of(f"<h1>PSPS menang</h1><p>{sentence}</p>", HEAD)).body == sentence


@pytest.mark.parametrize("inner", ["<div><span>Rina Oktavia</span></div>{}", "{}<p>Rina Oktavia</p>"])
def test_a_lone_name_of_the_writer_is_no_text(read: Read, inner: str) -> None:
    head = '<meta name="author" content="Rina Oktavia">'
    article = read(page_of(f"<article><h1>{TITLE}</h1>{inner.format(TEXT)}</article>", head))
    assert (article.authors, article.body) == (("Rina Oktavia",), BODY)


def test_an_editors_choice_names_no_editor(read: Read) -> None:
    article = read(text_page('<p><strong>Pilihan Editor: </strong><a href="/x">Mengapa Sidang Kerap Molor</a></p>'))
    assert (article.editors, article.body) == ((), BODY)


@pytest.mark.parametrize(
    ("last", "cut"),
    [
        ("", "<p>(Awaludin)</p>"),
        (" (Rahmat Hidayat)", ""),
        ("(MC Riau/rat)", ""),
        (" (Advertorial)", ""),
        ("", "<p>Laporan Rahmat Hidayat dari Bangkinang</p>"),
        ("", "<p>#jembatan #riau</p>"),
        ("", "<p>Halaman 1 2 3</p>"),
        ("", '<p>Berita Selanjutnya: <a href="/x">Harga cabai turun</a></p>'),
        ("", "<p>Dukung jurnalisme independen kami dengan berdonasi lewat tautan ini.</p>"),
        ("", '<div class="gerbang"><p>Untuk melanjutkan membaca, silakan berlangganan Kabar Premium.</p></div>'),
    ],
)
def test_what_ends_the_page_is_no_text(read: Read, last: str, cut: str) -> None:
    text = "".join(f"<p>{p}</p>" for p in (*PARAGRAPHS[:-1], PARAGRAPHS[-1] + last))
    assert read(page_of(f'<h1>{TITLE}</h1><div class="isi">{text}{cut}</div>')).body == BODY


@pytest.mark.parametrize(
    "sentence",
    [
        "INFO BMKG - Hujan masih turun sampai sore, demikian keterangan resmi itu.",
        "Riau: Negeri yang kaya air kini kekurangan air di musim tanam.",
        "Untuk melanjutkan membaca hasil ukur, petugas harus masuk ke rumah pompa.",
        "Halaman 2 dan 3 laporan itu memuat daftar kabupaten penerima.",
        "Rute itu melewati empat desa (Kuok, Salo, Bangkinang, Air Tiris).",
        "Apa reaksi warga ketika jembatan itu ditutup selama tiga bulan?",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_sentences_that_begin_like_furniture_stay(read: Read, sentence: str, first: bool) -> None:
    text = [sentence, *PARAGRAPHS] if first else [*PARAGRAPHS, sentence]
    page = page_of(f"<h1>{TITLE}</h1><div>{''.join(f'<p>{p}</p>' for p in text)}</div>")
    assert read(page).body.split("\n\n") == text


def test_agency_credits_name_writers_and_editors(read: Read) -> None:
    said = (
        "<p>Reporting by Jane Harper; Editing by David Cole</p><p>Our Standards: The Harbour Wire Trust Principles.</p>"
    )
    article = read(page_of(f"<h1>{TITLE}</h1><div>{TEXT}{said}</div>", language="en"))
    assert (article.authors, article.editors, article.body) == (("Jane Harper",), ("David Cole",), BODY)


def test_a_sub_heading_may_be_a_word_of_clutter(read: Read) -> None:
    article = read(text_page("<h2>Iklan</h2><p>Iklan di jembatan itu menjadi sumber pendapatan kota.</p>"))
    assert article.headings == ("Iklan",)
    assert read(text_page("<h4>Iklan</h4>")).body == BODY


@pytest.mark.parametrize(
    ("dateline", "place"),
    [
        ("PEKANBARU | KABARLOKAL.ID - ", "Pekanbaru"),
        ("PEKANBARU, (KABARLOKAL) - ", "Pekanbaru"),
        ("PEKANBARU (KL) - ", "Pekanbaru"),
        ("PEKANBARU: ", "Pekanbaru"),
        ("JAKARTA, Indonesia (AP) — ", "Jakarta, Indonesia"),
        ("INFO NASIONAL – ", ""),
    ],
)
def test_datelines_of_many_forms(read: Read, dateline: str, place: str) -> None:
    text = "".join(f"<p>{p}</p>" for p in (dateline + PARAGRAPHS[0], *PARAGRAPHS[1:]))
    article = read(page_of(f"<h1>{TITLE}</h1><div>{text}</div>"))
    assert (article.dateline, article.body) == (place, BODY)


@pytest.mark.parametrize(
    ("title", "heading", "url"),
    [
        ("Pemkab Kampar", f"<h2>{TITLE}</h2>", "https://kampar.test/berita/12/jembatan-siak-iv-dibuka-kembali"),
        (f"{TITLE} - kamparkini.test", f"<font size=5><b>{TITLE}</b></font>", "https://kamparkini.test/?id=12"),
    ],
)
def test_a_headline_need_be_no_h1(read: Read, title: str, heading: str, url: str) -> None:
    date, text = "<font size=1>Kamis, 4 September 2025 - 09:12 WIB</font>", "<br><br>".join(PARAGRAPHS)
    inner = f"<table><tr><td>{heading}<br>{date}</td></tr><tr><td>{text}</td></tr></table>"
    article = read(page_of(inner, f"<title>{title}</title>"), url=url)
    assert (article.title, article.body) == (TITLE, BODY)
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2025-09-04T02:12:00+00:00"


@pytest.mark.parametrize("title", [f"{TITLE} - Halaman 2", f"Kabar Lokal: {TITLE}"])
def test_a_title_loses_its_page_and_the_sites_name_before_it(read: Read, title: str) -> None:
    head = f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="Kabar Lokal">'
    assert read(page_of(f"<div>{TEXT}</div>", head)).title == TITLE


@pytest.mark.parametrize(
    "box",
    [
        '<table class="tr-caption-container"><tbody><tr><td><img src="x.jpg"></td></tr><tr><td class="tr-caption">{}</td></tr></tbody></table>',
        '<div style="text-align:center"><img src="x.jpg"><br>{}</div>',
    ],
)
def test_captions_of_blogs_are_no_text(read: Read, box: str) -> None:
    article = read(text_page(box.format("Warga melintas di jembatan. (Foto: Rahmat)")))
    assert (article.captions, article.body) == (("Warga melintas di jembatan. (Foto: Rahmat)",), BODY)


def test_a_text_that_stands_in_the_data_only_keeps_its_lines(read: Read) -> None:
    node = {"@type": "NewsArticle", "headline": TITLE, "articleBody": BODY}
    head = f'<title>{TITLE}</title><script type="application/ld+json">{json.dumps(node)}</script>'
    assert read(page_of('<div id="__next">Memuat</div>', head)).body == BODY
