"""Looking again at pages of young articles: when, how many, behind what; and nothing of an article that was removed."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from tests.integration.desk import Desk
from tests.integration.test_versions import PATH, SITE, TEXTS, edit_and_run, feed, page, steps
from workers.errors import Permanent, StoreUnavailable, Transient
from workers.identify import article_id
from workers.operate.articles import remove_article
from workers.state.identities import address_key

pytestmark = pytest.mark.redis
NEVER = 10_000.0  # seconds, for this file's purposes


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.pipeline.processing.SUPERSEDED_PAUSE", 0.0)
    monkeypatch.setattr("workers.pipeline.indexing.RELIST_PAUSE", 0.0)


def looking(desk: Desk, *ages: float) -> Desk:
    object.__setattr__(desk.parts, "rules", replace(desk.parts.rules, refetch_after=ages))
    return desk


def waiting(desk: Desk) -> list[str]:
    return [i.decode() for i in desk.state.client.zrange("kabar:refetch", 0, -1)]


def make_due(desk: Desk) -> None:
    for one in waiting(desk):
        desk.state.client.zadd("kabar:refetch", {one: 0})


def test_a_young_page_is_looked_at_again_at_each_age_and_then_no_more(desk: Desk) -> None:
    looking(desk, 0.2, 0.5, 0.9).add()
    feed(desk, PATH)
    desk.web.say(PATH, page(TEXTS[0]), page(TEXTS[0]), page(TEXTS[1]), page(TEXTS[2]))
    desk.run(2.0)
    document, versions = steps(desk)
    assert desk.asked(PATH) == 4
    assert (document.edits, len(versions)) == (2, 3)
    assert (waiting(desk), desk.state.entries.pending()) == ([], 0)
    assert desk.state.client.keys("kabar:again:*") == []


def test_the_schedule_stands_still_while_it_is_off(desk: Desk) -> None:
    looking(desk).add()
    feed(desk, PATH)
    desk.web.say(PATH, page(TEXTS[0]))
    desk.run()
    assert waiting(desk) == []


def test_what_the_feeds_said_survives_a_look_and_an_edit_they_announce_goes_before(desk: Desk) -> None:
    """Two feeds word the title differently: looking again is no edit to either, and neither is polled anew for it."""
    looking(desk, NEVER)
    desk.add("/feed")
    desk.add("/feed2")
    feed(desk, PATH)
    feed(desk, PATH, title="Pasar ikan diresmikan", path="/feed2")
    desk.web.say(PATH, page(TEXTS[0]))
    desk.run(0.1)
    asked = desk.asked(PATH)
    make_due(desk)
    desk.run(0.1)
    assert desk.asked(PATH) == asked + 1
    desk.due()
    desk.run(0.1)
    assert desk.asked(PATH) == asked + 1
    assert waiting(desk) == [address_key(SITE + PATH)]


def test_an_archives_article_and_one_without_a_page_are_not_looked_at_again(desk: Desk) -> None:
    looking(desk, NEVER).add()
    text = "".join(f"<p>{paragraph}</p>" for paragraph in TEXTS[0])
    desk.web.say(
        "/feed",
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>H</title>"
        f"<item><title>Arsip</title><link>{SITE}{PATH}</link><pubDate>Mon, 02 Mar 2015 05:00:00 GMT</pubDate></item>"
        f"<item><title>Tanpa halaman</title><guid isPermaLink='false'>tanpa</guid>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item>"
        "</channel></rss>",
    )
    desk.web.say(PATH, page(TEXTS[0]))
    desk.run()
    assert len(desk.documents()) == 2
    assert waiting(desk) == []


def test_one_address_of_an_article_is_looked_at_again_not_all(desk: Desk) -> None:
    looking(desk, NEVER).add()
    paths = [PATH, f"/kanal-1{PATH}", f"/kanal-2{PATH}"]
    feed(desk, *paths)
    for path in paths:
        desk.web.say(path, page(TEXTS[0]))
    desk.run(0.1)
    assert len(waiting(desk)) == 1


def test_new_articles_go_first_and_a_host_gets_a_few_at_a_time(desk: Desk) -> None:
    looking(desk, NEVER).add()
    paths = [f"/berita-lama-nomor-{n}" for n in range(30)]
    feed(desk, *paths)
    for n, path in enumerate(paths):
        desk.web.say(
            path, page((*TEXTS[0], f"Keterangan tambahan nomor {n}."), f"Berita Lama Nomor {n}").replace(PATH, path)
        )
    desk.run()
    assert len(waiting(desk)) == 30
    make_due(desk)
    recalled = desk.state.frontier.recall(100, 5, max_pending=10**6, entry_bytes=10**9)
    assert recalled == 5  # as many as may wait at a host at once
    assert desk.state.frontier.recall(100, 5, max_pending=10**6, entry_bytes=10**9) == 0
    assert len(waiting(desk)) == 25  # none is lost: the host is asked again later


@pytest.mark.parametrize("bound", ["pending", "entry_bytes", "handover"])
def test_at_the_bounds_nothing_is_looked_at_again(desk: Desk, bound: str) -> None:
    looking(desk, NEVER).add()
    feed(desk, PATH)
    desk.web.say(PATH, page(TEXTS[0]))
    desk.run()
    make_due(desk)
    if bound == "handover":
        desk.state.client.set("kabar:handover", 10**12)
    limits = {"max_pending": 0 if bound == "pending" else 10, "entry_bytes": 0 if bound == "entry_bytes" else 10**9}
    assert desk.state.frontier.recall(100, 5, **limits) == 0
    desk.state.client.set("kabar:handover", 0)
    assert desk.state.frontier.recall(100, 5, max_pending=10, entry_bytes=10**9) == 1


def test_only_so_many_articles_wait_for_another_look(desk: Desk) -> None:
    looking(desk, NEVER).add()
    desk.state.entries._refetch_cap = 3
    paths = [f"/berita-lama-nomor-{n}" for n in range(5)]
    feed(desk, *paths)
    for n, path in enumerate(paths):
        desk.web.say(
            path, page((*TEXTS[0], f"Keterangan tambahan nomor {n}."), f"Berita Lama Nomor {n}").replace(PATH, path)
        )
    desk.run()
    assert len(desk.documents()) == 5
    assert len(waiting(desk)) == 3


def test_a_time_from_a_clock_that_jumped_ahead_is_brought_back(desk: Desk) -> None:
    looking(desk, NEVER).add()
    feed(desk, PATH)
    desk.web.say(PATH, page(TEXTS[0]))
    desk.run()
    desk.state.client.zadd("kabar:refetch", dict.fromkeys(waiting(desk), (time.time() + 86_400 * 400) * 1000))
    desk.run(0.1)
    assert desk.asked(PATH) == 2


@pytest.mark.parametrize(
    "error",
    [Permanent("HTTP 403", reason="http_403"), Transient("no answer", reason="timeout")],
    ids=["403", "timeout"],
)
def test_a_look_that_fails_is_no_dead_letter_and_the_next_one_comes(desk: Desk, error: Exception) -> None:
    looking(desk, NEVER, 2 * NEVER).add()
    feed(desk, PATH)
    desk.web.say(PATH, page(TEXTS[0]), error, error, error, page(TEXTS[1]))
    desk.run()
    make_due(desk)
    desk.run(0.5)
    assert desk.letters() == {}
    assert desk.state.entries.pending() == 0
    assert desk.state.overview.counts()["unseen"] == 1
    make_due(desk)
    desk.run(0.5)
    while desk.asked(PATH) < 5:  # a refusal is not tried again within one look
        make_due(desk)
        desk.run()
    assert steps(desk)[0].edits == 1


def test_a_page_found_gone_at_a_later_look_marks_its_document(desk: Desk) -> None:
    looking(desk, NEVER, 2 * NEVER).add()
    feed(desk, PATH)
    desk.web.say(PATH, page(TEXTS[0]), Permanent("HTTP 410", reason="http_410"), page(TEXTS[0]))
    desk.run()
    make_due(desk)
    desk.run()
    assert steps(desk)[0].gone_status == 410
    make_due(desk)
    desk.run()
    assert steps(desk)[0].gone_at is None
    assert desk.letters() == {}


# --- removed for good


def removed(desk: Desk, path: str = PATH) -> bool:
    return remove_article(
        desk.state, desk.store, desk.parts.archive, SITE + path, "diminta narasumber", desk.state.overview.now_ms()
    ).deleted


def edited_twice(desk: Desk) -> str:
    desk.add()
    for number in range(3):
        edit_and_run(desk, number, page(TEXTS[number]))
    document, versions = steps(desk)
    assert len(versions) == 3
    return document.id


def nothing_left(desk: Desk, known: str) -> None:
    desk.store.refresh()
    assert desk.documents() == []
    assert desk.store.history(known) == []
    assert desk.state.entries.pending() == 0


def test_removing_takes_every_version_and_every_look_to_come(desk: Desk) -> None:
    known = edited_twice(looking(desk, NEVER))
    assert waiting(desk)
    assert removed(desk)
    assert waiting(desk) == []
    asked = desk.asked(PATH)
    desk.run(0.1)
    assert desk.asked(PATH) == asked
    nothing_left(desk, known)


def test_the_tombstone_holds_against_the_feed_and_against_a_look_under_way(desk: Desk) -> None:
    known = edited_twice(looking(desk, NEVER))
    make_due(desk)
    desk.state.frontier.recall(10, 5, max_pending=10, entry_bytes=10**9)
    assert removed(desk)
    desk.web.say(PATH, page(TEXTS[3]))
    desk.run()
    edit_and_run(desk, 9, page(TEXTS[4]))
    edit_and_run(desk, 10, Permanent("HTTP 410", reason="http_410"))
    nothing_left(desk, known)
    assert (waiting(desk), desk.letters()) == ([], {})


def test_the_tombstone_holds_against_a_replayed_dead_letter(desk: Desk) -> None:
    known = edited_twice(looking(desk, NEVER))
    other = f"/kanal-1{PATH}"
    feed(desk, other)
    desk.web.say(other, Permanent("HTTP 403", reason="http_403"), page(TEXTS[3]))
    desk.due()
    desk.run()
    (letter,) = desk.state.dead.list()
    assert removed(desk)
    assert desk.state.dead.replay(letter.id)
    desk.run()
    assert desk.asked(other) == 2
    nothing_left(desk, known)


def test_a_dead_letter_of_the_removed_address_goes_with_it(desk: Desk) -> None:
    feed(looking(desk, NEVER), PATH)
    desk.add()
    desk.web.say(PATH, Permanent("HTTP 404", reason="http_404"))
    desk.run()
    assert desk.letters()
    removed(desk)
    assert desk.letters() == {}
    nothing_left(desk, article_id((SITE + PATH,)))


def test_versions_written_while_the_article_is_removed_go_again(desk: Desk) -> None:
    looking(desk, NEVER).add()
    edit_and_run(desk, 0, page(TEXTS[0]))
    (document,) = desk.documents()
    feed(desk, PATH, title="Lain")
    desk.web.say(PATH, page(TEXTS[1]))

    class Removing:
        def __getattr__(self, name: str) -> object:
            return getattr(desk.store, name)

        def write_versions(self, versions: object) -> None:
            removed(desk)
            desk.store.write_versions(versions)  # type: ignore[arg-type]

    desk.due()
    Desk(replace(desk.parts, store=Removing()), desk.web, desk.messages).run()  # type: ignore[arg-type]
    nothing_left(desk, document.id)


def test_a_store_that_is_away_keeps_the_tombstone_and_removing_again_ends_it(desk: Desk) -> None:
    known = edited_twice(looking(desk, NEVER))

    class Away:
        def __getattr__(self, name: str) -> object:
            return getattr(desk.store, name)

        def delete(self, _: str) -> bool:
            raise StoreUnavailable("away", reason="connect")

    with pytest.raises(StoreUnavailable):
        remove_article(desk.state, Away(), desk.parts.archive, SITE + PATH, "x", desk.state.overview.now_ms())  # type: ignore[arg-type]
    assert desk.state.identities.tombstone(known) is not None
    assert removed(desk)
    nothing_left(desk, known)
