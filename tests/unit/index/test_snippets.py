import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.errors import Misuse
from workers.index.query import parse
from workers.index.snippets import Snippets, snippet

FILLER = " ".join(f"pengisi{i}" for i in range(100))


@pytest.mark.parametrize(
    ("lead", "body", "query", "expected"),
    [
        ("", "", "gempa", ""),
        ("", "", "", ""),
        ("Gempa kuat.", "", "gempa", "«Gempa» kuat."),
        ("Gempa kuat.", "Gempa lagi.", "gempa", "«Gempa» kuat."),  # the lead first
        ("Hari ini.", "Warga membacakan doa.", "dibacakan", "Warga «membacakan» doa."),
        ("Hari ini.", "Warga membacakan doa.", '"dibacakan"', "Hari ini."),
        ("Tiga kata\n\nsaja  di sini", "", '"kata saja"', "Tiga «kata saja» di sini"),
        ("Kim Jong-un dan Kim", "", "jong-un kim", "«Kim» «Jong-un» dan «Kim»"),
        ("satu dua tiga", "", '"satu dua" "dua tiga"', "«satu dua tiga»"),
        ("satu dua", "", "satu -dua", "«satu» dua"),
        ("   ", "Isi saja.", "", "Isi saja."),
        ("«kutipan» gempa", "", "gempa", "«kutipan» «gempa»"),  # the article's own marks stay
        ("Ringkasan hujan.", "Isi tentang banjir.", "banjir hujan", "Ringkasan «hujan». Isi tentang «banjir»."),
    ],
)
def test_short_texts(lead: str, body: str, query: str, expected: str) -> None:
    assert snippet(lead, body, parse(query)) == expected


def test_a_passage_from_the_middle_is_cut_between_words() -> None:
    got = snippet("", f"{FILLER} Gempa mengguncang {FILLER}", parse("gempa"))
    assert got.startswith("… pengisi")
    assert got.endswith(" …")
    assert " «Gempa» mengguncang pengisi0 pengisi1 " in got
    assert 200 <= len(got) <= 260
    assert set(got.replace("«", "").replace("»", "").split()) <= {*FILLER.split(), "Gempa", "mengguncang", "…"}


def test_two_passages_when_the_words_stand_far_apart() -> None:
    got = snippet("", f"Gempa awal {FILLER} lalu tsunami {FILLER}", parse("tsunami gempa"))
    assert got.startswith("«Gempa» awal pengisi0")
    assert "lalu «tsunami» pengisi0" in got
    assert got.count("…") == 2
    assert len(got) <= 320


def test_the_passage_with_most_words_wins() -> None:
    got = snippet("", f"banjir {FILLER} banjir bandang besar {FILLER}", parse("banjir bandang"))
    assert "«banjir» «bandang» besar" in got


@pytest.mark.parametrize("text", ["x" * 100_000, "gempa" + "x" * 5_000, "gempa " * 50_000, "gempa-" * 5_000])
def test_endless_words_and_repetitions_stay_bounded(text: str) -> None:
    for query in ("gempa", '"gempa gempa gempa"', ""):
        assert len(snippet("", text, parse(query))) < 1_000


def test_a_hundred_thousand_places_far_from_the_other_word_take_no_longer_than_reading_them() -> None:
    body = "banjir " * 100_000 + "gempa"
    began = time.process_time()
    shown = snippet("", body, parse("banjir gempa"))
    assert time.process_time() - began < 10  # under a second; each place compared with all others took minutes
    assert shown.endswith("«gempa»")


def test_a_word_is_not_cut_behind_what_was_found_at_the_very_end() -> None:
    text = " ".join([*["gempa"] * 30, "x" * 300])
    assert "x" not in snippet("", text, parse("gempa"))
    text = " ".join(["x" * 50, *["gempa"] * 6, "x" * 50, "x" * 50, "gempa", "x" * 50, "x" * 50])
    assert set(snippet("", text, parse("gempa")).split()) <= {"x" * 50, "«gempa»", "…"}


WORDS = st.lists(st.sampled_from(["gempa", "Badan", "geologi,", "di", "x" * 50, "«", "\n\n", "é", "-"]), max_size=120)


@given(WORDS, WORDS, st.lists(st.sampled_from(["gempa", '"badan geologi"', "di", "-é", "tidak"]), max_size=4))
def test_what_is_shown_is_the_articles_own_text(lead: list[str], body: list[str], query: list[str]) -> None:
    try:
        got = snippet(" ".join(lead), " ".join(body), parse(" ".join(query)))
    except Misuse:
        return
    assert "\n" not in got
    assert len(got) <= 600
    shown = [word for word in got.replace("«", " ").replace("»", " ").split() if word not in ("…", ",", "-")]
    assert {word.strip(",") for word in shown} <= {word.strip(",") for word in (*lead, *body)}


def test_english_articles_are_marked_by_english_stems() -> None:
    terms = parse("elections library")
    text = "Libraries open for the election."
    assert Snippets(terms).of(text, "", english=True) == "«Libraries» open for the «election»."
    assert Snippets(terms).of(text, "") == text
    assert Snippets(parse("die")).of("He was dying.", "", english=True) == "He was «dying»."
