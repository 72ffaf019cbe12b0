"""Child processes that never outlive us: started, watched, started again when they end, stopped in order."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from workers.errors import KabarError

PR_SET_PDEATHSIG = 1  # linux/prctl.h
RESTART_PAUSE = 1.0  # seconds before a process that ended by itself is started again
SHORT_LIFE = 5.0  # seconds; a process that ends sooner did not start well
SHORT_LIVES = 5  # in a row: it never will


def die_with(parent: int, number: int = signal.SIGTERM) -> None:
    """Have the kernel send us `number` when process `parent` ends (Linux; elsewhere nothing happens).

    It is the parent's *thread* that counts: start children from a thread that lives as long as the process.
    """
    if not parent or sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:  # it ended before the kernel knew
        os.kill(os.getpid(), number)


class Child:
    """One process of ours; its output goes to a log file. Times are seconds."""

    def __init__(self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        self.restarts = 0
        self._command = list(command)
        self._log = log
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._ended_at = self._began_at = 0.0
        self._short_lives = 0

    @property
    def pid(self) -> int | None:
        """The running process's id, None when there is none."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start the process in a session of its own, so that a Ctrl-C in the terminal reaches us alone."""
        self._began_at = time.monotonic()
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=self._environment,
                start_new_session=True,
            )  # fmt: skip

    def keep(self) -> None:
        """Start it again when it has ended by itself. Raises KabarError when it keeps ending at its start."""
        if self._process is None or self._process.poll() is None:
            return
        if not self._ended_at:
            self._ended_at = time.monotonic()
            self._short_lives = self._short_lives + 1 if self._ended_at - self._began_at < SHORT_LIFE else 0
            if self._short_lives >= SHORT_LIVES:
                raise KabarError(f"{self.name} ends as soon as it is started; its last lines:\n{self.tail()}")
        elif time.monotonic() - self._ended_at >= RESTART_PAUSE:
            self._ended_at = 0.0
            self.restarts += 1
            self._sweep_group()
            self.start()

    def terminate(self) -> None:
        """Ask it to end."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait until it has ended, at most to `deadline` (monotonic); then end it and all it started."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._sweep_group()

    def tail(self, lines: int = 15) -> str:
        """Return the last lines of its log."""
        if not self._log.exists():
            return ""
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def _sweep_group(self) -> None:
        """End what is left of its session: pool children of a killed worker."""
        if self._process is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return  # none left
