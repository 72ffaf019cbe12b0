"""What a cluster's analysis can't do, found by asking it, and templates that do without.

Distributions of Elasticsearch differ in their analysis modules. Kabar's own query parser expands synonyms for every
store, so a cluster without a filter still serves: Kibana's users miss the synonyms there, and English is not stemmed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from elasticsearch import Elasticsearch

from workers.errors import Permanent
from workers.index.elasticsearch_errors import translated
from workers.index.elasticsearch_templates import Template, stamped

_ANY_SYNONYMS = ["a, b"]  # whether the groups themselves are well-formed is the template's question


def fitted(client: Elasticsearch, templates: Mapping[str, Template]) -> dict[str, Template]:
    """Return the templates without the token filters that this cluster does not know. Raises StoreUnavailable."""
    return {stem: _without(template, _lacking(client, template)) for stem, template in templates.items()}


def told(templates: Mapping[str, Template]) -> list[str]:
    """Return a line for each template that does without something."""
    return [
        f"template {one.name}: without {', '.join(one.lacks)}, which this cluster does not know"
        for one in templates.values()
        if one.lacks
    ]


def _lacking(client: Elasticsearch, template: Template) -> list[str]:
    return [name for name, filter_ in _filters(template).items() if not _knows(client, filter_)]


def _filters(template: Template) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = template.settings.get("analysis", {}).get("filter", {})
    return found


def _knows(client: Elasticsearch, filter_: Mapping[str, Any]) -> bool:
    asked = {**filter_, "synonyms": _ANY_SYNONYMS} if "synonyms" in filter_ else filter_
    try:
        with translated("analysis"):
            client.indices.analyze(tokenizer="standard", filter=[asked], text="kabar")
    except Permanent as error:
        return error.reason != "http_400"
    return True


def _without(template: Template, names: Collection[str]) -> Template:
    if not names:
        return template
    analysis = template.settings["analysis"]
    kept = {name: one for name, one in analysis["filter"].items() if name not in names}
    analyzers = {
        name: {**one, "filter": [step for step in one.get("filter", []) if step not in names]}
        for name, one in analysis["analyzer"].items()
    }
    settings = {**template.settings, "analysis": {**analysis, "filter": kept, "analyzer": analyzers}}
    return stamped(template.name, template.body, {"settings": settings, "mappings": template.mappings}, tuple(names))
