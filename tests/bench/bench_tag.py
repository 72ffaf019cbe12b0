"""Tagging beside extraction: the same newsroom pages of about 300 words, one process, one run.

    python -m tests.bench.bench_tag [--pages N] [--rounds R] [--written]

`--written`: the newsroom's written articles, which are shorter and on pages that trafilatura is quick with.

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

WORDS = range(250, 351)  # of the articles measured
WRITTEN = 12  # articles that are written, not generated: the newsroom's first
CONFIG = Path(__file__).parents[2] / "config"


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--pages", type=int, default=40)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--written", action="store_true")
    options = asked.parse_args()
    words = range(1, 1_000) if options.written else WORDS
    print(json.dumps(measure(WRITTEN if options.written else options.pages, options.rounds, words), indent=2))


def measure(pages: int, rounds: int, words: range = WORDS) -> dict[str, Any]:
    """Return the figures for the first `pages` articles whose length is within `words`."""
    newsroom = Newsroom(sites=4, articles=WRITTEN + 4 * pages)
    desk = Desk(newsroom, "http://127.0.0.1")
    told = zip(newsroom.stories(), newsroom.truth(), strict=True)
    chosen = [(story, truth) for story, truth in told if len(truth.body.split()) in words][:pages]
    assert len(chosen) == pages, "too few articles of that length"
    sites = [newsroom.site_of(story) for story, _ in chosen]
    html = [
        desk.answer(site.host, article_path(site.layout, story), {}).plain
        for site, (story, _) in zip(sites, chosen, strict=True)
    ]
    texts = [f"{truth.title}\n{truth.body}" for _, truth in chosen]
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
        "words_a_page": sum(len(text.split()) for text in texts) // pages,
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
