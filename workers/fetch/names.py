"""Name look-up that cannot hang the client: a few helper threads, and a limit on the wait for them."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Sequence
from time import monotonic

from workers.errors import Transient
from workers.fetch.deadline import Exchange

Lookup = Callable[[str, int], Sequence[str]]

THREADS = 32  # more than a process has fetching threads: only abandoned look-ups can use them up
WAITING = 1_000  # look-ups in the queue; more are refused at once
_SLICE = 0.1  # seconds between looks at whether the request was cut


def system_lookup(host: str, port: int) -> list[str]:
    """Return the addresses of `host` as the system's resolver orders them. Raises OSError, UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[4][0]) for place in found))


class _Question:
    """One name being looked up; all requests that want it meanwhile wait for the same answer."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.done = threading.Event()
        self.addresses: tuple[str, ...] = ()
        self.error: OSError | UnicodeError | None = None


class Resolver:
    """Looks names up in at most `threads` helper threads.

    `getaddrinfo` has no time-out. A look-up that hangs keeps its one helper; the requests that wait for it give up at
    their own limit. Helpers start on first use and are daemons: a hanging one must not keep the process from exiting.
    """

    def __init__(self, lookup: Lookup = system_lookup, *, threads: int = THREADS) -> None:
        self._lookup = lookup
        self._limit = threads
        self._helpers = 0
        self._free = 0
        self._lock = threading.Lock()
        self._running: dict[tuple[str, int], _Question] = {}
        self._queue: queue.SimpleQueue[_Question] = queue.SimpleQueue()

    def addresses(self, host: str, port: int, exchange: Exchange, timeout: float) -> tuple[str, ...]:
        """Return the addresses of `host`, an address itself included. Raises Transient "dns", "timeout", "shutdown"."""
        try:
            return (str(ipaddress.ip_address(host)),)
        except ValueError:
            pass  # a name
        question = self._ask(host, port)
        ends = monotonic() + timeout
        while not question.done.wait(exchange.patience(min(_SLICE, max(0.0, ends - monotonic())))):
            if monotonic() >= ends:
                raise Transient(f"{host}: name look-up took longer than {timeout:g} s", reason="dns")
        if question.error is not None:
            raise Transient(f"{host}: {question.error}", reason="dns") from question.error
        if not question.addresses:
            raise Transient(f"{host}: no address", reason="dns")
        return question.addresses

    def _ask(self, host: str, port: int) -> _Question:
        with self._lock:
            question = self._running.get((host, port))
            if question is not None:
                return question
            if len(self._running) >= WAITING:
                raise Transient(f"{host}: {WAITING} name look-ups are waiting already", reason="dns")
            question = self._running[host, port] = _Question(host, port)
            self._queue.put(question)
            if len(self._running) > self._helpers and self._helpers < self._limit:
                self._helpers += 1
                threading.Thread(target=self._help, name=f"name look-up {self._helpers}", daemon=True).start()
            return question

    def _help(self) -> None:
        while True:
            question = self._queue.get()
            try:
                question.addresses = tuple(self._lookup(question.host, question.port))
            except (OSError, UnicodeError) as error:
                question.error = error
            finally:
                with self._lock:
                    del self._running[question.host, question.port]
                question.done.set()
