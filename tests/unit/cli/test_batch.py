"""The loop that the commands with --batch share."""

import io
import json

import msgspec
import pytest

from workers.cli import batch
from workers.cli.batch import answer_lines, shown
from workers.errors import Permanent


class Sum(msgspec.Struct):
    id: str | int
    numbers: list[int]


def ask(data: bytes) -> list[dict]:
    def add(request: Sum) -> dict:
        if not request.numbers:
            raise Permanent("nothing to add", reason="empty")
        return {"sum": sum(request.numbers), "given": request.numbers}

    answers = io.BytesIO()
    answer_lines(
        io.BytesIO(data), answers, Sum, add, lambda request: {"sum": None, "given": request.numbers if request else []}
    )
    return [json.loads(line) for line in answers.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("line", "identity", "kind"),
    [
        (b'{"id": "a", "numbers": [1]}', "a", None),
        (b'{"id": 3, "numbers": []}', 3, "empty"),
        (b"", None, "bad_line"),
        (b" \t\r", None, "bad_line"),
        (b'{"id": "b", "numbers": "1"}', "b", "bad_line"),
        (b'{"id": "c"}', "c", "bad_line"),
        (b'{"id": true, "numbers": [1]}', None, "bad_line"),
        (b'{"id": null, "numbers": [1]}', None, "bad_line"),
        (b'{"id": {"a": 1}, "numbers": [1]}', None, "bad_line"),
        (b'{"numbers": [1]}', None, "bad_line"),
        (b'{"id": "d", "numbers": [1]', None, "bad_line"),
        (b'{"id": "\\ud800", "numbers": [1]}', None, "bad_line"),
        (b'{"id": "\xff", "numbers": [1]}', None, "bad_line"),
        (b'{"id": ' + b"9" * 9_000 + b', "numbers": [1]}', None, "bad_line"),
        (b"[" * 10_000, None, "bad_line"),
        (b'"text"', None, "bad_line"),
        (b"\x00", None, "bad_line"),
    ],
)
def test_every_line_gets_its_answer_in_its_place(line: bytes, identity: str | int | None, kind: str | None) -> None:
    good = b'{"id": "z", "numbers": [2, 3]}'
    first, answer, last = ask(b"\n".join([good, line, good]))
    assert first == last == {"id": "z", "sum": 5, "given": [2, 3], "error": None}
    assert answer["id"] == identity
    assert (answer["error"] and answer["error"]["type"]) == kind
    assert list(answer) == ["id", "sum", "given", "error"]
    if kind:
        assert (answer["sum"], answer["given"]) == (None, [])
        assert answer["error"]["message"]


def test_no_lines_no_answers() -> None:
    assert ask(b"") == []
    assert len(ask(b"\n")) == 1
    assert len(ask(b"\n\n")) == 2


@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_beyond_the_bound_is_one_bad_line(monkeypatch: pytest.MonkeyPatch, end: bytes) -> None:
    monkeypatch.setattr(batch, "LINE_LIMIT", 40)
    good = b'{"id": 1, "numbers": [1]}'
    for length in (41, 79, 80, 81, 121, 1_000):
        answers = ask(good + b"\n" + b"x" * length + b"\n" + good + b"\n" + b"y" * length + end)
        assert [answer["id"] for answer in answers] == [1, None, 1, None]
        assert "longer than" in answers[1]["error"]["message"]
    assert "longer" not in ask(b"x" * 40 + end)[0]["error"]["message"]


def test_a_name_that_is_no_text_can_be_shown() -> None:
    assert shown("berita\udcff.html") == "berita\ufffd.html"
