"""Titles: every word has a capital, and still a name ends where it ends."""

from pathlib import Path

import pytest

from tests.shipped import shipped_gazetteer, shipped_tagger
from workers.tag.resolve import Resolver, Span
from workers.tag.summary import summarise

CONFIG = Path(__file__).parents[3] / "config"
TAGGER = shipped_tagger()
GAZETTEER = shipped_gazetteer()


@pytest.mark.parametrize(
    ("title", "body", "people"),
    [
        ("Jokowi Pulang ke Desa", "Presiden ketujuh Jokowi pulang ke desa kemarin. Jokowi disambut.", ["Joko Widodo"]),
        ("JOKOWI PULANG KE DESA", "Presiden ketujuh Jokowi pulang ke desa kemarin. Jokowi disambut.", ["Joko Widodo"]),
        ("Handoko Janji Jalan Mulus Mei", "Camat Handoko Pratama berjanji jalan mulus. Handoko tersenyum.",
         ["Handoko Pratama"]),
        ("Anies Hadiri Wisuda di Padang", "Anies Baswedan menghadiri wisuda di Padang. Anies tersenyum.",
         ["Anies Baswedan"]),
        ("Ganjar Sindir Anies Soal Debat", "Ganjar Pranowo menyindir Anies Baswedan soal debat. Ganjar tertawa.",
         ["Ganjar Pranowo", "Anies Baswedan"]),
        ("Prabowo Sutrisno Buka Jembatan", "Jembatan itu dibuka kemarin di Siak. Warga senang.",
         ["Prabowo Sutrisno"]),
        ("Prabowo Buka Jembatan", "Bupati Siak Prabowo Sutrisno membuka jembatan. Prabowo mengatakan jembatan itu "
         "panjang. Presiden Prabowo Subianto belum hadir.", ["Prabowo Sutrisno", "Prabowo Subianto"]),
        ("Budi Hartono Kusuma Dilantik", "Budi Hartono dilantik Senin. Budi bersyukur.", ["Budi Hartono"]),
    ],
)  # fmt: skip
def test_the_people_of_a_title_are_those_of_the_body(title: str, body: str, people: list[str]) -> None:
    assert list(summarise(title, body, TAGGER).people) == people


@pytest.mark.parametrize(("known", "called"), [("Vina Lestari", "Vina"), ("Budi Santoso Dilantik", "Budi Santoso")])
def test_a_name_only_the_title_has_takes_no_mention_of_the_body(known: str, called: str) -> None:
    spans = [Span(0, 0, len(known), known, "PERSON", 0.9), Span(1, 0, len(called), called, "PERSON", 0.9)]
    assert Resolver(GAZETTEER).resolve(spans, {})[1].name == called


def test_a_sentence_full_of_names_introduces_people() -> None:
    body = "Wanita itu adalah Donna King dari County Durham, Inggris. Menurut Donna, ia pulih. Donna bersyukur."
    assert "Donna King" in summarise("Sembuh Setelah Sakit Lama", body, TAGGER).people


def test_a_word_of_the_headline_makes_no_other_person() -> None:
    spans = [
        Span(0, 0, 21, "Budi Santoso Dilantik", "PERSON", 0.9),
        Span(1, 0, 12, "Budi Santoso", "PERSON", 0.9),
    ]
    assert [thing.name for thing in Resolver(GAZETTEER).resolve(spans, {})] == ["Budi Santoso", "Budi Santoso"]
