"""Says what documents call the people, organisations and places that saved searches name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from workers.alert.alerts import Alert
from workers.cli.search import documented_names
from workers.index.query import names, parse


def with_documented_names(alerts: Sequence[Alert], config_dir: Path, data_dir: Path) -> list[Alert]:
    """Return `alerts` with the names that documents have for theirs; the gazetteer is read once, if at all."""
    typed = [tuple(filter(None, (*names(parse(alert.query)), alert.entity))) for alert in alerts]
    wanted = tuple(dict.fromkeys(name for each in typed for name in each))
    if not wanted:
        return list(alerts)
    known = documented_names(wanted, config_dir, data_dir)
    return [
        msgspec.structs.replace(alert, names={name: known[name] for name in each})
        for alert, each in zip(alerts, typed, strict=True)
    ]
