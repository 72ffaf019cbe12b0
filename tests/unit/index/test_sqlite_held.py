"""The lists of found articles that pages are cut from."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from workers.index.sqlite_held import KEPT_SECONDS, MOST, HeldLists

ROWS = [(number, number / 3, number) for number in range(25)]


def test_a_list_is_read_page_by_page(tmp_path: Path) -> None:
    lists = HeldLists(tmp_path / "held")
    name = lists.keep(ROWS)
    assert lists.read(name, 0, 10) == (ROWS[:10], 25)
    assert lists.read(name, 20, 10) == (ROWS[20:], 25)
    assert lists.read(name, 25, 10) == ([], 25)
    assert HeldLists(tmp_path / "held").read(name, 3, 0) == ([], 25)


@pytest.mark.parametrize("name", ["", "0" * 32, "../search.sqlite", "x" * 32, "\x00", "0" * 31 + "/"])
def test_a_list_that_is_none_is_gone(tmp_path: Path, name: str) -> None:
    lists = HeldLists(tmp_path)
    assert lists.read(name, 0, 10) is None
    assert lists.read(lists.keep(ROWS), -1, 10) is None


def test_reading_keeps_a_list_and_time_ends_it(tmp_path: Path) -> None:
    lists = HeldLists(tmp_path)
    name = lists.keep(ROWS)
    nearly, over = time.time() - KEPT_SECONDS + 60, time.time() - KEPT_SECONDS - 1
    os.utime(tmp_path / name, (nearly, nearly))
    assert lists.read(name, 0, 1) is not None
    assert (tmp_path / name).stat().st_mtime > nearly + 30
    os.utime(tmp_path / name, (over, over))
    assert lists.read(name, 0, 1) is None
    lists.keep(ROWS)
    assert not (tmp_path / name).exists()


def test_a_list_with_rows_of_another_size_is_gone(tmp_path: Path) -> None:
    lists = HeldLists(tmp_path)
    name = lists.keep(ROWS)
    (tmp_path / name).write_bytes(bytes(16 * 3))
    assert lists.read(name, 0, 3) is None


def test_there_are_never_many(tmp_path: Path) -> None:
    lists = HeldLists(tmp_path)
    names = [lists.keep(ROWS) for _ in range(MOST + 5)]
    assert len(list(tmp_path.iterdir())) == MOST
    assert lists.read(names[-1], 0, 1) is not None


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert HeldLists(tmp_path / "file").keep(ROWS) == ""
    assert HeldLists(tmp_path / "none" / "held").keep(ROWS) == ""
