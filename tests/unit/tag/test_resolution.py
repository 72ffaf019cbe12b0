"""Who and what is one thing: offices, short names, roles, salience, on articles written for Kabar."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.shipped import shipped_gazetteer, shipped_tagger
from workers.errors import Misuse
from workers.model import Entity
from workers.tag.features import Features
from workers.tag.forms import Forms
from workers.tag.line import Line
from workers.tag.people import join_offices
from workers.tag.spans import TokenSpan
from workers.tag.summary import THINGS, Tagged, summarise
from workers.tag.tokens import tokenise

CONFIG = Path(__file__).parents[3] / "config"
TAGGER = shipped_tagger()
PUBLISHED = datetime(2025, 9, 4, 12, tzinfo=UTC)

SUMMIT = """Presiden Rusia Vladimir Putin menerima pemimpin Korea Utara Kim Jong-un di Moskow pada Kamis (4 September).
Kim tiba dengan kereta dan menyaksikan pawai Hari Kemenangan di Lapangan Merah.
Pertemuan Kim-Putin
Juru bicara Kementerian Luar Negeri Jepang, Hiroko Tanaka, menyebut pertemuan itu diawasi. Menurut Tanaka, AS dan Jepang
akan berunding pekan depan. Presiden Tiongkok Xi Jinping tidak hadir, tetapi Xi mengirim pesan kepada Kim Jong Un.
Kesepakatan senilai 1,5 miliar dolar AS itu disebut dibahas sejak Maret 2018 hingga Januari 2019. DPRK membantah.
Jinping dan Putin dijadwalkan bertemu lagi tahun depan, kata Dmitry Peskov."""


def things(text: str) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entity in TAGGER.tag(text, published_at=PUBLISHED):
        found[entity.type, entity.name].append(entity.text)
    return found


def test_an_article_of_leaders() -> None:
    found = things(SUMMIT)
    assert found["PERSON", "Kim Jong-un"] == ["Kim Jong-un", "Kim", "Kim", "Kim Jong Un"]
    assert found["PERSON", "Vladimir Putin"] == ["Vladimir Putin", "Putin", "Putin"]
    assert found["PERSON", "Xi Jinping"] == ["Xi Jinping", "Xi", "Jinping"]
    assert found["PERSON", "Hiroko Tanaka"] == ["Hiroko Tanaka", "Tanaka"]
    assert found["ORG", "Kementerian Luar Negeri Jepang"] == ["Kementerian Luar Negeri Jepang"]
    assert found["LOCATION", "Amerika Serikat"] == ["AS"]
    assert found["LOCATION", "Korea Utara"] == ["Korea Utara", "DPRK"]
    assert found["DATE", "2025-09-04"] == ["Kamis (4 September)"]
    assert found["DATE", "2018-03/2019-01"] == ["Maret 2018 hingga Januari 2019"]
    assert found["DATE", "2025-09-08/2025-09-14"] == ["pekan depan"]
    assert found["MONEY", "1500000000 USD"] == ["1,5 miliar dolar AS"]
    assert found["EVENT", "Hari Kemenangan"] == ["Hari Kemenangan"]
    assert not [name for kind, name in found if "Pertemuan" in name or "-Putin" in name]
    places = [entity for entity in TAGGER.tag(SUMMIT) if entity.type == "LOCATION" and entity.wikidata]
    assert {entity.name: entity.wikidata for entity in places}.items() >= {
        ("Korea Utara", "Q423"),
        ("Amerika Serikat", "Q30"),
        ("Tiongkok", "Q148"),
    }


@pytest.mark.parametrize(
    ("text", "person", "role"),
    [
        ("Bupati Kampar Ahmad Yuzar hadir.", "Ahmad Yuzar", "Bupati Kampar"),
        ("Jenderal (Purn) Wiranto datang bersama istrinya.", "Wiranto", "Jenderal (Purn)"),
        ("Kasatreskrim Polres Kampar AKP Elvin Akbar hadir.", "Elvin Akbar", "Kasatreskrim Polres Kampar AKP"),
        ("Kasat Reskrim AKP Budi Winarto memimpin operasi.", "Budi Winarto", "Kasat Reskrim AKP"),
        ("Ketua KPK Setyo Budiyanto menjelaskan.", "Setyo Budiyanto", "Ketua KPK"),
        ("Menurut Siti Rahmawati, panen gagal.", "Siti Rahmawati", ""),
        ("Istri Joko Widodo, Iriana, ikut hadir.", "Joko Widodo", ""),
        ("Prof. Dr. Hasan Basri memberi kuliah.", "Hasan Basri", "Prof. Dr."),
        ("Kata Ahmad Fauzi, jalan itu rusak.", "Ahmad Fauzi", ""),
        ("Presiden Rusia Vladimir Putin dan Donald Trump berunding.", "Donald Trump", ""),
    ],
)
def test_roles(text: str, person: str, role: str) -> None:
    assert {entity.text: entity.role for entity in TAGGER.tag(text)}[person] == role


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Pemprov Riau", "Pemerintah Provinsi Riau"),
        ("Pemkab Bekasi", "Pemerintah Kabupaten Bekasi"),
        ("Pemkot Bekasi", "Pemerintah Kota Bekasi"),
        ("Pemkab Karo", "Pemerintah Kabupaten Karo"),
        ("DPRD Provinsi Riau", "DPRD Provinsi Riau"),
        ("DPRD Siak", "DPRD Kabupaten Siak"),
        ("Kepolisian Daerah Jawa Barat", "Polda Jawa Barat"),
        ("Polda Jabar", "Polda Jawa Barat"),
        ("Kepolisian Resor Siak", "Polres Siak"),
        ("kedubes jepang", "Kedutaan Besar Jepang"),
        ("Kemlu Tiongkok", "Kementerian Luar Negeri Tiongkok"),
        ("Polda Siak", None),  # a regency has none
        ("Pemprov Atlantis", None),
        ("Polres", None),
    ],
)
def test_offices_are_made_from_their_place(name: str, expected: str | None) -> None:
    row = shipped_gazetteer().find("ORG", name)
    assert (row.name if row and row.name != "Kepolisian Daerah" else None) == expected


@pytest.mark.parametrize(
    "fields",
    [("a", "Kantor", "Kantor", "city"), ("a", "Kantor {place}", "", "city"), ("a", "Kantor {place}", "Kantor", ""),
     ("a", "Kantor {place}", "Kantor:regency", "city"), ("a", "Kantor {place}", "~|Kantor", "city")],
)  # fmt: skip
def test_a_wrong_form_is_named(fields: tuple[str, ...]) -> None:
    with pytest.raises(Misuse, match=r"forms\.tsv:9"):
        Forms().add(fields, "forms.tsv:9")


def test_initials_of_people_and_offices_passed_over() -> None:
    found = things(
        "Ustaz Abdul Somad (UAS) tiba. UAS disambut Kasatreskrim Polres Kampar AKP Elvin Akbar. Ketua KPU RI pulang."
    )
    assert found["PERSON", "Abdul Somad"] == ["Abdul Somad", "UAS", "UAS"]
    assert found["ORG", "Polres Kampar"] == ["Polres Kampar"]
    assert found["ORG", "Komisi Pemilihan Umum"] == ["KPU RI"]


def test_the_holder_is_no_part_of_the_office() -> None:
    found = things("Menurut Kepala Dinas Pariwisata Riau Wirda Ningsih, festival itu ramai. Wirda senang.")
    assert found["ORG", "Dinas Pariwisata Provinsi Riau"] == ["Dinas Pariwisata Riau"]
    assert found["PERSON", "Wirda Ningsih"] == ["Wirda Ningsih", "Wirda"]


@pytest.mark.parametrize(
    ("kind", "words", "expected"),
    [
        ("ORG", "Kabid Humas Polda Riau Kombes Anom", [("ORG", "Polda Riau"), ("PERSON", "Anom")]),
        ("ORG", "Kabid Humas Polda Riau Kombes", [("ORG", "Polda Riau")]),
        ("LOCATION", "Bupati Kepulauan Meranti Asmar", [("LOCATION", "Kepulauan Meranti"), ("PERSON", "Asmar")]),
        ("ORG", "menurut pejabat Kementerian Perhubungan Korea", [("ORG", "Kementerian Perhubungan Korea")]),
        ("LOCATION", "warga Kepulauan Meranti Asmar", [("LOCATION", "Kepulauan Meranti Asmar")]),
        ("LOCATION", "Bupati Kuantan Singingi", [("LOCATION", "Kuantan Singingi")]),
    ],
)
def test_spans_that_reach_over_the_holder_are_cut(kind: str, words: str, expected: list[tuple[str, str]]) -> None:
    gazetteer = shipped_gazetteer()
    tokens = tokenise(f"{words} berkata begitu kepada kami di sini")
    told = [token.text for token in tokens]
    size = len(words.split())
    start = 2 if kind == "ORG" else 1
    line = Line(0, tokens, told, Features(gazetteer).view(told), spans=[TokenSpan(start, size, kind, 0.5)])
    join_offices([line], gazetteer)
    assert [(span.type, " ".join(told[span.start : span.end])) for span in line.spans] == expected


def test_a_short_name_is_found_where_it_is_nothing_else() -> None:
    text = "Letkol Yudha Prasetya memimpin. Yudha lelah. Bunga Prasetya datang. Bunga itu mekar, bunga mawar."
    found = things(text)
    assert found["PERSON", "Yudha Prasetya"] == ["Yudha Prasetya", "Yudha"]
    assert found["PERSON", "Bunga Prasetya"] == ["Bunga Prasetya"]


class Fixed:
    """A tagger that gives what it was made with."""

    def __init__(self, title: list[Entity], body: list[Entity]) -> None:
        self._fields = [title, body]

    def tag_fields(self, texts: object, **_: object) -> list[list[Entity]]:
        return self._fields


def mention(name: str, start: int, kind: str = "PERSON", role: str = "", value: str = "") -> Entity:
    return Entity(text=name, type=kind, start=start, end=start + 1, name=name, role=role, value=value)  # type: ignore[arg-type]


def summed(title: list[Entity], body: list[Entity]) -> Tagged:
    return summarise("judul", "a" * 100 + "\n" + "b" * 900, Fixed(title, body))  # type: ignore[arg-type]


def test_salience_is_title_then_frequency_then_lead() -> None:
    tagged = summed(
        [mention("Judul", 3)],
        [mention("Lead", 5), *(mention("Sering", at) for at in (200, 300, 400)), mention("Akhir", 800)],
    )
    assert [one.name for one in tagged.entities] == ["Judul", "Sering", "Lead", "Akhir"]
    assert tagged.people == ("Judul", "Sering", "Lead", "Akhir")
    saliences = [one.salience for one in tagged.entities]
    assert saliences == sorted(saliences, reverse=True)
    assert all(0 < salience <= 1 for salience in saliences)
    assert [(one.count, one.first) for one in tagged.entities] == [(1, 3), (3, 200), (1, 5), (1, 800)]


def test_a_document_keeps_values_and_the_usual_role_and_only_names_in_flat_lists() -> None:
    roles = ["Gubernur", "Gubernur Riau", "", "Gubernur Riau", "mantan bupati"]
    tagged = summed(
        [],
        [
            *(mention("Wahid", 10 * at, role=role) for at, role in enumerate(roles)),
            mention("x", 700, "DATE", value="2025"),
        ],
    )
    assert tagged.entities[0].role == "Gubernur Riau"
    assert (tagged.entities[1].value, tagged.entities[1].type) == ("2025", "DATE")
    assert (tagged.people, tagged.organisations, tagged.places) == (("Wahid",), (), ())


def test_what_a_document_keeps_is_bounded() -> None:
    tagged = summed([], [mention(f"nama {at}", at, "QUANTITY") for at in range(THINGS + 50)])
    assert len(tagged.entities) == THINGS
