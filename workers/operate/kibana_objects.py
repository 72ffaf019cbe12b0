"""Writes `config/kibana/articles.ndjson` from the index mapping (`make kibana`).

Every field an object names is looked up in `config/elasticsearch/articles.json` as it is built, so objects and index
can't drift apart; a test holds that the file in the repository is what this module writes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from workers.operate.kibana_parts import (
    NO_QUERY,
    VIEW,
    Fields,
    Object,
    bars,
    count,
    metric,
    over_time,
    reference,
    saved_object,
    top,
)
from workers.runtime.settings import PROJECT

WHOLE_WIDTH = 48  # columns of a dashboard's grid
LATEST = ("title", "site", "section", "published_at", "people", "places", "url")


def build(template: Mapping[str, Any]) -> list[Object]:
    """Return every object for the index that `template` describes. Raises Misuse on a field it lacks."""
    fields = Fields(template)
    charts = [
        metric("kabar-count", "Articles", [count()]),
        bars(
            "kabar-volume",
            "Articles over time, by site",
            "bar_stacked",
            {"s": top(fields, "site", 10), "x": over_time(fields, "published_at"), "y": count()},
            split="s",
        ),
        *(
            bars(f"kabar-{name}", f"Most named: {name}", "bar_horizontal", {"x": top(fields, name, 15), "y": count()})
            for name in ("people", "organisations", "places")
        ),
    ]
    return [_view(fields), _latest(fields), *charts, _dashboard(fields)]


def render(objects: Sequence[Object]) -> str:
    """Return `objects` as the lines Kibana imports."""
    return "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in objects)


def _view(fields: Fields) -> Object:
    links = {
        fields.shown(name): {"id": "url", "params": {"type": "a", "openLinkInCurrentTab": False}}
        for name in ("url", "canonical_url", "urls")
    }
    return saved_object(
        "index-pattern",
        VIEW,
        {
            "title": VIEW,
            "name": "Kabar: articles",
            "timeFieldName": fields.counted("published_at")[0],
            "fields": "[]",
            "fieldAttrs": "{}",
            "fieldFormatMap": json.dumps(links),
            "runtimeFieldMap": "{}",
            "sourceFilters": "[]",
            "typeMeta": "{}",
            "allowNoIndex": True,
            "allowHidden": False,
        },
        [],
    )


def _latest(fields: Fields) -> Object:
    source = {"query": NO_QUERY, "filter": [], "indexRefName": "kibanaSavedObjectMeta.searchSourceJSON.index"}
    return saved_object(
        "search",
        "kabar-latest",
        {
            "title": "Kabar: latest articles",
            "description": "Newest first; the address opens the article.",
            "columns": [fields.shown(name) for name in LATEST],
            "sort": [[fields.counted("published_at")[0], "desc"]],
            "grid": {"columns": {"title": {"width": 420}}},
            "hideChart": False,
            "isTextBasedQuery": False,
            "kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps(source)},
        },
        [reference("kibanaSavedObjectMeta.searchSourceJSON.index")],
    )


# What stands where on the dashboard: kind, object, x, y, width, height.
PLACES = (
    ("lens", "kabar-count", 0, 0, 8, 12),
    ("lens", "kabar-volume", 8, 0, 40, 12),
    ("lens", "kabar-people", 0, 12, 16, 14),
    ("lens", "kabar-organisations", 16, 12, 16, 14),
    ("lens", "kabar-places", 32, 12, 16, 14),
    ("search", "kabar-latest", 0, 26, WHOLE_WIDTH, 20),
)


def _dashboard(fields: Fields) -> Object:
    panels, references = _panels()
    controls, control_references = _controls(fields, ("site", "section", "people"))
    return saved_object(
        "dashboard",
        "kabar-newsroom",
        {
            "title": "Kabar: newsroom",
            "description": "What was published, where, and who is named.",
            "panelsJSON": json.dumps(panels),
            "controlGroupInput": controls,
            "optionsJSON": json.dumps(
                {
                    "useMargins": True,
                    "syncColors": False,
                    "syncCursor": True,
                    "syncTooltips": False,
                    "hidePanelTitles": False,
                }
            ),
            "kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps({"query": NO_QUERY, "filter": []})},
            "timeRestore": True,
            "timeFrom": "now-7d",
            "timeTo": "now",
            "refreshInterval": {"pause": False, "value": 60_000},
        },
        [*references, *control_references],
    )


def _panels() -> tuple[list[Object], list[Object]]:
    panels, references = [], []
    for number, (kind, identifier, x, y, width, height) in enumerate(PLACES, 1):
        name = f"p{number}"
        panel = {"type": kind, "panelIndex": name, "gridData": {"x": x, "y": y, "w": width, "h": height, "i": name}}
        panels.append({**panel, "embeddableConfig": {}, "panelRefName": f"panel_{name}"})
        references.append(reference(f"{name}:panel_{name}", kind, identifier))
    return panels, references


def _controls(fields: Fields, names: Sequence[str]) -> tuple[Object, list[Object]]:
    panels = {
        f"c{n}": {
            "type": "optionsListControl",
            "order": n,
            "grow": True,
            "width": "medium",
            "explicitInput": {"id": f"c{n}", "fieldName": fields.counted(name)[0], "title": name.capitalize()},
        }
        for n, name in enumerate(names)
    }
    ignore = dict.fromkeys(("ignoreFilters", "ignoreQuery", "ignoreTimerange", "ignoreValidations"), False)
    group = {
        "chainingSystem": "HIERARCHICAL",
        "controlStyle": "oneLine",
        "panelsJSON": json.dumps(panels),
        "ignoreParentSettingsJSON": json.dumps(ignore),
    }
    return group, [reference(f"controlGroup_{key}:optionsListDataView") for key in panels]


@click.command()
@click.argument("config", type=click.Path(path_type=Path, exists=True, file_okay=False), default=PROJECT / "config")
def main(config: Path) -> None:
    """Write CONFIG/kibana/articles.ndjson anew from CONFIG/elasticsearch/articles.json."""
    template = json.loads((config / "elasticsearch" / "articles.json").read_text(encoding="utf-8"))
    (config / "kibana" / "articles.ndjson").write_text(render(build(template)), encoding="utf-8")


if __name__ == "__main__":
    main()
