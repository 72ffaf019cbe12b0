"""What clients asked the newsroom: counts per path and the last requests with their times."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field

KEPT = 200_000  # requests


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was answered."""

    host: str  # of the site that answered
    path: str  # without query
    status: int
    if_none_match: str = ""
    if_modified_since: str = ""
    user_agent: str = ""
    fault: str = ""  # kind of the fault that spoiled it
    at: float = field(default_factory=time.time)  # seconds since 1970

    @property
    def conditional(self) -> bool:
        return bool(self.if_none_match or self.if_modified_since)


class Hits:
    """Counts by path ("/feed.xml": over all sites), host with path, or URL; 0 for what nobody asked."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def __getitem__(self, key: str) -> int:
        return self._counts[key.removeprefix("http://").partition("?")[0]]

    def count(self, host: str, path: str) -> None:
        """Add one request. Not safe for several threads: `Record` holds its lock."""
        self._counts[path] += 1
        self._counts[host + path] += 1

    def by_address(self) -> dict[str, int]:
        """Return the counts by host with path."""
        return {key: count for key, count in list(self._counts.items()) if not key.startswith("/")}

    def total(self) -> int:
        return sum(self.by_address().values())


class Record:
    """Keeps counts and the last requests; used by every connection's thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: deque[Request] = deque(maxlen=KEPT)
        self.hits = Hits()

    def add(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)
            self.hits.count(request.host, request.path)

    def requests(self, path: str = "") -> list[Request]:
        """Return the requests (for one path, or host with path), oldest first."""
        with self._lock:
            return [r for r in self._requests if path in ("", r.path, r.host + r.path)]

    def clear(self) -> None:
        """Forget everything counted so far."""
        with self._lock:
            self._requests.clear()
            self.hits = Hits()
