"""`kabar health`: whether a role makes progress (liveness), or can (readiness)."""

from __future__ import annotations

import sys

import click

from workers.errors import KabarError
from workers.operate.health import progress_problem, readiness_problem
from workers.runtime.bootstrap import build_state, build_store
from workers.runtime.settings import load


@click.command()
@click.option("--role", type=click.Choice(["beat", "io", "cpu", "index"]), required=True)
@click.option("--ready", is_flag=True, help="Ask instead whether the role could work: Redis and, for index, the store.")
def health(role: str, ready: bool) -> None:
    """Exit 0 when this role made progress within its limit (--ready: when what it needs answers)."""
    settings = load()
    state = build_state(settings)
    try:
        problem = (
            readiness_problem(state, role, lambda: build_store(settings)) if ready else progress_problem(state, role)
        )
    except KabarError as error:
        problem = str(error)
    click.echo(f"{role}: {problem or 'ok'}")
    sys.exit(1 if problem else 0)
