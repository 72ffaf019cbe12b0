"""What a newsroom looks at in Kibana: articles, the names in them, what became of them later."""

from __future__ import annotations

from typing import get_args

from workers.model import Notice
from workers.operate.kibana_charts import graph, metric, place_map, table
from workers.operate.kibana_pages import Place, dashboard, data_view, newest
from workers.operate.kibana_parts import Fields, Object, Runtime, count, over_time, top

NAMED = ("people", "organisations", "places")
LINKS = ("url", "canonical_url", "urls", "amp_url")
LATEST = ("title", "lead", "site", "section", "published_at", "people", "places", "url")
NEWSROOM: tuple[Place, ...] = (
    ("lens", "kabar-count", 0, 0, 8, 12),
    ("lens", "kabar-volume", 8, 0, 40, 12),
    ("lens", "kabar-sections", 0, 12, 24, 14),
    ("map", "kabar-map", 24, 12, 24, 28),
    ("lens", "kabar-sites", 0, 26, 24, 14),
    *(("lens", f"kabar-{name}", 16 * n, 40, 16, 14) for n, name in enumerate(NAMED)),
    ("search", "kabar-latest", 0, 54, 48, 24),
)
ENTITIES: tuple[Place, ...] = (
    *(("lens", f"kabar-{name}-trend", 0, 14 * n, 32, 14) for n, name in enumerate(NAMED)),
    *(("lens", f"kabar-{name}-named", 32, 14 * n, 16, 14) for n, name in enumerate(NAMED)),
    ("lens", "kabar-people-organisations", 0, 42, 16, 18),
    ("lens", "kabar-people-places", 16, 42, 16, 18),
    ("lens", "kabar-organisations-places", 32, 42, 16, 18),
    ("search", "kabar-latest", 0, 60, 48, 20),
)
NOTICES = " or ".join(f'"{word}"' for word in get_args(Notice) if word)
# name, title, what it says, newest by, columns, query, fields the query names
SEARCHES = (
    ("latest", "latest articles", "The address opens the article.", "published_at", LATEST, "", ()),
    (
        "edited",
        "edited articles",
        "Texts that were seen to change; `kabar article URL --history` shows how.",
        "edited_at",
        ("title", "lead", "site", "edits", "edited_at", "notice", "url"),
        "edits > 0",
        ("edits",),
    ),
    (
        "corrections",
        "corrections and retractions",
        "What the text says of itself.",
        "published_at",
        ("notice", "title", "lead", "site", "published_at", "edited_at", "url"),
        f"notice : ({NOTICES})",
        ("notice",),
    ),
    (
        "gone",
        "pages taken down",
        "Articles whose page is not there any more.",
        "gone_at",
        ("title", "lead", "site", "gone_at", "gone_status", "url"),
        "gone_at : *",
        ("gone_at",),
    ),
    (
        "copies",
        "copies",
        "Texts that another site printed first: `duplicate_of` is the id of that article.",
        "published_at",
        ("title", "lead", "site", "published_at", "duplicate_of", "url"),
        "duplicate_of : *",
        ("duplicate_of",),
    ),
    (
        "not-whole",
        "articles that are not whole",
        "Cut short by a paywall, only a teaser, or with pages that could not be had.",
        "published_at",
        ("title", "access", "incomplete", "site", "published_at", "url"),
        'not access : "full" or incomplete : true',
        ("access", "incomplete"),
    ),
)


def lag(since: str, until: str) -> Runtime:
    """Return the field that tells the seconds between two dates of a document."""
    given = f"doc['{since}'].size() > 0 && doc['{until}'].size() > 0"
    seconds = " - ".join(f"doc['{name}'].value.toInstant().toEpochMilli()" for name in (until, since))
    duration = {"inputFormat": "seconds", "outputFormat": "humanizePrecise", "outputPrecision": 1}
    return Runtime(
        "double",
        f"if ({given}) {{ emit(({seconds}) / 1000.0); }}",
        (since, until),
        {"id": "duration", "params": duration},
    )


COMPUTED = {
    "lag_seen": lag("published_at", "first_seen_at"),
    "lag_fetched": lag("first_seen_at", "fetched_at"),
    "lag_indexed": lag("fetched_at", "indexed_at"),
    "is_copy": Runtime("long", "emit(doc['duplicate_of'].size() > 0 ? 1 : 0);", ("duplicate_of",), {"id": "percent"}),
}


def build_newsroom(fields: Fields) -> list[Object]:
    """Return data view, searches, charts and dashboards of the articles."""
    y = count("Articles")
    return [
        data_view(fields, "Kabar: articles", "published_at", LINKS),
        *_searches(fields),
        metric(fields, "kabar-count", "Articles", y),
        *(_volume(fields, *one) for one in (("kabar-volume", "site", 10), ("kabar-sections", "section", 12))),
        graph(fields, "kabar-sites", "Articles by site", "bar_horizontal", {"x": top(fields, "site", 20), "y": y}),
        place_map(fields, "kabar-map", "Places in the news", "places_at", days=7),
        *(_most_named(fields, f"kabar-{name}", f"Most named: {name}", name, 15) for name in NAMED),
        dashboard(
            fields,
            "kabar-newsroom",
            "newsroom",
            "What was published, where, and who is named.",
            NEWSROOM,
            ("site", "section", "people"),
            days=7,
        ),
        *_entities(fields),
    ]


def _volume(fields: Fields, identifier: str, name: str, size: int) -> Object:
    columns = {"s": top(fields, name, size), "x": over_time(fields, "published_at"), "y": count("Articles")}
    filled = fields.query(f'not {name} : ""', name)  # an article without a section says so by an empty one
    return graph(fields, identifier, f"Articles over time, by {name}", "bar_stacked", columns, filled)


def _most_named(fields: Fields, identifier: str, title: str, name: str, size: int) -> Object:
    columns = {"x": top(fields, name, size), "y": count("Articles")}
    return graph(fields, identifier, title, "bar_horizontal", columns)


def _entities(fields: Fields) -> list[Object]:
    trends = [
        graph(
            fields,
            f"kabar-{name}-trend",
            f"Named over time: {name}",
            "line",
            {"s": top(fields, name, 8), "x": over_time(fields, "published_at"), "y": count("Articles")},
        )
        for name in NAMED
    ]
    pairs = [("people", "organisations"), ("people", "places"), ("organisations", "places")]
    together = [
        table(
            fields,
            f"kabar-{one}-{other}",
            f"Named together: {one} and {other}",
            {"a": top(fields, one, 20), "b": top(fields, other, 5), "y": count("Articles")},
        )
        for one, other in pairs
    ]
    return [
        *trends,
        *(_most_named(fields, f"kabar-{name}-named", f"Named in these articles: {name}", name, 20) for name in NAMED),
        *together,
        dashboard(
            fields,
            "kabar-entities",
            "entities",
            "Who and what is named, when, and with whom: choose a name above to see its own circle.",
            ENTITIES,
            NAMED,
            days=30,
        ),
    ]


def _searches(fields: Fields) -> list[Object]:
    return [
        newest(fields, f"kabar-{name}", title, says, time, columns, fields.query(query, *named))
        for name, title, says, time, columns, query, named in SEARCHES
    ]


def build_versions(fields: Fields) -> list[Object]:
    """Return data view and search of the texts that edited articles have had."""
    return [
        data_view(fields, "Kabar: versions", "observed_at", ("url",)),
        newest(
            fields,
            "kabar-versions-newest",
            "texts of edited articles",
            "Each text an article had; `article_id` names the article.",
            "observed_at",
            ("title", "body", "observed_at", "modified_at", "notice", "article_id", "url"),
        ),
    ]
