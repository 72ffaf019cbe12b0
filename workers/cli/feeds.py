"""`kabar feeds`: what is polled, listed, added, removed, tried, brought in from files and written to them."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from workers.cli.feed_rows import print_feed, rows_of, table_of
from workers.cli.feed_trial import print_trial, trial_of
from workers.errors import KabarError, Misuse, Permanent, Transient
from workers.model import Feed, FeedState, digest
from workers.poll.discover import discover
from workers.poll.entries import host_of
from workers.poll.feedlist import feeds_from, load_feeds, settings_of, to_toml
from workers.poll.health import health_of
from workers.poll.opml import to_opml
from workers.runtime.bootstrap import Adapters, build
from workers.runtime.settings import Settings, load

Row = tuple[Feed, FeedState, float | None]


@click.group()
def feeds() -> None:
    """List, add, try, import and export feeds."""


@feeds.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--health", is_flag=True, help="Failing and silent feeds first, with the reason and the next poll.")
def list_feeds(as_json: bool, health: bool) -> None:
    """List the feeds with their state."""
    rows = _adapters().state.feeds.all()
    now = datetime.now(UTC)
    if health:
        rows = sorted(rows, key=lambda row: (health_of(row[0], row[1], now).rank, row[0].url))
    if as_json:
        for row in rows_of(rows, now):
            click.echo(msgspec.json.encode(row).decode())
        return
    table_of(rows, now, health=health)


@feeds.command()
@click.argument("url")
@click.option("--title")
@click.option("--section", help="Section of all its articles.")
@click.option("--site", help="Publisher's host; default: the address's, without \"www.\".")
@click.option("--language", help="Of the articles (BCP 47); default: id.")
@click.option("--timezone", help="Of dates without a zone (IANA name); default: Asia/Jakarta.")
@click.option("--interval", type=int, help="Seconds between polls; default: adapts to the feed.")
@click.option("--floor", type=int, help="Seconds between polls at least.")
@click.option("--ceiling", type=int, help="Seconds between polls at most.")
@click.option("--silent-after", type=int, help="Seconds without a new entry before the feed counts as silent.")
@click.option("--keep", multiple=True, help="Take only entries that match FIELD=EXPRESSION; may be repeated.")
@click.option("--drop", multiple=True, help="Leave out entries that match FIELD=EXPRESSION; may be repeated.")
@click.option("--all", "everything", is_flag=True, help="Add every feed the page names, not only the first.")
@click.option("--unseen", is_flag=True, help="Add URL as it is, without looking at it.")
def add(url: str, everything: bool, unseen: bool, **given: str | int | tuple[str, ...] | None) -> None:
    """Add the feed at URL, or those of the site at URL; change the settings of a feed that is there.

    URL may be a feed, a page that names its feeds, or a site that has them (or a sitemap) at the usual places.
    """
    settings = load()
    adapters = build(settings)
    chosen = {key: value for key, value in given.items() if value not in (None, ())}
    present = adapters.state.feeds.get(digest(url))
    row: dict[str, Any] = settings_of(present[0]) if present else {"url": url, "site": host_of(url)}
    (feed,) = feeds_from([("", row | chosen)], "feeds add", [])
    found = [feed] if present or unseen else _discovered(feed, adapters, settings)
    for each in found if everything else found[:1]:
        new = adapters.state.feeds.put(each)
        click.echo(f"{'added' if new else 'changed'} {each.url}")
    for each in [] if everything else found[1:]:
        click.echo(f"also there: {each.url}  {each.title}".rstrip(), err=True)


def _discovered(feed: Feed, adapters: Adapters, settings: Settings) -> list[Feed]:
    """Return the feeds at or behind an address; the address itself when its server does not answer now."""
    now = datetime.now(UTC)
    try:
        found = discover(
            feed,
            adapters.http,
            now=now,
            max_bytes=settings.feed_max_bytes,
            max_entries=settings.max_entries,
            clock=time.monotonic,
        )
    except Transient as error:
        click.echo(f"not looked at, added as it is: {error}", err=True)
        return [feed]
    except Permanent as error:
        raise KabarError(f"{error}\n  `kabar feeds add --unseen {feed.url}` adds it all the same") from error
    if not found:
        raise KabarError(f"{feed.url}: no feed there, and none found on the page, at the usual paths or as a sitemap")
    return [each.feed for each in found]


@feeds.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def show(url: str, as_json: bool) -> None:
    """Show all that is known of the feed at URL, with its last 30 polls."""
    adapters = _adapters()
    feed = _found(adapters, url)
    row = adapters.state.feeds.get(feed.id)
    assert row is not None
    print_feed(row, adapters.state.feeds.events(feed.id), datetime.now(UTC), as_json=as_json)


@feeds.command()
@click.argument("url")
def remove(url: str) -> None:
    """Forget the feed at URL (or with this id). Articles it brought stay."""
    adapters = _adapters()
    feed = _found(adapters, url)
    adapters.state.feeds.remove(feed.id)
    click.echo(f"removed {feed.url}")


@feeds.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="The whole report as JSON.")
@click.option("--timezone", help="Of dates without a zone; default: Asia/Jakarta.")
@click.option("--keep", multiple=True, help="Take only entries that match FIELD=EXPRESSION; may be repeated.")
@click.option("--drop", multiple=True, help="Leave out entries that match FIELD=EXPRESSION; may be repeated.")
@click.option("--limit", type=click.IntRange(0, 10_000), default=5, show_default=True, help="Entries shown.")
def test(url: str, as_json: bool, limit: int, **given: str | tuple[str, ...] | None) -> None:
    """Show what a first poll of URL would do; nothing is stored. Exit 1 when the feed can't be read.

    Settings of a feed that is registered hold, unless others are given. Tells which entries its rules leave out, which
    sitemaps an index leads to, and whether robots.txt lets its articles be fetched.
    """
    trial = trial_of(url, {key: value for key, value in given.items() if value not in (None, ())}, load())
    print_trial(trial, as_json=as_json, limit=limit)
    if trial.error:
        raise KabarError(f"{url}: {trial.error}")


@feeds.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Add the feeds of FILE (TOML or OPML); those that are there already get its settings, their state stays.

    OPML has no request headers: a feed keeps those it has.
    """
    given = load_feeds(file)
    store = _adapters().state.feeds
    if file.suffix.lower() != ".toml":
        headers = {feed.id: feed.headers for feed, _, _ in store.all() if feed.headers}
        given = [msgspec.structs.replace(feed, headers=feed.headers or headers.get(feed.id, {})) for feed in given]
    new = 0
    with click.progressbar(given, label="importing", file=sys.stderr) as bar:
        for feed in bar:
            new += store.put(feed)
    click.echo(f"{new} added, {len(given) - new} changed or as they were")


@feeds.command()
@click.option(
    "--format", "form", type=click.Choice(["toml", "opml"]), default=None, help="Default: by FILE's name, else TOML."
)
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
def export(form: str | None, file: Path | None) -> None:
    """Write all feeds to FILE (default: standard output). OPML leaves out request headers: they may be secret."""
    if form is None:
        form = "opml" if file and file.suffix.lower() in (".opml", ".xml") else "toml"
    # what an index led to comes and goes with it: brought in elsewhere as feeds of their own, they would stay for ever
    all_feeds = [feed for feed, _, _ in _adapters().state.feeds.all() if not feed.parent]
    data = to_opml(all_feeds) if form == "opml" else to_toml(all_feeds).encode()
    if file is None:
        click.echo(data, nl=False)
        return
    try:
        file.write_bytes(data)
    except OSError as error:
        raise Misuse(f"{file}: {error.strerror or error}") from error
    click.echo(f"{len(all_feeds)} feeds written to {file}", err=True)


@feeds.command()
@click.argument("urls", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every enabled feed.")
def refresh(urls: tuple[str, ...], everything: bool) -> None:
    """Have feeds polled at the next tick."""
    if bool(urls) == everything:
        raise Misuse("feeds refresh: give URLs or --all")
    adapters = _adapters()
    chosen = [feed for feed, _, _ in adapters.state.feeds.all()] if everything else _all_found(adapters, urls)
    moved = adapters.state.feeds.make_due([feed.id for feed in chosen if feed.enabled])
    click.echo(f"{len(chosen)} feeds, {moved} moved to now")


@feeds.command()
@click.argument("urls", nargs=-1, required=True)
def enable(urls: tuple[str, ...]) -> None:
    """Poll feeds again."""
    _switch(urls, on=True)


@feeds.command()
@click.argument("urls", nargs=-1, required=True)
def disable(urls: tuple[str, ...]) -> None:
    """Poll feeds no more, keeping their settings and state."""
    _switch(urls, on=False)


def _switch(urls: Sequence[str], *, on: bool) -> None:
    store = (adapters := _adapters()).state.feeds
    for feed in _all_found(adapters, urls):
        for each in (feed, *store.children(feed.id)):  # an index takes the sitemaps it led to along
            store.put(msgspec.structs.replace(each, enabled=on))
            click.echo(f"{'enabled' if on else 'disabled'} {each.url}")


def _adapters() -> Adapters:
    return build(load())


def _found(adapters: Adapters, url: str) -> Feed:
    row: Row | None = adapters.state.feeds.get(digest(url)) or adapters.state.feeds.get(url)
    if row is None:  # a feed whose id the operator named
        row = next((each for each in adapters.state.feeds.all() if each[0].url == url), None)
    if row is None:
        raise Misuse(f"no feed {url} (see `kabar feeds list`)")
    return row[0]


def _all_found(adapters: Adapters, urls: Iterable[str]) -> list[Feed]:
    return [_found(adapters, url) for url in urls]
