"""The newsroom over HTTP: HTTP/1.1 with keep-alive, a thread per connection, faults, a record of every request.

Everything is made up and meant for tests: it listens on a loopback address, where anybody may control it (`/_control`).
"""

from __future__ import annotations

import socket
import socketserver
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from workers.errors import Misuse
from workers.newsroom.answers import Answer, Desk
from workers.newsroom.control import control, control_status
from workers.newsroom.faults import Fault, Faults
from workers.newsroom.load import LoadFeeds
from workers.newsroom.newsroom import Newsroom
from workers.newsroom.record import Hits, Record, Request
from workers.newsroom.spoil import pieces, spoiled

IDLE = 30.0  # seconds a connection may say nothing
MOST_CONTROL_BYTES = 1_000_000
NO_BODY = (204, 304)


class NewsroomServer:
    """Serves a newsroom from a thread of its own; a context manager. `port` 0 takes a free one.

    `faults` and `newsroom` may be changed while it runs; `record` and `hits` tell what was asked.
    Raises Misuse when the address can't be listened on.
    """

    def __init__(self, newsroom: Newsroom, host: str = "127.0.0.1", port: int = 0) -> None:
        self.newsroom = newsroom
        self.record = Record()
        self.load = LoadFeeds()
        try:
            self._server = _Server((host, port), self)
        except (OSError, OverflowError) as error:
            raise Misuse(f"newsroom: can't listen on {host}:{port}: {error}") from error
        self.host = host
        self.port: int = self._server.server_address[1]
        self.desk = Desk(newsroom, self.url)
        self.stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The server's own address, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def resolve(self) -> str:
        """The value of KABAR_RESOLVE that leads the sites' names here."""
        return f"*.newsroom.test={self.host}:{self.port}"

    @property
    def faults(self) -> Faults:
        return self.newsroom.faults

    @property
    def hits(self) -> Hits:
        """Requests counted by path, host with path, or URL."""
        return self.record.hits

    def start(self) -> NewsroomServer:
        """Begin to serve; returns at once."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="newsroom", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and end every connection; a second call does nothing."""
        self.stopping.set()
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()
        self._server.end_connections()

    def __enter__(self) -> NewsroomServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, address: tuple[str, int], owner: NewsroomServer) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without asking name servers what this machine is called, as HTTPServer does."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        with self._open_lock:
            for request in self._open:
                try:
                    request.shutdown(socket.SHUT_RDWR)
                except OSError:  # the client was faster
                    continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # clients that go away are no news
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "Newsroom"
    sys_version = ""
    timeout = IDLE
    wbufsize = 65_536
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path.startswith("/_control"):
            self._send(*control_status(self.server.owner, path))
            return
        if path.startswith("/load/") and (load := self.server.owner.load.answer(_stem(path), self.headers)):  # type: ignore[arg-type]
            self._answer(load, None)
            return
        host = (self.headers.get("Host") or "").rpartition("@")[2].partition(":")[0].lower()
        desk = self.server.owner.desk
        answer = desk.answer(host, path, self.headers, query)  # type: ignore[arg-type]
        site = desk.site(host)[0]
        fault = self.server.owner.faults.take(host if host == site.host else site.host, path, answer.slug)
        if fault is not None:
            answer = spoiled(answer if answer.status != 304 else desk.answer(host, path, {}, query), fault, self.path)
        self.server.owner.record.add(
            Request(
                host=site.host,
                path=path,
                status=answer.status,
                if_none_match=self.headers.get("If-None-Match") or "",
                if_modified_since=self.headers.get("If-Modified-Since") or "",
                user_agent=self.headers.get("User-Agent") or "",
                fault=fault.kind if fault else "",
            )
        )
        self._answer(answer, fault)

    do_HEAD = do_GET  # noqa: N815 - the base class's name

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length") or ""
        if (
            not self.path.startswith("/_control")
            or not length.isascii()
            or not length.isdigit()
            or int(length) > MOST_CONTROL_BYTES
        ):
            self.close_connection = True
            self._send(400, b'{"error": "POST /_control takes a JSON object of at most 1 MB"}')
            return
        self._send(*control(self.server.owner, self.rfile.read(int(length))))

    def _send(self, status: int, body: bytes) -> None:
        self._answer(Answer(status, "application/json", body), None)

    def _answer(self, answer: Answer, fault: Fault | None) -> None:
        kind = fault.kind if fault else ""
        zipped = (
            answer.zipped and kind != "endless_body" and "gzip" in (self.headers.get("Accept-Encoding") or "").lower()
        )
        body = answer.body if zipped else answer.plain
        headers = {"content-type": answer.content_type, **answer.headers}
        if zipped or kind == "gzip_bomb":
            headers["content-encoding"] = "gzip"
        if kind in ("endless_body", "gzip_bomb"):
            self.close_connection = True
            headers["connection"] = "close"
        elif answer.status not in NO_BODY:
            headers["content-length"] = str(len(body))
        self._headers(answer.status, headers, fault.seconds if fault and kind == "slow_headers" else 0.0)
        if self.command == "HEAD" or answer.status in NO_BODY:
            return
        if fault is None:
            self.wfile.write(body)
            return
        self.wfile.flush()
        for piece, wait in pieces(fault, body):
            if wait and self.server.owner.stopping.wait(wait):
                break
            self.wfile.write(piece)
            self.wfile.flush()
        if kind == "cut":
            self.close_connection = True

    def _headers(self, status: int, headers: dict[str, str], seconds: float) -> None:
        self.send_response(status)
        if seconds:
            self.flush_headers()
            self.wfile.flush()
        for place, (name, value) in enumerate(headers.items()):
            if seconds and self.server.owner.stopping.wait(seconds / len(headers)):
                break
            self.send_header(name, value)
            if seconds and place:
                self.flush_headers()
                self.wfile.flush()
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Stay silent: `record` tells what was asked."""


def _stem(path: str) -> str:
    return path.removeprefix("/load/").removesuffix(".xml")
