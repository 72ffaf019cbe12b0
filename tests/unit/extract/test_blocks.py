"""Lists, quotations, tables, headings and captions, and text in whatever elements a portal puts it."""

# ruff: noqa: E501 - markup reads best unbroken

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.extract.conftest import PARAGRAPHS, page_of, text_page
from workers.model import Article

Read = Callable[..., Article]
BODY = "\n\n".join(PARAGRAPHS)
TITLE = "<h1>Jembatan Siak IV dibuka kembali</h1>"
TABLE = "<table><tr><th>Tahun</th><th>Kendaraan</th></tr><tr><td>2024</td><td>1.500</td></tr></table>"
LINK = '<a href="/x">Harga sawit naik lagi di Riau</a>'


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<ul><li>Roda dua<ul><li>motor</li><li>sepeda</li></ul></li></ul>", ["Roda dua", "motor", "sepeda"]),
        ("<ol><li><p>Siapkan kartu.</p></li><li><p>Datang ke loket.</p></li></ol>", ["Siapkan kartu.", "Datang ke loket."]),
        ("<dl><dt>Beban</dt><dd>Delapan ton</dd></dl>", ["Beban", "Delapan ton"]),
        ("<blockquote>Aman.</blockquote>", ["Aman."]),
        (TABLE, ["Tahun | Kendaraan", "2024 | 1.500"]),
        (f'<div class="table-responsive">{TABLE}</div>', ["Tahun | Kendaraan", "2024 | 1.500"]),
        ("<details><summary>Rincian</summary><p>Delapan ton untuk truk.</p></details>", ["Rincian", "Delapan ton untuk truk."]),
    ],
)  # fmt: skip
def test_lists_quotations_and_tables_stay(read: Read, markup: str, lines: list[str]) -> None:
    assert read(text_page(markup)).body.split("\n\n") == [*PARAGRAPHS[:2], *lines, *PARAGRAPHS[2:]]


@pytest.mark.parametrize("markup", ["<h2>{}</h2>", "<h4>{}</h4>", "<p><strong>{}</strong></p>", "<p><b>{}</b></p>"])
@pytest.mark.parametrize("heading", ["Beban dibatasi", "1. Beban dibatasi", "Apa saja yang dibatasi?"])
def test_sub_headings_are_marked(read: Read, markup: str, heading: str) -> None:
    assert read(text_page(markup.format(heading))).headings == (heading,)


def test_a_bold_sentence_is_no_heading(read: Read) -> None:
    article = read(text_page("<p><b>Jembatan ditutup pada malam hari.</b></p>"))
    assert not article.headings and "Jembatan ditutup pada malam hari." in article.body


@pytest.mark.parametrize(
    "inner",
    [
        "".join(f'<div dir="auto">{p}</div><div dir="auto"><br></div>' for p in PARAGRAPHS),
        "".join(f"<p><span><span>{p}</span></span></p><p>&nbsp;</p>" for p in PARAGRAPHS),
        "<br>\n".join(PARAGRAPHS),
        "<br />&nbsp;<br />".join(PARAGRAPHS),
        f"<p>{'<br /><br />'.join(PARAGRAPHS)}</p>",
        f"<table><tr><td><font>{'<br><br>'.join(PARAGRAPHS)}</font></td></tr></table>",
        f"<span>{'<br><br>'.join(PARAGRAPHS)}</span>",
        "".join(
            f'<section class="par"><p>{p}</p></section><div class="x-slot">Advertisement</div>' for p in PARAGRAPHS
        ),
        f"{PARAGRAPHS[0]}<div>Iklan</div>{PARAGRAPHS[1]}<div>Baca Juga: {LINK}</div>{PARAGRAPHS[2]}<p>{PARAGRAPHS[3]}</p>"
        f"{PARAGRAPHS[4]}",
        f'<div class="k">{"".join(f"<p>{p}</p>" for p in PARAGRAPHS[:4])}</div><div class="k"><p>{PARAGRAPHS[4]}</p></div>',
    ],
)
def test_paragraphs_are_found_in_any_markup(read: Read, inner: str) -> None:
    assert read(page_of(f'{TITLE}<div class="isi">{inner}</div>')).body == BODY


@pytest.mark.parametrize(
    ("picture", "caption"),
    [
        ("<figure><img src=a><figcaption><p>Warga di jembatan.</p><p>Foto: Ani</p></figcaption></figure>",
         "Warga di jembatan. Foto: Ani"),
        ('<div class="wp-caption"><img src=a><p class="wp-caption-text">Warga di jembatan.</p></div>', "Warga di jembatan."),
        ('<div class="foto-berita"><img src=a><small>Warga di jembatan</small></div>', "Warga di jembatan"),
        ("<p><img src=a><br><em>Warga melintas (foto: Ani)</em></p>", "Warga melintas (foto: Ani)"),
        ("<p><img src=a></p><p><em>Warga melintas. Foto: Ani</em></p>", "Warga melintas. Foto: Ani"),
    ],
)  # fmt: skip
def test_captions_stand_apart(read: Read, picture: str, caption: str) -> None:
    article = read(text_page(picture))
    assert (article.body, article.captions) == (BODY, (caption,))


def test_captions_of_teasers_are_not_the_articles(read: Read) -> None:
    card = '<li><a href="/y"><figure><img src=b><figcaption>Kebun sawit</figcaption></figure></a></li>'
    assert read(text_page(f"<ul>{card * 2}</ul>")).captions == ()


@pytest.mark.parametrize(
    "box",
    [
        f'<div class="q1"><b>BACA JUGA:</b><br>{LINK}</div>',
        f'<div class="q1"><h4>Baca Juga</h4>{LINK}</div>',
        f"<p><strong>Baca juga:</strong></p><ul><li>{LINK}</li><li>{LINK}</li></ul>",
        f"<blockquote><p><strong>BACA JUGA: {LINK}</strong></p></blockquote>",
        f"<center>Baca juga: {LINK}</center>",
        f"<hr><p><b>Baca Juga:</b><br>{LINK}<br>{LINK}</p><hr>",
        f'<div class="q2"><strong>Artikel Terkait</strong><ul><li>{LINK}</li></ul></div>',
        f"<p>{LINK}</p>",
    ],
)
def test_links_to_other_articles_go(read: Read, box: str) -> None:
    assert read(text_page(box)).body == BODY


@pytest.mark.parametrize("aside", [f" (Baca juga: {LINK})", f" <b>Baca juga: {LINK}</b>", f"<br><br>Baca juga: {LINK}"])
def test_links_to_other_articles_within_a_paragraph_go(read: Read, aside: str) -> None:
    assert read(text_page().decode().replace(PARAGRAPHS[2], PARAGRAPHS[2] + aside).encode()).body == BODY


def test_a_labels_word_in_bold_within_a_sentence_stays(read: Read) -> None:
    sentence = "Kata <b>iklan</b> dan <b>share</b> dicetak tebal pada papan pengumuman di ujung jembatan itu."
    assert "Kata iklan dan share dicetak tebal" in read(text_page(f"<p>{sentence}</p>")).body


def test_readers_remarks_and_the_next_article_go_whatever_their_names(read: Read) -> None:
    said = "Saya sudah lama menunggu jembatan ini dibuka kembali karena setiap hari harus memutar lewat kota sebelah."
    remarks = "".join(f'<div class="u"><i>{n} jam yang lalu</i><p>{said} {n}</p></div>' for n in range(5))
    own = f'<div class="lembar satu">{TITLE}<div>{"".join(f"<p>{p}</p>" for p in PARAGRAPHS)}</div>{remarks}</div>'
    following = f'<div class="lembar dua"><h2>Harga sawit naik</h2><p>{said}</p><p>{said} Sekian.</p></div>'
    assert read(page_of(own + following)).body == BODY


@pytest.mark.parametrize("page", ["<table>" * 200 + "<br>" * 200, "<b>Baca juga:</b>" * 3_000, "<p><img>" * 3_000])
def test_strange_markup_ends(read: Read, page: str) -> None:
    assert PARAGRAPHS[0] in read(text_page() + page.encode()).body
