"""Fingerprints in a real Redis: found again, bounded, the same after a repeated call, and gone after their time."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from workers.identify.fingerprint import KEYS, fingerprint
from workers.model import digest
from workers.runtime.settings import Settings
from workers.state import State
from workers.state.copies import COMPARED, SHARING, Registered
from workers.state.entries import Job

pytestmark = pytest.mark.redis

A, B, C, D = (digest(name) for name in "abcd")


def text(seed: int, words: int = 400) -> str:
    """A text of its own for every seed."""
    chance = random.Random(seed)
    return " ".join("".join(chance.choices("abcdefghijk", k=5)) for _ in range(words))


@pytest.fixture
def job(claimed: Callable[..., Job]) -> Job:
    return claimed("process")


def contents(state: State) -> dict[bytes, object]:
    found: dict[bytes, object] = {}
    for key in state.client.keys("kabar:text*") + state.client.keys("kabar:copied*"):
        kind = state.client.type(key)
        read = {b"string": state.client.get, b"zset": lambda k: state.client.zrange(k, 0, -1, withscores=True)}
        found[key] = read.get(kind, state.client.smembers)(key)
    return found


def test_a_text_finds_the_others_that_share_its_keys_but_not_itself(state: State, job: Job) -> None:
    known = fingerprint("a.test", "A", text(1))
    assert state.copies.register(job, A, known) == Registered(known=False, others=())
    found = state.copies.register(job, B, fingerprint("b.test", "B", text(1) + " dan lain lagi"))
    assert found.others == ((A, known),)
    assert state.copies.register(job, C, fingerprint("c.test", "C", text(2))).others == ()


def test_repeating_both_steps_changes_nothing(state: State, job: Job) -> None:
    one, other = fingerprint("a.test", "A", text(1)), fingerprint("b.test", "B", text(1))
    state.copies.register(job, A, one)
    assert state.copies.settle(job, A, None) is None
    first = state.copies.register(job, B, other)
    assert state.copies.settle(job, B, A) == A
    before = contents(state)
    again = state.copies.register(job, B, other)
    assert (again.known, again.others) == (True, first.others)
    assert state.copies.settle(job, B, A) == A
    state.copies.register(job, A, one)
    assert state.copies.settle(job, A, B) is None  # it has a copy: it stays an original
    assert contents(state) == before


def test_no_chain_whatever_is_asked_for(state: State, job: Job) -> None:
    for article in (A, B, C, D):
        state.copies.register(job, article, fingerprint(article, "T", text(1)))
    assert state.copies.settle(job, B, A) == A
    assert state.copies.settle(job, C, B) == A
    assert state.copies.settle(job, D, D) is None
    assert state.copies.settle(job, A, D) is None  # it has copies: it stays an original
    assert state.copies.originals([A, B, C, D]) == {A: None, B: A, C: A, D: None}
    assert state.copies.settle(job, C, None) is None
    assert state.copies.originals([A, B, C, D]) == {A: None, B: A, C: None, D: None}


def test_a_forgotten_originals_copies_get_an_heir(state: State, job: Job) -> None:
    for article in (A, B, C, D):
        state.copies.register(job, article, fingerprint(article, "T", text(1)))
    for copy in (B, C, D):
        state.copies.settle(job, copy, A)
    assert state.copies.forget(A, C) == C
    assert state.copies.originals([A, B, C, D]) == {B: C, C: None, D: C}
    heir = state.copies.forget(C)
    assert heir in (B, D)
    assert state.copies.originals([B, D]) == {heir: None, ({B, D} - {heir}).pop(): heir}
    assert state.copies.forget(A) is None
    state.copies.forget(B)
    state.copies.forget(D)
    assert not state.client.keys("kabar:copied*")
    assert not state.client.keys("kabar:text:*")


def test_without_the_lease_nothing_is_kept(state: State, job: Job) -> None:
    state.entries.release([job.id], job.token)
    with pytest.raises(LookupError):
        state.copies.register(job, A, fingerprint("a.test", "A", text(1)))
    with pytest.raises(LookupError):
        state.copies.settle(job, A, B)
    assert not contents(state)


def test_what_an_article_holds_is_bounded_and_ends(state: State, settings: Settings, job: Job) -> None:
    for n in range(3 * SHARING):
        found = state.copies.register(job, digest(str(n)), fingerprint(str(n), "T", text(1)))
    assert len(found.others) == COMPARED
    places = state.client.keys("kabar:texts:*")
    assert max(state.client.zcard(place) for place in places) <= 2 * SHARING
    longest = settings.copy_days * 86_400 * 3 // 2 + 60
    ends = [state.client.ttl(key) for key in places + state.client.keys("kabar:text:*")]
    assert all(0 < end <= longest for end in ends)


@pytest.mark.parametrize("words", [450, 20_000])
def test_an_article_holds_little_however_long_it_is(state: State, job: Job, words: int) -> None:
    state.copies.register(job, A, fingerprint("a.test", "T", text(1, words)))
    assert state.client.memory_usage(b"kabar:text:" + bytes.fromhex(A)) < 1_500
    places = state.client.keys("kabar:texts:*")
    assert sum(state.client.zcard(place) for place in places) <= KEYS + 1
    assert all(state.client.object("encoding", place) in (b"listpack", b"ziplist") for place in places)
