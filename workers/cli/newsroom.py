"""`kabar newsroom`: local news sites in the foreground."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import click

from workers.newsroom import Newsroom, NewsroomServer


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; 0 takes a free one.")
@click.option(
    "--sites", type=click.IntRange(1), default=1, show_default=True, help="News sites, told apart by Host name."
)
@click.option(
    "--articles",
    type=click.IntRange(0),
    default=None,
    help="Articles in all; beyond the written ones they are generated.",
)
@click.option(
    "--feeds",
    type=click.IntRange(1),
    default=None,
    help="Feeds that together list every article; default: one per site.",
)
@click.option(
    "--wire", type=click.IntRange(0), default=0, show_default=True, help="Further stories that every site prints."
)
@click.option(
    "--pages", type=click.Path(path_type=Path), default=None, help="Folder of saved pages, served at /pages/."
)
@click.option("--paged", type=click.IntRange(0), default=0, help="Print every N-th long article over several pages.")
def newsroom(
    port: int, sites: int, articles: int | None, feeds: int | None, wire: int, pages: Path | None, paged: int
) -> None:
    """Serve local news sites for trying things out; the first line printed is their address."""
    stop = threading.Event()
    printed = Newsroom(sites=sites, articles=articles, feeds=feeds, pages=pages, wire=wire, paged=paged)
    server = NewsroomServer(printed, port=port)
    previous = {number: signal.signal(number, _setter(stop)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with server:
            click.echo(server.url)
            click.echo(
                f"KABAR_RESOLVE={server.resolve} KABAR_ALLOW_ADDRESSES=127.0.0.0/8  # feeds: {server.url}/feeds.toml",
                err=True,
            )
            stop.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _setter(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    return on_signal
