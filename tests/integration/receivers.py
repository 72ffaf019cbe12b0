"""Receivers of alerts on this machine: a webhook and a mail server that remember what came, and fail when told to."""

from __future__ import annotations

import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Hook:
    """A webhook. `answers`: statuses (with headers) for the next requests; 204 when there are none left."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, Any], dict[str, str]]] = []  # key, body, headers
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.lock = threading.Lock()
        self.url = ""

    def told(self) -> list[tuple[str, str]]:
        """What came: alert and title."""
        return [(body["alert"], match["title"]) for _, body, _ in self.got for match in body["matches"]]

    def keys(self) -> list[str]:
        return [key for key, _, _ in self.got]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        hook: Hook = self.server.hook  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with hook.lock:
            headers = {name.lower(): value for name, value in self.headers.items()}
            hook.got.append((headers["idempotency-key"], body, headers))
            status, given = hook.answers.pop(0) if hook.answers else (204, {})
        self.send_response(status)
        for name, value in given.items():
            self.send_header(name, value)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """A killed worker leaves half a request: that is what the tests do."""


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    """Let `server` answer in a thread of its own until the end."""
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def hook_server() -> Iterator[Hook]:
    """Serve a webhook on a free port."""
    hook = Hook()
    server = _Server(("127.0.0.1", 0), _Handler)
    server.hook = hook  # type: ignore[attr-defined]
    hook.url = f"http://127.0.0.1:{server.server_address[1]}/kabar"
    with _serving(server):
        yield hook


class Post:
    """A mail server. `answers`: what it says to the next RCPT or DATA commands, by command; 250 when none is left."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], bytes]] = []
        self.logins: list[str] = []
        self.encrypted: list[bool] = []
        self.answers: dict[str, list[str]] = {"RCPT": [], "END": [], "AUTH": []}
        self.context: ssl.SSLContext | None = None
        self.implicit = False  # TLS from the first byte
        self.dripping = False
        self.port = 0


class _Mail(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.post: Post = self.server.post  # type: ignore[attr-defined]
        self.secure = False
        if self.post.implicit:
            self.wrap()
        if self.post.dripping:
            while True:
                self.wfile.write(b"2")
                threading.Event().wait(0.05)
        self.say("220 surat.test")
        self.recipients: list[str] = []
        while line := self.rfile.readline(4096):
            if not self.answer(line.decode().strip()):
                return

    def wrap(self) -> None:
        assert self.post.context is not None
        self.connection = self.post.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.secure = True

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
        self.wfile.flush()

    def answer(self, line: str) -> bool:
        verb = line[:4].upper()
        if verb == "EHLO":
            extra = ["250-STARTTLS"] if self.post.context and not self.secure else ["250-AUTH PLAIN"]
            self.wfile.write("\r\n".join(["250-surat.test", *extra, "250 8BITMIME", ""]).encode())
        elif verb == "STAR":
            self.say("220 go")
            self.wrap()
        elif verb == "AUTH":
            self.post.logins.append(line)
            self.say(self.next("AUTH", "235 ok"))
        elif verb == "RCPT":
            said = self.next("RCPT", "250 ok")
            if said.startswith("250"):
                self.recipients.append(line.partition("<")[2].partition(">")[0])
            self.say(said)
        elif verb == "DATA":
            self.say("354 go")
            lines = []
            while (data := self.rfile.readline(65536)).rstrip(b"\r\n") != b".":
                lines.append(data)
            said = self.next("END", "250 taken")
            if said.startswith("250"):
                self.post.mails.append((self.recipients, b"".join(lines)))
                self.post.encrypted.append(self.secure)
            self.recipients = []
            self.say(said)
        else:
            self.say("221 bye" if verb == "QUIT" else "250 ok")
        return verb != "QUIT"

    def next(self, verb: str, otherwise: str) -> str:
        answers = self.post.answers[verb]
        return answers.pop(0) if answers else otherwise


class _MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_: Any) -> None:
        """A client that was cut off is what the tests do."""


@contextmanager
def mail_server() -> Iterator[Post]:
    """Serve mail on a free port."""
    post = Post()
    server = _MailServer(("127.0.0.1", 0), _Mail)
    server.post = post  # type: ignore[attr-defined]
    post.port = server.server_address[1]
    with _serving(server):
        yield post
