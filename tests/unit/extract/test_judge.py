"""Junk and articles that look a little like it: each told apart."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from lxml import html

from tests.unit.extract.conftest import CONFIG, PARAGRAPHS, URL, page_of, text_page
from workers.errors import Permanent
from workers.extract import Sites
from workers.extract.cleaning import Paragraph
from workers.extract.judge import Figures, figures_of, judge, repeated
from workers.model import Article, Entry, Page

Read = Callable[..., Article]
RULES = Sites.load(CONFIG).rules(URL)

COOKIES = (
    "Kami dan mitra kami menyimpan informasi pada perangkat Anda, misalnya cookie, untuk menampilkan iklan yang cocok.",
    "Dengan menekan Terima, Anda menyetujui penggunaan data tersebut sesuai dengan kebijakan privasi yang berlaku.",
    "Situs ini memakai cookie dan teknologi serupa. Beberapa di antaranya diperlukan agar halaman dapat ditampilkan.",
    "Pilihan Anda dapat diubah kapan saja melalui pengaturan privasi yang ada di bagian bawah setiap halaman.",
)
ENGLISH_COOKIES = (
    "We and our partners store information on your device, such as cookies, in order to show you suitable advertising.",
    "By clicking Accept you agree to the processing of your data as described in our privacy policy and its annexes.",
    "Our website uses cookies and similar technologies. Some of them are needed so that the pages can be displayed.",
)
LOGIN = (
    "Silakan masuk untuk melanjutkan membaca artikel ini. Belum punya akun? Pendaftaran hanya perlu dua menit saja.",
    "Berlangganan untuk membaca semua artikel tanpa batas. Pembayaran dapat dilakukan dengan kartu bank atau pulsa.",
)
ERROR = (
    "Terjadi kesalahan pada server kami. Tim teknis sedang memperbaikinya, silakan kembali beberapa saat lagi ya.",
    "Halaman yang Anda cari mungkin telah dipindahkan, dihapus, atau alamatnya salah ketik. Periksa kembali alamatnya.",
)
HEADLINES = tuple(
    f"{who} {what} pada hari {day}."
    for day in ("Senin", "Selasa", "Rabu", "Kamis")
    for who, what in (
        ("Dinas perhubungan", "menutup jalan layang untuk perbaikan"),
        ("Petani di Kampar", "memanen padi lebih awal dari biasanya"),
        ("Kesebelasan kota", "menahan tamunya tanpa gol dalam laga tunda"),
    )
)
BRIEF = (
    "Gempa berkekuatan magnitudo 4,2 mengguncang Padang Panjang pada Kamis pukul 05.12 WIB.",
    "Pusatnya berada di darat pada kedalaman sepuluh kilometer.",
    "Belum ada laporan kerusakan maupun korban.",
)
ABOUT_COOKIES = (
    "Komisi Informasi meminta kantor pemerintah daerah menghapus cookie pelacak dari situs layanan publik mereka.",
    "Menurut anggota komisi, sebagian besar pengunjung tidak tahu bahwa kunjungannya dicatat oleh pihak ketiga.",
    "“Kami menemukan cookie iklan di halaman pendaftaran sekolah,” kata ketua tim pemeriksa dalam jumpa pers.",
    "Pemeriksaan berlangsung tiga bulan terhadap dua ratus situs milik kota dan kabupaten di seluruh provinsi.",
    "Pemerintah kota berjanji menyelesaikan pembersihan sebelum penerimaan murid baru dibuka pada bulan Juni.",
)


def plain(paragraphs: tuple[str, ...], title: str = "Jembatan Siak IV dibuka kembali") -> bytes:
    return page_of(f"<h1>{title}</h1><div class='isi'>{''.join(f'<p>{p}</p>' for p in paragraphs)}</div>")


def linked(paragraphs: tuple[str, ...]) -> bytes:
    return page_of(
        "<h1>Jembatan Siak IV dibuka kembali</h1><table>"
        + "".join(f"<tr><td><b><a href='/{n}'>{p}</a></b></td></tr>" for n, p in enumerate(paragraphs))
        + "</table>"
    )


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (plain(COOKIES), "notices"),
        (plain(ENGLISH_COOKIES), "notices"),
        (plain(LOGIN + ERROR), "notices"),
        (plain((*COOKIES, PARAGRAPHS[0])), "notices"),
        (linked(HEADLINES), "links"),
    ],
    ids=["cookies", "cookies in English", "login and error", "cookies before a scrap", "links"],
)
def test_junk_is_refused_with_its_figures(read: Read, body: bytes, says: str) -> None:
    with pytest.raises(Permanent, match=says) as caught:
        read(body)
    assert caught.value.reason == "junk_page"


@pytest.mark.parametrize(
    ("body", "begins"),
    [
        (plain(BRIEF, "Gempa M 4,2 guncang Padang Panjang"), BRIEF[0]),
        (plain(ABOUT_COOKIES, "Situs layanan publik diminta hapus pelacak"), ABOUT_COOKIES[0]),
        (plain((*PARAGRAPHS, COOKIES[0], COOKIES[1])), PARAGRAPHS[0]),
        (text_page("<ul>" + "".join(f"<li>{h}</li>" for h in HEADLINES) + "</ul>"), PARAGRAPHS[0]),
        (text_page(f"<p><a href='/x'>{PARAGRAPHS[2]}</a></p>"), PARAGRAPHS[0]),
        (page_of(f"<h1>Jembatan Siak</h1><a name=isi><div>{'<br>'.join(PARAGRAPHS)}</div>"), PARAGRAPHS[0]),
        (page_of(f"<h1>Jembatan Siak</h1><a href='/cetak'>Cetak<div>{'<br>'.join(PARAGRAPHS)}</div>"), PARAGRAPHS[0]),
    ],
    ids=[
        "a brief",
        "about cookies",
        "with a notice below",
        "with a list",
        "with a linked paragraph",
        "in an anchor",
        "in a link left open",
    ],
)
def test_articles_pass(read: Read, body: bytes, begins: str) -> None:
    assert read(body).body.startswith(begins)


def test_a_scrap_beside_much_text_is_junk_only_when_it_has_nothing_of_the_title(read: Read) -> None:
    around = html.document_fromstring("<body>" + "".join(f"<p>{p} {p}</p>" for p in PARAGRAPHS * 6) + "</body>")
    scrap = [Paragraph("Laporan ini disusun oleh tim liputan daerah dan disunting oleh meja penyunting.")]
    with pytest.raises(Permanent, match="around"):
        judge(around, scrap, RULES, "Jembatan Siak dibuka kembali")
    assert judge(around, [Paragraph("Jembatan itu dibuka pagi ini.")], RULES, "Jembatan Siak dibuka kembali") == 0
    assert judge(html.document_fromstring("<body><p>x</p></body>"), scrap, RULES, "Jembatan Siak dibuka kembali") == 0


def test_the_feeds_own_text_stands_in_for_junk(read: Read) -> None:
    content = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    article = read(
        plain(COOKIES), Entry(id="e", feed_id="f", url=URL, title="Jembatan Siak IV dibuka", content=content)
    )
    assert (article.body_source, article.body) == ("feed", "\n\n".join(PARAGRAPHS))


def test_the_share_of_links_is_told(read: Read) -> None:
    assert read(text_page()).link_share == 0
    some = read(text_page(f"<p><a href='/x'>Menurut catatan kami, {PARAGRAPHS[3]}</a></p>")).link_share
    assert 0 <= some < 0.4


# --- one text under many titles


def figures(name: str, body: str = "teks", *, apart: bool = False) -> Figures:
    return Figures(at_ms=1, words=90, body=body, title=f"judul {name}", address=f"alamat {name}", apart=apart)


@pytest.mark.parametrize(
    ("new", "others", "junk"),
    [
        (figures("c"), [figures("a"), figures("b")], True),
        (figures("b"), [figures("a")], False),  # retitled, or printed by two desks
        (figures("b", apart=True), [figures("a")], True),
        (figures("c"), [figures("a"), figures("a")], False),
        (figures("a", apart=True), [Figures(at_ms=1, body="teks", title="judul a", address="lain")], False),  # moved
        (figures("c"), [figures("a", "lain"), figures("b", "lagi")], False),
        (figures("c", ""), [figures("a", ""), figures("b", "")], False),
        (figures("a"), [figures("a"), figures("a")], False),  # the same article, fetched again
    ],
)
def test_the_same_text_under_many_titles(new: Figures, others: list[Figures], junk: bool) -> None:
    assert bool(repeated(new, others)) is junk


def test_an_article_moved_or_retitled_is_not_repeated() -> None:
    moved = [Figures(at_ms=1, words=9, body="t", title="sama", address=str(n)) for n in range(5)]
    assert not repeated(Figures(at_ms=1, words=9, body="t", title="sama", address="x"), moved)
    retitled = [Figures(at_ms=1, words=9, body="t", title=str(n), address="sama") for n in range(5)]
    assert not repeated(Figures(at_ms=1, words=9, body="t", title="x", address="sama"), retitled)


def test_figures_of_an_article_and_of_a_refusal() -> None:
    page = Page(url=URL, final_url=URL, status=200, headers={}, body=b"x", fetched_ms=7)
    entry = Entry(id="e", feed_id="f", url=URL)
    article = Article(url=URL, title="Jembatan Siak", body="Jembatan dibuka.", published_at_source="feed")
    found = figures_of(page, entry, article)
    assert (found.words, found.titled, found.dated, found.authored, found.refused) == (2, True, False, False, "")
    assert not found.apart
    assert figures_of(page, entry, Permanent("x", reason="no_text")).refused == "no_text"
    by_feed = figures_of(
        page, entry, Article(url=URL, title="Jembatan Siak Pulih", body="Dua kata", body_source="feed")
    )
    assert (by_feed.refused, by_feed.apart) == ("feed_only", True)


@pytest.mark.parametrize("text", ["a" * 900, "tautan panjang nomor " * 40, "kami " * 180, "kami dan mitra " * 60])
def test_hostile_pages_are_judged_soon(text: str) -> None:
    links = "".join(f"<a href=/{n}>tautan panjang nomor {n} yang aneh</a>" for n in range(9_000))
    started = time.perf_counter()
    with suppress(Permanent):
        judge(html.document_fromstring(f"<body>{links}"), [Paragraph(f"{n} {text}") for n in range(2_000)], RULES, "x")
    assert time.perf_counter() - started < 10
