"""Kibana's objects as they are built and lie in the repository; and that the check finds what it is there for."""

import json
from collections.abc import Callable

import pytest

from tests.unit.operate.saved_objects import problems
from workers.errors import Misuse
from workers.operate.kibana_objects import FILE, SHOWN, build, load, render
from workers.operate.kibana_parts import VERSIONS
from workers.runtime.settings import PROJECT

CONFIG = PROJECT / "config"
DASHBOARDS = {
    "kabar-newsroom": {"kabar-volume", "kabar-sections", "kabar-latest", "kabar-people", "kabar-places", "kabar-map"},
    "kabar-entities": {"kabar-people-trend", "kabar-people-organisations"},
    "kabar-pipeline": {"kabar-lag-seen", "kabar-poll-errors", "kabar-feeds-silent", "kabar-copies-share"},
    "kabar-dead": {"kabar-dead-reasons", "kabar-dead-newest"},
}


@pytest.fixture(scope="module")
def templates():
    return load(CONFIG / "elasticsearch")


@pytest.fixture(scope="module")
def objects(templates):
    return build(templates)


def check(objects, templates):
    return problems(render(objects).splitlines(), {f"kabar-{name}": one for name, one in templates.items()})


def copy(value):
    return json.loads(json.dumps(value))


def test_the_file_in_the_repository_is_what_is_built_and_the_only_one(objects):
    assert [file.name for file in (CONFIG / "kibana").glob("*")] == [FILE]
    assert (CONFIG / "kibana" / FILE).read_text(encoding="utf-8") == render(objects)


def test_nothing_is_wrong_with_it(objects, templates):
    assert check(objects, templates) == []
    assert {one["type"] for one in objects} == set(VERSIONS)


def test_every_index_has_a_data_view_and_each_a_search_with_a_link(objects):
    views = {one["id"]: one["attributes"] for one in objects if one["type"] == "index-pattern"}
    assert set(views) == {f"kabar-{name}" for name in SHOWN}
    links = {view: set(json.loads(given["fieldFormatMap"])) for view, given in views.items()}
    assert all("url" in names for names in links.values())
    searches = [one for one in objects if one["type"] == "search"]
    assert {one["references"][0]["id"] for one in searches} == set(views)
    assert all("url" in one["attributes"]["columns"] for one in searches)


@pytest.mark.parametrize(("name", "shows"), DASHBOARDS.items())
def test_the_dashboards_show_what_they_are_there_for(objects, name, shows):
    (found,) = [one for one in objects if (one["type"], one["id"]) == ("dashboard", name)]
    assert {one["id"] for one in found["references"]} >= shows
    assert {one["id"] for one in objects if one["type"] == "dashboard"} == set(DASHBOARDS)


def test_every_chart_stands_on_a_dashboard(objects):
    shown = {(r["type"], r["id"]) for one in objects if one["type"] == "dashboard" for r in one["references"]}
    charts = {(one["type"], one["id"]) for one in objects if one["type"] in ("lens", "map")}
    assert charts <= shown


# --- a field that goes


@pytest.mark.parametrize(
    ("index", "field", "change"),
    [
        ("articles", "site", None),
        ("articles", "people", {"type": "text"}),
        ("articles", "places", {"type": "nested", "properties": {}}),
        ("articles", "published_at", {"type": "date", "doc_values": False}),
        ("articles", "organisations", {}),
        ("articles", "indexed_at", None),  # read by a computed field alone
        ("articles", "places_at", {"type": "keyword"}),
        ("articles", "edits", None),  # named in a query alone
        ("feed-events", "elapsed", {"type": "keyword"}),
        ("feed-events", "silent", None),
        ("dead-letters", "reason", None),
        ("versions", "observed_at", {"type": "keyword"}),
    ],
)
def test_a_field_that_kibana_could_not_use_is_named(templates, index, field, change):
    changed = copy(templates)
    properties = changed[index]["template"]["mappings"]["properties"]
    if change is None:
        del properties[field]
    else:
        properties[field] = change
    with pytest.raises(Misuse, match=field):
        build(changed)


@pytest.mark.parametrize("template", [{}, {"template": None}, {"template": {"mappings": []}}])
def test_a_template_without_mapping_is_misuse(templates, template):
    with pytest.raises(Misuse, match="mappings"):
        build({**templates, "articles": template})


# --- that the check can fail


def of(objects, kind, name):
    return next(one for one in objects if (one["type"], one["id"]) == (kind, name))


def inside(one, *path, change: Callable):
    """Change what lies behind `path`, through texts that are JSON themselves as well."""
    first, *rest = path
    value = one[first]
    if isinstance(value, str) and rest:
        value = json.loads(value)
        inside(value, *rest, change=change)
        one[first] = json.dumps(value)
    elif rest:
        inside(value, *rest, change=change)
    else:
        one[first] = change(value)


def put(value):
    return lambda _: value


PANELS = ("attributes", "panelsJSON")
CONTROL = ("attributes", "controlGroupInput", "panelsJSON", "c0", "explicitInput")
SOURCE = ("attributes", "layerListJSON", 1, "sourceDescriptor")
SCRIPT = ("attributes", "runtimeFieldMap", "is_copy", "script", "source")
HEIGHTS = ("attributes", "state", "visualization", "layers", 0, "accessors")
LAYER = ("attributes", "state", "datasourceStates", "formBased", "layers", "main")
BROKEN = [
    ("an attribute too many", "lens", "kabar-volume", ("attributes",), lambda old: {**old, "hits": 1}, "schema"),
    ("a version too new", "dashboard", "kabar-dead", ("typeMigrationVersion",), put("10.4.0"), "version"),
    ("a reference to nothing", "lens", "kabar-volume", ("references", 0, "id"), put("kabar-none"), "leads nowhere"),
    ("a reference nobody uses", "lens", "kabar-volume", ("references", 0, "name"), put("x"), "main"),
    ("a column that is not ordered", "lens", "kabar-volume", (*LAYER, "columnOrder"), put(["x", "y"]), "columnOrder"),
    ("a metric first", "lens", "kabar-volume", (*LAYER, "columnOrder"), put(["y", "s", "x"]), "before a bucket"),
    (
        "a nested field",
        "lens",
        "kabar-volume",
        (*LAYER, "columns", "s", "sourceField"),
        put("entities.name"),
        "counted",
    ),
    ("a text", "lens", "kabar-volume", (*LAYER, "columns", "s", "sourceField"), put("title"), "counted"),
    (
        "a field of another type",
        "lens",
        "kabar-volume",
        (*LAYER, "columns", "x", "sourceField"),
        put("site"),
        "not date",
    ),
    ("a wrong data type", "lens", "kabar-volume", (*LAYER, "columns", "s", "dataType"), put("number"), "given out"),
    (
        "ordered by nothing",
        "lens",
        "kabar-volume",
        (*LAYER, "columns", "s", "params", "orderBy", "columnId"),
        put("q"),
        "q",
    ),
    ("a column not shown", "lens", "kabar-volume", HEIGHTS, put([]), "shows"),
    ("a query of no field", "lens", "kabar-volume", ("attributes", "state", "query", "query"), put("nope : 1"), "nope"),
    ("a column of no field", "search", "kabar-latest", ("attributes", "columns"), put(["nope"]), "nope"),
    ("sorted by a text", "search", "kabar-latest", ("attributes", "sort"), put([["title", "desc"]]), "sorted"),
    ("a map of words", "map", "kabar-map", (*SOURCE, "geoField"), put("places"), "geo_point"),
    ("a layer without view", "map", "kabar-map", (*SOURCE, "indexPatternRefName"), put("x"), "x"),
    ("two panels in one place", "dashboard", "kabar-dead", (*PANELS, 0, "gridData", "w"), put(20), "share"),
    ("a panel beyond the edge", "dashboard", "kabar-dead", (*PANELS, 0, "gridData", "x"), put(44), "outside"),
    ("a panel of another type", "dashboard", "kabar-dead", (*PANELS, 0, "type"), put("search"), "not what"),
    ("a control of a text", "dashboard", "kabar-dead", (*CONTROL, "fieldName"), put("message"), "counted"),
    ("no JSON", "dashboard", "kabar-dead", ("attributes", "optionsJSON"), put("{"), "form"),
    ("no date", "index-pattern", "kabar-articles", ("attributes", "timeFieldName"), put("site"), "not date"),
    ("a script of no field", "index-pattern", "kabar-articles", SCRIPT, put("doc['nope']"), "nope"),
    ("a title that stands twice", "lens", "kabar-volume", ("attributes", "title"), put("Kabar: Articles"), "twice"),
]


@pytest.mark.parametrize("row", BROKEN, ids=[row[0] for row in BROKEN])
def test_the_check_finds(objects, templates, row):
    _, kind, name, path, change, says = row
    broken = copy(objects)
    inside(of(broken, kind, name), *path, change=change)
    found = check(broken, templates)
    assert found
    assert says in " ".join(found)
