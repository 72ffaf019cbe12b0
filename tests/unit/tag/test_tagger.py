"""The tagger on its own: exact offsets for any text, bounded time, one name for one thing."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shipped import shipped_tagger
from workers.errors import Misuse
from workers.tag.summary import summarise
from workers.tag.tagger import Tagger

CONFIG = Path(__file__).parents[3] / "config"
TAGGER = shipped_tagger()

# Words that meet every rule, so that random texts reach more than the tokeniser.
_PIECES = st.sampled_from(
    ["Presiden", "Kim", "Kim-Xi", "Jong-un", "Xi Jinping", "Trump", "Jr.", "X", "XIV", "X.", "Tower", "Stadion",
     "S.H.", "SH",
     "(KPK)", "KPK", "Komisi Pemberantasan Korupsi", "(", ")",
     ",", ".", "-", "di", "Riau", "Kepulauan Riau", "\n", "\u2028", "PT", "PEKANBARU", "É", "e\u0301",
     "𝕏", "ﬁ", "İ", "ß", "Dr.", "-lah", "\x00"]
)  # fmt: skip


def names(text: str) -> list[tuple[str, str, str]]:
    return [(entity.text, entity.type, entity.name) for entity in TAGGER.tag(text)]


@settings(deadline=None, max_examples=60)
@given(st.one_of(st.text(max_size=200), st.lists(st.one_of(_PIECES, st.text(max_size=4)), max_size=40).map(" ".join)))
def test_mentions_are_slices_in_order_for_any_text(text: str) -> None:
    title = text[: len(text) // 3]
    for whole, entities in zip((text, title, text), [TAGGER.tag(text), *TAGGER.tag_fields((title, text))], strict=True):
        at = 0
        for entity in entities:
            assert whole[entity.start : entity.end] == entity.text
            assert entity.text.strip() == entity.text != ""
            assert entity.name
            assert entity.start >= at
            assert 0 <= entity.score <= 1
            assert len(entity.text.splitlines()) == 1
            at = entity.end


@pytest.mark.parametrize(
    "unit",
    ["A", "A ", "(", "(((A ", "KPK (", "Kim-Xi ", "Budi A. ", "BUDI SANTOSO DI RIAU ", "Aa-", "e\u0301", "\n", "𝕏 ",
     "Budi X. ", "Budi, Jr. ", "Trump Tower S.H. "],
)  # fmt: skip
def test_hostile_texts_end_in_time(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    started = time.process_time()
    TAGGER.tag_fields((text[:1000], text))
    assert time.process_time() - started < 5


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["A", "A ", "(((A ", "Kim-Xi ", "BUDI SANTOSO DI RIAU ", "Budi A. B. Santoso, "])
def test_hostile_texts_of_a_megabyte_end_in_time(unit: str) -> None:
    started = time.process_time()
    TAGGER.tag(unit * (1_000_000 // len(unit)))
    assert time.process_time() - started < 20


def test_one_thing_has_one_name() -> None:
    found = names(
        "Presiden Rusia Vladimir Putin tiba di Moskow. Menurut Putin, DPRK dan Korea Utara adalah satu negara."
    )
    assert ("Vladimir Putin", "PERSON", "Vladimir Putin") in found
    assert ("Putin", "PERSON", "Vladimir Putin") in found
    assert {name for text, _, name in found if text in ("DPRK", "Korea Utara")} == {"Korea Utara"}


def test_a_fuller_name_in_the_article_wins_over_the_gazetteer() -> None:
    found = names("Ivanka Trump tiba di Tokyo pada hari Senin. Menurut Trump, kunjungan itu penting bagi Jepang.")
    assert {name for text, _, name in found if "Trump" in text} == {"Ivanka Trump"}


def test_two_people_who_share_a_word_are_kept_apart() -> None:
    found = names("Menteri Budi Santoso memuji Budi Hartono. Menurut Budi Santoso, kerja Budi Hartono baik.")
    assert {name for text, type_, name in found if type_ == "PERSON"} == {"Budi Santoso", "Budi Hartono"}


def test_an_acronym_in_brackets_is_its_full_name() -> None:
    found = names("Forum Petani Sawit Kampar (FPSK) menggelar rapat. Ketua FPSK mengatakan rapat itu penting.")
    assert {name for text, type_, name in found if text == "FPSK"} == {"Forum Petani Sawit Kampar"}


def test_titles_are_no_part_of_a_name() -> None:
    assert "Siti Aminah" in {text for text, type_, _ in names("Hadir pula Dr. Siti Aminah dari Universitas Riau.")}


def test_a_mayor_is_no_part_of_the_city() -> None:
    found = names("Wali Kota Medan Rico Hidayat meninjau banjir bersama Kapolresta Pekanbaru Kombes Budi Hartono.")
    assert ("Medan", "LOCATION", "Medan") in found
    assert ("Rico Hidayat", "PERSON", "Rico Hidayat") in found
    assert ("Pekanbaru", "LOCATION", "Pekanbaru") in found


def test_a_country_between_title_and_name_is_found() -> None:
    found = [text for text, _, _ in names("Kota itu ramai. Presiden Tiongkok Xi Jinping tiba di Moskow.")]
    assert found == ["Tiongkok", "Xi Jinping", "Moskow"]


def test_a_pair_of_names_is_two_people() -> None:
    found = names("Pertemuan Kim-Xi\nKim Jong-un dan Xi Jinping bertemu di Beijing.")
    assert found[:2] == [("Kim", "PERSON", "Kim Jong-un"), ("Xi", "PERSON", "Xi Jinping")]


def test_places_carry_coordinates_and_ids() -> None:
    (entity,) = [e for e in TAGGER.tag("Rapat itu digelar di Jakarta.") if e.text == "Jakarta"]
    assert (entity.wikidata, entity.type) == ("Q3630", "LOCATION")
    assert entity.latitude == pytest.approx(-6.2)
    assert entity.longitude == pytest.approx(106.83)


def test_summary_joins_title_and_body() -> None:
    title, body = (
        "Kim Bertemu Putin di Moskow",
        "Kim Jong-un bertemu Vladimir Putin. Kim tiba di Moskow dari Korea Utara.",
    )
    tagged = summarise(title, body, TAGGER, published_at=None, language="id")
    assert tagged.people == ("Kim Jong-un", "Vladimir Putin")
    assert tagged.places == ("Moskow", "Korea Utara")
    assert len(tagged.places_at) == 2
    kim = tagged.entities[0]
    assert (kim.name, kim.count, [m.field for m in kim.mentions]) == ("Kim Jong-un", 3, ["title", "body", "body"])
    for entity in tagged.entities:
        for mention in entity.mentions:
            text = title if mention.field == "title" else body
            assert text[mention.start : mention.end] == mention.text


def test_summary_of_nothing() -> None:
    assert summarise("", "", TAGGER, published_at=None, language="id").entities == ()


def test_the_same_text_gives_the_same_tags() -> None:
    text = "Gubernur Riau bertemu Wali Kota Pekanbaru di Kabupaten Kampar."
    assert TAGGER.tag(text) == Tagger.load(CONFIG).tag(text)
    assert Tagger.load(CONFIG).version == TAGGER.version


def with_gazetteer(folder: Path) -> Path:
    (folder / "gazetteer").symlink_to(CONFIG / "gazetteer")
    (folder / "models").mkdir()
    return folder


def test_rules_alone_do_without_a_model(tmp_path: Path) -> None:
    tagger = Tagger.load(with_gazetteer(tmp_path))
    found = {
        (e.name, e.type)
        for e in tagger.tag("Menteri Bagas Pratama memimpin rapat KPK di Kota Dumai dengan PT Sawit Makmur Jaya.")
    }
    assert {("Bagas Pratama", "PERSON"), ("Komisi Pemberantasan Korupsi", "ORG"), ("Dumai", "LOCATION")} <= found
    assert ("PT Sawit Makmur Jaya", "ORG") in found
    assert "rules" in tagger.version


@pytest.mark.parametrize("data", [b"", b"no model", b"lCRF\x00\x10\x00\x00cut short"])
def test_a_broken_model_is_named(tmp_path: Path, data: bytes) -> None:
    (with_gazetteer(tmp_path) / "models" / "names.crf").write_bytes(data)
    with pytest.raises(Misuse, match=r"names\.crf"):
        Tagger.load(tmp_path)
