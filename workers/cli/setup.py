"""`kabar setup`: one-time work in a cluster; every step may be repeated and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator

import click

from workers.errors import KabarError, Misuse
from workers.operate import kibana as importer
from workers.operate.rest import Rest, patiently
from workers.operate.setup import Accounts, secure
from workers.runtime.settings import Settings, load


@click.group()
def setup() -> None:
    """Prepare Elasticsearch and Kibana (once, and again after an upgrade)."""


WAIT = click.option(
    "--wait", default=120.0, show_default=True, type=click.FloatRange(0, 3600), help="Seconds to wait for the servers."
)


@setup.command("all")
@WAIT
def everything(wait: float) -> None:
    """Do what the workers need before they start: search, then feeds, then alerts."""
    settings = load()
    for line in _search_lines(settings, wait):
        click.echo(line)
    click.echo(patiently(lambda: _register(settings), wait=wait))
    click.echo(patiently(lambda: _register_alerts(settings), wait=wait))


@setup.command()
@WAIT
def search(wait: float) -> None:
    """Create users and rights, index templates, index and alias, and the snapshots' schedule.

    Runs as the cluster's administrator: KABAR_SEARCH_USERNAME and KABAR_SEARCH_PASSWORD.
    """
    for line in _search_lines(load(), wait):
        click.echo(line)


@setup.command()
@WAIT
def feeds(wait: float) -> None:
    """Register the feeds of config/feeds.toml, new and changed ones; feeds that are not in it stay as they are."""
    settings = load()
    click.echo(patiently(lambda: _register(settings), wait=wait))


@setup.command()
@WAIT
def alerts(wait: float) -> None:
    """Register the saved searches of config/alerts.toml; those that were taken out of it go, those of commands stay."""
    settings = load()
    click.echo(patiently(lambda: _register_alerts(settings), wait=wait))


@setup.command()
@click.option(
    "--wait", default=300.0, show_default=True, type=click.FloatRange(0, 3600), help="Seconds to wait for Kibana."
)
def kibana(wait: float) -> None:
    """Import data views, searches and dashboards; replaces Kabar's own objects and nothing else."""
    settings = load()
    if not settings.kibana_url:
        raise Misuse("KABAR_KIBANA_URL is not set: where is Kibana?")
    rest = Rest(settings.kibana_url, settings.search_username, settings.search_password.get_secret_value())
    files = importer.content(settings.config_dir / "kibana")
    for line in patiently(lambda: importer.import_all(rest, files, settings.index_prefix), wait=wait, pause=5.0):
        click.echo(line)


def _search_lines(settings: Settings, wait: float) -> Iterator[str]:
    if not settings.search_url.startswith("http"):
        raise Misuse("KABAR_SEARCH_URL names no Elasticsearch; the embedded store needs no setup")
    first = settings.search_url.split(",")[0]  # of several addresses of one cluster
    password = settings.search_password.get_secret_value()
    rest = Rest(first, settings.search_username, password, ca_file=settings.search_ca_file)
    accounts = Accounts(
        worker_username=settings.search_worker_username,
        worker_password=settings.search_worker_password.get_secret_value(),
        kibana_password=settings.kibana_system_password.get_secret_value(),
        index_prefix=settings.index_prefix,
    )
    required = settings.search_security == "on"
    yield from patiently(lambda: secure(rest, accounts, required=required), wait=wait)
    yield from patiently(lambda: _store_lines(settings), wait=wait)


def _store_lines(settings: Settings) -> list[str]:
    from workers.index.elasticsearch import ElasticsearchStore
    from workers.index.elasticsearch_snapshots import Repository, set_up
    from workers.runtime.bootstrap import build_store

    store = build_store(settings)
    try:
        lines = store.setup()
        if isinstance(store, ElasticsearchStore) and settings.snapshot_repository:
            repository = Repository(settings.snapshot_repository, settings.snapshot_location)
            try:
                lines += set_up(store.client, store.prefix, repository)
            except KabarError as error:  # no backup yet is no reason to index nothing: `kabar doctor` reminds
                lines.append(f"snapshots: NOT set up: {error}")
        return lines
    finally:
        store.close()


def _register(settings: Settings) -> str:
    from workers.poll.feedlist import load_feeds
    from workers.runtime.bootstrap import build_state

    listed = load_feeds(settings.config_dir / "feeds.toml")
    state = build_state(settings)
    try:
        new = sum(state.feeds.put(feed) for feed in listed)
    finally:
        state.close()
    return f"feeds: {len(listed)} of feeds.toml registered, {new} of them new"


def _register_alerts(settings: Settings) -> str:
    from workers.alert.alerts import load_alerts
    from workers.cli.alert_names import with_documented_names
    from workers.runtime.bootstrap import build_state

    found = load_alerts(settings.config_dir / "alerts.toml")
    listed = with_documented_names(found.alerts, settings.config_dir, settings.data_dir)
    state = build_state(settings)
    try:
        new = state.alerts.register(listed, keep=found.wrong)
    finally:
        state.close()
    told = f"alerts: {len(listed)} of alerts.toml registered, {new} of them new"
    return "\n".join([told, *(f"alerts: NOT registered: {problem}" for problem in found.problems)])
