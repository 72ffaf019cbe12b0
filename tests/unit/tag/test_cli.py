"""`kabar tag`: one text, many texts, and what is no text."""

import json

import pytest
from click.testing import CliRunner, Result

from workers.cli.tag import tag


def run(data: bytes, *arguments: str) -> Result:
    return CliRunner().invoke(tag, list(arguments), input=data)


def test_a_text_on_stdin() -> None:
    answer = json.loads(run(b"Presiden Joko Widodo di Jakarta.").output)
    assert [(e["name"], e["type"], e["wikidata"]) for e in answer["entities"]] == [
        ("Joko Widodo", "PERSON", "Q3318231"), ("Jakarta", "LOCATION", "Q3630"),
    ]  # fmt: skip


def test_a_batch_answers_every_line_in_order() -> None:
    lines = [
        b'{"id": "a", "text": "Ia tiba di Jakarta.", "published_at": "2025-09-04T01:00:00Z"}', b"no json", b"",
        b'{"id": "b"}',
        b"[1]", b'{"id": 7, "text": ""}', b'{"id": "c", "text": "\xff"}', b'{"id": "d", "text": "Riau"}',
    ]  # fmt: skip
    answers = [json.loads(line) for line in run(b"\n".join(lines), "--batch").output.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, None, "b", None, 7, None, "d"]
    assert [answer["error"] is None for answer in answers] == [True, False, False, False, False, True, False, True]
    (place,) = answers[0]["entities"]
    assert place | {"score": 1, "latitude": 0, "longitude": 0} == {
        "text": "Jakarta", "type": "LOCATION", "start": 11, "end": 18, "name": "Jakarta", "wikidata": "Q3630",
        "score": 1, "latitude": 0, "longitude": 0, "value": None, "role": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "arguments", "problem"),
    [
        (b"\xff\xfe", [], "not UTF-8"),
        (b"", ["--published-at", "yesterday"], "--published-at 'yesterday'"),
        (b"", ["--batch", "--published-at", "2025-09-04"], "leave out"),
    ],
)
def test_misuse_is_named(data: bytes, arguments: list[str], problem: str) -> None:
    assert problem in str(run(data, *arguments).exception)
