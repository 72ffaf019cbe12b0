"""What `kabar feeds` prints: rows for scripts, tables for people, and a feed's health in a word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from workers.model import Feed, FeedState
from workers.poll.events import FeedEvent
from workers.poll.health import health_of

_STATE = (
    *("polled_at", "changed_at", "failures", "error", "error_class", "polls", "entries_seen", "gone", "per_day"),
    *("missed", "missed_items", "moved_to", "distrusted"),
)
Row = tuple[Feed, FeedState, float | None]


def rows_of(rows: Iterable[Row], now: datetime) -> Iterable[dict[str, Any]]:
    """Yield one flat JSON-able row a feed; request headers are named, their values kept back."""
    for feed, state, due in rows:
        health = health_of(feed, state, now)
        row = msgspec.to_builtins(feed) | msgspec.to_builtins(state)
        row |= {"interval_fixed": feed.interval, "interval": state.interval, "headers": sorted(feed.headers)}
        for name in ("title", "site", "language", "timezone", "section", "folder", "enabled"):
            row[name] = getattr(feed, name)
        for name in _STATE:
            row[name] = getattr(state, name)
        yield row | {"due": _time(due), "health": health.word, "why": health.why}


def table_of(rows: list[Row], now: datetime, *, health: bool) -> None:
    """Print the feeds as a table, with a line of totals on standard error."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    columns = ["health", "feed", "polled", "next", "every", "a day", "entries"]
    for name in columns + (["why"] if health else []):
        table.add_column(name, overflow="fold", no_wrap=name != "why" and name != "feed")
    for feed, state, due in rows:
        found = health_of(feed, state, now)
        cells = [
            found.word,
            feed.url,
            _short(state.polled_at),
            _short(_time(due)),
            _span(state.interval),
            f"{state.per_day:.3g}" if state.per_day else "-",
            str(state.entries_seen),
        ]
        table.add_row(*map(escape, cells + ([found.why] if health else [])))
    console = Console()
    console.print(table) if console.is_terminal else _plain(table, console)
    click.echo(f"{len(rows)} feeds", err=True)


def print_feed(row: Row, events: list[FeedEvent], now: datetime, *, as_json: bool) -> None:
    """Print all that is known of one feed, its last polls newest first."""
    (shown,) = rows_of([row], now)
    if as_json:
        report = shown | {"events": events}
        click.echo(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
        return
    for name, value in shown.items():
        if value not in ("", None, [], (), {}):
            click.echo(f"{name:14} {_told(value)}")
    for event in events:
        said = " ".join(filter(None, (event.outcome, event.reason, str(event.status or ""))))
        click.echo(
            f"  {event.at:%Y-%m-%d %H:%M:%S}Z  {said:28} {event.new} new of {event.entries}, {event.elapsed:.2f} s"
        )


def _told(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}Z"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _plain(table: Table, console: Console) -> None:
    """Print for a pipe: no line is folded."""
    console.width = 10_000
    console.print(table, soft_wrap=True)


def _time(due: float | None) -> datetime | None:
    return datetime.fromtimestamp(due, UTC) if due is not None else None


def _short(when: datetime | None) -> str:
    return f"{when:%m-%d %H:%M}Z" if when else "-"


def _span(seconds: int) -> str:
    if seconds >= 7_200:
        return f"{seconds / 3600:.0f} h"
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds} s" if seconds else "-"
