"""workers/fetch/connections.py: connections kept for the next request are few, fresh and open."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from workers.fetch.connections import Connection, IdleConnections, Origin
from workers.fetch.deadline import BoundedSocket

A: Origin = ("http", "a.example", 80)
B: Origin = ("http", "b.example", 80)


@pytest.fixture
def ends() -> Iterator[list[socket.socket]]:
    """The far ends of all connections made."""
    made: list[socket.socket] = []
    yield made
    for end in made:
        end.close()


def connection(origin: Origin, ends: list[socket.socket]) -> Connection:
    near, far = socket.socketpair()
    ends.append(far)
    return Connection(origin, BoundedSocket(near.family, near.type, near.proto, near.detach()))


def test_last_one_used_comes_first(ends: list[socket.socket]) -> None:
    idle = IdleConnections()
    first, second = connection(A, ends), connection(A, ends)
    idle.put(first)
    idle.put(second)
    assert idle.take(B) is None
    assert [idle.take(A), idle.take(A), idle.take(A)] == [second, first, None]
    assert len(idle) == 0
    first.close()
    second.close()


def test_few_per_origin_and_in_all(ends: list[socket.socket]) -> None:
    idle = IdleConnections(per_origin=2, total=3)
    of_a = [connection(A, ends) for _ in range(4)]
    of_b = [connection(B, ends) for _ in range(2)]
    for each in (*of_a, *of_b):
        idle.put(each)
    assert [each.is_closed for each in of_a] == [True, True, True, False]
    assert [each.is_closed for each in of_b] == [False, False]
    assert len(idle) == 3
    idle.close()
    assert all(each.is_closed for each in (*of_a, *of_b))
    assert (len(idle), idle.take(A)) == (0, None)


def test_old_ones_go(ends: list[socket.socket]) -> None:
    idle = IdleConnections(seconds=-1.0)
    only = connection(A, ends)
    idle.put(only)
    assert only.is_closed
    assert idle.take(A) is None


def test_what_the_server_closed_or_wrote_to_is_not_given_out(ends: list[socket.socket]) -> None:
    idle = IdleConnections()
    closed, noisy, good = (connection(A, ends) for _ in range(3))
    for each in (good, noisy, closed):
        idle.put(each)
    ends[0].close()
    ends[1].sendall(b"HTTP/1.1 408 Too slow\r\n\r\n")
    assert idle.take(A) is good
    assert closed.is_closed
    assert noisy.is_closed
    good.close()
