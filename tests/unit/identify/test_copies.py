"""What counts as a copy: the rules one by one, and any input at all. How well they do: tests/quality/test_copies.py."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.identify.copies import Verdict, compare, judge, original
from workers.identify.fingerprint import KEYS, MOST_WORDS, SKETCH, Fingerprint, fingerprint, pack, unpack
from workers.newsroom.stories import written_stories

STORY = written_stories()[3]
BODY = STORY.body
OTHER = written_stories()[7].body
SHORT_BODY = (
    "Pemadaman bergilir dimulai pukul 09.00 di tiga kelurahan karena perbaikan gardu. Listrik menyala lagi sore hari, "
    "kata PLN Pekanbaru, dan warga diminta mencabut alat elektronik."
)


def of(body: str, site: str = "a.test", title: str = "Judul") -> Fingerprint:
    return fingerprint(site, title, body)


def verdict(one: str, other: str) -> Verdict:
    return judge(of(one, "a.test"), of(other, "b.test"))


def test_white_space_quotes_dashes_and_number_formats_do_not_count() -> None:
    set_otherwise = BODY.replace('"', "”").replace("\n\n", "\n").replace(" ", "\u00a0").upper().lower()
    assert of(set_otherwise).exact == of(BODY).exact
    assert of("harga Rp1.250.000 per gram").exact == of("Harga Rp 1250000 – per gram").exact


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (BODY, "equal"),
        ("SLEMAN, PORTALKITA.COM - " + BODY + "\n\n(ant/red)", "same_text"),
        ("\n\n".join(BODY.split("\n\n")[:3]), "shortened"),
        (BODY + "\n\n" + OTHER, "shortened"),
        (BODY[: len(BODY) // 6], "too_short"),
        ("\n\n".join([BODY, *(story.body for story in written_stories()[10:16])]), "excerpt"),
        (OTHER, "other_text"),
        ("", "too_short"),
    ],
)
def test_verdicts(other: str, reason: str) -> None:
    expected = reason in ("equal", "same_text", "shortened")
    assert (verdict(BODY, other).reason, verdict(BODY, other).copy) == (reason, expected)
    assert (verdict(other, BODY).reason, verdict(other, BODY).copy) == (reason, expected)


def filled(price: str, rise: str, day: str, buyer: str) -> str:
    return (
        f"Harga cabai merah di pasar induk pada {day} tercatat {price} per kilogram, naik {rise} dari hari sebelumnya. "
        f"Pedagang {buyer} menyebut pasokan dari sentra produksi berkurang karena hujan yang turun terus-menerus. "
        f"Dinas perdagangan mencatat stok di gudang tinggal {rise} ton dan kebutuhan harian mencapai {price} ton. "
        "Masyarakat diimbau tidak memborong karena pemerintah segera menggelar pasar murah di setiap kecamatan. "
        f"Pasar murah dibuka mulai {day} dan setiap keluarga boleh membeli paling banyak {rise} kilogram."
    )


def test_one_form_filled_in_anew_is_no_copy() -> None:
    one = filled("41.500", "2.300", "Senin (1/9)", "Siti")
    assert verdict(one, filled("52.250", "1.100", "Selasa (9/9)", "Siti")).reason == "other_numbers"
    assert verdict(one, filled("41.500", "2.300", "Senin (1/9)", "Rahmat")).copy  # one word is no new filling


def test_lists_of_other_names_and_numbers_are_no_copies_and_of_the_same_they_are() -> None:
    def listed(step: int, count: int = 60) -> str:
        return "\n\n".join(
            f"{n}. {chr(65 + n * step % 26)}adi Nama{chr(97 + n * step % 23)} {n * step}" for n in range(count)
        )

    assert not verdict(listed(3), listed(5)).copy
    assert verdict(listed(3), listed(3)).reason == "equal"


def test_a_site_repeats_itself_only_under_the_same_headline_and_throughout() -> None:
    shorter = "\n\n".join(BODY.split("\n\n")[:4])
    assert judge(of(BODY), of(BODY)).copy
    assert judge(of(BODY), of(BODY, title="Lain")).reason == "other_title"
    assert not judge(of(BODY), of(shorter)).copy
    assert judge(of(BODY), of(shorter, "b.test")).copy


def test_short_texts_are_copies_only_when_equal_and_a_notice_only_with_its_headline() -> None:
    assert len(SHORT_BODY.split()) < 40
    assert verdict(SHORT_BODY, SHORT_BODY).reason == "equal"
    assert verdict(SHORT_BODY, SHORT_BODY + " Semoga cepat selesai.").reason == "too_short"
    assert verdict(SHORT_BODY, BODY).reason == "too_short"
    notice = "Saksikan video selengkapnya di kanal kami."
    assert not judge(of(notice, "a.test", "Banjir"), of(notice, "b.test", "Gempa")).copy
    assert judge(of(notice, "a.test", "Banjir"), of(notice, "b.test", "Banjir")).copy


def test_a_copy_shares_a_key_and_an_empty_text_has_none() -> None:
    cut = "\n\n".join(BODY.split("\n\n")[:3])
    assert set(of(BODY).keys) & set(of(cut).keys)
    assert len(of(BODY).keys) == KEYS + 1
    assert of(SHORT_BODY).keys == of(SHORT_BODY, "b.test", "Lain").keys == (of(SHORT_BODY).exact,)
    assert of("").keys == of(" \n … —").keys == ()
    assert not judge(of(""), of("", "b.test")).copy


def test_the_best_of_several_is_the_original() -> None:
    part = "\n\n".join(BODY.split("\n\n")[:4])
    others = [("p", of(part, "p.test")), ("o", of(OTHER, "o.test")), ("w", of(BODY + " (ant)", "w.test"))]
    found = original(of(BODY), others)
    assert found is not None
    assert (found[0], found[1].reason) == ("w", "same_text")
    assert original(of(BODY), others[1:2]) is None


def test_a_huge_text_costs_no_more_than_its_beginning() -> None:
    huge = of(" ".join(f"{chr(97 + n % 25)}{chr(97 + n % 23)}{chr(97 + n % 19)}" for n in range(300_000)))
    assert huge.words <= MOST_WORDS
    assert len(huge.sketch) == SKETCH
    assert of("x" * 2_000_000).words == 1


def test_what_is_no_fingerprint_is_refused() -> None:
    for data in (b"", b"x" * 19, pack(of(BODY))[:-1]):
        with pytest.raises(ValueError, match="no fingerprint"):
            unpack(data)


TEXT = st.text(max_size=400) | st.lists(st.sampled_from(BODY.split()), max_size=120).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(one=TEXT, other=TEXT, title=st.text(max_size=20))
def test_any_texts_are_compared_the_same_way_round_and_back(one: str, other: str, title: str) -> None:
    first, second = fingerprint("a.test", title, one), fingerprint("b.test", title, other)
    assert unpack(pack(first)) == first
    assert judge(first, second) == judge(second, first)
    likeness = compare(first, second)
    for share in (likeness.resemblance, likeness.containment, likeness.size, likeness.numbers, likeness.names):
        assert 0 <= share <= 1
    if first.words:
        assert judge(first, first).copy


@settings(max_examples=100, deadline=None)
@given(extra=st.lists(st.sampled_from(OTHER.split()), max_size=12).map(" ".join))
def test_a_dateline_and_a_credit_never_hide_a_copy(extra: str) -> None:
    assert verdict(BODY, f"{extra} - {BODY}\n\n{extra}").copy
