"""The files of the archive: what their names say, how they are written and read, which are to go."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from backports import zstd
from msgspec import Struct

from workers.errors import Transient
from workers.model import digest
from workers.samples import Kept, Sample

STALE = 3_600.0  # seconds after which a file that was never renamed is a crash's
MAX_SAMPLE = 64_000_000  # bytes of a sample, decompressed
LEVEL = 1  # a page shrinks to a sixth; the highest levels save a tenth of that and take twenty times as long
MARKS = 6  # addresses of a sample that its name tells
_NAME = re.compile(r"(\d{14})-([pr])-([0-9a-f]{16}(?:\.[0-9a-f]{16})*)\.page")
_PART = ".part"  # ends the name of a file that is being written


class File(Struct, frozen=True, kw_only=True):
    """What the name of a sample's file says."""

    ms: int  # when the page was fetched
    refused: bool
    marks: tuple[str, ...]  # digests of its addresses

    @classmethod
    def of(cls, sample: Sample) -> File:
        """Return the file in which `sample` belongs."""
        addresses = sample.addresses or (sample.page.url,)
        marks = tuple(dict.fromkeys(mark_of(address) for address in addresses[:MARKS]))
        return cls(ms=max(0, sample.page.fetched_ms), refused=sample.article is None, marks=marks)

    @property
    def name(self) -> str:
        return f"{self.ms:014d}-{'r' if self.refused else 'p'}-{'.'.join(self.marks)}.page"


def mark_of(address: str) -> str:
    """Return how a file's name names an address."""
    return digest(address)[:16]


def folder_of(site: str) -> str:
    """Return the name of a site's folder: a part to read, and a digest that tells it apart from every other."""
    readable = re.sub(r"[^a-z0-9.-]", "_", site.lower())[:60].strip(".")
    return f"{readable or 'site'}-{digest(site)[:12]}"


def files(folder: Path) -> list[File]:
    """Return the samples' files in `folder`, oldest first; [] when there is no such folder."""
    try:
        names = [path.name for path in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    found = (_NAME.fullmatch(name) for name in names)
    read = (File(ms=int(m[1]), refused=m[2] == "r", marks=tuple(m[3].split("."))) for m in found if m)
    return sorted(read, key=lambda file: (file.ms, file.name))


def by_article(found: Sequence[File]) -> list[list[File]]:
    """Return the files in groups of those that share an address, each and all of them oldest first."""
    group_of: dict[str, list[File]] = {}
    for file in found:
        group = [file]
        for mark in file.marks:
            other = group_of.get(mark, group)
            if other is not group:
                group, other = (other, group) if len(other) > len(group) else (group, other)
                group += other
                group_of |= {each: group for one in other for each in one.marks}
        group_of |= dict.fromkeys(file.marks, group)
    groups = {id(group): sorted(group, key=lambda file: file.name) for group in group_of.values()}
    return sorted(groups.values(), key=lambda group: group[0].name)


def thinned(found: Sequence[File], most: int) -> list[File]:
    """Return which of `found` are to go so that `most` stay: oldest and newest stay, between them ever fewer with age.

    Each time the one goes whose neighbours are nearest to each other for its age.
    """
    kept = sorted(found, key=lambda file: file.ms)
    gone: list[File] = []
    while len(kept) > max(1, most):
        if len(kept) == 2:
            gone.append(kept.pop(0))
            continue
        newest = kept[-1].ms
        at = min(range(1, len(kept) - 1), key=lambda i: (kept[i + 1].ms - kept[i - 1].ms) / (newest - kept[i].ms + 1))
        gone.append(kept.pop(at))
    return gone


def write(folder: Path, name: str, sample: Sample) -> int:
    """Write `sample` whole or not at all and return its bytes, 0 when it is larger than may be. Raises OSError."""
    plain = msgspec.msgpack.encode(sample)
    if len(plain) > MAX_SAMPLE:
        return 0
    data = zstd.compress(
        plain,
        options={zstd.CompressionParameter.compression_level: LEVEL, zstd.CompressionParameter.checksum_flag: 1},
    )
    folder.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=folder, suffix=_PART)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(part).replace(folder / name)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return len(data)


def read(folder: Path, name: str) -> Kept | None:
    """Return the sample in a file, or why it can't be read; None when it is gone meanwhile. Raises OSError."""
    shown = f"{folder.name}/{name}"
    try:
        data = (folder / name).read_bytes()
    except FileNotFoundError:
        return None
    decompressor = zstd.ZstdDecompressor()
    try:
        plain = decompressor.decompress(data, MAX_SAMPLE)
        if not decompressor.eof:
            return Kept(name=shown, sample=None, broken="cut off, or larger than a sample may be")
        return Kept(name=shown, sample=msgspec.msgpack.decode(plain, type=Sample))
    except (zstd.ZstdError, msgspec.DecodeError) as error:
        return Kept(name=shown, sample=None, broken=str(error))


def tidy(folder: Path) -> None:
    """Delete what a crash left half written."""
    for path in folder.glob(f"*{_PART}"):
        try:
            if time.time() - path.stat().st_mtime > STALE:
                path.unlink()
        except FileNotFoundError:  # another process was as tidy
            continue


def size(path: Path) -> int:
    """Return the bytes of a file, 0 when it is gone meanwhile."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Turn what a disk refuses into Transient("archive"): it says nothing about the page at hand."""
    try:
        yield
    except OSError as error:
        raise Transient(f"archive {folder}: {error.strerror or error}", reason="archive") from error
