"""The body: what is the article's own stays, character by character; what is not goes into `removed`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.extract.conftest import PARAGRAPHS, page_of, text_page
from workers.model import Article

Read = Callable[..., Article]
BODY = "\n\n".join(PARAGRAPHS)


def test_paragraphs_are_kept_as_written(read: Read) -> None:
    article = read(text_page())
    assert article.body == BODY
    assert article.title == "Jembatan Siak IV dibuka kembali"
    assert article.body_source == "page"
    assert article.extractor.startswith("trafilatura")
    assert article.language == "id"


@pytest.mark.parametrize(
    "clutter",
    [
        '<p><strong>Baca juga: <a href="/x">Harga sawit naik lagi</a></strong></p>',
        '<div class="bacajuga"><span>Baca Juga :</span><ul><li><a href="/x">Harga sawit naik</a></li></ul></div>',
        '<table class="linksisip"><tr><td><div class="lihatjg"><b>Baca juga:</b> <a href="/x">Harga</a></div></table>',
        "<p>ADVERTISEMENT</p><p>SCROLL TO CONTINUE WITH CONTENT</p>",
        '<div class="parallaxindetail"><div>ADVERTISEMENT</div><div>SCROLL TO CONTINUE WITH CONTENT</div></div>',
        "<p>Simak Video: Detik-detik jembatan dibuka</p>",
        "<p>[Gambas:Video 20detik]</p>",
        '<p>Lihat juga Video "Jembatan dibuka"</p>',
        "<p>Dapatkan berita terbaru pilihan kami di Google News dan saluran WhatsApp</p>",
        '<div class="share-bar"><span>Bagikan:</span><a href="/f">Facebook</a><a href="/w">WhatsApp</a></div>',
        "<p>Read more: Palm oil price up again</p>",
        "<p>https://www.kabarlokal.test/riau/1</p>",
        '<figure><img src="a.jpg"><figcaption>Warga melintas di jembatan. Foto: Dok. Pemkot</figcaption></figure>',
        "<script>var a = '<p>bukan berita</p>';</script>",
    ],
)
def test_clutter_between_paragraphs_goes(read: Read, clutter: str) -> None:
    assert read(text_page(clutter)).body == BODY


def test_what_was_cut_is_kept_for_audit(read: Read) -> None:
    article = read(text_page("<p>Baca juga: Harga sawit naik lagi</p>"))
    assert "Baca juga: Harga sawit naik lagi" in article.removed


def test_sub_headings_stay_and_are_listed(read: Read) -> None:
    article = read(text_page("<h2>Beban dibatasi</h2>"))
    assert article.headings == ("Beban dibatasi",)
    assert article.body.split("\n\n")[2] == "Beban dibatasi"


def test_lists_and_quotes_stay(read: Read) -> None:
    extra = "<ul><li>Sepeda motor tidak dipungut biaya</li><li>Truk dilarang melintas malam hari</li></ul>"
    quote = "<blockquote><p>Kami minta warga bersabar sampai akhir tahun ini.</p></blockquote>"
    lines = read(text_page(extra, quote)).body.split("\n\n")
    assert "Sepeda motor tidak dipungut biaya" in lines
    assert "Truk dilarang melintas malam hari" in lines
    assert "Kami minta warga bersabar sampai akhir tahun ini." in lines


def test_line_breaks_part_paragraphs(read: Read) -> None:
    body = "<br><br>".join(PARAGRAPHS)
    assert read(page_of(f'<h1>Judul</h1><div class="isi-berita">{body}</div>')).body == BODY


def test_links_and_bold_inside_a_sentence_leave_no_trace(read: Read) -> None:
    marked = PARAGRAPHS[0].replace("Jembatan Siak IV", '<a href="/tag/siak"><b>Jembatan</b> <i>Siak IV</i></a>')
    body = text_page().decode().replace(PARAGRAPHS[0], marked).encode()
    assert read(body).body == BODY


def test_chunks_of_one_article_are_all_read(read: Read) -> None:
    chunks = f'<div class="potong"><p>{"</p><p>".join(PARAGRAPHS[:4])}</p></div><div class="iklan"></div>'
    chunks += f'<div class="potong"><p>{PARAGRAPHS[4]}</p></div>'
    assert read(page_of(f"<h1>Judul berita</h1><main>{chunks}</main>")).body == BODY


def test_comments_are_no_text(read: Read) -> None:
    remarks = "".join(
        f"<li><b>Pembaca {n}</b><p>Saya sangat setuju dengan isi berita ini {n}.</p></li>" for n in range(9)
    )
    body = text_page().decode().replace("<footer>", f'<div class="komentar"><ul>{remarks}</ul></div><footer>').encode()
    assert read(body).body == BODY


@pytest.mark.parametrize(
    ("start", "cut"),
    [
        ("RIAU24.COM - ", "RIAU24.COM -"),
        ("Riau24.com, Pekanbaru – ", "Riau24.com, Pekanbaru –"),
        ("JAKARTA, KOMPAS.com – ", "JAKARTA, KOMPAS.com –"),
        ("Liputan6.com, Jakarta - ", "Liputan6.com, Jakarta -"),
        ("Pekanbaru (ANTARA) - ", "Pekanbaru (ANTARA) -"),
        ("Jakarta, CNN Indonesia -- ", "Jakarta, CNN Indonesia --"),
    ],
)
def test_datelines_are_cut_and_kept_for_audit(read: Read, start: str, cut: str) -> None:
    article = read(text_page().decode().replace("<p>Pemerintah", f"<p>{start}Pemerintah").encode())
    assert article.body == BODY
    assert cut in article.removed


@pytest.mark.parametrize("mark", ["(***)", "(ant/rdk)", "***", "(red)", "(Reporter: Ani Wulandari)", "[kl/tim]"])
@pytest.mark.parametrize("own", [False, True])
def test_end_marks_are_cut(read: Read, mark: str, own: bool) -> None:
    last = f"{PARAGRAPHS[4]}</p><p>{mark}" if own else f"{PARAGRAPHS[4]} {mark}"
    assert read(text_page().decode().replace(PARAGRAPHS[4], last).encode()).body == BODY


@pytest.mark.parametrize(
    "sentence",
    [
        "Bagikan masker kepada warga di sekitar pasar, kata wali kota kepada seluruh lurah pada rapat pagi itu.",
        "Baca buku menjadi kebiasaan baru warga Rumbai selama jembatan ditutup, kata kepala perpustakaan daerah.",
        "Iklan rokok dilarang di sepanjang jembatan dan jalan menuju pusat kota, menurut peraturan daerah terbaru.",
        "Real Madrid - Barcelona tetap disiarkan di layar besar di ujung jembatan pada malam pembukaan itu juga.",
        "Editor film itu, Sari, tinggal di dekat jembatan dan merekam seluruh pekerjaan selama tiga bulan penuh.",
    ],
)
def test_sentences_that_look_like_clutter_stay(read: Read, sentence: str) -> None:
    assert sentence in read(text_page(f"<p>{sentence}</p>")).body.split("\n\n")
