"""The shipped gazetteer and tagger, read once for all tests: reading them takes half a second each time."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from workers.tag.gazetteer import Gazetteer, load_gazetteer
from workers.tag.tagger import Tagger

CONFIG = Path(__file__).parents[1] / "config"


@cache
def shipped_tagger() -> Tagger:
    return Tagger.load(CONFIG)


@cache
def shipped_gazetteer() -> Gazetteer:
    return load_gazetteer(CONFIG / "gazetteer")
