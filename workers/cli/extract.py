"""`kabar extract`: what Kabar reads out of saved pages, one JSON object per page."""

from __future__ import annotations

import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from workers.cli.batch import Answer, answer_lines, failure, shown, success
from workers.errors import KabarError, Misuse, Permanent
from workers.extract import Sites
from workers.extract import extract as extract_article
from workers.extract.tree import MAX_BYTES
from workers.extract.zones import local
from workers.model import Article, Page
from workers.runtime.limits import TookTooLong, alarm
from workers.runtime.settings import Settings, load

FIELDS = ("title", "lead", "body", "headings", "captions", "authors", "editors", "dateline", "section", "tags", "image",
          "image_caption", "language", "published_at", "published_at_source", "modified_at", "timezone",
          "date_conflicts", "kind", "access", "pages", "incomplete", "restrictions", "canonical_url", "amp_url",
          "site_name", "extractor", "body_source", "removed")  # fmt: skip
TIMES = ("published_at", "modified_at")
NO_URL = "http://page.invalid/"  # stands for an address nobody gave; never answered


LISTS = ("headings", "captions", "authors", "editors", "tags", "date_conflicts", "restrictions", "removed")
NOTHING: Answer = {field: [] if field in LISTS else None for field in FIELDS}  # in their place beside an error


class Line(msgspec.Struct, frozen=True):
    """One line of a batch."""

    html_path: str
    url: str | None = None
    id: str | int | None = None


@click.command()
@click.option("--url", default="", help="The page's address: resolves links, tells the site and its rules.")
@click.option("--batch", is_flag=True, help='Read JSON lines {"id","url","html_path"}; answer each with one line.')
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def extract(url: str, batch: bool, files: tuple[Path, ...]) -> None:
    """Extract the article of saved pages FILE… (HTML, also .gz; "-" reads standard input)."""
    if batch == bool(files):
        raise Misuse("give FILE… or --batch" + (", not both" if batch else ""))
    settings = load()
    sites = Sites.load(settings.config_dir)
    if batch:
        # standard input carries the lines: "-" is a file's name there
        answer_lines(
            sys.stdin.buffer,
            sys.stdout.buffer,
            Line,
            lambda line: _article(line.url or "", line.html_path, settings, sites, piped=False),
            lambda line: {"url": (line and line.url) or "", **NOTHING},
        )
        return
    failed = False
    for path in files:
        try:
            answer = success(shown(path), _article(url, str(path), settings, sites, piped=str(path) == "-"))
        except Permanent as error:
            answer = failure(shown(path), {"url": url, **NOTHING}, error.reason, str(error))
            failed = True
        click.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
    if failed:
        raise KabarError("not every page gave an article")


def _article(url: str, path: str, settings: Settings, sites: Sites, *, piped: bool) -> Answer:
    """Return what the page says. Raises Permanent as `read_page` and `workers.extract.extract` do, and "too_slow"."""
    now = datetime.now(UTC)
    page = Page(url=url or NO_URL, final_url=url or NO_URL, status=200, headers={}, body=read_page(path, piped=piped),
                fetched_ms=int(now.timestamp() * 1_000))  # fmt: skip
    try:
        with alarm(settings.item_limit):
            article = extract_article(page, None, now=now, max_chars=settings.body_max_chars, sites=sites)
    except TookTooLong as error:
        raise Permanent(f"took longer than {settings.item_limit:g} s", reason="too_slow") from error
    return {"url": url, **_fields(article)}


def _fields(article: Article) -> dict[str, Any]:
    """The article's fields; times on the publisher's clock: a reader's day is the publisher's day."""
    shown = {field: getattr(article, field) for field in FIELDS}
    return shown | {field: local(shown[field], article.timezone) for field in TIMES}


def read_page(path: str, *, piped: bool = False) -> bytes:
    """Return the bytes of a saved page, decompressed when gzipped, at most a byte more than a page may have.

    `piped`: read standard input instead. Raises Permanent("unreadable") naming the file that can't be read.
    """
    try:
        with click.open_file("-", "rb") if piped else Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise Permanent(f"{shown(path)}: {why}", reason="unreadable") from error
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, MAX_BYTES + 1)
    except zlib.error as error:
        raise Permanent(f"{shown(path)}: broken gzip data: {error}", reason="unreadable") from error
