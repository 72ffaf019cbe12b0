import json

import pytest

from workers.errors import Misuse
from workers.operate.kibana_objects import LETTER_PLACES, PLACES, build, build_letters, render
from workers.operate.kibana_pages import WHOLE_WIDTH
from workers.operate.kibana_parts import VERSIONS
from workers.runtime.settings import PROJECT

CONFIG = PROJECT / "config"
# The newest version of each type that a Kibana 9 export is known to carry: a newer object would be refused.
CEILING = {"index-pattern": (8, 0, 0), "lens": (10, 1, 0), "search": (10, 9, 0), "dashboard": (10, 3, 0)}


@pytest.fixture(scope="module")
def template():
    return json.loads((CONFIG / "elasticsearch" / "articles.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=["articles", "dead-letters"])
def name(request):
    return request.param


@pytest.fixture(scope="module")
def objects(name):
    own = json.loads((CONFIG / "elasticsearch" / f"{name}.json").read_text(encoding="utf-8"))
    return {"articles": build, "dead-letters": build_letters}[name](own)


def strings(value):
    """Every text inside `value`, in texts that are JSON themselves as well."""
    if isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value
        if value[:1] in "{[" and value:
            yield from strings(json.loads(value))


def test_the_file_in_the_repository_is_what_is_built(objects, name):
    assert (CONFIG / "kibana" / f"{name}.ndjson").read_text(encoding="utf-8") == render(objects)


def test_ids_are_unique_and_versions_known_to_kibana_9(objects):
    ids = [(one["type"], one["id"]) for one in objects]
    assert len(set(ids)) == len(ids)
    assert set(VERSIONS) == set(CEILING)
    for one in objects:
        assert tuple(map(int, one["typeMigrationVersion"].split("."))) <= CEILING[one["type"]]


def test_every_reference_leads_to_an_object_of_the_file(objects):
    ids = {(one["type"], one["id"]) for one in objects}
    for one in objects:
        names = [reference["name"] for reference in one["references"]]
        assert len(set(names)) == len(names)
        assert {(reference["type"], reference["id"]) for reference in one["references"]} <= ids


def test_every_reference_name_an_object_uses_is_there(objects):
    dashboard = next(one for one in objects if one["type"] == "dashboard")
    names = {reference["name"] for reference in dashboard["references"]}
    panels = json.loads(dashboard["attributes"]["panelsJSON"])
    controls = json.loads(dashboard["attributes"]["controlGroupInput"]["panelsJSON"])
    used = {f"{panel['panelIndex']}:{panel['panelRefName']}" for panel in panels}
    assert names == used | {f"controlGroup_{key}:optionsListDataView" for key in controls}
    search = next(one for one in objects if one["type"] == "search")
    assert {reference["name"] for reference in search["references"]} <= set(strings(search["attributes"]))


def test_lens_columns_and_accessors_agree(objects):
    for one in (one for one in objects if one["type"] == "lens"):
        state = one["attributes"]["state"]
        ((layer_id, layer),) = state["datasourceStates"]["formBased"]["layers"].items()
        assert layer["columnOrder"] == list(layer["columns"])
        assert [one["references"][0]["name"]] == [f"indexpattern-datasource-layer-{layer_id}"]
        shown = state["visualization"].get("layers", [state["visualization"]])[0]
        accessors = {shown.get(name) for name in ("xAccessor", "splitAccessor", "metricAccessor")} - {None}
        assert accessors | set(shown.get("accessors", [])) == set(layer["columns"])
        buckets = [layer["columns"][name]["isBucketed"] for name in layer["columnOrder"]]
        assert buckets == sorted(buckets, reverse=True), "buckets stand before metrics"


def test_the_files_share_no_object():
    files = [file.read_text(encoding="utf-8") for file in (CONFIG / "kibana").glob("*.ndjson")]
    ids = [(one["type"], one["id"]) for text in files for one in map(json.loads, text.splitlines())]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("places", [PLACES, LETTER_PLACES])
def test_no_two_panels_share_a_cell(places):
    cells = [(x + dx, y + dy) for _, _, x, y, width, height in places for dx in range(width) for dy in range(height)]
    assert len(set(cells)) == len(cells)
    assert all(x + width <= WHOLE_WIDTH for _, _, x, _, width, _ in places)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("site", None),
        ("people", {"type": "text"}),
        ("places", {"type": "nested", "properties": {}}),
        ("published_at", {"type": "date", "doc_values": False}),
        ("organisations", {}),
    ],
)
def test_a_field_that_kibana_could_not_use_is_named(template, field, change):
    changed = json.loads(json.dumps(template))
    properties = changed["template"]["mappings"]["properties"]
    if change is None:
        del properties[field]
    else:
        properties[field] = change
    with pytest.raises(Misuse, match=field):
        build(changed)


@pytest.mark.parametrize("template", [{}, {"template": None}, {"template": {"mappings": []}}])
def test_a_template_without_mapping_is_misuse(template):
    with pytest.raises(Misuse, match="mappings"):
        build(template)
