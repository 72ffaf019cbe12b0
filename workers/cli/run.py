"""`kabar worker` and `kabar beat`: one role of the pipeline in the foreground (compose and `kabar up` run these)."""

from __future__ import annotations

import signal

import click

from workers.errors import Misuse
from workers.operate.processes import die_with
from workers.runtime.settings import Settings


@click.command()
@click.option("--role", type=click.Choice(["io", "cpu", "index"]), required=True, help="Which queues to work on.")
@click.option("--parent", type=int, default=0, hidden=True, help="End when this process ends.")
@click.option("--concurrency", type=click.IntRange(1, 256), help="Threads or processes (default: from the settings).")
def worker(role: str, parent: int, concurrency: int | None) -> None:
    """Run one worker: io (polls and fetches), cpu (parses, extracts, tags) or index (indexes, sweeps)."""
    from workers.runtime.app import app, settings

    require_redis(settings)
    die_with(parent, signal.SIGKILL)  # at once: what it holds is healed by its leases
    pool, default = {
        "io": ("threads", settings.io_threads),
        "cpu": ("prefork", settings.cpu_processes),
        "index": ("threads", 4),
    }[role]
    app.worker_main(arguments(role, pool, concurrency or default, settings.log_level))


@click.command()
@click.option("--parent", type=int, default=0, hidden=True, help="End when this process ends.")
def beat(parent: int) -> None:
    """Run beat and the dispatcher that it ticks, in one process. Two of them do no harm."""
    from workers.runtime.app import app, settings, start_beat

    require_redis(settings)
    die_with(parent, signal.SIGKILL)
    start_beat()
    app.worker_main(arguments("beat", "solo", 1, settings.log_level))


def require_redis(settings: Settings) -> None:
    """Raise Misuse when no Redis is named: a worker has nothing to do without one."""
    if not settings.redis_url:
        raise Misuse("KABAR_REDIS_URL is not set: name a Redis, or use `kabar up`, which brings its own")


def arguments(role: str, pool: str, concurrency: int, log_level: str) -> list[str]:
    """Return Celery's command line for a worker of `role`."""
    from workers.runtime.celeryconfig import QUEUES_OF_ROLE

    given = ["worker", "--pool", pool, "--concurrency", str(concurrency), "--loglevel", log_level]
    given += ["--queues", ",".join(QUEUES_OF_ROLE[role]), "--hostname", f"{role}@%h"]
    return [*given, "--without-gossip", "--without-mingle", "--without-heartbeat"]
