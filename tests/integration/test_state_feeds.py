"""Polls committed whole, the frontier's fairness and caps, identities, the sweep: on a real Redis."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.integration.conftest import LEASE, SEEN, entry
from tests.integration.desk import SITE, Desk, page
from workers.errors import Permanent
from workers.model import Entry, Feed, FeedState, digest
from workers.poll.feedlist import LONGEST
from workers.runtime.settings import Settings
from workers.state import State
from workers.state.entries import Job
from workers.state.identities import address_key
from workers.state.polls import Placed

pytestmark = pytest.mark.redis
Add = Callable[..., list[str]]
Claimed = Callable[..., Job]


def test_a_poll_commits_entries_state_and_due_time_together(state: State, feed: Feed, add: Add) -> None:
    add("a", "b", delay=600)
    _, saved, due = state.feeds.get(feed.id) or pytest.fail("the feed is gone")
    assert saved.etag == "e"
    assert due is not None and 590 < due - time.time() < 610
    assert state.entries.pending() == 2


def test_a_stale_poll_commits_nothing(state: State, feed: Feed) -> None:
    late = state.feeds.claim("poll", feed.id, "late")
    assert late is not None
    time.sleep(LEASE + 0.05)
    assert state.feeds.claim("poll", feed.id, "owner") is not None
    polled = state.feeds.commit_poll(
        late, FeedState(etag="late"), 60, [Placed(entry=entry(feed, "a"), host="h", gap=0)]
    )
    assert not polled.committed
    assert state.entries.pending() == 0
    found = state.feeds.get(feed.id)
    assert found is not None and found[1].etag == ""


def test_two_polls_of_one_feed_cannot_run_at_once(state: State, feed: Feed) -> None:
    assert state.feeds.claim("poll", feed.id, "one") is not None
    assert state.feeds.claim("poll", feed.id, "two") is None


def test_the_same_poll_ten_times_makes_each_entry_once(state: State, feed: Feed, add: Add) -> None:
    for _ in range(10):
        add("a", "b")
    assert state.entries.pending() == 2


def test_an_acknowledged_entry_comes_back_only_when_its_fingerprint_changed(
    state: State, claimed: Claimed, add: Add
) -> None:
    job = claimed("index")
    state.entries.acknowledge(job, article_id="article", version=1, content_hash="h", how="stored")
    add("a")
    assert state.entries.pending() == 0
    add("a", fingerprint="f2")
    assert [j.id for j in state.entries.claim("fetch", [job.id], "t9").jobs] == [job.id]


def test_a_due_time_beyond_the_ceiling_is_clamped(state: State, settings: Settings, feed: Feed, add: Add) -> None:
    add("a", delay=10 * 365 * 86_400)
    found = state.feeds.get(feed.id)
    assert found is not None and found[2] is not None
    assert found[2] - time.time() <= max(settings.poll_ceiling * 2, LONGEST) + 1


def test_a_clock_that_jumped_strands_nothing(state: State, feed: Feed, add: Add) -> None:
    add("a")
    state.client.zadd("kabar:due", {feed.id: (time.time() + 10 * 365 * 86_400) * 1000})
    assert state.overview.sweep()["clamped"] >= 1
    assert state.feeds.dispatch(10) == [[feed.id]]


def test_a_downloaded_feed_waits_to_be_parsed_and_is_not_polled_meanwhile(state: State, feed: Feed) -> None:
    job = state.feeds.claim("poll", feed.id, "t")
    assert job is not None and state.feeds.commit_download(job, b"packed")
    assert state.feeds.claim("poll", feed.id, "t2") is None
    parse = state.feeds.claim("parse", feed.id, "t3")
    assert parse is not None and parse.download == b"packed"


def test_a_feed_whose_polls_end_without_an_outcome_is_poison_at_the_fourth(state: State, feed: Feed) -> None:
    for number in range(3):
        job = state.feeds.claim("poll", feed.id, f"t{number}")
        assert job is not None and not job.poison
        time.sleep(LEASE + 0.05)
    for _ in range(2):  # asked again after a time-out, it is poison still
        job = state.feeds.claim("poll", feed.id, "t4")
        assert job is not None and job.poison


def test_a_disabled_feed_is_not_due_and_an_enabled_one_is_again(state: State, feed: Feed) -> None:
    state.feeds.put(Feed(id=feed.id, url=feed.url, enabled=False))
    assert state.feeds.dispatch(10) == []
    assert state.feeds.put(feed) is False
    assert state.feeds.dispatch(10) == [[feed.id]]


def test_a_host_with_a_gap_gives_one_entry_a_gap(state: State, add: Add) -> None:
    add("a", "b", "c", gap=0.2)
    assert [len(batch) for batch in state.frontier.dispatch(10, 10)] == [1]
    assert state.frontier.dispatch(10, 10) == []
    time.sleep(0.25)
    assert [len(batch) for batch in state.frontier.dispatch(10, 10)] == [1]


def test_a_huge_host_leaves_room_for_the_others(state: State, add: Add) -> None:
    add(*(f"huge-{n}" for n in range(50)), host="huge.test")
    add("small", host="small.test")
    batches = state.frontier.dispatch(3, 5)
    entries = [state.client.hget("kabar:entry:" + batch[0], "host") for batch in batches]
    assert b"small.test" in entries
    assert entries.count(b"huge.test") == 2  # its connections


def test_a_host_gives_no_more_batches_than_it_has_connections(state: State, add: Add) -> None:
    ids = add(*(f"n{n}" for n in range(10)))
    first = state.frontier.dispatch(10, 2)
    assert len(first) == 2
    assert state.frontier.dispatch(10, 2) == []
    state.frontier.free([("kabar.test", first[0][0])])
    assert len(state.frontier.dispatch(10, 2)) == 1
    assert set(first[0] + first[1]) < set(ids)


def test_above_the_byte_cap_the_frontier_hands_out_nothing(state: State, settings: Settings, add: Add) -> None:
    add("a")
    state.client.set("kabar:handover", settings.handover_bytes)
    assert state.frontier.dispatch(10, 10) == []
    state.overview.sweep()  # counts what there really is
    assert len(state.frontier.dispatch(10, 10)) == 1


def test_a_host_that_pushed_back_is_left_alone(state: State, add: Add) -> None:
    ids = add("a", "b")
    (job,) = state.entries.claim("fetch", ids[:1], "t").jobs
    state.entries.retry(job, 0.3, "429", host_delay=0.3)
    assert state.frontier.dispatch(10, 10) == []
    time.sleep(0.35)
    assert sum(len(batch) for batch in state.frontier.dispatch(10, 10)) == 2


def test_the_sweep_places_again_what_no_dispatcher_sees(state: State, add: Add) -> None:
    ids = add("a", "b")
    state.client.delete("kabar:frontier:kabar.test", "kabar:hosts")
    assert state.frontier.dispatch(10, 10) == []
    assert state.overview.sweep()["healed"] == 2
    assert sorted(state.frontier.dispatch(10, 10)[0]) == sorted(ids)


def test_the_sweep_removes_what_no_entry_owns(state: State) -> None:
    state.client.set("kabar:page:orphan", b"page")
    state.client.set("kabar:document:orphan", b"document")
    assert state.overview.sweep()["orphans"] == 2
    assert state.client.exists("kabar:page:orphan", "kabar:document:orphan") == 0


def test_the_first_id_an_address_got_wins_for_ever(state: State, claimed: Claimed) -> None:
    first = claimed("process", "a")
    known = state.identities.claim(first, ["https://kabar.test/a"], own_id="one", first_seen_at=SEEN)
    assert known is not None and known.article_id == "one"
    second = claimed("process", "b")
    addresses = ["https://kabar.test/b", "https://kabar.test/a"]
    again = state.identities.claim(second, addresses, own_id="two", first_seen_at=SEEN)
    assert again is not None and again.article_id == "one"
    assert state.identities.find("https://kabar.test/b") == "one"


def test_an_article_of_unknown_addresses_is_asked_of_the_store_first(state: State, claimed: Claimed) -> None:
    job = claimed("process")
    assert state.identities.claim(job, ["https://kabar.test/a"], first_seen_at=SEEN) is None
    assert state.identities.find("https://kabar.test/a") is None


def test_a_lost_lease_claims_no_identity(state: State, claimed: Claimed) -> None:
    job = claimed("process")
    time.sleep(LEASE + 0.05)
    state.entries.claim("process", [job.id], "owner")
    with pytest.raises(LookupError):
        state.identities.claim(job, ["https://kabar.test/a"], own_id="one", first_seen_at=SEEN)


def test_an_older_observation_knows_that_it_is_superseded(state: State, claimed: Claimed) -> None:
    older, newer = claimed("process", "a"), claimed("process", "b")
    state.identities.claim(newer, ["https://kabar.test/x"], own_id="one", first_seen_at=SEEN)
    known = state.identities.claim(older, ["https://kabar.test/x"], own_id="one", first_seen_at=SEEN)
    assert known is not None and known.superseded


def test_a_known_article_in_another_feed_is_relisted_without_a_fetch(state: State, claimed: Claimed, add: Add) -> None:
    job = claimed("process")
    address = "https://kabar.test/a"
    assert address_key(address) == job.id
    state.identities.claim(job, [address], own_id="one", first_seen_at=SEEN)
    state.entries.commit_process(job, b"document", "one", job.feeds)
    (job,) = state.entries.claim("index", [job.id], "t5").jobs
    state.entries.acknowledge(job, article_id="one", version=1, content_hash="h", how="stored")
    other = Feed(id=digest("https://kabar.test/other"), url="https://kabar.test/other")
    state.feeds.put(other)
    add("a", feed=other)
    (again,) = state.entries.claim("process", [job.id], "t6").jobs
    assert (again.relist, set(again.feeds)) == ("one", {job.feeds[0], other.id})


def test_a_tombstone_is_found_under_every_address(state: State, claimed: Claimed) -> None:
    state.identities.remove(
        "one", ["https://kabar.test/a", "https://kabar.test/b"], "asked to", "https://kabar.test/a", SEEN
    )
    job = claimed("process", "c")
    known = state.identities.claim(
        job, ["https://kabar.test/c", "https://kabar.test/b"], own_id="two", first_seen_at=SEEN
    )
    assert known is not None and known.removed
    stone = state.identities.tombstone("one")
    assert stone is not None and stone.reason == "asked to"


def test_what_an_earlier_version_remembered_is_not_new(state: State, feed: Feed, add: Add) -> None:
    """It kept ids and fingerprints as 64 hex digits: an upgrade must not fetch every article anew."""
    seen = "kabar:seen:" + feed.id
    ids, old = [digest("url", f"https://kabar.test/{n}") for n in range(3)], digest("f")
    state.client.hset(seen, mapping=dict.fromkeys(ids, old))
    listed = [Entry(id=i, feed_id=feed.id, url="", fingerprint=old) for i in ids[:2]]
    edited = Entry(id=ids[2], feed_id=feed.id, url="", fingerprint=digest("g"))
    known = state.feeds.known(feed.id, [*listed, edited])
    assert [known[i] == old for i in ids] == [True, True, False]
    assert set(known) == set(ids), "an edit is known, though changed"
    assert {len(name) for name in state.client.hkeys(seen)} == {12}, "rewritten in the form of today"
    state.client.hset(seen, ids[0], old)
    add("0", "1", fingerprint=old)
    assert state.entries.pending() == 0


def retitled(name: str, title: str) -> str:
    return f"<rss version='2.0'><channel><item><title>{title}</title><link>{SITE}/{name}</link></item></channel></rss>"


def test_a_dead_letter_is_known_however_often_its_feed_edits_it(desk: Desk) -> None:
    feed = desk.add()
    desk.web.feed("/feed", "x")
    desk.web.say("/x", Permanent("HTTP 404", reason="http_404"))
    desk.run()
    assert desk.letters() == {"x": "http_404"}
    for text in ("satu", "dua"):
        desk.web.say("/feed", retitled("x", text))
        desk.due()
        desk.run()
        (event, *_) = desk.state.feeds.events(feed.id)
        assert (event.outcome, event.new) == ("unchanged", 0)


def test_a_feed_that_only_edits_is_not_heard_from(desk: Desk) -> None:
    feed = desk.add()
    desk.web.feed("/feed", "x")
    desk.web.say("/x", page("x"))
    desk.run()
    row = desk.state.feeds.get(feed.id)
    assert row is not None
    desk.web.say("/feed", retitled("x", "Berita x, 17 pembaca"))
    desk.due()
    desk.run()
    after = desk.state.feeds.get(feed.id)
    assert after is not None
    assert after[1].changed_at == row[1].changed_at, "or its silence would never be noticed"
    assert desk.state.feeds.events(feed.id)[0].outcome == "new", "yet the edit is taken"


def test_a_feed_polled_once_a_week_is_not_polled_sooner(state: State, feed: Feed, add: Add) -> None:
    add("a", delay=LONGEST)
    assert state.overview.sweep()["clamped"] == 0
    found = state.feeds.get(feed.id)
    assert found is not None and found[2] is not None
    assert found[2] - time.time() > LONGEST - 10
