"""`kabar alerts` as its users run it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import PROJECT
from tests.contract.documents import article
from tests.integration.receivers import Hook, hook_server
from workers.cli.alerts import alerts
from workers.cli.setup import setup
from workers.errors import Misuse
from workers.index.sqlite import SqliteStore
from workers.model import digest

pytestmark = pytest.mark.redis
Command = Callable[..., Result]


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hook_server() as hook:
        yield hook


@pytest.fixture
def run(redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    shutil.copytree(PROJECT / "config" / "elasticsearch", tmp_path / "elasticsearch")  # synonyms
    values = {"REDIS_URL": redis_url, "DATA_DIR": str(tmp_path), "CONFIG_DIR": str(tmp_path)}
    for name, value in (values | {"ALERTS_ALLOW_ADDRESSES": "127.0.0.0/8"}).items():
        monkeypatch.setenv(f"KABAR_{name}", value)

    def command(*arguments: str) -> Result:
        result = CliRunner().invoke(alerts, arguments)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return command


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path=tmp_path / "kabar.sqlite")
    store.setup()
    now = datetime.now(UTC)
    original = article("a", "Gempa besar", title="Asli", published_at=now)
    copy = article("b", "Gempa besar", title="Salinan", published_at=now, duplicate_of=original.id)
    old = article("c", "Gempa lama", title="Lama", published_at=now - timedelta(days=3))
    store.write([original, copy, old, article("d", "Banjir", published_at=now)])
    yield store
    store.close()


def test_an_alert_is_added_changed_shown_and_removed(run: Command) -> None:
    hook = "https://contoh.id/kait/rahasia"
    assert run("add", "gempa", "gempa -tsunami", "--webhook", hook, "--header", "X-Kunci=abc").output == "added gempa\n"
    shown = json.loads(run("show", "gempa", "--json").output)
    assert (shown["webhook"], shown["headers"], shown["told"], shown["every"]) == ("contoh.id", ["X-Kunci"], 0, 0)
    assert run("add", "gempa", "gempa", "--mail", "a@b.id", "--every", "60").stdout == "changed gempa\n"
    shown = json.loads(run("list", "--json").stdout)
    assert (shown["mail"], shown["every"], shown["origin"], "webhook" in shown) == (["a@b.id"], 60, "command", False)
    assert "gempa" in run("list").stdout
    assert "a@b.id" in run("show", "gempa").stdout
    assert run("remove", "gempa").output == "removed gempa\n"
    assert run("list", "--json").stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "gempa", '"gempa', "--log"),
        ("add", "gempa", "gempa"),
        ("add", "gempa", "gempa", "--webhook", "https://c.id/", "--header", "Kunci"),
        ("show", "tidakada"),
        ("remove", "tidakada"),
        ("test", "tidakada"),
    ],
)
def test_misuse_is_named(run: Command, arguments: tuple[str, ...]) -> None:
    with pytest.raises(Misuse):
        run(*arguments)


@pytest.mark.usefixtures("store")
def test_a_test_shows_what_would_be_told_and_sends_nothing(run: Command, hook: Hook) -> None:
    run("add", "gempa", "gempa", "--webhook", hook.url)
    rows = [json.loads(line) for line in run("test", "gempa", "--json").stdout.splitlines()]
    assert len(rows) == 1  # of two copies one, and not the one of three days ago
    assert hook.got == []
    assert len(run("test", "gempa", "--json", "--hours", "100").stdout.splitlines()) == 2
    assert hook.got == []


@pytest.mark.usefixtures("store")
def test_what_is_sent_is_told_no_more(run: Command, hook: Hook) -> None:
    run("add", "gempa", "gempa", "--webhook", hook.url, "--every", "900")
    assert "1 of 1 messages delivered" in run("test", "gempa", "--send").stderr
    assert len(hook.got) == 1
    assert hook.got[0][0] == digest("delivery", "gempa", "webhook", hook.got[0][1]["matches"][0]["id"])
    assert run("test", "gempa", "--json").stdout == ""
    run("test", "gempa", "--send")
    assert len(hook.got) == 1
    assert json.loads(run("show", "gempa", "--json").stdout)["told"] == 1


@pytest.mark.usefixtures("store")
def test_a_send_that_fails_says_so(run: Command, hook: Hook) -> None:
    hook.answers = [(404, {})]
    run("add", "gempa", "gempa", "--webhook", hook.url)
    with pytest.raises(Exception, match="HTTP 404"):
        run("test", "gempa", "--send")


def test_setup_registers_the_file(run: Command, tmp_path: Path) -> None:
    path = tmp_path / "alerts.toml"
    path.write_text('[[alerts]]\nname = "banjir"\nquery = "banjir"\nlog = true\n', encoding="utf-8")
    assert "1 of alerts.toml registered, 1 of them new" in CliRunner().invoke(setup, ["alerts"]).output
    with pytest.raises(Misuse, match=r"alerts\.toml"):
        run("add", "banjir", "banjir", "--log")
    path.write_text("", encoding="utf-8")
    assert "0 of alerts.toml registered" in CliRunner().invoke(setup, ["alerts"]).output
    assert run("list", "--json").stdout == ""


def test_a_wrong_alert_in_the_file_keeps_no_other_away_and_stays_what_it_was(run: Command, tmp_path: Path) -> None:
    path = tmp_path / "alerts.toml"
    well = '[[alerts]]\nname = "banjir"\nquery = "banjir"\nlog = true\n'
    path.write_text(well, encoding="utf-8")
    CliRunner().invoke(setup, ["alerts"])
    broken = well.replace('query = "banjir"', "query = '\"banjir'")
    path.write_text(broken + well.replace("banjir", "gempa"), encoding="utf-8")
    done = CliRunner().invoke(setup, ["alerts"])
    assert done.exit_code == 0
    assert "1 of alerts.toml registered, 1 of them new" in done.output
    assert "NOT registered: " in done.output
    assert "line 1, alert 1 (banjir): " in done.output
    names = {json.loads(line)["name"]: json.loads(line)["query"] for line in run("list", "--json").stdout.splitlines()}
    assert names == {"banjir": "banjir", "gempa": "gempa"}


def test_a_query_may_begin_with_a_minus_and_needs_no_quotes(run: Command) -> None:
    assert "added tanpa" in run("add", "tanpa", "-banjir", "gempa", "sejak:kemarin", "--log").output
    assert json.loads(run("show", "tanpa", "--json").output)["query"] == "-banjir gempa sejak:kemarin"
    assert "changed tanpa" in run("add", "tanpa", "--log", "-hujan").output
    assert json.loads(run("show", "tanpa", "--json").output)["query"] == "-hujan"
    with pytest.raises(Misuse, match="alerts add: no such option: --webhok"):
        run("add", "tanpa", "gempa", "--webhok", "https://a.test/")
