"""`kabar search`: find articles in the query language of `workers.index.query`, and show them."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import click
from msgspec import structs

from workers.cli.embedded import hint_if_missing
from workers.errors import Misuse
from workers.index.fields import LAST, ZONE, within
from workers.index.query import names, parse
from workers.model import Hit, Query, Results, encode

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WIDEST = 100  # characters a line is wrapped at on a wide terminal
_MARKED = re.compile("«([^«»]*)»")
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # would reorder a terminal's line


@click.command(
    # "-word" is part of a query, not an option: unknown ones pass, and -h is left to words like "-hujan"
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.argument("words", metavar="QUERY", nargs=-1)
@click.option("--site", default="", help="Only this publisher's articles, e.g. riau24.com.")
@click.option(
    "--entity", default="", help="Only articles naming this person, organisation or place, by any known name."
)
@click.option("--from", "first", default="", metavar="TIME", help="Published at TIME or later.")
@click.option("--to", "last", default="", metavar="TIME", help="Published before TIME; a day counts whole.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(0), help="Articles shown.")
@click.option("--offset", default=0, show_default=True, type=click.IntRange(0), help="Articles passed over.")
@click.option("--after", "cursor", default="", metavar="CURSOR", help="Articles behind a page: its cursor.")
@click.option("--all", "with_copies", is_flag=True, help="Copies of an article too, not only their original.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: total, hits.")
def search(
    words: tuple[str, ...], site: str, entity: str, first: str, last: str, limit: int, offset: int, cursor: str,
    with_copies: bool, as_json: bool,
) -> None:  # fmt: skip
    """Search the articles, best match first.

    QUERY is words (all must occur, in any of their forms), "phrases" (exactly so), -word for what must not occur,
    banjir OR longsor for either, and fields: judul: site: orang: tempat: lembaga: rubrik: penulis: tag: bahasa: sejak:
    sebelum: sampai: (or title: people: places: org: section: author: language: after: before: until:). A day is
    2026-03-01, kemarin, hari-ini, 7hari, 2minggu, 3bulan, 1tahun (yesterday, today, 7d, 2w, 3m, 1y). Put it in single
    quotes when it has a phrase: kabar search '"Badan Geologi" gempa OR longsor -tsunami tempat:Riau sejak:2026-03-01'.

    Without QUERY the newest articles are listed. TIME is a day (2026-03-02, in WIB) or RFC 3339
    (2026-03-02T10:00:00+07:00). Copies of an article are left out, unless a site, rubric, author or time is asked for.
    """
    query = Query(
        text=text_of("search", words),
        site=site.strip().removeprefix("www."),
        entity=entity.strip(),
        published_from=read_time("--from", first, end=False),
        published_to=read_time("--to", last, end=True),
        fold=not with_copies,
        limit=limit,
        offset=offset,
        cursor=cursor.strip(),
        hold=True,
    )
    results = _ask(query)
    if as_json:
        click.echo(encode(results))
        return
    styled = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    width = min(shutil.get_terminal_size().columns, WIDEST)
    click.echo("\n".join(lines(results, offset=offset, styled=styled, width=width)))


def text_of(command: str, words: Sequence[str]) -> str:
    """Return the query that `words` of a command line are. Raises Misuse on one that was meant for an option."""
    for word in words:
        if word.startswith("--"):
            raise Misuse(f"{command}: no such option: {word}")
    return " ".join(words)


def _ask(query: Query) -> Results:
    from workers.runtime import bootstrap, settings  # here: `--help` needs neither

    given = settings.load()
    query = with_names(query, given.config_dir, given.data_dir)
    store = bootstrap.build_store(given)
    try:
        results: Results = store.search(query)
        if query.fold and not results.total:  # a copy's own headline may have what its original lacks
            results = store.search(structs.replace(query, fold=False))
        copies = store.copies([hit.id for hit in results.hits])
    finally:
        store.close()
    hint_if_missing(given.sqlite_path)
    return structs.replace(
        results, hits=tuple(structs.replace(hit, copies=copies.get(hit.id, 0)) for hit in results.hits)
    )


def with_names(query: Query, config_dir: Path, data_dir: Path | None = None) -> Query:
    """Return `query` with what documents call the people, organisations and places it names.

    Raises Misuse on a query text that can't be read, and naming the gazetteer's file that can't be.
    """
    typed = names(parse(query.text))
    if not typed and not query.entity:
        return query
    known = documented_names((*typed, query.entity), config_dir, data_dir)
    return structs.replace(query, entity=known[query.entity], names={name: known[name] for name in typed})


def documented_name(name: str, config_dir: Path, data_dir: Path | None = None) -> str:
    """Return what documents call the thing called `name`: "Surakarta" for "Solo"; an unknown name as it is.

    Raises Misuse naming the gazetteer's file that can't be read.
    """
    return documented_names((name,), config_dir, data_dir)[name]


def documented_names(wanted: Sequence[str], config_dir: Path, data_dir: Path | None = None) -> dict[str, str]:
    """Return what documents call each of `wanted`, see `documented_name`."""
    from workers.tag.corrections import FILE, correct, read_corrections
    from workers.tag.gazetteer import load_gazetteer  # a tenth of a second, for names only

    gazetteer = load_gazetteer(config_dir / "gazetteer")
    correct(gazetteer, read_corrections(data_dir / FILE) if data_dir else [])
    return {name: gazetteer.resolve_name(name) if name else "" for name in wanted}


def read_time(option: str, value: str, *, end: bool) -> datetime | None:
    """Return the time `value` means, None when blank; a day is its first moment in WIB, with `end` the next day's.

    What lies beyond the calendar in WIB or UTC is its first or last moment. Raises Misuse naming the option: no day nor
    RFC 3339 time.
    """
    value = value.strip()
    if not value:
        return None
    try:
        if len(value) == len("2026-03-02"):
            day = date.fromisoformat(value)
            if end and day == date.max:
                return LAST
            return within(datetime.combine(day + timedelta(days=1) if end else day, time(), ZONE))
        moment = datetime.fromisoformat(value)
        return within(moment if moment.tzinfo else moment.replace(tzinfo=ZONE))
    except ValueError as error:
        wanted = "2026-03-02 or 2026-03-02T10:00:00+07:00"
        raise Misuse(f"{option}: {value[:40]!r} is no time like {wanted}") from error


def lines(results: Results, *, offset: int = 0, styled: bool = False, width: int = 80) -> Iterator[str]:
    """Yield the results for people, wrapped at `width` characters; `styled`: found words in bold instead of « »."""
    noun = "article" if results.total == 1 else "articles"
    meant = [f"Did you mean: {printable(results.suggestion)}"] if results.suggestion else []
    if not results.hits:
        yield f"{results.total:,} {noun} found"
        yield from meant
        return
    yield f"{results.total:,} {noun} found, shown: {offset + 1:,} to {offset + len(results.hits):,}"
    for number, hit in enumerate(results.hits, offset + 1):
        yield ""
        yield from _hit_lines(number, hit, styled, width)
    if meant:
        yield from ("", *meant)
    if results.cursor and offset + len(results.hits) < results.total:
        yield from ("", f"More: --after {results.cursor}")


def _hit_lines(number: int, hit: Hit, styled: bool, width: int) -> Iterator[str]:
    title = printable(hit.title) or "(no title)"
    yield f"{number}. {click.style(title, bold=True) if styled else title}"
    yield f"   {printable(hit.site)} · {local_time(hit.published_at)} · {printable(hit.url)}"
    text = textwrap.fill(
        printable(hit.snippet), max(width, 40), initial_indent="   ", subsequent_indent="   ", break_long_words=False
    )
    if text:
        yield _MARKED.sub(lambda found: click.style(found[1], fg="yellow", bold=True), text) if styled else text
    if hit.duplicate_of:
        yield f"   copy of {printable(hit.duplicate_of)}"
    if hit.copies:
        yield f"   {hit.copies:,} {'copy' if hit.copies == 1 else 'copies'} elsewhere"
    named = (("People", hit.people), ("Organisations", hit.organisations), ("Places", hit.places))
    if names := " · ".join(f"{kind}: {printable(', '.join(who))}" for kind, who in named if who):
        yield f"   {click.style(names, dim=True) if styled else names}"


def local_time(moment: datetime) -> str:
    """Return `moment` as "2 Mar 2026 19:00 WIB"."""
    try:
        here = moment.astimezone(ZONE)
    except OverflowError:  # a page may claim the last day of the year 9999
        return moment.isoformat()
    return f"{here.day} {MONTHS[here.month - 1]} {here.year} {here:%H:%M} WIB"


def printable(text: str) -> str:
    """Return `text` without what could steer a terminal: a page's title is a stranger's text."""
    return "".join(c for c in text if unicodedata.category(c) != "Cc" and c not in _DIRECTIONS)
