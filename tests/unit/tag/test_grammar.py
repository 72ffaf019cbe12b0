"""Grammar: what is found, where it ends, what it is worth; the rule of overlaps; any text in time."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shipped import shipped_tagger
from workers.tag.grammar import Found, find, keep
from workers.tag.mentions import day_of

TODAY = date(2025, 9, 5)  # a Friday


def values(text: str, today: date | None = TODAY, english: bool = False) -> list[tuple[str, str, str]]:
    return [(one.type, text[one.start : one.end], one.value) for one in find(text, today, english)]


def value(text: str, today: date | None = TODAY, english: bool = False) -> str:
    """The value of a text that is one mention as a whole."""
    found = find(text, today, english)
    assert [(one.start, one.end) for one in found] == [(0, len(text))], found
    return found[0].value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 September 2025", "2025-09-04"),
        ("4/9/2025", "2025-09-04"),
        ("04-09-2025", "2025-09-04"),
        ("2025-09-04", "2025-09-04"),
        ("4 Sept. 2025", "2025-09-04"),
        ("4 Nopember 1998", "1998-11-04"),
        ("Kamis, 4 September 2025", "2025-09-04"),
        ("Jum'at (5/9)", "2025-09-05"),
        ("29 Februari 2024", "2024-02-29"),
        ("29 Februari", "2024-02-29"),  # the nearest year that has one
        ("31 Desember", "2025-12-31"),
        ("28 Desember hingga 3 Januari 2026", "2025-12-28/2026-01-03"),
        ("2 dan 3 September 2025", "2025-09-02/2025-09-03"),
        ("pertengahan Agustus 2025", "2025-08-11/2025-08-20"),
        ("akhir Februari 2024", "2024-02-21/2024-02-29"),
        ("awal 2024", "2024-01-01/2024-04-30"),
        ("September 2024", "2024-09"),
        ("September tahun lalu", "2024-09"),
        ("Desember lalu", "2024-12"),
        ("Desember mendatang", "2025-12"),
        ("pekan ini", "2025-09-01/2025-09-07"),
        ("pekan depan", "2025-09-08/2025-09-14"),
        ("akhir pekan lalu", "2025-08-30/2025-08-31"),
        ("bulan lalu", "2025-08"),
        ("tahun depan", "2026"),
        ("seminggu lalu", "2025-08-25/2025-08-31"),
        ("tiga tahun silam", "2022"),
        ("10 hari lalu", "2025-08-26"),
        ("lusa", "2025-09-07"),
        ("semalam", "2025-09-04"),
        ("Jumat", "2025-09-05"),
        ("Sabtu lalu", "2025-08-30"),
        ("Jumat lalu", "2025-08-29"),
        ("Jumat depan", "2025-09-12"),
        ("Rabu pekan ini", "2025-09-03"),
        ("Minggu", "2025-08-31"),
        ("2019-2024", "2019/2024"),
        ("tahun 1990-an", "1990/1999"),
        ("1800-an", "1800/1899"),
        ("2000-an", "2000/2009"),
        ("abad ke-19", "1801/1900"),
        ("abad XXI", "2001/2100"),
        ("dua pekan terakhir", "2025-08-22/2025-09-05"),
        ("lima tahun terakhir", "2020-09-05/2025-09-05"),
        ("tiga hari ke depan", "2025-09-05/2025-09-08"),
        ("enam bulan mendatang", "2025-09-05/2026-03-05"),
        ("last Monday", "2025-09-01"),
        ("three weeks ago", "2025-08-11/2025-08-17"),
        ("4 years ago", "2021"),
        ("tonight", "2025-09-05"),
    ],
)
def test_dates(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    ["30/2/2025", "0/9/2025", "32 Mei", "2024", "Mei", "may", "3/4 gelas", "skor 2-1", "minggu", "18:30",
     "1.234.567", "nomor 081234567890", "v2025-09", "U-23", "90000 tahun lalu kala"],
)  # fmt: skip
def test_no_dates(text: str) -> None:
    assert not [one for one in values(text) if one[0] == "DATE" and one[2]]


def test_without_a_day_of_publication_relative_dates_have_no_value() -> None:
    assert values("kemarin, 4 September, Senin pagi, Mei lalu", None) == [
        ("DATE", words, "") for words in ("kemarin", "4 September", "Senin pagi", "Mei lalu")
    ]
    assert value("4 September 2025", None) == "2025-09-04"


def test_a_coming_weekday_is_told_by_its_sentence() -> None:
    assert values("Pasar akan dibuka Senin.")[0][2] == "2025-09-08"
    assert values("Harga akan naik. Senin pasar tutup.")[0][2] == "2025-09-01"


def test_the_ends_of_the_calendar() -> None:
    for today in (date.min, date.max):
        find("kemarin, besok, pekan lalu, pekan depan, tahun lalu, 9999 tahun lagi", today)
        find("4 September, Senin, Mei lalu, akhir tahun depan, 1 Januari, 31 Desember, Jumat depan", today)


@pytest.mark.parametrize(
    ("text", "english", "expected"),
    [
        ("Rp 1,2 miliar", False, "1200000000 IDR"),
        ("Rp1.500.000", False, "1500000 IDR"),
        ("Rp 12.500,50", False, "12500.5 IDR"),
        ("Rp 1,250 triliun", False, "1250000000000 IDR"),
        ("Rp 5 jutaan", False, "5000000 IDR"),
        ("Rp 2 M", False, "2000000000 IDR"),
        ("IDR 100,000", True, "100000 IDR"),
        ("US$1,5 juta", False, "1500000 USD"),
        ("USD 1.5 million", True, "1500000 USD"),
        ("$3.2bn", True, "3200000000 USD"),
        ("dua puluh lima juta rupiah", False, "25000000 IDR"),
        ("satu setengah miliar rupiah", False, "1500000000 IDR"),
        ("300 juta dolar Singapura", False, "300000000 SGD"),
        ("€50", False, "50 EUR"),
        ("RM 20", False, "20 MYR"),
    ],
)
def test_money(text: str, english: bool, expected: str) -> None:
    assert value(text, english=english) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5,6 km", "5.6 km"),
        ("1.250 hektare", "1250 ha"),
        ("12,5%", "12.5 %"),
        ("20-30 persen", "20/30 %"),
        ("tiga orang", "3 person"),
        ("seribu orang", "1000 person"),
        ("5 ribu ton", "5000 t"),
        ("100 meter persegi", "100 m2"),
        ("40 km/jam", "40 km/h"),
        ("M 5.2", "5.2 M"),
        ("150 KK", "150 household"),
        ("17 tahun", "17 year"),
    ],
)
def test_quantities(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UU No. 11 Tahun 2020", "UU 11/2020"),
        ("UU Nomor 11 Tahun 2020 tentang Cipta Kerja", "UU 11/2020"),
        ("Undang-Undang RI Nomor 23 Tahun 2014", "UU 23/2014"),
        ("Perppu Nomor 2 Tahun 2022", "Perppu 2/2022"),
        ("Peraturan Menteri Keuangan Nomor 81 Tahun 2024", "PMK 81/2024"),
        ("Perda Riau Nomor 3 Tahun 2018", "Perda Riau 3/2018"),
        ("UUD NRI Tahun 1945", "UUD 1945"),
        ("Kitab Undang-Undang Hukum Pidana", "KUHP"),
        ("UU Perlindungan Anak", "UU Perlindungan Anak"),
        ("Pasal 55 ayat (1) ke-1", "Pasal 55 ayat (1) ke-1"),
        ("Permendagri No 7/2021", "Permendagri 7/2021"),
        ("RUU KUHAP", "RUU KUHAP"),
        ("Pasal 12 huruf a", "Pasal 12 huruf a"),
        ("Pasal 28E ayat 3", "Pasal 28E ayat 3"),
    ],
)
def test_laws(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pemilihan Umum 2024", "Pemilu 2024"),
        ("Pilkada Serentak 2024", "Pilkada Serentak 2024"),
        ("Hari Raya Idul Fitri 1446 H", "Idulfitri 1446 H"),
        ("HUT RI ke-80", "HUT RI ke-80"),
        ("Hari Jadi ke-241 Kota Pekanbaru", "Hari Jadi ke-241 Kota Pekanbaru"),
        ("Piala Dunia U-17 2025", "Piala Dunia U-17 2025"),
        ("PON XXI Aceh-Sumut 2024", "PON XXI Aceh-Sumut 2024"),
        ("Perang Dunia Kedua", "Perang Dunia II"),
        ("Natal 2025", "Natal 2025"),
    ],
)
def test_events(text: str, expected: str) -> None:
    assert value(text) == expected


def test_laws_beside_each_other_are_two() -> None:
    assert [one[2] for one in values("UU TNI dan UU Polri direvisi, Permendagri No 7/2021.")] == [
        "UU TNI", "UU Polri", "Permendagri 7/2021",
    ]  # fmt: skip


def test_an_election_without_a_year_leaves_the_place_alone() -> None:
    assert values("Pilkada Surabaya digelar") == [("EVENT", "Pilkada", "Pilkada")]
    assert values("Hari Sabarno dan Hari Senin") == [("DATE", "Senin", "2025-09-01")]


def test_the_rule_of_overlaps() -> None:
    event = Found(10, 20, "EVENT", "x")
    for names, wins in [
        ([(0, 9), (21, 30)], True),  # beside
        ([(15, 20)], True),  # part of it
        ([(10, 12), (18, 20)], True),
        ([(10, 20)], False),  # the same
        ([(5, 25)], False),  # within a name
        ([(5, 12)], False),  # across a border
        ([(10, 12), (18, 25)], False),
    ]:
        kept, staying = keep([event], names)
        assert bool(kept) == wins, names
        inside = [start >= 10 and end <= 20 for start, end in names]
        assert staying == [not (wins and within) for within in inside]


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["Rp", "1", "2,5", "juta", "4", "/", "September", "2025", "Kamis", "(", ")", "UU", "No.", "Pasal",
                 "ayat",
                 "hingga", "-", "dua", "persen", "Hari", "Raya", "HUT", "ke-80", "RI", "KTT", "\n", "\u2028", " ", "é",
                 "ſept", "İ", "٣", "$", "%", "antara", "dan", "akhir", "pekan", "lalu", "M", "magnitudo"]
            ),
            st.text(max_size=5),
        ),
        max_size=40,
    ).map(" ".join)
)  # fmt: skip
def test_mentions_are_in_order_in_one_line_and_whole(text: str) -> None:
    at = 0
    for one in find(text, TODAY):
        mention = text[one.start : one.end]
        assert at <= one.start < one.end
        assert mention == mention.strip()
        assert len(mention.splitlines()) == 1
        at = one.end


@pytest.mark.parametrize("unit", ["1 ", "dua ", "dua dua ratus ", "$1", "UU Aa ", "Festival A ", "1-1-1-"])
def test_time_is_linear(unit: str) -> None:
    taken = []
    for size in (20_000, 80_000):
        text = unit * (size // len(unit))
        started = time.perf_counter()
        find(text, TODAY)
        taken.append(time.perf_counter() - started)
    assert taken[1] < 12 * taken[0] + 0.2  # quadratic time would take 16 times as long


def test_the_day_of_publication_is_the_publishers() -> None:
    late = datetime(2025, 9, 4, 18, 30, tzinfo=UTC)  # 01:30 in Jakarta, 03:30 in Jayapura
    assert day_of(late, "Asia/Jakarta") == date(2025, 9, 5)
    assert day_of(late, "Europe/London") == date(2025, 9, 4)
    assert day_of(late, "nowhere") == day_of(late, "") == day_of(late, "../etc") == date(2025, 9, 5)
    assert day_of(datetime.fromisoformat("2025-09-04T23:30:00-05:00"), "Asia/Jakarta") == date(2025, 9, 4)
    assert day_of(late.replace(tzinfo=None), "Asia/Jakarta") == date(2025, 9, 4)
    assert day_of(datetime.max.replace(tzinfo=UTC), "Asia/Jakarta") == date.max
    assert day_of(None, "Asia/Jakarta") is None


def test_a_tagger_gives_values_and_keeps_names() -> None:
    tagger = shipped_tagger()
    text = "Gubernur Riau menerima 5 juta dolar AS pada Kamis (4/9)."
    found = {e.text: (e.type, e.name, e.value) for e in tagger.tag(text, published_at=datetime(2025, 9, 5, tzinfo=UTC))}
    assert found["5 juta dolar AS"] == ("MONEY", "5000000 USD", "5000000 USD")
    assert found["Kamis (4/9)"] == ("DATE", "2025-09-04", "2025-09-04")
    assert found["Riau"][0] == "LOCATION"
    assert "AS" not in found
