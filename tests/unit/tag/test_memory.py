"""Memory: what is remembered of words and names, that a part of the sentences is held back, what the model is told."""

from pathlib import Path

from workers.tag import remember
from workers.tag.memory import Memory
from workers.tag.models import read_words

RINI = (["Bupati", "Rini", "Wulan", "tiba"], ["O", "B-PERSON", "I-PERSON", "O"])
SIAK = (["Siak", "menunggu", "Rini"], ["B-LOCATION", "O", "B-PERSON"])
CLUB = (["Rini", "FC", "menang"], ["B-ORG", "I-ORG", "O"])


def _told(memory: Memory, words: list[str]) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in words]
    memory.add(words, [word.lower() for word in words], rows)
    return rows


def test_a_word_is_remembered_by_what_it_was_how_often_and_how_surely() -> None:
    marks = remember.marks(remember.count([RINI, SIAK, CLUB, CLUB]))
    assert marks == {
        "name.L": {"siak"}, "name.O": {"rini_fc"}, "name.P": {"rini", "rini_wulan"},
        "word.L1a": {"siak"}, "word.O2a": {"fc"}, "word.O3c": {"rini"}, "word.P1a": {"wulan"}, "word.o1a": {"bupati"},
    }  # fmt: skip


def test_a_part_is_shown_what_the_others_say() -> None:
    first, second = remember.count([RINI]), remember.count([SIAK])
    shown = remember.held_back(remember.count([RINI, SIAK]), [first, second])
    assert "j=?" in _told(shown[0], ["Siak", "Wulan"])[1]
    assert "j=L1a" in _told(shown[0], ["Siak", "Wulan"])[0]
    assert "j=?" in _told(shown[1], ["Siak", "Wulan"])[0]
    assert "j=P1a" in _told(shown[1], ["Siak", "Wulan"])[1]


def test_the_model_is_told_of_a_word_its_neighbours_and_the_longest_name() -> None:
    memory = Memory(remember.marks(remember.count([RINI, SIAK])))
    assert _told(memory, ["kata", "Rini", "Wulan", "Zed", "."]) == [
        ["+j=P2a", "+jp=P"],
        ["j=P2a", "+j=P1a", "jp=PB2"],
        ["-j=P2a", "j=P1a", "jj=PP", "+j=?", "jp=PE2"],
        ["-j=P1a", "j=?", "j?wulan", "jj=P?", "-jp=P"],
        ["-j=?"],
    ]


def test_no_memory_tells_nothing() -> None:
    assert _told(Memory({}), ["Rini", "Wulan"]) == [[], []]
    assert _told(Memory(remember.marks(remember.count([RINI]))), []) == []


def test_the_file_gives_back_what_was_written(tmp_path: Path) -> None:
    many = [([f"Nama{number}"], ["B-PERSON"]) for number in range(150)]
    counts = remember.count([RINI, SIAK, CLUB, *many])
    remember.write(counts, tmp_path / "memory.tsv")
    assert read_words(tmp_path / "memory.tsv") == remember.marks(counts)
