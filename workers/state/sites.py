"""The sites' last extractions in figures, and the warnings that stand: kept small, gone with a site that is quiet."""

from __future__ import annotations

from typing import Any

import msgspec

from workers.extract.judge import Figures
from workers.extract.watch import KEPT, SiteWarning
from workers.state.scripts import PREFIX, Scripts, translated

SITES = 5_000  # remembered; the one that was quiet longest goes first
QUIET_DAYS = 90
NAME = 253  # characters of a site's name: no host has more


class SiteFigures:
    """What is remembered of each site."""

    def __init__(self, scripts: Scripts) -> None:
        self._run = scripts.run
        self._client = scripts.client

    def names(self) -> list[str]:
        """Return the sites that something is remembered of, sorted."""
        with translated():
            found: Any = self._client.zrange(PREFIX + "sites", 0, -1)
        return sorted(name.decode() for name in found)

    def recent(self, site: str) -> tuple[list[Figures], SiteWarning | None]:
        """Return a site's last extractions, newest first, and its warning."""
        with translated():
            pipeline = self._client.pipeline(transaction=False)
            pipeline.lrange(PREFIX + "site:" + site[:NAME], 0, KEPT - 1)
            pipeline.hget(PREFIX + "site_warnings", site[:NAME])
            rows, warning = pipeline.execute()
        return _figures(rows), _read(warning, SiteWarning)

    def note(self, site: str, figures: Figures) -> tuple[list[Figures], SiteWarning | None]:
        """Remember one more extraction; returns those before it, newest first, and the site's warning."""
        limits = (KEPT, SITES, QUIET_DAYS * 86_400)
        rows, warning = self._run("note_site", site[:NAME], msgspec.json.encode(figures), *limits)
        return _figures(rows), _read(warning, SiteWarning)

    def correct(self, site: str, noted: Figures, figures: Figures) -> None:
        """Put `figures` in the place of what was `noted`."""
        self._run("correct_site", site[:NAME], msgspec.json.encode(noted), msgspec.json.encode(figures))

    def warn(self, site: str, was: SiteWarning | None, warning: SiteWarning | None) -> bool:
        """Put `warning` (None: none) in the place of `was`; False when another process has changed it meanwhile."""
        return bool(self._run("warn_site", site[:NAME], _written(was), _written(warning)))

    def warnings(self) -> dict[str, SiteWarning]:
        """Return the warnings that stand, by site."""
        with translated():
            found: Any = self._client.hgetall(PREFIX + "site_warnings")
        read = {name.decode(): _read(row, SiteWarning) for name, row in sorted(found.items())}
        return {name: warning for name, warning in read.items() if warning is not None}

    def forget(self, site: str) -> bool:
        """Forget a site's figures and its warning: what comes next is taken as usual. True when there were any."""
        return bool(self._run("forget_site", site[:NAME]))


def _figures(rows: list[bytes]) -> list[Figures]:
    return [figures for row in rows if (figures := _read(row, Figures)) is not None]


def _read(row: bytes | None, kind: type[Any]) -> Any:
    """What was written, None for what another version wrote."""
    if not row:
        return None
    try:
        return msgspec.json.decode(row, type=kind)
    except msgspec.DecodeError:
        return None


def _written(warning: SiteWarning | None) -> bytes:
    return b"" if warning is None else msgspec.json.encode(warning)
