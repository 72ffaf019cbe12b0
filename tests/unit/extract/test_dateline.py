"""Datelines are cut and their place kept; sentences that only begin with a place and a dash stay whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.extract.conftest import PARAGRAPHS, text_page
from workers.model import Article

Read = Callable[..., Article]
BODY = "\n\n".join(PARAGRAPHS)


def opened_by(start: str) -> bytes:
    return text_page().decode().replace("<p>Pemerintah", f"<p>{start}Pemerintah").encode()


@pytest.mark.parametrize(
    ("start", "place"),
    [
        ("RIAU24.COM - ", ""),
        ("RIAU24.COM, PEKANBARU - ", "Pekanbaru"),
        ("JAKARTA, KOMPAS.com – ", "Jakarta"),
        ("<strong>JAKARTA, KOMPAS.com</strong> - ", "Jakarta"),
        ("Liputan6.com, Jakarta - ", "Jakarta"),
        ("<b>Liputan6.com, Jakarta -</b> ", "Jakarta"),
        ("PEKANBARU - ", "Pekanbaru"),
        ("PEKANBARU – ", "Pekanbaru"),
        ("PEKANBARU— ", "Pekanbaru"),
        ("TELUK KUANTAN -- ", "Teluk Kuantan"),
        ("TEMPO.CO, Jakarta - ", "Jakarta"),
        ("TEMPO.CO, <strong>Jakarta</strong> - ", "Jakarta"),
        ("TEMPO Interaktif, Jakarta - ", "Jakarta"),
        ("Jakarta, CNBC Indonesia - ", "Jakarta"),
        ("Jakarta, CNN Indonesia -- ", "Jakarta"),
        ("Jakarta (ANTARA) - ", "Jakarta"),
        ("Jakarta (ANTARA News) -- ", "Jakarta"),
        ("Labuan Bajo (ANTARA) – ", "Labuan Bajo"),
        ("Bisnis.com, JAKARTA — ", "Jakarta"),
        ("Bisnis.com, JAKARTA – ", "Jakarta"),
        ("KBRN, Pekanbaru: ", "Pekanbaru"),
        ("REPUBLIKA.CO.ID, BANDUNG -- ", "Bandung"),
        ("REPUBLIKA.CO.ID,JAKARTA - ", "Jakarta"),
        ("TRIBUNPEKANBARU.COM, PELALAWAN - ", "Pelalawan"),
        ("jpnn.com, JAKARTA - ", "Jakarta"),
        ("JAKARTA, iNews.id - ", "Jakarta"),
        ("JAKARTA, KOMPAS — ", "Jakarta"),
        ("KONTAN.CO.ID - JAKARTA. ", "Jakarta"),
        ("Suara.com - ", ""),
        ("tirto.id - ", ""),
        ("VIVA – ", ""),
        ("Jakarta, VIVA – ", "Jakarta"),
        ("Jakarta, IDN Times - ", "Jakarta"),
        ("Jakarta, Beritasatu.com – ", "Jakarta"),
        ("PEKANBARU (MCR) - ", "Pekanbaru"),
        ("PEKANBARU, GORIAU.COM - ", "Pekanbaru"),
        ("PEKANBARU (CAKAPLAH) - ", "Pekanbaru"),
        ("InfoPublik, Jakarta – ", "Jakarta"),
        ("Siak, 4 September 2025 – ", "Siak"),
        ("<strong>Jakarta</strong> - ", "Jakarta"),
        ("<b>Rokan Hulu</b> - ", "Rokan Hulu"),
        ("Jakarta - ", "Jakarta"),
        ("WASHINGTON (AP) — ", "Washington"),
        ("WASHINGTON, D.C. (AP) — ", "Washington, D.C."),
        ("LONDON, Sept 4 (Reuters) - ", "London"),
        ("NEW YORK, Nov. 19 (Xinhua) -- ", "New York"),
        ("BRUSSELS/PARIS (Reuters) - ", "Brussels/Paris"),
        ("(Reuters) - ", ""),
    ],
)
def test_datelines_are_cut(read: Read, start: str, place: str) -> None:
    article = read(opened_by(start))
    assert article.body == BODY
    assert article.dateline == place
    assert any(cut and cut in " ".join(article.removed) for cut in (start.split("<")[0].strip(), place.upper(), place))


@pytest.mark.parametrize("line", ["JAKARTA, KOMPAS.com -", "<strong>Jakarta, CNN Indonesia</strong> --"])
def test_a_dateline_may_stand_above_the_text(read: Read, line: str) -> None:
    article = read(text_page().decode().replace("<p>Pemerintah", f"<p>{line}</p><p>Pemerintah").encode())
    assert (article.body, article.dateline) == (BODY, "Jakarta")


@pytest.mark.parametrize(
    "sentence",
    [
        "Jakarta - Bandung kini dapat ditempuh dalam empat puluh menit dengan kereta cepat yang berangkat tiap jam.",
        "Pekanbaru-Dumai kini tersambung jalan tol sehingga waktu tempuh berkurang menjadi dua jam saja.",
        "Pekanbaru – kota yang lahir di tepian Sungai Siak – merayakan hari jadinya tanpa pesta kembang api.",
        "Tol Pekanbaru - Dumai ditutup selama empat jam untuk pemeriksaan jembatan di kilometer lima puluh.",
        "Persija Jakarta - Persib Bandung berakhir imbang tanpa gol di hadapan tiga puluh ribu penonton.",
        "PSSI - Kementerian Pemuda sepakat memperbaiki lima stadion sebelum kompetisi dimulai bulan depan.",
        "Bank Indonesia (BI) - Kementerian Keuangan menandatangani kesepakatan baru tentang surat utang.",
        "Tokopedia.com - yang kini milik perusahaan lain - menutup kantornya di dua kota besar pekan ini.",
        "Kabar baik: Pekanbaru masuk daftar kota dengan udara terbersih pada bulan September tahun ini.",
        "2025 - Tahun ini menjadi tahun tersulit bagi petani karet di tiga kabupaten menurut dinas perkebunan.",
        "COVID-19 - Penyakit itu masih dipantau rumah sakit daerah meskipun jumlah pasiennya tinggal sedikit.",
    ],
)
def test_sentences_with_a_dash_stay(read: Read, sentence: str) -> None:
    article = read(text_page().decode().replace(f"<p>{PARAGRAPHS[0]}", f"<p>{sentence}</p><p>{PARAGRAPHS[0]}").encode())
    assert article.body == f"{sentence}\n\n{BODY}"
    assert article.dateline == ""


def test_only_the_opening_has_a_dateline(read: Read) -> None:
    later = "RIAU24.COM - Demikian tulisan pada papan nama kantor lama yang kini menjadi museum pers kota."
    body = text_page().decode().replace("</div><footer>", f"<p>{later}</p></div><footer>").encode()
    assert read(body).body == f"{BODY}\n\n{later}"
