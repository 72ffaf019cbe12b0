"""Sums of weights: the model that is told sums finds what the model that is told attributes finds."""

from pathlib import Path
from typing import Any

import pycrfsuite
import pytest

from tests.shipped import shipped_gazetteer, shipped_models, shipped_tagger
from workers.tag import kept
from workers.tag.features import Features
from workers.tag.kept import Kept
from workers.tag.models import Models
from workers.tag.scores import Scores
from workers.tag.weights import ZERO

CONFIG = Path(__file__).parents[3] / "config"
TEXTS = [
    "Presiden Prabowo Subianto menerima Xi Jinping di Istana Merdeka , Jakarta , Senin pagi .",
    "KPK menahan Bupati Kampar . Polda Riau membantah .",
    "GUBERNUR RIAU RESMIKAN JEMBATAN SIAK",
    "Presiden Xi Jinping Bertemu Kim Jong-un di Beijing",
    "Siti",
    "kata İstanbul \U0001f600 \ud800 Ñandú 李明 12,5",
]


@pytest.fixture(scope="module")
def models() -> Models:
    return shipped_models()


@pytest.fixture(scope="module")
def original() -> Any:
    reader = pycrfsuite.Tagger()
    reader.open(str(CONFIG / "models" / "names.crf"))
    return reader


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("convention", ["", "nerui-01", "idner-news-2k"])
def test_labels_and_probabilities_are_the_same(models: Models, original: Any, text: str, convention: str) -> None:
    features = Features(shipped_gazetteer(), models.words, models.memory)
    view = features.view(text.split(), convention)
    rows = [[a.encode("utf-8", "surrogatepass") for a in row] for row in features.attributes(view)]
    original.set(rows)
    assert models.names.tag(Scores(features, models.names.weights).of(view)) == original.tag()
    for at in range(len(rows)):
        for label in original.labels():
            assert models.names.marginal(label, at) == pytest.approx(original.marginal(label, at), abs=1e-9)


def test_unknown_attributes_weigh_nothing(models: Models) -> None:
    weights = models.names.weights
    assert weights.of(["no such attribute", "\ud800"]) == ZERO
    assert weights.of(["bias", "no such attribute"]) == weights.of(["bias"]) != ZERO


def test_a_sentence_without_words_has_no_scores(models: Models) -> None:
    features = Features(shipped_gazetteer())
    assert Scores(features, models.names.weights).of(features.view([])) == []


def test_kept_values_are_made_once_and_forgotten_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LIMIT", 2)
    made: list[str] = []
    lengths: Kept[str, int] = Kept(lambda word: made.append(word) or len(word))  # type: ignore[func-returns-value]
    assert [lengths[word] for word in ("a", "bb", "a", "ccc", "a")] == [1, 2, 1, 3, 1]
    assert made == ["a", "bb", "ccc", "a"]


def test_half_characters_do_no_harm() -> None:
    tagger = shipped_tagger()
    text = "Presiden \ud800 Joko Widodo tiba di Solo \udfff . "
    assert [text[e.start : e.end] for e in tagger.tag(text)] == ["Joko Widodo", "Solo"]
