"""What a store lost that was put back from a backup: found and fetched again."""

from __future__ import annotations

import msgspec
import pytest

from tests.integration.desk import Desk
from workers.model import Document
from workers.operate.recover import recover

pytestmark = pytest.mark.redis


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A desk whose three articles are indexed."""
    desk.stock(*"abc")
    return desk


def named(desk: Desk, name: str) -> Document:
    return next(one for one in desk.documents() if one.title == f"Berita {name}")


def test_nothing_is_missing(stocked: Desk) -> None:
    done = recover(stocked.state, stocked.store)
    assert (done.looked, done.lost, done.again) == (3, 0, 0)


def test_what_is_missing_or_older_is_fetched_again_under_its_id(stocked: Desk) -> None:
    before = {name: named(stocked, name) for name in "abc"}
    stocked.store.delete(before["a"].id)
    stocked.store.delete(before["b"].id)
    older = msgspec.structs.replace(before["b"], body="Naskah lama.", content_hash="0" * 32, version=1, observed_ms=1)
    stocked.store.write([older])
    done = recover(stocked.state, stocked.store)
    assert (done.looked, done.lost, done.again, done.gone) == (3, 2, 2, 0)
    stocked.run(1.0)
    after = {name: named(stocked, name) for name in "abc"}
    assert {name: one.id for name, one in after.items()} == {name: one.id for name, one in before.items()}
    assert after["a"].body == before["a"].body
    assert after["b"].body == before["b"].body
    assert after["a"].feeds == before["a"].feeds
    assert after["a"].first_seen_at == before["a"].first_seen_at
    assert [stocked.asked(f"/{name}") for name in "abc"] == [2, 2, 1]
    assert recover(stocked.state, stocked.store).lost == 0


def test_an_article_that_is_watched_no_more_is_counted_and_written_when_it_is_seen_again(stocked: Desk) -> None:
    lost = named(stocked, "a")
    stocked.store.delete(lost.id)
    stocked.state.client.delete("kabar:refetch")
    done = recover(stocked.state, stocked.store)
    assert (done.lost, done.again, done.gone) == (1, 0, 1)
    assert recover(stocked.state, stocked.store).lost == 0  # it was told once


def test_articles_are_looked_over_in_bounded_parts(stocked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1_000):
        stocked.state.client.hset(f"kabar:article:{number:032x}", "hash", "x")
    stocked.state.client.hset(f"kabar:article:{'f' * 32}", "feeds", "a")  # claimed, never acknowledged
    steps: list[int] = []
    done = recover(stocked.state, stocked.store, steps.append)
    assert done.looked == 1_003
    assert done.lost == 1_000
    assert max(b - a for a, b in zip([0, *steps], steps, strict=False)) < 1_000
