"""workers/fetch/encodings.py: any cut of the pieces gives the same body; caps and errors hold at every cut."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.errors import Permanent, Transient
from workers.fetch.encodings import STEP, read_body, zstd

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, 1),
    "deflate": lambda data: zlib.compress(data, 1),
    "br": lambda data: brotli.compress(data, quality=1),
    "zstd": lambda data: zstd.compress(data, 1),
    "": bytes,
    "deflate, gzip": lambda data: gzip.compress(zlib.compress(data, 1), 1),
}


def read(pieces: list[bytes], encoding: str, max_bytes: int = 10_000_000) -> bytes:
    return read_body(pieces, encoding, max_bytes=max_bytes, url="https://a.example/")


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[i : i + size] for i in range(0, len(data), size)]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(PACKERS)), st.binary(max_size=3_000), st.integers(1, 400), st.integers(1, 5_000))
def test_body_comes_out_however_it_is_cut(encoding: str, start: bytes, size: int, zeros: int) -> None:
    data = start + bytes(zeros)
    assert read(cut(PACKERS[encoding](data), size), encoding) == data


@pytest.mark.parametrize("encoding", sorted(PACKERS))
@pytest.mark.parametrize("length", [0, 1, STEP - 1, STEP, STEP + 1, 3 * STEP, 1_000_000])
def test_cap_is_exact(encoding: str, length: int) -> None:
    packed = [PACKERS[encoding](b"a" * length)]
    room = max(length, 40) if "," in encoding else length  # what lies between two encodings must fit too
    assert read(packed, encoding, max_bytes=room) == b"a" * length
    if length:
        with pytest.raises(Permanent) as caught:
            read(packed, encoding, max_bytes=length - 1)
        assert caught.value.reason == "too_large"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "deflate, gzip"])
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_early_end_is_incomplete(encoding: str, size: int) -> None:
    packed = PACKERS[encoding](b"Isi berita. " * 500)
    for end in (1, 3, len(packed) // 2, len(packed) - 1):
        with pytest.raises(Transient) as caught:
            read(cut(packed[:end], size), encoding)
        assert caught.value.reason == "incomplete"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_no_body_at_all_is_empty(encoding: str) -> None:
    assert read([], encoding) == b""


@pytest.mark.parametrize("size", [1, 2, 10_000])
def test_members_frames_and_trailing_bytes(size: int) -> None:
    assert read(cut(gzip.compress(b"satu ") + gzip.compress(b"dua"), size), "gzip") == b"satu dua"
    assert read(cut(gzip.compress(b"satu") + bytes(9), size), "gzip") == b"satu"
    assert read(cut(zlib.compress(b"satu") + b"sampah", size), "deflate") == b"satu"
    assert read(cut(zstd.compress(b"satu ") + zstd.compress(b"dua"), size), "zstd") == b"satu dua"


@pytest.mark.parametrize("encoding", ["utf-8", "none", "identity", ", ,", "binary", "UTF-8"])
def test_words_that_are_no_encoding(encoding: str) -> None:
    assert read([b"isi"], encoding) == b"isi"


@pytest.mark.parametrize(
    "encoding",
    ["compress", "x-compress", "dcb", "gzip, compress", "gzip, gzip, gzip, gzip", ",".join(["gzip"] * 10_000)],
)
def test_encodings_nobody_asked_for(encoding: str) -> None:
    with pytest.raises(Permanent) as caught:
        read([b"isi"], encoding)
    assert caught.value.reason == "bad_encoding"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["gzip", "deflate", "br", "zstd", "br, gzip"]), st.binary(max_size=300), st.integers(0, 60))
def test_any_bytes_are_a_body_or_a_typed_error(encoding: str, noise: bytes, keep: int) -> None:
    packed = PACKERS.get(encoding, gzip.compress)(b"isi" * 40)[:keep] + noise
    try:
        assert len(read([packed], encoding, max_bytes=100_000)) <= 100_000
    except (Permanent, Transient) as error:
        assert error.reason in ("too_large", "bad_encoding", "incomplete")
