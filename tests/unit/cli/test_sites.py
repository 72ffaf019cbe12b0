"""`kabar sites` on an archive of its own: rules are changed, saved pages tell what that did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.unit.extract.conftest import NOW, PARAGRAPHS, page_of
from workers.cli.sites import sites
from workers.errors import Misuse, Permanent
from workers.extract import Sites, extract
from workers.model import Article, Entry, Page
from workers.runtime.bootstrap import build_archive
from workers.runtime.settings import load
from workers.samples import Sample

SITE = "kabarlokal.test"
RULES = "[general]\nend = ['\\s*\\(R\\)']\n"


def page(number: int, inner: str = "") -> Page:
    text = "".join(f"<p>{p} Nomor {number}.</p>" for p in PARAGRAPHS)
    url = f"https://www.{SITE}/berita/{number}/jembatan-siak"
    head = '<meta property="article:published_time" content="2025-09-04T09:00:00+07:00">'
    body = page_of(f"<h1>Jembatan Siak dibuka {number}</h1><div class='isi'>{inner or text}</div>", head)
    return Page(
        url=url, final_url=url, status=200, headers={}, body=body, fetched_ms=int(NOW.timestamp() * 1000) + number
    )


def read(page: Page, config: Path) -> Article | Permanent:
    try:
        return extract(page, None, now=NOW, max_chars=10**6, sites=Sites.load(config))
    except Permanent as refused:
        return refused


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The operator's configuration."""
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "sites.toml").write_text(RULES, encoding="utf-8")
    return folder


@pytest.fixture
def run(tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command beside an archive with three pages of one site; one of them gave nothing."""
    monkeypatch.setenv("KABAR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KABAR_CONFIG_DIR", str(config))
    archive = build_archive(load())
    for one in (page(1), page(2), page(3, "<div id='root'></div>")):
        found = read(one, config)
        refused = found if isinstance(found, Permanent) else None
        entry = Entry(id=one.url, feed_id="f", url=one.url)
        archive.keep(
            Sample(
                site=SITE,
                page=one,
                entry=entry,
                article=None if isinstance(found, Permanent) else found,
                refused=refused.reason if refused else "",
                message=str(refused or ""),
                addresses=(one.url,),
            )
        )

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(sites, arguments)

    return command


def test_unchanged_rules_change_nothing(run) -> None:
    done = run("test")
    assert (done.exit_code, done.output) == (0, f"{SITE}: 3 as before; 1 of 3 give no article\n")


def test_a_rule_that_cuts_text_is_worse_and_exit_1(run, config: Path) -> None:
    (config / "sites.toml").write_text(
        RULES + f"[site.\"{SITE}\"]\nprune = ['isi']\ndrop = ['Warga .*', 'Dinas .*', 'Wali .*']\n", encoding="utf-8"
    )
    unharmed = run("test", SITE)
    assert (unharmed.exit_code, "worse" in unharmed.output) == (0, False)  # rules never cut sentences or most of a page
    (config / "sites.toml").write_text(
        RULES + f"[site.\"{SITE}\"]\nappeal = ['(?:Warga|Dinas|Wali) .*']\n", encoding="utf-8"
    )
    done = run("test", SITE)
    assert done.exit_code == 1
    assert done.output.count("words are gone") == 2
    assert f"{SITE}: 2 worse, 1 as before; 1 of 3 give no article" in done.output
    rows = [json.loads(line) for line in run("test", "--json").output.splitlines()]
    assert [[change["verdict"] for change in row["changes"]] for row in rows] == [["worse"], ["worse"], []]
    assert [row["refused"] for row in rows] == ["", "", "no_text"]


def test_accepting_makes_todays_results_the_expectation(run, config: Path) -> None:
    (config / "sites.toml").write_text(RULES + "appeal = ['(?:Warga|Dinas|Wali) .*']\n", encoding="utf-8")
    assert run("test", SITE).exit_code == 1
    assert run("approve", SITE).exit_code == 0
    assert run("test").output == f"{SITE}: 3 as before; 1 of 3 give no article\n"
    (config / "sites.toml").write_text(RULES, encoding="utf-8")
    back = run("test", "--accept")
    assert (back.exit_code, "2 changed" in back.output) == (0, True)  # the text that came back is new to the samples
    assert run("test").output == f"{SITE}: 3 as before; 1 of 3 give no article\n"


def test_list_and_show_tell_the_figures(run) -> None:
    listed = run("list")
    assert SITE in listed.output
    row = json.loads(run("list", "--json").output)
    assert (row["samples"], row["refused_samples"], row["unreadable"]) == (3, 1, 0)
    assert row["now"]["words"] > 60
    shown = run("show", SITE).output
    assert "refused: no_text" in shown
    assert "not authored" in shown
    assert "https://www.kabarlokal.test/berita/1/jembatan-siak" in shown


def test_a_file_that_is_cut_off_is_named_and_the_others_go_on(run, tmp_path: Path) -> None:
    (first, *_) = sorted((tmp_path / "data" / "archive").rglob("*.page"))
    first.write_bytes(first.read_bytes()[:100])
    done = run("test")
    assert done.exit_code == 0
    assert f"skipped  {first.parent.name}/{first.name}" in done.output
    assert f"{SITE}: 2 as before, 1 unreadable" in done.output
    assert json.loads(run("list", "--json").output)["unreadable"] == 1
    assert "1 unreadable" in run("list").output


@pytest.mark.parametrize("arguments", [("test", "lain.test"), ("show", "lain.test"), ("approve", "lain.test")])
def test_a_site_that_nobody_knows_is_misuse(run, arguments: tuple[str, ...]) -> None:
    assert isinstance(run(*arguments).exception, Misuse)


def test_an_empty_archive_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_DATA_DIR", str(tmp_path))
    done = CliRunner().invoke(sites, ["list"])
    assert (done.exit_code, "no sites yet" in done.output) == (0, True)
    assert CliRunner().invoke(sites, ["test"]).exit_code == 0
