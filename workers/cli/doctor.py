"""`kabar doctor`: what is wrong here, and how to mend it."""

from __future__ import annotations

import sys

import click
import msgspec

from workers.operate.doctor import examine
from workers.runtime.bootstrap import build_state, build_store, now
from workers.runtime.settings import load


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def doctor(as_json: bool) -> None:
    """Check broker, store, clock, feeds and disk: one line each, with the fix. Exit 1 when anything is wrong."""
    settings = load()
    well = True
    for finding in examine(settings, lambda: build_state(settings), lambda: build_store(settings), now()):
        well = well and finding.ok
        if as_json:
            click.echo(msgspec.json.encode(finding).decode())
            continue
        mark = click.style("ok  ", fg="green") if finding.ok else click.style("FIX ", fg="red", bold=True)
        click.echo(f"{mark} {finding.name}: {finding.says}" + ("" if finding.ok else f"\n       → {finding.fix}"))
    sys.exit(0 if well else 1)
