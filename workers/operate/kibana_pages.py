"""The pages of Kibana that charts and fields are put together on: data view, Discover search, dashboard."""

from __future__ import annotations

import json
from collections.abc import Sequence

from workers.operate.kibana_parts import NO_QUERY, Fields, Object, reference, saved_object

WIDTHS = {"title": 360, "lead": 420, "message": 420, "error": 420, "why": 420}  # pixels, of columns that hold sentences
Place = tuple[str, str, int, int, int, int]  # what stands on a dashboard: kind, object, x, y, width, height


def data_view(fields: Fields, name: str, time: str, links: Sequence[str]) -> Object:
    """Return the data view called `name`, by the date field `time`; the fields `links` open the address they hold."""
    formats = {
        fields.shown(link): {"id": "url", "params": {"type": "a", "openLinkInCurrentTab": False}} for link in links
    }
    formats |= {field: one.format for field, one in fields.runtime.items()}
    computed = {field: {"type": one.type, "script": {"source": one.script}} for field, one in fields.runtime.items()}
    return saved_object(
        "index-pattern",
        fields.view,
        {
            "title": fields.view,
            "name": name,
            "timeFieldName": fields.counted(time, "date")[0],
            "fields": "[]",
            "fieldAttrs": "{}",
            "fieldFormatMap": json.dumps(formats),
            "runtimeFieldMap": json.dumps(computed),
            "sourceFilters": "[]",
            "typeMeta": "{}",
            "allowNoIndex": True,
            "allowHidden": False,
        },
        [],
    )


def newest(
    fields: Fields,
    identifier: str,
    title: str,
    description: str,
    time: str,
    columns: Sequence[str],
    query: Object | None = None,
) -> Object:
    """Return a Discover search of what matches `query`: `columns`, newest by `time` first; texts get more room."""
    source: Object = {
        "query": query or NO_QUERY,
        "filter": [],
        "indexRefName": "kibanaSavedObjectMeta.searchSourceJSON.index",
    }
    wide = {name: {"width": width} for name, width in WIDTHS.items() if name in columns}
    return saved_object(
        "search",
        identifier,
        {
            "title": f"Kabar: {title}",
            "description": description,
            "columns": [fields.shown(name) for name in columns],
            "sort": [[fields.counted(time, "date")[0], "desc"]],
            "grid": {"columns": wide},
            "hideChart": False,
            "isTextBasedQuery": False,
            "kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps(source)},
        },
        [reference("kibanaSavedObjectMeta.searchSourceJSON.index", fields.view)],
    )


def dashboard(
    fields: Fields,
    identifier: str,
    title: str,
    description: str,
    places: Sequence[Place],
    controls: Sequence[str],
    days: int,
) -> Object:
    """Return a dashboard of `places` with a list to choose from for each field of `controls`; it opens on `days`."""
    panels, references = _panels(places)
    group, control_references = _controls(fields, controls)
    return saved_object(
        "dashboard",
        identifier,
        {
            "title": f"Kabar: {title}",
            "description": description,
            "panelsJSON": json.dumps(panels),
            "controlGroupInput": group,
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
            "timeFrom": f"now-{days}d",
            "timeTo": "now",
            "refreshInterval": {"pause": False, "value": 60_000},
        },
        [*references, *control_references],
    )


def _panels(places: Sequence[Place]) -> tuple[list[Object], list[Object]]:
    panels, references = [], []
    for number, (kind, identifier, x, y, width, height) in enumerate(places, 1):
        name = f"p{number}"
        panel = {"type": kind, "panelIndex": name, "gridData": {"x": x, "y": y, "w": width, "h": height, "i": name}}
        panels.append({**panel, "embeddableConfig": {}, "panelRefName": f"panel_{name}"})
        references.append(reference(f"{name}:panel_{name}", identifier, kind))
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
    return group, [reference(f"controlGroup_{key}:optionsListDataView", fields.view) for key in panels]
