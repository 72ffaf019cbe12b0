"""Content encodings undone piece by piece, so that a bomb stops at the cap and never lies in memory as a whole.

gzip, deflate (zlib and raw, RFC 9110 8.4.1.2), br (RFC 7932), zstd (RFC 8878, window at most 8 MiB as RFC 9659 asks).
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]

from workers.errors import Permanent, Transient

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT = "gzip, deflate, br, zstd"
STEP = 65_536  # bytes of output at a time
MAX_CHAIN = 3  # encodings on top of each other

# Registered codings (IANA HTTP parameters) that we never ask for and cannot read. Any other unknown word is a mistake
# of the server for "no encoding" ("utf-8", "none") and is ignored, as browsers do.
_UNREADABLE = frozenset({"aes128gcm", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip"})
_ERRORS = (zlib.error, brotli.error, zstd.ZstdError)


class Decoder(Protocol):
    """Undoes one encoding. `feed` gives output in pieces of about STEP bytes; `complete`: the stream's end was seen."""

    @property
    def complete(self) -> bool: ...

    def feed(self, data: bytes) -> Iterator[bytes]: ...


class _Gzip:
    """One or more gzip members; what follows the last and is no member is ignored, as other readers do."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(31)
        self._first = True

    @property
    def complete(self) -> bool:
        return self._stream.eof or not self._first

    def feed(self, data: bytes) -> Iterator[bytes]:
        more = bool(data)
        while more:
            if self._stream.eof:
                self._stream, self._first = zlib.decompressobj(31), False
            try:
                piece = self._stream.decompress(data, STEP)
            except zlib.error:
                if self._first:
                    raise
                return
            if piece:
                yield piece
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            more = bool(data) or (len(piece) == STEP and not self._stream.eof)


class _Deflate:
    """zlib format, or raw deflate, which many servers send under the same name; the first two bytes tell."""

    def __init__(self) -> None:
        self._head = b""
        self._stream = zlib.decompressobj()
        self._known = False

    @property
    def complete(self) -> bool:
        return self._stream.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        if not self._known:
            data = self._head + data
            if len(data) < 2:
                self._head = data
                return
            zlib_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)
            self._known = True
        more = bool(data)
        while more and not self._stream.eof:
            piece = self._stream.decompress(data, STEP)
            if piece:
                yield piece
            data = self._stream.unconsumed_tail
            more = bool(data) or len(piece) == STEP


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    @property
    def complete(self) -> bool:
        return bool(self._stream.is_finished())

    def feed(self, data: bytes) -> Iterator[bytes]:
        # The limit is a soft one (up to half as much again comes out), and "can accept more data" says that all input
        # is taken in, not that all output is out: only an empty answer does.
        while not self.complete:
            piece = self._stream.process(data, output_buffer_limit=STEP)
            if piece:
                yield piece
            elif self._stream.can_accept_more_data():
                return
            data = b""


class _Zstd:
    """One or more frames."""

    def __init__(self) -> None:
        self._stream = self._new()

    @staticmethod
    def _new() -> zstd.ZstdDecompressor:
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 23})

    @property
    def complete(self) -> bool:
        return self._stream.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        more = bool(data)
        while more:
            if self._stream.eof:
                self._stream = self._new()
            piece = self._stream.decompress(data, STEP)
            if piece:
                yield piece
            if self._stream.eof:
                data = self._stream.unused_data
                more = bool(data)
            else:
                data = b""
                more = not self._stream.needs_input


_DECODERS: dict[str, type[Decoder]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}


def read_body(pieces: Iterable[bytes], encoding: str, *, max_bytes: int, url: str) -> bytes:
    """Return the body that arrives in `pieces` with its Content-Encoding (the header's value) undone.

    Raises Permanent "too_large" when it, or what lies between two encodings, is more than `max_bytes`; Permanent
    "bad_encoding" when it can't be decoded; Transient "incomplete" when the encoded stream ends early.
    """
    decoders = _chain(encoding, url)
    stream: Iterable[bytes] = pieces
    for decoder in decoders:
        stream = _decoded(decoder, stream, url)
        stream = _capped(stream, max_bytes, url)
    if not decoders:
        stream = _capped(stream, max_bytes, url)
    return b"".join(stream)


def _chain(encoding: str, url: str) -> list[Decoder]:
    names = [name for name in (part.strip().lower() for part in encoding.split(",")) if name]
    wanted = [name for name in names if name in _DECODERS or name in _UNREADABLE]
    if len(wanted) > MAX_CHAIN or any(name in _UNREADABLE for name in wanted):
        raise Permanent(f"{url}: content encoding {encoding[:100]!r} can't be read", reason="bad_encoding")
    return [_DECODERS[name]() for name in reversed(wanted)]


def _decoded(decoder: Decoder, pieces: Iterable[bytes], url: str) -> Iterator[bytes]:
    fed = False
    try:
        for piece in pieces:
            fed = True
            yield from decoder.feed(piece)
    except _ERRORS as error:
        raise Permanent(f"{url}: broken content encoding: {error}", reason="bad_encoding") from error
    if fed and not decoder.complete:
        raise Transient(f"{url}: encoded body ends early", reason="incomplete")


def _capped(pieces: Iterable[bytes], max_bytes: int, url: str) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > max_bytes:
            raise Permanent(f"{url}: body larger than {max_bytes} bytes", reason="too_large")
        yield piece
