"""Tokens and sentences: what belongs together, what is cut, and that offsets are exact."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.tag.tokens import SENTENCE_LIMIT, sentences, tokenise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kim Jong-un tiba.", ["Kim", "Jong-un", "tiba", "."]),
        ("pasukan Korea Utara-lah yang", ["pasukan", "Korea", "Utara", "-lah", "yang"]),
        ("KPK-nya", ["KPK", "-nya"]),
        ("kupu-kupu dan anak-anak", ["kupu-kupu", "dan", "anak-anak"]),
        ("Dr. Siti Aminah, S.H.", ["Dr.", "Siti", "Aminah", ",", "S.H."]),
        ("(Bapenda) Rp1,2 miliar", ["(", "Bapenda", ")", "Rp1", ",", "2", "miliar"]),
        ("harga 12.500,75 pada 08:30", ["harga", "12.500,75", "pada", "08:30"]),
        ("lihat https://riau.test/a?b=1 ya", ["lihat", "https://riau.test/a?b=1", "ya"]),
        ("Ma'ruf Amin", ["Ma'ruf", "Amin"]),
        ("", []),
        ("  \n\t ", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert [token.text for token in tokenise(text)] == words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ia datang. Lalu pergi.", 2),
        ("Ia bertemu Dr. Budi di Jl. Sudirman No. 5 kemarin.", 1),
        ("Jenderal A. Yani gugur.", 1),
        ("Judul tanpa titik\nIsi berita", 2),
        ('"Kami siap." Ia menutup rapat.', 2),
        ("Benarkah? Benar! Ya…", 3),
        ("satu baris\u2028baris lain", 2),
    ],
)
def test_sentence_borders(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_no_sentence_is_longer_than_the_limit() -> None:
    assert max(len(sentence) for sentence in sentences("Kata " * 1_000)) == SENTENCE_LIMIT


@given(st.text(max_size=300))
def test_tokens_are_slices_in_order(text: str) -> None:
    at = 0
    for token in tokenise(text):
        assert text[token.start : token.end] == token.text
        assert token.text
        assert token.start >= at
        at = token.end


@pytest.mark.parametrize("text", ["A" * 300_000, "A-" * 150_000, "A." * 150_000, "(" * 200_000, "http://" * 40_000])
def test_time_is_linear(text: str) -> None:
    started = time.perf_counter()
    tokenise(text)
    assert time.perf_counter() - started < 2
