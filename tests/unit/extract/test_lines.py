"""Lines of the page go wherever they stand; the article's sentences stay, however much they look like them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.extract.conftest import PARAGRAPHS, page_of, text_page
from workers.model import Article

Read = Callable[..., Article]
BODY = "\n\n".join(PARAGRAPHS)

LINES = [
    "Baca juga: Harga Sawit di Riau Naik Lagi Pekan Ini",
    "Baca Juga : Harga Sawit di Riau Naik Lagi Pekan Ini.",
    "BACA JUGA Harga Sawit di Riau Naik Lagi",
    "Baca juga » Harga Sawit di Riau Naik Lagi",
    "Baca Selengkapnya: Harga Sawit di Riau Naik Lagi",
    "Lihat juga: Galeri foto jembatan",
    "Lihat Juga Video 'Jembatan Siak Dibuka':",
    "Simak juga Video: Detik-detik Jembatan Dibuka",
    'Simak Video "Detik-detik Jembatan Dibuka"',
    "Saksikan video selengkapnya berikut ini:",
    "Saksikan Video Pilihan di Bawah Ini:",
    "Tonton juga: Jembatan dari udara",
    "[Gambas:Video 20detik]",
    "[Gambas:Youtube]",
    "ADVERTISEMENT",
    "Advertisement",
    "SCROLL TO CONTINUE WITH CONTENT",
    "ADVERTISEMENT SCROLL TO CONTINUE WITH CONTENT",
    "ADVERTISEMENT - LANJUTKAN MEMBACA DI BAWAH INI",
    "Iklan",
    "Scroll Untuk Melanjutkan",
    "Gulir untuk lanjut membaca",
    "Lanjutkan membaca setelah iklan",
    "Halaman Selanjutnya",
    "Halaman berikutnya: Beban kendaraan",
    "Dapatkan berita terbaru di Google News",
    "Dapatkan update berita pilihan dan breaking news setiap hari dari Kabarlokal.com.",
    "Dapatkan berita terbaru dan terlengkap, ikuti kami di Google News.",
    "Ikuti berita terkini Kabar Lokal di Google News, klik di sini.",
    "Ikuti saluran WhatsApp Channel Kabar Lokal untuk mendapatkan berita terbaru.",
    "Ikuti WhatsApp Channel Kabar Lokal",
    "Gabung saluran WhatsApp kami agar tidak ketinggalan berita penting dari Riau.",
    "Mari bergabung di Grup Telegram Kabar Lokal, caranya klik link berikut, kemudian join.",
    "Cek Berita dan Artikel yang lain di Google News",
    "Follow Instagram kami untuk kabar terbaru",
    "Bagikan:",
    "Bagikan artikel ini:",
    "Share: Facebook Twitter WhatsApp",
    "Jangan lewatkan: Harga sawit naik",
    "Pilihan Editor: Mengapa Jembatan Lama Retak",
    "Artikel ini telah tayang di Kabarlokal.com dengan judul Jembatan Siak IV Dibuka Kembali",
    "Berita Terkait",
    "Topik Terkait",
    "READ MORE: Palm oil price up again",
    "Read also: Palm oil price up again",
    "Also read: Palm oil price up again",
    "Related: Palm oil price up again",
    "Watch: The bridge from above",
    "Story continues below advertisement",
    "Article continues after this advertisement",
    "Sign up for our daily newsletter to get the top stories in your inbox.",
    "Follow us on Facebook and Twitter for more news.",
    "Join our WhatsApp channel for the latest news.",
    "Get the latest news on our Telegram channel.",
    "Click here to read more stories",
    "Copyright © 2025 Kabar Lokal. All rights reserved.",
]

SENTENCES = [
    '"Baca juga: Harga Sawit" adalah contoh tautan yang kerap menyela bacaan, menurut peneliti media itu.',
    'Tulisan "Baca juga" di tengah berita mengganggu pembaca tunanetra yang memakai pembaca layar.',
    "Baca juga menjadi kegiatan wajib setiap pagi di sekolah dasar di seberang jembatan itu sejak Juli.",
    "Saluran WhatsApp milik pemerintah kota diikuti dua ratus ribu orang dalam sebulan terakhir.",
    "Ikuti jalur kiri dan kurangi kecepatan, demikian bunyi rambu baru di kedua ujung jembatan.",
    "Iklan di badan bus kota dikenai pajak baru mulai bulan depan, menurut peraturan wali kota.",
    "Advertisement boards on the bridge were taken down before the ceremony, the mayor said.",
    "Simak saja pengakuan Yanto, sopir truk yang setiap hari melintas di jembatan itu sejak 2010.",
    "Lihat saja kolom penyangga itu, ujarnya, retaknya sudah ditutup semua dan dicat ulang.",
    "Bagikan bibit gratis kepada petani, pinta gubernur kepada seluruh kepala dinas pada rapat itu.",
    "Foto udara menunjukkan antrean kendaraan sepanjang dua kilometer di kedua sisi sungai.",
    "Sumber: begitulah warga menyebut mata air di bawah jembatan yang tak pernah kering itu.",
    "Komentar: satu kata itu menjadi judul lukisan yang dipamerkan di kaki jembatan sampai Minggu.",
    "Share prices of the contractor rose four percent after the bridge was opened again.",
    "Follow the river road to the old market, and you will see the new bridge from there.",
    "Sign up sheets were handed to the residents at the gate on the morning of the ceremony.",
    "Read more books, the mayor told pupils who had crossed the bridge to reach the library.",
    "Halaman sekolah di dekat jembatan dipakai untuk parkir tamu selama upacara berlangsung.",
    "Tag harga di pasar bawah jembatan kini memakai dua bahasa, Indonesia dan Melayu.",
    "Cek ombak dulu, kata nelayan tua itu sambil tertawa, baru bicara soal jembatan baru.",
]  # fmt: skip


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("place", [2, 5], ids=["between", "below"])
def test_lines_of_the_page_go(read: Read, line: str, place: int) -> None:
    blocks = [*PARAGRAPHS]
    blocks.insert(place, line)
    page = page_of(f'<h1>Jembatan Siak IV dibuka kembali</h1><div class="isi"><p>{"</p><p>".join(blocks)}</p></div>')
    article = read(page)
    assert article.body == BODY
    assert line in article.removed


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("place", [1, 2, 5], ids=["second", "between", "last"])
def test_the_articles_sentences_stay(read: Read, sentence: str, place: int) -> None:
    blocks = [*PARAGRAPHS]
    blocks.insert(place, sentence)
    page = page_of(f'<h1>Jembatan Siak IV dibuka kembali</h1><div class="isi"><p>{"</p><p>".join(blocks)}</p></div>')
    assert read(page).body.split("\n\n") == blocks


WHATSAPP = (
    "WhatsApp meluncurkan fitur saluran untuk semua pengguna di Indonesia mulai pekan ini, kata perusahaan itu.",
    "Bergabung dengan saluran WhatsApp cukup dilakukan lewat tab pembaruan di bagian bawah layar ponsel.",
    "Ikuti saluran WhatsApp yang diminati dengan mengetuk tanda tambah di samping nama saluran tersebut.",
    "Pemilik saluran tidak dapat melihat nomor telepon pengikut, dan pengikut tidak dapat saling melihat.",
    "Cek saluran WhatsApp resmi lembaga pemerintah lewat tanda centang agar tidak tertipu akun palsu.",
)


def test_an_article_about_channels_keeps_its_advice(read: Read) -> None:
    own = "Ikuti WhatsApp Channel Kabarlokal.com dan dapatkan berita terbaru dari kami setiap hari."
    page = f"<h1>Cara Memakai Saluran WhatsApp</h1><div><p>{'</p><p>'.join((*WHATSAPP, own))}</p></div>"
    article = read(page_of(page))
    assert article.body.split("\n\n") == list(WHATSAPP)
    assert own in article.removed


@pytest.mark.parametrize(
    "ending",
    [
        "Rapat berikutnya digelar pekan depan di kantor dinas (tertutup untuk umum).",
        "Pembukaan itu dihadiri tiga menteri dan dua gubernur (Riau dan Sumatera Barat)",
        "Inflasi kota itu tercatat 2,1 persen (yoy)",
        "Skor akhir pertandingan persahabatan di bawah jembatan itu 2-1 (1-0)",
        "Jembatan itu dibuka pada Kamis (4/9/2025)",
        "Siapa yang akan merawatnya? Itu soal lain (tertawa).",
        '"Semua sudah aman," kata kepala dinas (kanan) sambil menunjuk kolom jembatan.',
    ],
)
def test_brackets_at_the_end_of_a_sentence_stay(read: Read, ending: str) -> None:
    assert read(text_page().decode().replace(PARAGRAPHS[4], ending).encode()).body.split("\n\n")[-1] == ending


@pytest.mark.parametrize(
    "mark",
    ["(***)", "(*)", "[*]", "***", "(ant/rdk)", "(Ant/Rdk)", "(R24/dahari)", "(mar1/jpnn)", "(abd)", "[bal]", "(Z-2)",
     "(red)", "(Ant)", "[kl/tim]", "(Reporter: Ani Wulandari)", "(Tribunpekanbaru.com/Nasrul Efendi)", "(lau/pta/sfr)",
     "(Sumber: Antara)", "(ant/***)"],
)  # fmt: skip
@pytest.mark.parametrize("markup", ["{text} {mark}", "{text}</p><p>{mark}", "{text}<br><br><strong>{mark}</strong>"])
def test_end_marks_go(read: Read, mark: str, markup: str) -> None:
    last = markup.format(text=PARAGRAPHS[4], mark=mark)
    article = read(text_page().decode().replace(PARAGRAPHS[4], last).encode())
    assert article.body == BODY
    assert mark in article.removed


@pytest.mark.parametrize(
    "credit",
    [
        "Editor: Ani Wulandari",
        "Penulis: Budi Santoso<br>Editor: Ani Wulandari",
        "Pewarta: Budi Santoso<br>Editor: Ani Wulandari<br>Copyright © ANTARA 2025",
        "Reporter: Budi | Editor: Ani Wulandari",
        "Redaktur & Reporter : Budi Santoso",
        "Sumber: Antara",
        "Reporting by Budi Santoso; editing by Ani Wulandari",
        "Budi Santoso contributed to this report.",
    ],
)
def test_credits_below_go(read: Read, credit: str) -> None:
    last = f"{PARAGRAPHS[4]}</p><p>{credit}"
    assert read(text_page().decode().replace(PARAGRAPHS[4], last).encode()).body == BODY
