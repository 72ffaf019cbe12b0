"""The doctor's findings and the limits of health, without servers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from workers.errors import StoreUnavailable
from workers.operate.doctor import Finding, examine
from workers.operate.health import progress_problem
from workers.runtime.settings import Settings, load

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def well() -> SimpleNamespace:
    return SimpleNamespace(name="sqlite", check=list)


def rounds(settings: Settings, store: SimpleNamespace | None = None) -> dict[str, Finding]:
    def away() -> object:
        raise StoreUnavailable("refused")

    found = examine(settings, away, lambda: store or well(), NOW)  # type: ignore[arg-type]
    return {finding.name: finding for finding in found}


def test_a_healthy_laptop_needs_only_a_contact(tmp_path: Path) -> None:
    found = rounds(load({}, data_dir=tmp_path / "data"))
    assert [name for name, finding in found.items() if not finding.ok] == ["contact"]
    assert found["contact"].fix


def test_a_data_directory_that_can_not_be_used_is_found(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("x", encoding="utf-8")
    assert not rounds(load({}, data_dir=path))["disk"].ok


def test_redis_and_store_that_do_not_answer_are_found(tmp_path: Path) -> None:
    store = SimpleNamespace(name="elasticsearch", check=lambda: ["ping: Connection refused"])
    found = rounds(load({}, data_dir=tmp_path, redis_url="redis://h"), store)
    assert not found["redis"].ok
    assert "start it" in found["search store (elasticsearch)"].fix


def test_a_broken_feed_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text("[[feeds]\n", encoding="utf-8")
    assert not rounds(load({}, data_dir=tmp_path, config_dir=tmp_path))["feeds.toml"].ok


@pytest.mark.parametrize(("age", "well"), [(1, True), (29, True), (31, False), (-3600, False)])
def test_progress_is_recent_also_by_a_clock_that_was_set_back(age: int, well: bool) -> None:
    overview = SimpleNamespace(progress=lambda: {"beat": 1_000_000_000 - age * 1000}, now_ms=lambda: 1_000_000_000)
    problem = progress_problem(SimpleNamespace(overview=overview), "beat")  # type: ignore[arg-type]
    assert (problem == "") is well
    assert progress_problem(SimpleNamespace(overview=overview), "cpu")  # type: ignore[arg-type]
