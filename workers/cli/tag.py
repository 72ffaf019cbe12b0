"""`kabar tag`: the entities of a text, or of many texts line by line."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import IO, Any

import click
import msgspec
from msgspec import Struct

from workers.cli.batch import Answer, answer_lines
from workers.errors import Misuse
from workers.runtime import settings
from workers.tag.corrections import FILE
from workers.tag.mentions import TIMEZONE
from workers.tag.tagger import Tagger


class Request(Struct, frozen=True):
    """One line of a batch."""

    id: str | int
    text: str
    published_at: datetime | None = None
    language: str | None = None
    timezone: str | None = None


@click.command()
@click.argument("file", required=False, type=click.File("rb"))
@click.option("--published-at", metavar="T", help="When the text was published: RFC 3339 or a day (UTC).")
@click.option("--timezone", default=TIMEZONE, show_default=True, help="Where it was published: its day counts there.")
@click.option("--language", default="id", show_default=True, help="Language of the text (BCP 47).")
@click.option("--json", "as_json", is_flag=True, help="JSON even on a terminal.")
@click.option("--batch", is_flag=True, help='Answer each line {"id", "text", "published_at"?} of stdin.')
def tag(
    file: IO[bytes] | None, published_at: str | None, timezone: str, language: str, as_json: bool, batch: bool
) -> None:
    """Show the people, organisations, places, dates, amounts, laws and events named in FILE (or stdin)."""
    when = _time(published_at)
    if batch and (file is not None or when is not None):
        raise Misuse("--batch reads stdin, and each line has its own published_at: leave out FILE and --published-at")
    given = settings.load()
    tagger = Tagger.load(given.config_dir, corrections=given.data_dir / FILE)
    if batch:
        answer_lines(
            sys.stdin.buffer,
            sys.stdout.buffer,
            Request,
            lambda text: answer(text, tagger, timezone),
            lambda _: {"entities": []},
        )
        return
    data = (file or sys.stdin.buffer).read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Misuse(f"{getattr(file, 'name', 'stdin')}: not UTF-8 text: {error}") from error
    entities = tagger.tag(text, published_at=when, language=language, timezone=timezone)
    if as_json or not sys.stdout.isatty():
        click.echo(msgspec.json.encode({"entities": [plain(entity) for entity in entities]}).decode())
    else:
        _show(entities)


def plain(entity: Any) -> dict[str, Any]:
    """Return an entity as its JSON object: every key always there but latitude and longitude, which go together."""
    row = {
        "text": entity.text,
        "type": entity.type,
        "start": entity.start,
        "end": entity.end,
        "name": entity.name,
        "wikidata": entity.wikidata or None,
        "score": entity.score,
        "value": entity.value or None,
        "role": entity.role or None,
    }
    if entity.latitude is not None:
        row |= {"latitude": entity.latitude, "longitude": entity.longitude}
    return row


def answer(request: Request, tagger: Tagger, timezone: str) -> Answer:
    when, language = _in_utc(request.published_at), request.language or "id"
    found = tagger.tag(request.text, published_at=when, language=language, timezone=request.timezone or timezone)
    return {"entities": [plain(entity) for entity in found]}


def _time(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        return _in_utc(datetime.fromisoformat(value))
    except ValueError as error:
        raise Misuse(f"--published-at {value!r}: {error}") from error


def _in_utc(value: datetime | None) -> datetime | None:
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def _show(entities: Iterable[Any]) -> None:
    """Print each thing once with its count, in order of appearance, for people."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None)
    for heading in ("name", "type", "mentions", "as", "value", "role", "wikidata", "score"):
        table.add_column(heading)
    groups: dict[tuple[str, str], list[Any]] = {}
    for entity in entities:
        groups.setdefault((entity.type, entity.name), []).append(entity)
    for (type_, name), group in groups.items():
        spellings = ", ".join(dict.fromkeys(" ".join(entity.text.split()) for entity in group))
        role = max((entity.role for entity in group), key=len)
        score = f"{max(entity.score for entity in group):.2f}"
        table.add_row(name, type_, str(len(group)), spellings, group[0].value, role, group[0].wikidata, score)
    Console().print(table)
