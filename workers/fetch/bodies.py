"""Reading an answer's body: bounded on the wire and decoded, complete or an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from time import monotonic

from urllib3 import HTTPResponse

from workers.errors import KabarError, Permanent
from workers.fetch import encodings
from workers.fetch.deadline import Exchange
from workers.fetch.failures import FAILURES

BODILESS = frozenset({204, 205, 304})
READ_SIZE = 65_536
WIRE_MARGIN = 65_536  # bytes a badly encoded body may be larger on the wire than its cap
DRAIN_BYTES, DRAIN_SECONDS = 65_536, 0.25  # read of an unwanted body, to keep its connection


def read(response: HTTPResponse, headers: Mapping[str, str], exchange: Exchange, limit: int) -> bytes:
    """Return the decoded body of at most `limit` bytes. Raises what the socket raises, Transient, Permanent."""
    if response.status in BODILESS:
        return b""
    transfer = headers.get("transfer-encoding", "chunked").strip().lower()
    if transfer not in ("chunked", "identity"):  # only what was asked for (RFC 9112 6.1), and that was nothing
        raise Permanent(f"{exchange.url}: transfer encoding {transfer[:100]!r} can't be read", reason="bad_encoding")
    if (response.length_remaining or 0) > limit:
        raise Permanent(
            f"{exchange.url}: body of {response.length_remaining} bytes, larger than {limit}", reason="too_large"
        )
    body = encodings.read_body(
        _pieces(response, limit + WIRE_MARGIN, exchange.url),
        headers.get("content-encoding", ""),
        max_bytes=limit,
        url=exchange.url,
    )
    exchange.patience()  # an end of file because the request was cut is no end of the body
    return body


def drain(response: HTTPResponse, exchange: Exchange) -> None:
    """Read the rest of an answer nobody wants when it is short and quick, so that its connection can be kept."""
    if response.status in BODILESS or (response.length_remaining or 0) > DRAIN_BYTES:
        return
    ends = exchange.ends
    exchange.ends = min(ends, monotonic() + DRAIN_SECONDS)
    try:
        for _ in _pieces(response, DRAIN_BYTES, exchange.url):
            pass
    except (KabarError, *FAILURES):
        response.close()  # the answer's meaning is known already; only its connection is lost
    finally:
        exchange.ends = ends


def is_finished(response: HTTPResponse) -> bool:
    """Tell whether nothing of this answer is left on the wire, so that the connection may carry the next request."""
    return response.isclosed() or (response.status in (204, 304) and not response.chunked)


def _pieces(response: HTTPResponse, limit: int, url: str) -> Iterator[bytes]:
    total = 0
    while data := response.read1(READ_SIZE, decode_content=False):
        total += len(data)
        if total > limit:
            raise Permanent(f"{url}: body larger than {limit} bytes on the wire", reason="too_large")
        yield data
