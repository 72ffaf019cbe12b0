"""What commands say of the embedded store, a file that is there only after something was written."""

from __future__ import annotations

import os
from pathlib import Path

import click


def hint_if_missing(path: Path | None) -> None:
    """Say on standard error that there is no store at `path` yet. None: the store is a server."""
    if path is not None and not os.path.lexists(path):
        click.echo(f"kabar: no store at {path} yet: `kabar index init` makes it, `kabar up` fills it", err=True)
