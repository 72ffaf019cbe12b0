"""`kabar article`: one document as it is stored; taken down for good with --remove."""

from __future__ import annotations

import sys

import click
import msgspec

from workers.errors import Misuse, Permanent
from workers.operate.articles import Removal, find_document, remove_article
from workers.runtime.bootstrap import build
from workers.runtime.settings import load

FACTS = ("id", "version", "content_hash", "first_seen_at", "fetched_at", "modified_at", "indexed_at", "title")


@click.command()
@click.argument("url")
@click.option("--history", is_flag=True, help="Its current version's dates; older versions come with a later release.")
@click.option("--remove", is_flag=True, help="Delete it for good and leave a tombstone.")
@click.option("--reason", default="", help="Why it is removed (with --remove).")
def article(url: str, history: bool, remove: bool, reason: str) -> None:
    """Show (JSON) or remove the article with this address or id."""
    if reason and not remove:
        raise Misuse("--reason says why an article is removed: give --remove with it")
    if remove and not reason.strip():
        raise Misuse("--remove needs --reason: it stays with the tombstone")
    if remove and history:
        raise Misuse("give --history or --remove, not both")
    adapters = build(load())
    if remove:
        try:
            done = remove_article(
                adapters.state, adapters.store, adapters.archive, url, reason, adapters.state.overview.now_ms()
            )
        except Permanent as error:
            raise Misuse(str(error)) from error
        click.echo(told(done))
        return
    try:
        document = find_document(adapters.store, url)
    except Permanent as error:
        raise Misuse(str(error)) from error
    if document is None:
        click.echo(f"kabar: no article with the address {url}", err=True)
        sys.exit(1)
    if history:
        facts = {name: getattr(document, name) for name in FACTS}
        click.echo(msgspec.json.format(msgspec.json.encode([facts]).decode()))
        return
    click.echo(msgspec.json.format(msgspec.json.encode(document).decode()))


def told(done: Removal) -> str:
    """Return what removing did, for people."""
    if done.deleted:
        return f"removed {done.article_id}: document deleted; it will be refused if it ever comes back"
    return f"{done.article_id}: not stored; it will be refused if it ever comes"
