from concurrent.futures import ThreadPoolExecutor

import pytest
from apsw.unicode import word_iter_with_offsets
from hypothesis import given
from hypothesis import strategies as st

from workers.index.stemming import MAX_WORD, fold, stem, stem_english, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Harga naik, kata Jong-un.", ["harga", "naik", "kata", "jong", "un"]),
        ("Rp1.500.000 atau 3,5%", ["rp1.500.000", "atau", "3,5"]),
        ("riau24.com U.S.A. Jum’at", ["riau24", "com", "u.s.a", "jum'at"]),
        ("x_y #tagar @akun", ["x_y", "tagar", "akun"]),
        ("日本 😀!", ["日", "本", "😀"]),
        ("-- … \x00 «»", []),
        ("y" * (2 * MAX_WORD + 3), ["y" * MAX_WORD, "y" * MAX_WORD, "yyy"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [word for _, _, word in words(text)] == expected


@given(st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("aé ß'.-"))))
def test_offsets_point_into_the_text(text: str) -> None:
    position = 0
    for start, end, word in words(text):
        assert position <= start < end <= len(text)
        assert fold(text[start:end]) == word
        position = end


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("GEMPA", "gempa"), ("Müller", "muller"), ("São", "sao"), ("Łódź", "lodz"), ("Straße", "strasse"),
        ("Ærø", "aero"), ("Ǽ", "ae"), ("ẞ", "ss"),
        ("İstanbul", "istanbul"), ("ﬁ", "fi"), ("Ｒｉａｕ", "riau"), ("Jum’at", "jum'at"),
        ("Й", "й"), ("Ά", "ά"), ("القاهرة", "القاهرة"), ("日", "日"), ("", ""),
    ],
)  # fmt: skip
def test_folding(word: str, folded: str) -> None:
    assert fold(word) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("membacakan", "baca"), ("dibacakan", "baca"), ("pembangunan", "bangun"), ("rumahnya", "rumah"),
        ("petani", "tani"), ("gempa", "gempa"), ("", ""), ("日", "日"), ("covid", "covid"),
    ],
)  # fmt: skip
def test_stems(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        # prefixes meN-, peN-, di-, ter-, ke-, ber-, per- and what they do to the first letter
        ("menulis", "ulis"), ("penulis", "ulis"), ("ditulis", "tulis"), ("tertulis", "tulis"), ("menyapu", "sapu"),
        ("memakai", "paka"), ("mengirim", "irim"), ("kebakaran", "bakar"), ("terbakar", "bakar"), ("berlari", "lari"),
        ("pelajaran", "ajar"), ("belajar", "ajar"), ("mengajarkan", "ajar"),
        # suffixes -kan, -an, -i and the particles and possessives behind them
        ("bukukanlah", "buku"), ("rumahku", "rumah"), ("siapakah", "siapa"), ("apapun", "apa"), ("tulisannya", "tulis"),
        # short words stay
        ("ikan", "ikan"), ("dari", "dari"), ("hari", "hari"),
    ],
)  # fmt: skip
def test_more_stems(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [("libraries", "librari"), ("library", "librari"), ("running", "run"), ("elections", "elect"), ("", "")],
)
def test_english_stems(word: str, stemmed: str) -> None:
    assert stem_english(word) == stemmed


def test_stems_are_the_same_in_every_thread() -> None:
    forms = [f"mem{vowel}{i}baca" for i in range(200) for vowel in "aiueo"]
    stem.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        parallel = list(pool.map(lambda _: [stem(form) for form in forms], range(8)))
    stem.cache_clear()
    assert parallel == [[stem(form) for form in forms]] * 8


@given(st.text(alphabet=st.sampled_from("ab1é.,:'_- \n\t\u00a0\u202f\u2028日😀"), max_size=80))
def test_cutting_at_blanks_first_changes_nothing(text: str) -> None:
    tokens = word_iter_with_offsets(text, emoji=True, regional_indicator=True)
    assert list(words(text)) == [(start, end, fold(word)) for start, end, word in tokens]
