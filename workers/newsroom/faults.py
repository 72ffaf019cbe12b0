"""Faults on demand: what goes wrong, for which path or article, and how often."""

from __future__ import annotations

import threading
from typing import Literal, get_args

from msgspec import Struct

from workers.errors import Misuse

FaultKind = Literal[
    # of one answer
    "status",  # answers `status` (404, 410, 429, 500, 503 …) with `retry_after`
    "slow_headers",  # the status line at once, the headers dripped over `seconds`
    "slow_body",  # headers at once, the body dripped over `seconds`
    "endless_body",  # never ends (`size` bytes when given); no Content-Length
    "cut",  # the connection ends in the middle of the promised body
    "gzip_bomb",  # `size` bytes once decompressed
    "bad_xml",  # the feed with bare ampersands, an unclosed tag and no end
    "wrong_charset",  # declares `charset`, sends `encoding`
    "redirect",  # `status` to `location`
    "redirect_loop",  # for ever to itself
    # of an article, wherever it is shown
    "edited",  # `text` as a further paragraph, `title` as new title, a later modified time
    "marker",  # `text` as a further paragraph, nothing else changed
    "deleted",  # gone from feeds and lists; its page answers `status` (410)
    "script_only",  # a page whose text only a script would bring
    "no_body",  # a page without article text; the feed carries the content
    # of a site: the key is its host
    "new_template",  # every article's page in another make, with a consent dialog that takes itself for the article
]
OF_ARTICLES = frozenset({"edited", "marker", "deleted", "script_only", "no_body"})
OF_SITES = frozenset({"new_template"})
DEFAULT_STATUS = {"status": 500, "redirect": 302, "redirect_loop": 302, "deleted": 410}
DEFAULT_SIZE = {"gzip_bomb": 200_000_000}


class Fault(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One thing that goes wrong. Fields that a kind does not name are ignored by it."""

    kind: FaultKind
    times: int | None = None  # how many answers it spoils; None: all (kinds of an article: always all)
    status: int = 0  # 0: the kind's usual one
    retry_after: str = ""  # the header as sent: seconds or an HTTP date
    seconds: float = 5.0  # how long a slow answer takes
    size: int = 0  # bytes; 0: the kind's usual size (endless: no end)
    location: str = ""  # where a redirect leads
    charset: str = "iso-8859-1"  # declared in Content-Type
    encoding: str = "utf-8"  # of the bytes that are sent
    text: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        if self.kind not in get_args(FaultKind):
            raise Misuse(f"fault {self.kind!r}: must be one of {', '.join(get_args(FaultKind))}")
        if self.seconds < 0 or self.size < 0 or (self.times is not None and self.times < 1):
            raise Misuse(f"fault {self.kind!r}: seconds and size must be 0 or more, times 1 or more")
        if self.kind in ("marker", "redirect") and not (self.text or self.location):
            raise Misuse(f"fault {self.kind!r}: needs {'a text' if self.kind == 'marker' else 'a location'}")

    @property
    def code(self) -> int:
        """The status this fault answers with."""
        return self.status or DEFAULT_STATUS.get(self.kind, 200)

    @property
    def length(self) -> int:
        """How many bytes it sends; 0 for no end."""
        return self.size or DEFAULT_SIZE.get(self.kind, 0)


class Faults:
    """Which faults are set; may be changed from any thread while the server runs.

    A key is a path ("/feed.xml": on every site), a host with path ("site-2.newsroom.test/feed.xml"), an article's
    slug or a site's host. Each key has at most one fault of the article and one of the answer.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[str, Fault] = {}
        self._left: dict[str, int] = {}
        self._articles: dict[str, Fault] = {}
        self._revisions: dict[str, int] = {}
        self.revision = 0  # grows whenever what is shown changes

    def set(self, key: str, fault: Fault) -> None:
        """Let `fault` happen at `key` from now on; replaces the one of its group that was set before."""
        key = _key(key)
        with self._lock:
            if fault.kind in OF_ARTICLES | OF_SITES:
                self._articles[key] = fault
                self._changed(key)
                return
            self._answers[key] = fault
            self._left.pop(key, None)
            if fault.times is not None:
                self._left[key] = fault.times

    def clear(self, key: str | None = None) -> None:
        """Take back the faults at `key`, or all."""
        with self._lock:
            for name in [_key(key)] if key is not None else [*self._answers, *self._articles]:
                self._answers.pop(name, None)
                self._left.pop(name, None)
                if self._articles.pop(name, None):
                    self._changed(name)

    def take(self, host: str, path: str, slug: str = "") -> Fault | None:
        """Return the fault that spoils this answer and count it, or None."""
        with self._lock:
            for key in (f"{host}{path}", path, slug):
                fault = self._answers.get(key)
                if fault is None:
                    continue
                if key in self._left:
                    self._left[key] -= 1
                    if not self._left[key]:
                        del self._answers[key], self._left[key]
                return fault
        return None

    def of_article(self, slug: str, host: str = "") -> Fault | None:
        """Return what is wrong with (or changed in) the article itself, else with all pages of its `host`, or None."""
        return self._articles.get(slug) or self._articles.get(host)

    def revision_of(self, slug: str, host: str = "") -> int:
        """Return how often the article's own state, or that of its `host`, has changed."""
        return self._revisions.get(slug, 0) + self._revisions.get(host, 0)

    def listed(self) -> dict[str, Fault]:
        """Return every fault that is set, by key."""
        with self._lock:
            return {**self._answers, **self._articles}

    def touch(self) -> None:
        """Note that what is shown has changed for a reason other than a fault."""
        with self._lock:
            self.revision += 1

    def _changed(self, slug: str) -> None:
        self.revision += 1
        self._revisions[slug] = self._revisions.get(slug, 0) + 1


def _key(key: str) -> str:
    """Accept a full URL too."""
    if not key:
        raise Misuse("a fault needs a path, a host with path, or an article's slug")
    return key.removeprefix("http://").removeprefix("https://").partition("?")[0]
