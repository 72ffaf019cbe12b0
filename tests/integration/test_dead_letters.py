"""Dead letters from Redis to where Kibana shows them: the count of changes, the sweep, the index on a real node."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.contract.documents import NOON, document, letter
from workers.errors import KabarError, StoreUnavailable
from workers.index import elasticsearch_letters
from workers.index.elasticsearch import ElasticsearchStore
from workers.letters import DeadLetter
from workers.model import Feed
from workers.pipeline import letters as mirror
from workers.runtime.settings import Settings
from workers.state import State, dead_letters
from workers.state.entries import Job

PROJECT = Path(__file__).resolve().parents[2]
Add = Callable[..., list[str]]
Claimed = Callable[..., Job]
on_redis = pytest.mark.redis
on_elasticsearch = pytest.mark.elasticsearch


def record(name: str) -> bytes:
    return msgspec.json.encode(letter(name))


# --- how often they changed


@on_redis
def test_every_way_a_dead_letter_comes_or_goes_is_a_change(state: State, feed: Feed, claimed: Claimed) -> None:
    counted = [state.dead.changes()]
    first, second = claimed(name="a"), claimed(name="b")
    for change in (
        lambda: state.entries.bury(first, record("a"), 10),
        lambda: state.entries.bury(second, record("b"), 10),
        lambda: state.feeds.bury(feed.id, record("feed"), 10),
        lambda: state.dead.replay(first.id),
        lambda: state.dead.drop(second.id),
        lambda: state.dead.replay(feed.id),
    ):
        change()
        counted.append(state.dead.changes())
    assert counted == list(range(7))


@on_redis
def test_what_changes_nothing_is_no_change(state: State, claimed: Claimed) -> None:
    job = claimed()
    state.entries.bury(job, record("a"), 10)
    state.entries.bury(job, record("a"), 10)  # repeated after a lost answer
    state.dead.replay("nobody")
    state.dead.drop("nobody")
    assert state.dead.changes() == 1


@on_redis
def test_what_was_shown_is_looked_over_again_after_a_while(state: State) -> None:
    assert state.dead.shown() == -1
    state.dead.mark_shown(7)
    assert state.dead.shown() == 7
    assert 0 < state.client.ttl("kabar:dead_shown") <= dead_letters.LOOK_OVER  # type: ignore[operator]


# --- the sweep


class Board:
    """A store that keeps what it is told to show; `away`: it does not answer."""

    shows_polls = False

    def __init__(self) -> None:
        self.shown: list[list[str]] = []
        self.away = False

    def show_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        if self.away:
            raise StoreUnavailable("away", reason="connect")
        self.shown.append([one.title for one in letters])


class Sweeper:
    """A pipeline of which only the sweep is used."""

    def __init__(self, state: State, settings: Settings) -> None:
        from workers.pipeline import Limits, Parts, Pipeline
        from workers.runtime.bootstrap import rules_of

        self.board = Board()
        nothing: Any = None
        parts = Parts(
            state=state,
            http=nothing,
            store=self.board,  # type: ignore[arg-type]
            archive=nothing,
            tagger=nothing,
            sites=nothing,
            courier=nothing,
            clock=lambda: NOON,
            random=lambda: 0.0,
            rules=rules_of(settings),
            limits=Limits(),
            webhook=nothing,
            mailer=nothing,
            scratch=nothing,
        )
        self.sweep = Pipeline(parts).sweep


@pytest.fixture
def sweeper(state: State, settings: Settings) -> Sweeper:
    return Sweeper(state, settings)


@on_redis
def test_a_sweep_shows_the_letters_once_per_change(sweeper: Sweeper, state: State, claimed: Claimed) -> None:
    sweeper.sweep()
    job = claimed(name="a")
    state.entries.bury(job, msgspec.json.encode(letter("a", title="satu")), 10)
    for _ in range(3):
        sweeper.sweep()
    state.dead.drop(job.id)
    for _ in range(3):
        sweeper.sweep()
    assert sweeper.board.shown == [[], ["satu"], []]


@on_redis
def test_a_store_that_is_away_is_asked_again_at_the_next_sweep(sweeper: Sweeper, state: State, feed: Feed) -> None:
    state.feeds.bury(feed.id, msgspec.json.encode(letter("f", title="umpan")), 10)
    sweeper.board.away = True
    assert set(sweeper.sweep()) == {"healed", "clamped", "orphans"}  # the sweep itself is done
    assert sweeper.board.shown == []
    sweeper.board.away = False
    sweeper.sweep()
    assert sweeper.board.shown == [["umpan"]]


@on_redis
def test_what_changes_while_the_letters_are_shown_is_shown_by_the_next_sweep(
    sweeper: Sweeper, state: State, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = sweeper.board.show_dead_letters

    def slowly(letters: Sequence[DeadLetter]) -> None:
        show(letters)
        if not letters:
            state.feeds.bury(feed.id, msgspec.json.encode(letter("f", title="umpan")), 10)

    monkeypatch.setattr(sweeper.board, "show_dead_letters", slowly)
    sweeper.sweep()
    sweeper.sweep()
    sweeper.sweep()
    assert sweeper.board.shown == [[], ["umpan"]]


@on_redis
def test_only_the_newest_are_handed_to_the_store(
    sweeper: Sweeper, state: State, claimed: Claimed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "SHOWN", 2)
    for name in "abc":
        state.entries.bury(claimed(name=name), msgspec.json.encode(letter(name, title=name)), 10)
    sweeper.sweep()
    assert len(sweeper.board.shown[0]) == 2


# --- the index


def shown(store: ElasticsearchStore) -> dict[str, dict[str, Any]]:
    """What Kibana would find, by the letter's id."""
    alias = f"{store.prefix}-dead-letters"
    hits = store.client.search(index=alias, size=1000).body["hits"]["hits"]
    found = {hit["_source"]["id"]: hit["_source"] for hit in hits}
    assert len(found) == len(hits), "a letter is there twice"
    return found


def urls(store: ElasticsearchStore) -> set[str]:
    return {one["url"].rsplit("/", 1)[1] for one in shown(store).values()}


@on_elasticsearch
def test_letters_come_and_go_at_once(elasticsearch_store: ElasticsearchStore) -> None:
    a, b, c = letter("a"), letter("b"), letter("c")
    for wanted in ([], [a, b], [a, b], [b, c], [c], []):
        elasticsearch_store.show_dead_letters(wanted)
        assert set(shown(elasticsearch_store)) == {one.id for one in wanted}


@on_elasticsearch
def test_a_letter_is_shown_whole_with_its_site(elasticsearch_store: ElasticsearchStore) -> None:
    one = letter("a", traceback="Traceback …", buried_at=NOON + timedelta(microseconds=1))
    elasticsearch_store.show_dead_letters([one])
    (found,) = shown(elasticsearch_store).values()
    assert found.pop("site") == "berita.test"
    assert msgspec.convert(found, DeadLetter) == one


@on_elasticsearch
def test_a_letter_buried_again_replaces_the_one_before(elasticsearch_store: ElasticsearchStore) -> None:
    for attempts, when in ((1, NOON), (2, NOON + timedelta(hours=1)), (3, NOON - timedelta(hours=1))):
        elasticsearch_store.show_dead_letters([letter("a", attempts=attempts, buried_at=when)])
        assert [one["attempts"] for one in shown(elasticsearch_store).values()] == [attempts]


@on_elasticsearch
def test_what_was_there_already_is_not_written_again(elasticsearch_store: ElasticsearchStore) -> None:
    kept = letter("a")
    elasticsearch_store.show_dead_letters([kept])
    elasticsearch_store.show_dead_letters([letter("b"), kept])
    alias = f"{elasticsearch_store.prefix}-dead-letters"
    hits = elasticsearch_store.client.search(index=alias, version=True).body["hits"]["hits"]
    assert [hit["_version"] for hit in hits] == [1, 1]


@on_elasticsearch
def test_only_the_newest_are_shown(elasticsearch_store: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elasticsearch_letters, "SHOWN", 2)
    elasticsearch_store.show_dead_letters([letter(name) for name in "abc"])
    assert urls(elasticsearch_store) == {"a", "b"}


@on_elasticsearch
def test_names_are_read_page_by_page(elasticsearch_store: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elasticsearch_letters, "PAGE", 3)
    alias = f"{elasticsearch_store.prefix}-dead-letters"
    elasticsearch_store.client.index(index=alias, document={"note": "whose is this"})  # neither id nor date
    elasticsearch_store.show_dead_letters([letter(str(n)) for n in range(10)])
    elasticsearch_store.show_dead_letters([letter(str(n)) for n in range(5, 12)])
    assert urls(elasticsearch_store) == {str(n) for n in range(5, 12)}


@on_elasticsearch
@pytest.mark.parametrize(
    "odd",
    [
        {"url": "http://[bad"},
        {"url": ""},
        {"url": "https://berita.test/" + "u" * 40_000},
        {"message": "m" * 40_000, "title": "t" * 40_000, "traceback": "x" * 40_000},
        {"reason": "r" * 40_000},
        {"id": "i" * 2_000},
        {"message": "\x00 « “"},
    ],
    ids=["address", "no-address", "long-address", "long-texts", "long-reason", "long-id", "signs"],
)
def test_odd_letters_are_shown(elasticsearch_store: ElasticsearchStore, odd: dict[str, Any]) -> None:
    one = letter("a", **odd)
    elasticsearch_store.show_dead_letters([one, letter("b")])
    assert set(shown(elasticsearch_store)) == {one.id, letter("b").id}
    elasticsearch_store.show_dead_letters([])
    assert shown(elasticsearch_store) == {}


@on_elasticsearch
@pytest.mark.parametrize("bad", [{"message": "\ud800"}, {"attempts": 2**40}], ids=["surrogate", "number"])
def test_a_letter_that_cannot_be_shown_keeps_no_other_from_it(
    elasticsearch_store: ElasticsearchStore, bad: dict[str, Any]
) -> None:
    elasticsearch_store.show_dead_letters([letter("a", **bad), letter("b")])
    assert urls(elasticsearch_store) == {"b"}


@on_elasticsearch
def test_without_its_index_nothing_is_created_and_check_says_so(elasticsearch_store: ElasticsearchStore) -> None:
    store = elasticsearch_store
    alias = f"{store.prefix}-dead-letters"
    assert store.check() == []
    store.client.indices.delete(index=f"{alias}-000001")
    with pytest.raises(StoreUnavailable, match="kabar index init"):
        store.show_dead_letters([letter("a")])
    assert store.client.indices.get(index=f"{alias}*").body == {}
    assert store.check() == [f"alias {alias} is missing: run `kabar index init`"]
    assert store.setup() == [f"index {alias}-000001: created behind {alias}"]
    store.show_dead_letters([letter("a")])
    assert (urls(store), store.check()) == ({"a"}, [])


@on_elasticsearch
def test_setup_again_keeps_what_is_shown(elasticsearch_store: ElasticsearchStore) -> None:
    elasticsearch_store.show_dead_letters([letter("a")])
    assert all("up to date" in line for line in elasticsearch_store.setup())
    assert urls(elasticsearch_store) == {"a"}


@pytest.fixture
def changed(elasticsearch_url: str, elasticsearch_store: ElasticsearchStore, tmp_path: Path) -> Iterator[Any]:
    """The same store by a later version of Kabar: `stage` of dead letters is mapped otherwise."""
    shutil.copytree(PROJECT / "config" / "elasticsearch", tmp_path / "elasticsearch")
    file = tmp_path / "elasticsearch" / "dead-letters.json"
    template = json.loads(file.read_text(encoding="utf-8"))
    template["template"]["mappings"]["properties"]["stage"] = {"type": "text"}
    file.write_text(json.dumps(template), encoding="utf-8")
    store = ElasticsearchStore(url=elasticsearch_url, index_prefix=elasticsearch_store.prefix, config_dir=tmp_path)
    yield store
    store.close()


@on_elasticsearch
def test_another_mapping_is_told_and_setup_makes_the_index_anew(
    elasticsearch_store: ElasticsearchStore, changed: ElasticsearchStore
) -> None:
    alias = f"{changed.prefix}-dead-letters"
    changed.write([document()])
    elasticsearch_store.show_dead_letters([letter("a")])
    assert any(f"index {alias}-000001" in line and "kabar index init" in line for line in changed.check())
    changed.client.indices.create(index=f"{alias}-000002")  # a setup was killed here
    assert any(f"index {alias}-000002: created" in line for line in changed.setup())
    assert list(changed.client.indices.get(index=f"{alias}-*").body) == [f"{alias}-000002"]
    assert changed.check() == []
    changed.show_dead_letters([letter("a")])
    assert urls(changed) == {"a"}
    assert list(changed.get([document().id])) == [document().id]


@on_elasticsearch
def test_an_index_in_the_alias_place_is_told(elasticsearch_store: ElasticsearchStore) -> None:
    store = elasticsearch_store
    alias = f"{store.prefix}-dead-letters"
    store.client.indices.delete(index=f"{alias}-000001")
    store.client.index(index=alias, document={"title": "siapa yang menulis ini"})
    with pytest.raises(KabarError, match=f"an index is named {alias}"):
        store.setup()
    assert any(f"an index is named {alias}" in line for line in store.check())
    with pytest.raises(KabarError):
        store.show_dead_letters([letter("a")])
