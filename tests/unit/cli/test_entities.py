"""`kabar entities` and `kabar retag`: an editor looks names up, corrects them, and stored documents follow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.contract.documents import document
from tests.shipped import read_once
from workers.cli.entities import entities
from workers.cli.retag import retag
from workers.errors import Misuse
from workers.index.sqlite import SqliteStore
from workers.model import Document, DocumentEntity, Mention, digest
from workers.runtime import bootstrap, settings

BODY = "Bupati Yusril Hamdani membuka pasar. Yusril Hamdani pulang ke Siak."


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteStore]:
    read_once(monkeypatch)
    monkeypatch.setenv("KABAR_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("KABAR_REDIS_URL", raising=False)
    monkeypatch.delenv("KABAR_SEARCH_URL", raising=False)
    opened = SqliteStore(path=tmp_path / "kabar.sqlite")
    yield opened
    opened.close()


def run(*arguments: str) -> Result:
    command = retag if arguments[0] == "retag" else entities
    return CliRunner().invoke(command, arguments[1:] if command is retag else arguments, catch_exceptions=False)


def named(name: str, *names: str, kind: str = "PERSON", **fields: object) -> Document:
    found = tuple(
        DocumentEntity(
            name=one,
            type=kind,  # type: ignore[arg-type]
            count=1,
            score=1.0,
            mentions=(Mention(field="body", start=0, end=len(one), text=one),),
        )
        for one in names
    )
    return document(name, entities=found, **fields)


def test_corrections_reach_stored_documents(store: SqliteStore) -> None:
    store.write([document(name, title="Pasar", body=BODY, tagger="kabar 1.0") for name in "ab"])
    assert "2  to be tagged again" in run("retag", "--dry-run").output
    assert run("retag").output.startswith("2 stored")
    assert store.get([digest("a")])[digest("a")].people == ("Yusril Hamdani",)
    assert run("retag", "--json").output == '{"stored":0,"superseded":0,"rejected":0,"failed":0,"removed":0}\n'

    done = run("merge", "Yusril Hamdani", "Yusril Hamdani Rasyid", "--type", "person", "--wikidata", "Q1")
    assert done.output.startswith("merge  PERSON    Yusril Hamdani → Yusril Hamdani Rasyid  Q1")
    assert run("retag").output.startswith("2 stored")
    changed = store.get([digest("a")])[digest("a")]
    assert changed.people == ("Yusril Hamdani Rasyid",)
    assert next(e for e in changed.entities if e.type == "PERSON").wikidata == "Q1"
    assert changed.version == 1_002

    run("split", "Yusril Hamdani", "--type", "PERSON")
    run("retag")
    assert store.get([digest("a")])[digest("a")].people == ("Yusril Hamdani",)
    listed = json.loads(run("list", "--json").output)["corrections"]
    assert [(one["action"], one["name"]) for one in listed] == [
        ("merge", "Yusril Hamdani"),
        ("split", "Yusril Hamdani"),
    ]
    assert "2 corrections in" in run("list").output


def test_a_running_worker_notices_corrections(store: SqliteStore, tmp_path: Path) -> None:
    given = settings.load()
    before = bootstrap.load_tagger(given)
    assert bootstrap.load_tagger(given) is before
    run("split", "Kim", "--type", "PERSON")
    after = bootstrap.load_tagger(given)
    assert after is not before
    assert "corrections" in after.version
    (tmp_path / "corrections.tsv").unlink()
    assert bootstrap.load_tagger(given).version == before.version


def test_show_tells_names_corrections_and_documents(store: SqliteStore) -> None:
    store.write([document("a", people=("Joko Widodo",)), document("b")])
    run("merge", "Pak Lurah", "Joko Widodo")
    shown = json.loads(run("show", "jokowi", "--json").output)
    assert [row["name"] for row in shown["rows"]] == ["Joko Widodo"]
    assert {"jokowi", "joko widodo", "pak lurah"} <= set(shown["rows"][0]["names"])
    assert shown["documents"] == {"Joko Widodo": 1, "jokowi": 0}
    told = run("show", "Joko Widodo").output
    assert "Pak Lurah → Joko Widodo" in told
    assert "1 documents name Joko Widodo" in told
    assert "0 documents name Nobody At All" in run("show", "Nobody At All").output
    assert "Polresta Pekanbaru" in run("list", "polresta").output


@pytest.mark.parametrize(
    "arguments",
    [
        ["merge", "Nobody", "Someone"],  # what are they?
        ["merge", "Jokowi", "..."],
        ["merge", "Joko Widodo", "Jokowi"],  # is called so already
        ["merge", "A", "B", "--type", "PERSON", "--wikidata", "nine"],
        ["split", "!", "--type", "PERSON"],
        ["retag", "--older-than", "soon"],
    ],
)
def test_misuse_changes_nothing(store: SqliteStore, arguments: list[str], tmp_path: Path) -> None:
    with pytest.raises(Misuse):
        run(*arguments)
    assert not (tmp_path / "corrections.tsv").exists()


def test_suggestions(store: SqliteStore) -> None:
    store.write(
        [
            *(named(f"a{n}", "Rizal Mantovani Akbar", "Sugeng Riyanto") for n in range(4)),
            *(named(f"b{n}", "Rizal Mantovani", "Sugeng Riyanta") for n in range(3)),
            *(named(f"c{n}", "Forum Nelayan Pesisir Timur", "FNPT", "KPK", kind="ORG") for n in range(3)),
            named("d", "Rare Name", "Joko Widodo"),
        ]
    )
    found = json.loads(run("suggest", "--json", "--least", "3").output)
    names = {(one["type"], one["name"]): one["documents"] for one in found["names"]}
    assert names["PERSON", "Rizal Mantovani Akbar"] == 4
    assert ("PERSON", "Rare Name") not in names
    assert ("ORG", "KPK") not in names  # known
    pairs = {(one["name"], one["other"], one["why"], one["together"]) for one in found["pairs"]}
    assert pairs == {
        ("Rizal Mantovani", "Rizal Mantovani Akbar", "part", 0),
        ("Sugeng Riyanta", "Sugeng Riyanto", "spelling", 0),
        ("FNPT", "Forum Nelayan Pesisir Timur", "short", 3),
    }
    run("merge", "FNPT", "Forum Nelayan Pesisir Timur", "--type", "ORG")
    assert "FNPT =" not in run("suggest").output
    assert len(json.loads(run("suggest", "--json", "--documents", "2", "--least", "1").output)["names"]) <= 5


def test_an_empty_store_has_no_suggestions(store: SqliteStore) -> None:
    assert json.loads(run("suggest", "--json").output) == {"names": [], "pairs": []}
    assert run("retag").output.startswith("0 stored")
