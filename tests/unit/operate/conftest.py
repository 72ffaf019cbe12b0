"""A small HTTP server that plays Elasticsearch or Kibana: it answers from a script and remembers what was asked."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from workers.operate.rest import Rest

Reply = tuple[int, object]  # status; a JSON value, or bytes sent as they are
Key = tuple[str, str]


class Server:
    """Replies per (method, path): each in turn, the last one for ever."""

    def __init__(self) -> None:
        self.replies: dict[Key, list[Reply]] = {}
        self.asked: list[tuple[str, str, bytes, dict[str, str]]] = []
        self.password = "secret"
        self.url = ""

    def on(self, method: str, path: str, *replies: Reply) -> None:
        self.replies[(method, path)] = list(replies)

    def rest(self, password: str = "secret", timeout: float = 5.0) -> Rest:
        return Rest(self.url, "elastic", password, timeout=timeout)

    def bodies(self, method: str, path: str) -> list[bytes]:
        return [body for m, p, body, _ in self.asked if (m, p) == (method, path)]

    def answer(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        self.asked.append((method, path, body, headers))
        expected = "Basic " + base64.b64encode(f"elastic:{self.password}".encode()).decode()
        if headers.get("authorization") != expected:
            return 401, {"error": "unauthorized"}
        replies = self.replies.get((method, path))
        if not replies:
            return 400, {"error": f"no handler found for uri [{path}] and method [{method}]"}
        return replies.pop(0) if len(replies) > 1 else replies[0]


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, value = server.answer(self.command, self.path, body, headers)
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = _serve  # noqa: N815 - http.server looks these names up

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    mine = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(mine))
    http.daemon_threads = True
    mine.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield mine
    http.shutdown()
    thread.join()
    http.server_close()


@pytest.fixture
def unreachable() -> Callable[[], Rest]:
    return lambda: Rest("http://127.0.0.1:1", "elastic", "secret", timeout=1)
