"""Training: what is read, how labels are carried to our own tokens, and that a model comes out that works."""

import json
from pathlib import Path

import pytest

from workers.errors import Misuse
from workers.tag.features import Features
from workers.tag.gazetteer import load_gazetteer
from workers.tag.scoring import score
from workers.tag.tagger import Tagger
from workers.tag.training import Sentence, examples, read, train

CONFIG = Path(__file__).parents[3] / "config"
ROWS = [
    Sentence(["Gubernur", name, "tiba", "di", place, "."], ["O", "B-PERSON", "O", "O", "B-LOCATION", "O"], source)
    for name, place, source in [("Anto", "Dumai", "one"), ("Rini", "Siak", "two"), ("Bayu", "Rengat", "one")]
] * 4


def test_labels_follow_the_text_into_our_tokens() -> None:
    (example,) = examples(Sentence(["(PDI-P)", "Dr.", "Siti-nya"], ["B-ORG", "O", "B-PERSON"]))
    assert example.words == ["(", "PDI-P", ")", "Dr.", "Siti", "-nya"]
    assert example.labels == ["B-ORG", "I-ORG", "I-ORG", "O", "B-PERSON", "I-PERSON"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "truncated"), ('{"tokens": ["a"]}', "labels"), ('{"tokens": ["a"], "labels": []}', "1 tokens, 0 labels"),
        ('{"tokens": ["a"], "labels": ["B-THING"]}', "unknown label 'B-THING'"),
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


def test_training_twice_gives_the_same_model(tmp_path: Path) -> None:
    gazetteer = load_gazetteer(CONFIG / "gazetteer")
    cards = [train(ROWS, Features(gazetteer), frozenset({"di"}), tmp_path / name) for name in ("a.crf", "b.crf")]
    assert cards[0] == cards[1]
    scores = score(ROWS, Tagger.load(CONFIG, model=tmp_path / "a.crf"))
    assert scores["all"]["f1"] == 1
    assert set(scores) >= {"one", "two PERSON", "all LOCATION"}
