"""Feeds for measuring how fast they are polled: `/load/N.xml` on any host, by N's last digit.

    0 … 4   has an ETag and answers 304
    5 … 7   says nothing about changes and is the same document each time
    8, 9    thirty items, two of them new each time it is asked for

The shares are those issue trackers and rss-fetcher report of real feeds. The items' pages do not exist.
"""

from __future__ import annotations

import gzip
import threading
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache

from workers.newsroom.answers import Answer

ITEMS, FRESH = 30, 2
RSS = "application/rss+xml; charset=utf-8"
ARTICLES = "http://load.newsroom.test"  # host of the items' pages
SUMMARY = (
    "Pemerintah kabupaten menyiapkan langkah lanjutan setelah rapat bersama warga, pelaku usaha dan perangkat desa. "
    "Hasil pembahasan akan diumumkan pekan depan di kantor bupati, kata seorang pejabat yang ikut dalam rapat itu."
)


class LoadFeeds:
    """The feeds, and how often those that change were asked for. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: defaultdict[int, int] = defaultdict(int)

    def answer(self, name: str, headers: Mapping[str, str]) -> Answer | None:
        """Return the answer of feed `name`, None when there is no such feed."""
        if not (name.isascii() and name.isdigit() and len(name) < 9):
            return None
        number = int(name)
        kind = number % 10
        if kind < 5:
            tag = f'"load-{number}"'
            if headers.get("If-None-Match") == tag:
                return Answer(304, RSS, b"", headers={"etag": tag})
            return Answer(200, RSS, _document(number, 0), zipped=True, headers={"etag": tag})
        if kind < 8:
            return Answer(200, RSS, _document(number, 0), zipped=True)
        with self._lock:
            self._turns[number] += 1
            turn = self._turns[number]
        return Answer(200, RSS, _document.__wrapped__(number, turn), zipped=True)


@lru_cache(maxsize=20_000)
def _document(number: int, turn: int) -> bytes:
    newest = ITEMS + turn * FRESH
    now = datetime.now(UTC)
    items = "".join(_item(number, newest - place, now - timedelta(minutes=20 * place)) for place in range(ITEMS))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>Umpan {number}</title><link>{ARTICLES}/{number}/</link><language>id</language>{items}</channel></rss>"
    )
    return gzip.compress(text.encode(), 1, mtime=0)


def _item(number: int, story: int, when: datetime) -> str:
    address = f"{ARTICLES}/{number}/berita-{story}-rapat-warga-di-kantor-bupati"
    return (
        f"<item><title>Rapat warga ke-{story} di kantor bupati daerah {number}</title><link>{address}</link>"
        f'<guid isPermaLink="true">{address}</guid><pubDate>{format_datetime(when)}</pubDate>'
        f"<description>{SUMMARY}</description><category>Daerah</category></item>\n"
    )
