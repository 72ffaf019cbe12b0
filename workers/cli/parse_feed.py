"""`kabar parse-feed`: what a feed document says, as JSON; one file, or a batch of them on standard input."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import Struct

from workers.cli.batch import Answer, answer_lines, failure, shown, success
from workers.errors import Misuse, Permanent
from workers.model import Entry, Feed, digest
from workers.poll import parse as reading
from workers.poll.entries import host_of
from workers.poll.feedlist import zone_problem
from workers.poll.parse import ParsedFeed
from workers.runtime.settings import Settings, load

NO_ADDRESS = "https://feed.invalid/"  # relative links of a document from nowhere can't be made absolute


class Job(Struct, frozen=True):
    """One line of a batch."""

    id: str | int
    path: str
    url: str | None = None
    content_type: str | None = None


@click.command("parse-feed")
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--batch", is_flag=True, help='Read {"id","path","url"?,"content_type"?} lines from standard input.')
@click.option(
    "--url", default="", help="Address the document was fetched from (relative links are resolved against it)."
)
@click.option("--content-type", default="", help="Content-Type it was served with, for its charset.")
@click.option("--timezone", default="Asia/Jakarta", show_default=True, help="Zone of dates that name none.")
def parse_feed(file: Path | None, batch: bool, url: str, content_type: str, timezone: str) -> None:
    """Print what the feed document FILE ("-": standard input) says, as JSON."""
    if batch == bool(file):
        raise Misuse("parse-feed: give either FILE or --batch")
    if problem := zone_problem(timezone):
        raise Misuse(f"parse-feed: --{problem}")
    settings = load()
    if batch:
        # standard input carries the jobs: "-" is a file's name there
        answer_lines(sys.stdin.buffer, sys.stdout.buffer, Job, lambda job: _read(job, timezone, settings), _nothing)
        return
    job = Job(shown(file or ""), str(file), url, content_type)
    try:
        answer = success(job.id, _read(job, timezone, settings, piped=job.path == "-"))
    except Permanent as error:
        answer = failure(job.id, _nothing(job), error.reason, str(error))
    click.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
    if answer["error"]:
        sys.exit(1)


def _nothing(_: Job | None) -> Answer:
    return {"feed": None, "entries": []}


def _read(job: Job, timezone: str, settings: Settings, *, piped: bool = False) -> Answer:
    """Return what the document says. Raises Permanent as `_bytes` and `workers.poll.parse.parse_feed` do."""
    address = job.url or NO_ADDRESS
    feed = Feed(id=digest(address), url=address, site=host_of(job.url or ""), timezone=timezone)
    parsed = reading.parse_feed(
        _bytes(job.path, settings.feed_max_bytes, piped),
        feed,
        url=address,
        content_type=job.content_type or "",
        now=datetime.now(UTC),
        max_entries=settings.max_entries,
    )
    return {"feed": _feed_row(parsed), "entries": [_entry_row(entry) for entry in parsed.entries]}


def _bytes(path: str, most: int, piped: bool) -> bytes:
    """Read a document of at most `most` bytes. Raises Permanent "unreadable" or "too_large"."""
    try:
        with click.open_file(path, "rb") if piped else Path(path).open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise Permanent(f"{shown(path)}: {why}", reason="unreadable") from error
    if len(data) > most:
        raise Permanent(f"{shown(path)}: larger than {most} bytes (KABAR_FEED_MAX_BYTES)", reason="too_large")
    return data


def _feed_row(parsed: ParsedFeed) -> dict[str, Any]:
    return {
        "title": parsed.title,
        "link": parsed.link,
        "language": parsed.language,
        "version": parsed.version,
        "ttl_seconds": parsed.ttl_seconds,
        "period_seconds": parsed.hints.period_seconds,
        "skip_hours": sorted(parsed.hints.skip_hours),
        "skip_days": sorted(parsed.hints.skip_days),
        "dropped": parsed.dropped,
        "problem": parsed.bozo,
    }


def _entry_row(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.url,
        "guid": entry.guid,
        "title": entry.title,
        "published_at": entry.published_at,
        "updated_at": entry.updated_at,
        "dated_ahead": entry.dated_ahead,
        "authors": entry.authors,
        "summary": entry.summary,
        "content": entry.content,
        "tags": entry.tags,
        "image": entry.image,
        "page": entry.page,
        "fingerprint": entry.fingerprint,
    }
