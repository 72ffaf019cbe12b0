"""Connections to one SQLite file for many threads and processes, with SQLite's errors put into our tree."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from workers.errors import KabarError, Misuse, StoreUnavailable
from workers.index import sqlite_schema


class Connections:
    """Lends a connection to one thread at a time and keeps it for the next; opens nothing until asked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._idle: list[apsw.Connection] = []
        self._generation = 0  # raised by close(): what was lent before is closed when it comes back
        self._process = os.getpid()
        self._inherited: list[apsw.Connection] = []

    @contextmanager
    def lend(self) -> Iterator[apsw.Connection]:
        """Give a connection with the tables in place. Raises StoreUnavailable or Misuse, naming the file."""
        with translated(self._path):
            connection, generation = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection, generation)

    @contextmanager
    def lend_existing(self) -> Iterator[apsw.Connection | None]:
        """Give a connection as `lend` does, None when there is no file: reading makes none."""
        if self.exists():
            with self.lend() as connection:
                yield connection
        else:
            yield None

    def exists(self) -> bool:
        """Tell whether there is a file; where that can't be told, True: opening it tells why."""
        try:
            self._path.stat()
        except FileNotFoundError:
            return False
        except (OSError, ValueError):
            return True
        return True

    def close(self) -> None:
        """Close what is idle now, the rest when it comes back."""
        with self._lock:
            self._leave_parent()
            self._generation += 1
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close(True)

    def _take(self) -> tuple[apsw.Connection, int]:
        with self._lock:
            self._leave_parent()
            generation = self._generation
            idle = self._idle.pop() if self._idle else None
        if idle is not None and not _has_moved(idle):
            return idle, generation
        if idle is not None:
            idle.close(True)
        return sqlite_schema.connect(self._path), generation

    def _give_back(self, connection: apsw.Connection, generation: int) -> None:
        with self._lock:
            if generation == self._generation and self._process == os.getpid():
                self._idle.append(connection)
                return
        connection.close(True)

    def _leave_parent(self) -> None:
        """After a fork the parent's connections must be neither used nor closed (sqlite.org/howtocorrupt.html, 2.6)."""
        if self._process != os.getpid():
            self._inherited += self._idle
            self._idle, self._process = [], os.getpid()


def _has_moved(connection: apsw.Connection) -> bool:
    """Tell whether the open file is no longer the one under its name: what is written into a deleted file is lost."""
    moved = ctypes.c_int(0)
    connection.file_control("main", apsw.SQLITE_FCNTL_HAS_MOVED, ctypes.addressof(moved))
    return bool(moved.value)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise SQLite's errors as ours."""
    try:
        yield
    except apsw.Error as error:
        raise translate(error, path) from error


def translate(error: apsw.Error, path: Path) -> KabarError:
    """Return `error` as StoreUnavailable, with a reason that can be counted, or as Misuse when no waiting will help."""
    if isinstance(error, apsw.NotADBError):
        return Misuse(f"{path}: not an SQLite file: {error}")
    reasons = {
        apsw.BusyError: "locked",
        apsw.LockedError: "locked",
        apsw.FullError: "disk_full",
        apsw.IOError: "disk",
        apsw.CorruptError: "corrupt",
        apsw.CantOpenError: "cannot_open",
        apsw.ReadOnlyError: "read_only",
    }
    reason = next((word for kind, word in reasons.items() if isinstance(error, kind)), "sqlite")
    hints = {"corrupt": " (restore it, or move it away and index again)", "locked": " (another process holds it)"}
    return StoreUnavailable(f"{path}: {error}{hints.get(reason, '')}", reason=reason)
