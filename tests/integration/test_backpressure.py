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


REASONS = ["http_429", "http_503", "http_504", "es_rejected_execution_exception", "cluster_block_exception", "connect"]


@pytest.mark.parametrize("reason", REASONS)
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


class Sick(Crowded):
    """Answers 500 for every document, or for those of one title. `well`: what it says of itself."""

    def __init__(self, store: object, title: str = "", *, well: bool) -> None:
        super().__init__(store, "http_500")
        self._title, self._well = title, well

    def check(self) -> list[str]:
        return [] if self._well else ["shards are missing"]

    def write(self, documents: Sequence[Document]) -> list[Outcome]:
        outcomes = [super(Sick, self).write([one])[0] if self._title in one.title else None for one in documents]
        good = [one for one, outcome in zip(documents, outcomes, strict=True) if outcome is None]
        stored = iter(self._store.write(good))  # type: ignore[attr-defined]
        return [outcome or next(stored) for outcome in outcomes]


@pytest.mark.parametrize("names", ["a", "abc"])
def test_a_cluster_that_fails_with_everything_costs_no_article(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, names: str
) -> None:
    monkeypatch.setattr("workers.pipeline.batch.STORE_PAUSE", 0.01)
    desk.web.feed("/feed", *names)
    for name in names:
        desk.web.say(f"/{name}", page(name))
    desk.add()
    store = Sick(desk.store, well=len(names) > 1)  # of several that fail together nothing else need be asked
    sick = Desk(replace(desk.parts, store=store), desk.web, desk.messages)  # type: ignore[arg-type]
    for _ in range(100):
        sick.run(0.02)
        if store.refused > 3 * len(names) * desk.parts.rules.max_attempts:
            break
    assert store.refused > 3 * len(names) * desk.parts.rules.max_attempts
    store.full = False
    sick.run(0.5)
    assert sick.letters() == {}
    assert len(sick.titles()) == len(names)


def test_a_document_that_a_well_cluster_fails_with_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.pipeline.batch.STORE_PAUSE", 0.01)
    desk.web.feed("/feed", *"abc")
    for name in "abc":
        desk.web.say(f"/{name}", page(name))
    desk.add()
    sick = Desk(replace(desk.parts, store=Sick(desk.store, "Berita b", well=True)), desk.web, desk.messages)  # type: ignore[arg-type]
    for _ in range(100):
        sick.run(0.02)
        if sick.letters():
            break
    assert sick.letters() == {"b": "http_500"}
    assert sick.titles() == ["Berita a", "Berita c"]
