"""What `kabar sites` prints: a row for each site, a line for each sample."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import click
from msgspec import Struct

from workers.extract.watch import SiteWarning, Span, recent_and_before
from workers.operate.golden import older_and_newer, sample_figures
from workers.ports import Archive
from workers.samples import Kept
from workers.state.sites import SiteFigures


class Row(Struct, frozen=True, kw_only=True):
    """A site: how many samples, how many of those looked at were refused or can't be read, its figures before and now.

    The figures are those of the last pages worked on; without them, those of the samples, the older and the newer half.
    """

    site: str
    samples: int
    refused_samples: int
    unreadable: int
    before: Span | None
    now: Span | None
    warning: SiteWarning | None


def row_of(site: str, archive: Archive, figures: SiteFigures | None, limit: int) -> Row:
    """Return the row of `site`; at most `limit` samples are looked at. Raises Transient: archive or Redis is away."""
    kept = list(archive.samples(site, limit))
    samples = [one.sample for one in kept if one.sample is not None]
    recent, warning = figures.recent(site) if figures else ([], None)
    now, before = recent_and_before(recent)
    if now is None:
        before, now = older_and_newer(samples)
    return Row(
        site=site,
        samples=archive.count(site),
        refused_samples=sum(sample.article is None for sample in samples),
        unreadable=len(kept) - len(samples),
        before=warning.before if warning else before,
        now=now,
        warning=warning,
    )


def table(rows: list[Row]) -> None:
    """Print the rows, each with its warning below."""
    if not rows:
        click.echo("no sites yet: samples are kept as articles come in", err=True)
        return
    width = max(len(row.site) for row in rows)
    click.echo(f"{'site':{width}}  {'samples':>7}  {'words':>12}  {'no date':>12}  {'links':>12}  {'refused':>12}")
    for row in rows:
        cells = (
            _cell(row, "words", "d"),
            *(_cell(row, name, ".0%") for name in ("undated", "link_share", "refused")),
        )
        unreadable = f"  {row.unreadable} unreadable" if row.unreadable else ""
        click.echo(f"{row.site:{width}}  {row.samples:>7}  " + "  ".join(f"{c:>12}" for c in cells) + unreadable)
        if row.warning:
            says = f"got worse since {row.warning.since:%Y-%m-%d %H:%M}: {row.warning.says}"
            click.echo(f"{'':{width}}  {click.style(says, fg='red')}")


def lines_of_sample(kept: Kept) -> Iterator[str]:
    """Yield what there is to say of a sample."""
    if kept.sample is None:
        yield f"{kept.name}: skipped: {kept.broken}"
        return
    figures = sample_figures(kept.sample)
    fetched = datetime.fromtimestamp(kept.sample.page.fetched_ms / 1000, UTC)
    if kept.sample.article is None:
        told = f"refused: {kept.sample.refused}: {kept.sample.message[:120]}"
    else:
        missing = [name for name in ("titled", "dated", "authored") if not getattr(figures, name)]
        told = f"{figures.words} words, {figures.link_share:.0%} links" + "".join(f", not {name}" for name in missing)
    yield f"{fetched:%Y-%m-%d %H:%M}  {kept.sample.page.url}"
    yield f"                  {told}"


def _cell(row: Row, name: str, style: str) -> str:
    return " → ".join(format(getattr(part, name), style) for part in (row.before, row.now) if part is not None)
