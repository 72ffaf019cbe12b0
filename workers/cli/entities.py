"""`kabar entities`: what is known of a name, and an editor's corrections of it.

Corrections stand in `corrections.tsv` of the data directory, win over gazetteer and article, and reach stored documents
with `kabar retag`. Workers read them with the next article.
"""

from __future__ import annotations

from collections.abc import Iterator

import click
import msgspec

from workers.errors import Misuse
from workers.model import Query
from workers.runtime.settings import Settings, load
from workers.tag.corrections import FILE, Correction, add_correction, correct, read_corrections
from workers.tag.gazetteer import Gazetteer, load_gazetteer
from workers.tag.gazetteer_rows import TYPES, Row, folded

_TYPE = click.option("--type", "type_", type=click.Choice(TYPES, case_sensitive=False), help="What it is.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object.")
_DEFAULT_SCAN = 20_000  # documents `suggest` looks at
_SCAN = 50  # at once


@click.group()
def entities() -> None:
    """Look names up and correct what they stand for."""


@entities.command()
@click.option("--least", default=3, show_default=True, type=click.IntRange(1), help="Documents a name must stand in.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="Names and pairs shown.")
@click.option("--documents", default=_DEFAULT_SCAN, show_default=True, type=click.IntRange(1), help="Looked at.")
@_JSON
def suggest(least: int, limit: int, documents: int, as_json: bool) -> None:
    """List frequent names nobody has identified, and pairs of names that may be one thing."""
    from workers.runtime.bootstrap import build_store
    from workers.tag.suggest import Names

    settings = load()
    names = Names(_gazetteer(settings))
    store = build_store(settings)
    try:
        after, left = "", documents
        while left and (page := store.scan(after=after, limit=min(left, _SCAN))):
            for document in page:
                names.add(document)
            after, left = page[-1].id, left - len(page)
    finally:
        store.close()
    unknown, pairs = names.unknown(least)[:limit], names.pairs(least)[:limit]
    if as_json:
        click.echo(msgspec.json.encode({"names": unknown, "pairs": pairs}).decode())
        return
    for one in unknown:
        click.echo(f"{one.documents:>7,}  {one.type:<8}  {one.name}")
    for pair in pairs:
        click.echo(
            f"{pair.documents:>7,}  {pair.type:<8}  {pair.name} = {pair.other} ({pair.other_documents:,}, "
            f"together {pair.together:,}; {pair.why})"
        )


@entities.command("list")
@click.argument("text", required=False)
@_JSON
def list_(text: str | None, as_json: bool) -> None:
    """List the corrections, or the known things whose name holds TEXT."""
    settings = load()
    if text is None:
        made = read_corrections(settings.data_dir / FILE)
        if as_json:
            click.echo(msgspec.json.encode({"corrections": made}).decode())
            return
        for one in made:
            click.echo(_told(one))
        click.echo(f"{len(made):,} corrections in {settings.data_dir / FILE}")
        return
    rows = [row for row in _gazetteer(settings).rows if text.casefold() in row.name.casefold()]
    if as_json:
        click.echo(msgspec.json.encode({"rows": rows}).decode())
        return
    for row in rows:
        click.echo(f"{row.type:<8}  {row.id:<32}  {row.name}  {row.wikidata}")
    click.echo(f"{len(rows):,} things")


@entities.command()
@click.argument("name")
@_TYPE
@_JSON
def show(name: str, type_: str | None, as_json: bool) -> None:
    """Show what NAME stands for: gazetteer rows with their other names, corrections, and how many documents hold it."""
    from workers.runtime.bootstrap import build_store

    settings = load()
    gazetteer = _gazetteer(settings)
    found = list(_known(gazetteer, name, type_))
    made = [
        one
        for one in read_corrections(settings.data_dir / FILE)
        if folded(name) in (folded(one.name), folded(one.into))
    ]
    store = build_store(settings)
    try:
        called = sorted({name, *(row.name for row in found)})
        counts = {one: store.search(Query(entity=one, limit=0)).total for one in called}
    finally:
        store.close()
    if as_json:
        rows = [{**msgspec.to_builtins(row), "names": _names(gazetteer, row)} for row in found]
        click.echo(msgspec.json.encode({"rows": rows, "corrections": made, "documents": counts}).decode())
        return
    for row in found:
        place = f"  {row.latitude}, {row.longitude}" if row.latitude is not None else ""
        click.echo(f"{row.type:<8}  {row.id}  {row.name}  {row.wikidata}{place}")
        click.echo(f"          {', '.join(_names(gazetteer, row))}")
    for one in made:
        click.echo(_told(one))
    for called_so, count in counts.items():
        click.echo(f"{count:>7,} documents name {called_so}")


@entities.command()
@click.argument("name")
@click.argument("into")
@_TYPE
@click.option("--wikidata", default="", metavar="Q…", help="Its Wikidata id, when it is certain.")
def merge(name: str, into: str, type_: str | None, wikidata: str) -> None:
    """Record that NAME is the same thing as INTO, and is to be called so."""
    settings = load()
    gazetteer = _gazetteer(settings)
    kind = _kind(gazetteer, type_, into, name)
    row = gazetteer.find(kind, into)
    full = row.name if row else into
    if folded(full) == folded(name) and not wikidata:
        raise Misuse(f"{name!r} is {full!r} already")
    _record(settings, Correction("merge", kind, " ".join(name.split()), " ".join(full.split()), wikidata))


@entities.command()
@click.argument("name")
@_TYPE
def split(name: str, type_: str | None) -> None:
    """Record that NAME is a thing of its own, and none of those it was taken for."""
    settings = load()
    kind = _kind(_gazetteer(settings), type_, name)
    _record(settings, Correction("split", kind, " ".join(name.split())))


def _record(settings: Settings, correction: Correction) -> None:
    add_correction(settings.data_dir / FILE, correction)
    click.echo(_told(correction))
    click.echo("new articles have it from now on; `kabar retag` brings it to stored ones")


def _kind(gazetteer: Gazetteer, given: str | None, *names: str) -> str:
    """Return the type given, or the only one that a name can be. Raises Misuse when that is unclear."""
    if given:
        return given.upper()
    for name in names:
        kinds = {row.type for row in _known(gazetteer, name, None)}
        if len(kinds) == 1:
            return kinds.pop()
    raise Misuse(f"say with --type what {names[0]!r} is: {', '.join(TYPES)}")


def _known(gazetteer: Gazetteer, name: str, type_: str | None) -> Iterator[Row]:
    for kind in (type_.upper(),) if type_ else TYPES:
        row = gazetteer.pinned.get((kind, folded(name))) or gazetteer.find(kind, name)
        if row:
            yield row


def _names(gazetteer: Gazetteer, row: Row) -> list[str]:
    """Return every name that leads to `row`, in lower case as they are compared."""
    listed = {name for (kind, name), other in gazetteer.by_name.items() if kind == row.type and other.id == row.id}
    return sorted(listed | {" ".join(key) for (kind, key), pin in gazetteer.pinned.items() if pin.id == row.id})


def _gazetteer(settings: Settings) -> Gazetteer:
    gazetteer = load_gazetteer(settings.config_dir / "gazetteer")
    correct(gazetteer, read_corrections(settings.data_dir / FILE))
    return gazetteer


def _told(correction: Correction) -> str:
    if correction.action == "split":
        return f"split  {correction.type:<8}  {correction.name}"
    return f"merge  {correction.type:<8}  {correction.name} → {correction.into}  {correction.wikidata}".rstrip()
