"""`kabar extract`: files and batches, an answer for every line."""

from __future__ import annotations

import gzip
import importlib
import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.unit.extract.conftest import PARAGRAPHS, URL, text_page
from workers.cli.extract import extract
from workers.errors import KabarError, Misuse
from workers.model import Page

command = importlib.import_module("workers.cli.extract")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_bytes(text_page())
    return path


def test_files_plain_and_gzipped(page: Path, tmp_path: Path) -> None:
    packed = tmp_path / "page.html.gz"
    packed.write_bytes(gzip.compress(page.read_bytes()))
    done = CliRunner().invoke(extract, ["--url", URL, str(page)], catch_exceptions=False)
    again = CliRunner().invoke(extract, ["--url", URL, str(packed)], catch_exceptions=False)
    answer = json.loads(done.output)
    assert json.loads(again.output) == answer | {"id": str(packed)}
    assert answer["body"] == "\n\n".join(PARAGRAPHS)
    assert (answer["url"], answer["language"], answer["error"]) == (URL, "id", None)
    assert answer["published_at"] == "2025-09-04T00:00:00+07:00"


def test_every_line_of_a_batch_is_answered_in_order(page: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.html"
    empty.write_bytes(b"")
    broken = tmp_path / "broken.gz"
    broken.write_bytes(b"\x1f\x8bnonsense")
    lines = [
        json.dumps({"id": "a", "url": URL, "html_path": str(page)}),
        "not json",
        "",
        json.dumps({"id": "b", "html_path": str(empty)}),
        json.dumps({"id": "c", "html_path": str(tmp_path / "missing")}),
        json.dumps({"id": 4, "html_path": str(tmp_path)}),
        json.dumps({"id": "e", "html_path": str(broken)}),
        json.dumps({"id": "f", "html_path": "a\x00b"}),
        json.dumps({"id": "-", "html_path": "-"}),
        json.dumps({"id": "g"}),
        json.dumps({"id": 7, "html_path": str(page), "url": 3}),
        json.dumps([1]),
        "[" * 10_000,
        json.dumps({"id": "h", "url": "::nonsense::", "html_path": str(page)}),
        json.dumps({"id": "i", "url": None, "html_path": str(page)}),
    ]
    done = CliRunner().invoke(extract, ["--batch"], input="\n".join(lines), catch_exceptions=False)
    answers = [json.loads(line) for line in done.output.splitlines()]
    assert [a["id"] for a in answers] == ["a", None, None, "b", "c", 4, "e", "f", "-", "g", 7, None, None, "h", "i"]
    kinds = [a["error"] and a["error"]["type"] for a in answers]
    assert kinds == [None, *["bad_line"] * 2, "empty", *["unreadable"] * 5, *["bad_line"] * 4, None, None]
    assert answers[0]["title"] == answers[-2]["title"] == answers[-1]["title"] == "Jembatan Siak IV dibuka kembali"
    assert {tuple(answer) for answer in answers} == {tuple(answers[0])}  # the same keys in every line
    for failed in answers[1:-2]:
        assert [failed[name] for name in ("authors", "headings", "tags", "removed")] == [[]] * 4
        assert failed["body"] is None


def test_a_page_that_takes_too_long_is_answered_and_the_next_one_too(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "slow.html"
    slow.write_bytes(page.read_bytes().replace(b"<h1>", b"<h1>LAMBAT "))
    whole = command.extract_article

    def hanging(page: Page, *arguments: object, **named: object) -> object:
        while b"LAMBAT" in page.body:
            time.sleep(0.01)
        return whole(page, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(command, "extract_article", hanging)
    lines = [json.dumps({"id": path.name, "url": URL, "html_path": str(path)}) for path in (slow, page)]
    done = CliRunner().invoke(
        extract, ["--batch"], input="\n".join(lines), catch_exceptions=False, env={"KABAR_ITEM_LIMIT": "0.3"}
    )
    answers = [json.loads(line) for line in done.output.splitlines()]
    assert [a["error"] and a["error"]["type"] for a in answers] == ["too_slow", None]


def test_files_are_told_apart_by_their_path(page: Path, tmp_path: Path) -> None:
    missing, odd = tmp_path / "missing.html", tmp_path / "halaman\udcff.html"
    assert json.loads(CliRunner().invoke(extract, [str(page)]).output)["id"] == str(page)
    done = CliRunner().invoke(extract, [str(missing)])
    answer = json.loads(done.output)
    assert (answer["id"], answer["error"]["type"], answer["tags"]) == (str(missing), "unreadable", [])
    assert json.loads(CliRunner().invoke(extract, [str(odd)]).output)["id"].endswith("halaman\ufffd.html")
    assert json.loads(CliRunner().invoke(extract, ["-"], input=page.read_bytes()).output)["id"] == "-"


def test_misuse_and_failure_are_told_apart(page: Path, tmp_path: Path) -> None:
    for arguments in ([], ["--batch", str(page)]):
        with pytest.raises(Misuse):
            CliRunner().invoke(extract, arguments, catch_exceptions=False)
    empty = tmp_path / "empty.html"
    empty.write_bytes(b"")
    with pytest.raises(KabarError, match="not every page"):
        CliRunner().invoke(extract, [str(empty), str(page)], catch_exceptions=False)
