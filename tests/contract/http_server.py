"""A scripted HTTP server on loopback that says byte for byte what a test wants said, slowly or wrongly too."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

from workers.errors import Permanent, Transient
from workers.fetch.http import HttpClient

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


class Request(NamedTuple):
    path: str
    headers: dict[str, str]  # names in lower case
    connection: int  # which connection of the server it came on, from 0


Script = Callable[["Server", socket.socket, Request], None]


class Server:
    """Answers each path with bytes, or with what a script writes; then the connection waits for its next request."""

    def __init__(self, answers: dict[str, bytes | Script], context: ssl.SSLContext | None = None) -> None:
        self.answers = answers
        self.requests: list[Request] = []
        self.stopped = threading.Event()  # scripts that hang wait on it
        self._context = context
        self._connections: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._start(self._accept)

    def close(self) -> None:
        self.stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(2)
        for connection in self._connections:
            connection.close()

    def drip(self, connection: socket.socket, data: bytes, seconds: float = 0.02) -> None:
        """Send `data` one byte at a time."""
        for index in range(len(data)):
            connection.sendall(data[index : index + 1])
            if self.stopped.wait(seconds):
                return

    def _start(self, work: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            self._start(self._converse, connection, len(self._connections) - 1)

    def _converse(self, connection: socket.socket, number: int) -> None:
        try:
            if self._context is not None:
                connection = self._connections[number] = self._context.wrap_socket(connection, server_side=True)
            received = b""
            while not self.stopped.is_set():
                while b"\r\n\r\n" not in received:
                    data = connection.recv(65_536)
                    if not data:
                        return
                    received += data
                head, _, received = received.partition(b"\r\n\r\n")
                self._answer(connection, _request(head, number))
        except OSError:
            pass  # the client has gone, or the test is over
        finally:
            connection.close()

    def _answer(self, connection: socket.socket, request: Request) -> None:
        self.requests.append(request)
        answer = self.answers.get(request.path, reply(404))
        if isinstance(answer, bytes):
            connection.sendall(answer)
        else:
            answer(self, connection, request)


def _request(head: bytes, connection: int) -> Request:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return Request(first.split(" ")[1], {name.lower(): value.strip() for name, _, value in pairs}, connection)


def reply(status: int = 200, body: bytes = b"", *, length: int | None = None, **headers: str) -> bytes:
    """Return an answer with a Content-Length (`length` lies); `content_type="…"` becomes a header of that name."""
    lines = [f"HTTP/1.1 {status} Words", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body


def hang(server: Server, connection: socket.socket, request: Request) -> None:
    """Say nothing at all."""
    server.stopped.wait(10)


def drip(data: bytes) -> Script:
    """Return a script that sends `data` one byte at a time."""
    return lambda server, connection, request: server.drip(connection, data)


def reset(connection: socket.socket) -> None:
    """Break the connection with RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def failure(http: HttpClient, url: str, **arguments: Any) -> tuple[str, float]:
    """Return the reason of the error that getting `url` ends in, and the seconds it took."""
    began = time.monotonic()
    with pytest.raises((Transient, Permanent)) as caught:
        http.get(url, **arguments)
    assert isinstance(caught.value, Transient | Permanent)
    return caught.value.reason, time.monotonic() - began


IMPATIENT: dict[str, Any] = {"connect_timeout": 0.25, "read_timeout": 0.25, "deadline": 0.4}


class Network:
    """Servers and clients of one test, closed with it."""

    def __init__(self) -> None:
        self._opened = contextlib.ExitStack()

    def __enter__(self) -> Network:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def serve(self, answers: Mapping[str, bytes | Script], context: ssl.SSLContext | None = None) -> Server:
        return self._opened.enter_context(contextlib.closing(Server(dict(answers), context)))

    def client(self, **changes: Any) -> HttpClient:
        """Return a client that may fetch from loopback."""
        values: dict[str, Any] = {
            "connect_timeout": 5,
            "read_timeout": 5,
            "deadline": 8,
            "max_bytes": 1_000_000,
            "max_redirects": 5,
            "allow_addresses": LOOPBACK,
            "contact": "https://redaksi.example/bot",
            "version": "1.2",
            **changes,
        }
        return self._opened.enter_context(contextlib.closing(HttpClient(**values)))
