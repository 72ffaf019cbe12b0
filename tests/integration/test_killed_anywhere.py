"""What comes between any two writes: a process that dies changes nothing in the end, a removal leaves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.integration.desk import SITE, Desk
from tests.integration.test_copies import WIRE, Press
from tests.integration.test_interplay import look_again, remove, samples
from tests.integration.test_pipeline_pages import NAME, address, leaf, ready, whole
from tests.integration.test_refetch import looking, waiting
from workers.identify import article_id
from workers.operate.articles import find_document, past_of
from workers.state.scripts import Scripts

pytestmark = pytest.mark.redis
CALLS = 135  # of scripts and of the store in what is told below, nearly
EVERY = 15
CORRECTION = "Ralat: jembatan itu selesai diperbaiki pada Mei, bukan April."


class Killed(BaseException):
    """What a SIGKILL is to the code that is running: nothing after it happens."""


def die() -> None:
    raise Killed


class Killer:
    """Ends the process (or does another `deed`) after so many calls of scripts and of the store, once."""

    def __init__(self, after: int) -> None:
        self.after, self.left, self.calls, self.armed = after, 0, 0, True
        self.deed: Callable[[], object] = die

    def call(self, function: Any, *arguments: Any, **named: Any) -> Any:
        answer = function(*arguments, **named)
        if not self.armed:
            return answer
        self.calls += 1
        self.left -= 1
        if self.left == 0:
            self.deed()
        return answer

    def wrap(self, port: Any) -> Any:
        killer = self

        class Port:
            def __getattr__(self, name: str) -> Any:
                method = getattr(port, name)
                return (lambda *a, **n: killer.call(method, *a, **n)) if callable(method) else method

        return Port()


@pytest.fixture
def killer(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Killer]:
    monkeypatch.setattr("workers.pipeline.processing.SUPERSEDED_PAUSE", 0.0)
    monkeypatch.setattr("workers.pipeline.indexing.RELIST_PAUSE", 0.0)
    killer, script = Killer(request.param), Scripts._script
    monkeypatch.setattr(Scripts, "_script", lambda self, name: lambda **named: killer.call(script(self, name), **named))
    yield killer


class Mortal(Desk):
    """A desk whose process is started again when it was killed; its leases are over by then."""

    killer: Killer

    def run(self, seconds: float = 0.0) -> None:
        self.killer.armed = True
        try:
            super().run(seconds)
        except Killed:
            self.messages.sent.clear()
            self.wait_for_leases()
            super().run(seconds)
        finally:
            self.killer.armed = False  # what the test itself does kills nobody

    def wait_for_leases(self) -> None:
        client = self.state.client
        for key in client.scan_iter("kabar:*"):
            name = key.split(b":")[1].decode()
            if name in ("entry", "feed") and client.hexists(key, "lease"):
                client.hset(key, "lease", 1)
            if name == "busy":
                client.delete(key)
            if name in ("due", "parse", "process", "index", "hosts", "frontier"):
                for member, score in client.zrange(key, 0, -1, withscores=True):
                    client.zadd(key, {member: min(score, 1)})


@pytest.mark.parametrize("killer", range(1, CALLS, EVERY), indirect=True)
def test_what_was_under_way_is_done_once(desk: Desk, killer: Killer) -> None:
    looking(desk, 10_000.0)
    parts = desk.parts
    object.__setattr__(parts, "store", killer.wrap(parts.store))
    ready(desk)
    mortal = Mortal(parts, desk.web, desk.messages)
    mortal.killer, killer.left = killer, killer.after
    mortal.run()
    rss = desk.web.answers[SITE + "/feed"][0]
    assert isinstance(rss, str)
    desk.web.say("/feed", rss.replace("<title>Berita", "<title>Ralat berita"))
    desk.web.say(address(3), leaf(3, extra=f"<p>{CORRECTION}</p>"))
    mortal.due()
    mortal.run()
    press = Press(mortal)
    press.prints("satu.test", "tukik", *WIRE)
    press.prints("dua.test", "penyu", *WIRE)
    assert killer.left <= 0, f"only {killer.calls} calls"
    assert (mortal.state.entries.pending(), mortal.letters()) == (0, {})
    assert mortal.store.count() == 3
    document = find_document(mortal.store, f"{SITE}/{NAME}")
    assert document is not None
    assert [text.partition(".")[0] for text in document.body.split("\n\n")] == [*whole(1, 2, 3), CORRECTION[:-1]]
    assert (document.pages, document.incomplete, document.edits) == (3, False, 1)
    assert [step.edited for step in past_of(mortal.store, document).versions] == [False, True]
    assert press.of("dua.test", "penyu") == "satu.test"
    held = mortal.state.client.mget("kabar:handover", "kabar:begun", "kabar:weight")
    assert [int(one or 0) for one in held] == [0, 0, 0]


@pytest.mark.parametrize("killer", range(1, 80, EVERY), indirect=True)
def test_an_article_removed_at_any_moment_leaves_nothing(desk: Desk, killer: Killer) -> None:
    looking(desk, 10_000.0, 20_000.0)
    ready(desk)
    busy = Desk(replace(desk.parts, store=killer.wrap(desk.parts.store)), desk.web, desk.messages)
    killer.left, killer.deed = killer.after, lambda: remove(desk)
    busy.run()
    desk.web.say(address(3), leaf(3, extra=f"<p>{CORRECTION}</p>"))
    look_again(busy)
    assert killer.left <= 0, f"only {killer.calls} calls"
    look_again(busy)
    assert (desk.documents(), samples(desk), desk.letters(), waiting(desk)) == ([], [], {}, [])
    assert desk.store.history(article_id((f"{SITE}/{NAME}",))) == []
    assert desk.state.entries.pending() == 0
    assert desk.state.client.keys("kabar:again:*") == []


@pytest.mark.parametrize("killer", range(1, 60, EVERY), indirect=True)
def test_copies_of_what_is_removed_at_any_moment_stand_for_themselves(desk: Desk, killer: Killer) -> None:
    press = Press(desk)
    press.prints("satu.test", "tukik", *WIRE)
    busy = Press(Desk(replace(desk.parts, store=killer.wrap(desk.parts.store)), desk.web, desk.messages))
    killer.left, killer.deed = killer.after, lambda: remove(desk, "https://satu.test/tukik")
    busy.prints("dua.test", "penyu", *WIRE)
    busy.prints("tiga.test", "laut", *WIRE)
    assert killer.left <= 0, f"only {killer.calls} calls"
    assert find_document(desk.store, "https://satu.test/tukik") is None
    first, second = (press.of(*story) for story in (("dua.test", "penyu"), ("tiga.test", "laut")))
    assert first == ""
    assert second in ("", "dua.test")
    assert (desk.state.entries.pending(), desk.letters()) == (0, {})
