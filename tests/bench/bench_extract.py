"""Pages a second: Kabar's whole extraction beside trafilatura's with metadata, in one process on the same pages.

    python -m tests.bench.bench_extract [--pages DIR] [--count N] [--rounds R]

Without `--pages` (a folder of *.html or *.html.gz) the newsroom's pages are read, 100 to 200 KB each. Both get the
bytes and give title, authors, dates and body; Kabar's also cleans the body, checks it against head and running text,
and tells what kind of page it is. They take turns page by page, first one, then the other, on the processor's clock, so
that a busy machine slows both alike. Prints a line, and one JSON object on the last one: read the ratio.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from trafilatura import bare_extraction

from workers.errors import Permanent
from workers.extract import Sites, extract
from workers.model import Page
from workers.newsroom import Newsroom
from workers.newsroom.answers import Desk
from workers.runtime.settings import PROJECT

NOW = datetime(2026, 11, 1, tzinfo=UTC)
URL = "https://www.kabarlokal.test/berita/jembatan-siak-empat-dibuka"
Side = Callable[[bytes], object]


def main(arguments: list[str] | None = None) -> dict[str, float]:
    """Time both sides and print what came of it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--pages", type=Path, help="folder of saved pages")
    asked.add_argument("--count", type=int, default=100, help="of pages, at most")
    asked.add_argument("--rounds", type=int, default=5)
    options = asked.parse_args(arguments)
    pages = (saved(options.pages) if options.pages else newsroom(options.count))[: options.count]
    if not pages:
        sys.exit(f"no *.html or *.html.gz in {options.pages}")
    sides = {"kabar": kabar(Sites.load(PROJECT / "config")), "trafilatura": trafilatura}
    times = [one_round(pages, sides, number) for number in range(options.rounds + 1)][1:]  # the first one warms up
    rates = {name: len(pages) / statistics.median(t[name] for t in times) for name in sides}
    ratios = sorted(t["trafilatura"] / t["kabar"] for t in times)
    found = {
        "pages": float(len(pages)),
        "mean_bytes": round(statistics.mean(map(len, pages))),
        "rounds": float(len(times)),
        "kabar_pages_per_second": round(rates["kabar"], 1),
        "trafilatura_pages_per_second": round(rates["trafilatura"], 1),
        "ratio": round(statistics.median(ratios), 2),
        "ratio_lowest": round(ratios[0], 2),
        "ratio_highest": round(ratios[-1], 2),
    }
    print(
        f"{len(pages)} pages of {found['mean_bytes']:,.0f} bytes: Kabar {rates['kabar']:.1f} pages/s, trafilatura "
        f"with metadata {rates['trafilatura']:.1f}; ratio {found['ratio']} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    )
    print(json.dumps(found))
    return found


def one_round(pages: list[bytes], sides: dict[str, Side], number: int) -> dict[str, float]:
    """Return the seconds each side took for all pages; which goes first changes from page to page."""
    spent = dict.fromkeys(sides, 0.0)
    gc.collect()
    for place, body in enumerate(pages):
        turn = list(sides.items())
        for name, side in turn if (place + number) % 2 else reversed(turn):
            begin = time.process_time()
            side(body)
            spent[name] += time.process_time() - begin
    return spent


def kabar(sites: Sites) -> Side:
    def whole(body: bytes) -> object:
        page = Page(url=URL, final_url=URL, status=200, headers={}, body=body, fetched_ms=0)
        try:
            return extract(page, None, now=NOW, max_chars=1_000_000, sites=sites)
        except Permanent as refused:
            return refused

    return whole


def trafilatura(body: bytes) -> object:
    return bare_extraction(body, with_metadata=True)


def saved(folder: Path) -> list[bytes]:
    paths = sorted(p for p in folder.iterdir() if p.name.endswith((".html", ".html.gz")))
    return [gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in paths]


def newsroom(count: int) -> list[bytes]:
    """Return the pages of a newsroom's articles."""
    desk = Desk(Newsroom(sites=4, articles=count), "http://127.0.0.1:1")
    return [desk.answer(a.site, "/" + a.url.split("/", 3)[3], {}).plain for a in desk.newsroom.truth()]


if __name__ == "__main__":
    main()
