"""The second look: what is considered, what governs a mention, and that the best of what competes is taken."""

import itertools
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shipped import shipped_gazetteer, shipped_tagger
from workers.tag.candidates import LENGTH, Candidate, Probability, chosen
from workers.tag.candidates import considered as considered_among
from workers.tag.features import Features
from workers.tag.governing import governing
from workers.tag.memory import Memory
from workers.tag.mention_attributes import described
from workers.tag.models import REVIEW, Models
from workers.tag.spans import from_labels
from workers.tag.tagger import Tagger

CONFIG = Path(__file__).parents[3] / "config"
KNOWN = ["O", "B-PERSON", "I-PERSON", "B-ORG", "I-ORG"]


def _probability(*tokens: dict[str, float]) -> Probability:
    """Return the probabilities of labels at tokens; what is not given goes to "O"."""
    return lambda label, at: tokens[at].get(label, 1 - sum(tokens[at].values()) if label == "O" else 0.0)


def considered(labels: list[str], probability: Probability) -> list[Candidate]:
    return considered_among(len(labels), from_labels(labels), KNOWN, probability)


def test_a_mention_nothing_competes_with_is_sure() -> None:
    probability = _probability({}, {"B-PERSON": 0.99}, {"I-PERSON": 0.98}, {})
    (found,) = considered(["O", "B-PERSON", "I-PERSON", "O"], probability)
    assert (found.start, found.end, found.labelled, found.rival) == (1, 3, "PERSON", 0)
    assert found.best() == ("PERSON", 0.98)
    assert found.is_sure()


def test_other_ends_and_types_compete() -> None:
    probability = _probability({"B-PERSON": 0.6, "B-ORG": 0.3}, {"I-PERSON": 0.3, "I-ORG": 0.28})
    found = {(each.start, each.end): each for each in considered(["B-PERSON", "O"], probability)}
    assert {span: set(each.types) for span, each in found.items()} == {
        (0, 1): {"PERSON", "ORG"}, (0, 2): {"PERSON", "ORG"},
    }  # fmt: skip
    assert found[0, 1].rival == pytest.approx(0.3)
    assert (found[0, 1].labelled, found[0, 2].labelled) == ("PERSON", "")
    assert not any(each.is_sure() for each in found.values())


def test_what_was_left_out_is_considered_and_what_is_unlikely_is_not() -> None:
    probability = _probability({"B-ORG": 0.2}, {}, {"B-ORG": 0.05})
    (found,) = considered(["O", "O", "O"], probability)
    assert (found.start, found.end, found.labelled) == (0, 1, "")


def test_a_very_long_mention_stays_as_it_is() -> None:
    size = LENGTH + 2
    labels = ["B-ORG", *["I-ORG"] * (size - 1)]
    probability = _probability({"B-ORG": 0.5}, *[{"I-ORG": 0.6}] * (size - 1))
    assert considered(labels, probability) == []


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4), st.sampled_from("PO"), st.integers(-3, 6)), max_size=7))
def test_what_gains_most_is_chosen(rows: list[tuple[int, int, str, int]]) -> None:
    judged = [(start, start + size, type_, float(gain)) for start, size, type_, gain in rows]
    kept = chosen(judged)
    assert kept == sorted(kept)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(kept))
    possible = (
        group
        for count in range(len(judged) + 1)
        for group in itertools.combinations(sorted(judged), count)
        if all(left[1] <= right[0] for left, right in itertools.pairwise(group))
    )
    assert sum(each[3] for each in kept) == max(sum(each[3] for each in group) for group in possible)


@pytest.mark.parametrize(
    ("sentence", "at", "told"),
    [
        ("Warga tiba di Siak", 3, ("di0", "0", "0")),
        ("pelatihan itu digelar oleh pemerintah Siak kemarin", 5, ("oleh1", "di2", "0")),
        ("Israel menolak usulan itu", 0, ("0", "0", "me0")),
        ("Israel akan menolak usulan itu", 0, ("0", "0", "aux0")),
        ("Siak yang terendam banjir", 0, ("0", "0", "yang0")),
        ("ia membela diri . Siak tenang .", 4, ("0", "0", ".1")),
        ("media massa Siak", 2, ("0", "0", "0")),
        ("Siak", 0, ("0", "0", "0")),
    ],
)
def test_what_governs_a_mention(sentence: str, at: int, told: tuple[str, str, str]) -> None:
    words = sentence.split()
    assert governing(words, [word.lower() for word in words], at, at + 1) == told


def test_mentions_named_in_one_row_know_of_each_other() -> None:
    words = ["Anto", ",", "Rini", "dan", "Bayu", "tiba"]
    labels = ["B-PERSON", "O", "B-ORG", "O", "B-PERSON", "O"]
    view = Features(shipped_gazetteer()).view(words, "one")
    probability = _probability({"B-PERSON": 0.9}, {}, {"B-ORG": 0.5, "B-PERSON": 0.4}, {}, {"B-PERSON": 0.9}, {})
    candidates = considered(labels, probability)
    _, middle, last = described(view, candidates, from_labels(labels), Memory({}))
    assert {"li=PERSON", "ln=PERSON2", "one~li=PERSON", "ps=P,", "ns=Pdan", "t=ORG", "top=ORG5"} <= set(middle)
    assert {"li=ORG", "li=PERSON", "ps=Odan", "ns="} <= set(last)


@given(st.lists(st.tuples(st.sampled_from(KNOWN), st.floats(0, 1), st.sampled_from(["Siak", "di", ",", "X"]))))
def test_anything_can_be_described(rows: list[tuple[str, float, str]]) -> None:
    labels = [label for label, _, _ in rows]
    view = Features(shipped_gazetteer()).view([word for _, _, word in rows])
    probability = _probability(*({label: likely} if label != "O" else {"B-ORG": likely} for label, likely, _ in rows))
    candidates = considered(labels, probability)
    assert len(list(described(view, candidates, from_labels(labels), Memory({})))) == len(candidates)


def test_without_a_second_look_the_labels_stand(tmp_path: Path) -> None:
    for path in (CONFIG / "models").iterdir():
        if path.name != REVIEW:
            shutil.copy(path, tmp_path)
    models = Models.load(tmp_path)
    assert models is not None
    assert models.review is None
    text = "Siti Rahmawati tiba di Kabupaten Kampar, Riau."
    alone, both = Tagger.load(CONFIG, models=tmp_path), shipped_tagger()
    assert [each.text for each in alone.tag(text)] == [each.text for each in both.tag(text)]
    assert alone.version != both.version
