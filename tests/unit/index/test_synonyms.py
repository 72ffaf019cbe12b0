"""The list of names that mean the same, and putting them into a query."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.errors import Misuse
from workers.index.query import AnyOf, Clause, Term, parse
from workers.index.synonyms import FILE, expand, load_synonyms, read_groups

SHIPPED = Path(__file__).resolve().parents[3] / "config" / "elasticsearch"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / FILE).write_text("# names\nKPK, Komisi Korupsi  # law\nAS, Amerika Serikat\nDPR, Dewan\n\n", "utf-8")
    return tmp_path


def shown(clause: Clause) -> object:
    """Return a clause in short: the texts of the alternatives, ~ before what is not sought in English."""
    if isinstance(clause, Term):
        return clause.text
    return [" ".join(("~" if term.not_english else "") + term.text for term in row) for row in clause.options]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("kpk tanah", [["kpk", "Komisi Korupsi"], "tanah"]),
        ("komisi korupsi tanah", [["komisi korupsi", "KPK"], "tanah"]),
        ("komisi tanah korupsi", ["komisi", "tanah", "korupsi"]),
        ("komisi -korupsi", ["komisi", "korupsi"]),
        ('"komisi korupsi" "KPK"', ["komisi korupsi", "KPK"]),
        ("-KPK", ["KPK"]),
        ("judul:KPK lembaga:KPK", ["KPK", "KPK"]),
        ("AS as", [["~AS", "Amerika Serikat"], "as"]),
        ("amerika serikat", [["amerika serikat", "~AS"]]),
        ("KPK OR banjir", [["KPK", "Komisi Korupsi", "banjir"]]),
        ("Dewan dewan", [["Dewan", "DPR"], ["dewan", "DPR"]]),
        ("", []),
    ],
)
def test_names_get_their_other_names(folder: Path, text: str, clauses: list[object]) -> None:
    assert [shown(clause) for clause in expand(parse(text), load_synonyms(folder))] == clauses


def test_without_a_list_a_query_stays() -> None:
    clauses = parse("KPK OR banjir tanah")
    assert expand(clauses, {}) == clauses
    assert isinstance(clauses[0], AnyOf)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("KPK\n", "line 1"),
        ("KPK, \n", "line 1"),
        ("a, b\nKPK => Komisi\n", "line 2"),
        ("a, b\nb, c\n", "line 2: .b. stands in two groups"),
        ("a, " + "kata " * 9, "line 1"),
    ],
)
def test_a_wrong_list_is_named(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / FILE).write_text(content, "utf-8")
    with pytest.raises(Misuse, match=says):
        load_synonyms(tmp_path)


def test_a_list_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match=FILE):
        load_synonyms(tmp_path)
    (tmp_path / FILE).write_bytes(b"\xff, a\n")
    with pytest.raises(Misuse, match="UTF-8"):
        load_synonyms(tmp_path)


def test_the_shipped_list_is_sound() -> None:
    synonyms = load_synonyms(SHIPPED)
    for wanted in ("kpk", "polri", "pemprov", "dprd", "as", "tiongkok", "rrt", "china"):
        assert (wanted,) in synonyms
    for wanted in ("bulutangkis", "sepak bola", "kerja sama", "lalulintas", "olah raga", "gempabumi"):
        assert tuple(wanted.split()) in synonyms
    assert len(list(read_groups(SHIPPED))) >= 100
