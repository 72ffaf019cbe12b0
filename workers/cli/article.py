"""`kabar article`: one document as it is stored, its history, or its removal for good."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime

import click
import msgspec
from msgspec import Struct

from workers.errors import Misuse, Permanent
from workers.identify import AddressRules
from workers.identify.history import Step
from workers.operate.articles import Past, Removal, find_document, past_of, remove_article
from workers.runtime.bootstrap import Adapters, build, load_sites
from workers.runtime.settings import load


@click.command()
@click.argument("url")
@click.option("--history", is_flag=True, help="Every text it has had, and what changed from each to the next.")
@click.option("--json", "as_json", is_flag=True, help="The history as one JSON object (a document always is one).")
@click.option("--remove", is_flag=True, help="Delete it for good, all versions too, and leave a tombstone.")
@click.option("--reason", default="", help="Why it is removed (with --remove).")
def article(url: str, history: bool, as_json: bool, remove: bool, reason: str) -> None:
    """Show (JSON), tell the history of, or remove the article with this address or id."""
    _check(history=history, as_json=as_json, remove=remove, reason=reason)
    adapters = build(load())
    rules = load_sites(adapters.settings.config_dir).addresses
    try:
        if remove:
            _remove(adapters, url, reason, rules)
            return
        document = find_document(adapters.store, url, rules)
    except Permanent as error:
        raise Misuse(str(error)) from error
    if document is None:
        click.echo(f"kabar: no article with the address {url}", err=True)
        sys.exit(1)
    if history:
        past = past_of(adapters.store, document)
        click.echo(_json(past) if as_json else "\n".join(lines_of(past)))
    else:
        click.echo(_json(document))


def _check(*, history: bool, as_json: bool, remove: bool, reason: str) -> None:
    """Raise Misuse on options that don't go together."""
    if reason and not remove:
        raise Misuse("--reason says why an article is removed: give --remove with it")
    if remove and not reason.strip():
        raise Misuse("--remove needs --reason: it stays with the tombstone")
    if remove and history:
        raise Misuse("give --history or --remove, not both")
    if as_json and not history:
        raise Misuse("--json goes with --history: a document is JSON anyway")


def _remove(adapters: Adapters, url: str, reason: str, rules: AddressRules) -> None:
    """Remove the article; exit 1 when a copy of it is left somewhere."""
    now_ms = adapters.state.overview.now_ms()
    done = remove_article(adapters.state, adapters.store, adapters.archive, url, reason, now_ms, rules)
    click.echo(told(done))
    for line in done.kept:
        click.echo(f"kabar: {line}", err=True)
    if done.kept:
        sys.exit(1)


def lines_of(past: Past) -> Iterator[str]:
    """Yield the history for people, oldest version first."""
    yield f"{past.title}\n{past.url}\nid {past.id}"
    yield f"edits seen: {past.edits}" + (f", the last at {_time(past.edited_at)}" if past.edited_at else "")
    if past.notice:
        yield f"the text says: {past.notice}"
    if past.gone_at:
        yield f"its page is gone since {_time(past.gone_at)} (HTTP {past.gone_status})"
    for number, step in enumerate(past.versions, 1):
        kind = "" if step.edited or number == 1 else "  (no edit: another view of it)"
        yield f"\nversion {number}, seen {_time(step.seen_at)}{kind}"
        yield from (f"  {line}" for line in _changes(step))


def _changes(step: Step) -> Iterator[str]:
    """Yield what a version brought, a line each."""
    if step.notice:
        yield f"says: {step.notice}"
    if not step.text_kept:
        yield "its text is no longer kept"
    if (change := step.change) is None:
        yield f"title: {step.title}"
        return
    if change.title_after:
        yield f"title was: {change.title_before}"
        yield f"title is:  {change.title_after}"
    for mark, texts, count in (
        ("-", change.removed, change.paragraphs_removed),
        ("+", change.added, change.paragraphs_added),
    ):
        yield from (f"{mark} {text}" for text in texts)
        if count > len(texts):
            yield f"{mark} … and {count - len(texts)} paragraphs more"
    if change.reordered:
        yield "the same paragraphs in another order"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _json(value: Struct) -> str:
    return msgspec.json.format(msgspec.json.encode(value).decode())


def told(done: Removal) -> str:
    """Return what removing did, for people."""
    if done.deleted:
        return f"removed {done.article_id}: document and versions deleted; it will be refused if it ever comes back"
    return f"{done.article_id}: not stored; it will be refused if it ever comes"
