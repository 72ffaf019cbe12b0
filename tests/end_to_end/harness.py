"""A whole Kabar for one test: real worker processes, a real Redis and store, a newsroom with faults on demand."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from workers.cli.demo import feeds_of
from workers.errors import KabarError
from workers.identify import normalise
from workers.model import Document
from workers.newsroom import ExpectedArticle, Newsroom, NewsroomServer
from workers.operate.processes import Child
from workers.operate.stack import Stack

# limits short enough to see leases end, in the order that the settings demand
TIMES = {
    "TICK": "0.25",
    "ITEM_LIMIT": "2",
    "BATCH_BUDGET": "1.5",
    "SOFT_LIMIT": "4",
    "HARD_LIMIT": "5",
    "FETCH_DEADLINE": "4",
    "LEASE": "6",
    "REDISPATCH": "6",
    "VISIBILITY_TIMEOUT": "20",
    "RETRY_BASE": "0.5",
    "POLL_FLOOR": "1",
    "POLL_INTERVAL": "2",
    "IO_THREADS": "6",
    "CPU_PROCESSES": "2",
}


class Run:
    """A running stack beside its newsroom."""

    def __init__(self, stack: Stack, server: NewsroomServer, newsroom: Newsroom) -> None:
        self.stack = stack
        self.server = server
        self.newsroom = newsroom
        self.state = stack.adapters.state
        self.store = stack.adapters.store

    def child(self, name: str) -> Child:
        """The process of this name: redis, io, cpu, index or beat."""
        return next(child for child in self.stack.children if child.name == name)

    def kill(self, name: str, *, pool: bool = False) -> None:
        """End a process by SIGKILL; with `pool`, one of its pool children instead."""
        child = self.child(name)
        self.until(lambda: child.pid, 10, f"{name} running")
        pid = child.pid
        assert pid is not None
        if pool:
            children = wait_for(lambda: psutil.Process(pid).children(), 20, f"pool children of {name}")
            pid = children[0].pid
        os.kill(pid, signal.SIGKILL)

    def until(self, condition: Callable[[], object], seconds: float, what: str) -> None:
        """Keep the stack running until `condition` holds."""
        try:
            wait_for(lambda: (self.stack.keep(), quiet(condition))[1], seconds, what)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.describe()}") from None

    def until_searchable(self, seconds: float = 90, without: int = 0) -> None:
        """Wait until every article (but `without`) is in the store and nothing is pending."""
        wanted = len(self.newsroom.truth()) - without

        def done() -> bool:
            self.store.refresh()
            return self.store.count() >= wanted and self.state.entries.pending() == 0

        self.until(done, seconds, f"{wanted} searchable articles")

    def describe(self) -> str:
        """What waits and why, for a failed test's report."""
        overview = self.state.overview
        lines = [f"searchable {self.store.count()}", str(overview.waiting()), str(overview.counts())]
        lines += [str(stuck) for stuck in overview.pending(10)]
        lines += [f"{d.stage} {d.reason} {d.url} {d.message}" for d in self.state.dead.list(10)]
        lines += [f"--- {child.name}\n{child.tail(5)}" for child in self.stack.children]
        return "\n".join(lines)

    def documents(self) -> dict[str, Document]:
        """The stored document of each expected article, by its URL."""
        found = {}
        for article in self.newsroom.truth():
            address = normalise(article.url)
            if document := self.store.find([address]).get(address):
                found[article.url] = document
        return found

    def assert_exactly_once(self, without: frozenset[str] = frozenset()) -> None:
        """Every article stands in the store once, with the text and the time that the newsroom wrote."""
        self.store.refresh()
        truth = [article for article in self.newsroom.truth() if article.url not in without]
        documents = self.documents()
        assert set(documents) >= {article.url for article in truth}, self.describe()
        assert self.store.count() == len(truth), self.describe()
        twice = [i for i, n in Counter(documents[a.url].id for a in truth).items() if n > 1]
        assert not twice
        for article in truth:
            assert_true(article, documents[article.url])


def assert_true(article: ExpectedArticle, document: Document) -> None:
    """The document says what the article's author wrote."""
    assert document.body == article.body, article.url
    assert document.title == article.title, article.url
    assert document.published_at == article.published_at, article.url


@contextmanager
def running(
    folder: Path,
    newsroom: Newsroom,
    *,
    settings: Mapping[str, str] | None = None,
    feeds: bool = True,
    path: Path | None = None,
) -> Iterator[Run]:
    """Run a whole Kabar under `folder`; `settings` are added to the short times."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KABAR_")}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    with NewsroomServer(newsroom) as server:
        own = {
            "DATA_DIR": str(folder),
            "RESOLVE": server.resolve,
            "ALLOW_ADDRESSES": "127.0.0.0/8",
            **TIMES,
            **(settings or {}),
        }
        with Stack(environment | {f"KABAR_{name}": value for name, value in own.items()}) as stack:
            run = Run(stack, server, newsroom)
            if feeds:
                stack.use_feeds(feeds_of(newsroom), only=True)
            yield run


def wait_for(condition: Callable[[], object], seconds: float, what: str) -> object:
    """Return the first true value of `condition`; fail after `seconds`."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if value := condition():
            return value
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds:g} s: {what}")


def quiet(condition: Callable[[], object]) -> object:
    """The condition's value, or False while a server is away."""
    try:
        return condition()
    except KabarError:
        return False
