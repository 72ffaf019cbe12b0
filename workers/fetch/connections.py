"""Connections that go only where the address policy lets them, on sockets that obey the request's deadline.

Built on urllib3's HTTPConnection (request writing, framing checks); kept alive and handed out by `IdleConnections`.
"""

from __future__ import annotations

import errno
import http.client
import os
import socket
import ssl
import threading
from collections import OrderedDict, deque
from collections.abc import Mapping
from time import monotonic
from typing import Any, cast

from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection
from urllib3.util.wait import wait_for_write

from workers.errors import Transient
from workers.fetch.deadline import BoundedSocket, BoundedTLSSocket, Exchange
from workers.fetch.targets import Target

MAX_HEADER_BYTES = 262_144  # of one answer, interim answers included
MAX_HEADER_LINES = 100  # the same; http.client draws the line here too, but with an error that has no type of its own
MAX_INTERIM = 8  # 1xx answers before the real one
_SLICE = 0.1  # seconds between looks at whether the request was cut

Origin = tuple[str, str, int]


class HeadersTooLarge(http.client.HTTPException):
    """The header section is larger than we read."""


class HeadersCutOff(http.client.HTTPException):
    """The connection ended inside the header section."""


class _Head:
    """Reads the header section's lines: counted, and an end of file told apart from the end of the headers.

    http.client takes the end of the connection for the end of the headers, so that half an answer would pass for whole.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._total = 0
        self._lines = 0

    def readline(self, limit: int) -> bytes:
        line = cast(bytes, self._stream.readline(limit))
        if not line and not self._total:
            return line  # closed before the first byte: http.client says RemoteDisconnected
        self._total += len(line)
        self._lines += 1
        if self._total > MAX_HEADER_BYTES or self._lines > MAX_HEADER_LINES:
            raise HeadersTooLarge(f"more than {MAX_HEADER_BYTES} bytes or {MAX_HEADER_LINES} lines of headers")
        if not line.endswith(b"\n") and len(line) < limit:
            raise HeadersCutOff("connection ended inside the headers")
        return line

    def close(self) -> None:
        self._stream.close()


class _Answer(http.client.HTTPResponse):
    """An answer whose header section is bounded and complete, interim answers (1xx) skipped."""

    def begin(self) -> None:
        stream: Any = self.fp
        head = _Head(stream)
        self.fp = cast(Any, head)
        try:
            for _ in range(MAX_INTERIM):
                super().begin()
                if not 100 <= self.status < 200 or self.status == http.client.SWITCHING_PROTOCOLS:
                    return
                self.headers = self.msg = None  # type: ignore[assignment]
            raise http.client.HTTPException(f"more than {MAX_INTERIM} interim answers")
        finally:
            if cast(Any, self.fp) is head:
                self.fp = stream


class Connection(HTTPConnection):
    """One connection to an origin, open from the start."""

    response_class = _Answer

    def __init__(self, origin: Origin, sock: BoundedSocket | BoundedTLSSocket) -> None:
        super().__init__(origin[1], origin[2])
        self.origin = origin
        self.sock = sock

    def ask(
        self, target: Target, headers: Mapping[str, str], exchange: Exchange, sent: bytes | None = None
    ) -> HTTPResponse:
        """Send a GET, or a POST of `sent`; return the answer, its body unread. Raises what urllib3 and sockets do."""
        exchange.hold(cast("BoundedSocket | BoundedTLSSocket", self.sock))
        self.timeout = exchange.patience()
        method, sent_headers = "GET" if sent is None else "POST", {"Host": target.authority, **headers}
        self.request(method, target.path, sent, sent_headers, preload_content=False, decode_content=False)
        return self.getresponse()


def dial(address: str, port: int, exchange: Exchange, timeout: float) -> BoundedSocket:
    """Return a TCP connection to the IP `address`. Raises OSError (TimeoutError after `timeout`), Transient."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = BoundedSocket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        code = sock.connect_ex((address, port))
        if code in (errno.EINPROGRESS, errno.EWOULDBLOCK):
            ends = monotonic() + timeout
            # In slices: a connect that waits for its answer can't be woken from another thread on every system.
            while not wait_for_write(sock, exchange.patience(min(_SLICE, max(0.0, ends - monotonic())))):
                if monotonic() >= ends:
                    raise TimeoutError(f"no connection to {address} port {port} within {timeout:.3g} s")
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, f"{os.strerror(code)} ({address} port {port})")
    except BaseException:
        sock.close()
        raise
    return sock


def secure(
    sock: BoundedSocket, host: str, context: ssl.SSLContext, exchange: Exchange, timeout: float
) -> BoundedTLSSocket:
    """Return `sock` with TLS on it, the certificate verified for `host` (a name or an IP address).

    Raises ssl.SSLError, OSError, Transient; `sock` is closed then.
    """
    try:
        wrapped = cast(BoundedTLSSocket, context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False))
    except BaseException:
        sock.close()
        raise
    try:
        exchange.hold(wrapped)
        wrapped.settimeout(exchange.patience(timeout))
        wrapped.do_handshake()
    except BaseException:
        wrapped.close()
        raise
    return wrapped


def tls_context() -> ssl.SSLContext:
    """Return the context of all TLS connections: verified against the system's certificates and Mozilla's (certifi)."""
    import certifi

    context = ssl.create_default_context()  # verifies certificate and host name; honours SSL_CERT_FILE
    context.load_verify_locations(certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = BoundedTLSSocket
    context.set_alpn_protocols(["http/1.1"])
    return context


class IdleConnections:
    """Connections that wait for their next request: few per origin, bounded in all, none older than `seconds`."""

    def __init__(self, *, per_origin: int = 16, total: int = 128, seconds: float = 30.0) -> None:
        self._per_origin = per_origin
        self._total = total
        self._seconds = seconds
        self._lock = threading.Lock()
        self._by_origin: dict[Origin, deque[Connection]] = {}
        self._since: OrderedDict[Connection, float] = OrderedDict()  # oldest first

    def take(self, origin: Origin) -> Connection | None:
        """Return a connection that is still open, the one used last, or None."""
        while True:
            with self._lock:
                waiting = self._by_origin.get(origin)
                if not waiting:
                    return None
                connection = waiting.pop()
                self._forget(connection)
            if connection.is_connected:
                return connection
            connection.close()  # the server has closed it, or sent what nobody asked for

    def put(self, connection: Connection) -> None:
        """Keep `connection`, whose last answer was read to its end."""
        with self._lock:
            waiting = self._by_origin.setdefault(connection.origin, deque())
            surplus = [waiting[0]] if len(waiting) >= self._per_origin else []
            waiting.append(connection)
            now = monotonic()
            self._since[connection] = now
            excess = len(self._since) - len(surplus) - self._total
            for candidate, since in self._since.items():
                if excess <= 0 and now - since <= self._seconds:
                    break
                surplus.append(candidate)
                excess -= 1
            surplus = list(dict.fromkeys(surplus))
            for old in surplus:
                self._by_origin[old.origin].remove(old)
                self._forget(old)
        for old in surplus:
            old.close()

    def close(self) -> None:
        """Close all."""
        with self._lock:
            connections = list(self._since)
            self._since.clear()
            self._by_origin.clear()
        for connection in connections:
            connection.close()

    def abandon(self) -> None:
        """Close a forked child's copies; the parent's go on. Takes no lock: one may have been held at the fork."""
        for connection in list(self._since):
            connection.close()

    def __len__(self) -> int:
        return len(self._since)

    def _forget(self, connection: Connection) -> None:
        del self._since[connection]
        if not self._by_origin[connection.origin]:
            del self._by_origin[connection.origin]


def connect(addresses: tuple[str, ...], port: int, exchange: Exchange, timeout: float) -> BoundedSocket:
    """Return a connection to the first of `addresses` that answers; they share `timeout` fairly. Raises as `dial`."""
    ends = monotonic() + timeout
    problem: OSError | None = None
    for index, address in enumerate(addresses):
        share = max(0.0, ends - monotonic()) / (len(addresses) - index)
        try:
            return dial(address, port, exchange, share)
        except OSError as error:
            problem = error
    raise problem or Transient("no address to connect to", reason="dns")
