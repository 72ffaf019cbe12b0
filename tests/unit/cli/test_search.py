"""`kabar search`: its times, its output, the store it asks."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import structs

from tests.contract.documents import document
from workers.cli.search import documented_name, lines, local_time, printable, read_time, search
from workers.errors import Misuse
from workers.index.sqlite import SqliteStore
from workers.model import Hit, Results

WIB = timezone(timedelta(hours=7))
HIT = Hit(
    id="1",
    url="https://berita.test/satu",
    title="Gempa di Pasaman",
    site="berita.test",
    published_at=datetime(2026, 3, 2, 17, 30, tzinfo=UTC),
    snippet="… warga merasakan «gempa» selama tiga detik …",
    people=("Siti Rahma", "Budi"),
    organisations=(),
    places=("Pasaman",),
    score=1.5,
)


@pytest.mark.parametrize(
    ("value", "end", "expected"),
    [
        ("", False, None),
        ("  ", True, None),
        ("2026-03-02", False, datetime(2026, 3, 2, tzinfo=WIB)),
        ("2026-03-02", True, datetime(2026, 3, 3, tzinfo=WIB)),  # the day counts whole
        ("2026-02-28", True, datetime(2026, 3, 1, tzinfo=WIB)),
        (" 2026-03-02T10:00:00Z ", True, datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2026-03-02T10:00:00+09:00", False, datetime(2026, 3, 2, 1, tzinfo=UTC)),
        ("2026-03-02T10:00", False, datetime(2026, 3, 2, 10, tzinfo=WIB)),
        # beyond the calendar: its end
        ("9999-12-31", True, datetime.max.replace(tzinfo=UTC)),
        ("9999-12-31", False, datetime(9999, 12, 31, tzinfo=WIB)),
        ("9999-12-31T23:59:59-07:00", True, datetime.max.replace(tzinfo=UTC)),
        ("0001-01-01", False, datetime.min.replace(tzinfo=UTC)),
        ("0001-01-01T00:00:00+09:00", False, datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_times(value: str, end: bool, expected: datetime | None) -> None:
    assert read_time("--from", value, end=end) == expected


@pytest.mark.parametrize(
    "value", ["kemarin", "2026-13-01", "02/03/2026", "2026-3-2", "10000-01-01", "\x00", "9" * 9000]
)
def test_what_is_no_time_is_named(value: str) -> None:
    with pytest.raises(Misuse, match=r"^--to: ") as caught:
        read_time("--to", value, end=True)
    assert len(str(caught.value)) < 300


def test_the_text_form() -> None:
    text = "\n".join(lines(Results(total=12, hits=(HIT,)), offset=10, width=60))
    assert text == (
        "12 articles found, shown: 11 to 11\n"
        "\n"
        "11. Gempa di Pasaman\n"
        "   berita.test · 3 Mar 2026 00:30 WIB · https://berita.test/satu\n"
        "   … warga merasakan «gempa» selama tiga detik …\n"
        "   People: Siti Rahma, Budi · Places: Pasaman"
    )


def test_a_terminal_gets_bold_words_instead_of_marks() -> None:
    text = "\n".join(lines(Results(total=1, hits=(HIT,)), styled=True))
    assert "1 article found" in text
    assert "«" not in text
    assert "\x1b[33m\x1b[1mgempa\x1b[0m" in text


@pytest.mark.parametrize("total", [0, 7])
def test_nothing_to_show(total: int) -> None:
    assert list(lines(Results(total=total, hits=()))) == [f"{total} articles found"]


def test_a_strangers_text_does_not_steer_the_terminal() -> None:
    evil = "\x1b]0;owned\x07\x1b[31mmerah\u202e\r\n\x9b2J"
    assert printable(evil) == "]0;owned[31mmerah2J"
    hit = Hit(**{**{f: getattr(HIT, f) for f in HIT.__struct_fields__}, "title": evil, "snippet": evil, "site": evil})
    assert not set("\x1b\x07\r\x9b\u202e") & set("\n".join(lines(Results(total=1, hits=(hit,)))))


def test_the_last_moment_of_the_calendar_is_shown() -> None:
    assert local_time(datetime(9999, 12, 31, 23, tzinfo=UTC)) == "9999-12-31T23:00:00+00:00"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gempa", "-tsunami"], ("gempa", "-tsunami")),
        (["-hujan"], ("-hujan",)),
        (['"a b" -"c d"', "--limit", "3"], ('"a b" -"c d"',)),
        (["--", "-gempa"], ("-gempa",)),
        ([], ()),
    ],
)
def test_a_dash_belongs_to_the_query(arguments: list[str], words: tuple[str, ...]) -> None:
    assert search.make_context("search", list(arguments)).params["words"] == words


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(Misuse, match="no such option: --limt"):
        search.main(["gempa", "--limt", "3"], standalone_mode=False)


def test_without_a_store_nothing_is_found_and_nothing_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    monkeypatch.setenv("KABAR_DATA_DIR", str(folder))
    done = CliRunner().invoke(search, ["gempa", "--json"])
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"total": 0, "hits": []})
    assert f"no store at {folder / 'kabar.sqlite'} yet" in done.stderr
    assert not folder.exists()


def test_a_name_is_sought_as_documents_have_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_DATA_DIR", str(tmp_path))
    store = SqliteStore(path=tmp_path / "kabar.sqlite")
    store.write([document("satu", places=("Surakarta",)), document("dua")])
    store.close()
    for name, found in (("Solo", 1), ("surakarta", 1), ("Kota Nirwana", 0)):
        done = CliRunner().invoke(search, ["--entity", name, "--json"], catch_exceptions=False)
        assert (json.loads(done.stdout)["total"], done.stderr) == (found, ""), name


def test_a_gazetteer_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="gazetteer"):
        documented_name("Solo", tmp_path)


def test_a_copy_is_shown_as_one() -> None:
    copy = structs.replace(HIT, duplicate_of="0" * 32)
    shown = "\n".join(lines(Results(total=2, hits=(HIT, copy))))
    assert shown.count("copy of " + "0" * 32) == shown.count("copy of") == 1


def test_more_pages_and_what_was_meant_are_told() -> None:
    page = Results(total=12, hits=(HIT,), cursor="abc", suggestion="gempa bumi")
    text = "\n".join(lines(page))
    assert text.endswith("\n\nDid you mean: gempa bumi\n\nMore: --after abc")
    assert "More:" not in "\n".join(lines(structs.replace(page, total=1)))
    assert list(lines(Results(total=0, hits=(), suggestion="gempa"))) == ["0 articles found", "Did you mean: gempa"]


def test_the_query_language_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_DATA_DIR", str(tmp_path))
    store = SqliteStore(path=tmp_path / "kabar.sqlite")
    first, copy = document("satu", places=("Surakarta",)), document("dua", title="Salinan", site="lain.test")
    store.write([first, structs.replace(copy, duplicate_of=first.id), document("tiga", body="Kepolisian Daerah Riau")])
    store.close()

    def asked(*arguments: str) -> dict[str, object]:
        done = CliRunner().invoke(search, [*arguments, "--json"], catch_exceptions=False)
        answer: dict[str, object] = json.loads(done.stdout)
        return answer

    assert asked("tempat:Solo", "OR", "site:lain.test")["total"] == 2
    assert asked("tempat:Solo")["total"] == 1
    assert asked("jembatan")["total"] == 2  # the copy is folded
    assert asked("jembatan", "--all")["total"] == 3
    assert asked("jembatan", "--site", "lain.test")["total"] == 1
    assert asked("judul:salinan")["total"] == 1
    assert asked("salinan")["total"] == 1  # its original does not have the word
    assert asked("Polda", "riau")["total"] == 1
    assert asked("jembatam")["suggestion"] == "jembatan"
    seen = []
    answer = asked("jembatan", "--all", "--limit", "2")
    while True:
        seen += [hit["id"] for hit in answer["hits"]]  # type: ignore[attr-defined]
        if not answer.get("cursor"):
            break
        answer = asked("jembatan", "--all", "--limit", "2", "--after", str(answer["cursor"]))
    assert len(seen) == len(set(seen)) == 3


def test_bad_syntax_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_DATA_DIR", str(tmp_path))
    with pytest.raises(Misuse, match="sejak:lusa at character 7 is no day"):
        search.main(["gempa", "sejak:lusa"], standalone_mode=False)


def test_copies_that_are_folded_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_SEARCH_URL", f"sqlite:///{tmp_path}/search.sqlite")
    store = SqliteStore(path=tmp_path / "search.sqlite")
    original = document("asli")
    store.write([original, *(document(f"c{i}", duplicate_of=original.id) for i in range(3))])
    store.close()
    shown = CliRunner().invoke(search, ["jembatan"], catch_exceptions=False).stdout
    assert "1 article found" in shown
    assert "   3 copies elsewhere" in shown
    told = json.loads(CliRunner().invoke(search, ["jembatan", "--all", "--json"], catch_exceptions=False).stdout)
    assert {hit["id"]: hit["copies"] for hit in told["hits"]} == {
        hit["id"]: 3 * (hit["id"] == original.id) for hit in told["hits"]
    }
