"""The parts Kibana objects are made of: checked fields, references, and Lens charts with their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workers.errors import Misuse

Object = dict[str, Any]
# Those Kibana 8.18 wrote: 9.x migrates them by itself, while an object newer than the server would be refused.
VERSIONS = {"index-pattern": "8.0.0", "lens": "8.9.0", "search": "10.5.0", "dashboard": "10.2.0"}
NO_QUERY = {"query": "", "language": "kuery"}


class Fields:
    """The fields of one mapping that Kibana can count with: those with doc values, outside nested objects."""

    KINDS = {"keyword": "string", "date": "date", "integer": "number", "long": "number"}  # noqa: RUF012 - a constant

    def __init__(self, template: Mapping[str, Any], view: str) -> None:
        """Read an index template; `view` is the id of its data view. Raises Misuse when it holds no mapping."""
        self.view = view
        try:
            self._properties: Mapping[str, Mapping[str, Any]] = template["template"]["mappings"]["properties"]
        except (KeyError, TypeError) as error:
            raise Misuse("the index template holds no template.mappings.properties") from error

    def shown(self, name: str) -> str:
        """Return `name` when the index has it. Raises Misuse when not."""
        if name not in self._properties:
            raise Misuse(f"Kibana objects: the index has no field {name!r}")
        return name

    def counted(self, name: str) -> tuple[str, str]:
        """Return `name` and Kibana's type of it. Raises Misuse when Kibana can't group by it."""
        field = self._properties[self.shown(name)]
        kind = self.KINDS.get(field.get("type", "object"))
        if kind is None or field.get("doc_values") is False:
            raise Misuse(f"Kibana objects: Kibana can't group by {name!r} ({field.get('type', 'object')})")
        return name, kind


def saved_object(kind: str, identifier: str, attributes: Object, references: Sequence[Object]) -> Object:
    """Return one line of an import file, at the version Kibana shall migrate it from."""
    return {
        "type": kind,
        "id": identifier,
        "coreMigrationVersion": "8.8.0",
        "typeMigrationVersion": VERSIONS[kind],
        "managed": False,
        "attributes": attributes,
        "references": list(references),
    }


def reference(name: str, identifier: str, kind: str = "index-pattern") -> Object:
    """Return a named reference to another object, by default to a data view."""
    return {"name": name, "type": kind, "id": identifier}


def count(label: str) -> Object:
    """Return the column that counts documents, under the name `label`."""
    return {
        "label": label,
        "customLabel": True,
        "dataType": "number",
        "operationType": "count",
        "sourceField": "___records___",
        "isBucketed": False,
        "scale": "ratio",
        "params": {"emptyAsNull": True},
    }


def top(fields: Fields, name: str, size: int) -> Object:
    """Return the column of the `size` most frequent values of field `name`, ordered by column "y"."""
    field, kind = fields.counted(name)
    return {
        "label": name.capitalize(),
        "customLabel": True,
        "dataType": kind,
        "operationType": "terms",
        "sourceField": field,
        "isBucketed": True,
        "scale": "ordinal",
        "params": {
            "size": size,
            "orderBy": {"type": "column", "columnId": "y"},
            "orderDirection": "desc",
            "otherBucket": name == "site",
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
        },
    }


def over_time(fields: Fields, name: str) -> Object:
    """Return the column that cuts time into even steps by field `name`."""
    field, kind = fields.counted(name)
    return {
        "label": field,
        "dataType": kind,
        "operationType": "date_histogram",
        "sourceField": field,
        "isBucketed": True,
        "scale": "interval",
        "params": {"interval": "auto", "includeEmptyRows": True, "dropPartials": False},
    }


def _lens(
    view: str, identifier: str, title: str, kind: str, columns: Mapping[str, Object], visualization: Object
) -> Object:
    layer = {"columns": dict(columns), "columnOrder": list(columns), "incompleteColumns": {}}
    state = {
        "datasourceStates": {"formBased": {"layers": {"main": layer}}},
        "visualization": visualization,
        "query": NO_QUERY,
        "filters": [],
        "internalReferences": [],
        "adHocDataViews": {},
    }
    return saved_object(
        "lens",
        identifier,
        {"title": f"Kabar: {title}", "description": "", "visualizationType": kind, "state": state},
        [reference("indexpattern-datasource-layer-main", view)],
    )


def metric(fields: Fields, identifier: str, title: str, column: Object) -> Object:
    """Return a chart of one number."""
    return _lens(
        fields.view,
        identifier,
        title,
        "lnsMetric",
        {"m": column},
        {"layerId": "main", "layerType": "data", "metricAccessor": "m"},
    )


def bars(
    fields: Fields, identifier: str, title: str, series: str, columns: Mapping[str, Object], split: str = ""
) -> Object:
    """Return a bar chart with columns "x" and "y", cut into series by column `split` when given."""
    layer = {"layerId": "main", "layerType": "data", "seriesType": series, "xAccessor": "x", "accessors": ["y"]}
    if split:
        layer["splitAccessor"] = split
    return _lens(
        fields.view,
        identifier,
        title,
        "lnsXY",
        columns,
        {
            "legend": {"isVisible": bool(split), "position": "right"},
            "valueLabels": "hide",
            "preferredSeriesType": series,
            "layers": [layer],
        },
    )
