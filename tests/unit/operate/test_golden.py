"""Samples read again: what hangs is cut off, what an editor accepted is the new expectation."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.unit.extract.conftest import URL, text_page
from workers.errors import Permanent
from workers.extract import Sites
from workers.extract import article as extraction
from workers.model import Article, Page
from workers.operate.archive import PageArchive
from workers.operate.golden import Reader, accept, expectation, older_and_newer, replay
from workers.runtime.limits import TookTooLong, alarm
from workers.samples import Sample


@pytest.fixture
def archive(tmp_path: Path) -> PageArchive:
    """An archive with one page that was refused once."""
    archive = PageArchive(tmp_path, mode="samples", count=8, limit=10_000_000)
    page = Page(url=URL, final_url=URL, status=200, headers={}, body=text_page(), fetched_ms=1_757_000_000_000)
    archive.keep(Sample(site="s.test", page=page, refused="no_text", message="no text", addresses=(URL,)))
    return archive


@contextmanager
def nothing() -> Iterator[None]:
    yield


READER = Reader(Sites(), 10**6, nothing, ())


def test_a_refused_sample_that_gives_an_article_is_better_and_then_as_before(archive: PageArchive) -> None:
    (better,) = replay(archive, "s.test", READER, 10)
    assert [change.verdict for change in better.changes] == ["better"]
    assert accept(archive, better)
    (same,) = replay(archive, "s.test", READER, 10)
    assert (same.changes, same.worse) == ((), False)
    assert not accept(archive, same)
    assert same.kept.sample is not None
    assert isinstance(expectation(same.kept.sample), Article)


def test_a_page_that_hangs_is_worse_not_the_end(archive: PageArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    (better,) = replay(archive, "s.test", READER, 10)
    accept(archive, better)
    monkeypatch.setattr(extraction, "_from_page", lambda *_: time.sleep(5))
    (hung,) = replay(archive, "s.test", Reader(Sites(), 10**6, lambda: alarm(0.1), (TookTooLong,)), 10)
    assert isinstance(hung.now, Permanent)
    assert (hung.now.reason, hung.worse) == ("too_slow", True)


def test_dates_are_judged_by_the_time_of_the_fetch(archive: PageArchive) -> None:
    first, again = (next(replay(archive, "s.test", READER, 10)).now for _ in range(2))
    assert first == again


def test_figures_of_no_samples_are_none() -> None:
    assert older_and_newer([]) == (None, None)
