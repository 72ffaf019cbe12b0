"""Reading index templates, and telling what differs between a file and a cluster."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from workers.errors import KabarError, Misuse
from workers.index.derived import DERIVED
from workers.index.elasticsearch_letters import ShownLetter
from workers.index.elasticsearch_setup import next_index
from workers.index.elasticsearch_templates import differences, load_templates
from workers.letters import DeadLetter
from workers.model import Document, Version
from workers.reports import PollReport

SHIPPED = Path(__file__).resolve().parents[3] / "config" / "elasticsearch"
GOOD: dict[str, Any] = {"index_patterns": ["{prefix}-articles-*"], "template": {"mappings": {"properties": {}}}}


def test_the_shipped_template_maps_every_field_of_a_document() -> None:
    template = load_templates(SHIPPED, "kabar")["articles"]
    assert template.name == "kabar-articles"
    assert template.body["index_patterns"] == ["kabar-articles-*"]
    fields = {field.encode_name for field in msgspec.structs.fields(Document)}
    assert set(template.mappings["properties"]) == fields | set(DERIVED)
    assert template.mappings["dynamic"] is False
    assert template.mappings["_meta"]["kabar_hash"] == template.stamp


def test_the_shipped_template_maps_every_field_of_a_dead_letter_and_its_site() -> None:
    template = load_templates(SHIPPED, "kabar")["dead-letters"]
    fields = {field.encode_name for field in msgspec.structs.fields(DeadLetter)}
    assert set(template.mappings["properties"]) == fields | {"site"}
    assert fields | {"site"} == {field.encode_name for field in msgspec.structs.fields(ShownLetter)}
    assert template.body["index_patterns"] == ["kabar-dead-letters-*"]
    assert template.mappings["dynamic"] is False


def test_the_shipped_template_maps_every_field_of_a_version() -> None:
    template = load_templates(SHIPPED, "kabar")["versions"]
    assert set(template.mappings["properties"]) == {field.encode_name for field in msgspec.structs.fields(Version)}
    assert template.body["index_patterns"] == ["kabar-versions-*"]
    assert template.mappings["dynamic"] is False


def test_the_shipped_template_maps_every_field_of_a_poll() -> None:
    template = load_templates(SHIPPED, "kabar")["feed-events"]
    assert set(template.mappings["properties"]) == {field.encode_name for field in msgspec.structs.fields(PollReport)}
    assert template.body["index_patterns"] == ["kabar-feed-events-*"]
    assert template.body["template"]["aliases"] == {"kabar-feed-events": {}}
    assert template.mappings["dynamic"] is False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with every template but the articles'."""
    body = {**GOOD, "index_patterns": ["{prefix}-dead-letters-*"]}
    (tmp_path / "dead-letters.json").write_text(json.dumps(body))
    for name in ("versions", "feed-events"):
        (tmp_path / f"{name}.json").write_text(json.dumps({**GOOD, "index_patterns": [f"{{prefix}}-{name}-*"]}))
    return tmp_path


def test_the_dead_letters_template_is_needed(folder: Path) -> None:
    (folder / "dead-letters.json").rename(folder / "articles.json")
    with pytest.raises(Misuse, match=r"dead-letters\.json is missing"):
        load_templates(folder, "kabar")


def test_the_stamp_follows_the_content_not_the_layout(folder: Path) -> None:
    stamps = []
    for text in (
        json.dumps(GOOD),
        json.dumps(GOOD, indent=4),
        json.dumps(GOOD).replace('"properties": {}', '"properties": {"a": {"type": "keyword"}}'),
    ):
        (folder / "articles.json").write_text(text)
        stamps.append(load_templates(folder, "kabar")["articles"].stamp)
    assert stamps[0] == stamps[1] != stamps[2]


def test_every_file_of_the_folder_is_a_template(folder: Path) -> None:
    (folder / "articles.json").write_text(json.dumps(GOOD))
    (folder / "events.json").write_text(json.dumps({**GOOD, "index_patterns": ["{prefix}-events-*"]}))
    assert [t.name for t in load_templates(folder, "x").values()] == [
        "x-articles",
        "x-dead-letters",
        "x-events",
        "x-feed-events",
        "x-versions",
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "is missing"),
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not an index template"),
        (b"null", "not an index template"),
        (b'{"index_patterns": ["{prefix}-a"]}', "not an index template"),
        (b'{"index_patterns": 7, "template": {"mappings": {}}}', "not an index template"),
        (b'{"index_patterns": ["*"], "template": {"mappings": {}}}', "must begin with"),
        (b'{"index_patterns": [7], "template": {"mappings": {}}}', "must begin with"),
        (b'{"index_patterns": ["{prefix}-a"], "template": {"mappings": []}}', "not an index template"),
    ],
)
def test_a_wrong_file_is_named(folder: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        (folder / "articles.json").write_bytes(content)
    with pytest.raises(Misuse, match=says) as caught:
        load_templates(folder, "kabar")
    assert "articles.json" in str(caught.value)


@pytest.mark.parametrize(
    ("expected", "actual", "found"),
    [
        ({}, {}, []),
        ({"a": 1}, {"a": "1", "more": 2}, []),
        ({"a": True}, {"a": "true"}, []),
        ({"refresh_interval": "2s"}, {"index": {"refresh_interval": "2s"}}, []),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 2]}}, []),
        ({"a": {"b": "x"}}, {"a": {"b": "y"}}, ["a.b"]),
        ({"a": {"b": "x"}}, {}, ["a.b"]),
        ({"a": ["x"]}, {"a": ["x", "y"]}, ["a"]),
        ({"a": False}, {"a": True}, ["a"]),
    ],
)
def test_differences(expected: dict[str, Any], actual: dict[str, Any], found: list[str]) -> None:
    assert differences(expected, actual) == found


@pytest.mark.parametrize(("name", "following"), [("a-000001", "a-000002"), ("a-b-999999", "a-b-1000000")])
def test_the_next_index(name: str, following: str) -> None:
    assert next_index(name) == following


@pytest.mark.parametrize("name", ["a", "a-1", "000001", "a-000001-b"])
def test_a_foreign_index_name_is_refused(name: str) -> None:
    with pytest.raises(KabarError, match="no number"):
        next_index(name)
