"""The parts Kibana objects are made of: checked fields, references, and the columns of Lens charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from workers.errors import Misuse

Object = dict[str, Any]
# Those Kibana 8.18 wrote: 9.x migrates them by itself, while an object newer than the server would be refused.
VERSIONS = {
    "index-pattern": "8.0.0",
    "lens": "8.9.0",
    "search": "10.5.0",
    "map": "8.4.0",
    "dashboard": "10.2.0",
}
NO_QUERY = {"query": "", "language": "kuery"}


class Runtime(NamedTuple):
    """A field that Kibana computes of others: its type, its Painless script, the fields it reads, how it is shown."""

    type: str
    script: str
    reads: tuple[str, ...]
    format: Object


class Fields:
    """The fields of one mapping that Kibana can count with: those with doc values, outside nested objects."""

    KINDS: Mapping[str, str] = {
        "keyword": "string",
        "date": "date",
        "boolean": "boolean",
        "geo_point": "geo_point",
        **dict.fromkeys(("integer", "long", "float", "double"), "number"),
    }

    def __init__(self, template: Mapping[str, Any], view: str, runtime: Mapping[str, Runtime] | None = None) -> None:
        """Read an index template; `view` is the id of its data view. Raises Misuse when it holds no mapping."""
        self.view = view
        self.runtime = dict(runtime or {})
        try:
            properties: Mapping[str, Mapping[str, Any]] = template["template"]["mappings"]["properties"]
        except (KeyError, TypeError) as error:
            raise Misuse("the index template holds no template.mappings.properties") from error
        self._properties = dict(properties)
        for name, one in self.runtime.items():
            for read in one.reads:
                self.counted(read)
            self._properties[name] = {"type": one.type}

    def shown(self, name: str) -> str:
        """Return `name` when the index has it. Raises Misuse when not."""
        if name not in self._properties:
            raise Misuse(f"Kibana objects: the index has no field {name!r}")
        return name

    def counted(self, name: str, *kinds: str) -> tuple[str, str]:
        """Return `name` and Kibana's type of it. Raises Misuse when Kibana can't group by it, or it is none of `kinds`.

        Without `kinds`: any but a place, which only maps take.
        """
        field = self._properties[self.shown(name)]
        kind = self.KINDS.get(field.get("type", "object"))
        wanted = kinds or ("string", "date", "boolean", "number")
        if kind is None or kind not in wanted or field.get("doc_values") is False:
            raise Misuse(f"Kibana objects: Kibana can't group by {name!r} ({field.get('type', 'object')})")
        return name, kind

    def query(self, text: str, *names: str) -> Object:
        """Return the KQL query `text`, the fields `names` of which the index must have."""
        for name in names:
            if self.shown(name) not in text:
                raise Misuse(f"Kibana objects: {name!r} stands in no query {text!r}")
        return {"query": text, "language": "kuery"}


def saved_object(kind: str, identifier: str, attributes: Object, references: list[Object]) -> Object:
    """Return one line of an import file, at the version Kibana shall migrate it from."""
    return {
        "type": kind,
        "id": identifier,
        "coreMigrationVersion": "8.8.0",
        "typeMigrationVersion": VERSIONS[kind],
        "managed": False,
        "attributes": attributes,
        "references": references,
    }


def reference(name: str, identifier: str, kind: str = "index-pattern") -> Object:
    """Return a named reference to another object, by default to a data view."""
    return {"name": name, "type": kind, "id": identifier}


def count(label: str) -> Object:
    """Return the column that counts documents, under the name `label`."""
    return {**_column(label, "number", "count", "___records___"), "scale": "ratio", "params": {"emptyAsNull": True}}


def measure(fields: Fields, operation: str, name: str, label: str, only: Object | None = None) -> Object:
    """Return the column of an `operation` ("sum", "average", "max") on the numbers of a field, of documents `only`."""
    field, kind = fields.counted(name, "number")
    column = {**_column(label, kind, operation, field), "scale": "ratio", "params": {"emptyAsNull": True}}
    return {**column, "filter": only} if only else column


def distinct(fields: Fields, name: str, label: str, only: Object | None = None) -> Object:
    """Return the column that counts the different values of a field, in documents `only` when given."""
    field, _ = fields.counted(name)
    column = {**_column(label, "number", "unique_count", field), "scale": "ratio", "params": {"emptyAsNull": True}}
    return {**column, "filter": only} if only else column


def percentile(fields: Fields, name: str, rank: int, only: Object | None = None) -> Object:
    """Return the column of a field's percentile `rank`, of documents `only` when given."""
    field, kind = fields.counted(name, "number")
    column = {**_column(f"{rank} %", kind, "percentile", field), "scale": "ratio", "params": {"percentile": rank}}
    return {**column, "filter": only} if only else column


def latest(fields: Fields, name: str, label: str, time: str) -> Object:
    """Return the column of a field's value in the newest document by the date field `time`."""
    field, kind = fields.counted(name)
    params = {"sortField": fields.counted(time, "date")[0], "showArrayValues": False}
    scale = "ordinal" if kind == "string" else "ratio"
    return {**_column(label, kind, "last_value", field), "scale": scale, "params": params}


def top(fields: Fields, name: str, size: int, label: str = "", by: str = "y") -> Object:
    """Return the column of the `size` values of field `name` with the most of column `by`."""
    field, kind = fields.counted(name, "string", "number", "boolean")
    return {
        **_column(label or name.replace("_", " ").capitalize(), kind, "terms", field),
        "isBucketed": True,
        "scale": "ordinal",
        "params": {
            "size": size,
            "orderBy": {"type": "column", "columnId": by},
            "orderDirection": "desc",
            "otherBucket": name == "site",
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
        },
    }


def over_time(fields: Fields, name: str) -> Object:
    """Return the column that cuts time into even steps by field `name`."""
    field, kind = fields.counted(name, "date")
    return {
        "label": field,
        "dataType": kind,
        "operationType": "date_histogram",
        "sourceField": field,
        "isBucketed": True,
        "scale": "interval",
        "params": {"interval": "auto", "includeEmptyRows": True, "dropPartials": False},
    }


def _column(label: str, kind: str, operation: str, field: str) -> Object:
    return {
        "label": label,
        "customLabel": True,
        "dataType": kind,
        "operationType": operation,
        "sourceField": field,
        "isBucketed": False,
    }
