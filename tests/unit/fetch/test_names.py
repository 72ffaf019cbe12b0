"""workers/fetch/names.py: look-ups that hang take a bounded number of threads and nobody else's time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence

import pytest

from workers.errors import Transient
from workers.fetch.deadline import Exchange
from workers.fetch.names import WAITING, Resolver


def exchange(seconds: float = 5.0) -> Exchange:
    return Exchange("http://a.example/", ends=time.monotonic() + seconds, read_timeout=5)


def reason(resolver: Resolver, host: str, timeout: float, request: Exchange | None = None) -> str:
    with pytest.raises(Transient) as caught:
        resolver.addresses(host, 80, request or exchange(), timeout)
    return caught.value.reason


@pytest.mark.parametrize("host", ["8.8.8.8", "::1", "2606:4700::1111"])
def test_addresses_need_no_look_up(host: str) -> None:
    def lookup(host: str, port: int) -> Sequence[str]:
        raise AssertionError(host)

    assert Resolver(lookup).addresses(host, 80, exchange(), 1) == (host,)


def test_names_in_their_order_each_time_anew() -> None:
    answers = iter([["192.0.2.2", "192.0.2.1"], ["192.0.2.3"]])
    resolver = Resolver(lambda host, port: next(answers))
    assert resolver.addresses("a.example", 80, exchange(), 1) == ("192.0.2.2", "192.0.2.1")
    assert resolver.addresses("a.example", 80, exchange(), 1) == ("192.0.2.3",)


def test_failures_are_no_memory() -> None:
    answers: list[OSError | list[str]] = [socket.gaierror(-3, "Temporary failure"), [], ["192.0.2.1"]]

    def lookup(host: str, port: int) -> Sequence[str]:
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    resolver = Resolver(lookup)
    assert [reason(resolver, "a.example", 1) for _ in range(2)] == ["dns", "dns"]
    assert resolver.addresses("a.example", 80, exchange(), 1) == ("192.0.2.1",)


def test_hanging_names_take_few_threads_and_recover() -> None:
    release = threading.Event()
    asked: list[str] = []

    def lookup(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        release.wait(5)
        return ["192.0.2.1"]

    resolver = Resolver(lookup, threads=2)
    before = threading.active_count()
    assert {reason(resolver, f"{i % 6}.example", 0.01) for i in range(12)} == {"dns"}
    assert threading.active_count() - before == 2
    assert asked == ["0.example", "1.example"]
    release.set()
    assert resolver.addresses("9.example", 80, exchange(), 1) == ("192.0.2.1",)
    assert sorted(asked) == ["0.example", "1.example", "2.example", "3.example", "4.example", "5.example", "9.example"]


def test_queue_is_bounded() -> None:
    release = threading.Event()

    def lookup(host: str, port: int) -> Sequence[str]:
        release.wait(5)
        return []

    resolver = Resolver(lookup, threads=1)
    assert {reason(resolver, f"{i}.example", 0) for i in range(WAITING)} == {"dns"}
    began = time.monotonic()
    assert reason(resolver, "satu-lagi.example", 5) == "dns"
    assert time.monotonic() - began < 0.5
    release.set()


def test_request_that_ends_waits_no_longer() -> None:
    release = threading.Event()
    resolver = Resolver(lambda host, port: ["192.0.2.1"] if release.wait(5) else [])
    assert reason(resolver, "a.example", 5, exchange(0.05)) == "timeout"
    request = exchange()
    threading.Timer(0.05, request.cut).start()
    began = time.monotonic()
    assert reason(resolver, "a.example", 5, request) == "shutdown"
    assert time.monotonic() - began < 0.6
    release.set()
