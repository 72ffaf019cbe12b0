"""What `workers.ports.Http` promises about redirects: followed within bounds, secrets left behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.http_server import Network, Server, reply
from workers.errors import Permanent
from workers.fetch.http import HttpClient

Serve = Callable[..., Server]


@pytest.fixture
def http(network: Network) -> HttpClient:
    return network.client()


@pytest.mark.parametrize(
    "chain",
    [
        [301],
        [308],
        [302],
        [303],
        [307],
        [301, 308],
        [301, 302],
        [302, 301],
        [301, 302, 301],
        [301] * 5,
    ],
)
def test_redirects_are_followed(serve: Serve, http: HttpClient, chain: list[int]) -> None:
    hops = {f"/{i}": reply(status, b"pindah", location=f"/{i + 1}") for i, status in enumerate(chain)}
    server = serve({**hops, f"/{len(chain)}": reply(200, b"isi")})
    got = http.get(server.url + "/0")
    lasting = next((i for i, status in enumerate(chain) if status not in (301, 308)), len(chain))
    assert (got.body, got.final_url) == (b"isi", f"{server.url}/{len(chain)}")
    assert got.permanent_url == (f"{server.url}/{lasting}" if lasting else "")
    assert {request.connection for request in server.requests} == {0}


@pytest.mark.parametrize(
    "answers",
    [
        {"/": reply(302, location="/")},
        {"/": reply(301, location="/a"), "/a": reply(301, location="/")},
        {"/": reply(302, location="/1"), **{f"/{i}": reply(302, location=f"/{i + 1}") for i in range(1, 9)}},
    ],
)
def test_redirect_loops_end(serve: Serve, http: HttpClient, answers: dict[str, bytes]) -> None:
    server = serve(answers)
    with pytest.raises(Permanent) as caught:
        http.get(server.url)
    assert caught.value.reason == "redirect_loop"
    assert len(server.requests) <= 6


@pytest.mark.parametrize(
    "location",
    [
        "ftp://a.example/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://:80/",
        "http://[::1",
        "data:text/html,x",
        "http://a b/",
        "/" + "x" * 9_000,
    ],
)
def test_redirects_to_what_is_no_page(serve: Serve, http: HttpClient, location: str) -> None:
    with pytest.raises(Permanent) as caught:
        http.get(serve({"/": reply(302, location=location)}).url)
    assert caught.value.reason == "bad_url"


def test_redirect_in_raw_utf8(serve: Serve, http: HttpClient) -> None:
    server = serve({"/": reply(302, location="/kafé menu"), "/kaf%C3%A9%20menu": reply(200, b"isi")})
    assert http.get(server.url).final_url == server.url + "/kaf%C3%A9%20menu"


def test_secrets_stay_with_their_host(serve: Serve, http: HttpClient) -> None:
    other = serve({"/": reply(200, b"isi")})
    first = serve(
        {"/": reply(302, location="/sini"), "/sini": reply(302, location=f"http://nama:sandi@127.0.0.1:{other.port}/")}
    )
    secret = {"Authorization": "Bearer s", "Cookie": "s=1", "X-Api-Key": "s", "If-None-Match": '"a"'}
    got = http.get(first.url.replace("//", "//saya:rahasia@"), headers=secret)
    kept = [{"authorization", "cookie", "x-api-key"} & set(request.headers) for request in first.requests]
    assert kept == [{"authorization", "cookie", "x-api-key"}] * 2
    assert first.requests[0].headers["authorization"] == "Bearer s"
    assert {"authorization", "cookie", "x-api-key"}.isdisjoint(other.requests[0].headers)
    assert other.requests[0].headers["if-none-match"] == '"a"'
    assert "sandi" not in got.final_url


def test_no_cookie_is_kept(serve: Serve, http: HttpClient) -> None:
    server = serve({"/": reply(302, location="/b", set_cookie="s=1"), "/b": reply(200, b"isi")})
    http.get(server.url)
    assert all("cookie" not in request.headers for request in server.requests)


def test_redirect_without_a_place_is_permanent(serve: Serve, http: HttpClient) -> None:
    with pytest.raises(Permanent) as caught:
        http.get(serve({"/": reply(302)}).url)
    assert caught.value.reason == "http_302"
