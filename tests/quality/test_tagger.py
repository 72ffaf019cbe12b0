"""The tagger on sentences of our own: a floor under what readers notice.

`[text|P]` marks a person, `[text|O]` an organisation, `[text|L]` a place.

The corpora can't be part of this repository. Where they are at hand, `KABAR_TEST_NER` names the files (JSON lines or
CoNLL columns, `:` between them), and the scores by type, by source, of names the model has seen and not, and the fifty
worst errors are printed; `KABAR_TEST_NER_TRAINED` names the files the model was trained on.
"""

import os
import re
from pathlib import Path

import pytest

from tests.shipped import shipped_tagger
from workers.tag.corpus import Sentence, read
from workers.tag.scoring import names_of, score
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
    tagger = shipped_tagger()
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


# By source, of labelled sentences the model was not trained on; raise them when the tagger gets better.
SOURCE_FLOORS = {"idner-news-2k": 0.84, "nergrit": 0.76, "nerui-01": 0.88}


def test_labelled_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    test = _files("KABAR_TEST_NER")
    if not test:
        pytest.skip("KABAR_TEST_NER names no files of labelled sentences")
    scores = score(test, Tagger.load(CONFIG), names_of(_files("KABAR_TEST_NER_TRAINED")))
    with capsys.disabled():
        print()
        for key, row in scores.figures.items():
            print(f"{key:24} F1 {row['f1']:.4f}  precision {row['precision']:.4f}  recall {row['recall']:.4f}")
        print("\n".join(scores.worst(50)))
    low = {source: scores.figures[source]["f1"] for source in SOURCE_FLOORS if source in scores.figures}
    assert {source for source, f1 in low.items() if f1 < SOURCE_FLOORS[source]} == set()


def _files(variable: str) -> list[Sentence]:
    return [row for name in os.environ.get(variable, "").split(":") if name for row in read(Path(name))]
