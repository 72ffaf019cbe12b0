"""The tagger on sentences of our own: a floor under what readers notice.

`[text|P]` marks a person, `[text|O]` an organisation, `[text|L]` a place.
"""

import re
from pathlib import Path

from workers.tag.tagger import Tagger

CONFIG = Path(__file__).parents[2] / "config"
FLOOR = 0.93  # F1 over exact span and type; raise it when the tagger gets better
TYPES = {"P": "PERSON", "O": "ORG", "L": "LOCATION"}
MARK = re.compile(r"\[([^|\]]+)\|([POL])\]")

SENTENCES = """
Presiden [Prabowo Subianto|P] menerima Perdana Menteri [Jepang|L] di [Istana Merdeka|L], [Jakarta|L], Senin pagi.
Gubernur [Riau|L] meminta warga [Kabupaten Kampar|L] waspada terhadap banjir.
[Persib Bandung|O] menahan imbang [Persija Jakarta|O] di [Stadion Gelora Bung Karno|L].
Gempa terasa hingga [Kepulauan Riau|L] dan [Singapura|L].
Ketua [KPK|O] [Setyo Budiyanto|P] memastikan penyidikan berjalan.
[Badan Pusat Statistik|O] ([BPS|O]) mencatat inflasi di [Pekanbaru|L] turun.
Juru bicara [Kementerian Luar Negeri|O] membantah kabar itu di [Jakarta|L].
Menurut [Siti Rahmawati|P], harga cabai di [Pasar Induk Kramat Jati|L] naik dua kali lipat.
[Pertamina|O] menambah pasokan elpiji ke [Sumatera Barat|L] dan [Jambi|L].
Kapolres [Siak|L] AKBP [Eka Pratama|P] memimpin apel di halaman kantor bupati.
Tim [BPBD|O] mengevakuasi puluhan warga [Kecamatan Rumbai|L] dengan perahu karet.
[Donald Trump|P] bertemu [Vladimir Putin|P] di [Alaska|L].
Pemerintah [Korea Selatan|L] mengecam uji coba rudal [Korea Utara|L].
Anggota [DPR|O] dari [PDI Perjuangan|O], [Rina Kusuma|P], menolak usulan itu.
Ia lahir di [Medan|L] dan kuliah di [Universitas Gadjah Mada|O].
Harga minyak naik setelah serangan di [Iran|L].
Direktur Utama [PT Sawit Lestari Makmur|O], [Hendra Gunawan|P], menandatangani kerja sama itu.
[Manchester United|O] kalah dari [Liverpool|O] dengan skor 1-3.
Kebakaran hutan meluas di [Kabupaten Pelalawan|L], [Riau|L].
[Bank Indonesia|O] menahan suku bunga acuan.
Menteri Keuangan [Sri Mulyani Indrawati|P] berbicara di hadapan [IMF|O] di [Washington|L].
Warga [Ukraina|L] mengungsi ke [Polandia|L].
Wali Kota [Surabaya|L] meresmikan taman baru di [Jalan Darmo|L].
Mahasiswa [Universitas Riau|O] berunjuk rasa di depan kantor gubernur.
[Joko Widodo|P] dan [Jusuf Kalla|P] hadir dalam acara itu.
Penyanyi [Raisa Andriana|P] menggelar konser di [Yogyakarta|L].
Polisi menangkap tersangka berinisial AS di sebuah rumah kos.
Hujan deras mengguyur kota itu sejak siang.
Harga emas batangan naik lagi hari ini.
Setelah rapat, [Agus Salim|P] kembali ke [Bengkalis|L].
[Mahkamah Konstitusi|O] menolak gugatan yang diajukan [Partai Buruh|O].
[TNI|O] mengirim pasukan ke [Papua|L] untuk membantu warga.
Kapal itu berlayar dari [Pelabuhan Tanjung Priok|L] menuju [Makassar|L].
Presiden [Tiongkok|L] [Xi Jinping|P] tiba di [Moskow|L].
[Dewi Lestari|P], warga [Desa Sungai Pinang|L], mengaku kehilangan sawahnya.
Kepala [BMKG|O] meminta masyarakat di pesisir [Pulau Sumba|L] tenang.
Klub asal [Spanyol|L], [Real Madrid|O], merekrut pemain muda [Brasil|L].
[Google|O] dan [Microsoft|O] membuka pusat data di [Batam|L].
Sidang digelar di [Pengadilan Negeri Pekanbaru|O] pada Kamis.
[Ahmad Fauzi|P] terpilih menjadi ketua umum [PSSI|O].
""".strip().splitlines()


def test_own_sentences() -> None:
    tagger = Tagger.load(CONFIG)
    right = wrong = missed = 0
    problems = []
    for marked in SENTENCES:
        true, text = unmarked(marked)
        found = {(entity.start, entity.end, str(entity.type)) for entity in tagger.tag(text)}
        right, wrong, missed = right + len(true & found), wrong + len(found - true), missed + len(true - found)
        problems += [f"wrong {text[a:b]} {type_}" for a, b, type_ in sorted(found - true)]
        problems += [f"missed {text[a:b]} {type_}" for a, b, type_ in sorted(true - found)]
    f1 = 2 * right / (2 * right + wrong + missed)
    assert f1 >= FLOOR, f"F1 {f1:.3f}\n" + "\n".join(problems)


def unmarked(marked: str) -> tuple[set[tuple[int, int, str]], str]:
    true: set[tuple[int, int, str]] = set()
    text, at = "", 0
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        true.add((len(text), len(text) + len(match[1]), TYPES[match[2]]))
        text += match[1]
        at = match.end()
    return true, text + marked[at:]
