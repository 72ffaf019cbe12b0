"""Writes `config/kibana/kabar.ndjson` from the index mappings (`make kibana`): everything Kibana shows of Kabar.

Every field an object names is looked up in its `config/elasticsearch/*.json` as it is built, so objects and indices
can't drift apart; a test holds that the file in the repository is what this module writes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from workers.operate.kibana_letters import build_letters
from workers.operate.kibana_newsroom import COMPUTED, build_newsroom, build_versions
from workers.operate.kibana_parts import Fields, Object
from workers.operate.kibana_pipeline import build_pipeline
from workers.runtime.settings import PROJECT

FILE = "kabar.ndjson"
# The templates whose indices Kibana shows. Data views have the names of the aliases as their ids.
SHOWN = ("articles", "feed-events", "dead-letters", "versions")


def build(templates: Mapping[str, Mapping[str, Any]]) -> list[Object]:
    """Return every object for index `templates` by their names. Raises Misuse on a field that one lacks."""
    views = {name: Fields(templates[name], f"kabar-{name}", COMPUTED if name == "articles" else None) for name in SHOWN}
    return [
        *build_newsroom(views["articles"]),
        *build_pipeline(views["articles"], views["feed-events"]),
        *build_letters(views["dead-letters"]),
        *build_versions(views["versions"]),
    ]


def load(folder: Path) -> dict[str, Any]:
    """Return the index templates in `folder` that Kibana shows, by name."""
    return {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in SHOWN}


def render(objects: Sequence[Object]) -> str:
    """Return `objects` as the lines Kibana imports."""
    return "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in objects)


@click.command()
@click.argument("config", type=click.Path(path_type=Path, exists=True, file_okay=False), default=PROJECT / "config")
def main(config: Path) -> None:
    """Write CONFIG/kibana/kabar.ndjson anew from the templates in CONFIG/elasticsearch."""
    (config / "kibana" / FILE).write_text(render(build(load(config / "elasticsearch"))), encoding="utf-8")


if __name__ == "__main__":
    main()
