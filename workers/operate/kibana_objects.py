"""Writes `config/kibana/*.ndjson` from the index mappings (`make kibana`): articles and dead letters, a file each.

Every field an object names is looked up in its `config/elasticsearch/*.json` as it is built, so objects and indices
can't drift apart; a test holds that the files in the repository are what this module writes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from workers.operate.kibana_pages import Place, dashboard, data_view, newest
from workers.operate.kibana_parts import Fields, Object, bars, count, metric, over_time, top
from workers.runtime.settings import PROJECT

ARTICLES, DEAD_LETTERS = "kabar-articles", "kabar-dead-letters"  # ids of the data views, and the aliases they show
LATEST = ("title", "site", "section", "published_at", "people", "places", "url")
GIVEN_UP = ("buried_at", "reason", "stage", "url", "message", "attempts")

PLACES: tuple[Place, ...] = (
    ("lens", "kabar-count", 0, 0, 8, 12),
    ("lens", "kabar-volume", 8, 0, 40, 12),
    ("lens", "kabar-people", 0, 12, 16, 14),
    ("lens", "kabar-organisations", 16, 12, 16, 14),
    ("lens", "kabar-places", 32, 12, 16, 14),
    ("search", "kabar-latest", 0, 26, 48, 20),
)
LETTER_PLACES: tuple[Place, ...] = (
    ("lens", "kabar-dead-count", 0, 0, 8, 12),
    ("lens", "kabar-dead-reasons", 8, 0, 24, 12),
    ("lens", "kabar-dead-sites", 32, 0, 16, 12),
    ("search", "kabar-dead-newest", 0, 12, 48, 24),
)


def build(template: Mapping[str, Any]) -> list[Object]:
    """Return every object for the articles' index `template`. Raises Misuse on a field it lacks."""
    fields = Fields(template, ARTICLES)
    y = count("Articles")
    volume = {"s": top(fields, "site", 10), "x": over_time(fields, "published_at"), "y": y}
    return [
        data_view(fields, "Kabar: articles", "published_at", ("url", "canonical_url", "urls")),
        newest(
            fields,
            "kabar-latest",
            "Kabar: latest articles",
            "Newest first; the address opens the article.",
            "published_at",
            LATEST,
            wide="title",
        ),
        metric(fields, "kabar-count", "Articles", y),
        bars(fields, "kabar-volume", "Articles over time, by site", "bar_stacked", volume, split="s"),
        *(
            bars(fields, f"kabar-{name}", f"Most named: {name}", "bar_horizontal", {"x": top(fields, name, 15), "y": y})
            for name in ("people", "organisations", "places")
        ),
        dashboard(
            fields,
            "kabar-newsroom",
            "Kabar: newsroom",
            "What was published, where, and who is named.",
            PLACES,
            ("site", "section", "people"),
            days=7,
        ),
    ]


def build_letters(template: Mapping[str, Any]) -> list[Object]:
    """Return every object for the dead letters' index `template`. Raises Misuse on a field it lacks."""
    fields = Fields(template, DEAD_LETTERS)
    y = count("Dead letters")
    reasons = {"s": top(fields, "reason", 10), "x": over_time(fields, "buried_at"), "y": y}
    sites = {"x": top(fields, "site", 15), "y": y}
    return [
        data_view(fields, "Kabar: dead letters", "buried_at", ("url",)),
        newest(
            fields,
            "kabar-dead-newest",
            "Kabar: newest dead letters",
            "What could not be done, and why. `kabar dead` replays or drops them by id.",
            "buried_at",
            GIVEN_UP,
            wide="message",
        ),
        metric(fields, "kabar-dead-count", "Dead letters", y),
        bars(fields, "kabar-dead-reasons", "Dead letters over time, by reason", "bar_stacked", reasons, split="s"),
        bars(fields, "kabar-dead-sites", "Dead letters by site", "bar_horizontal", sites),
        dashboard(
            fields,
            "kabar-dead",
            "Kabar: dead letters",
            "What could not be done, why, and where.",
            LETTER_PLACES,
            ("reason", "stage", "site"),
            days=30,
        ),
    ]


def render(objects: Sequence[Object]) -> str:
    """Return `objects` as the lines Kibana imports."""
    return "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in objects)


@click.command()
@click.argument("config", type=click.Path(path_type=Path, exists=True, file_okay=False), default=PROJECT / "config")
def main(config: Path) -> None:
    """Write CONFIG/kibana/*.ndjson anew, each from the template of its name in CONFIG/elasticsearch."""
    for name, objects in (("articles", build), ("dead-letters", build_letters)):
        template = json.loads((config / "elasticsearch" / f"{name}.json").read_text(encoding="utf-8"))
        (config / "kibana" / f"{name}.ndjson").write_text(render(objects(template)), encoding="utf-8")


if __name__ == "__main__":
    main()
