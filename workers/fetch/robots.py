"""robots.txt, obeyed for articles as RFC 9309 says; Protego (Scrapy's parser) reads the rules.

A feed is published to be polled, so feeds are not asked for; a sitemap is named by robots.txt itself.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Literal, Protocol
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from protego import Protego

from workers.errors import Permanent, Transient
from workers.ports import Http

AGENT = "Kabar"  # the product token of our User-Agent, RFC 9309 2.2.1
MAX_BYTES = 1_000_000  # RFC 9309 2.5 asks for 500 KiB at least
FRESH = 86_400_000  # ms: RFC 9309 2.4, no longer than a day
AGAIN = 600_000  # ms before a robots.txt that could not be had is asked for again
STALE = 30 * 86_400_000  # ms for which an older copy serves while the server fails, RFC 9309 2.3.1.4
WAIT = 3_600.0  # seconds an article waits while its site's robots.txt can't be had
KEPT = 10_000  # hosts whose rules a process holds
MAX_DELAY = 60.0  # seconds of Crawl-delay that are obeyed


class RobotsText(Struct, frozen=True, kw_only=True):
    """What a host's robots.txt said. `outcome`: "found", "none" (RFC: unavailable) or "unreachable"."""

    outcome: Literal["found", "none", "unreachable"]
    text: str = ""
    fetched_ms: int
    tried_ms: int = 0  # when it was last asked for in vain since


class RobotsMemory(Protocol):
    """Keeps robots.txt between processes, by host."""

    def robots(self, host: str) -> RobotsText | None:
        """Return what was kept, None without."""

    def keep_robots(self, host: str, said: RobotsText) -> None:
        """Keep it for STALE milliseconds."""


class Robots:
    """Asks each host once a day what may be fetched. Thread-safe."""

    def __init__(
        self, http: Http, memory: RobotsMemory, now_ms: Callable[[], int], *, exempt: Iterable[str] = ()
    ) -> None:
        """`exempt`: patterns of hosts whose publishers gave leave ("*.contoh.id"; "*" for all)."""
        self._http, self._memory, self._now_ms = http, memory, now_ms
        self._exempt = tuple(pattern.lower() for pattern in exempt)
        self._read: OrderedDict[str, tuple[RobotsText, Protego | None]] = OrderedDict()
        self._lock = threading.Lock()

    def delay(self, url: str) -> float:
        """Return the Crawl-delay (seconds) the host of `url` was last known to ask for; 0.0 when none. Asks nobody."""
        known = self._read.get(_place(url)[0])
        wanted = known[1].crawl_delay(AGENT) if known and known[1] else None
        return min(max(float(wanted or 0.0), 0.0), MAX_DELAY)

    def check(self, url: str) -> None:
        """Return when `url` may be fetched.

        Raises Permanent "robots_disallowed", or Transient "robots_unreachable" while the rules can't be had.
        """
        host, root = _place(url)
        if not host or any(fnmatchcase(host.partition(":")[0], pattern) for pattern in self._exempt):
            return
        said, rules = self._rules(host, root)
        if said.outcome == "unreachable":
            raise Transient(
                f"{root}/robots.txt can't be had: RFC 9309 has us wait", reason="robots_unreachable", retry_after=WAIT
            )
        if rules is not None and not rules.can_fetch(url, AGENT):
            raise Permanent(f"{url}: {root}/robots.txt disallows it", reason="robots_disallowed")

    def _rules(self, host: str, root: str) -> tuple[RobotsText, Protego | None]:
        now = self._now_ms()
        with self._lock:
            known = self._read.get(host)
        if known is None or not _is_fresh(known[0], now):
            kept = self._memory.robots(host)
            if kept is None or not _is_fresh(kept, now):
                kept = self._asked(host, root, kept, now)
            known = kept, Protego.parse(kept.text) if kept.outcome == "found" else None
            with self._lock:
                self._read[host] = known
                self._read.move_to_end(host)
                while len(self._read) > KEPT:
                    self._read.popitem(last=False)
        return known

    def _asked(self, host: str, root: str, before: RobotsText | None, now: int) -> RobotsText:
        """Ask the host; an older copy serves on while it does not answer."""
        said = read_answer(self._http, root, now)
        usable = before is not None and before.outcome != "unreachable" and now - before.fetched_ms < STALE
        if said.outcome == "unreachable" and before is not None and usable:
            said = msgspec.structs.replace(before, tried_ms=now)
        self._memory.keep_robots(host, said)
        return said


def read_answer(http: Http, root: str, now_ms: int) -> RobotsText:
    """Return what `root`/robots.txt says (RFC 9309 2.3.1).

    2xx: its rules. 4xx, too many redirects, or what is too large: none, all may be fetched. 429, 5xx and no answer at
    all: unreachable, nothing may be fetched.
    """
    try:
        answer = http.get(f"{root}/robots.txt", max_bytes=MAX_BYTES)
    except Transient as error:
        if error.reason == "shutdown":
            raise
        return RobotsText(outcome="unreachable", fetched_ms=now_ms)
    except Permanent:
        return RobotsText(outcome="none", fetched_ms=now_ms)
    text = answer.body.decode("utf-8", "replace")
    if text.lstrip("\ufeff \t\r\n")[:1] == "<":  # a page in its place says nothing
        return RobotsText(outcome="none", fetched_ms=now_ms)
    return RobotsText(outcome="found", text=text, fetched_ms=now_ms)


def _is_fresh(said: RobotsText, now: int) -> bool:
    longest = AGAIN if said.outcome == "unreachable" else FRESH
    return abs(now - said.fetched_ms) < longest or abs(now - said.tried_ms) < AGAIN


def _place(url: str) -> tuple[str, str]:
    """The host of `url` with its port, and what robots.txt lies under (RFC 9309 2.3: each scheme and authority)."""
    try:
        parts = urlsplit(url)
        netloc = parts.netloc.rpartition("@")[2].lower()
    except ValueError:
        return "", ""
    return (netloc, f"{parts.scheme}://{netloc}") if parts.scheme in ("http", "https") else ("", "")
