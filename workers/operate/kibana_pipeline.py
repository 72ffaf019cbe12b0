"""What an operator looks at in Kibana: how fast articles come through, and how feeds do."""

from __future__ import annotations

from workers.operate.kibana_charts import graph, metric, table
from workers.operate.kibana_pages import Place, dashboard, data_view, newest
from workers.operate.kibana_parts import (
    Fields,
    Object,
    count,
    distinct,
    latest,
    measure,
    over_time,
    percentile,
    top,
)

LAGS = {"seen": "published to seen in a feed", "fetched": "seen to fetched", "indexed": "fetched to indexed"}
# Which articles are measured, and by which field: "published" must be known better than by the day, and an edited
# article was fetched again later.
ONLY = {
    "seen": ('not published_at_source : ("seen" or "url")', "published_at_source"),
    "fetched": ("edits : 0", "edits"),
}
PIPELINE: tuple[Place, ...] = (
    ("lens", "kabar-feeds-polled", 0, 0, 8, 8),
    ("lens", "kabar-feeds-failing", 8, 0, 8, 8),
    ("lens", "kabar-feeds-silent", 16, 0, 8, 8),
    ("lens", "kabar-feeds-missed", 24, 0, 8, 8),
    ("lens", "kabar-copies-share", 32, 0, 8, 8),
    ("lens", "kabar-dead-count", 40, 0, 8, 8),
    *(("lens", f"kabar-lag-{name}", 16 * n, 8, 16, 14) for n, name in enumerate(LAGS)),
    ("lens", "kabar-poll-outcomes", 0, 22, 16, 14),
    ("lens", "kabar-poll-errors", 16, 22, 16, 14),
    ("lens", "kabar-poll-reasons", 32, 22, 16, 14),
    ("lens", "kabar-posting-rate", 0, 36, 24, 14),
    ("lens", "kabar-copies-over-time", 24, 36, 12, 14),
    ("lens", "kabar-poll-time", 36, 36, 12, 14),
    ("lens", "kabar-feeds-silent-list", 0, 50, 24, 18),
    ("lens", "kabar-feeds-failing-list", 24, 50, 24, 18),
    ("lens", "kabar-feeds-list", 0, 68, 48, 18),
    ("search", "kabar-polls-failed", 0, 86, 48, 20),
)
FAILED = 'outcome : ("error" or "gone" or "outage")'


def build_pipeline(articles: Fields, events: Fields) -> list[Object]:
    """Return the objects of the feeds' events, and the dashboard of them and of the articles' way."""
    return [
        data_view(events, "Kabar: feed events", "at", ("url", "moved_to")),
        *_searches(events),
        *_numbers(articles, events),
        *(_lag(articles, name, title) for name, title in LAGS.items()),
        *_polls(events),
        *_courses(articles, events),
        *_lists(events),
        dashboard(
            events,
            "kabar-pipeline",
            "pipeline and feed health",
            "How long articles take, how feeds do, and which of them need a look.",
            PIPELINE,
            ("site",),
            days=1,
        ),
    ]


def _numbers(articles: Fields, events: Fields) -> list[Object]:
    failing = events.query("failures > 0", "failures")
    silent = events.query("silent : true", "silent")
    missed = events.query("missed : true", "missed")
    return [
        metric(events, "kabar-feeds-polled", "Feeds polled", distinct(events, "feed_id", "Feeds polled")),
        metric(events, "kabar-feeds-failing", "Feeds failing", distinct(events, "feed_id", "Feeds failing", failing)),
        metric(events, "kabar-feeds-silent", "Feeds silent", distinct(events, "feed_id", "Feeds silent", silent)),
        metric(
            events,
            "kabar-feeds-missed",
            "Feeds that lost items",
            distinct(events, "feed_id", "Feeds that probably lost items", missed),
        ),
        metric(
            articles,
            "kabar-copies-share",
            "Share of copies",
            measure(articles, "average", "is_copy", "Copies of another site's text"),
        ),
    ]


def _lag(articles: Fields, name: str, title: str) -> Object:
    query, field = ONLY.get(name, ("", ""))
    only = articles.query(query, field) if query else None
    ranks = {f"p{rank}": percentile(articles, f"lag_{name}", rank, only) for rank in (50, 95, 99)}
    columns = {"x": over_time(articles, "published_at"), **ranks}
    return graph(articles, f"kabar-lag-{name}", f"Time from {title}", "line", columns)


def _polls(events: Fields) -> list[Object]:
    x, y = over_time(events, "at"), count("Polls")
    failed = events.query(FAILED, "outcome")
    return [
        graph(
            events,
            "kabar-poll-outcomes",
            "Polls by outcome",
            "bar_stacked",
            {"s": top(events, "outcome", 10), "x": x, "y": y},
        ),
        graph(
            events,
            "kabar-poll-errors",
            "Failed polls by class",
            "bar_stacked",
            {"s": top(events, "error_class", 10), "x": x, "y": y},
            failed,
        ),
        graph(
            events,
            "kabar-poll-reasons",
            "Failed polls by reason",
            "bar_horizontal",
            {"x": top(events, "reason", 15), "y": y},
            failed,
        ),
    ]


def _courses(articles: Fields, events: Fields) -> list[Object]:
    x, entries = over_time(events, "at"), measure(events, "sum", "new", "New entries")
    copies = measure(articles, "average", "is_copy", "Copies of another site's text")
    seconds = {f"p{rank}": percentile(events, "elapsed", rank) for rank in (50, 95)}
    return [
        graph(
            events,
            "kabar-posting-rate",
            "New entries by site",
            "bar_stacked",
            {"s": top(events, "site", 10), "x": x, "y": entries},
        ),
        graph(
            articles,
            "kabar-copies-over-time",
            "Share of copies over time",
            "line",
            {"x": over_time(articles, "published_at"), "y": copies},
        ),
        graph(events, "kabar-poll-time", "Seconds a feed's server takes", "line", {"x": x, **seconds}),
    ]


def _lists(events: Fields) -> list[Object]:
    rate = measure(events, "max", "per_day", "Entries a day, by its rate")
    changed, due = latest(events, "changed_at", "Last new entry", "at"), latest(events, "due_at", "Next poll", "at")
    silent = {"a": top(events, "url", 50, "Feed", by="rate"), "rate": rate, "changed": changed}
    failing = {
        "a": top(events, "url", 50, "Feed", by="failures"),
        "failures": measure(events, "max", "failures", "Failures in a row"),
        "reason": latest(events, "reason", "Reason", "at"),
        "due": due,
    }
    feeds = {
        "a": top(events, "url", 100, "Feed", by="new"),
        "new": measure(events, "sum", "new", "New entries"),
        "rate": rate,
        "health": latest(events, "health", "Health", "at"),
        "changed": changed,
        "due": due,
    }
    only_silent = events.query("silent : true", "silent")
    only_failing = events.query("failures > 0", "failures")
    return [
        table(events, "kabar-feeds-silent-list", "Silent feeds, the busiest first", silent, only_silent),
        table(events, "kabar-feeds-failing-list", "Failing feeds, the longest first", failing, only_failing),
        table(events, "kabar-feeds-list", "Feeds", feeds),
    ]


def _searches(events: Fields) -> list[Object]:
    rows = (
        (
            "kabar-polls-newest",
            "newest polls",
            "Each poll, what it brought, and when the next one is due.",
            ("at", "title", "url", "outcome", "status", "new", "entries", "why"),
            None,
        ),
        (
            "kabar-polls-failed",
            "failed polls",
            "What went wrong; `kabar feeds show URL` tells a feed's last 30 polls.",
            ("at", "title", "url", "error_class", "reason", "failures", "error", "due_at"),
            events.query(FAILED, "outcome"),
        ),
        (
            "kabar-polls-silent",
            "polls of silent feeds",
            "Feeds that brought nothing new for longer than their posting rate lets expect.",
            ("at", "title", "url", "per_day", "changed_at", "outcome"),
            events.query("silent : true", "silent"),
        ),
        (
            "kabar-polls-moved",
            "feeds that moved",
            "Polled at another address than configured: permanent redirects lead there.",
            ("at", "title", "url", "moved_to", "outcome"),
            events.query("moved_to : *", "moved_to"),
        ),
    )
    return [newest(events, name, title, says, "at", columns, query) for name, title, says, columns, query in rows]
