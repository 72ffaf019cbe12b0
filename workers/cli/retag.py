"""`kabar retag`: stored documents tagged again, after a better model or gazetteer, or an editor's corrections."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
import msgspec

from workers.errors import KabarError, Misuse
from workers.operate.retag import BATCH, CURRENT, Retagged, older
from workers.operate.retag import retag as tag_again
from workers.runtime.settings import Settings, load

LINES = 1_000  # documents between two lines where no terminal is


@click.command()
@click.option(
    "--older-than",
    default=CURRENT,
    show_default=True,
    metavar="VERSION",
    help="A version of the tagger (3.2): documents of lower ones. current: all that today's tagger has not tagged.",
)
@click.option("--batch-size", default=BATCH, show_default=True, type=click.IntRange(1, 500), help="Documents at once.")
@click.option("--dry-run", is_flag=True, help="Say what would be tagged again, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object at the end.")
def retag(older_than: str, batch_size: int, dry_run: bool, as_json: bool) -> None:
    """Tag stored documents again. May be stopped and started at any time: what is done is not done twice."""
    from workers.runtime import bootstrap  # it knows every adapter: too slow for `--help`

    settings = load()
    tagger = bootstrap.load_tagger(settings)
    store = bootstrap.build_store(settings)
    try:
        store.refresh()
        counts = store.taggers()
        try:
            versions = older(counts, older_than, tagger.version)
        except ValueError as error:
            raise Misuse(f"--older-than: {error}") from error
        total = sum(counts[version] for version in versions)
        if dry_run:
            _plan(counts, versions, tagger.version, as_json)
            return
        with _shown(total, as_json) as progress:
            done = tag_again(store, tagger, versions, progress=progress, removed=_removed(settings), batch=batch_size)
    finally:
        store.close()
    _tell(done, as_json)


def _removed(settings: Settings) -> Callable[..., list[str]]:
    """Return who knows what was taken down by command: Redis, where one is configured."""
    from workers.runtime import bootstrap

    if not settings.redis_url:
        return lambda ids: []
    return bootstrap.build_state(settings).identities.removed


def _plan(counts: dict[str, int], versions: list[str], current: str, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode({"tagger": current, "documents": {v: counts[v] for v in versions}}).decode())
        return
    click.echo(f"tagger: {current}")
    for version in versions:
        click.echo(f"{counts[version]:>12,}  {version}")
    click.echo(f"{sum(counts[version] for version in versions):>12,}  to be tagged again")


def _tell(done: Retagged, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(done).decode())
    else:
        click.echo(", ".join(f"{count:,} {name}" for name, count in msgspec.structs.asdict(done).items()))
    if done.failed or done.rejected:
        raise KabarError(f"{done.failed + done.rejected:,} documents could not be written; run it again")


@contextmanager
def _shown(total: int, as_json: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar in a terminal, a line now and then elsewhere, nothing beside JSON."""
    if as_json:
        yield lambda _: None
    elif sys.stdout.isatty():
        from rich.progress import Progress

        with Progress(transient=True) as bars:
            bar = bars.add_task("retag", total=total)
            yield lambda count: bars.advance(bar, count)
    else:
        seen = 0

        def line(count: int) -> None:
            nonlocal seen
            if (seen + count) // LINES > seen // LINES:
                click.echo(f"{seen + count:,} of {total:,} documents")
            seen += count

        yield line
