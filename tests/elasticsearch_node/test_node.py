"""The recipe says in one line what a machine lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.elasticsearch_node import node


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on PATH and nothing built."""
    monkeypatch.setattr(node, "CACHE", tmp_path / "cache")
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def fake_jdk(folder: Path, version: str) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "javac").touch()
    (folder / "release").write_text(f'IMPLEMENTOR="Someone"\nJAVA_VERSION="{version}"\n')
    return folder


@pytest.mark.parametrize(
    ("version", "enough"), [("25.0.1", True), ("21", True), ("17.0.9", False), ("1.8.0_392", False)]
)
def test_a_jdk_counts_when_it_is_new_enough(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch, version: str, enough: bool
) -> None:
    home = fake_jdk(bare_machine / "jdk", version)
    monkeypatch.setattr(node, "SYSTEM_JDKS", ())
    monkeypatch.setenv("JAVA_HOME", str(home))
    if enough:
        assert node.find_jdk() == home
    else:
        with pytest.raises(node.MissingTool, match="no JDK of at least 21"):
            node.find_jdk()


def test_missing_maven_is_told(bare_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(fake_jdk(bare_machine / "jdk", "25")))
    with pytest.raises(node.MissingTool, match="Maven is missing"):
        node.build()


def test_what_maven_says_is_told_in_one_line(bare_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(fake_jdk(bare_machine / "jdk", "25")))
    maven = bare_machine / "mvn"
    maven.write_text("#!/bin/sh\necho '[ERROR] no network'\necho more >&2\nexit 1\n")
    maven.chmod(0o755)
    with pytest.raises(node.MissingTool) as caught:
        node.build()
    assert str(caught.value).splitlines() == [
        "Elasticsearch test node: Maven could not fetch Elasticsearch: [ERROR] no network"
    ]
    assert not list((bare_machine / "cache").glob("[0-9a-f]*"))  # nothing half built is taken for a node
