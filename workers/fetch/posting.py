"""POSTs to webhooks, with the bounds and the address rules of the HTTP client."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from workers.errors import Permanent, Transient
from workers.fetch.answers import request_headers, retry_after, status_error
from workers.fetch.deadline import Exchange
from workers.fetch.failures import translated
from workers.fetch.http import HttpClient
from workers.fetch.targets import Target, parse

CONFLICT = 409  # draft-ietf-httpapi-idempotency-key-header: a request with this key is still being worked on


class WebhookClient(HttpClient):
    """Implements `workers.ports.Webhook`. Safe for any number of threads."""

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> None:
        """See `workers.ports.Webhook.post`.

        Each POST has a connection of its own: on one kept alive a failure to write leaves open whether the receiver
        has it, and it would have to be sent twice.
        """
        target = parse(url)
        exchange = self._enter(target, monotonic())
        try:
            own = {"user-agent": self._headers["user-agent"], "accept": "*/*", "content-type": "application/json"}
            self._deliver(target, body, {**request_headers(own, headers), "connection": "close"}, exchange)
        finally:
            self._leave(exchange)

    def _deliver(self, target: Target, body: bytes, headers: Mapping[str, str], exchange: Exchange) -> None:
        connection = self._open(target, exchange)
        try:
            with translated(exchange):
                response = connection.ask(target, headers, exchange, body)
            answer = {name.lower(): value for name, value in response.headers.items()}
            response.close()
        finally:
            connection.close()
        if 200 <= response.status < 300:
            return
        where = f"{target.scheme}://{target.authority}"  # not the path: it may be the receiver's secret
        if response.status == CONFLICT:
            asked = retry_after(answer.get("retry-after", ""), self._now())
            raise Transient(f"{where}: HTTP 409", reason="http_409", retry_after=asked)
        if 300 <= response.status < 400:
            raise Permanent(
                f"{where}: HTTP {response.status}, redirects are not followed", reason=f"http_{response.status}"
            )
        raise status_error(response.status, answer, where, self._now())
