"""What stands beside an article, and articles whose markup gives little help."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.unit.extract.conftest import PARAGRAPHS, page_of, text_page
from workers.model import Article, Entry

Read = Callable[..., Article]
BODY = "\n\n".join(PARAGRAPHS)
OTHERS = [
    f"Harga sawit di kabupaten nomor {n} naik lagi pekan ini menurut catatan dinas perkebunan provinsi setempat."
    for n in range(8)
]
TEASERS = "".join(f'<div class="b"><h3><a href="/{n}">Sawit {n}</a></h3><p>{t}</p></div>' for n, t in enumerate(OTHERS))
LIST = f'<h3>Berita Lainnya</h3><div class="daftar">{TEASERS}</div>'
TEXTS = {"p": f"<div><p>{'</p><p>'.join(PARAGRAPHS)}</p></div>", "br": f"<div>{'<br><br>'.join(PARAGRAPHS)}</div>"}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_lists_of_teasers_are_no_text(read: Read, text: str) -> None:
    assert read(page_of(f"<h1>Judul berita</h1>{text}{LIST}")).body == BODY


@pytest.mark.parametrize("name", ["promo", "single trending", "content sharing", "popular-post", "post share tags"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_box_that_holds_the_article_stays_whatever_its_name(read: Read, name: str, text: str) -> None:
    assert (
        read(page_of(f"<h1>Judul berita</h1>{text.replace('<div>', f'<div class={chr(34)}{name}{chr(34)}>')}")).body
        == BODY
    )


@pytest.mark.parametrize("name", ["komentar", "comments-area", "disqus_thread", "respon"])
def test_long_remarks_below_a_short_article_go(read: Read, name: str) -> None:
    remarks = "".join(f"<p>{t}</p>" for t in OTHERS)
    short = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[:2])
    body = read(page_of(f'<h1>Judul berita</h1><div>{short}</div><div class="{name}">{remarks}</div>')).body
    assert body == "\n\n".join(PARAGRAPHS[:2])


def test_the_next_article_below_goes_and_a_live_report_stays(read: Read) -> None:
    own = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    other = f"<article><h2>Harga sawit naik</h2><p>{OTHERS[0]}</p><p>{OTHERS[1]}</p></article>"
    page = f"<div><h1>Judul berita</h1><article>{own}</article>{other}</div>"
    assert read(page_of(page)).body == BODY
    live = "".join(f"<article><h2>Pukul {n}</h2><p>{p}</p></article>" for n, p in enumerate(PARAGRAPHS))
    assert all(p in read(page_of(f"<main><h1>Laporan langsung</h1>{live}</main>")).body for p in PARAGRAPHS)


@pytest.mark.parametrize("mark", ['style="display: none"', "hidden", 'aria-hidden="true"'])
def test_what_is_hidden_is_no_text(read: Read, mark: str) -> None:
    assert read(text_page(f"<div {mark}><p>{OTHERS[0]}</p></div>")).body == BODY


@pytest.mark.parametrize(
    "sentence",
    [
        "Komentar ini langsung menuai reaksi keras dari warganet dan anggota dewan di media sosial.",
        "Hak cipta lagu itu, menurut penyanyinya, sepenuhnya dimiliki pencipta dan tidak dapat dialihkan.",
        '"Lihat video itu, jelas sekali pelaku memukul lebih dulu," kata kepala polisi kota.',
        "Cek fakta: beredar pesan berantai di WhatsApp tentang gempa besar. Klaim itu tidak benar.",
        "Update terakhir, debit air di Kanal Banjir Timur naik menjadi siaga tiga, kata petugas.",
        '"Baca juga surat edarannya, semua sekolah libur sampai tanggal dua puluh," ujar kepala dinas.',
        "Comments are pouring in from residents who say the flood warnings came far too late.",
        "Reporter: Kapan pekerjaan selesai?",
        "Penulis: Tere Liye",
    ],
)
def test_the_articles_own_sentences_stay(read: Read, sentence: str) -> None:
    blocks = [*PARAGRAPHS[:4], sentence, PARAGRAPHS[4]]
    body = read(page_of(f"<h1>Judul berita</h1><div><p>{'</p><p>'.join(blocks)}</p></div>")).body
    assert body.split("\n\n") == blocks


def node(**fields: object) -> dict[str, object]:
    named = {"@type": "Person", "name": "Orang Lain"}
    return {"@type": "NewsArticle", "datePublished": "2025-01-02T08:00:00Z", "author": named, **fields}


@pytest.mark.parametrize(
    "data",
    [
        {"@type": "ItemList", "itemListElement": [node(headline="Jembatan Siak IV dibuka kembali")]},
        node(headline="Harga sawit naik"),
        [node(headline="Harga sawit naik"), node(headline="Harga karet turun")],
        {"@type": "VideoObject", "name": "Pelabuhan", "uploadDate": "2025-01-02T08:00:00Z"},
        {"@type": "WebPage", "mentions": node(headline="Jembatan Siak IV dibuka kembali")},
    ],
)
def test_linked_data_of_other_articles_says_nothing(read: Read, data: object) -> None:
    long = {**data, "articleBody": "Harga sawit naik. " * 100} if isinstance(data, dict) else data
    article = read(text_page(head=f'<script type="application/ld+json">{json.dumps(long)}</script>'))
    assert (article.authors, article.published_at_source, article.body) == ((), "url", BODY)


def test_of_several_nodes_the_one_headed_or_addressed_like_the_page_counts(read: Read) -> None:
    own = node(headline="Jembatan Siak IV dibuka kembali, warga lega", datePublished="2025-09-04T01:00:00Z")
    head = f'<script type="application/ld+json">{json.dumps([node(headline="Harga sawit naik"), own])}</script>'
    assert read(text_page(head=head)).published_at == datetime(2025, 9, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "line", ['<span class="date">Rabu, 10 September 2025 10:00 WIB</span>', '<span class="date">10/09/2025</span>']
)
def test_a_header_clock_does_not_beat_the_feed(read: Read, line: str) -> None:
    when = datetime(2025, 9, 4, 1, 2, 3, tzinfo=UTC)
    entry = Entry(id="e", feed_id="f", url="https://www.kabarlokal.test/1", published_at=when)
    body = text_page().replace(b"<h1>", f"{line}<h1>".encode())
    article = read(body, entry, url="https://www.kabarlokal.test/tsunami-2004-12-26")
    assert (article.published_at, article.published_at_source) == (when, "feed")


def test_a_sections_name_is_no_title_and_a_title_may_look_like_a_sites(read: Read) -> None:
    head = '<meta property="og:title" content="Siak ramai, jembatan dibuka kembali"><title>x</title>'
    assert read(text_page(head=head, title="Siak ramai")).title == "Siak ramai, jembatan dibuka kembali"
    head = (
        '<title>Argentina - Indonesia - Kabar Indonesia</title><meta property="og:site_name" content="Kabar Indonesia">'
    )
    assert read(text_page(head=head, title="")).title == "Argentina - Indonesia"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Oleh: H. Muhammad Dasri, S.Sos., M.Si", ("H. Muhammad Dasri",)),
        ("Kontributor Pekanbaru, Idon Tanjung", ("Idon Tanjung",)),
        ("KL24/put", ()),
        ("Dan Brown dan Ann Lee", ("Dan Brown", "Ann Lee")),
        ("Van Morrison", ("Van Morrison",)),
        ("Von Andreas Hoffmann", ("Andreas Hoffmann",)),
        ("Tim Cook", ("Tim Cook",)),
        ("Tim Redaksi", ()),
        ("Root Saputra", ("Root Saputra",)),
        ("Rina Antara", ("Rina Antara",)),
    ],
)
def test_names_that_look_like_marks(read: Read, line: str, expected: tuple[str, ...]) -> None:
    assert read(text_page().replace(b"</h1>", f'</h1><div class="author">{line}</div>'.encode())).authors == expected


SECTIONS = [
    ("a brief above a long article loaded below it", '<h2><a href="/2">Berita kedua</a></h2>', False),
    ("the same under a heading of its rank", "<h1>Berita kedua</h1>", False),
    ("with a date of its own", '<h2>Berita kedua</h2><span class="date">4 September 2025</span>', False),
    ("a part of the same text under a sub-heading", "<h2>Latar belakang</h2>", True),
]


@pytest.mark.parametrize(("heading", "stays"), [row[1:] for row in SECTIONS], ids=[row[0] for row in SECTIONS])
def test_boxes_made_like_the_articles_own_are_others_only_with_what_makes_an_article(
    read: Read, heading: str, stays: bool
) -> None:
    brief = "".join(
        f"<p>Warga Rumbai membersihkan parit kampung pada Minggu pagi, bagian {n} dari kerja bakti.</p>"
        for n in range(3)
    )
    long = "".join(
        f"<p>Pemerintah kota menyiapkan lahan baru untuk pasar induk di tepi sungai, tahap {n}.</p>" for n in range(12)
    )
    body = read(
        page_of(
            f'<div class="potongan"><h1>Warga Rumbai Bersihkan Parit</h1>{brief}</div>'
            f'<div class="potongan">{heading}{long}</div>'
        )
    ).body
    assert "bagian 2 dari kerja bakti" in body
    assert ("tahap 11" in body) is stays
