"""Parts that were built apart, at work on one article: pages, edits, copies, samples, looks to come, removal."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest

from tests.integration.desk import SITE, Desk
from tests.integration.test_copies import WIRE, Press
from tests.integration.test_pipeline_pages import NAME, address, alinea, leaf, ready, whole
from tests.integration.test_refetch import looking, make_due, waiting
from workers.errors import Permanent, Transient
from workers.model import Document
from workers.operate.articles import find_document, past_of, remove_article
from workers.operate.golden import Reader, replay
from workers.operate.idle import wait_until_idle
from workers.operate.retag import retagged
from workers.ports import Outcome
from workers.state.identities import address_key

pytestmark = pytest.mark.redis
NEVER = 10_000.0  # seconds, for this file's purposes


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.pipeline.processing.SUPERSEDED_PAUSE", 0.0)
    monkeypatch.setattr("workers.pipeline.indexing.RELIST_PAUSE", 0.0)


def remove(desk: Desk, url: str = f"{SITE}/{NAME}") -> bool:
    now, rules = desk.state.overview.now_ms(), desk.parts.sites().addresses
    return remove_article(desk.state, desk.store, desk.parts.archive, url, "diminta", now, rules).deleted


def samples(desk: Desk) -> list[str]:
    archive = desk.parts.archive
    kept = chain.from_iterable(archive.samples(site) for site in archive.sites())
    return [one.sample.page.url for one in kept if one.sample]


def look_again(desk: Desk) -> None:
    make_due(desk)
    desk.run(0.5)


class Standing:
    """In the place of a port: `before` or `after` a method's call, something else happens."""

    def __init__(
        self, port: object, *, before: dict[str, Callable[[], object]] | None = None, **after: Callable[[], object]
    ) -> None:
        self._port, self._before, self._after = port, before or {}, after

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        first, then = self._before.pop(name, None), self._after.pop(name, None)
        if first is None and then is None:
            return method

        def call(*arguments: object, **named: object) -> object:
            if first:
                first()
            answer = method(*arguments, **named)
            if then:
                then()
            return answer

        return call


# --- several pages


@pytest.mark.parametrize(
    "error", [Permanent("HTTP 404", reason="http_404"), Transient("HTTP 429", reason="http_429")], ids=["404", "429"]
)
def test_a_later_look_that_misses_a_page_costs_none_of_the_text_and_is_no_edit(desk: Desk, error: Exception) -> None:
    looking(desk, NEVER, 2 * NEVER)
    ready(desk)
    desk.run()
    desk.web.say(address(3), error)
    look_again(desk)
    assert alinea(desk) == whole(1, 2, 3)
    desk.web.say(address(3), leaf(3))
    look_again(desk)
    (document,) = desk.documents()
    assert (alinea(desk), document.incomplete, document.edits) == (whole(1, 2, 3), False, 0)
    assert (desk.letters(), desk.state.entries.pending()) == ({}, 0)


def test_pages_that_come_at_a_later_look_complete_the_text_and_are_no_edit_of_it(desk: Desk) -> None:
    looking(desk, NEVER, 2 * NEVER)
    ready(desk)
    desk.web.say(address(2), Permanent("robots.txt", reason="robots_disallowed"), leaf(2))
    desk.run()
    assert alinea(desk) == whole(1)
    look_again(desk)
    (document,) = desk.documents()
    assert (alinea(desk), document.incomplete, document.edits) == (whole(1, 2, 3), False, 0)
    assert [step.edited for step in past_of(desk.store, document).versions] == [False, False]


def test_of_two_incomplete_looks_the_one_with_more_pages_stays_and_an_edit_of_as_many_comes_in(desk: Desk) -> None:
    looking(desk, NEVER, 2 * NEVER, 3 * NEVER)
    ready(desk)
    gone = Permanent("HTTP 404", reason="http_404")
    desk.web.say(address(3), gone)
    desk.run()
    desk.web.say(address(2), gone)
    look_again(desk)
    assert alinea(desk) == whole(1, 2)
    desk.web.say(
        address(2), leaf(2, extra="<p>Ralat: jembatan itu selesai diperbaiki pada bulan Mei, bukan April.</p>")
    )
    look_again(desk)
    assert alinea(desk) == [*whole(1, 2), "Ralat: jembatan itu selesai diperbaiki pada bulan Mei, bukan April"]
    assert desk.documents()[0].edits == 1


def test_a_saved_article_of_several_pages_is_read_again_as_it_was(desk: Desk) -> None:
    ready(desk)
    desk.web.say(address(3), Permanent("HTTP 404", reason="http_404"))
    desk.run()
    reader = Reader(desk.parts.sites(), 10**6, lambda: desk.parts.limits.item(9), ())
    (again,) = replay(desk.parts.archive, "harian.test", reader, 9)
    assert again.kept.sample is not None
    assert again.kept.sample.article == again.now


def test_pages_that_come_one_by_one_are_progress(desk: Desk) -> None:
    """`kabar up --until-idle` must not give up an article whose pages take longer together than anything may wait."""
    ready(desk)
    for number in range(1, 7):
        desk.web.say(address(number), leaf(number, pages=6))
    began = desk.parts.clock()

    def work() -> None:
        if not desk.messages.sent:
            desk.pipeline.dispatch()
        if desk.messages.sent:
            stage, ids = desk.messages.sent.pop(0)
            getattr(desk.pipeline, stage)(ids)
        time.sleep(0.3)

    feeds = [feed for feed, _, _ in desk.state.feeds.all()]
    rest = wait_until_idle(desk.state, feeds, since=began, max_wait=2.5, pace=0.1, watch=work)
    assert rest.pending == 0
    assert alinea(desk) == whole(*range(1, 7))


def test_an_article_removed_between_two_of_its_pages_leaves_nothing(desk: Desk) -> None:
    looking(desk, NEVER)
    ready(desk)
    get = desk.web.get

    def removing(url: str, **named: Any) -> Any:
        if url.endswith("=2"):
            remove(desk)
        return get(url, **named)

    desk.web.get = removing  # type: ignore[method-assign]
    desk.run()
    assert (desk.documents(), samples(desk), desk.letters(), waiting(desk)) == ([], [], {}, [])
    assert desk.state.entries.pending() == 0


# --- removed at a bad moment


def test_an_article_removed_while_a_look_finds_it_unchanged_leaves_no_sample_and_no_look_to_come(desk: Desk) -> None:
    looking(desk, NEVER, 2 * NEVER)
    ready(desk)
    desk.run()
    archive = Standing(desk.parts.archive, before={"keep": lambda: remove(desk)})
    make_due(desk)
    Desk(replace(desk.parts, archive=archive), desk.web, desk.messages).run()  # type: ignore[arg-type]
    assert (desk.documents(), samples(desk), waiting(desk)) == ([], [], [])
    assert desk.state.client.keys("kabar:again:*") == []


def test_an_article_removed_while_it_is_written_leaves_no_look_to_come(desk: Desk) -> None:
    looking(desk, NEVER)
    ready(desk)
    store = Standing(desk.store, before={"write": lambda: remove(desk)})
    Desk(replace(desk.parts, store=store), desk.web, desk.messages).run()  # type: ignore[arg-type]
    assert (desk.documents(), samples(desk), waiting(desk)) == ([], [], [])


@pytest.mark.parametrize(
    "answer",
    ["<html><body><p>Sebentar.</p></body></html>", Permanent("HTTP 403", reason="http_403")],
    ids=["no text", "403"],
)
def test_a_removed_article_that_fails_under_another_of_its_addresses_leaves_no_sample_and_no_letter(
    desk: Desk, answer: str | Exception
) -> None:
    desk.web.say("/feed", "<rss version='2.0'><channel><title>H</title></channel></rss>")
    remove(desk, "https://regional.kompas.com/read/2025/09/04/101500178/warga-menanam-bakau")
    link = "https://amp.kompas.com/regional/read/2025/09/04/101500178/warga-menanam-bakau"
    desk.add()
    desk.web.say(
        "/feed",
        f"<rss version='2.0'><channel><title>H</title><item><title>Bakau</title><link>{link}</link></item>"
        "</channel></rss>",
    )
    desk.web.answers[link] = [answer]
    desk.run()
    assert desk.web.asked[-1][0] == link
    assert (samples(desk), desk.state.dead.count(), desk.state.entries.pending()) == ([], 0, 0)


def test_a_copy_removed_with_its_original_while_it_is_written_stays_away(desk: Desk) -> None:
    press = Press(desk)
    press.prints("satu.test", "tukik", *WIRE)

    def remove_both() -> None:
        for site in ("satu.test", "dua.test"):
            remove(desk, f"https://{site}/tukik")

    store = Standing(desk.store, before={"write": remove_both})
    Press(Desk(replace(desk.parts, store=store), desk.web, desk.messages)).prints("dua.test", "tukik", *WIRE)  # type: ignore[arg-type]
    assert desk.documents() == []


def test_copies_that_change_while_their_original_is_removed_get_their_heir_all_the_same(desk: Desk) -> None:
    press = Press(desk)
    for site in ("satu.test", "dua.test", "tiga.test"):
        press.prints(site, "tukik", *WIRE)

    def tagged_again() -> None:
        copies = [press.document(site, "tukik") for site in ("dua.test", "tiga.test")]
        outcomes = desk.store.write([retagged(copy, desk.parts.tagger()) for copy in copies])
        assert [outcome.result for outcome in outcomes] == ["stored", "stored"]

    store = Standing(desk.store, before={"write": tagged_again})
    now = desk.state.overview.now_ms()
    assert remove_article(desk.state, store, desk.parts.archive, "https://satu.test/tukik", "hak cipta", now).deleted  # type: ignore[arg-type]
    assert (press.of("dua.test", "tukik"), press.of("tiga.test", "tukik")) == ("", "dua.test")


def test_a_text_that_was_never_stored_is_nobodys_original(desk: Desk) -> None:
    """Its document failed at the store as often as it may: it is a dead letter, and a copy stands for itself."""

    class Failing:
        def __getattr__(self, name: str) -> Any:
            return getattr(desk.store, name)

        def write(self, documents: Sequence[Document]) -> list[Outcome]:
            return [Outcome(document.id, "failed", "no", "odd") for document in documents]

    failing = Desk(replace(desk.parts, store=Failing()), desk.web, desk.messages)  # type: ignore[arg-type]
    Press(failing).prints("satu.test", "tukik", *WIRE)
    failing.run(1)
    assert list(desk.letters().values()) == ["odd"]
    press = Press(desk)
    press.prints("dua.test", "tukik", *WIRE)
    assert press.of("dua.test", "tukik") == ""


# --- what stays behind


def test_a_host_that_was_forgotten_is_not_remembered_for_ever(desk: Desk) -> None:
    """An entry waited longer than what is known of its host is kept."""
    ready(desk)
    desk.web.say(f"/{NAME}", Transient("HTTP 429", reason="http_429"))
    desk.pipeline.dispatch()
    for stage in ("poll", "parse"):
        getattr(desk.pipeline, stage)(next(ids for name, ids in desk.messages.sent if name == stage))
    for _ in ("handed out", "pushed back"):
        desk.state.client.delete("kabar:host:harian.test")
        desk.messages.sent.clear()
        desk.state.client.zadd("kabar:frontier:harian.test", {desk.pending()[0]: 0})
        desk.state.client.zadd("kabar:hosts", {"harian.test": 0})
        desk.pipeline.wake("fetch")
        assert desk.state.client.ttl("kabar:host:harian.test") > 0
        desk.state.client.delete("kabar:host:harian.test")
        for _, ids in [one for one in desk.messages.sent if one[0] == "fetch"]:
            desk.pipeline.fetch(ids)
        assert desk.state.client.ttl("kabar:host:harian.test") != -1


LASTING = {
    *(
        "feeds",
        "due",
        "count",
        "progress",
        "clock",
        "handover",
        "begun",
        "weight",
        "dead",
        "dead_changes",
        "dead_shown",
    ),
    *("removed", "sites", "site_warnings", "hosts", "pending"),
}


def lasting(desk: Desk) -> set[str]:
    """The keys without an end."""
    client = desk.state.client
    return {key.decode().removeprefix("kabar:") for key in client.scan_iter() if client.ttl(key) < 0}


def test_when_all_is_done_only_feeds_and_figures_are_left_for_ever(desk: Desk) -> None:
    looking(desk, 0.2)
    press = Press(desk)
    press.prints("satu.test", "tukik", *WIRE)
    press.prints("dua.test", "penyu", *WIRE)
    press.prints("dua.test", "penyu", *WIRE, title="Penyu Dilepas")
    ready(desk)
    desk.web.say(address(2), Transient("HTTP 429", reason="http_429"), leaf(2))
    desk.run(1.5)
    desk.web.answers["https://satu.test/tukik"] = [Permanent("HTTP 410", reason="http_410")]
    desk.run(0.5)
    remove(desk, "https://satu.test/tukik")
    feeds = {feed.id for feed, _, _ in desk.state.feeds.all()}
    owned = {f"feed:{one}" for one in feeds} | {f"seen:{one}" for one in feeds}
    tombstone = {f"address:{address_key('https://satu.test/tukik')}"}
    assert desk.state.entries.pending() == 0
    assert lasting(desk) - LASTING - owned <= tombstone
    assert [int(desk.state.client.get(f"kabar:{name}") or 0) for name in ("handover", "begun", "weight")] == [0, 0, 0]
    for one in feeds:
        desk.state.feeds.remove(one)
    assert lasting(desk) - LASTING <= tombstone
    assert find_document(desk.store, "https://satu.test/tukik") is None
