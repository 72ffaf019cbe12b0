"""An editor's corrections: read, written, and stronger than gazetteer and article."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shipped import read_once, shipped_tagger
from workers.errors import Misuse
from workers.tag.corrections import Correction, add_correction, read_corrections
from workers.tag.tagger import Tagger

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read_once(monkeypatch)


def names(tagger: Tagger, text: str) -> dict[str, str]:
    return {entity.text: entity.name for entity in tagger.tag(text)}


def corrected(tmp_path: Path, *corrections: Correction) -> Tagger:
    path = tmp_path / "corrections.tsv"
    for correction in corrections:
        add_correction(path, correction)
    return Tagger.load(CONFIG, corrections=path)


def test_a_merge_renames_and_identifies(tmp_path: Path) -> None:
    text = "Bupati Yusril Hamdani bertemu Gubernur Riau. Yusril Hamdani pulang."
    assert names(shipped_tagger(), text)["Yusril Hamdani"] == "Yusril Hamdani"
    tagger = corrected(tmp_path, Correction("merge", "PERSON", "YUSRIL Hamdani", "Yusril Hamdani Rasyid", "Q1"))
    found = [entity for entity in tagger.tag(text) if entity.text == "Yusril Hamdani"]
    assert {(entity.name, entity.wikidata) for entity in found} == {("Yusril Hamdani Rasyid", "Q1")}
    assert tagger.resolve_name("yusril hamdani") == "Yusril Hamdani Rasyid"


def test_a_merge_into_a_known_thing_takes_all_of_it(tmp_path: Path) -> None:
    tagger = corrected(tmp_path, Correction("merge", "PERSON", "Rico Waas", "Joko Widodo"))
    known = next(e for e in shipped_tagger().tag("Presiden Joko Widodo tiba.") if e.type == "PERSON")
    found = next(e for e in tagger.tag("Wali Kota Medan Rico Waas tiba.") if e.type == "PERSON")
    assert (found.name, found.wikidata) == ("Joko Widodo", known.wikidata)


def test_a_split_stands_alone_whoever_else_is_named(tmp_path: Path) -> None:
    text = "Kim Jong-un tiba di Beijing. Kim disambut meriah."
    assert names(shipped_tagger(), text)["Kim"] == "Kim Jong-un"
    tagger = corrected(tmp_path, Correction("split", "PERSON", "Kim"))
    assert names(tagger, text)["Kim"] == "Kim"
    assert names(tagger, text)["Kim Jong-un"] == "Kim Jong-un"


def test_later_lines_win_and_merges_follow_merges(tmp_path: Path) -> None:
    tagger = corrected(
        tmp_path,
        Correction("split", "PERSON", "Rico Waas"),
        Correction("merge", "PERSON", "Rico Waas", "Rico Tri Waas"),
        Correction("merge", "PERSON", "Rico Tri Waas", "Rico Tri Putra Waas"),
        Correction("merge", "PERSON", "Rico Tri Putra Waas", "Rico Waas"),  # the last line leads all of them
    )
    found = names(tagger, "Wali Kota Medan Rico Waas tiba. Bupati Rico Tri Waas pulang.")
    assert (found["Rico Waas"], found["Rico Tri Waas"]) == ("Rico Waas", "Rico Waas")


def test_the_version_tells_which_corrections(tmp_path: Path) -> None:
    plain = Tagger.load(CONFIG, corrections=tmp_path / "none.tsv")
    assert plain.version == shipped_tagger().version
    first = corrected(tmp_path, Correction("split", "PERSON", "Kim")).version
    second = corrected(tmp_path, Correction("split", "PERSON", "Xi")).version
    assert len({plain.version, first, second}) == 3


@pytest.mark.parametrize(
    "line",
    ["join\tPERSON\tA\tB", "merge\tCITY\tA\tB", "merge\tPERSON\t\tB", "merge\tPERSON\tA", "split\tPERSON\tA\tB",
     "merge\tPERSON\tA\tB\tnine", "merge\tPERSON\tA\tB\tQ1\tmore", "merge"],
)  # fmt: skip
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "corrections.tsv"
    path.write_text(f"# ours\n{line}\n", encoding="utf-8")
    with pytest.raises(Misuse, match=r"corrections\.tsv:2"):
        read_corrections(path)


def test_no_file_and_no_text(tmp_path: Path) -> None:
    assert read_corrections(tmp_path / "none.tsv") == []
    path = tmp_path / "corrections.tsv"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Misuse, match="corrections"):
        read_corrections(path)
    with pytest.raises(Misuse):
        add_correction(tmp_path / "new.tsv", Correction("merge", "PERSON", "A\tB", "C"))
    assert not (tmp_path / "new.tsv").exists()
