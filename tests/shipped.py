"""The shipped gazetteer and tagger, read once for all tests: reading them takes half a second each time."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import pytest

from workers.tag.gazetteer import Gazetteer, load_gazetteer
from workers.tag.models import FOLDER, Models
from workers.tag.tagger import Tagger

CONFIG = Path(__file__).resolve().parents[1] / "config"


@cache
def shipped_tagger() -> Tagger:
    return Tagger.load(CONFIG)


@cache
def shipped_gazetteer() -> Gazetteer:
    return load_gazetteer(CONFIG / "gazetteer")


@cache
def shipped_models() -> Models:
    models = Models.load(CONFIG / FOLDER)
    assert models is not None
    return models


def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each load of the shipped files take what was read already: a gazetteer free of the last one's corrections."""
    gazetteer, models = shipped_gazetteer(), shipped_models()
    read = Models.load

    def load(folder: Path) -> Gazetteer:
        shipped = folder.resolve() == CONFIG / "gazetteer"
        return msgspec.structs.replace(gazetteer, pinned={}) if shipped else load_gazetteer(folder)

    monkeypatch.setattr("workers.tag.tagger.load_gazetteer", load)
    monkeypatch.setattr("workers.cli.entities.load_gazetteer", load)
    monkeypatch.setattr(Models, "load", lambda folder: models if folder.resolve() == CONFIG / FOLDER else read(folder))
