"""Tokens and sentences: what belongs together, what is cut, and that offsets are exact."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.tag.tokens import SENTENCE_LIMIT, by_blanks, sentences, tokenise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kim Jong-un tiba.", ["Kim", "Jong-un", "tiba", "."]),
        ("pasukan Korea Utara-lah yang", ["pasukan", "Korea", "Utara", "-lah", "yang"]),
        ("KPK-nya", ["KPK", "-nya"]),
        ("kupu-kupu dan anak-anak", ["kupu-kupu", "dan", "anak-anak"]),
        ("Dr. Siti Aminah, S.H.", ["Dr.", "Siti", "Aminah", ",", "S.H."]),
        ("(Bapenda) Rp1,2 miliar", ["(", "Bapenda", ")", "Rp", "1,2", "miliar"]),
        ("harga 12.500,75 pada 08:30", ["harga", "12.500,75", "pada", "08:30"]),
        ("lihat https://riau.test/a?b=1 ya", ["lihat", "https://riau.test/a?b=1", "ya"]),
        ("Ma'ruf Amin", ["Ma'ruf", "Amin"]),
        ("Rp.500.000 atau US$30.5", ["Rp.", "500.000", "atau", "US$", "30.5"]),
        ("RMB dan RM5, Rpt3", ["RMB", "dan", "RM", "5", ",", "Rpt3"]),
        ("s.d. pukul 10.00 WIB", ["s.d.", "pukul", "10.00", "WIB"]),
        ("e.g. the U.S. Senate’s vote", ["e.g.", "the", "U.S.", "Senate", "’s", "vote"]),
        (
            "“Saya-lah,” kata AKBP A. Yani, S.H., M.H.",
            ["“", "Saya", "-lah", ",", "”", "kata", "AKBP", "A.", "Yani", ",", "S.H.", ",", "M.H."],
        ),
        ("rumah-rumahnya, teman-teman-nya", ["rumah-rumahnya", ",", "teman-teman", "-nya"]),
        ("surel ke a@b.test?", ["surel", "ke", "a@b", ".", "test", "?"]),
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
        ("Moh. Hatta dan Abd. Rahman tiba. Rapat mulai.", 2),
        ("PT. Sawit Jaya merugi Rp. 5 miliar. Saham turun.", 2),
        ("He met Sen. Smith on Sept. 5. They left.", 2),
        ("Tiba pukul 10.30 WIB. Ia pergi.", 2),
        ("“Siapa dia?” tanya Budi. “Entahlah.”", 2),
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
    started = time.process_time()
    tokenise(text)
    assert time.process_time() - started < 2


def test_a_text_that_comes_in_tokens_keeps_them() -> None:
    text = "Ketua (KPU) tiba . Ia di S.H. - Solo/Yogya , kata ini?Apa ."
    found = by_blanks(text)
    assert [[token.text for token in tokens] for tokens in found] == [
        ["Ketua", "(KPU)", "tiba", "."],
        ["Ia", "di", "S.H.", "-", "Solo/Yogya", ",", "kata", "ini?Apa", "."],
    ]
    assert all(text[token.start : token.end] == token.text for tokens in found for token in tokens)
    assert by_blanks("") == by_blanks(" \n ") == []
    assert max(map(len, by_blanks("a " * 1_000))) == SENTENCE_LIMIT


@given(st.text())
def test_blanks_part_any_text(text: str) -> None:
    assert [token.text for tokens in by_blanks(text) for token in tokens] == text.split()
