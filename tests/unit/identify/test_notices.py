"""Corrections and retractions that a text announces, and what only sounds like one."""

import pytest

from workers.identify import notice_of
from workers.model import Article

CORRECTIONS = """
Ralat: nama kepala desa yang benar adalah Suryono, bukan Suryadi.
RALAT – Dalam berita sebelumnya disebutkan 12 korban.
Koreksi: jumlah peserta 120 orang.
Koreksi redaksi: foto yang dipakai semula keliru.
Pembetulan: tarif baru berlaku 1 Mei.
Catatan redaksi: artikel ini telah diubah pada Senin pukul 10.00 WIB.
Catatan Redaksi: artikel ini telah diralat karena kesalahan penulisan nama.
CATATAN REDAKSI: Terdapat kekeliruan pada judul sebelumnya.
(Artikel ini telah dikoreksi pada 3 Maret 2026.)
Berita ini telah diperbarui dengan keterangan polisi.
Berita di atas telah direvisi.
Judul berita ini sudah diubah.
Redaksi telah mengubah judul ini agar sesuai isi berita.
Correction: An incorrect figure was given for the budget.
Corrections and clarifications: see below.
This article has been updated to include the company's reply.
This story was corrected on March 3.
An earlier version of this article misstated the minister's age.
Editor’s note: This article was amended after publication.
Ralat
""".strip().splitlines()
RETRACTIONS = """
Berita ini telah dicabut.
Artikel ini ditarik oleh redaksi karena sumbernya tidak dapat dipastikan.
Catatan redaksi: berita ini telah ditarik atas permintaan narasumber.
Redaksi mencabut berita ini setelah penilaian Dewan Pers.
Dengan ini redaksi menarik kembali berita berjudul "Pasar Terbakar".
Pencabutan berita: redaksi memohon maaf.
This article has been retracted.
Retraction: the report was based on a forged document.
We have withdrawn this story.
""".strip().splitlines()
NEITHER = """
Koreksi harga emas berlanjut hingga penutupan perdagangan.
IHSG mengalami koreksi 1,2 persen.
Dewan Pers meminta berita itu diralat dalam tiga hari.
Izin usaha perusahaan itu telah dicabut oleh kementerian.
Menurut dia, aturan ini telah diubah tahun lalu.
Catatan redaksi: tulisan ini adalah pendapat pribadi penulis.
Artikel ini telah tayang lebih dahulu di laman lain.
Uang palsu itu ditarik dari peredaran.
The law has been amended twice this year.
The correction officer declined to comment.
Ia mengatakan bahwa berita ini sudah ia baca.
""".strip().splitlines()


@pytest.mark.parametrize(
    ("text", "kind"),
    [(t, "correction") for t in CORRECTIONS] + [(t, "retraction") for t in RETRACTIONS] + [(t, "") for t in NEITHER],
)
def test_notices(text: str, kind: str) -> None:
    body = f"Warga berkumpul di balai desa.\n\n{text}\n\nRapat selesai pukul lima."
    assert notice_of(Article(url="https://a.test/a", title="Warga berkumpul", body=body)) == kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Ralat: Harga Beras Turun", "correction"),
        ("[KOREKSI] Harga Beras Turun", "correction"),
        ("Pencabutan: Pasar Terbakar", "retraction"),
        ("Koreksi IHSG Dinilai Wajar", ""),
        ("Koreksi IHSG: Apa Artinya?", ""),
    ],
)
def test_titles(title: str, kind: str) -> None:
    assert notice_of(Article(url="https://a.test/a", title=title, body="Isi.")) == kind


def test_a_notice_that_cleaning_cut_out_counts_and_a_retraction_counts_more() -> None:
    cut = Article(url="https://a.test/a", body="Isi.", removed=("Berita ini telah dicabut.",))
    assert notice_of(cut) == "retraction"
    assert notice_of(Article(url="u", body="Ralat: x.\n\nBerita ini telah dicabut.\n\nKoreksi: y.")) == "retraction"


def test_a_long_report_is_no_notice_and_a_hostile_text_takes_no_time() -> None:
    assert notice_of(Article(url="u", body="Ralat: " + "kata " * 300)) == ""
    assert notice_of(Article(url="u", body=". " * 500_000 + "\n\n" + "(((" * 100_000)) == ""
