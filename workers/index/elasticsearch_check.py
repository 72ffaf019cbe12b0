"""Looks over what a cluster holds of Kabar's: a line per problem, with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from elasticsearch import Elasticsearch

from workers.errors import KabarError
from workers.index import elasticsearch_events as events
from workers.index.elasticsearch_cluster import check_disk, check_health, check_version
from workers.index.elasticsearch_errors import translated
from workers.index.elasticsearch_setup import BUILDING, behind, index_drift, is_write_blocked, template_drift
from workers.index.elasticsearch_templates import EVENTS, NEEDED, Template


def look_over(client: Elasticsearch, templates: Callable[[], Mapping[str, Template]]) -> list[str]:
    """Return one line per problem; [] when all is well. Raises no KabarError: each is a line."""
    try:
        with translated("ping"):
            version = str(client.info().body["version"]["number"])
    except KabarError as error:
        return [str(error)]
    parts: list[Callable[[], list[str]]] = [
        lambda: check_version(version),
        lambda: check_health(client),
        lambda: _check_templates(client, templates()),
        *(partial(_check_named, client, templates, name) for name in NEEDED),
        lambda: events.check(client, templates()[EVENTS].name),
        lambda: check_disk(client),
    ]
    problems: list[str] = []
    for part in parts:
        try:
            with translated("check"):
                problems += part()
        except KabarError as error:
            problems.append(str(error))
    return list(dict.fromkeys(problems))


def _check_named(client: Elasticsearch, templates: Callable[[], Mapping[str, Template]], name: str) -> list[str]:
    return _check_index(client, templates()[name])


def _check_templates(client: Elasticsearch, templates: Mapping[str, Template]) -> list[str]:
    return [line for template in templates.values() for line in template_drift(client, template)]


def _check_index(client: Elasticsearch, template: Template) -> list[str]:
    alias = template.name
    current = behind(client, alias)
    if current is None:
        return [f"alias {alias} is missing: run `kabar index init`"]
    blocked = (
        [
            f"index {current}: writes are blocked (a reindex at its end, or one that was killed there: "
            "run `kabar index init`)"
        ]
        if is_write_blocked(client, current)
        else []
    )
    return [*blocked, *_unfinished(client, alias, current), *index_drift(client, current, template)]


def _unfinished(client: Elasticsearch, alias: str, current: str) -> list[str]:
    with translated(f"mappings of {alias}-*"):
        found = client.indices.get_mapping(index=f"{alias}-*", filter_path="*.mappings._meta").body
        marked = sorted(name for name, one in found.items() if BUILDING in one["mappings"].get("_meta", {}))
    state = {True: "is at its end, or was killed there", False: "is at work, or was cut off"}
    return [f"index {name}: a reindex {state[name == current]}: run `kabar index reindex` once more" for name in marked]
