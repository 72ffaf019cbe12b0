"""`kabar extract`: what Kabar reads out of saved pages, one JSON object per page."""

from __future__ import annotations

import gzip
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click
import msgspec

from workers.errors import KabarError, Misuse, Permanent
from workers.extract import Sites
from workers.extract import extract as extract_article
from workers.extract.tree import MAX_BYTES
from workers.model import Article, Page
from workers.runtime.settings import Settings, load

FIELDS = ("title", "lead", "body", "headings", "authors", "section", "tags", "image", "language", "published_at",
          "published_at_source", "modified_at", "canonical_url", "extractor", "body_source", "removed")  # fmt: skip
NO_URL = "http://page.invalid/"  # stands for an address nobody gave; never answered


class Request(msgspec.Struct):
    """One line of a batch."""

    html_path: str
    url: str = ""
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
        answer_lines(sys.stdin.buffer, sys.stdout.buffer, settings, sites)
        return
    failed = False
    for path in files:
        answer = _answer(None, url, str(path), settings, sites)
        click.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
        failed = failed or answer["error"] is not None
    if failed:
        raise KabarError("not every page gave an article")


def answer_lines(lines: BinaryIO, out: BinaryIO, settings: Settings, sites: Sites) -> None:
    """Answer each line of `lines` with one line on `out`, in order, at once."""
    for line in lines:
        if not line.strip():
            continue
        try:
            request = msgspec.json.decode(line, type=Request)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            answer = _failure(None, "", "Misuse", f"not a request line: {error}")
        else:
            answer = _answer(request.id, request.url, request.html_path, settings, sites)
        out.write(msgspec.json.encode(answer) + b"\n")
        out.flush()


def _answer(name: Any, url: str, path: str, settings: Settings, sites: Sites) -> dict[str, Any]:
    now = datetime.now(UTC)
    try:
        body = read_page(path)
        page = Page(url=url or NO_URL, final_url=url or NO_URL, status=200, headers={}, body=body,
                    fetched_ms=int(now.timestamp() * 1_000))  # fmt: skip
        article = extract_article(page, None, now=now, max_chars=settings.body_max_chars, sites=sites)
    except Permanent as error:
        return _failure(name, url, error.reason, str(error))
    except KabarError as error:
        return _failure(name, url, type(error).__name__, str(error))
    return {"id": name, "url": url, **_fields(article), "error": None}


def _fields(article: Article) -> dict[str, Any]:
    return {field: getattr(article, field) for field in FIELDS}


def _failure(name: Any, url: str, kind: str, message: str) -> dict[str, Any]:
    return {"id": name, "url": url, **dict.fromkeys(FIELDS), "error": {"type": kind, "message": message}}


def read_page(path: str) -> bytes:
    """Return the bytes of a saved page, decompressed when gzipped, at most a byte more than a page may have.

    Raises Misuse naming the file that can't be read.
    """
    try:
        with sys.stdin.buffer if path == "-" else Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
            if not data.startswith(b"\x1f\x8b"):
                return data
    except (OSError, ValueError) as error:
        raise Misuse(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, MAX_BYTES + 1)
    except (zlib.error, gzip.BadGzipFile) as error:
        raise Misuse(f"{path}: broken gzip data: {error}") from error
