"""One running request and its end: every wait of it is cut to what its overall deadline leaves.

A socket time-out bounds one wait only, and a server that sends a byte now and then makes a request of any number of
waits. So the sockets here ask their request before *each* receive how long it may still last. That holds for headers,
TLS and bodies alike and needs no watching thread. `Exchange.cut` ends a request from another thread (shutdown).
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from time import monotonic
from typing import Any

from workers.errors import Transient


class Exchange:
    """One request from name look-up to last byte, over all its redirects. Used by one thread; `cut` by any."""

    def __init__(self, url: str, *, ends: float, read_timeout: float) -> None:
        """`ends`: on the monotonic clock. `read_timeout`: seconds a single wait for bytes may take."""
        self.url = url
        self.ends = ends
        self.read_timeout = read_timeout
        self._cut = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def patience(self, at_most: float | None = None) -> float:
        """Return the seconds the next wait may take. Raises Transient "timeout" or "shutdown" when there are none."""
        if self._cut:
            raise Transient(f"{self.url}: given up, the process is stopping", reason="shutdown")
        left = self.ends - monotonic()
        if left <= 0:
            raise Transient(f"{self.url}: not complete within the overall deadline", reason="timeout")
        return min(left, self.read_timeout if at_most is None else at_most)

    def hold(self, sock: BoundedSocket | BoundedTLSSocket | None) -> None:
        """Take `sock` (None: let go of it), so that `cut` can end what waits on it."""
        with self._lock:
            self._socket = sock
        if sock is not None:
            sock.exchange = self
            sock.settimeout(self.patience())

    def cut(self) -> None:
        """End this request now: whatever waits on its socket wakes up."""
        self._cut = True
        with self._lock:
            if self._socket is not None:
                # The plain method: SSLSocket's own one drops its TLS state under the reader's feet.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def narrow(self, sock: socket.socket) -> None:
        """Cut the next wait on `sock` to what is left."""
        left = self.patience()
        if left < self.read_timeout:  # else the time-out set by `hold` is right: spare the system call
            sock.settimeout(left)


class BoundedSocket(socket.socket):
    """A socket on which no receive outlives the request it belongs to."""

    exchange: Exchange | None = None

    def recv_into(self, *args: Any) -> int:
        if self.exchange is not None:
            self.exchange.narrow(self)
        return super().recv_into(*args)


class BoundedTLSSocket(ssl.SSLSocket):
    """The same for TLS; OpenSSL bounds each handshake, read and write as a whole by the socket's time-out."""

    exchange: Exchange | None = None

    def recv_into(self, *args: Any) -> int:
        if self.exchange is not None:
            self.exchange.narrow(self)
        return super().recv_into(*args)
