"""`kabar article URL --history`: what people and scripts are told of an article's versions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.contract.documents import document, version
from workers.cli.article import article
from workers.errors import Misuse
from workers.index.sqlite import SqliteStore
from workers.model import digest

OLD, NEW = "Pasar dibuka Senin.\n\nKios gratis.", "Pasar dibuka Selasa.\n\nKios gratis.\n\nRalat: bukan Senin."


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An article that was edited, is corrected and gone, in the store the settings name."""
    monkeypatch.setenv("KABAR_DATA_DIR", str(tmp_path))
    store = SqliteStore(path=tmp_path / "kabar.sqlite")
    edited = {"edits": 1, "edited_at": datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "notice": "correction"}
    gone = {"gone_at": datetime(2026, 3, 3, 8, 0, tzinfo=UTC), "gone_status": 410}
    store.write([document(title="Pasar dibuka", body=NEW, observed_ms=2_000, **edited, **gone)])
    store.write_versions([version(observed_ms=1_000, title="Pasar segera dibuka", body=OLD)])
    store.close()
    return "https://berita.test/satu"


def test_people_read_what_changed(url: str) -> None:
    done = CliRunner().invoke(article, [url, "--history"])
    assert done.exit_code == 0
    lines = done.output.splitlines()
    for expected in (
        "edits seen: 1, the last at 2026-03-02 09:30:00 UTC",
        "the text says: correction",
        "its page is gone since 2026-03-03 08:00:00 UTC (HTTP 410)",
        "version 1, seen 1970-01-01 00:00:01 UTC",
        "  title: Pasar segera dibuka",
        "version 2, seen 1970-01-01 00:00:02 UTC",
        "  title was: Pasar segera dibuka",
        "  title is:  Pasar dibuka",
        "  - Pasar dibuka Senin.",
        "  + Pasar dibuka Selasa.",
        "  + Ralat: bukan Senin.",
    ):
        assert expected in lines


def test_scripts_get_the_same_as_json(url: str) -> None:
    done = CliRunner().invoke(article, [url, "--history", "--json"])
    past = json.loads(done.output)
    assert (past["id"], past["edits"], past["gone_status"]) == (digest("satu"), 1, 410)
    first, second = past["versions"]
    assert (first["change"], first["edited"]) == (None, False)
    assert second["change"]["removed"] == ["Pasar dibuka Senin."]
    assert second["change"]["paragraphs_added"] == 2


def test_an_unknown_address_has_no_history(url: str) -> None:
    done = CliRunner().invoke(article, [url + "-lain", "--history"])
    assert done.exit_code == 1
    assert "no article" in done.output


def test_json_without_history_is_misuse(url: str) -> None:
    done = CliRunner().invoke(article, [url, "--json"])
    assert isinstance(done.exception, Misuse)
