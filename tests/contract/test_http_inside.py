"""What `workers.ports.Http` promises about where it connects to, about names that hang, and about its own shutdown."""

from __future__ import annotations

import contextlib
import ipaddress
import multiprocessing
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.contract.http_server import Network, drip, failure, hang, reply
from workers.errors import KabarError
from workers.fetch.names import THREADS

ONE_ADDRESS = (ipaddress.ip_network("127.0.0.1/32"),)  # as if it alone were out on the internet


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://0/",
        "http://localhost/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://１２７.0.0.1/",
        "https://192.168.1.1/",
        "http://100.64.0.1/",
        "http://[fe80::1]/",
        "http://224.0.0.1/",
    ],
)
def test_inside_addresses_are_refused(network: Network, url: str) -> None:
    guarded = network.client(allow_addresses=())
    assert failure(guarded, url)[0] == "forbidden_address"


@pytest.mark.parametrize(
    "location",
    [
        "http://127.9.9.9:{port}/",
        "http://169.254.169.254/",
        "http://[::1]:{port}/",
        "//localhost.example:{port}/",
        "http://0/",
    ],
)
def test_redirects_inside_are_refused(network: Network, location: str) -> None:
    lookups = {"berita.example": ["127.0.0.1"], "localhost.example": ["127.9.9.9"], "0": ["0.0.0.0"]}
    inside = network.serve({"/": reply(200, b"rahasia")})
    server = network.serve({"/": reply(302, location=location.format(port=inside.port))})
    http = network.client(allow_addresses=ONE_ADDRESS, lookup=lambda host, port: lookups[host])
    assert failure(http, f"http://berita.example:{server.port}/")[0] == "forbidden_address"
    assert (len(server.requests), inside.requests) == (1, [])


def test_name_is_looked_up_once_for_check_and_connect(network: Network) -> None:
    """DNS rebinding: the second answer to the same question points inside."""
    server = network.serve({"/": reply(200, b"isi", connection="close")})
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    http = network.client(allow_addresses=ONE_ADDRESS, lookup=lambda host, port: next(answers))
    assert http.get(f"http://berita.example:{server.port}/").body == b"isi"
    assert failure(http, f"http://berita.example:{server.port}/")[0] == "forbidden_address"
    assert len(server.requests) == 1


def test_one_inside_address_among_others_is_refused(network: Network) -> None:
    server = network.serve({"/": reply(200, b"isi")})
    http = network.client(allow_addresses=ONE_ADDRESS, lookup=lambda host, port: ["127.0.0.1", "10.0.0.1"])
    assert failure(http, f"http://berita.example:{server.port}/")[0] == "forbidden_address"


def test_names_sent_elsewhere_are_checked_too(network: Network) -> None:
    http = network.client(allow_addresses=(), resolve={"*.newsroom.test": "127.0.0.1:80"})
    assert failure(http, "http://kota.newsroom.test/")[0] == "forbidden_address"


def test_refused_connections_try_the_next_address(network: Network) -> None:
    server = network.serve({"/": reply(200, b"isi")})
    http = network.client(lookup=lambda host, port: ["127.0.0.9", "127.0.0.1"])
    assert http.get(f"http://berita.example:{server.port}/").body == b"isi"


def test_nobody_listens(network: Network) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert failure(network.client(), f"http://127.0.0.1:{port}/")[0] == "connect"


@pytest.mark.parametrize("error", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")])
def test_unknown_names(network: Network, error: Exception) -> None:
    def lookup(host: str, port: int) -> Sequence[str]:
        raise error

    assert failure(network.client(lookup=lookup), "http://tiada.example/")[0] == "dns"
    assert failure(network.client(lookup=lambda host, port: []), "http://tiada.example/")[0] == "dns"


def test_hanging_look_ups_do_not_exhaust_the_client(network: Network) -> None:
    release = threading.Event()

    def lookup(host: str, port: int) -> Sequence[str]:
        if host.startswith("gantung"):
            release.wait(5)
        return ["127.0.0.1"]

    server = network.serve({"/": reply(200, b"isi")})
    http = network.client(connect_timeout=0.25, lookup=lookup)
    before = threading.active_count()
    urls = [f"http://gantung{i}.example:{server.port}/" for i in range(THREADS - 1)] * 2
    results = at_once([lambda url=url: http.get(url) for url in urls])  # type: ignore[misc]
    assert {getattr(result, "reason", result) for result in results} == {"dns"}
    assert threading.active_count() - before <= THREADS
    assert http.get(f"http://jalan.example:{server.port}/").body == b"isi"
    release.set()


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Return what each call gave or the error it raised, all run at the same time in threads."""
    results: list[Any] = [None] * len(calls)

    def run(index: int) -> None:
        try:
            results[index] = calls[index]()
        except KabarError as error:
            results[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return results


def test_hanging_servers_do_not_hold_up_others(network: Network) -> None:
    server = network.serve({"/gantung": hang, "/": reply(200, b"isi")})
    http = network.client(read_timeout=0.5)
    began = time.monotonic()
    calls = [lambda: http.get(server.url + "/gantung")] * 10 + [lambda: http.get(server.url)] * 10
    results = at_once(calls)
    assert [result.reason for result in results[:10]] == ["timeout"] * 10
    assert [result.body for result in results[10:]] == [b"isi"] * 10
    assert time.monotonic() - began < 1.5


def test_connect_that_is_never_answered(network: Network) -> None:
    """A listener whose queue is full drops further connects, as a firewall does."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, contextlib.ExitStack() as waiting:
        port = full.getsockname()[1]
        for _ in range(3):
            held = waiting.enter_context(socket.socket())
            held.setblocking(False)
            held.connect_ex(("127.0.0.1", port))
        url = f"http://127.0.0.1:{port}/"
        reason, seconds = failure(network.client(connect_timeout=0.3), url)
        assert reason == "timeout"
        assert 0.25 < seconds < 0.8
        http = network.client()
        stopping = threading.Timer(0.2, http.shutdown)
        stopping.start()
        reason, seconds = failure(http, url)
        assert reason == "shutdown"
        assert seconds < 1


def test_many_threads_share_one_client(network: Network) -> None:
    pages = {f"/{i}": reply(200, b"isi %d" % i) for i in range(64)}
    server = network.serve(pages)
    http = network.client()
    calls = [lambda i=i: [http.get(f"{server.url}/{(i + j) % 64}").body for j in range(8)] for i in range(64)]  # type: ignore[misc]
    assert at_once(calls) == [[b"isi %d" % ((i + j) % 64) for j in range(8)] for i in range(64)]
    assert len(server.requests) == 64 * 8
    assert len({request.connection for request in server.requests}) < 64 * 8


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # Python 3.12: threads and fork; that is the test
def test_forked_child_has_a_client_of_its_own(network: Network) -> None:
    server = network.serve({"/": reply(200, b"isi")})
    http = network.client(lookup=lambda host, port: ["127.0.0.1"])
    url = f"http://berita.example:{server.port}/"
    http.get(url)
    child = multiprocessing.get_context("fork").Process(target=lambda: sys.exit(http.get(url).body != b"isi"))
    child.start()
    child.join(5)
    assert child.exitcode == 0
    assert http.get(url).body == b"isi"
    assert [request.connection for request in server.requests] == [0, 1, 0]


def test_shutdown_ends_what_runs_and_starts_no_more(network: Network) -> None:
    release = threading.Event()
    server = network.serve(
        {
            "/gantung": hang,
            "/tetes": drip(reply(200, b"x" * 9_000)),
            "/tanpa": drip(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 9_000),
            "/diam": lambda server, connection, request: (  # cut here, it must not pass for whole
                connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nisi"),
                hang(server, connection, request),
            ),
        }
    )
    http = network.client(
        connect_timeout=9,
        read_timeout=9,
        deadline=9,
        lookup=lambda host, port: ["127.0.0.1"] if release.wait(5) else [],
    )
    urls = [server.url + path for path in ("/gantung", "/tetes", "/tanpa", "/diam")] + ["http://gantung.example/"]
    stopping = threading.Timer(0.3, http.shutdown)
    stopping.start()
    began = time.monotonic()
    results = at_once([lambda url=url: http.get(url) for url in urls])  # type: ignore[misc]
    assert [getattr(result, "reason", result) for result in results] == ["shutdown"] * 5
    assert time.monotonic() - began < 1.3
    assert failure(http, server.url)[0] == "shutdown"
    release.set()
