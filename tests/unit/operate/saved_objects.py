"""Finds what Kibana would not say on import: an object that can't be shown, or shows nothing.

Rules as Kibana 9's sources and exports have them: attributes and versions an object may have, names of references,
panels of a dashboard, columns of a Lens chart by the types of their fields, layers of a map.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

CORE = "8.8.0"
# The newest version of each type that a Kibana 9.3 export carries: an older Kibana refuses a newer object.
CEILING = {
    "index-pattern": (8, 0, 0),
    "map": (8, 4, 0),
    "lens": (10, 1, 0),
    "search": (10, 9, 0),
    "dashboard": (10, 3, 0),
}
ATTRIBUTES = {
    "index-pattern": "title name timeFieldName fields fieldAttrs fieldFormatMap runtimeFieldMap sourceFilters typeMeta "
    "allowNoIndex allowHidden",
    "lens": "title description visualizationType state",
    "search": "title description columns sort grid hideChart isTextBasedQuery kibanaSavedObjectMeta",
    "map": "title description mapStateJSON layerListJSON uiStateJSON",
    "dashboard": "title description panelsJSON optionsJSON kibanaSavedObjectMeta timeRestore timeFrom timeTo "
    "refreshInterval controlGroupInput",
}
NUMBERS = ("long", "integer", "short", "byte", "double", "float", "half_float", "scaled_float", "unsigned_long")
KINDS = {**dict.fromkeys(NUMBERS, "number"), "keyword": "string", "constant_keyword": "string", "wildcard": "string"}
VALUES = {"string", "number", "boolean", "ip"}
OPERATIONS = {
    "terms": VALUES,
    "date_histogram": {"date"},
    "unique_count": VALUES | {"date"},
    "last_value": VALUES | {"date"},
    **{name: {"number"} for name in ("sum", "average", "median", "percentile")},
    **{name: {"number", "date"} for name in ("min", "max")},
}
BUCKETS = {"terms", "date_histogram"}
WIDTH = 48  # columns of a dashboard's grid
RECORDS = "___records___"
Object = dict[str, Any]


def problems(lines: Iterable[str], mappings: Mapping[str, Object]) -> list[str]:
    """Return a line for each thing that is wrong with an import file; `mappings`: data view id → index template."""
    try:
        objects = [json.loads(line) for line in lines]
        names = [(one["type"], one["id"]) for one in objects]
        titles = [(one["type"], one["attributes"]["title"]) for one in objects]
    except (ValueError, KeyError, TypeError) as error:
        return [f"not one saved object a line: {error!r}"]
    found = [f"stands twice: {one}" for given in (names, titles) for one in sorted(set(given)) if given.count(one) > 1]
    fields = {view: dict(_fields(one["template"]["mappings"]["properties"])) for view, one in mappings.items()}
    for one in objects:
        if one["type"] == "index-pattern" and one["id"] in fields:
            computed = json.loads(one["attributes"].get("runtimeFieldMap", "{}"))
            fields[one["id"]] |= {name: (KINDS.get(f["type"], f["type"]), True) for name, f in computed.items()}
    for one in objects:
        try:
            found.extend(f"{one['type']} {one['id']}: {says}" for says in _Check(one, set(names), fields).problems())
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            found.append(f"{one['type']} {one['id']}: not in the form of its type: {error!r}")
    return found


def _fields(properties: Object, path: str = "", nested: bool = False) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Yield each field with its Kibana type, and whether Kibana can count and sort by it."""
    for name, field in properties.items():
        kind, full = field.get("type", "object"), path + name
        inside = nested or kind == "nested"
        countable = kind not in ("text", "object", "nested") and field.get("doc_values") is not False
        yield full, (KINDS.get(kind, kind), countable and not inside)
        yield from _fields(field.get("properties", {}), f"{full}.", inside)
        yield from _fields(field.get("fields", {}), f"{full}.", inside)


class _Check:
    """One object, with the names of all objects of its file and the fields of each data view."""

    def __init__(self, one: Object, names: set[tuple[str, str]], fields: Mapping[str, Mapping[str, Any]]) -> None:
        self.kind, self.id, self.attributes = one["type"], one["id"], one["attributes"]
        self.versions = one.get("coreMigrationVersion"), one.get("typeMigrationVersion", "")
        self.references = {r["name"]: (r["type"], r["id"]) for r in one["references"]}
        self.repeated = len(self.references) < len(one["references"])
        self.names, self.fields = names, fields
        self.used: set[str] = set()  # names of references

    def problems(self) -> Iterator[str]:
        core, own = self.versions
        if core != CORE or tuple(map(int, own.split("."))) > CEILING[self.kind]:
            yield f"version {own} ({core})"
        if unknown := set(self.attributes) - set(ATTRIBUTES[self.kind].split()):
            yield f"attributes {unknown} are not in its schema"
        if self.repeated:
            yield "a reference stands twice"
        yield from (f"{name} leads nowhere" for name, to in self.references.items() if to not in self.names)
        yield from {
            "index-pattern": self._data_view,
            "lens": self._lens,
            "search": self._search,
            "map": self._map,
            "dashboard": self._dashboard,
        }[self.kind]()
        yield from (f"nothing uses the reference {name}" for name in self.references if name not in self.used)

    def _view(self, name: str) -> str:
        """Return the data view that the reference `name` leads to."""
        self.used.add(name)
        kind, view = self.references[name]
        if kind != "index-pattern":
            raise ValueError(f"{name} is no data view")
        return view

    def _field(self, view: str, name: str, kinds: set[str] | None = None, shown: bool = False) -> Iterator[str]:
        """Tell when the view has no such field, or it is not of `kinds`. `shown`: it need not be countable."""
        kind, countable = self.fields[view].get(name, ("", False))
        if not kind:
            yield f"field {name!r} is not in {view}"
        elif not shown and not countable:
            yield f"field {name!r} ({kind}) can't be counted or sorted by"
        elif kinds and kind not in kinds:
            yield f"field {name!r} is {kind}, not {'/'.join(sorted(kinds))}"

    def _query(self, view: str, query: Object | None) -> Iterator[str]:
        if query is None:
            return
        if query["language"] != "kuery":
            yield "its query is no KQL"
        bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', query["query"])
        for name in re.findall(r"([A-Za-z_][\w.]*)\s*(?::|[<>]=?)", bare):
            yield from self._field(view, name, shown=True)

    def _data_view(self) -> Iterator[str]:
        given = self.attributes
        yield from self._field(self.id, given["timeFieldName"], {"date"})
        for name in (*json.loads(given["fieldFormatMap"]), *json.loads(given["fieldAttrs"])):
            yield from self._field(self.id, name, shown=True)
        for field in json.loads(given["runtimeFieldMap"]).values():
            if field["type"] not in ("keyword", "long", "double", "date", "ip", "boolean", "geo_point"):
                yield f"a runtime field of type {field['type']}"
            for name in re.findall(r"doc\['([^']+)'\]", field["script"]["source"]):
                yield from self._field(self.id, name)

    def _search(self) -> Iterator[str]:
        source = json.loads(self.attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
        view = self._view(source["indexRefName"])
        yield from self._query(view, source["query"])
        for name in (*self.attributes["columns"], *self.attributes["grid"].get("columns", {})):
            yield from self._field(view, name, shown=True)
        for name, order in self.attributes["sort"]:
            yield from self._field(view, name)
            if order not in ("asc", "desc"):
                yield f"sorted {order}"

    def _map(self) -> Iterator[str]:
        json.loads(self.attributes["mapStateJSON"]), json.loads(self.attributes["uiStateJSON"])
        for number, layer in enumerate(json.loads(self.attributes["layerListJSON"])):
            source = layer["sourceDescriptor"]
            if not source["type"].startswith("ES_"):
                continue
            if source["indexPatternRefName"] != f"layer_{number}_source_index_pattern":
                yield f"layer {number} has the reference of another"
            yield from self._field(self._view(source["indexPatternRefName"]), source["geoField"], {"geo_point"})

    def _lens(self) -> Iterator[str]:
        state = self.attributes["state"]
        columns: dict[str, Object] = {}
        for name, layer in state["datasourceStates"]["formBased"]["layers"].items():
            view = self._view(f"indexpattern-datasource-layer-{name}")
            yield from self._query(view, state["query"])
            columns |= layer["columns"]
            if sorted(layer["columnOrder"]) != sorted(layer["columns"]):
                yield "columnOrder is not its columns"
            order = [layer["columns"][one]["isBucketed"] for one in layer["columnOrder"]]
            if order != sorted(order, reverse=True):
                yield "a metric stands before a bucket"
            for column in layer["columns"].values():
                yield from self._column(view, column, layer["columns"])
        shown = set(_accessors(state["visualization"]))
        if shown != set(columns):
            yield f"shows {sorted(shown)} of the columns {sorted(columns)}"

    def _column(self, view: str, column: Object, columns: Object) -> Iterator[str]:
        operation, params = column["operationType"], column.get("params", {})
        yield from self._query(view, column.get("filter"))
        if column["isBucketed"] != (operation in BUCKETS):
            yield f"{operation} as a {'bucket' if column['isBucketed'] else 'metric'}"
        if operation == "count":
            if column["sourceField"] != RECORDS:
                yield "counts no records"
            return
        name = column["sourceField"]
        yield from self._field(view, name, OPERATIONS[operation])
        if operation in ("terms", "min", "max", "last_value") and column["dataType"] != self.fields[view][name][0]:
            yield f"{name} is given out as {column['dataType']}"
        if operation == "terms":
            by = columns[params["orderBy"]["columnId"]]
            if by["isBucketed"] or by["operationType"] == "last_value" or not params["size"] > 0:
                yield f"{name} can't be ordered so"
        elif operation == "last_value":
            yield from self._field(view, params["sortField"], {"date"})
        elif operation == "percentile" and not 0 < params["percentile"] < 100:
            yield f"percentile {params['percentile']}"
        elif operation == "date_histogram" and not params["interval"]:
            yield "no interval"

    def _dashboard(self) -> Iterator[str]:
        given = self.attributes
        json.loads(given["optionsJSON"]), json.loads(given["kibanaSavedObjectMeta"]["searchSourceJSON"])
        if given["timeRestore"] and not (given["timeFrom"] and given["timeTo"]):
            yield "restores no time"
        cells: list[tuple[int, int]] = []
        panels = json.loads(given["panelsJSON"])
        for panel in panels:
            grid, name = panel["gridData"], f"{panel['panelIndex']}:{panel['panelRefName']}"
            self.used.add(name)
            if grid["i"] != panel["panelIndex"] or self.references[name][0] != panel["type"]:
                yield f"panel {name} is not what it says"
            cells += [(grid["x"] + x, grid["y"] + y) for x in range(grid["w"]) for y in range(grid["h"])]
        if len({panel["panelIndex"] for panel in panels}) < len(panels) or len(set(cells)) < len(cells):
            yield "panels share a name or a place"
        if max(x for x, _ in cells) >= WIDTH or min(min(cell) for cell in cells) < 0:
            yield "a panel stands outside the grid"
        for key, control in json.loads(given["controlGroupInput"]["panelsJSON"]).items():
            view = self._view(f"controlGroup_{key}:optionsListDataView")
            yield from self._field(view, control["explicitInput"]["fieldName"], VALUES | {"date"})


def _accessors(shown: Any) -> Iterator[str]:
    """Yield the ids of the columns that a visualization names."""
    if isinstance(shown, list):
        for one in shown:
            yield from _accessors(one)
    elif isinstance(shown, dict):
        for key, value in shown.items():
            if key == "columnId" or (key.lower().endswith("accessor") and isinstance(value, str)):
                yield value
            elif key == "accessors":
                yield from value
            else:
                yield from _accessors(value)
