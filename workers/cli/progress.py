"""What `kabar up` and `kabar demo` show: a live table in a terminal, a line now and then elsewhere, a summary."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from types import TracebackType

import click
from rich.console import Console
from rich.live import Live
from rich.table import Table

from workers.errors import KabarError
from workers.operate.idle import Rest
from workers.operate.stack import Stack

LINE_INTERVAL = 5.0  # seconds between lines where no terminal is
SHOWN = 10  # waiting entries and dead letters named in a summary


class Progress:
    """Shows how far the stack is. Never fails: what can't be read is shown as such."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._console = Console(stderr=True)
        self._live: Live | None = None
        self._last = 0.0

    def __enter__(self) -> Progress:
        if self._console.is_terminal:
            self._live = Live(console=self._console, refresh_per_second=2, transient=True)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def show(self) -> None:
        """Show the state now (in a terminal), or every few seconds as one line."""
        if self._live is None and time.monotonic() - self._last < LINE_INTERVAL:
            return
        self._last = time.monotonic()
        figures = self._figures()
        if self._live is None:
            self._console.print(
                "  ".join(f"{name} {value}" for name, value in figures.items()), highlight=False, soft_wrap=True
            )
            return
        table = Table(title="Kabar", show_header=False)
        for name, value in figures.items():
            table.add_row(name, str(value))
        self._live.update(table)

    def _figures(self) -> dict[str, object]:
        state = self._stack.adapters.state.overview
        try:
            waiting, counts = state.waiting(), state.counts()
            searchable = self._stack.adapters.store.count()
        except KabarError as error:
            return {"not reachable": str(error)}
        return {
            "feeds": waiting.feeds,
            "due": waiting.feeds_due,
            "polls": counts.get("polls", 0),
            "fetch": waiting.fetch,
            "process": waiting.process,
            "index": waiting.index,
            "searchable": searchable,
            "dead letters": waiting.dead,
            "restarts": sum(child.restarts for child in self._stack.children),
        }


def summary(stack: Stack, rest: Rest, *, as_json: bool) -> str:
    """Return what was reached; every count comes from the store or from Redis, not from who sent."""
    state, store = stack.adapters.state, stack.adapters.store
    waiting = state.overview.pending(SHOWN)
    letters = state.dead.list(SHOWN)
    facts = {
        "searchable": store.count(),
        "store": store.name,
        "feeds": [{"url": f.url, "polled": f.polled, "error": f.error, "entries": f.seen} for f in rest.feeds],
        "pending": rest.pending,
        "waiting": [{"url": w.url, "stage": w.stage, "why": w.error.removeprefix(w.url + ": ")} for w in waiting],
        "dead": state.dead.count(),
        "dead_letters": [{"url": d.url, "stage": d.stage, "reason": d.reason, "message": d.message} for d in letters],
        "idle": rest.idle,
    }
    if as_json:
        return json.dumps(facts, ensure_ascii=False)
    lines = [f"{facts['searchable']} articles searchable ({store.name})"]
    for feed in rest.feeds:
        said = "gone for good (410)" if feed.gone else feed.error or f"{feed.seen} entries"
        lines.append(f"  feed {feed.url}: {said}")
    if failed := sum(bool(feed.error) for feed in rest.feeds):
        lines.append(f"{failed} feeds could not be polled and wait for their next try")
    if rest.pending:
        first = rest.next_try
        when = f", first try at {datetime.fromtimestamp(first, UTC):%H:%M:%S} UTC" if first else ""
        lines.append(f"{rest.pending} entries wait{when}:")
        lines += [f"  {w.stage}: {w.url}: {w.error.removeprefix(w.url + ': ') or 'in progress'}" for w in waiting]
    if facts["dead"]:
        lines.append(f"{facts['dead']} dead letters (kabar dead list):")
        lines += [f"  {d.stage}: {d.url}: {d.reason}" for d in letters]
    if rest.idle:
        lines.append("nothing waits")
    return click.style("\n".join(lines))
