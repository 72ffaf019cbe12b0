"""What `workers.ports.Http` promises about answers: statuses, headers, encodings, kept connections."""

from __future__ import annotations

import gzip
import re
import socket
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import brotli
import pytest

from tests.contract.http_server import Network, Request, Server, reply
from workers.errors import Permanent, Transient
from workers.fetch.encodings import zstd
from workers.fetch.http import HttpClient

PAGE = b"<html><body><p>Hujan deras mengguyur Pekanbaru sejak pagi.</p></body></html>" * 50
NOW = datetime(2025, 9, 4, 7, 0, tzinfo=UTC)

Serve = Callable[..., Server]


@pytest.fixture
def http(network: Network) -> HttpClient:
    return network.client(now=lambda: NOW)


def test_gives_body_headers_and_addresses(serve: Serve, http: HttpClient) -> None:
    server = serve({"/berita?id=1": reply(200, PAGE, content_type="text/html; charset=utf-8", etag='"a1"')})
    answer = http.get(server.url + "/berita?id=1#komentar")
    assert (answer.status, answer.body, answer.not_modified) == (200, PAGE, False)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["etag"] == '"a1"'
    assert answer.url == server.url + "/berita?id=1#komentar"
    assert answer.final_url == server.url + "/berita?id=1"
    assert answer.permanent_url == ""
    assert 0 < answer.elapsed < 1


def test_says_honestly_who_asks(serve: Serve, http: HttpClient) -> None:
    server = serve({"/": reply(200, b"x")})
    http.get(server.url, headers={"If-None-Match": '"a1"', "Host": "lain.example", "Transfer-Encoding": "chunked"})
    sent = server.requests[0].headers
    assert sent["user-agent"] == "Kabar/1.2 (+https://redaksi.example/bot)"
    assert sent["host"] == f"127.0.0.1:{server.port}"
    assert sent["accept-language"] == "id,en;q=0.8"
    assert sent["if-none-match"] == '"a1"'
    assert {"gzip", "deflate", "br", "zstd"} == set(re.split(", *", sent["accept-encoding"]))
    assert "transfer-encoding" not in sent
    assert "cookie" not in sent


@pytest.mark.parametrize(
    ("status", "extra", "reason", "wait"),
    [
        (408, {}, "http_408", None),
        (425, {}, "http_425", None),
        (429, {"retry_after": "120"}, "http_429", 120.0),
        (429, {"retry_after": "Thu, 04 Sep 2025 07:01:30 GMT"}, "http_429", 90.0),
        (429, {"retry_after": "Thu, 04 Sep 2025 06:00:00 GMT"}, "http_429", 0.0),
        (429, {"retry_after": "besok"}, "http_429", None),
        (500, {}, "http_500", None),
        (502, {}, "http_502", None),
        (503, {"retry_after": "7"}, "http_503", 7.0),
        (599, {}, "http_599", None),
    ],
)
def test_passing_failures(
    serve: Serve, http: HttpClient, status: int, extra: dict[str, str], reason: str, wait: float | None
) -> None:
    server = serve({"/": reply(status, b"gagal", **extra)})
    with pytest.raises(Transient) as caught:
        http.get(server.url)
    assert (caught.value.reason, caught.value.retry_after) == (reason, wait)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 416, 451, 300, 305])
def test_lasting_failures(serve: Serve, http: HttpClient, status: int) -> None:
    server = serve({"/": reply(status, b"tidak ada")})
    with pytest.raises(Permanent) as caught:
        http.get(server.url)
    assert caught.value.reason == f"http_{status}"


@pytest.mark.parametrize("answer", [reply(304, etag='"a1"'), b"HTTP/1.1 304 NM\r\nTransfer-Encoding: chunked\r\n\r\n"])
def test_not_modified_is_an_answer(serve: Serve, http: HttpClient, answer: bytes) -> None:
    got = http.get(serve({"/": answer}).url)
    assert (got.status, got.body, got.not_modified) == (304, b"", True)


def test_part_nobody_asked_for_is_incomplete(serve: Serve, http: HttpClient) -> None:
    with pytest.raises(Transient) as caught:
        http.get(serve({"/": reply(206, b"sebagian")}).url)
    assert caught.value.reason == "incomplete"


def test_interim_answers_are_skipped(serve: Serve, http: HttpClient) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    assert http.get(serve({"/": early + reply(200, b"isi")}).url).body == b"isi"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


ENCODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "utf-8": bytes,
    "identity": bytes,
    "gzip, br": lambda data: brotli.compress(gzip.compress(data)),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("chunked", [False, True])
def test_encodings_are_undone(serve: Serve, http: HttpClient, encoding: str, chunked: bool) -> None:
    packed = ENCODINGS[encoding](PAGE)
    if chunked:
        cuts = [packed[i : i + 7] for i in range(0, len(packed), 7)]
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(cut), cut) for cut in cuts)
        answer = (
            f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: {encoding}\r\n\r\n".encode()
            + chunks
            + b"0\r\n\r\n"
        )
    else:
        answer = reply(200, packed, content_encoding=encoding)
    server = serve({"/": answer})
    assert [http.get(server.url).body for _ in range(2)] == [PAGE, PAGE]
    assert [request.connection for request in server.requests] == [0, 0]


def test_connection_closed_between_requests_is_opened_again(serve: Serve, http: HttpClient) -> None:
    def answer_and_go(server: Server, connection: socket.socket, request: Request) -> None:
        connection.sendall(reply(200, b"isi"))
        connection.close()

    server = serve({"/": answer_and_go})
    assert [http.get(server.url).body for _ in range(3)] == [b"isi"] * 3
    assert [request.connection for request in server.requests] == [0, 1, 2]


def test_connection_dropped_on_its_second_request_is_tried_once_more(serve: Serve, http: HttpClient) -> None:
    def only_once(server: Server, connection: socket.socket, request: Request) -> None:
        if sum(r.connection == request.connection for r in server.requests) > 1:
            connection.close()
        else:
            connection.sendall(reply(200, b"isi"))

    server = serve({"/": only_once})
    assert [http.get(server.url).body for _ in range(2)] == [b"isi"] * 2
    assert [request.connection for request in server.requests] == [0, 0, 1]


def test_names_sent_elsewhere_keep_their_name(network: Network) -> None:
    server = network.serve({"/a": reply(200, b"isi")})
    http = network.client(resolve={"*.newsroom.test": f"127.0.0.1:{server.port}"})
    assert http.get("http://Kota.newsroom.test/a").final_url == "http://kota.newsroom.test/a"
    assert server.requests[0].headers["host"] == "kota.newsroom.test"


@pytest.mark.parametrize("headers", [{"X-A": "a\r\nX-B: b"}, {"X A": "a"}, {"": "a"}, {"X": "☃"}])
def test_headers_that_cannot_be_sent(serve: Serve, http: HttpClient, headers: dict[str, str]) -> None:
    server = serve({})
    with pytest.raises(Permanent) as caught:
        http.get(server.url, headers=headers)
    assert (caught.value.reason, server.requests) == ("bad_header", [])
