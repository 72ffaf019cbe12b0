"""Receivers of alerts that never answer, answer byte by byte or hang up; and very many alerts at once."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.contract.documents import article
from tests.integration.desk import Desk
from tests.integration.receivers import hook_server
from tests.integration.test_alerts import put, save, work
from workers.errors import Transient
from workers.pipeline import Pipeline
from workers.runtime.bootstrap import build_webhook
from workers.runtime.settings import load

pytestmark = pytest.mark.redis
DEADLINE = 1.0


def hang(connection: socket.socket) -> None:
    time.sleep(4 * DEADLINE)


def drip(connection: socket.socket) -> None:
    for byte in b"HTTP/1.1 200 OK\r\n" + b"x-a: b\r\n" * 1_000:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def hang_up(connection: socket.socket) -> None:
    connection.recv(100)


def talk_nonsense(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n" * 1_000)


@contextmanager
def receiver(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that treats each connection so."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def one(connection: socket.socket) -> None:
            with connection:
                try:
                    behave(connection)
                except OSError:
                    return  # it was cut off: that is the test

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=one, args=(connection,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/kabar"
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("behave", [hang, drip, hang_up, talk_nonsense])
def test_a_hostile_receiver_holds_nobody_up(desk: Desk, behave: Callable[[socket.socket], None]) -> None:
    settings = load({}, alerts_allow_addresses="127.0.0.0/8", read_timeout=DEADLINE, fetch_deadline=DEADLINE)
    webhook = build_webhook(settings)
    with receiver(behave) as url, hook_server() as hook:
        began = time.monotonic()
        with pytest.raises(Transient):
            webhook.post(url, b"{}", headers={})
        assert time.monotonic() - began < 3 * DEADLINE
        desk.pipeline = Pipeline(replace(desk.parts, webhook=webhook))
        save(desk, "buruk", "gempa", webhook=url)
        save(desk, "baik", "gempa", webhook=hook.url)
        put(desk, article("a", "Gempa besar"))
        desk.pipeline.match()
        desk.run()
        assert hook.told() == [("baik", "Judul")]
        assert desk.state.alerts.waiting()["deliveries"] <= 1  # tried again later, a bounded number of times


def test_a_thousand_alerts_tell_of_one_article(desk: Desk) -> None:
    with hook_server() as hook:
        for number in range(1_000):
            save(desk, f"s{number}", "gempa" if number % 2 else "besar -kecil", webhook=hook.url)
        put(desk, article("a", "Gempa besar"))
        work(desk)
        assert sorted(name for name, _ in hook.told()) == sorted(f"s{number}" for number in range(1_000))
        assert len(set(hook.keys())) == 1_000
        assert desk.state.alerts.waiting() == {"news": 0, "deliveries": 0}
