"""How much of what was written is taken out of the newsroom's pages, to the character, and how fast.

The truth is the story as its author wrote it (`workers.newsroom` knows nothing of `workers.extract`); the pages put
every kind of clutter round it, in five layouts. `make quality` prints the figures.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

import pytest
from msgspec import structs
from trafilatura import bare_extraction

from workers.extract import Sites, extract
from workers.model import Article, Page
from workers.newsroom import ExpectedArticle, Newsroom
from workers.newsroom.answers import Desk
from workers.newsroom.sites import LAYOUTS
from workers.runtime.settings import PROJECT

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXACT = 0.98  # of the bodies of each layout
FASTER = 1.5  # times trafilatura's own extraction with metadata
CONFIGURED = Sites.load(PROJECT / "config")


def pages(count: int) -> Iterator[tuple[str, ExpectedArticle, bytes]]:
    """Yield (layout, truth, page) of `count` stories, a site for each layout."""
    newsroom = Newsroom(sites=len(LAYOUTS), articles=count)
    desk = Desk(newsroom, "http://127.0.0.1:1")
    layouts = {site.host: site.layout for site in newsroom.sites}
    for truth in newsroom.truth():
        path = truth.url.removeprefix(f"http://{truth.site}")
        yield layouts[truth.site], truth, desk.answer(truth.site, path, {}).plain


def read(url: str, body: bytes, sites: Sites = CONFIGURED) -> Article:
    page = Page(url=url, final_url=url, status=200, headers={}, body=body, fetched_ms=1)
    return extract(page, None, now=NOW, max_chars=1_000_000, sites=sites)


def measured(found: Iterable[tuple[str, ExpectedArticle, Article]]) -> tuple[dict[str, float], dict[str, int]]:
    """Return the share of exact bodies by layout, and how often something else of the body was not as written."""
    exact, total, wrong = Counter[str](), Counter[str](), Counter[str]()
    for layout, truth, article in found:
        total[layout] += 1
        exact[layout] += article.body == truth.body
        wrong["headings"] += article.headings != truth.headings
        wrong["datelines"] += article.dateline != truth.dateline
        wrong["captions"] += not set(truth.captions) <= set(article.captions)
    return {layout: exact[layout] / total[layout] for layout in total}, dict(wrong)


def test_bodies_are_as_written() -> None:
    shares, wrong = measured((layout, truth, read(truth.url, body)) for layout, truth, body in pages(100))
    assert shares == dict.fromkeys(LAYOUTS, 1.0)
    assert not any(wrong.values())


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_bodies_of_a_thousand_pages_are_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    shares, wrong = measured((layout, truth, read(truth.url, body)) for layout, truth, body in pages(1_000))
    with capsys.disabled():
        print("\nexact bodies of 1,000 pages:", ", ".join(f"{name} {share:.1%}" for name, share in shares.items()))
        print("other than written:", ", ".join(f"{name} {count}" for name, count in wrong.items()))
    assert set(shares) == set(LAYOUTS)
    assert all(share >= EXACT for share in shares.values())
    assert all(count <= 0.02 * 1_000 for count in wrong.values())


def test_the_check_can_fail() -> None:
    few = list(pages(25))
    shares, _ = measured((layout, truth, read(truth.url, body, Sites())) for layout, truth, body in few)
    assert max(shares.values()) < EXACT, "without rules clutter stays in the bodies"
    altered = ((la, structs.replace(truth, body=truth.body + "."), read(truth.url, body)) for la, truth, body in few)
    assert set(measured(altered)[0].values()) == {0.0}


def test_the_pages_hold_what_portals_put_round_and_into_a_text() -> None:
    kept = list(pages(200))
    seen = b"\n".join(body for _, _, body in kept)
    for clutter in (b"Baca juga", b"BACA JUGA", b"ADVERTISEMENT", b"SCROLL TO CONTINUE", b"Simak Video", b"[Gambas:",
                    b"Google News", b"WhatsApp Channel", b"(***)", b"Bagikan:", b"Editor:", b"display:none",
                    b"figcaption", b"<blockquote", b"<li>", b"Lihat juga", b"Terpopuler"):  # fmt: skip
        assert clutter in seen, clutter
    assert sum(bool(truth.captions) for _, truth, _ in kept) > 50
    assert sum(bool(truth.headings) for _, truth, _ in kept) > 50


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_extraction_is_faster_than_trafilaturas_own(capsys: pytest.CaptureFixture[str]) -> None:
    sample = [(truth.url, body) for _, truth, body in pages(100)]
    ratios = [
        spent(lambda url, body: bare_extraction(body, url=url, with_metadata=True), sample) / spent(read, sample)
        for _ in range(4)
    ]
    with capsys.disabled():
        print(f"\npages a second, times trafilatura's own: {max(ratios):.2f}")
    assert max(ratios) >= FASTER


def spent(work: Callable[[str, bytes], object], sample: list[tuple[str, bytes]]) -> float:
    """Return the processor seconds that `work` takes: others' load must not decide."""
    began = time.process_time()
    for url, body in sample:
        work(url, body)
    return time.process_time() - began
