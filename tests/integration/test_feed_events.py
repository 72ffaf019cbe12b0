"""Reports of polls from the commit to where Kibana shows them: Redis' stream, the sweep, a real node's indices."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.contract.documents import document, report
from tests.contract.search_stores import fill
from tests.integration.desk import SITE, Desk, page
from workers.errors import StoreUnavailable
from workers.index import elasticsearch_events
from workers.index.elasticsearch import ElasticsearchStore
from workers.model import Feed, FeedState
from workers.pipeline import reports as shipping
from workers.reports import PollReport
from workers.state import State
from workers.state import feeds as feeds_state
from workers.state.reports import KEY

on_redis = pytest.mark.redis
on_elasticsearch = pytest.mark.elasticsearch
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Board:
    """What the desk's store shows: a store in front of the embedded one. `away`: it does not answer."""

    shows_polls = True

    def __init__(self, store: Any) -> None:
        self._store = store
        self.shown: dict[str, PollReport] = {}
        self.calls = 0
        self.away = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def show_polls(self, reports: Sequence[PollReport]) -> None:
        self.calls += 1
        if self.away:
            raise StoreUnavailable("away", reason="connect")
        self.shown |= {one.id: one for one in reports}


@pytest.fixture
def watched(desk: Desk) -> Desk:
    """A desk whose store shows polls."""
    board: Any = Board(desk.store)
    watched = Desk(dataclasses.replace(desk.parts, store=board), desk.web, desk.messages)
    watched.board = board  # type: ignore[attr-defined]
    return watched


# --- written with the commit


@on_redis
def test_every_poll_leaves_one_report(watched: Desk) -> None:
    watched.web.feed("/feed", "a", "b")
    watched.web.say("/gone", "<html>no feed</html>")
    for path in ("/feed", "/gone"):
        watched.add(path)
    watched.run()
    waiting = [one for one in watched.state.reports.read(10).values() if one]
    told = {one.url.removeprefix(SITE): (one.outcome, one.new, one.reason, one.health) for one in waiting}
    assert told == {"/feed": ("new", 2, "", "well"), "/gone": ("error", 0, "not_a_feed", "failing")}


@on_redis
def test_a_store_that_shows_none_is_sent_none(desk: Desk) -> None:
    desk.web.feed("/feed", "a")
    desk.web.say("/a", page("a"))
    desk.add()
    desk.run()
    desk.pipeline.sweep()
    assert desk.titles() == ["Berita a"]
    assert desk.state.client.exists(KEY) == 0


@on_redis
def test_the_report_comes_with_the_commit_or_not_at_all(state: State, feed: Feed) -> None:
    job = state.feeds.claim("poll", feed.id, "t")
    assert job is not None
    stale = msgspec.structs.replace(job, token="stale")
    assert not state.feeds.commit_poll(stale, FeedState(), 60, [], report=report()).committed
    assert state.reports.count() == 0
    assert state.feeds.commit_poll(job, FeedState(), 60, [], report=report()).committed
    assert not state.feeds.commit_poll(job, FeedState(), 60, [], report=report()).committed  # after a lost answer
    assert state.reports.count() == 1


@on_redis
def test_the_oldest_fall_out_and_are_counted(state: State, feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds_state, "KEPT", 3)
    for number in range(5):
        state.feeds.make_due([feed.id])
        job = state.feeds.claim("poll", feed.id, f"t{number}")
        assert job is not None
        state.feeds.commit_poll(job, FeedState(), 60, [], report=report(new=number))
    assert [one.new for one in state.reports.read(10).values() if one] == [2, 3, 4]
    assert state.overview.counts()["reports_dropped"] == 2


# --- shown by the sweep


def put(state: State, *reports: PollReport) -> None:
    for one in reports:
        state.client.xadd(KEY, {"r": msgspec.msgpack.encode(one)})


@on_redis
def test_the_sweep_shows_them_and_only_then_forgets(watched: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipping, "CHUNK", 2)
    board: Board = watched.board  # type: ignore[attr-defined]
    put(watched.state, *(report(n) for n in range(5)))
    board.away = True
    watched.pipeline.sweep()
    assert (watched.state.reports.count(), board.calls) == (5, 1)
    board.away = False
    watched.pipeline.sweep()
    assert (watched.state.reports.count(), len(board.shown)) == (0, 5)
    watched.pipeline.sweep()
    assert len(board.shown) == 5


@on_redis
def test_two_sweeps_at_once_lose_none(watched: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipping, "CHUNK", 3)
    reports = [report(n) for n in range(20)]
    put(watched.state, *reports)
    threads = [threading.Thread(target=shipping.show_polls, args=(watched.parts,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(watched.board.shown) == {one.id for one in reports}  # type: ignore[attr-defined]
    assert watched.state.reports.count() == 0


@on_redis
def test_what_no_kabar_can_read_holds_up_nothing(watched: Desk) -> None:
    for odd in ({"r": b"\xc1"}, {"r": b"{}"}, {"other": b"x"}):
        watched.state.client.xadd(KEY, odd)
    put(watched.state, good := report())
    watched.pipeline.sweep()
    assert list(watched.board.shown) == [good.id]  # type: ignore[attr-defined]
    assert watched.state.reports.count() == 0


@on_redis
def test_a_store_that_is_away_delays_no_article(watched: Desk) -> None:
    watched.board.away = True  # type: ignore[attr-defined]
    watched.web.feed("/feed", "a")
    watched.web.say("/a", page("a"))
    watched.add()
    watched.run()
    assert watched.pipeline.sweep() is not None
    assert watched.titles() == ["Berita a"]


# --- on a real node


@pytest.fixture
def store(elasticsearch_store: ElasticsearchStore) -> ElasticsearchStore:
    return elasticsearch_store


@pytest.fixture
def dated(elasticsearch_url: str, elasticsearch_store: ElasticsearchStore) -> Iterator[Any]:
    """Stores of one deployment at a given time."""
    opened = []

    def at(now: datetime, days: int = 3) -> ElasticsearchStore:
        opened.append(
            ElasticsearchStore(
                url=elasticsearch_url,
                index_prefix=elasticsearch_store.prefix,
                config_dir=Path(__file__).resolve().parents[2] / "config",
                now=lambda: now,
                event_days=days,
            )
        )
        return opened[-1]

    yield at
    for one in opened:
        one.close()


def alias_of(store: ElasticsearchStore) -> str:
    return f"{store.prefix}-feed-events"


def indices(store: ElasticsearchStore) -> list[str]:
    found = store.client.indices.get(index=f"{alias_of(store)}-*").body
    return sorted(name.removeprefix(f"{alias_of(store)}-") for name in found)


def shown(store: ElasticsearchStore) -> list[dict[str, Any]]:
    store.client.indices.refresh(index=alias_of(store))
    answer = store.client.search(index=alias_of(store), size=100, sort=[{"at": "asc"}])
    return [hit["_source"] for hit in answer.body["hits"]["hits"]]


@on_elasticsearch
def test_shown_again_it_is_still_one(store: ElasticsearchStore) -> None:
    reports = [report(n) for n in (40, 20, 0)]
    for some in (reports[:2], reports, reports[1:]):
        store.show_polls(some)
    found = shown(store)
    assert [one["id"] for one in found] == [one.id for one in reports]
    assert msgspec.convert(found[0], PollReport) == reports[0]


@on_elasticsearch
def test_each_day_has_an_index_behind_the_alias_and_old_days_go(dated: Any) -> None:
    for day in range(6):
        dated(NOW + timedelta(days=day)).show_polls([report(at=NOW + timedelta(days=day))])
    today = dated(NOW + timedelta(days=5))
    days = ["2026.03.02", "2026.03.03", "2026.03.04", "2026.03.05", "2026.03.06", "2026.03.07"]
    assert set(days) < set(indices(today))  # and the day the test runs on, from setup
    fill(today, document())
    today.forget_polls()
    assert [day for day in indices(today) if day in days] == days[2:]
    assert [one["at"] for one in shown(today)] == [f"2026-03-0{n}T12:00:00Z" for n in (4, 5, 6, 7)]
    assert today.count() == 1
    today.show_polls([report(at=NOW)])  # from an outage that lasted longer than events are kept: no index comes back
    assert [day for day in indices(today) if day in days] == days[2:]


@on_elasticsearch
def test_what_ilm_looks_after_and_what_is_not_ours_is_left_alone(dated: Any) -> None:
    today = dated(NOW + timedelta(days=50))
    today.show_polls([report(at=NOW + timedelta(days=50))])
    foreign = f"{alias_of(today)}-mine"
    today.client.indices.create(index=foreign)
    today.client.indices.create(index=f"{alias_of(today)}-2026.02.30")  # no such day
    today.forget_polls()
    assert {"mine", "2026.02.30"} < set(indices(today))


@on_elasticsearch
def test_without_its_template_no_index_with_a_guessed_mapping_comes_to_be(dated: Any) -> None:
    store = dated(NOW)
    store.client.indices.delete_index_template(name=alias_of(store))
    with pytest.raises(StoreUnavailable) as caught:
        store.show_polls([report(at=NOW)])
    assert caught.value.reason == "no_alias"
    assert "2026.03.02" not in indices(store)


@on_elasticsearch
def test_one_that_can_not_be_shown_keeps_no_other_from_it(store: ElasticsearchStore) -> None:
    odd = [
        report(1, title="\ud800"),
        report(2, per_day=float("inf")),
        report(3, url="https://berita.test/" + "u" * 9_000),
    ]
    store.show_polls([*odd, good := report()])
    assert good.id in {one["id"] for one in shown(store)}


@on_elasticsearch
def test_setup_gives_todays_index_the_fields_that_are_new(store: ElasticsearchStore) -> None:
    template = store.templates()["feed-events"]
    now = datetime.now(UTC)
    assert elasticsearch_events.set_up(store.client, template, now, 30) == []
    properties = {**template.mappings["properties"], "added": {"type": "keyword"}}
    body = {**template.body, "template": {**template.body["template"], "mappings": {"properties": properties}}}
    grown = type(template)(template.name, body, template.stamp)
    (line,) = elasticsearch_events.set_up(store.client, grown, now, 30)
    assert "new fields" in line
    changed = {**properties, "at": {"type": "keyword"}}
    body = {**template.body, "template": {**template.body["template"], "mappings": {"properties": changed}}}
    (line,) = elasticsearch_events.set_up(store.client, type(template)(template.name, body, template.stamp), now, 30)
    assert "tomorrow" in line


@on_elasticsearch
def test_a_missing_alias_is_found_and_put_back(store: ElasticsearchStore) -> None:
    assert store.check() == []
    for name in indices(store):
        store.client.indices.delete(index=f"{alias_of(store)}-{name}")
    assert store.check() == [f"alias {alias_of(store)} is missing: run `kabar index init`"]
    (line,) = store.setup()
    assert line.endswith(f"created behind {alias_of(store)}")
    assert store.check() == []
