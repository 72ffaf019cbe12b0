"""Edited articles through the pipeline: the newest text stays, the history is true, whatever comes when."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.integration.desk import SITE, Desk
from workers.errors import Permanent, StoreUnavailable
from workers.identify.history import Step
from workers.model import Document
from workers.operate.articles import past_of
from workers.ports import Outcome, SearchStore
from workers.state.identities import address_key

pytestmark = pytest.mark.redis

PATH = "/pasar-ikan-baru-diresmikan-bupati"
PARAGRAPHS = (
    "Bupati meresmikan pasar ikan baru di tepi sungai pada Senin pagi, disaksikan ratusan pedagang dan warga sekitar.",
    "Pasar dua lantai itu memuat seratus dua puluh kios dan gudang pendingin yang dibangun selama sebelas bulan.",
    "Pedagang lama mendapat kios lebih dahulu, sedangkan pedagang baru mengikuti undian yang digelar pekan depan.",
)
FREE = "Sewa kios digratiskan selama tiga bulan pertama agar pedagang sempat menata dagangan mereka di tempat baru."
NOTE = "Ralat: pasar ikan itu diresmikan pada Selasa, bukan Senin."
TUESDAY = PARAGRAPHS[0].replace("Senin", "Selasa")
TEXTS = (  # five edits, one of them back to an earlier text
    PARAGRAPHS,
    (*PARAGRAPHS, FREE),
    (TUESDAY, *PARAGRAPHS[1:], FREE),
    (*PARAGRAPHS, FREE),
    (TUESDAY, *PARAGRAPHS[1:]),
    (TUESDAY, *PARAGRAPHS[1:], NOTE),
)
ADDED = [(), (FREE,), (TUESDAY,), (PARAGRAPHS[0],), (TUESDAY,), (NOTE,)]
REMOVED = [(), (), (PARAGRAPHS[0],), (TUESDAY,), (PARAGRAPHS[0], FREE), ()]
TITLE = "Pasar Ikan Baru Diresmikan Bupati"


def page(paragraphs: Sequence[str], title: str = TITLE) -> str:
    inner = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<html lang='id'><head><title>{title} | Harian</title><link rel=canonical href='{SITE}{PATH}'></head>"
        f"<body><article><h1>{title}</h1>{inner}</article></body></html>"
    )


def feed(desk: Desk, *paths: str, title: str = TITLE, path: str = "/feed") -> None:
    items = "".join(f"<item><title>{title}</title><link>{SITE}{p}</link><guid>{p}</guid></item>" for p in paths)
    desk.web.say(path, f"<rss version='2.0'><channel><title>H</title>{items}</channel></rss>")


def steps(desk: Desk) -> tuple[Document, Sequence[Step]]:
    desk.store.refresh()
    (document,) = desk.documents()
    return document, past_of(desk.store, document).versions


def assert_true(desk: Desk) -> None:
    """The five edits ended with the right text and are told as they were."""
    document, versions = steps(desk)
    assert document.body == "\n\n".join(TEXTS[-1])
    assert (document.edits, document.notice) == (5, "correction")
    assert [step.change.added if step.change else () for step in versions] == ADDED
    assert [step.change.removed if step.change else () for step in versions] == REMOVED
    assert document.edited_at == versions[-1].seen_at
    assert [step.observed_ms for step in versions] == sorted(step.observed_ms for step in versions)
    assert desk.state.entries.pending() == 0
    assert desk.letters() == {}


def edit_and_run(desk: Desk, number: int, *answers: str | Exception) -> None:
    """Have the feed announce an edit, and everything done about it."""
    if answers:
        desk.web.say(PATH, *answers)
    feed(desk, PATH, title=f"{TITLE} {number}")
    desk.due()
    desk.run()


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.pipeline.processing.SUPERSEDED_PAUSE", 0.0)
    monkeypatch.setattr("workers.pipeline.indexing.RELIST_PAUSE", 0.0)
    monkeypatch.setattr("workers.pipeline.batch.STORE_PAUSE", 0.01)


@pytest.fixture(params=["sqlite", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def both(request: pytest.FixtureRequest, desk: Desk) -> Iterator[Desk]:
    """A desk over each of the stores."""
    if request.param == "elasticsearch":
        store = request.getfixturevalue("elasticsearch_store")
        yield Desk(replace(desk.parts, store=store), desk.web, desk.messages)
    else:
        yield desk


def test_five_edits_one_after_the_other(both: Desk) -> None:
    both.add()
    for number, text in enumerate(TEXTS):
        edit_and_run(both, number, page(text))
    assert_true(both)


def scrambled(desk: Desk, chance: random.Random) -> None:
    """Six addresses of one article, fetched one after the other, processed and indexed in any order and twice."""
    paths = [f"/kanal-{n}{PATH}" for n in range(len(TEXTS))]
    feed(desk, *paths)
    for path, text in zip(paths, TEXTS, strict=True):
        desk.web.say(path, page(text), page(TEXTS[-1]))  # whoever looks later finds the last one
    listed = desk.add()
    desk.pipeline.poll([listed.id])
    desk.pipeline.parse([listed.id])
    ordered = [address_key(SITE + path) for path in paths]
    for one in ordered:
        desk.pipeline.fetch([one])
    left = [*ordered, *ordered]
    chance.shuffle(left)
    for one in left:
        getattr(desk.pipeline, chance.choice(("process", "index")))([one])
    chance.shuffle(left)
    for one in left:
        for stage in ("process", "index"):
            getattr(desk.pipeline, stage)([one])
    desk.run(0.3)


@pytest.mark.parametrize("seed", range(4))
def test_edits_out_of_order_and_twice(both: Desk, seed: int) -> None:
    scrambled(both, random.Random(seed))
    assert_true(both)


class Killed(BaseException):
    """What a kill looks like from inside."""


class Dying:
    """A store whose worker dies at the `at`-th of its calls, before or after it is done."""

    def __init__(self, store: SearchStore, at: int, *, before: bool) -> None:
        self._store, self._left, self._before = store, at, before
        self.name = store.name

    def _call(self, name: str, *arguments: Any) -> Any:
        self._left -= 1
        if self._left == 0 and self._before:
            raise Killed
        done = getattr(self._store, name)(*arguments)
        if self._left == 0:
            raise Killed
        return done

    def write(self, documents: Sequence[Document]) -> list[Outcome]:
        return self._call("write", documents)  # type: ignore[no-any-return]

    def write_versions(self, versions: Any) -> None:
        self._call("write_versions", versions)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@pytest.mark.parametrize("at", [1, 2])  # the versions, the document
@pytest.mark.parametrize("before", [True, False])
def test_a_kill_between_version_and_acknowledgement_loses_and_doubles_nothing(
    both: Desk, at: int, *, before: bool
) -> None:
    both.add()
    edit_and_run(both, 0, page(TEXTS[0]))
    for number, text in enumerate(TEXTS[1:], 1):
        dying = Dying(both.store, at, before=before)
        with pytest.raises(Killed):
            edit_and_run(Desk(replace(both.parts, store=dying), both.web, both.messages), number, page(text))  # type: ignore[arg-type]
        both.messages.sent.clear()
        (entry_id,) = both.pending()
        both.state.client.hset(f"kabar:entry:{entry_id}", "lease", 0)  # it runs out
        both.state.client.zadd("kabar:index", {entry_id: 0})
        both.run()
    assert_true(both)


def test_a_first_text_that_is_overwritten_before_its_acknowledgement_is_kept(desk: Desk) -> None:
    """The overwriting one looked before the first was there: only the first can know, at its acknowledgement."""
    paths = [f"/kanal-{n}{PATH}" for n in range(2)]
    feed(desk, *paths)
    for path, text in zip(paths, TEXTS, strict=False):
        desk.web.say(path, page(text))
    listed = desk.add()
    desk.pipeline.poll([listed.id])
    desk.pipeline.parse([listed.id])
    first, second = (address_key(SITE + path) for path in paths)
    for one in (first, second):
        desk.pipeline.fetch([one])
        desk.pipeline.process([one])

    class Overtaken(Dying):
        def write(self, documents: Sequence[Document]) -> list[Outcome]:
            done = desk.store.write(documents)
            desk.store.write([ours])
            return done

    ours = _document_of(desk, second)
    store = Overtaken(desk.store, 0, before=False)
    Desk(replace(desk.parts, store=store), desk.web, desk.messages).pipeline.index([first])  # type: ignore[arg-type]
    desk.run(0.1)
    document, versions = steps(desk)
    assert len(versions) == 2
    assert document.edits == 1


def _document_of(desk: Desk, entry_id: str) -> Document:
    from workers.state.handover import unpack

    data = desk.state.client.get(f"kabar:document:{entry_id}")
    assert isinstance(data, bytes)
    return unpack(data, Document)


def test_a_store_that_is_away_while_versions_are_written_costs_nothing(desk: Desk) -> None:
    desk.add()
    edit_and_run(desk, 0, page(TEXTS[0]))
    tries: list[int] = []

    class Away(Dying):
        def write_versions(self, versions: Any) -> None:
            tries.append(1)
            if len(tries) < 4:
                raise StoreUnavailable("away", reason="connect")
            desk.store.write_versions(versions)

    away = Desk(replace(desk.parts, store=Away(desk.store, 0, before=False)), desk.web, desk.messages)  # type: ignore[arg-type]
    desk.web.say(PATH, page(TEXTS[1]))
    feed(away, PATH, title="Lain")
    away.due()
    away.run()
    while away.pending():  # each try waits for a moment
        away.run(0.05)
    document, versions = steps(desk)
    assert (document.edits, len(versions), len(tries)) == (1, 2, 4)
    assert desk.asked(PATH) == 2


def test_an_unchanged_article_takes_no_version(desk: Desk) -> None:
    desk.add()
    for number in range(3):
        edit_and_run(desk, number, page(TEXTS[0]))
    document, versions = steps(desk)
    assert desk.store.history(document.id) == []
    assert (document.edits, len(versions)) == (0, 1)


def test_very_many_edits_stay_within_their_bounds(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.identify.history.MOST_TEXTS", 3)
    monkeypatch.setattr("workers.identify.history.MOST_VERSIONS", 5)
    desk.add()
    for number in range(9):
        edit_and_run(desk, number, page((*PARAGRAPHS, f"Perkembangan ke-{number} menyusul setelah rapat selesai.")))
    document, versions = steps(desk)
    kept = desk.store.history(document.id)
    assert len(kept) <= 6
    assert kept[0].body.endswith("ke-0 menyusul setelah rapat selesai.")
    assert document.body.endswith("ke-8 menyusul setelah rapat selesai.")
    assert sum(step.text_kept for step in versions) <= 5


def test_a_refused_page_takes_no_text_away(desk: Desk) -> None:
    desk.add()
    edit_and_run(desk, 0, page(TEXTS[0]))
    content = "".join(f"<p>{text}</p>" for text in TEXTS[0][:2])
    rss = desk.web.answers[SITE + "/feed"][0]
    assert isinstance(rss, str)
    desk.web.say(
        "/feed",
        rss.replace("<rss ", "<rss xmlns:content='http://purl.org/rss/1.0/modules/content/' ")
        .replace("<item>", f"<item><content:encoded><![CDATA[{content}]]></content:encoded>")
        .replace(TITLE, TITLE + " lagi"),
    )
    desk.web.say(PATH, Permanent("HTTP 403", reason="http_403"))
    desk.due()
    desk.run()
    document, versions = steps(desk)
    assert desk.asked(PATH) == 2
    assert (document.body_source, document.body) == ("page", "\n\n".join(TEXTS[0]))
    assert len(versions) == 1
    assert desk.state.entries.pending() == 0


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_marks_its_document_and_a_later_look_clears_it(both: Desk, status: int) -> None:
    both.add()
    edit_and_run(both, 0, page(TEXTS[0]))
    edit_and_run(both, 1, Permanent(f"HTTP {status}", reason=f"http_{status}"))
    document, _ = steps(both)
    assert document.gone_at is not None
    assert (document.gone_status, document.body) == (status, "\n\n".join(TEXTS[0]))
    since = document.gone_at
    edit_and_run(both, 2)  # still gone: since the first time
    assert steps(both)[0].gone_at == since
    edit_and_run(both, 3, page(TEXTS[0]))
    document, versions = steps(both)
    assert (document.gone_at, document.gone_status) == (None, 0)
    assert (document.edits, len(versions), both.letters()) == (0, 1, {})
    edit_and_run(both, 4, Permanent(f"HTTP {status}", reason=f"http_{status}"))
    edit_and_run(both, 5, page(TEXTS[1]))
    document, versions = steps(both)
    assert (document.gone_at, document.edits, len(versions), both.letters()) == (None, 1, 2, {})


def test_what_redis_forgot_of_a_gone_page_is_asked_of_the_store(desk: Desk) -> None:
    listed = desk.add()
    edit_and_run(desk, 0, page(TEXTS[0]))
    for answer, gone in ((Permanent("HTTP 410", reason="http_410"), True), (page(TEXTS[0]), False)):
        desk.state.client.flushall()
        desk.state.feeds.put(listed)
        edit_and_run(desk, 1, answer)
        assert (steps(desk)[0].gone_at is not None) is gone
        assert desk.letters() == {}


def test_a_gone_mark_yields_to_a_text_that_is_on_its_way(desk: Desk) -> None:
    from workers.pipeline.gone import _marked

    desk.add()
    edit_and_run(desk, 0, page(TEXTS[0]))
    (old,) = desk.documents()
    edit_and_run(desk, 1, page(TEXTS[1]))
    job = type("Claimed", (), {"claimed_ms": 1_900_000_000_000})
    assert desk.store.write([_marked(old, job, 404)])[0].result == "superseded"  # type: ignore[arg-type]


def test_a_batch_of_one_articles_texts_keeps_them_all(desk: Desk) -> None:
    """Several observations of one article in one bulk, the article never stored before."""
    paths = [f"/kanal-{n}{PATH}" for n in range(3)]
    feed(desk, *paths)
    for path, text in zip(paths, TEXTS, strict=False):
        desk.web.say(path, page(text))
    listed = desk.add()
    desk.pipeline.poll([listed.id])
    desk.pipeline.parse([listed.id])
    ids = [address_key(SITE + path) for path in paths]
    for one in ids:
        desk.pipeline.fetch([one])
        desk.pipeline.process([one])
    desk.pipeline.index(ids)
    desk.run(0.1)
    document, versions = steps(desk)
    assert (document.edits, len(versions)) == (2, 3)
