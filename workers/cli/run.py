"""`kabar worker` and `kabar beat`: one role of the pipeline in the foreground (compose and `kabar up` run these)."""

from __future__ import annotations

import signal
import sys

import click

from workers.operate.processes import die_with


@click.command()
@click.option("--role", type=click.Choice(["io", "cpu", "index"]), required=True, help="Which queues to work on.")
@click.option("--parent", type=int, default=0, hidden=True, help="End when this process ends.")
@click.option("--concurrency", type=click.IntRange(1, 256), help="Threads or processes (default: from the settings).")
def worker(role: str, parent: int, concurrency: int | None) -> None:
    """Run one worker: io (polls and fetches), cpu (parses, extracts, tags) or index (dispatches, indexes)."""
    from workers.runtime.app import app, settings
    from workers.runtime.celeryconfig import QUEUES_OF_ROLE

    die_with(parent, signal.SIGKILL)  # at once: what it holds is healed by its leases
    pool, default = {
        "io": ("threads", settings.io_threads),
        "cpu": ("prefork", settings.cpu_processes),
        "index": ("threads", 4),
    }[role]
    arguments = ["worker", "--pool", pool, "--concurrency", str(concurrency or default)]
    arguments += ["--queues", ",".join(QUEUES_OF_ROLE[role]), "--hostname", f"{role}@%h"]
    arguments += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", settings.log_level]
    app.worker_main(arguments)


@click.command()
@click.option("--parent", type=int, default=0, hidden=True, help="End when this process ends.")
def beat(parent: int) -> None:
    """Run beat: it ticks the dispatcher and keeps no file. Two of them do no harm."""
    from workers.runtime.app import app, settings

    die_with(parent, signal.SIGKILL)  # at once: what it holds is healed by its leases
    sys.exit(app.start(["beat", "--loglevel", settings.log_level, "--pidfile="]))
