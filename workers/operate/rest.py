"""A small JSON client for the administration of Elasticsearch and Kibana: bounded in time and size, typed errors.

The search store has its own client; this one serves the few calls of `kabar setup`, before that store exists.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import urllib3
from msgspec import Struct

from workers.errors import Misuse, Permanent, Transient

ANSWER_LIMIT = 10_000_000  # bytes
LONGEST_QUOTE = 300  # characters of a foreign error message that are repeated
T = TypeVar("T")


class Answer(Struct, frozen=True):
    """What a server answered below 500, neither 401 nor 403. `body` is {} when it was empty or no JSON object."""

    status: int
    body: dict[str, Any]
    text: str

    @property
    def quote(self) -> str:
        """The answer in one short line, for an error message."""
        return " ".join(self.text.split())[:LONGEST_QUOTE] or "an empty answer"


class Rest:
    """One server, one user. Opens nothing until `send`."""

    def __init__(
        self, url: str, username: str, password: str, *, timeout: float = 30.0, ca_file: Path | None = None
    ) -> None:
        """Remember where and as whom. `timeout`: seconds for one whole exchange; `ca_file`: PEM of a private authority.

        Raises Misuse on a `url` without host.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Misuse(f"{url!r} is no http:// or https:// address")
        if ca_file and not ca_file.is_file():
            raise Misuse(f"{ca_file}: no such file (KABAR_SEARCH_CA_FILE)")
        self.url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"
        self.username = username
        self._timeout = timeout
        self._headers = urllib3.make_headers(basic_auth=f"{username}:{password}") if username else {}
        self._pool = urllib3.PoolManager(retries=False, ca_certs=str(ca_file) if ca_file else None)

    def send(
        self,
        method: str,
        path: str,
        *,
        json_body: Mapping[str, Any] | None = None,
        fields: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the answer to one request, a JSON body or multipart `fields` sent along.

        Raises Transient when the server does not answer, is not ready (5xx) or pushes back (429); Permanent when it
        refuses user or password (401), the user's rights (403), or sends more than 10 MB.
        """
        arguments: dict[str, Any] = {"fields": fields} if fields is not None else {"json": json_body}
        if fields is None and json_body is None:
            arguments = {}
        ends = time.monotonic() + self._timeout
        try:
            response = self._pool.request(
                method,
                self.url + path,
                headers={**self._headers, **(headers or {})},
                redirect=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=5, read=self._timeout),
                **arguments,
            )
            body = self._read(response, ends)
        except urllib3.exceptions.HTTPError as error:
            raise Transient(f"{self.url} does not answer: {error}", reason="connect") from error
        return self._judge(response.status, body)

    def _read(self, response: urllib3.BaseHTTPResponse, ends: float) -> bytes:
        parts, size = [], 0
        try:
            while part := response.read1(65_536):
                size += len(part)
                if size > ANSWER_LIMIT:
                    raise Permanent(f"{self.url} answered more than {ANSWER_LIMIT:,} bytes", reason="too_large")
                if time.monotonic() > ends:
                    raise Transient(f"{self.url} took longer than {self._timeout:g} s to answer", reason="timeout")
                parts.append(part)
        finally:
            response.close()
        return b"".join(parts)

    def _judge(self, status: int, body: bytes) -> Answer:
        text = body.decode("utf-8", "replace")
        try:
            found = json.loads(text) if text else {}
        except (ValueError, RecursionError):
            found = {}
        answer = Answer(status, found if isinstance(found, dict) else {}, text)
        if status == 401:
            raise Permanent(
                f"{self.url} refuses user {self.username or '(none)'}: wrong name or password", reason="wrong_password"
            )
        if status == 403:
            raise Permanent(f"{self.url}: user {self.username} may not do this: {answer.quote}", reason="forbidden")
        if status >= 500 or status == 429:
            raise Transient(f"{self.url} answers {status}: {answer.quote}", reason=f"http_{status}")
        return answer


def patiently(attempt: Callable[[], T], *, wait: float, pause: float = 2.0) -> T:
    """Return what `attempt` returns, trying again every `pause` seconds while it raises Transient, for `wait` seconds.

    Raises the last Transient when time is up, and anything else at once.
    """
    ends = time.monotonic() + wait
    while True:
        try:
            return attempt()
        except Transient:
            if time.monotonic() + pause > ends:
                raise
        time.sleep(pause)
