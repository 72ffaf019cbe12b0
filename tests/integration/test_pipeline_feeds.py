"""Articles that several feeds list, edits on their way, messages that come twice or late: nothing lost or doubled."""

from __future__ import annotations

import time

import pytest

from tests.integration.desk import SITE, Desk, page
from workers.errors import Transient
from workers.model import Feed, digest

pytestmark = pytest.mark.redis


def lists(desk: Desk, path: str, **titles: str) -> None:
    """Have the feed at `path` list these pages under these titles."""
    items = "".join(
        f"<item><title>{t}</title><link>{SITE}/{n}</link><guid>{n}</guid></item>" for n, t in titles.items()
    )
    desk.web.say(path, f"<rss version='2.0'><channel><title>H</title>{items}</channel></rss>")


def two_feeds(desk: Desk) -> tuple[Feed, Feed]:
    """Feed /a found article x, feed /b listed it later."""
    a, b = desk.add("/a"), desk.add("/b")
    desk.web.say("/x", page("x"))
    lists(desk, "/a", x="Berita x")
    lists(desk, "/b")
    desk.run()
    lists(desk, "/b", x="Berita x")
    desk.due()
    desk.run()
    return a, b


@pytest.mark.parametrize("teller", ["/a", "/b"])
def test_an_edit_is_fetched_whichever_feed_tells_of_it_and_no_feed_is_forgotten(desk: Desk, teller: str) -> None:
    feeds = two_feeds(desk)
    assert desk.asked("/x") == 1
    desk.web.say("/x", page("x", "Diperbarui."))
    lists(desk, teller, x="Berita x (diperbarui)")
    desk.due()
    desk.run()
    (document,) = desk.documents()
    assert "Diperbarui." in document.body
    assert set(document.feeds) == {feed.id for feed in feeds}
    assert desk.state.entries.pending() == 0


def test_feeds_that_join_at_once_by_different_addresses_are_all_kept(desk: Desk) -> None:
    feeds = [desk.add(path) for path in ("/a", "/b", "/c")]
    desk.web.say("/x", page("x"))
    desk.web.say("/x?utm_source=rss", page("x"))
    lists(desk, "/a", x="Berita x")
    lists(desk, "/b")
    lists(desk, "/c")
    desk.run()
    lists(desk, "/b", x="Berita x")
    lists(desk, "/c", **{"x?utm_source=rss": "Berita x"})
    desk.due()
    desk.run()
    (document,) = desk.documents()
    assert set(document.feeds) == {feed.id for feed in feeds}


def test_different_titles_in_two_feeds_do_not_make_them_fetch_in_turns(desk: Desk) -> None:
    desk.add("/a")
    desk.add("/b")
    desk.web.say("/x", page("x"))
    lists(desk, "/a", x="Berita x")
    lists(desk, "/b", x="Kabar tentang x")
    for _ in range(4):
        desk.due()
        desk.run()
    assert desk.asked("/x") <= 2


def test_a_feed_that_joins_while_the_document_waits_does_not_loop(desk: Desk) -> None:
    a, b = desk.add("/a"), desk.add("/b")
    desk.web.say("/x", page("x"))
    lists(desk, "/a", x="Berita x")
    lists(desk, "/b", x="Berita x")
    desk.pipeline.poll([a.id])
    desk.pipeline.parse([a.id])
    (entry,) = desk.pending()
    desk.pipeline.fetch([entry])
    desk.pipeline.process([entry])
    desk.pipeline.poll([b.id])
    desk.pipeline.parse([b.id])
    desk.run()
    (document,) = desk.documents()
    assert set(document.feeds) == {a.id, b.id}
    assert desk.state.entries.pending() == 0


def test_an_edit_of_what_is_still_on_its_way_is_not_lost(desk: Desk) -> None:
    a = desk.add("/a")
    desk.web.say("/x", page("x"))
    lists(desk, "/a", x="Berita x")
    desk.pipeline.poll([a.id])
    desk.pipeline.parse([a.id])
    (entry,) = desk.pending()
    desk.pipeline.fetch([entry])  # the old page waits
    desk.web.say("/x", page("x", "Diperbarui."))
    lists(desk, "/a", x="Berita x (diperbarui)")
    desk.due()
    desk.pipeline.poll([a.id])
    desk.pipeline.parse([a.id])
    desk.run()
    (document,) = desk.documents()
    assert "Diperbarui." in document.body


def waiting_entry(desk: Desk) -> str:
    """An entry whose page asked us to come back in an hour."""
    feed = desk.add("/a")
    lists(desk, "/a", x="Berita x")
    desk.web.say("/x", Transient("busy", reason="http_503", retry_after=3600))
    desk.pipeline.poll([feed.id])
    desk.pipeline.parse([feed.id])
    (entry,) = desk.pending()
    desk.pipeline.fetch([entry])
    return entry


def test_old_copies_of_a_message_do_not_end_a_retrys_wait(desk: Desk) -> None:
    entry = waiting_entry(desk)
    for _ in range(8):
        desk.pipeline.fetch([entry])
    assert desk.asked("/x") == 1
    desk.state.entries.release([entry], "an old message's token")
    score = desk.state.client.zscore("kabar:frontier:harian.test", entry)
    assert score is not None and score / 1000 - time.time() > 300


def test_entries_behind_a_host_that_pushed_back_count_as_waiting(desk: Desk) -> None:
    waiting_entry(desk)
    lists(desk, "/a", x="Berita x", y="Berita y")
    desk.due()
    desk.run()
    idle = desk.state.overview.idle(near=5)
    assert (idle.active, idle.waiting) == (0, 2)


def test_a_shorter_wait_does_not_cut_a_hosts_longer_one(desk: Desk) -> None:
    entry = waiting_entry(desk)
    before = desk.state.client.hget("kabar:host:harian.test", "next")
    job = desk.state.entries.claim("fetch", [entry], "t")
    assert job.jobs == []
    lists(desk, "/a", y="Berita y")
    desk.due()
    desk.run()
    (other,) = [i for i in desk.pending() if i != entry]
    (job,) = desk.state.entries.claim("fetch", [other], "t").jobs
    desk.state.entries.retry(job, 1, "503", host_delay=1)
    assert int(desk.state.client.hget("kabar:host:harian.test", "next")) >= int(before or 0)


def test_a_process_that_ends_during_a_poll_blames_no_feed(desk: Desk) -> None:
    feed = desk.add("/a")
    desk.web.say("/a", Transient("shutting down", reason="shutdown"))
    desk.pipeline.poll([feed.id])
    found = desk.state.feeds.get(feed.id)
    assert found is not None
    assert (found[1].failures, found[1].error) == (0, "")
    assert desk.messages.sent == [("poll", [feed.id])]


def test_an_entry_of_another_version_is_buried_and_stops_no_other(desk: Desk) -> None:
    desk.add("/a")
    lists(desk, "/a", x="Berita x", y="Berita y")
    desk.web.say("/x", page("x"))
    desk.web.say("/y", page("y"))
    desk.pipeline.poll([feed.id for feed, _, _ in desk.state.feeds.all()])
    desk.pipeline.parse([feed.id for feed, _, _ in desk.state.feeds.all()])
    bad = digest("url", SITE + "/x")
    desk.state.client.hset("kabar:entry:" + bad, "data", b'{"id": 5}')
    desk.run()
    assert desk.titles() == ["Berita y"]
    assert [letter.reason for letter in desk.state.dead.list()] == ["unreadable_entry"]


def test_a_feed_disabled_during_its_poll_is_not_scheduled_again(desk: Desk) -> None:
    feed = desk.add("/a")
    lists(desk, "/a")
    desk.pipeline.poll([feed.id])
    desk.state.feeds.put(Feed(id=feed.id, url=feed.url, enabled=False))
    desk.pipeline.parse([feed.id])
    assert desk.state.client.zscore("kabar:due", feed.id) is None


def test_every_connection_is_free_again_after_a_shared_message(desk: Desk) -> None:
    feed = desk.add("/a")
    items = "".join(
        f"<item><title>n{n}</title><link>https://h{n % 12}.test/n{n}</link><guid>n{n}</guid></item>" for n in range(240)
    )
    desk.web.say("/a", f"<rss version='2.0'><channel><title>H</title>{items}</channel></rss>")
    for n in range(240):
        desk.web.answers[f"https://h{n % 12}.test/n{n}"] = [page(f"n{n}")]
    desk.pipeline.poll([feed.id])
    desk.pipeline.parse([feed.id])
    messages = [ids for stage, ids in desk.messages.sent if stage == "fetch"]
    hosts = [[desk.state.client.hget("kabar:entry:" + i, "host") for i in ids] for ids in messages]
    desk.messages.sent.clear()
    assert len(messages) > 1 and any(len(set(h)) > 1 for h in hosts)
    for ids in messages:
        desk.pipeline.fetch(ids)
    busy = desk.state.client.keys("kabar:busy:*")
    handed = [ids for stage, ids in desk.messages.sent if stage == "fetch"]
    assert sum(desk.state.client.zcard(key) for key in busy) <= sum(len(set(ids)) for ids in handed)


def test_fetched_at_is_the_clocks_time_though_observations_are_counted_on(desk: Desk) -> None:
    desk.state.client.set("kabar:clock", int((time.time() + 10 * 365 * 86_400) * 1000))
    desk.add("/a")
    lists(desk, "/a", x="Berita x")
    desk.web.say("/x", page("x"))
    desk.run()
    (document,) = desk.documents()
    assert abs(document.fetched_at.timestamp() - time.time()) < 60
