"""`kabar index` on the embedded store: looking makes nothing, `init` does."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from workers.cli.index import index


def test_looking_at_a_store_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data" / "kabar.sqlite"
    monkeypatch.setenv("KABAR_DATA_DIR", str(path.parent))
    done = CliRunner().invoke(index, ["stats", "--json"], catch_exceptions=False)
    assert (done.exit_code, json.loads(done.stdout)["documents"]) == (0, 0)
    assert f"no store at {path} yet" in done.stderr
    assert not path.parent.exists()
    assert CliRunner().invoke(index, ["init"], catch_exceptions=False).stdout == f"created {path}\n"
    assert path.exists()
    assert CliRunner().invoke(index, ["stats"], catch_exceptions=False).stderr == ""
