"""Leases, attempts, commits and hand-over of entries: rules 1 to 4 and 7 of the design, on a real Redis."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.integration.conftest import LEASE
from workers.model import Feed, digest
from workers.state import State
from workers.state.entries import Job

pytestmark = pytest.mark.redis
Claimed = Callable[..., Job]
Add = Callable[..., list[str]]


def test_a_claimed_entry_is_nobody_elses_until_its_lease_is_over(state: State, claimed: Claimed) -> None:
    job = claimed()
    assert state.entries.claim("fetch", [job.id], "other").jobs == []
    time.sleep(LEASE + 0.05)
    again = state.entries.claim("fetch", [job.id], "other").jobs
    assert [j.id for j in again] == [job.id]


def test_a_doubled_message_finds_nothing_to_claim(state: State, claimed: Claimed) -> None:
    job = claimed()
    assert state.entries.commit_fetch(job, b"page")
    assert state.entries.claim("fetch", [job.id], "other").jobs == []


def test_a_repeated_claim_counts_one_attempt(state: State, add: Add) -> None:
    (entry_id,) = add("a")
    first = state.entries.claim("fetch", [entry_id], "t").jobs[0]
    second = state.entries.claim("fetch", [entry_id], "t").jobs[0]
    assert (first.claims, second.claims) == (1, 1)
    assert first.observed_ms == second.observed_ms


@pytest.mark.parametrize("commit", ["commit_fetch", "refetch", "relist", "acknowledge", "retry", "bury"])
def test_a_stale_token_changes_nothing(state: State, claimed: Claimed, commit: str) -> None:
    job = claimed("index")
    time.sleep(LEASE + 0.05)
    owner = state.entries.claim("index", [job.id], "owner").jobs[0]
    before = _everything(state)
    arguments = {
        "commit_fetch": (b"page",),
        "refetch": (),
        "relist": ("article", 0.0),
        "acknowledge": (),
        "retry": (1.0, "late"),
        "bury": (b"{}", 10),
    }[commit]
    named = {"how": "stored"} if commit == "acknowledge" else {}
    assert getattr(state.entries, commit)(job, *arguments, **named) in (False, "")
    assert _everything(state) == before
    assert state.entries.acknowledge(owner, how="stored")


def test_a_repeated_commit_has_no_further_effect(state: State, claimed: Claimed) -> None:
    job = claimed()
    assert state.entries.commit_fetch(job, b"page")
    before = _everything(state)
    assert not state.entries.commit_fetch(job, b"page")
    assert _everything(state) == before


def test_attempts_are_counted_at_the_claim_and_the_fourth_finds_poison(state: State, add: Add) -> None:
    (entry_id,) = add("a")
    for number in range(1, 4):
        job = state.entries.claim("fetch", [entry_id], f"t{number}").jobs[0]
        assert (job.claims, job.poison) == (number, False)
        time.sleep(LEASE + 0.05)
    assert state.entries.claim("fetch", [entry_id], "t4").jobs[0].poison


def test_an_outcome_sets_the_claims_back(state: State, claimed: Claimed) -> None:
    job = claimed()
    assert state.entries.retry(job, 0, "timeout")
    again = state.entries.claim("fetch", [job.id], "t9").jobs[0]
    assert (again.claims, again.failures, again.error) == (1, 1, "timeout")


def test_what_is_not_its_fault_is_not_counted(state: State, claimed: Claimed) -> None:
    job = claimed()
    assert state.entries.retry(job, 0, "store away", counted=False)
    assert state.entries.claim("fetch", [job.id], "t9").jobs[0].failures == 0


def test_released_entries_are_claimable_at_once_and_uncounted(state: State, claimed: Claimed) -> None:
    job = claimed()
    assert state.entries.release([job.id], job.token) == 1
    assert state.entries.claim("fetch", [job.id], "t9").jobs[0].claims == 1


def test_releasing_takes_nothing_from_its_owner(state: State, claimed: Claimed) -> None:
    job = claimed()
    assert state.entries.release([job.id], "other") == 0
    assert state.entries.commit_fetch(job, b"page")


def test_a_retried_entry_waits_its_time(state: State, claimed: Claimed) -> None:
    job = claimed("process")
    assert state.entries.retry(job, 0.3, "later")
    assert state.entries.dispatch("process", 10) == []
    time.sleep(0.35)
    assert state.entries.dispatch("process", 10) == [job.id]


def test_what_was_dispatched_and_lost_comes_again_after_its_time(state: State, claimed: Claimed) -> None:
    job = claimed("process")
    state.entries.release([job.id], job.token)
    assert state.entries.dispatch("process", 10) == [job.id]
    assert state.entries.dispatch("process", 10) == []
    time.sleep(LEASE + 0.05)
    assert state.entries.dispatch("process", 10) == [job.id]


def test_pages_and_documents_stay_until_the_acknowledgement(state: State, claimed: Claimed) -> None:
    job = claimed("index")
    assert state.client.get("kabar:page:" + job.id) == b"page"
    assert state.client.get("kabar:document:" + job.id) == b"document"
    assert state.overview.waiting().handover_bytes == len(b"page") + len(b"document")
    seen = "kabar:seen:" + job.feeds[0]
    assert state.client.hgetall(seen) == {}
    assert state.entries.acknowledge(job, article_id="article", version=5, content_hash="h", how="stored")
    assert state.client.exists("kabar:page:" + job.id, "kabar:document:" + job.id, "kabar:entry:" + job.id) == 0
    assert state.overview.waiting().handover_bytes == 0
    assert len(state.client.hgetall(seen)) == 1
    assert state.feeds.known(job.feeds[0], [job.entry]) == {job.id: job.entry.fingerprint}


def test_a_suspect_is_left_alone_when_only_fresh_ones_are_asked_for(state: State, claimed: Claimed) -> None:
    job = claimed("index")
    time.sleep(LEASE + 0.05)
    claims = state.entries.claim("index", [job.id], "t9", fresh_only=True)
    assert (claims.jobs, claims.suspects) == ([], [job.id])
    assert state.entries.claim("index", [job.id], "t9").jobs[0].claims == 2


def test_a_feed_that_joins_after_the_document_was_made_has_it_relisted(
    state: State, claimed: Claimed, add: Add
) -> None:
    job = claimed("index")
    other = Feed(id=digest("https://kabar.test/other"), url="https://kabar.test/other")
    state.feeds.put(other)
    add("a", feed=other)
    assert state.entries.acknowledge(job, article_id="article", version=5, content_hash="h", how="stored")
    again = state.entries.claim("process", [job.id], "t9").jobs[0]
    assert again.relist == "article"
    assert set(again.feeds) == {job.feeds[0], other.id}


def test_a_lease_from_a_clock_that_jumped_ahead_is_over(state: State, claimed: Claimed) -> None:
    job = claimed("process")
    state.client.hset("kabar:entry:" + job.id, "lease", int(time.time() * 1000) + 86_400_000)
    assert state.entries.claim("process", [job.id], "t9").jobs[0].id == job.id


def test_observation_times_never_repeat_or_run_backwards(state: State, add: Add) -> None:
    ids = add("a", "b", "c")
    state.client.set("kabar:clock", int(time.time() * 1000) + 3_600_000)  # the clock was an hour ahead
    seen = [job.observed_ms for job in state.entries.claim("fetch", ids, "t").jobs]
    assert seen == sorted(set(seen))
    assert seen[0] > time.time() * 1000 + 3_500_000


def test_a_dead_letter_keeps_what_a_replay_needs(state: State, claimed: Claimed, add: Add) -> None:
    job = claimed("process")
    assert state.entries.bury(job, b"{}", 10)
    assert state.entries.pending() == 0
    assert state.overview.waiting().handover_bytes == 0
    add("a")
    assert state.entries.pending() == 0  # a poll does not bring it back
    assert state.dead.replay(job.id)
    again = state.entries.claim("fetch", [job.id], "t9").jobs[0]
    assert (again.entry, again.feeds) == (job.entry, job.feeds)
    assert not state.dead.replay(job.id)


def test_a_dropped_dead_letter_stays_away(state: State, claimed: Claimed, add: Add) -> None:
    job = claimed()
    state.entries.bury(job, b"{}", 10)
    assert state.dead.drop(job.id)
    add("a")
    assert (state.entries.pending(), state.dead.count()) == (0, 0)


def test_above_the_cap_the_oldest_dead_letters_go(state: State, add: Add) -> None:
    for entry_id in add("a", "b", "c"):
        (job,) = state.entries.claim("fetch", [entry_id], "t").jobs
        state.entries.bury(job, b"{}", 2)
    assert state.dead.count() == 2
    assert state.overview.counts()["dead_dropped"] == 1
    for feed_id in ("f", "g", "h"):
        state.feeds.bury(feed_id, b"{}", 2)
    assert state.dead.count() == 2
    assert state.overview.counts()["dead_dropped"] == 4


def _everything(state: State) -> dict[bytes, object]:
    """All of Redis, by key."""
    kinds = {b"string": "get", b"hash": "hgetall", b"set": "smembers"}
    found: dict[bytes, object] = {}
    for key in state.client.scan_iter("*"):
        kind = state.client.type(key)
        found[key] = (
            state.client.zrange(key, 0, -1, withscores=True)
            if kind == b"zset"
            else getattr(state.client, kinds[kind])(key)
        )
    return found
