"""A page written for these tests, and the means to read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workers.extract import Sites, extract
from workers.model import Article, Entry, Page

NOW = datetime(2025, 9, 10, 3, 0, tzinfo=UTC)
URL = "https://www.kabarlokal.test/riau/2025/09/04/jembatan-siak-dibuka"
CONFIG = Path(__file__).resolve().parents[3] / "config"

PARAGRAPHS = (
    "Pemerintah Kota Pekanbaru membuka kembali Jembatan Siak IV pada Kamis pagi setelah perbaikan selama tiga bulan.",
    "Wali kota mengatakan beban kendaraan dibatasi delapan ton sampai pemeriksaan akhir selesai pada akhir tahun.",
    "Warga Rumbai menyambut pembukaan itu karena waktu tempuh ke pusat kota kembali menjadi lima belas menit.",
    "Dinas perhubungan menempatkan dua belas petugas di kedua ujung jembatan untuk mengatur arus pada jam sibuk.",
    "Pedagang di bawah jembatan berharap pembeli segera kembali seperti sebelum penutupan pada bulan Juni lalu.",
)


def page_of(inner: str, head: str = "", language: str = "id") -> bytes:
    """Return an HTML page with the furniture every portal has."""
    menu = "".join(f'<li><a href="/kanal/{n}">Kanal {n}</a></li>' for n in range(20))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">{head}</head><body>'
        f"<header><nav><ul>{menu}</ul></nav></header>{inner}"
        "<footer><p>Hak cipta kami. Dilarang mengutip tanpa izin tertulis dari redaksi.</p></footer></body></html>"
    ).encode()


def text_page(*extra: str, head: str = "", title: str = "Jembatan Siak IV dibuka kembali") -> bytes:
    """Return a page with the five paragraphs and `extra` blocks after the second."""
    blocks = [f"<p>{p}</p>" for p in PARAGRAPHS]
    blocks[2:2] = extra
    return page_of(f'<h1>{title}</h1><div class="isi">{"".join(blocks)}</div>', head)


@pytest.fixture(scope="session")
def sites() -> Sites:
    return Sites.load(CONFIG)


@pytest.fixture(scope="session")
def read(sites: Sites) -> Callable[..., Article]:
    """Return a function from bytes to Article."""

    def reader(
        body: bytes,
        entry: Entry | None = None,
        *,
        url: str = URL,
        headers: dict[str, str] | None = None,
        max_chars: int = 1_000_000,
    ) -> Article:
        page = Page(url=url, final_url=url, status=200, headers=headers or {}, body=body, fetched_ms=1)
        return extract(page, entry, now=NOW, max_chars=max_chars, sites=sites)

    return reader
