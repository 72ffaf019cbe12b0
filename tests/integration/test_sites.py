"""A template change end to end on a real Redis: junk to the dead letters, a warning, all else untouched, mended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import structs

from tests.integration.desk import NOW, SITE, Desk, page
from workers.cli.sites import sites as command
from workers.errors import Transient
from workers.extract import Sites
from workers.extract.judge import Figures
from workers.extract.watch import KEPT, SiteWarning, Span
from workers.model import Feed, digest
from workers.newsroom import Fault, Newsroom, NewsroomServer
from workers.operate.articles import remove_article
from workers.operate.doctor import examine
from workers.pipeline import reading
from workers.runtime.bootstrap import build_http
from workers.runtime.settings import load
from workers.samples import Sample
from workers.state import State, sites
from workers.state.scripts import connect

pytestmark = pytest.mark.redis
BROKEN, WELL = "site-1.newsroom.test", "site-2.newsroom.test"
CONFIG = Path(__file__).parents[2] / "config"
MENDED = '\n[site."newsroom.test"]\nprune = ["kotak-izin"]\n'


@pytest.fixture
def newsroom() -> Iterator[NewsroomServer]:
    with NewsroomServer(Newsroom(sites=2, articles=60)) as server:
        yield server


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The operator's configuration, to be changed while everything runs."""
    folder = tmp_path / "config"
    folder.mkdir()
    for name in ("sites.toml", "feeds.toml"):
        (folder / name).write_text((CONFIG / name).read_text(encoding="utf-8"), encoding="utf-8")
    return folder


@pytest.fixture
def watched(desk: Desk, newsroom: NewsroomServer, config: Path, redis_url: str) -> Iterator[Desk]:
    """The desk at the newsroom's feeds."""
    settings = load({}, redis_url=redis_url, resolve=newsroom.resolve, allow_addresses="127.0.0.0/8")
    http = build_http(settings)
    parts = replace(desk.parts, http=http, sites=lambda: Sites.load(config))
    on_the_web = Desk(parts, desk.web, desk.messages)
    for address in newsroom.newsroom.feed_addresses():
        on_the_web.state.feeds.put(Feed(id=digest(address.url), url=address.url, site=address.site))
    yield on_the_web
    http.close()


def reasons(desk: Desk) -> dict[str, int]:
    letters = desk.state.dead.list(1_000)
    return {r: sum(letter.reason == r for letter in letters) for r in {letter.reason for letter in letters}}


def test_a_new_template_is_noticed_and_its_junk_never_indexed(
    watched: Desk,
    newsroom: NewsroomServer,
    config: Path,
    redis_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched.run()
    assert reasons(watched) == {}
    assert watched.state.sites.warnings() == {}

    newsroom.faults.set(BROKEN, Fault(kind="new_template"))
    published = newsroom.newsroom.publish(40)
    watched.due()
    watched.run()
    # the site is warned of once, its junk is put aside, what the feed itself carries and the other site go on
    (name, warning), *others = watched.state.sites.warnings().items()
    assert (name, warning.changes, others) == (BROKEN, ("refused",), [])
    letters = {letter.url: letter for letter in watched.state.dead.list(1_000)}
    assert set(letters) <= {article.url for article in published if article.site == BROKEN}
    assert {letter.reason for letter in letters.values()} == {"junk_page"}
    assert "notices" in next(iter(letters.values())).message
    assert 1 < len(letters) < 20
    watched.store.refresh()
    assert watched.store.count() == 100 - len(letters)
    assert all("cookie" not in document.body for document in watched.documents())
    assert watched.state.entries.pending() == 0

    # operators see it in both places, and the samples tell whether a rule mends it
    monkeypatch.setenv("KABAR_REDIS_URL", redis_url)
    monkeypatch.setenv("KABAR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KABAR_CONFIG_DIR", str(config))
    found = {f.name: f for f in examine(load(), lambda: watched.state, lambda: watched.store, datetime.now(UTC))}
    assert f"site {BROKEN}: extraction got worse since" in found["extraction"].says
    assert f"kabar sites test {BROKEN}" in found["extraction"].fix
    assert "got worse since" in CliRunner().invoke(command, ["list"]).output
    rules = (config / "sites.toml").read_text(encoding="utf-8")
    (config / "sites.toml").write_text(rules + MENDED, encoding="utf-8")
    tested = CliRunner().invoke(command, ["test", "--json"])
    changes = [change for line in tested.output.splitlines() for change in json.loads(line)["changes"]]
    assert tested.exit_code == 0, tested.output
    assert {change["verdict"] for change in changes} == {"better"}

    for letter_id in [letter.id for letter in letters.values()]:
        watched.state.dead.replay(letter_id)
    watched.run()
    assert reasons(watched) == {}
    watched.store.refresh()
    assert watched.store.count() == 100
    assert CliRunner().invoke(command, ["approve", BROKEN]).exit_code == 0
    assert watched.state.sites.warnings() == {}
    assert CliRunner().invoke(command, ["test"]).output.count("as before") == 2


def test_one_text_under_many_titles_is_junk(desk: Desk) -> None:
    names = [f"n{n}" for n in range(5)]
    desk.web.feed("/feed", *names)
    for name in names:
        desk.web.say(f"/{name}", page(name).replace(f"Catatan {name}", "Catatan"))
    desk.add()
    desk.run()
    assert len(desk.titles()) == 2
    assert set(desk.letters().values()) == {"junk_page"}
    assert "same" in desk.state.dead.list()[0].message


def test_an_archive_that_takes_nothing_stops_nothing(desk: Desk) -> None:
    class Full:
        def keep(self, sample: Sample) -> bool:
            raise Transient("archive: No space left on device", reason="archive")

    desk.web.feed("/feed", "a")
    desk.web.say("/a", page("a"))
    full = Desk(replace(desk.parts, archive=Full()), desk.web, desk.messages)  # type: ignore[arg-type]
    full.add()
    full.run()
    assert (full.titles(), full.letters()) == (["Berita a"], {})
    assert full.state.overview.counts()["archive_failed"] == 1


def test_samples_are_kept_of_articles_and_refusals_and_go_with_a_removal(desk: Desk) -> None:
    desk.web.feed("/feed", "a", "empty")
    desk.web.say("/a", page("a"))
    desk.web.say("/empty", "<html><body><div id=root></div></body></html>")
    desk.add()
    desk.run()
    archive = desk.parts.archive
    kept = {one.sample.page.url: one.sample for one in archive.samples("harian.test") if one.sample}
    assert kept[f"{SITE}/a"].article is not None
    assert kept[f"{SITE}/a"].page.headers["content-type"] == "text/html; charset=utf-8"
    assert kept[f"{SITE}/empty"].refused == "no_text"
    remove_article(desk.state, desk.store, archive, f"{SITE}/a", "asked to", desk.state.overview.now_ms())
    assert [one.sample.page.url for one in archive.samples("harian.test") if one.sample] == [f"{SITE}/empty"]
    rss = desk.web.answers[f"{SITE}/feed"][0]
    assert isinstance(rss, str)
    desk.web.say("/feed", rss.replace("Berita a<", "Berita a baru<"))
    desk.due()
    desk.run()
    assert desk.asked("/a") == 2
    assert len([*archive.samples("harian.test")]) == 1
    desk.web.say("/feed", rss.replace("Berita a<", "Berita a terbaru<"))
    desk.web.say("/a", "<html><body><p>Halaman kosong</p></body></html>")  # refused, so its id is not claimed
    desk.due()
    desk.run()
    assert desk.asked("/a") == 3
    assert len([*archive.samples("harian.test")]) == 1


def test_pages_that_ask_not_to_be_archived_are_not(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    read = reading.read
    shy = {"restrictions": ("noarchive",)}
    monkeypatch.setattr(reading, "read", lambda *given, **named: structs.replace(read(*given, **named), **shy))
    desk.web.feed("/feed", "a")
    desk.web.say("/a", page("a"))
    desk.add()
    desk.run()
    assert (desk.titles(), desk.parts.archive.sites()) == (["Berita a"], [])


# --- what Redis remembers


@pytest.fixture
def state(redis_url: str) -> State:
    return State(connect(redis_url), load({}, redis_url=redis_url))


def figures(number: int) -> Figures:
    return Figures(at_ms=number, words=number)


def test_the_newest_extractions_come_first_and_older_ones_go(state: State) -> None:
    for number in range(KEPT + 10):
        state.sites.note("a.test", figures(number))
    recent, warning = state.sites.recent("a.test")
    assert [f.words for f in recent] == list(range(KEPT + 9, 9, -1))
    assert warning is None
    assert state.client.ttl("kabar:site:a.test") > 0


def test_noting_tells_what_was_before_and_can_be_corrected(state: State) -> None:
    assert state.sites.note("a.test", figures(1)) == ([], None)
    state.sites.warn("a.test", None, warning())
    assert state.sites.note("a.test", figures(2)) == ([figures(1)], warning())
    state.sites.correct("a.test", figures(1), figures(9))
    state.sites.correct("a.test", figures(7), figures(8))  # forgotten already
    assert state.sites.recent("a.test")[0] == [figures(2), figures(9)]


def test_sites_are_bounded_the_quietest_goes_first(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "SITES", 3)
    state.sites.warn("s0.test", None, warning())
    for number in range(5):
        state.sites.note(f"s{number}.test", figures(1))
    assert state.sites.names() == ["s2.test", "s3.test", "s4.test"]
    assert state.sites.recent("s0.test") == ([], None)
    assert state.sites.warnings() == {}


def warning(says: str = "x") -> SiteWarning:
    span = Span(pages=60, words=300, link_share=0.0, untitled=0.0, undated=0.0, refused=0.0)
    return SiteWarning(since=NOW, changes=("words",), says=says, before=span)


def test_a_warning_is_raised_by_one_process_only(state: State) -> None:
    assert state.sites.warn("a.test", None, warning())
    assert not state.sites.warn("a.test", None, warning())
    assert not state.sites.warn("a.test", warning(), warning())
    assert state.sites.warn("a.test", warning(), warning("more"))
    assert state.sites.warnings() == {"a.test": warning("more")}
    assert not state.sites.warn("a.test", warning(), None)
    assert state.sites.warn("a.test", warning("more"), None)
    assert state.sites.warnings() == {}


def test_what_another_version_wrote_is_left_out(state: State) -> None:
    state.sites.note("a.test", figures(1))
    state.client.lpush("kabar:site:a.test", b'{"of": "another version"}')
    state.client.hset("kabar:site_warnings", "a.test", b"[]")
    assert state.sites.recent("a.test") == ([figures(1)], None)
    assert state.sites.warnings() == {}


def test_forgetting_a_site_forgets_all_of_it(state: State) -> None:
    state.sites.note("a.test", figures(1))
    state.sites.warn("a.test", None, warning())
    assert state.sites.forget("a.test")
    assert not state.sites.forget("a.test")
    assert (state.sites.names(), state.sites.recent("a.test")) == ([], ([], None))
