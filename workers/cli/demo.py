"""`kabar demo`: the main job with no server: a newsroom on this machine, polled, fetched, tagged, searched."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from workers.cli.progress import Progress
from workers.cli.up import PACE, run_for_ever, stop_on_signals
from workers.model import Feed, Query, digest
from workers.newsroom import ExpectedArticle, Newsroom, NewsroomServer
from workers.operate.stack import Stack
from workers.ports import SearchStore
from workers.runtime.settings import PREFIX

SITES = 4  # one of each layout
PAGED = 3  # every third long article is printed over several pages
LIMIT = 170.0  # seconds for every article to become searchable
SEARCHES = ("pasar", '"rumah sakit"')  # a word and a phrase that stand in several of the newsroom's articles


@click.command()
@click.option("--keep", is_flag=True, help="Leave everything running until Ctrl-C.")
def demo(keep: bool) -> None:
    """Run everything on this machine, with its own news sites, and search what came of it."""
    stop_on_signals()
    newsroom = Newsroom(sites=SITES, paged=PAGED)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kabar-demo-") as folder, NewsroomServer(newsroom) as server:
        click.echo(f"newsroom: {SITES} sites with {len(newsroom.truth())} articles at {server.url}")
        with Stack(environment(Path(folder), server)) as stack:
            stack.use_feeds(feeds_of(newsroom), only=True)
            missing = wait_for(stack, newsroom.truth())
            report(stack, newsroom.truth(), missing, time.monotonic() - begin)
            if keep:
                click.echo(f"search it with: {PREFIX}DATA_DIR={folder} kabar search QUERY   (Ctrl-C ends it)")
                with Progress(stack) as progress:
                    run_for_ever(stack, progress)
    sys.exit(1 if missing else 0)


def environment(folder: Path, server: NewsroomServer) -> dict[str, str]:
    """Return this process's environment with the demo's settings and nobody else's."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    own = {"DATA_DIR": str(folder), "RESOLVE": server.resolve, "ALLOW_ADDRESSES": "127.0.0.0/8", "TICK": "0.5"}
    return plain | {PREFIX + name: value for name, value in own.items()}


def feeds_of(newsroom: Newsroom) -> list[Feed]:
    """Return the newsroom's feeds as Kabar knows feeds."""
    return [
        Feed(
            id=digest(a.url),
            url=a.url,
            title=a.title,
            site=a.site,
            language=a.language,
            timezone=a.timezone,
            section=a.section,
        )
        for a in newsroom.feed_addresses()
    ]


def wait_for(stack: Stack, truth: Sequence[ExpectedArticle]) -> list[ExpectedArticle]:
    """Wait until every article is found by a phrase of its body; returns those that are not in time."""
    ends = time.monotonic() + LIMIT
    store = stack.adapters.store
    with Progress(stack) as progress:
        while time.monotonic() < ends:
            stack.keep()
            progress.show()
            if store.count() >= len(truth) and not not_found(store, truth):
                return []
            time.sleep(PACE)
    return not_found(store, truth)


def not_found(store: SearchStore, truth: Sequence[ExpectedArticle]) -> list[ExpectedArticle]:
    """Return the articles that a search for their own phrase does not find exactly once."""
    return [a for a in truth if [h.title for h in store.search(Query(text=f'"{a.phrase}"')).hits] != [a.title]]


def report(stack: Stack, truth: Sequence[ExpectedArticle], missing: Sequence[ExpectedArticle], seconds: float) -> None:
    """Print what the store holds and a search."""
    store, overview = stack.adapters.store, stack.adapters.state.overview
    click.echo(
        f"{store.count()} documents in the store for {len(truth)} articles, "
        f"{len(truth) - len(missing)} found by a phrase of their body, {overview.waiting().dead} dead letters, "
        f"{seconds:.0f} s from nothing"
    )
    for article in missing:
        click.echo(f"  missing: {article.url}")
    for text in SEARCHES:
        found = store.search(Query(text=text, limit=3))
        click.echo(f"\nkabar search {shlex.quote(text)}: {found.total} found")
        for hit in found.hits:
            click.echo(f"  {click.style(hit.title, bold=True)}\n    {hit.site} · {hit.published_at:%Y-%m-%d %H:%M} UTC")
            click.echo(f"    {hit.snippet}")
            names = [*hit.people, *hit.organisations, *hit.places]
            click.echo(f"    {', '.join(names[:8])}")
