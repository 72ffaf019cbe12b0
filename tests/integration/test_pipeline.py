"""The pipeline in one process on a real Redis and the embedded store: every outcome of every stage, one at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.integration.desk import SITE, TEXT, Desk, page
from workers.errors import Permanent, StoreUnavailable, Transient
from workers.model import Document, Download
from workers.ports import Outcome, SearchStore

pytestmark = pytest.mark.redis


def test_a_feed_becomes_documents(desk: Desk) -> None:
    desk.web.feed("/feed", "a", "b")
    desk.web.say("/a", page("a"))
    desk.web.say("/b", page("b"))
    desk.add()
    desk.run()
    assert desk.titles() == ["Berita a", "Berita b"]
    assert desk.state.entries.pending() == 0
    assert desk.letters() == {}


def test_what_will_not_heal_is_a_dead_letter_and_stops_nothing(desk: Desk) -> None:
    desk.web.feed("/feed", "gone", "b")
    desk.web.say("/gone", Permanent("HTTP 404", reason="http_404"))
    desk.web.say("/b", page("b"))
    desk.add()
    desk.run()
    assert (desk.titles(), desk.letters()) == (["Berita b"], {"gone": "http_404"})


def test_what_may_heal_is_tried_again_and_given_up_in_the_end(desk: Desk) -> None:
    desk.web.feed("/feed", "heals", "never")
    desk.web.say("/heals", Transient("HTTP 500", reason="http_500"), page("heals"))
    desk.web.say("/never", Transient("no answer", reason="timeout"))
    desk.add()
    desk.run(1)
    assert (desk.titles(), desk.letters()) == (["Berita heals"], {"never": "timeout"})
    assert desk.state.dead.list()[0].attempts == 3


def test_a_replayed_dead_letter_becomes_a_document(desk: Desk) -> None:
    desk.web.feed("/feed", "a")
    desk.web.say("/a", Permanent("HTTP 404", reason="http_404"), page("a"))
    desk.add()
    desk.run()
    (letter,) = desk.state.dead.list()
    assert desk.state.dead.replay(letter.id)
    desk.run()
    assert (desk.titles(), desk.letters()) == (["Berita a"], {})


def test_a_refused_page_falls_back_to_the_feeds_own_text_and_says_so(desk: Desk) -> None:
    desk.web.feed("/feed", "a", content=f"<p>{TEXT}</p><p>{TEXT} Penutup.</p>")
    desk.web.say("/a", Permanent("HTTP 403", reason="http_403"))
    desk.add()
    desk.run()
    (document,) = desk.documents()
    assert document.body_source == "feed"
    assert document.body.endswith("Penutup.")


@contextmanager
def breaking(monkeypatch: pytest.MonkeyPatch, marker: str, error: BaseException | float) -> Iterator[None]:
    """Break extraction at pages that hold `marker`: raise, or sleep as long as `error` says."""
    from workers.pipeline import reading

    read = reading.read

    def broken(page: object, *arguments: object, **named: object) -> object:
        if marker.encode() in page.body:  # type: ignore[attr-defined]
            if isinstance(error, BaseException):
                raise error
            time.sleep(error)
        return read(page, *arguments, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(reading, "read", broken)
        yield


@pytest.mark.parametrize(
    ("error", "reason"),
    [(ZeroDivisionError("oops"), "unforeseen"), (MemoryError(), "out_of_memory"), (5.0, "too_slow")],
    ids=["unforeseen", "memory", "time"],
)
def test_a_page_that_breaks_the_extractor_is_buried_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: BaseException | float, reason: str
) -> None:
    object.__setattr__(desk.parts, "rules", replace(desk.parts.rules, item_limit=0.3))
    desk.web.feed("/feed", "a", "bad", "c")
    for name in ("a", "bad", "c"):
        desk.web.say(f"/{name}", page(name, "RUSAK" if name == "bad" else ""))
    desk.add()
    with breaking(monkeypatch, "RUSAK", error):
        desk.run()
    assert (desk.titles(), desk.letters()) == (["Berita a", "Berita c"], {"bad": reason})
    assert desk.state.dead.list()[0].traceback


class Wrapped:
    """A store whose writes a test spoils."""

    def __init__(self, store: SearchStore, write: object) -> None:
        self._store = store
        self.write = lambda documents: write(store, documents)  # type: ignore[operator]

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def spoiled(desk: Desk, write: object) -> Desk:
    return Desk(replace(desk.parts, store=Wrapped(desk.store, write)), desk.web, desk.messages)  # type: ignore[arg-type]


def test_a_store_that_is_away_costs_no_attempt_and_no_second_fetch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.pipeline.batch.STORE_PAUSE", 0.02)
    desk.web.feed("/feed", "a")
    desk.web.say("/a", page("a"))
    desk.add()
    tries = []

    def away(store: SearchStore, documents: Sequence[Document]) -> list[Outcome]:
        tries.append(1)
        if len(tries) <= 6:
            raise StoreUnavailable("away", reason="connect")
        return store.write(documents)

    spoiled(desk, away).run(1)
    assert len(tries) == 7
    assert desk.titles() == ["Berita a"]
    assert [url for url, _ in desk.web.asked].count(SITE + "/a") == 1


def test_a_document_that_the_store_rejects_is_a_dead_letter_and_the_others_are_stored(desk: Desk) -> None:
    desk.web.feed("/feed", "a", "bad")
    desk.web.say("/a", page("a"))
    desk.web.say("/bad", page("bad"))
    desk.add()

    def choosy(store: SearchStore, documents: Sequence[Document]) -> list[Outcome]:
        good = [d for d in documents if d.title != "Berita bad"]
        outcomes = {o.id: o for o in store.write(good)}
        refused = {d.id: Outcome(d.id, "rejected", "no such field", "mapping") for d in documents}
        return [{**refused, **outcomes}[d.id] for d in documents]

    spoiled(desk, choosy).run()
    assert (desk.titles(), desk.letters()) == (["Berita a"], {"bad": "mapping"})


def test_an_unchanged_page_is_not_written_again_and_a_changed_one_is(desk: Desk) -> None:
    feed = desk.add()
    desk.web.feed("/feed", "a")
    desk.web.say("/a", page("a"), page("a"), page("a", "Ralat."))
    desk.run()
    (first,) = desk.documents()
    rss = desk.web.answers[SITE + "/feed"][0]
    assert isinstance(rss, str)
    for number in (1, 2):
        desk.web.say("/feed", rss.replace("Berita a<", f"Berita a {number}<"))
        desk.state.feeds.make_due([feed.id])
        desk.run()
    (last,) = desk.documents()
    assert [url for url, _ in desk.web.asked].count(SITE + "/a") == 3
    assert last.id == first.id
    assert "Ralat." in last.body
    assert last.version > first.version


def test_what_redis_forgot_is_asked_of_the_store(desk: Desk) -> None:
    feed = desk.add()
    desk.web.feed("/feed", "a")
    desk.web.say("/a", page("a"), page("a", "Ralat."))
    desk.run()
    (first,) = desk.documents()
    desk.state.client.flushall()
    desk.state.feeds.put(feed)
    desk.run()
    (last,) = desk.documents()
    assert (last.id, last.first_seen_at) == (first.id, first.first_seen_at)
    assert last.version > first.version


def test_a_second_feed_with_the_same_article_is_listed_without_another_fetch(desk: Desk) -> None:
    first, second = desk.add("/feed"), desk.add("/feed2")
    desk.web.feed("/feed", "a")
    desk.web.feed("/feed2", "a", "b")
    desk.web.say("/a", page("a"))
    desk.web.say("/b", page("b"))
    desk.state.feeds.park([second.id])
    desk.run()
    desk.state.feeds.put(second)
    desk.run()
    by_title = {d.title: d for d in desk.documents()}
    assert set(by_title["Berita a"].feeds) == {first.id, second.id}
    assert [url for url, _ in desk.web.asked].count(SITE + "/a") == 1


def test_a_removed_article_never_comes_back(desk: Desk) -> None:
    from workers.operate.articles import remove_article

    feed = desk.add()
    desk.web.feed("/feed", "a")
    desk.web.say("/a", page("a"), page("a", "Baru."))
    desk.run()
    assert remove_article(
        desk.state, desk.store, desk.parts.archive, SITE + "/a", "asked to", desk.state.overview.now_ms()
    ).deleted
    rss = desk.web.answers[SITE + "/feed"][0]
    assert isinstance(rss, str)
    desk.web.say("/feed", rss.replace("Berita a<", "Berita a baru<"))
    desk.state.feeds.make_due([feed.id])
    desk.run()
    assert (desk.titles(), desk.state.entries.pending()) == ([], 0)


def test_an_article_removed_while_its_document_waits_does_not_appear(desk: Desk) -> None:
    from workers.operate.articles import remove_article

    desk.web.feed("/feed", "a")
    desk.web.say("/a", page("a"))
    desk.add()

    def late(store: SearchStore, documents: Sequence[Document]) -> list[Outcome]:
        remove_article(desk.state, store, desk.parts.archive, SITE + "/a", "asked to", desk.state.overview.now_ms())
        return store.write(documents)

    spoiled(desk, late).run()
    assert (desk.titles(), desk.state.entries.pending()) == ([], 0)


def test_a_broken_feed_is_noted_in_its_state_and_the_others_go_on(desk: Desk) -> None:
    desk.web.say("/feed", "<rss><<<<")
    desk.web.say("/feed3", Transient("HTTP 503", reason="http_502", retry_after=60))
    desk.web.feed("/feed2", "b")
    desk.web.say("/b", page("b"))
    broken, busy = desk.add("/feed"), desk.add("/feed3")
    desk.add("/feed2")
    desk.run()
    assert desk.titles() == ["Berita b"]
    for feed in (broken, busy):
        found = desk.state.feeds.get(feed.id)
        assert found is not None
        assert found[1].error and found[1].failures == 1
    assert found[2] is not None and found[2] - time.time() > 55


def test_a_spent_budget_gives_the_rest_of_a_batch_back(desk: Desk) -> None:
    object.__setattr__(desk.parts, "rules", replace(desk.parts.rules, batch_budget=0.0))
    desk.web.feed("/feed", "a")
    feed = desk.add()
    assert desk.state.feeds.dispatch(10) == [[feed.id]]
    desk.pipeline.poll([feed.id])
    assert desk.web.asked == []
    assert desk.messages.sent == [("poll", [feed.id])]


def test_a_process_that_stops_claims_nothing_more(desk: Desk) -> None:
    desk.parts.limits.stopping.set()
    desk.web.feed("/feed", "a")
    feed = desk.add()
    desk.pipeline.poll([feed.id])
    assert desk.web.asked == []


def test_validators_are_sent_once_their_entries_are_committed(desk: Desk) -> None:
    feed = desk.add()
    desk.web.feed("/feed", "a")
    desk.web.say("/a", page("a"))
    get = desk.web.get

    def with_etag(url: str, **named: object) -> Download:
        answer = get(url, **named)  # type: ignore[arg-type]
        return Download(
            **{f: getattr(answer, f) for f in answer.__struct_fields__} | {"headers": {**answer.headers, "etag": '"1"'}}
        )

    desk.web.get = with_etag  # type: ignore[method-assign]
    desk.run()
    desk.state.feeds.make_due([feed.id])
    desk.run()
    asked = [headers for url, headers in desk.web.asked if url == feed.url]
    assert "If-None-Match" not in asked[0]
    assert asked[1]["If-None-Match"] == '"1"'
