"""What `workers.ports.Http` promises against slow, endless and broken servers: a typed error, in bounded time."""

from __future__ import annotations

import gzip
import socket
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest

from tests.contract.http_server import IMPATIENT, Network, Request, Script, Server, drip, failure, hang, reply, reset
from workers.fetch.encodings import zstd
from workers.fetch.http import HttpClient

Serve = Callable[..., Server]
READ, DEADLINE = IMPATIENT["read_timeout"], IMPATIENT["deadline"]
ZEROS = bytes(1_000_000)


@pytest.fixture
def http(network: Network) -> HttpClient:
    return network.client()


def then(data: bytes, end: Callable[[socket.socket], None]) -> Script:
    """Send `data`, then end the connection so."""

    def script(server: Server, connection: socket.socket, request: Request) -> None:
        connection.sendall(data)
        end(connection)

    return script


def over_and_over(head: bytes, data: bytes, times: int) -> Script:
    def script(server: Server, connection: socket.socket, request: Request) -> None:
        connection.sendall(head)
        for _ in range(times):
            connection.sendall(data)

    return script


def half_close(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_WR)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

SLOW = {
    "says nothing": (hang, READ),
    "drips its headers": (drip(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 9_000), DEADLINE),
    "drips header lines": (drip(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 2_000), DEADLINE),
    "drips interim answers": (drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000), DEADLINE),
    "drips its body": (drip(reply(200, b"x" * 9_000)), DEADLINE),
    "drips a body without length": (drip(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 9_000), DEADLINE),
    "drips chunks": (drip(CHUNKED + b"1\r\nx\r\n" * 2_000), DEADLINE),
    "drips a chunk size": (drip(CHUNKED + b"0" * 9_000), DEADLINE),
    "stops in its body": (
        lambda server, connection, request: (connection.sendall(reply(200, b"abc", length=9)), server.stopped.wait(10)),
        READ,
    ),
}


@pytest.mark.parametrize("name", SLOW)
def test_slow_servers_time_out(network: Network, name: str) -> None:
    script, limit = SLOW[name]
    reason, seconds = failure(network.client(**IMPATIENT), network.serve({"/": script}).url)
    assert reason == "timeout"
    assert limit - 0.05 < seconds < limit + 0.5


@pytest.mark.parametrize(
    "script",
    [
        hang,
        lambda server, connection, request: (
            server.drip(connection, b"HTTP/1.1 200 OK, as it were\r\n"),
            hang(server, connection, request),
        ),
    ],
)
def test_deadline_cuts_a_longer_read_timeout(network: Network, script: Script) -> None:
    http = network.client(read_timeout=9, deadline=0.7)
    reason, seconds = failure(http, network.serve({"/": script}).url)
    assert reason == "timeout"
    assert seconds < 1.05


def test_redirects_share_one_deadline(network: Network) -> None:
    def slowly_on(server: Server, connection: socket.socket, request: Request) -> None:
        server.stopped.wait(0.15)
        connection.sendall(reply(302, location=f"/{len(server.requests)}"))

    server = network.serve({"/": slowly_on, **{f"/{i}": slowly_on for i in range(9)}})
    reason, seconds = failure(network.client(**IMPATIENT), server.url)
    assert reason == "timeout"
    assert seconds < DEADLINE + 0.5


CUT_OFF = {
    "before it answers": (then(b"", socket.socket.close), "connect"),
    "before it answers, by reset": (then(b"", reset), "connect"),
    "in the status line": (then(b"HTTP/1.1 20", half_close), "incomplete"),
    "in the headers": (then(b"HTTP/1.1 200 OK\r\nContent-Ty", half_close), "incomplete"),
    "before the headers' end": (then(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", half_close), "incomplete"),
    "in the body": (then(reply(200, b"abc", length=9), half_close), "incomplete"),
    "in the body, by reset": (then(reply(200, b"abc", length=9), reset), "incomplete"),
    "between chunks": (then(CHUNKED + b"3\r\nabc\r\n", half_close), "incomplete"),
    "in a chunk": (then(CHUNKED + b"9\r\nabc", half_close), "incomplete"),
    "in a negative chunk": (then(CHUNKED + b"-5\r\nabc\r\n0\r\n\r\n", half_close), "incomplete"),
    "in a gzip stream": (
        then(b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"abc" * 99)[:-12], half_close),
        "incomplete",
    ),
    "in a brotli stream": (reply(200, brotli.compress(b"abc" * 99)[:-3], content_encoding="br"), "incomplete"),
    "in a zstd stream": (reply(200, zstd.compress(b"abc" * 99)[:-3], content_encoding="zstd"), "incomplete"),
    "speaking another protocol": (b"SSH-2.0-OpenSSH_9.6\r\n", "connect"),
    "with two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde", "connect"),
}


@pytest.mark.parametrize("name", CUT_OFF)
def test_cut_off_answers_never_pass_for_whole(serve: Serve, http: HttpClient, name: str) -> None:
    script, reason = CUT_OFF[name]
    assert failure(http, serve({"/": script}).url)[0] == reason


def test_half_closed_connection_with_a_whole_answer(serve: Serve, http: HttpClient) -> None:
    server = serve({"/": then(reply(200, b"isi"), half_close), "/old": then(b"HTTP/1.0 200 OK\r\n\r\nisi", half_close)})
    assert [http.get(server.url + path).body for path in ("/", "/old", "/")] == [b"isi"] * 3


def packed_forever(name: str) -> tuple[bytes, bytes, int]:
    """Return what begins an encoded body, what repeats in it, and how often that makes a gigabyte."""
    if name == "zstd":
        return b"", zstd.compress(ZEROS), 1_000
    if name == "br":
        return brotli.compress(bytes(200_000_000), quality=1), b"", 0
    packer = zlib.compressobj(wbits=31 if name == "gzip" else 15)
    begin = packer.compress(ZEROS) + packer.flush(zlib.Z_FULL_FLUSH)
    return begin, packer.compress(ZEROS) + packer.flush(zlib.Z_FULL_FLUSH), 1_000


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_bombs_stop_at_the_cap(network: Network, encoding: str) -> None:
    begin, repeat, times = packed_forever(encoding)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n\r\n".encode()
    http = network.client(max_bytes=5_000_000)
    url = network.serve({"/": over_and_over(head + begin, repeat, times)}).url
    tracemalloc.start()
    try:
        assert failure(http, url)[0] == "too_large"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, b"", length=10**12),
        reply(200, b"x" * 1_000_001),
        over_and_over(b"HTTP/1.1 200 OK\r\n\r\n", ZEROS, 200),
        over_and_over(CHUNKED, b"f4240\r\n" + ZEROS + b"\r\n", 200),
        over_and_over(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 9_999, 200),
        over_and_over(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 100_000),
        over_and_over(b"HTTP/1.1 200 OK\r\nX: ", ZEROS, 200),
        over_and_over(b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 60_000 + b"\r\n", 90),
    ],
    ids=[
        "by its length",
        "by one byte",
        "endless",
        "endless chunks",
        "endless empty gzip members",
        "endless headers",
        "endless header",
        "large headers",
    ],
)
def test_endless_answers_stop_at_the_cap(network: Network, answer: bytes | Script) -> None:
    assert failure(network.client(), network.serve({"/": answer}).url)[0] == "too_large"


def test_the_cap_may_be_lowered_for_one_request(serve: Serve, http: HttpClient) -> None:
    server = serve({"/": reply(200, b"x" * 100)})
    assert http.get(server.url, max_bytes=100).body == b"x" * 100
    assert failure(http, server.url, max_bytes=99)[0] == "too_large"


@pytest.mark.parametrize("transfer", ["gzip, chunked", "chunked, chunked", "deflate"])
def test_transfer_encodings_nobody_asked_for(serve: Serve, http: HttpClient, transfer: str) -> None:
    answer = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: {transfer}\r\n\r\n3\r\nisi\r\n0\r\n\r\n".encode()
    assert failure(http, serve({"/": then(answer, half_close)}).url)[0] == "bad_encoding"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b"plain text"),
        ("gzip", gzip.compress(b"abc" * 999, mtime=0)[:10] + b"\xff" * 20),
        ("deflate", b"\x78\x9c??????"),
        ("br", b"\xff" * 50),
        ("zstd", b"plain text"),
        ("compress", b"\x1f\x9d"),
        ("gzip, gzip, gzip, gzip", b""),
        ("zstd", bytes.fromhex("28b52ffd 00 88 010000")),  # asks for a window of 128 MiB
    ],
)
def test_broken_encodings(serve: Serve, http: HttpClient, encoding: str, body: bytes) -> None:
    assert failure(http, serve({"/": reply(200, body, content_encoding=encoding)}).url)[0] == "bad_encoding"
