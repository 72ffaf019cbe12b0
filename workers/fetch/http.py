"""The HTTP client behind the port `workers.ports.Http`: honest, bounded in bytes and seconds, never led inside."""

from __future__ import annotations

import http.client
import os
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from time import monotonic

from urllib3 import HTTPResponse

from workers.errors import Permanent
from workers.fetch import bodies, encodings
from workers.fetch.addresses import AddressPolicy, Network
from workers.fetch.answers import (
    PERMANENT_REDIRECTS,
    REDIRECTS,
    carried_headers,
    is_wanted,
    request_headers,
    status_error,
    user_agent,
)
from workers.fetch.connections import (
    Connection,
    IdleConnections,
    connect,
    secure,
    tls_context,
)
from workers.fetch.deadline import Exchange
from workers.fetch.failures import FAILURES, translated
from workers.fetch.names import Lookup, Resolver, system_lookup
from workers.fetch.targets import Target, follow, parse
from workers.model import Download


def _now() -> datetime:
    return datetime.now(UTC)


class HttpClient:
    """Implements `Http`. Safe for any number of threads; opens nothing before the first `get`; survives a fork."""

    def __init__(
        self,
        *,
        connect_timeout: float,
        read_timeout: float,
        deadline: float,
        max_bytes: int,
        max_redirects: int,
        allow_addresses: Iterable[Network] = (),
        resolve: Mapping[str, str] | None = None,
        contact: str = "",
        version: str = "",
        lookup: Lookup = system_lookup,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """Times are seconds: `connect_timeout` for name look-up, for all TCP tries together and for TLS each,
        `read_timeout` for one wait, `deadline` for everything. `max_bytes` is after decompression. `resolve` maps name
        patterns ("*.newsroom.test") to "host:port". `lookup` and `now` are there for tests.
        """
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._policy = AddressPolicy(allow_addresses)
        self._places = dict(resolve or {})
        self._now = now
        self._headers = {
            "user-agent": user_agent(version, contact),
            "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "accept-encoding": encodings.ACCEPT,
            "accept-language": "id,en;q=0.8",
        }
        self._lookup = lookup
        self._idle = IdleConnections()
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._idle.abandon()
        self._resolver = Resolver(self._lookup)
        self._idle = IdleConnections()
        self._lock = threading.Lock()
        self._running: set[Exchange] = set()
        self._stopping = False
        self._tls: ssl.SSLContext | None = None

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None) -> Download:
        """See `workers.ports.Http.get`. Besides: Transient "shutdown" once `shutdown` was called."""
        began = monotonic()
        target = parse(url)
        exchange = self._enter(target, began)
        try:
            sent = request_headers(self._headers, headers or {})
            limit = self._max_bytes if max_bytes is None else max_bytes
            return self._follow(url, target, sent, exchange, limit, began)
        finally:
            self._leave(exchange)

    def _enter(self, target: Target, began: float) -> Exchange:
        """Begin a request; `_leave` ends it."""
        if self._process != os.getpid():
            self._begin()  # a forked child has none of the threads, and must not talk on the parent's connections
        exchange = Exchange(target.url, ends=began + self._deadline, read_timeout=self._read_timeout)
        with self._lock:
            if self._stopping:
                exchange.cut()
            self._running.add(exchange)
        return exchange

    def _leave(self, exchange: Exchange) -> None:
        exchange.hold(None)
        with self._lock:
            self._running.discard(exchange)

    def close(self) -> None:
        """Close the idle connections; running requests go on, and the client may be used again."""
        self._idle.close()

    def shutdown(self) -> None:
        """End every running request within a second, and each new one at once, with Transient "shutdown". For good."""
        with self._lock:
            self._stopping = True
            running = list(self._running)
        for exchange in running:
            exchange.cut()
        self._idle.close()

    def _follow(
        self, url: str, target: Target, headers: dict[str, str], exchange: Exchange, limit: int, began: float
    ) -> Download:
        seen = {target.url}
        permanent_url, permanent = "", True
        while True:
            exchange.url = target.url
            connection, response = self._ask(target, headers, exchange)
            location = response.headers.get("location", "")
            answer = {name.lower(): value for name, value in response.headers.items()}
            if is_wanted(response.status, answer, ranged="range" in headers):
                body = self._body(connection, response, answer, exchange, limit)
                return Download(
                    url=url,
                    final_url=target.url,
                    status=response.status,
                    headers=answer,
                    body=body,
                    elapsed=monotonic() - began,
                    permanent_url=permanent_url,
                )
            self._drop(connection, response, exchange)
            if response.status not in REDIRECTS or not location:
                raise status_error(response.status, answer, target.url, self._now())
            destination = follow(target, location)
            if destination.url in seen or len(seen) > self._max_redirects:
                raise Permanent(f"{url}: {len(seen)} redirects, the last to {destination.url}", reason="redirect_loop")
            seen.add(destination.url)
            headers = carried_headers(headers, target, destination)
            permanent = permanent and response.status in PERMANENT_REDIRECTS
            permanent_url = destination.url if permanent else permanent_url
            target = destination

    def _ask(self, target: Target, headers: Mapping[str, str], exchange: Exchange) -> tuple[Connection, HTTPResponse]:
        connection = self._idle.take(target.origin)
        if connection is not None:
            try:
                return connection, self._send(connection, target, headers, exchange)
            except (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError, http.client.BadStatusLine):
                pass  # the server closed it while we wrote (RFC 9112 9.3.1): once more on a fresh one
            except FAILURES as error:
                with translated(exchange):
                    raise error
        connection = self._open(target, exchange)
        with translated(exchange):
            return connection, self._send(connection, target, headers, exchange)

    @staticmethod
    def _send(connection: Connection, target: Target, headers: Mapping[str, str], exchange: Exchange) -> HTTPResponse:
        try:
            return connection.ask(target, headers, exchange)
        except BaseException:
            connection.close()
            raise

    def _open(self, target: Target, exchange: Exchange) -> Connection:
        host, port = self._place(target)
        addresses = self._resolver.addresses(host, port, exchange, self._connect_timeout)
        for address in addresses:
            self._policy.check(address, port, target.host)
        with translated(exchange, "connect"):
            sock = connect(addresses, port, exchange, self._connect_timeout)
        if target.scheme == "http":
            return Connection(target.origin, sock)
        with translated(exchange, "tls"):
            wrapped = secure(sock, target.host, self._context(), exchange, self._connect_timeout)
        return Connection(target.origin, wrapped)

    def _place(self, target: Target) -> tuple[str, int]:
        for pattern, place in self._places.items():
            if fnmatchcase(target.host, pattern):
                host, _, port = place.rpartition(":")
                return host.strip("[]"), int(port)
        return target.host, target.port

    def _context(self) -> ssl.SSLContext:
        with self._lock:
            if self._tls is None:
                self._tls = tls_context()
            return self._tls

    def _body(
        self, connection: Connection, response: HTTPResponse, headers: Mapping[str, str], exchange: Exchange, limit: int
    ) -> bytes:
        try:
            with translated(exchange, "incomplete"):
                return bodies.read(response, headers, exchange, limit)
        except BaseException:
            response.close()
            connection.close()
            raise
        finally:
            self._release(connection, response)

    def _drop(self, connection: Connection, response: HTTPResponse, exchange: Exchange) -> None:
        try:
            bodies.drain(response, exchange)
        finally:
            self._release(connection, response)

    def _release(self, connection: Connection, response: HTTPResponse) -> None:
        keep = not connection.is_closed and bodies.is_finished(response) and not self._stopping
        response.close()
        if keep:
            self._idle.put(connection)
        else:
            connection.close()
