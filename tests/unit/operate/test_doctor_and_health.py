"""The doctor's findings and the limits of health, without servers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from workers.errors import StoreUnavailable
from workers.operate.doctor import Finding, examine
from workers.operate.health import progress_problem
from workers.ports import Snapshots
from workers.runtime.settings import Settings, load

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def well() -> SimpleNamespace:
    return SimpleNamespace(name="sqlite", check=list, snapshots=lambda: None)


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


SNAPSHOTS = [
    ("no policy", None, True, "takes none"),
    ("fresh", Snapshots(repository="r", last=NOW - timedelta(hours=6)), True, "last one 2026-03-01 18:00 UTC, in r"),
    ("old", Snapshots(repository="r", last=NOW - timedelta(hours=25)), False, "last one 2026-02-28 23:00 UTC"),
    ("never", Snapshots(repository="r"), False, "none yet"),
    (
        "failing since",
        Snapshots(repository="r", last=NOW - timedelta(hours=6), failed=NOW, error="disk full"),
        False,
        "disk full",
    ),
]


@pytest.mark.parametrize(("found", "ok", "says"), [row[1:] for row in SNAPSHOTS], ids=[row[0] for row in SNAPSHOTS])
def test_the_last_snapshot_is_told(tmp_path: Path, found: Snapshots | None, ok: bool, says: str) -> None:
    store = SimpleNamespace(name="elasticsearch", check=list, snapshots=lambda: found)
    finding = rounds(load({}, data_dir=tmp_path), store)["snapshots"]
    assert (finding.ok, says in finding.says) == (ok, True)


def test_a_cluster_that_does_not_tell_of_snapshots_is_a_finding(tmp_path: Path) -> None:
    def away() -> None:
        raise StoreUnavailable("read_slm is missing", reason="http_403")

    store = SimpleNamespace(name="elasticsearch", check=list, snapshots=away)
    finding = rounds(load({}, data_dir=tmp_path), store)["snapshots"]
    assert not finding.ok
    assert "read_slm" in finding.says


def test_a_broken_feed_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text("[[feeds]\n", encoding="utf-8")
    assert not rounds(load({}, data_dir=tmp_path, config_dir=tmp_path))["feeds.toml"].ok


@pytest.mark.parametrize(("age", "well"), [(1, True), (29, True), (31, False), (-3600, False)])
def test_progress_is_recent_also_by_a_clock_that_was_set_back(age: int, well: bool) -> None:
    overview = SimpleNamespace(progress=lambda: {"beat": 1_000_000_000 - age * 1000}, now_ms=lambda: 1_000_000_000)
    problem = progress_problem(SimpleNamespace(overview=overview), "beat")  # type: ignore[arg-type]
    assert (problem == "") is well
    assert progress_problem(SimpleNamespace(overview=overview), "cpu")  # type: ignore[arg-type]
