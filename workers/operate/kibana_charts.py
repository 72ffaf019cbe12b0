"""Lens charts (numbers, bars, lines, tables) and maps, made of the columns of `kibana_parts`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from workers.operate.kibana_parts import NO_QUERY, Fields, Object, reference, saved_object

Series = Literal["bar_stacked", "bar_horizontal", "line"]
BASE = {"type": "EMS_TMS", "isAutoSelect": True, "lightModeDefault": "road_map_desaturated"}
MIDDLE = {"lat": -2.5, "lon": 118.0}  # of Indonesia


def metric(fields: Fields, identifier: str, title: str, column: Object) -> Object:
    """Return a chart of one number."""
    shown = {"layerId": "main", "layerType": "data", "metricAccessor": "m"}
    return _lens(fields, identifier, title, "lnsMetric", {"m": column}, shown)


def graph(
    fields: Fields,
    identifier: str,
    title: str,
    series: Series,
    columns: Mapping[str, Object],
    query: Object | None = None,
) -> Object:
    """Return bars or lines: column "x", cut into series by column "s" when there is one, and every other as height."""
    heights = [name for name in columns if name not in ("s", "x")]
    layer = {"layerId": "main", "layerType": "data", "seriesType": series, "xAccessor": "x", "accessors": heights}
    if "s" in columns:
        layer["splitAccessor"] = "s"
    shown = {
        "legend": {"isVisible": "s" in columns or len(heights) > 1, "position": "right"},
        "valueLabels": "hide",
        "preferredSeriesType": series,
        "layers": [layer],
    }
    return _lens(fields, identifier, title, "lnsXY", columns, shown, query)


def table(
    fields: Fields, identifier: str, title: str, columns: Mapping[str, Object], query: Object | None = None
) -> Object:
    """Return a table of `columns`, in their order."""
    shown = {
        "layerId": "main",
        "layerType": "data",
        "columns": [{"columnId": name} for name in columns],
        "paging": {"size": 10, "enabled": True},
    }
    return _lens(fields, identifier, title, "lnsDatatable", columns, shown, query)


def _lens(
    fields: Fields,
    identifier: str,
    title: str,
    kind: str,
    columns: Mapping[str, Object],
    visualization: Object,
    query: Object | None = None,
) -> Object:
    layer = {"columns": dict(columns), "columnOrder": list(columns), "incompleteColumns": {}}
    state: Object = {
        "datasourceStates": {"formBased": {"layers": {"main": layer}}},
        "visualization": visualization,
        "query": query or NO_QUERY,
        "filters": [],
        "internalReferences": [],
        "adHocDataViews": {},
    }
    return saved_object(
        "lens",
        identifier,
        {"title": f"Kabar: {title}", "description": "", "visualizationType": kind, "state": state},
        [reference("indexpattern-datasource-layer-main", fields.view)],
    )


def place_map(fields: Fields, identifier: str, title: str, places: str, days: int) -> Object:
    """Return a map of Indonesia with a circle for each area of the field `places`, as large as it has documents."""
    field, _ = fields.counted(places, "geo_point")
    base = {
        **_layer("base", "EMS_VECTOR_TILE", BASE, 1),
        "style": {"type": "TILE"},
    }
    circles = {
        **_layer("places", "GEOJSON_VECTOR", _areas(field), 0.75),
        "label": title,
        "joins": [],
        "style": _circles(),
    }
    state: Object = {
        "zoom": 4,
        "center": MIDDLE,
        "timeFilters": {"from": f"now-{days}d", "to": "now"},
        "query": NO_QUERY,
        "filters": [],
    }
    return saved_object(
        "map",
        identifier,
        {
            "title": f"Kabar: {title}",
            "description": "",
            "mapStateJSON": json.dumps(state),
            "layerListJSON": json.dumps([base, circles]),
            "uiStateJSON": json.dumps({"isLayerTOCOpen": False, "openTOCDetails": []}),
        },
        [reference("layer_1_source_index_pattern", fields.view)],
    )


def _areas(field: str) -> Object:
    return {
        "id": "places-source",
        "type": "ES_GEO_GRID",
        "geoField": field,
        "metrics": [{"type": "count"}],
        "requestType": "point",
        "resolution": "MOST_FINE",
        "applyGlobalQuery": True,
        "applyGlobalTime": True,
        "indexPatternRefName": "layer_1_source_index_pattern",
    }


def _layer(identifier: str, kind: str, source: Object, alpha: float) -> Object:
    return {
        "id": identifier,
        "type": kind,
        "visible": True,
        "alpha": alpha,
        "minZoom": 0,
        "maxZoom": 24,
        "sourceDescriptor": source,
    }


def _circles() -> Object:
    """Return the look of a layer of circles: all properties, as Kibana's own exports write them."""
    counted = {"field": {"name": "doc_count", "origin": "source"}}
    sized = {**counted, "fieldMetaOptions": {"isEnabled": False, "sigma": 3}}
    properties = {
        "icon": _static(value="marker"),
        "symbolizeAs": {"options": {"value": "circle"}},
        "fillColor": {"type": "DYNAMIC", "options": {**sized, "type": "ORDINAL", "color": "Blues"}},
        "lineColor": _static(color="#1F5C8B"),
        "lineWidth": _static(size=1),
        "iconSize": {"type": "DYNAMIC", "options": {**sized, "minSize": 8, "maxSize": 32}},
        "iconOrientation": _static(orientation=0),
        "labelText": {"type": "DYNAMIC", "options": counted},
        "labelColor": _static(color="#000000"),
        "labelSize": _static(size=12),
        "labelBorderColor": _static(color="#FFFFFF"),
        "labelBorderSize": {"options": {"size": "SMALL"}},
    }
    return {"type": "VECTOR", "properties": properties, "isTimeAware": True}


def _static(**options: object) -> Object:
    return {"type": "STATIC", "options": options}
