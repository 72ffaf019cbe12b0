"""Templates, the first indices and their aliases: put in place, and looked over. Each index stands behind an alias.

{prefix}-articles      (alias, the only name anything writes to or reads from)  →  {prefix}-articles-000001
{prefix}-dead-letters  (the same; only a picture of what Redis holds)           →  {prefix}-dead-letters-000001
{prefix}-versions      (the same; earlier texts of edited articles)             →  {prefix}-versions-000001
{prefix}-feed-events   (reports of polls)  →  an index a day: see `elasticsearch_events`
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from workers.errors import KabarError
from workers.index import elasticsearch_events as events
from workers.index.elasticsearch_errors import translated
from workers.index.elasticsearch_templates import (
    ARTICLES,
    DEAD_LETTERS,
    EVENTS,
    NEEDED,
    STAMP,
    VERSIONS,
    Template,
    differences,
)

BUILDING = "kabar_building"  # in an index's _meta while a reindex fills it


def first_index(alias: str) -> str:
    """Return the name of the first index behind `alias`."""
    return f"{alias}-000001"


def next_index(name: str) -> str:
    """Return the name that follows `name` ("…-000001" → "…-000002"). Raises KabarError on a name without a number."""
    found = re.fullmatch(r"(.+)-(\d{6,})", name)
    if not found:
        raise KabarError(f"the index {name} has no number at its end; Kabar's look like …-000001")
    return f"{found[1]}-{int(found[2]) + 1:06d}"


def behind(client: Elasticsearch, alias: str) -> str | None:
    """Return the index that `alias` stands for; None when there is no such alias.

    Raises KabarError when an index of that very name exists (nothing can be put behind it) or several are behind it.
    """
    try:
        with translated("alias look-up"):
            found = [str(name) for name in client.indices.get(index=alias, filter_path="*.aliases").body]
    except KabarError as error:
        if isinstance(error.__cause__, NotFoundError):
            return None
        raise
    if found == [alias]:
        raise KabarError(
            f"an index is named {alias}, where Kabar needs an alias: something else wrote to it; "
            "copy what you need from it and delete it"
        )
    if len(found) > 1:
        raise KabarError(f"the alias {alias} stands for {len(found)} indices ({', '.join(sorted(found))}), not for one")
    return found[0] if found else None


def set_up(client: Elasticsearch, templates: Mapping[str, Template], now: datetime, event_days: int) -> list[str]:
    """Put templates, indices and aliases in place; return lines of what was done. Loses nothing, may be repeated.

    `event_days`: how long events are kept, where the cluster can see to that by itself.
    """
    with translated("setup"):
        by_itself, done = events.put_policy(client, templates[EVENTS].name, event_days)
        if by_itself:
            templates = {**templates, EVENTS: events.with_policy(templates[EVENTS])}
        done += [line for template in templates.values() for line in _put_template(client, template)]
        for name, adapt in ((ARTICLES, _extend), (DEAD_LETTERS, _renew), (VERSIONS, _extend)):
            alias = templates[name].name
            current = behind(client, alias)
            if current is None:
                done.append(_put_alias(client, alias))
            else:
                done += [*_unblock(client, current), *adapt(client, current, templates[name])]
        done += events.set_up(client, templates[EVENTS], now, event_days)
    return done or [f"index {behind(client, one.name)} behind {one.name}: up to date" for one in _indexed(templates)]


def _indexed(templates: Mapping[str, Template]) -> list[Template]:
    return [templates[name] for name in NEEDED]


def _put_template(client: Elasticsearch, template: Template) -> list[str]:
    if not template_drift(client, template):
        return []
    with translated(f"template {template.name}"):
        client.indices.put_index_template(name=template.name, **template.body)
    return [f"template {template.name}: written ({template.stamp})"]


def _put_alias(client: Elasticsearch, alias: str) -> str:
    """Create the first index with its alias in one step, or put the alias back on the newest finished index."""
    with translated("index look-up"):
        metas = client.indices.get_mapping(index=f"{alias}-*", allow_no_indices=True).body
    finished = [name for name, one in metas.items() if not one["mappings"].get("_meta", {}).get(BUILDING)]
    numbered = [name for name in finished if re.fullmatch(r"\d{6,}", name.removeprefix(f"{alias}-"))]
    if numbered:
        newest = max(numbered, key=lambda name: int(name.rsplit("-", 1)[1]))
        with translated(f"alias {alias}"):
            client.indices.put_alias(index=newest, name=alias, is_write_index=True)
        return f"alias {alias}: put back on {newest}"
    name = first_index(alias)
    try:
        with translated(f"index {name}"):
            client.indices.create(index=name, aliases={alias: {"is_write_index": True}})
    except KabarError as error:
        if not (isinstance(error.__cause__, BadRequestError) and "resource_already_exists" in str(error)):
            raise
        return f"index {name}: created by another process just now"
    return f"index {name}: created behind {alias}"


def _unblock(client: Elasticsearch, index: str) -> list[str]:
    """Lift the write block that a reindex leaves when it is killed in its last step."""
    if not is_write_blocked(client, index):
        return []
    with translated(f"settings of {index}"):
        client.indices.put_settings(index=index, settings={"index.blocks.write": None})
    return [f"index {index}: writes allowed again"]


def _extend(client: Elasticsearch, index: str, template: Template) -> list[str]:
    """Add new fields to the live index. Its stamp stays: documents already there lack them until a reindex."""
    if not index_drift(client, index, template):
        return []
    with translated(f"mapping of {index}"):
        meta = client.indices.get_mapping(index=index).body[index]["mappings"].get("_meta", {})
    properties = template.mappings["properties"]
    try:
        with translated(f"mapping of {index}"):
            client.indices.put_mapping(index=index, properties=properties, meta=meta)
    except KabarError as error:
        if not isinstance(error.__cause__, BadRequestError):
            raise
        return [f"index {index}: differs from the template and can't be changed in place: `kabar index reindex`"]
    return [f"index {index}: new fields added; documents already there get them by `kabar index reindex`"]


def _renew(client: Elasticsearch, index: str, template: Template) -> list[str]:
    """Put an empty index in the place of one with another mapping: the next sweep fills it with Redis' dead letters."""
    if not index_drift(client, index, template):
        return []
    alias, name = template.name, next_index(index)
    with translated(f"index {name}"):
        client.options(ignore_status=404).indices.delete(index=name)  # of a setup that was killed right here
        client.indices.create(index=name)
        add = {"index": name, "alias": alias, "is_write_index": True}
        client.indices.update_aliases(actions=[{"add": add}, {"remove_index": {"index": index}}])
    return [f"index {name}: created behind {alias} in the place of {index}, which had another mapping"]


def template_drift(client: Elasticsearch, template: Template) -> list[str]:
    """Return a line when the cluster's template is not the file's; [] when it is."""
    try:
        with translated(f"template {template.name}"):
            found = client.indices.get_index_template(name=template.name).body["index_templates"]
    except KabarError as error:
        if isinstance(error.__cause__, NotFoundError):
            return [f"template {template.name} is missing: run `kabar index init`"]
        raise
    body = found[0]["index_template"]
    changed = differences(template.settings, body["template"].get("settings", {}))
    changed += differences(template.mappings, body["template"].get("mappings", {}))
    changed += differences({k: v for k, v in template.body.items() if k != "template"}, body)
    if not changed:
        return []
    return [f"template {template.name} differs from config/elasticsearch ({_some(changed)}): run `kabar index init`"]


def index_drift(client: Elasticsearch, index: str, template: Template) -> list[str]:
    """Return a line when an index was built from another template; [] when it was not."""
    with translated(f"index {index}"):
        live = client.indices.get(index=index).body[index]
    changed = differences(template.mappings, live["mappings"])
    changed += differences({"analysis": template.settings.get("analysis", {})}, live["settings"]["index"])
    if not changed:
        return []
    remedy = "init" if template.name.endswith(DEAD_LETTERS) else "reindex"
    return [f"index {index} was built from another template ({_some(changed)}): run `kabar index {remedy}`"]


def is_write_blocked(client: Elasticsearch, index: str) -> bool:
    with translated(f"settings of {index}"):
        settings = client.indices.get_settings(index=index).body[index]["settings"]["index"]
    return str(settings.get("blocks", {}).get("write", "false")) == "true"


def _some(names: list[str]) -> str:
    names = ["_meta" if STAMP in name else name for name in names]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
