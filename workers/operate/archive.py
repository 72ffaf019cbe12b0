"""Pages on disk as they were fetched, so that extraction can be tried again: `kabar sites`, `kabar index rebuild`.

One file a page under `FOLDER/SITE-DIGEST/`: MessagePack of a Sample (address, time, headers, bytes, entry, and what was
read out of it), in one Zstandard frame with a check sum. A file's name tells all that choosing and removing need,

    MILLISECONDS-CLASS-ADDRESS.ADDRESS….page      class "p": gave an article, "r": was refused

and nothing in it comes from outside: sites and addresses are digests (a readable part of the site is filtered). Files
are written beside their place and renamed; one that a crash cut off fails its check sum, and is skipped and named.

By default (`samples`) a site keeps a few pages of each class: the newest, at most one an hour, and ever fewer older
ones. With `all` every page stays, in the same files: what a rebuild of the index reads, article by article.
Either way the oldest files go when all together hold more bytes than the archive may. Each process measures the whole
after writing a fiftieth of that, so the archive may be larger for a while by as much for every process.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from workers.errors import Transient
from workers.operate.archive_files import (
    File,
    by_article,
    files,
    folder_of,
    mark_of,
    read,
    size,
    thinned,
    tidy,
    translated,
    write,
)
from workers.samples import Kept, Sample

Mode = Literal["samples", "all", "off"]
SPACING = 3_600_000  # milliseconds between two samples of a class, once a site has enough
REFUSED_PART = 4  # one refused page is kept for so many others
BACK_OFF = 60.0  # seconds in which a disk that did not take a page is not asked again
MEASURE_AFTER = 50


class PageArchive:
    """The archive in `folder`; opens nothing until used. `limit` in bytes, `count` in samples a site."""

    def __init__(
        self, folder: Path, *, mode: Mode, count: int, limit: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder, self._mode, self._count, self._limit = folder, mode, count, limit
        self._clock = clock
        self._quiet_until = float("-inf")
        self._written = limit  # since it was last measured: the first page has it measured

    def keep(self, sample: Sample) -> bool:
        if self._mode == "off" or self._clock() < self._quiet_until:
            return False
        try:
            with translated(self._folder):
                return self._keep(File.of(sample), sample)
        except Transient:
            self._quiet_until = self._clock() + BACK_OFF
            raise

    def _keep(self, file: File, sample: Sample) -> bool:
        folder = self._folder / folder_of(sample.site)
        most = max(1, self._count // REFUSED_PART) if file.refused else self._count
        there = [other for other in files(folder) if other.refused == file.refused]
        if self._mode == "samples" and not _adds(file, there, most):
            return False
        written = write(folder, file.name, sample)
        if not written:
            return False
        self._written += written
        if self._mode == "samples":
            for old in thinned([*there, file], most):
                (folder / old.name).unlink(missing_ok=True)
        if self._written >= self._limit / MEASURE_AFTER:
            self._shrink()
        return True

    def sites(self) -> list[str]:
        with translated(self._folder):
            first = (next(self._read(folder), None) for folder in self._folders())
            return sorted({kept.sample.site for kept in first if kept is not None and kept.sample is not None})

    def count(self, site: str) -> int:
        with translated(self._folder):
            return len(files(self._folder / folder_of(site)))

    def samples(self, site: str, limit: int = 0) -> Iterator[Kept]:
        with translated(self._folder):
            folder = self._folder / folder_of(site)
            found = files(folder)
            gone = set(thinned(found, limit)) if limit else set()
            chosen = [file for file in found if file not in gone]
        yield from self._kept(folder, chosen)

    def articles(self, site: str, after: str = "") -> Iterator[tuple[str, Iterator[Kept]]]:
        with translated(self._folder):
            folder = self._folder / folder_of(site)
            groups = by_article(files(folder))
        for group in groups:
            if group[0].name > after:
                yield group[0].name, self._kept(folder, group[::-1])

    def _kept(self, folder: Path, found: Sequence[File]) -> Iterator[Kept]:
        for file in found:
            with translated(self._folder):
                kept = read(folder, file.name)
            if kept is not None:
                yield kept

    def replace(self, kept: Kept, sample: Sample) -> None:
        with translated(self._folder):
            place = self._folder / kept.name
            if not place.exists():  # its article was removed meanwhile
                return
            name = File.of(sample).name
            if write(place.parent, name, sample) and name != place.name:
                place.unlink(missing_ok=True)

    def remove(self, addresses: Sequence[str]) -> int:
        marks = {mark_of(address) for address in addresses}
        removed = 0
        with translated(self._folder):
            for folder in self._folders():
                for file in files(folder):
                    if not marks.isdisjoint(file.marks):
                        (folder / file.name).unlink(missing_ok=True)
                        removed += 1
        return removed

    def _read(self, folder: Path) -> Iterator[Kept]:
        """The samples of a folder that can be read, newest first."""
        for file in reversed(files(folder)):
            kept = read(folder, file.name)
            if kept is not None and kept.sample is not None:
                yield kept

    def _folders(self) -> list[Path]:
        try:
            with os.scandir(self._folder) as entries:
                return [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return []

    def _shrink(self) -> None:
        """Measure the whole and drop the oldest above the limit."""
        self._written = 0
        found: list[tuple[int, Path, int]] = []
        for folder in self._folders():
            tidy(folder)
            found += [(file.ms, path, size(path)) for file in files(folder) for path in (folder / file.name,)]
        over = sum(held for _, _, held in found) - self._limit
        for _, path, held in sorted(found):
            if over <= 0:
                break
            path.unlink(missing_ok=True)
            over -= held


def _adds(file: File, there: Sequence[File], most: int) -> bool:
    """Whether a page tells more than the samples there are: another article, and later than the newest by a while."""
    if any(not set(file.marks).isdisjoint(other.marks) for other in there):
        return False
    return len(there) < most or file.ms >= there[-1].ms + SPACING
