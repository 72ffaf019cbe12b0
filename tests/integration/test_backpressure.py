"""A cluster that pushes back: what waits for it is never given up, nor fetched twice, and holds up fetching in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.integration.desk import Desk, page
from workers.model import Document
from workers.ports import Outcome

pytestmark = pytest.mark.redis
CAP = 20_000  # bytes of pages and documents that may wait


class Crowded:
    """The embedded store behind a queue that is full: each document is refused for `reason` until it has room."""

    shows_polls = False

    def __init__(self, store: object, reason: str) -> None:
        self._store, self._reason = store, reason
        self.full = True
        self.refused = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def write(self, documents: Sequence[Document]) -> list[Outcome]:
        if self.full:
            self.refused += len(documents)
            return [Outcome(one.id, "failed", "the queue is full", self._reason) for one in documents]
        return self._store.write(documents)  # type: ignore[attr-defined, no-any-return]


def crowded(desk: Desk, reason: str) -> tuple[Desk, Crowded]:
    store = Crowded(desk.store, reason)
    return Desk(replace(desk.parts, store=store), desk.web, desk.messages), store  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", ["http_429", "http_503", "http_504", "es_rejected_execution_exception"])
def test_what_is_pushed_back_is_never_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    monkeypatch.setattr("workers.pipeline.batch.STORE_PAUSE", 0.01)
    desk.web.feed("/feed", "a")
    desk.web.say("/a", page("a"))
    desk.add()
    busy, store = crowded(desk, reason)
    for _ in range(100):
        busy.run(0.02)
        if store.refused > 2 * desk.parts.rules.max_attempts:
            break
    assert store.refused > 2 * desk.parts.rules.max_attempts
    assert busy.letters() == {}
    store.full = False
    busy.run(0.5)
    assert busy.titles() == ["Berita a"]
    assert busy.asked("/a") == 1


def test_fetching_pauses_while_too_much_waits_for_the_cluster(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.pipeline.batch.STORE_PAUSE", 0.5)
    monkeypatch.setattr(desk.state.frontier, "_cap", CAP)
    names = [f"n{number}" for number in range(80)]
    desk.web.feed("/feed", *names)
    for name in names:
        desk.web.say(f"/{name}", page(name))
    desk.add()
    busy, store = crowded(desk, "http_429")
    fetched = []
    for _ in range(2):
        busy.run(0.3)
        fetched.append(sum(busy.asked(f"/{name}") for name in names))
    assert 0 < fetched[0] == fetched[1] < len(names)  # beyond the cap only what was under way when it was reached
    waiting = busy.state.overview.waiting()
    assert waiting.pending == len(names)
    assert waiting.handover_bytes >= CAP
    store.full = False
    busy.run(1.0)
    assert len(busy.titles()) == len(names)
    assert sum(busy.asked(f"/{name}") for name in names) == len(names)
