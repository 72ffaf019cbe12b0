"""`kabar up`: the whole stack on this machine."""

from __future__ import annotations

import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from workers.alert.alerts import load_alerts
from workers.cli.alert_names import with_documented_names
from workers.cli.progress import Progress, summary
from workers.errors import Misuse
from workers.model import Feed
from workers.operate.idle import Rest, wait_until_idle
from workers.operate.stack import Stack
from workers.poll.feedlist import load_feeds
from workers.runtime.settings import load

PACE = 0.5  # seconds between two looks


@click.command()
@click.option(
    "--feeds", "feeds_file", type=click.Path(path_type=Path), help="Poll the feeds of this TOML or OPML file."
)
@click.option("--until-idle", is_flag=True, help="Poll each feed once, do what can be done, then end.")
@click.option(
    "--max-wait",
    type=click.FloatRange(0),
    default=60.0,
    show_default=True,
    help="With --until-idle: seconds worth waiting for an entry's next try.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def up(feeds_file: Path | None, until_idle: bool, max_wait: float, as_json: bool) -> None:
    """Run Redis, workers and beat as one process tree; Ctrl-C stops it cleanly."""
    settings = load()
    path = feeds_file or settings.config_dir / "feeds.toml"
    feeds = load_feeds(path)
    if not feeds:
        raise Misuse(f"{path} lists no feeds")
    listed = load_alerts(settings.config_dir / "alerts.toml")
    for problem in listed.problems:
        click.echo(f"kabar: alert not registered: {problem}", err=True)
    alerts = with_documented_names(listed.alerts, settings.config_dir, settings.data_dir)
    stop_on_signals()
    with Stack() as stack:
        started = datetime.fromtimestamp(stack.adapters.state.overview.now_ms() / 1000, UTC)
        stack.adapters.state.alerts.register(alerts, keep=listed.wrong)
        stack.use_feeds(feeds, only=feeds_file is not None or until_idle)
        with Progress(stack) as progress:
            if not until_idle:
                run_for_ever(stack, progress)
                return
            stack.adapters.state.feeds.make_due([feed.id for feed in feeds])
            rest = until_rest(stack, feeds, started, max_wait, progress)
        stack.adapters.store.refresh()
        click.echo(summary(stack, rest, as_json=as_json))
    sys.exit(0 if rest.idle else 1)


def until_rest(stack: Stack, feeds: list[Feed], since: datetime, max_wait: float, progress: Progress) -> Rest:
    """Wait until nothing can proceed within `max_wait` seconds."""

    def watch() -> None:
        stack.keep()
        progress.show()

    return wait_until_idle(stack.adapters.state, feeds, since=since, max_wait=max_wait, pace=PACE, watch=watch)


def run_for_ever(stack: Stack, progress: Progress) -> None:
    """Keep the stack running until a signal ends it."""
    try:
        while True:
            stack.keep()
            progress.show()
            time.sleep(PACE)
    except KeyboardInterrupt:
        click.echo("stopping", err=True)


def stop_on_signals() -> None:
    """Have SIGTERM and SIGHUP end us like Ctrl-C, and Ctrl-C too: a script's background jobs start with it ignored."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
