"""`kabar sites`: how extraction does at each site, and whether a change of rules made saved pages better or worse."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click
import msgspec

from workers.cli.sites_shown import lines_of_sample, row_of, table
from workers.errors import Misuse, Permanent
from workers.extract import Sites
from workers.operate.golden import Reader, Replayed, accept, replay
from workers.runtime.bootstrap import Adapters, build
from workers.runtime.limits import TookTooLong, alarm
from workers.runtime.settings import load
from workers.state.sites import SiteFigures


@click.group()
def sites() -> None:
    """Watch extraction site by site, and test it on saved pages."""


@sites.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(as_json: bool) -> None:
    """List the sites with their samples and figures, before → now. Warnings say what got worse."""
    adapters = build(load())
    figures = _figures(adapters)
    names = sorted({*adapters.archive.sites(), *(figures.names() if figures else ())})
    rows = (row_of(name, adapters.archive, figures, _limit(adapters)) for name in names)
    if as_json:
        for row in rows:
            click.echo(msgspec.json.encode(row))
        return
    table(list(rows))


@sites.command()
@click.argument("site")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(site: str, as_json: bool) -> None:
    """Show one site: its figures, its warning, and each of its samples."""
    adapters = build(load())
    figures = _figures(adapters)
    row = row_of(site, adapters.archive, figures, _limit(adapters))
    if not (row.samples or row.now):
        raise Misuse(f"nothing is known of a site {site!r} (kabar sites list shows them)")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(row).decode()))
        return
    table([row])
    for kept in adapters.archive.samples(site, _limit(adapters)):
        for line in lines_of_sample(kept):
            click.echo(line)


@sites.command()
@click.argument("names", nargs=-1, metavar="[SITE]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a sample.")
@click.option("--accept", "accepting", is_flag=True, help="Take today's results as the new expectation.")
def test(names: tuple[str, ...], as_json: bool, accepting: bool) -> None:
    """Read the saved pages of SITE… (or of all) again and tell what got worse or better. Exit 1 when any got worse."""
    adapters = build(load())
    if _tested(adapters, _known(adapters, names), as_json=as_json, accepting=accepting) and not accepting:
        sys.exit(1)


@sites.command()
@click.argument("name", metavar="SITE")
def approve(name: str) -> None:
    """Take what SITE's saved pages give today as the new expectation, and end its warning: an editor has looked."""
    adapters = build(load())
    figures = _figures(adapters)
    if name not in adapters.archive.sites() and (figures is None or name not in figures.names()):
        raise Misuse(f"nothing is known of a site {name!r} (kabar sites list shows them)")
    _tested(adapters, [name], as_json=False, accepting=True)


def _tested(adapters: Adapters, names: Sequence[str], *, as_json: bool, accepting: bool) -> bool:
    """Replay and print; True when something got worse."""
    reader, archive = _reader(adapters), adapters.archive
    worse = False
    for name in names:
        done, accepted = [], False
        for replayed in replay(archive, name, reader, _limit(adapters)):
            done.append(replayed)
            _print(name, replayed, as_json=as_json)
            accepted = (accepting and accept(archive, replayed)) or accepted
        worse = worse or any(one.worse for one in done)
        if not as_json:
            click.echo(_summary(name, done, accepting=accepting))
        if accepting:
            _start_anew(adapters, name, changed=accepted)
    return worse


def _start_anew(adapters: Adapters, site: str, *, changed: bool) -> None:
    """End the site's warning: what its pages give from now on is the usual. A site as before keeps its figures."""
    figures = _figures(adapters)
    if figures is not None and (changed or site in figures.warnings()):
        figures.forget(site)


def _print(site: str, replayed: Replayed, *, as_json: bool) -> None:
    sample = replayed.kept.sample
    url = sample.page.url if sample else ""
    if as_json:
        answer = {
            "site": site,
            "sample": replayed.kept.name,
            "url": url,
            "fetched_at": datetime.fromtimestamp(sample.page.fetched_ms / 1000, UTC) if sample else None,
            "broken": replayed.kept.broken,
            "refused": replayed.now.reason if isinstance(replayed.now, Permanent) else "",
            "changes": replayed.changes,
        }
        click.echo(msgspec.json.encode(answer))
        return
    if sample is None:
        click.echo(f"  skipped  {replayed.kept.name}: {replayed.kept.broken}")
    for change in replayed.changes:
        colour = {"worse": "red", "better": "green"}.get(change.verdict)
        click.echo(f"  {click.style(f'{change.verdict:7}', fg=colour)}  {url}\n           {change.says}")


def _summary(site: str, done: Sequence[Replayed], *, accepting: bool) -> str:
    counts = {
        "worse": sum(one.worse for one in done),
        "better": sum(not one.worse and any(c.verdict == "better" for c in one.changes) for one in done),
        "changed": sum(bool(one.changes) and all(c.verdict == "changed" for c in one.changes) for one in done),
        "as before": sum(one.kept.sample is not None and not one.changes for one in done),
        "unreadable": sum(one.kept.sample is None for one in done),
    }
    refused = sum(isinstance(one.now, Permanent) for one in done)
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "no samples"
    told += f"; {refused} of {len(done)} give no article" if refused else ""
    return f"{site}: {told}" + (" (accepted)" if accepting and done else "")


def _known(adapters: Adapters, names: Sequence[str]) -> list[str]:
    known = adapters.archive.sites()
    if unknown := [name for name in names if name not in known]:
        raise Misuse(f"no samples of {', '.join(unknown)} (kabar sites list shows what there is)")
    return list(dict.fromkeys(names)) or known


def _reader(adapters: Adapters) -> Reader:
    settings = adapters.settings
    return Reader(
        Sites.load(settings.config_dir), settings.body_max_chars, lambda: alarm(settings.item_limit), (TookTooLong,)
    )


def _limit(adapters: Adapters) -> int:
    """How many samples of a site are looked at: all of them, unless every page is kept."""
    return 2 * adapters.settings.archive_samples


def _figures(adapters: Adapters) -> SiteFigures | None:
    """The live figures; None without a Redis (the private one of `kabar up` is away when that is)."""
    if not adapters.settings.redis_url:
        return None
    return adapters.state.sites
