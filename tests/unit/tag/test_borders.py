"""Where names end by what stands beside them: units, pairs, fathers, things named after people, roles behind names."""

from datetime import UTC, datetime

import pytest

from tests.shipped import shipped_tagger

PUBLISHED = datetime(2025, 9, 5, 3, 0, tzinfo=UTC)


def names(text: str) -> list[tuple[str, str]]:
    return [(e.type, e.text) for e in shipped_tagger().tag(text, published_at=PUBLISHED)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Prajurit Kodim 0301/Pekanbaru menanam pohon.", ("ORG", "Kodim 0301/Pekanbaru")),
        ("Perang Rusia-Ukraina belum usai.", ("LOCATION", "Ukraina")),
        ("Hubungan Korea Utara-Korea Selatan membeku.", ("LOCATION", "Korea Selatan")),
        ("Pertemuan IMF-Bank Dunia usai.", ("ORG", "Bank Dunia")),
        ("Terdakwa Zulfan bin Abdul Karim hadir.", ("PERSON", "Zulfan bin Abdul Karim")),
        ("Ia mendarat di Bandara Sultan Syarif Kasim II.", ("LOCATION", "Bandara Sultan Syarif Kasim II")),
        ("Kapal sandar di Pelabuhan Dumai pagi itu.", ("LOCATION", "Pelabuhan Dumai")),
    ],
)
def test_names_are_whole(text: str, expected: tuple[str, str]) -> None:
    assert expected in names(text)


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Kurs ditutup Rp16.250 per dolar AS sore itu.", "AS"),
        ("Polisi menangkap tersangka berinisial AS di rumah kos.", "AS"),
        ("Siti Aminah, S.Pd.I., M.Pd. memimpin sekolah itu.", "M.Pd"),
        ("Negara Guinea-Bissau menunda pemilu.", "Guinea"),
    ],
)
def test_what_is_no_name(text: str, never: str) -> None:
    assert never not in [name for _, name in names(text)]


@pytest.mark.parametrize(
    ("text", "person", "role"),
    [
        ("Budi Gunadi Sadikin, Menteri Kesehatan, meresmikan puskesmas.", "Budi Gunadi Sadikin", "Menteri Kesehatan"),
        ("Prabowo, Menteri Luar Negeri Sugiono, dan Airlangga hadir.", "Prabowo", ""),
        ("Prabowo, Menteri Luar Negeri Sugiono, dan Airlangga hadir.", "Sugiono", "Menteri Luar Negeri"),
        ("Ketua DPR Puan Maharani, Presiden Prabowo Subianto, dan tamu hadir.", "Puan Maharani", "Ketua DPR"),
        ("Menteri Sains dan Teknologi Nadiem Makarim mundur.", "Nadiem Makarim", "Menteri Sains dan Teknologi"),
    ],
)  # fmt: skip
def test_roles(text: str, person: str, role: str) -> None:
    found = {e.text: e.role for e in shipped_tagger().tag(text, published_at=PUBLISHED)}
    assert found[person] == role
