"""Tagging beside extraction: the same newsroom pages, one process, one run.

    python -m tests.bench.bench_tag [--pages N] [--rounds R]

Prints tokens tagged a second (features, model, rules and resolution included), the seconds loading takes, and
how long tagging takes beside `trafilatura.bare_extraction` with metadata. Read the ratio: seconds say more about the
machine. Seconds are those of the processor, rounds alternate and the quickest counts: a busy machine disturbs less.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trafilatura

from workers.newsroom.answers import Desk
from workers.newsroom.newsroom import Newsroom
from workers.newsroom.sites import article_path
from workers.tag.tagger import Tagger
from workers.tag.tokens import tokenise

CONFIG = Path(__file__).parents[2] / "config"


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--pages", type=int, default=40)
    asked.add_argument("--rounds", type=int, default=3)
    options = asked.parse_args()
    print(json.dumps(measure(options.pages, options.rounds), indent=2))


def measure(pages: int, rounds: int) -> dict[str, Any]:
    """Return the figures for `pages` generated articles."""
    newsroom = Newsroom(sites=4, articles=pages)
    desk = Desk(newsroom, "http://127.0.0.1")
    stories = newsroom.stories()
    sites = [newsroom.site_of(story) for story in stories]
    html = [
        desk.answer(site.host, article_path(site.layout, story), {}).plain
        for site, story in zip(sites, stories, strict=True)
    ]
    texts = [f"{story.title}\n{story.body}" for story in newsroom.truth()]
    load = _seconds(lambda: Tagger.load(CONFIG))
    tagger = Tagger.load(CONFIG)
    extracting = tagging = float("inf")
    for _ in range(rounds):
        extracting = min(extracting, _seconds(lambda: [_extract(page) for page in html]))
        tagging = min(tagging, _seconds(lambda: [tagger.tag(text) for text in texts]))
    tokens = sum(len(tokenise(text)) for text in texts)
    return {
        "pages": pages,
        "bytes_a_page": sum(map(len, html)) // pages,
        "tokens_a_page": tokens // pages,
        "load_seconds": round(load, 3),
        "tokens_a_second": round(tokens / tagging),
        "tag_to_extract": round(tagging / extracting, 3),
    }


def _extract(page: bytes) -> None:
    trafilatura.bare_extraction(page.decode(), with_metadata=True)


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
