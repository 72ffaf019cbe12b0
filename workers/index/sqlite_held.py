"""Keeps what a search of the embedded store found, in order, for the pages behind the first.

A score depends on all articles there are, so with each new one the order may change, and a page asked for later would
miss some and show others twice. A list is a small file beside the store's: no lock, nothing for a writer to wait for.
"""

from __future__ import annotations

import os
import re
import secrets
import struct
import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

KEPT_SECONDS = 600  # since a page of it was last read
MOST = 32  # lists; beyond, the one that was read longest ago goes
_ROW = struct.Struct("<qdI")  # number of the document, score, check of its id
_NAME = re.compile(r"[0-9a-f]{32}")

Row = tuple[int, float, int]


def check_of(document_id: str) -> int:
    """Return what tells a document from one that was given its number after it was deleted."""
    return zlib.crc32(document_id.encode())


class HeldLists:
    """The lists in `folder`, which the first one makes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, rows: Sequence[Row]) -> str:
        """Keep `rows` and return their name; "" when they can't be written (no rights, disk full)."""
        name = secrets.token_hex(16)
        unfinished = self._folder / f"{name}.unfinished"
        try:
            self._folder.mkdir(exist_ok=True)
            self._clear()
            unfinished.write_bytes(b"".join(_ROW.pack(*row) for row in rows))
            unfinished.rename(self._folder / name)
        except OSError:
            with suppress(OSError):
                unfinished.unlink()
            return ""
        return name

    def read(self, name: str, start: int, count: int) -> tuple[list[Row], int] | None:
        """Return `count` rows from `start` on and how many there are in all; None when the list is gone."""
        if not _NAME.fullmatch(name) or start < 0:
            return None
        path = self._folder / name
        try:
            with path.open("rb") as file:
                about = os.fstat(file.fileno())
                if time.time() - about.st_mtime > KEPT_SECONDS or about.st_size % _ROW.size:
                    return None  # the rows of another version of Kabar have another size
                file.seek(start * _ROW.size)
                data = file.read(count * _ROW.size)
            os.utime(path)
        except OSError:
            return None
        return list(_ROW.iter_unpack(data)), about.st_size // _ROW.size

    def _clear(self) -> None:
        """Delete what nobody pages through any more."""
        ages: list[tuple[float, Path]] = []
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another process clears, too
                ages.append((time.time() - path.stat().st_mtime, path))
        for place, (age, path) in enumerate(sorted(ages)):
            if age > KEPT_SECONDS or place >= MOST - 1:
                path.unlink(missing_ok=True)
