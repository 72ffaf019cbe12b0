"""What could not be done, in Kibana."""

from __future__ import annotations

from workers.operate.kibana_charts import graph, metric, table
from workers.operate.kibana_pages import Place, dashboard, data_view, newest
from workers.operate.kibana_parts import Fields, Object, count, over_time, top

LETTERS: tuple[Place, ...] = (
    ("lens", "kabar-dead-count", 0, 0, 8, 12),
    ("lens", "kabar-dead-reasons", 8, 0, 40, 12),
    ("lens", "kabar-dead-sites", 0, 12, 16, 14),
    ("lens", "kabar-dead-stages", 16, 12, 16, 14),
    ("lens", "kabar-dead-pairs", 32, 12, 16, 14),
    ("search", "kabar-dead-newest", 0, 26, 48, 24),
)


def build_letters(fields: Fields) -> list[Object]:
    """Return the objects of the dead letters."""
    y = count("Dead letters")
    reasons = {"s": top(fields, "reason", 10), "x": over_time(fields, "buried_at"), "y": y}
    pairs = {"a": top(fields, "site", 20), "b": top(fields, "reason", 5), "y": y}
    return [
        data_view(fields, "Kabar: dead letters", "buried_at", ("url",)),
        newest(
            fields,
            "kabar-dead-newest",
            "newest dead letters",
            "What could not be done, and why. `kabar dead` replays or drops them by id.",
            "buried_at",
            ("buried_at", "reason", "stage", "title", "url", "message", "attempts", "id"),
        ),
        metric(fields, "kabar-dead-count", "Dead letters", y),
        graph(fields, "kabar-dead-reasons", "Dead letters over time, by reason", "bar_stacked", reasons),
        *(
            graph(
                fields,
                f"kabar-dead-{name}s",
                f"Dead letters by {name}",
                "bar_horizontal",
                {"x": top(fields, name, 15), "y": y},
            )
            for name in ("site", "stage")
        ),
        table(fields, "kabar-dead-pairs", "Dead letters by site and reason", pairs),
        dashboard(
            fields,
            "kabar-dead",
            "dead letters",
            "What could not be done, why, and where.",
            LETTERS,
            ("reason", "stage", "site"),
            days=30,
        ),
    ]
