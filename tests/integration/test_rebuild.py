"""The index built anew out of archived pages: after better extraction, after a loss, in both stores."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from tests.contract.documents import document
from tests.integration.desk import SITE, Desk, page
from tests.integration.test_alerts import save
from tests.integration.test_refetch import make_due
from tests.integration.test_reindex_killed import Rebuild, waited
from workers.cli.index import index
from workers.errors import KabarError, Misuse
from workers.identify import article_id
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.reindex import Write, _Rebuild, reindex
from workers.index.reindex_mark import mark_of
from workers.model import Document, Entry, Page, Query, digest
from workers.operate.archive import PageArchive
from workers.operate.articles import remove_article
from workers.operate.golden import Reader
from workers.operate.rebuild import ArchiveSource, rebuild_in_place
from workers.operate.reread import Rereader
from workers.ports import SearchStore
from workers.runtime.limits import TookTooLong, alarm
from workers.samples import Sample

pytestmark = pytest.mark.redis
BEGAN = 1_767_000_000_000  # ms


@pytest.fixture
def stocked(desk: Desk, tmp_path: Path) -> Desk:
    """A desk that archives every page, with three articles."""
    archive = PageArchive(tmp_path / "archive", mode="all", count=20, limit=100_000_000)
    desk = Desk(replace(desk.parts, archive=archive), desk.web, desk.messages)
    desk.stock(*"abc")
    return desk


def source_of(desk: Desk, store: SearchStore | None = None) -> ArchiveSource:
    reader = Reader(desk.parts.sites(), 1_000_000, partial(alarm, 20.0), (TookTooLong,))
    store = store or desk.store
    rereader = Rereader(desk.state, store, reader, desk.parts.tagger())
    return ArchiveSource(desk.parts.archive, rereader, desk.state, store)


def rebuilt(desk: Desk) -> dict[str, int]:
    """Rebuild in place and return what became of the articles."""
    source = source_of(desk)
    rebuild_in_place(source, desk.store)
    return {outcome: count for outcome, count in source.counts.items() if count}


def named(desk: Desk) -> dict[str, Document]:
    return {one.title.removeprefix("Berita "): one for one in desk.documents()}


def bare(one: Document) -> Document:
    """What must be the same before and after a loss."""
    return msgspec.structs.replace(one, indexed_at=None, version=0, fetched_at=one.first_seen_at, feeds=())


def lose_all(desk: Desk) -> None:
    for one in desk.documents():
        desk.store.delete(one.id)
    assert desk.store.count() == 0


def test_what_is_as_stored_is_left_alone(stocked: Desk) -> None:
    before = named(stocked)
    assert rebuilt(stocked) == {"same": 3}
    assert named(stocked) == before


def test_better_extraction_reaches_stored_articles(stocked: Desk) -> None:
    before = named(stocked)
    worse = msgspec.structs.replace(
        before["a"], body="Baca juga: lain.", content_hash="0" * 32, version=before["a"].version + 1, edits=2
    )
    stocked.store.write([worse])  # as if an earlier extraction had read it so
    assert rebuilt(stocked) == {"read": 1, "same": 2}
    after = named(stocked)
    assert after["a"].body == before["a"].body
    assert after["a"].version == worse.version + 1
    assert after["a"].edits == 2
    assert after["b"] == before["b"]
    assert rebuilt(stocked) == {"same": 3}


def test_better_extraction_is_no_edit_at_the_next_look(stocked: Desk) -> None:
    before = named(stocked)["a"]
    worse = msgspec.structs.replace(before, body="Baca juga: lain.", content_hash="0" * 32, version=before.version + 1)
    stocked.store.write([worse])
    stocked.state.client.hset(f"kabar:article:{before.id}", "hash", worse.content_hash)
    rebuilt(stocked)
    after = named(stocked)["a"]
    save(stocked, "jembatan", "jembatan", log=True)  # registered later: an old article is no news
    make_due(stocked)
    stocked.run(0.5)
    assert stocked.asked("/a") == 2
    assert named(stocked)["a"] == after
    assert stocked.state.alerts.waiting()["news"] == 0


def test_a_lost_store_comes_back_under_the_same_ids(stocked: Desk) -> None:
    before = named(stocked)
    lose_all(stocked)
    assert rebuilt(stocked) == {"read": 3}
    after = named(stocked)
    assert {name: bare(one) for name, one in after.items()} == {name: bare(one) for name, one in before.items()}
    assert [one.feeds for one in after.values()] == [one.feeds for one in before.values()]


def test_ids_stay_when_redis_is_lost_too(stocked: Desk) -> None:
    before = {name: one.id for name, one in named(stocked).items()}
    lose_all(stocked)
    stocked.state.client.flushall()
    assert rebuilt(stocked) == {"read": 3}
    assert {name: one.id for name, one in named(stocked).items()} == before


def test_what_was_removed_stays_away(stocked: Desk) -> None:
    pages = list(stocked.parts.archive.samples("harian.test"))
    remove_article(stocked.state, stocked.store, stocked.parts.archive, f"{SITE}/a", "diminta", 1)
    for kept in pages:
        assert kept.sample
        stocked.parts.archive.keep(kept.sample)  # as if its page had stayed in a backup of the archive
    assert rebuilt(stocked) == {"removed": 1, "same": 2}
    assert sorted(named(stocked)) == ["b", "c"]


def test_an_edited_articles_history_comes_back(stocked: Desk) -> None:
    stocked.web.say("/a", page("a", "Diperbarui: jembatan selesai."))
    make_due(stocked)
    stocked.run(0.5)
    before = named(stocked)["a"]
    history = [one.content_hash for one in stocked.store.history(before.id)]
    assert (before.edits, len(history)) == (1, 2)
    lose_all(stocked)
    assert stocked.store.history(before.id) == []
    rebuilt(stocked)
    after = named(stocked)["a"]
    assert bare(after) == bare(before)
    assert [one.content_hash for one in stocked.store.history(after.id)] == history


def test_a_stored_text_that_was_seen_later_stays(stocked: Desk) -> None:
    newer = named(stocked)["a"]
    newer = msgspec.structs.replace(
        newer, body="Naskah baru.", version=newer.version + 9, observed_ms=newer.version + 9
    )
    stocked.store.write([newer])
    assert rebuilt(stocked) == {"newer": 1, "same": 2}
    assert named(stocked)["a"].body == "Naskah baru."


def test_a_broken_file_and_an_unforeseen_page_stop_no_other(stocked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = next((stocked.parts.archive._folder).iterdir())  # type: ignore[attr-defined]
    first = min(folder.iterdir())
    first.write_bytes(first.read_bytes()[:-9])
    assert rebuilt(stocked) == {"broken": 1, "same": 2}

    def odd(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Rereader, "_page", odd)
    assert rebuilt(stocked) == {"broken": 1, "failed": 2}


def test_an_empty_archive_says_so(desk: Desk) -> None:
    with pytest.raises(KabarError, match=r"archive of pages is empty.*KABAR_ARCHIVE=all"):
        source_of(desk)


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def cluster(stocked: Desk, elasticsearch_store: ElasticsearchStore) -> Iterator[ElasticsearchStore]:
    """A cluster that holds the desk's articles, and one that has no page."""
    old = [msgspec.structs.replace(one, body="Naskah lama.", content_hash="0" * 32) for one in stocked.documents()]
    elasticsearch_store.write([*old, document("tanpa-halaman")])
    elasticsearch_store.refresh()
    yield elasticsearch_store


@pytest.mark.elasticsearch
def test_behind_the_alias(stocked: Desk, cluster: ElasticsearchStore) -> None:
    totals: list[int] = []
    done = reindex(
        cluster, source=source_of(stocked, cluster), progress=lambda _: totals.append(cluster.search(Query()).total)
    )
    assert (done.old, done.new, done.documents) == (f"{cluster.alias}-000001", f"{cluster.alias}-000002", 4)
    assert set(totals) == {4}  # nobody saw it half built
    wanted = {one.id: one.body for one in stocked.documents()}
    assert {one.id: one.body for one in cluster.get(list(wanted)).values()} == wanted
    assert cluster.get([digest("tanpa-halaman")])
    old = cluster.client.mget(index=done.old, ids=list(wanted)).body["docs"]
    assert {one["_source"]["body"] for one in old} == {"Naskah lama."}  # for a way back
    assert cluster.check() == []


@pytest.mark.elasticsearch
def test_behind_the_alias_of_a_lost_index(stocked: Desk, elasticsearch_store: ElasticsearchStore) -> None:
    removed = stocked.documents()[0].id
    source = source_of(stocked, elasticsearch_store)
    fill = source.fill

    def and_remove(write: Write, place: str, note: Callable[[str], None]) -> None:
        fill(write, place, note)
        stocked.state.identities.remove(removed, (), "diminta", "", stocked.parts.clock())

    source.fill = and_remove  # type: ignore[method-assign]
    assert reindex(elasticsearch_store, source=source).documents == 2
    assert elasticsearch_store.get([removed]) == {}


@pytest.mark.elasticsearch
def test_a_rebuild_that_was_cut_off_reads_no_page_twice(
    stocked: Desk, cluster: ElasticsearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.operate.rebuild.BATCH", 1)
    source = source_of(stocked, cluster)
    write, calls = source._write, []

    def die(articles: Sequence[object], to: Write) -> None:
        if len(calls) == 2:
            raise Killed
        calls.append(articles)
        write(articles, to)  # type: ignore[arg-type]

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(source, "_write", die)
        patched.setattr(_Rebuild, "undo", lambda rebuild: rebuild._building._put())  # the beat that came last
        reindex(cluster, source=source)
    again = source_of(stocked, cluster)
    done = reindex(cluster, source=again, pause=lambda _: None)
    assert (done.documents, done.resumed, again.counts["read"]) == (4, True, 1)
    assert {one.body for one in cluster.get([one.id for one in stocked.documents()]).values()} == {
        one.body for one in stocked.documents()
    }


def test_as_a_command(stocked: Desk, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_REDIS_URL", redis_url)
    monkeypatch.setenv("KABAR_DATA_DIR", str(tmp_path))
    lose_all(stocked)
    run = partial(CliRunner().invoke, index, catch_exceptions=False, standalone_mode=False)
    done = json.loads(run(["rebuild", "--from-archive", "--json"]).stdout)
    assert done == {"articles": {"read": 3}, "index": None}
    assert "articles: 3 same" in run(["rebuild", "--from-archive"]).stdout
    with pytest.raises(Misuse, match="--from-archive"):
        run(["rebuild"])


@pytest.mark.slow
@pytest.mark.elasticsearch
@pytest.mark.timeout(900)
def test_a_killed_rebuild_is_gone_on_with(
    desk: Desk, elasticsearch_store: ElasticsearchStore, elasticsearch_url: str, redis_url: str, tmp_path: Path
) -> None:
    archive = PageArchive(tmp_path / "archive", mode="all", count=20, limit=100_000_000)
    wanted = {}
    for number in range(400):
        url = f"{SITE}/n{number}"
        body = page(f"n{number}").encode()
        html = {"content-type": "text/html; charset=utf-8"}
        fetched = Page(url=url, final_url=url, status=200, headers=html, body=body, fetched_ms=BEGAN + number)
        entry = Entry(id=digest("url", url), feed_id=digest("umpan"), url=url, title=f"Berita n{number}")
        archive.keep(Sample(site="harian.test", page=fetched, entry=entry, addresses=(url,)))
        wanted[article_id((url,))] = f"Berita n{number}"
    store = elasticsearch_store
    store.write([document("tanpa-halaman")])
    redis = {"KABAR_REDIS_URL": redis_url, "KABAR_ARCHIVE": "all"}
    half = f"{store.alias}-000002"
    for number in (50, 150):
        run = Rebuild(store, elasticsearch_url, tmp_path, "rebuild", "--from-archive", environment=redis)
        run.until("read")
        waited(lambda number=number: _written(store, half) >= number, 300)  # type: ignore[misc]
        assert run.process.poll() is None, run.lines
        run.kill()
        assert store.search(Query()).total == 1
    last = Rebuild(store, elasticsearch_url, tmp_path, "rebuild", "--from-archive", environment=redis)
    assert last.end() == 0, last.lines
    assert "gone on with" in last.lines[-1]
    read = int(last.lines[-1].split("articles: ")[1].split(" read")[0].replace(",", ""))
    assert read <= 250  # the earlier runs' work was of use
    assert {one.id: one.title for one in store.get(list(wanted)).values()} == wanted
    assert store.count() == 401


def _written(store: ElasticsearchStore, index: str) -> int:
    """How many articles the mark of an index says to be written: a place's name begins with the time of a page."""
    mark = mark_of(store.client, index)
    milliseconds = (mark.place if mark else "") or ""
    return int(milliseconds.partition("\t")[2].partition("-")[0] or BEGAN) - BEGAN + 1
