"""Training: what is read, how labels are carried to our own tokens, and that a model comes out that works."""

import json
from pathlib import Path

import pytest

from tests.shipped import shipped_gazetteer
from workers.errors import Misuse
from workers.tag.corpus import Sentence, read
from workers.tag.features import Features
from workers.tag.models import Models, read_words
from workers.tag.plain import PlainTagger
from workers.tag.scoring import names_of, score
from workers.tag.tagger import Tagger
from workers.tag.training import examples, train

CONFIG = Path(__file__).parents[3] / "config"
ROWS = [
    Sentence(["Gubernur", name, "tiba", "di", place, "."], ["O", "B-PERSON", "O", "O", "B-LOCATION", "O"], source)
    for name, place, source in [("Anto", "Dumai", "one"), ("Rini", "Siak", "two"), ("Bayu", "Rengat", "one")]
] * 4


def test_labels_follow_the_text_into_our_tokens() -> None:
    given, own = examples(Sentence(["(PDI-P)", "Dr.", "Siti-nya"], ["B-ORG", "O", "B-PERSON"], "one"), 3)
    assert (given.words, given.source, given.part) == (["(PDI-P)", "Dr.", "Siti-nya"], "one", 3)
    assert given.labels == ["B-ORG", "O", "B-PERSON"]
    assert (own.words, own.source, own.part) == (["(", "PDI-P", ")", "Dr.", "Siti", "-nya"], "", 3)
    assert own.labels == ["B-ORG", "I-ORG", "I-ORG", "O", "B-PERSON", "I-PERSON"]
    assert len(list(examples(ROWS[0]))) == 1  # cut alike


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "truncated"), ('{"tokens": ["a"]}', "labels"), ('{"tokens": ["a"], "labels": []}', "1 tokens, 0 labels"),
        ('{"tokens": ["a"], "labels": ["B-THING"]}', "unknown label 'B-THING'"),
        ('{"tokens": ["a"], "labels": ["X-ORG"]}', "unknown label 'X-ORG'"),
        ('{"tokens": ["a b"], "labels": ["O"]}', "blank"), ('{"tokens": [""], "labels": ["O"]}', "empty"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text('{"tokens": ["a"], "labels": ["O"]}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(Misuse, match=r"train\.jsonl:2: ") as caught:
        read(path)
    assert problem in str(caught.value)


def test_a_source_can_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    lines = [json.dumps({"source": row.source, "tokens": row.tokens, "labels": row.labels}) for row in ROWS]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert read(path) == ROWS
    assert {row.source for row in read(path, leave_out=["two"])} == {"one"}


def test_conll_columns_are_read(tmp_path: Path) -> None:
    path = tmp_path / "village.conll"
    path.write_text(
        "-DOCSTART- -X- O\n\nAnto NNP B-PER\ntiba VB O\n\n\ndi IN O\nSiak NNP B-LOC\nHulu NNP I-LOC", encoding="utf-8"
    )
    assert read(path) == [
        Sentence(["Anto", "tiba"], ["B-PERSON", "O"], "village"),
        Sentence(["di", "Siak", "Hulu"], ["O", "B-LOCATION", "I-LOCATION"], "village"),
    ]
    path.write_text("Anto B-PER\n\ntiba O\nlagi", encoding="utf-8")
    with pytest.raises(Misuse, match=r"village\.conll:4: a token without a label"):
        read(path)


def test_training_twice_gives_the_same_model(tmp_path: Path) -> None:
    gazetteer, words = shipped_gazetteer(), read_words(CONFIG / "models" / "words.tsv")
    cards = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        cards.append(train(ROWS, Features(gazetteer, words), frozenset({"di"}), tmp_path / name))
    assert cards[0] == cards[1]
    (tmp_path / "a" / "words.tsv").symlink_to(CONFIG / "models" / "words.tsv")
    scores = score(ROWS, Tagger.load(CONFIG, models=tmp_path / "a"), names_of(ROWS))
    assert scores.figures["all"]["f1"] == 1
    assert scores.errors == []
    kinds = {f"{of} {kind}" for of in ("all", "one", "two") for kind in ("PERSON", "LOCATION")}
    assert set(scores.figures) == {"all", "one", "two", "seen"} | kinds


def test_scores_tell_seen_from_unseen_and_list_the_worst(tmp_path: Path) -> None:
    test = [
        Sentence(["Gubernur", "Rini", "tiba", "di", "Dumai", "."], ["O", "B-PERSON", "O", "O", "O", "O"], "three"),
        Sentence(["Kata", "Bapak", "Wolfe", "."], ["O", "O", "B-PERSON", "O"], "three"),
    ]
    scores = score(test, PlainTagger(ROWS, tmp_path / "plain.crf"), names_of(ROWS))
    assert scores.figures["seen"] == {"f1": 0.6667, "precision": 0.5, "recall": 1.0}
    assert scores.figures["unseen"]["recall"] == 0
    assert scores.worst(1) == ["1 × wrong LOCATION 'Dumai' (three): Gubernur Rini tiba di [Dumai] ."]
    assert [error.kind for error in scores.errors] == ["wrong", "wrong", "missed"]


def test_what_models_are_in_doubt_about_trains_a_second_look(tmp_path: Path) -> None:
    places = ["Dumai", "Siak", "Rengat", "Kampar", "Bengkalis"] * 6
    rows = [
        Sentence(["Warga", str(at), "melihat", place, "."], ["O", "O", "O", label, "O"], "one")
        for at, (place, label) in enumerate(zip(places, ["B-LOCATION", "O", "B-ORG"] * 10, strict=True))
    ]
    features = Features(shipped_gazetteer(), read_words(CONFIG / "models" / "words.tsv"))
    cards = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        cards.append(train(rows, features, frozenset({"di"}), tmp_path / name))
    assert cards[0] == cards[1]
    assert cards[0]["files"]["review.crf"]["bytes"] == (tmp_path / "a" / "review.crf").stat().st_size
    models = Models.load(tmp_path / "a")
    assert models is not None
    assert models.review is not None
