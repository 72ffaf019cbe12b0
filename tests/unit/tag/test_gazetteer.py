"""The gazetteer: how names match, and that a wrong row is named with its file and line."""

from pathlib import Path

import pytest

from tests.shipped import shipped_gazetteer
from workers.errors import Misuse
from workers.tag.gazetteer import Gazetteer, load_gazetteer

HEADER = "id\tname\taliases\ttype\twikidata\tlatitude\tlongitude\n"
GOOD = (
    HEADER + "province/riau\tRiau\tBumi Melayu\tLOCATION\tQ1\t0.5\t101.5\n"
    "province/kepri\tKepulauan Riau\tKepri\tLOCATION\t\t\t\n"
)
SHIPPED = Path(__file__).parents[3] / "config" / "gazetteer"


def written(folder: Path, data: str) -> Path:
    (folder / "places.tsv").write_text(data, encoding="utf-8")
    return folder


def found(gazetteer: Gazetteer, text: str) -> list[str]:
    words = text.split()
    return [match.row.name for match in gazetteer.matches(words, [word.lower() for word in words])]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("di Riau dan Kepulauan Riau", ["Riau", "Kepulauan Riau"]),
        ("di Kepri", ["Kepulauan Riau"]),
        ("riau rendah", []),
        ("Bumi Melayu", ["Riau"]),
    ],
)
def test_the_longest_name_wins(tmp_path: Path, text: str, names: list[str]) -> None:
    assert found(load_gazetteer(written(tmp_path, GOOD)), text) == names


def test_a_weak_alias_resolves_but_never_finds(tmp_path: Path) -> None:
    gazetteer = load_gazetteer(
        written(tmp_path, HEADER + "city/a\tKota Batu\t~Batu\tLOCATION\t\t\t\ncity/b\tLima\t~Lima\tLOCATION\t\t\t\n")
    )
    assert found(gazetteer, "Batu Lima") == []
    for name, canonical in (("Batu", "Kota Batu"), ("lima", "Lima")):
        row = gazetteer.find("LOCATION", name)
        assert row is not None
        assert row.name == canonical


def test_acronyms_match_in_capitals_only(tmp_path: Path) -> None:
    gazetteer = load_gazetteer(written(tmp_path, HEADER + "party/pan\tPartai Amanat Nasional\tPAN\tORG\t\t\t\n"))
    assert found(gazetteer, "PAN") == ["Partai Amanat Nasional"]
    assert found(gazetteer, "Pan") == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("country/x\tX\t\tLOCATION\t\t", "6 fields, not 7"),
        ("x\tX\t\tLOCATION\t\t\t", "'x' is not group/key"),
        ("country/x\t\t\tLOCATION\t\t\t", "the name is empty"),
        ("country/x\tX\t\tPLACE\t\t\t", "'PLACE' is none of"),
        ("country/x\tX\t\tLOCATION\t252\t\t", "'252' is no Wikidata id"),
        ("country/x\tX\t\tLOCATION\t\t1\t", "both or not at all"),
        ("country/x\tX\t\tLOCATION\t\tnorth\teast", "are no degrees"),
        ("country/x\tX\t\tLOCATION\t\t91\t0", "lie on no globe"),
        ("country/x\tX\t\tLOCATION\t\tnan\t0", "lie on no globe"),
        ("country/x\tX\t~ | \tLOCATION\t\t\t", "empty or has blanks"),
        ("province/riau\tX\t\tLOCATION\t\t\t", "the id province/riau stands in"),
        ("country/x\tX\triau\tLOCATION\t\t\t", "'riau' (LOCATION) stands in"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path: Path, row: str, problem: str) -> None:
    with pytest.raises(Misuse, match=r"places\.tsv:4: ") as caught:
        load_gazetteer(written(tmp_path, GOOD + row + "\n"))
    assert problem in str(caught.value)


def test_a_wrong_header_or_encoding_or_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="no such folder"):
        load_gazetteer(tmp_path / "nowhere")
    with pytest.raises(Misuse, match=r"places\.tsv:1: the columns must be"):
        load_gazetteer(written(tmp_path, "name\tid\n"))
    (tmp_path / "places.tsv").write_bytes(b"\xff\xfe")
    with pytest.raises(Misuse, match=r"places\.tsv"):
        load_gazetteer(tmp_path)


def test_the_version_follows_the_content(tmp_path: Path) -> None:
    first = load_gazetteer(written(tmp_path, GOOD)).version
    assert load_gazetteer(tmp_path).version == first
    assert load_gazetteer(written(tmp_path, GOOD.replace("101.5", "101.6"))).version != first


@pytest.mark.parametrize(
    ("name", "canonical", "wikidata"),
    [
        ("AS", "Amerika Serikat", "Q30"), ("DPRK", "Korea Utara", "Q423"), ("Cina", "Tiongkok", "Q148"),
        ("Kota Pekanbaru", "Pekanbaru", ""), ("Kabupaten Bandung", "Kabupaten Bandung", ""),
        ("Sumbar", "Sumatera Barat", "Q2772"),
        ("DKI", "Jakarta", "Q3630"), ("Bangkinang Kota", "Bangkinang Kota", ""),
        ("Rohul", "Rokan Hulu", ""), ("Moscow", "Moskow", "Q649"),
    ],
)  # fmt: skip
def test_shipped_places(name: str, canonical: str, wikidata: str) -> None:
    row = shipped_gazetteer().find("LOCATION", name)
    assert row is not None
    assert (row.name, row.wikidata) == (canonical, wikidata)


def test_shipped_tables_hold_every_province_with_coordinates_and_every_regency() -> None:
    rows = shipped_gazetteer().rows
    assert sum(row.group == "province" and row.latitude is not None for row in rows) == 38
    assert sum(row.group in ("regency", "city") and row.id.partition("/")[2][:1].isdigit() for row in rows) == 514


@pytest.mark.parametrize(
    ("name", "type_", "canonical"),
    [
        ("Solo", "", "Surakarta"), ("solo ", "LOCATION", "Surakarta"), ("Surakarta", "", "Surakarta"),
        ("JOKOWI", "", "Joko Widodo"), ("Jokowi", "LOCATION", "Jokowi"), ("KPK", "ORG", "Komisi Pemberantasan Korupsi"),
        ("Rina Kusumadewi", "", "Rina Kusumadewi"), ("", "", ""),
    ],
)  # fmt: skip
def test_a_name_as_readers_write_it_is_looked_up(name: str, type_: str, canonical: str) -> None:
    assert shipped_gazetteer().resolve_name(name, type_) == canonical


def test_a_name_of_several_things_is_the_one_called_exactly_so(tmp_path: Path) -> None:
    rows = "leader/w\tGeorge Weston\tWeston\tPERSON\t\t\t\ncity/w\tWeston\t\tLOCATION\t\t\t\n"
    gazetteer = load_gazetteer(written(tmp_path, HEADER + rows))
    assert (gazetteer.resolve_name("Weston"), gazetteer.resolve_name("Weston", "PERSON")) == ("Weston", "George Weston")
