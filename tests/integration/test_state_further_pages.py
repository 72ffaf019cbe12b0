"""An entry whose article goes on over further pages, on a real Redis: kept, fetched in turn, counted once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workers.state import State
from workers.state.entries import Job

pytestmark = pytest.mark.redis
Claimed = Callable[..., Job]
Add = Callable[..., list[str]]
NEXT = "https://news.kabar.test/a?page=2"
HOST = "news.kabar.test"


def go_on(state: State, job: Job, cap: int = 1_000, gap: float = 0) -> bool:
    return state.entries.go_on(job, NEXT, host=HOST, gap=gap, cap=cap)


def fetched_again(state: State, job: Job, token: str = "t5") -> Job:
    (found,) = state.entries.claim("fetch", [job.id], token).jobs
    return found


def test_the_next_page_is_fetched_with_what_came_so_far_in_hand(state: State, claimed: Claimed) -> None:
    job = claimed("process")
    assert go_on(state, job)
    assert state.entries.claim("process", [job.id], "t4").jobs == []
    again = fetched_again(state, job)
    assert (again.further, again.payload, again.host) == (NEXT, b"page", HOST)
    assert (again.observed_ms, again.claimed_ms) == (job.observed_ms, job.claimed_ms)  # the first page's time
    assert state.entries.commit_fetch(again, b"both pages")
    (last,) = state.entries.claim("process", [job.id], "t6").jobs
    assert (last.further, last.payload, last.host) == ("", b"both pages", job.host)


def test_bytes_kept_for_a_next_page_hold_up_no_other_fetch_and_are_counted(state: State, claimed: Claimed) -> None:
    job = claimed("process")
    assert go_on(state, job)
    assert (state.overview.waiting().handover_bytes, state.client.get("kabar:begun")) == (0, b"4")
    again = fetched_again(state, job)
    assert state.entries.commit_fetch(again, b"both pages")
    assert (state.overview.waiting().handover_bytes, state.client.get("kabar:begun")) == (10, b"0")
    state.client.set("kabar:begun", 77)
    state.overview.sweep()
    assert state.client.get("kabar:begun") == b"0"


def test_above_their_cap_no_further_page_is_asked_for(state: State, claimed: Claimed) -> None:
    job = claimed("process")
    assert not go_on(state, job, cap=3)
    assert state.overview.waiting().handover_bytes == 4
    assert state.entries.commit_process(job, b"document", "article", job.feeds)  # it is still ours


def test_repeated_or_with_a_stale_token_it_changes_nothing(state: State, claimed: Claimed) -> None:
    job = claimed("process")
    assert go_on(state, job)
    before = state.client.hgetall("kabar:entry:" + job.id)
    assert go_on(state, job)
    assert state.client.hgetall("kabar:entry:" + job.id) == before
    assert state.client.get("kabar:begun") == b"4"


def test_what_is_begun_goes_before_what_waits_and_keeps_its_hosts_gap(state: State, claimed: Claimed, add: Add) -> None:
    job = claimed("process")
    add("b", "c", host=HOST)
    assert go_on(state, job, gap=30)
    assert state.frontier.dispatch(10, 10) == [[job.id]]
    assert state.frontier.dispatch(10, 10) == []  # the gap


def test_an_edit_announced_meanwhile_has_the_whole_article_fetched_again(
    state: State, claimed: Claimed, add: Add
) -> None:
    job = claimed("process")
    assert go_on(state, job)
    add("a", fingerprint="f2", summary="Ralat.")
    again = fetched_again(state, job)
    assert (again.entry.summary, again.further) == ("", NEXT)
    assert state.entries.commit_fetch(again, b"both pages")
    (last,) = state.entries.claim("process", [job.id], "t6").jobs
    assert state.entries.acknowledge(last, how="same")
    (anew,) = state.entries.claim("fetch", [job.id], "t7").jobs
    assert (anew.entry.summary, anew.further, anew.payload, anew.host) == ("Ralat.", "", b"", job.host)


def test_a_begun_article_that_becomes_a_dead_letter_leaves_nothing_and_is_replayed_from_its_first_page(
    state: State, claimed: Claimed
) -> None:
    job = claimed("process")
    assert go_on(state, job)
    assert state.entries.bury(fetched_again(state, job), b"{}", 10)
    assert state.client.get("kabar:begun") == b"0"
    assert state.client.exists("kabar:page:" + job.id) == 0
    assert state.dead.replay(job.id)
    (anew,) = state.entries.claim("fetch", [job.id], "t9").jobs
    assert (anew.further, anew.host) == ("", job.host)
