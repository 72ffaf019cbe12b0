"""How values lie in Redis: MessagePack; pages, documents and feed bodies compressed with Zstandard."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from backports import zstd
from msgspec import Struct

from workers.errors import Permanent

T = TypeVar("T", bound=Struct)
LEVEL = 1  # a page of 150 KB shrinks to a fifth in under a millisecond; higher levels cost more than they save


def pack(value: Struct) -> bytes:
    """Return `value` compressed."""
    return zstd.compress(msgspec.msgpack.encode(value), LEVEL)


def unpack(data: bytes, kind: type[T]) -> T:
    """Read what `pack` wrote. Raises Permanent("broken_handover") when it is something else."""
    try:
        return msgspec.msgpack.decode(zstd.decompress(data), type=kind)
    except (zstd.ZstdError, msgspec.DecodeError) as error:
        raise Permanent(f"what was handed over can't be read: {error}", reason="broken_handover") from error


def compact(value: Struct) -> bytes:
    """Return `value` as MessagePack, for small values of which there are very many."""
    return msgspec.msgpack.encode(value)


def read_compact(data: bytes, kind: type[T]) -> T:
    """Read what `compact` wrote, or JSON as earlier versions did. Raises msgspec.DecodeError when it is neither."""
    if data[:1] == b"{":
        return msgspec.json.decode(data, type=kind)
    return msgspec.msgpack.decode(data, type=kind)
