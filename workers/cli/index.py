"""`kabar index`: the search store's templates, figures, zero-downtime rebuild and what to do after a restore."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
import msgspec

from workers.cli.embedded import hint_if_missing
from workers.errors import Misuse
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.reindex import Progress, Rebuilt
from workers.index.reindex import reindex as run_reindex
from workers.ports import SearchStore
from workers.runtime.settings import load


@click.group()
def index() -> None:
    """Look after the search store."""


@index.command()
def init() -> None:
    """Create what is missing: templates, index and alias, or tables. Loses nothing, may be repeated."""
    with _store() as store:
        for line in store.setup():
            click.echo(line)


@index.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def stats(as_json: bool) -> None:
    """Show how many documents there are, and where."""
    with _store() as store:
        figures = store.stats()
    hint_if_missing(load().sqlite_path)
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, default=str))
        return
    width = max(len(name) for name in figures)
    for name, value in figures.items():
        click.echo(f"{name:<{width}}  {f'{value:,}' if isinstance(value, int) else value}")


@index.command()
@click.option("--restart", is_flag=True, help="Discard what a cut-off run left, instead of going on with it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object at the end.")
def reindex(restart: bool, as_json: bool) -> None:
    """Build a new index behind the alias and swap it in; searches and writes go on. The old one is kept.

    A run that was cut off is gone on with by running it again.
    """
    with _store() as store:
        if not isinstance(store, ElasticsearchStore):
            raise Misuse("reindex needs Elasticsearch (KABAR_SEARCH_URL=http…); the embedded store has nothing to swap")
        with _shown(as_json) as progress:
            done = run_reindex(store, progress=progress, restart=restart)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(done)))
        return
    _tell(store.alias, done)


@index.command()
@click.option("--from-archive", is_flag=True, help="The pages of KABAR_ARCHIVE; there is no other source.")
@click.option("--restart", is_flag=True, help="Discard what a cut-off run left, instead of going on with it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object at the end.")
def rebuild(from_archive: bool, restart: bool, as_json: bool) -> None:
    """Read all archived pages again and build the index anew, by today's extraction; what has no page is kept.

    With Elasticsearch behind the alias, as `reindex` does; in the embedded store each document in its place.
    """
    if not from_archive:
        raise Misuse("say --from-archive: the archived pages are what the index is rebuilt from")
    from workers.cli.rebuilding import rebuild_from_archive

    with _shown(as_json) as progress:
        counts, done = rebuild_from_archive(load(), progress, restart=restart)
    if as_json:
        click.echo(json.dumps({"articles": counts, "index": msgspec.to_builtins(done)}))
    else:
        click.echo("articles: " + ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items()))
        if done is not None:
            _tell("the search", done)
    if counts.get("failed") or counts.get("rejected"):
        sys.exit(1)


def _tell(alias: str, done: Rebuilt) -> None:
    went_on = " (gone on with what an earlier run had begun)" if done.resumed else ""
    click.echo(f"{alias} now stands for {done.new}: {done.documents:,} documents, {done.seconds:.1f} s{went_on}")
    if done.old:
        click.echo(f"{done.old} is kept; delete it once you are content")


@index.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def recover(as_json: bool) -> None:
    """After a restore: have fetched again what was indexed since the backup. Workers may go on meanwhile."""
    from workers.operate.recover import recover as look_over
    from workers.runtime.bootstrap import build_state

    settings = load()
    state = build_state(settings)
    try:
        with _store() as store:
            done = look_over(state, store)
    finally:
        state.close()
    if as_json:
        click.echo(json.dumps({"looked": done.looked, "lost": done.lost, "again": done.again}))
        return
    click.echo(f"{done.looked:,} articles looked over, {done.lost:,} not in the store as they were acknowledged")
    if done.lost:
        click.echo(f"{done.again:,} are fetched again now; {done.gone:,} are too old to be looked at again")


@contextmanager
def _store() -> Iterator[SearchStore]:
    from workers.runtime.bootstrap import build_store  # it knows every adapter: too slow for `--help`

    store = build_store(load())
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _shown(as_json: bool) -> Iterator[Callable[[Progress], None]]:
    """Show a bar in a terminal, a line per stage elsewhere, nothing beside JSON."""
    if as_json:
        yield lambda _: None
    elif sys.stdout.isatty():
        from rich.progress import Progress as Bars

        with Bars(transient=True) as bars:
            bar = bars.add_task("index")
            yield lambda step: bars.update(bar, description=step.stage, completed=step.done, total=step.total)
    else:
        yield _Lines()


class _Lines:
    """Tells each stage once, when it begins."""

    def __init__(self) -> None:
        self._stage = ""

    def __call__(self, step: Progress) -> None:
        if step.stage != self._stage:
            self._stage = step.stage
            click.echo(f"{step.stage}: {step.total:,} {'pages' if step.stage == 'read' else 'documents'}")
