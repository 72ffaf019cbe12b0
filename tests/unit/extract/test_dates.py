"""Dates as pages write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.extract.dates import EARLIEST, read, read_url

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kamis, 04 Sep 2025 14:05 WIB", "2025-09-04T07:05:00"),
        ("Kamis, 4 September 2025 | 14:05 WIB", "2025-09-04T07:05:00"),
        ("Senin, 3 Nopember 2025 pukul 09.30 WITA", "2025-11-03T01:30:00"),
        ("Jumat 05 September 2025, 08:01:22 WIT", "2025-09-04T23:01:22"),
        ("Kabar.com - 04/09/2025, 14:05 WIB", "2025-09-04T07:05:00"),
        ("Diterbitkan 31 Maret 2016", "2016-03-30T17:00:00"),
        ("17 Agu 2024 - 10:00", "2024-08-17T03:00:00"),
        ("2025-09-04T14:05:33+07:00", "2025-09-04T07:05:33"),
        ("2025-09-04T14:05:33.123456Z", "2025-09-04T14:05:33"),
        ("2025-09-04 14:05:33", "2025-09-04T07:05:33"),
        ("2025-09-04 14:05 WITA", "2025-09-04T06:05:00"),
        ("2025/09/04 14:05:33", "2025-09-04T07:05:33"),
        ("2025-09-04", "2025-09-03T17:00:00"),
        ("20250904", "2025-09-03T17:00:00"),
        ("20250904140533", "2025-09-04T07:05:33"),
        ("1756969533", "2025-09-04T07:05:33"),
        ("1756969533000", "2025-09-04T07:05:33"),
        ("Thu, 04 Sep 2025 14:05:00 +0700", "2025-09-04T07:05:00"),
        ("Thu, 28 Oct 2011 14:44:28", "2011-10-28T07:44:28"),
        ("September 4, 2025 2:05 pm EDT", "2025-09-04T18:05:00"),
        ("September 4th, 2025, 12:05 AM", "2025-09-03T17:05:00"),
        ("4. September 2025, 10:11 Uhr", "2025-09-04T03:11:00"),
        ("5/23/2016", "2016-05-22T17:00:00"),
        ("Tue May 12 2026 14:44:00 GMT+0700 (WIB)", "2026-05-12T07:44:00"),
        ("Tue May 12 14:44:00 WIB 2026", "2026-05-12T07:44:00"),
        ("12 Mei 2026, 14:44 GMT+7", "2026-05-12T07:44:00"),
        ("12 Mei 2026 15:44 (UTC+8)", "2026-05-12T07:44:00"),
        ("2026-05-12 02:44 PM", "2026-05-12T07:44:00"),
        ("14:44 WIB, 12 Mei 2026", "2026-05-12T07:44:00"),
        ("14:44 - 12 Mei 2026", "2026-05-12T07:44:00"),
        ("12/05/26 14:44", "2026-05-12T07:44:00"),
        ("12 Mei 2026 2:44 sore", "2026-05-12T07:44:00"),
        ("Updated: 13 Mei 2026 09:00 WIB | Published: 12 Mei 2026 14:44 WIB", "2026-05-12T07:44:00"),
        ("31 Februari 2025", None),
        ("99/99/2020", None),
        ("2025-13-45", None),
        ("12 Januari 1890", None),
        ("kemarin", None),
        ("", None),
        ("9" * 500, None),
        ("²⁰²⁵-09-04", None),
    ],
)
def test_read(text: str, expected: str | None) -> None:
    assert read(text, JAKARTA) == (datetime.fromisoformat(expected).replace(tzinfo=UTC) if expected else None)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.test/2025/09/04/judul", "2025-09-04"),
        ("https://a.test/berita/20250904140533-4-1/judul", "2025-09-04"),
        ("https://a.test/judul-2025-09-04", "2025-09-04"),
        ("https://a.test/d-7654321/judul", None),
        ("https://a.test/berita/baca/1756969533-judul", None),
        ("https://a.test/x?date=/2025/09/04/", None),
    ],
)
def test_read_url(url: str, day: str | None) -> None:
    found = read_url(url, JAKARTA)
    assert (found.astimezone(JAKARTA).date().isoformat() if found else None) == day


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789/-.: TZ+,SepJanuWIBAMpm²", max_size=40))
def test_any_text_gives_a_bounded_moment_or_nothing(text: str) -> None:
    found = read(text, JAKARTA)
    assert found is None or (found >= EARLIEST and found.tzinfo is UTC)
