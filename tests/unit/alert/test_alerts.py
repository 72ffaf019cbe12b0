"""The operator's file of alerts: what is right, and what is told of what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workers.alert.alerts import Alert, alerts_from, load_alerts
from workers.errors import Misuse

PROJECT = Path(__file__).parents[3]
GOOD: dict[str, Any] = {"name": "gempa", "query": "gempa", "log": True}


def test_the_shipped_file_can_be_read() -> None:
    assert load_alerts(PROJECT / "config" / "alerts.toml").alerts == []


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert load_alerts(tmp_path / "alerts.toml").alerts == []


def test_a_row_becomes_an_alert(tmp_path: Path) -> None:
    path = tmp_path / "alerts.toml"
    path.write_text(
        '[[alerts]]\nname = "gempa"\nquery = \'"badan geologi" -tsunami\'\nwebhook = "https://contoh.id/kait/rahasia"\n'
        'headers = { Authorization = "Bearer kunci" }\nmail = ["redaksi@contoh.id", "redaksi@contoh.id"]\n',
        encoding="utf-8",
    )
    (alert,) = load_alerts(path).alerts
    assert alert.channels == ("webhook", "mail")
    assert (alert.mail, alert.every, alert.origin) == (("redaksi@contoh.id",), 600, "file")
    assert alert.target("webhook") == "webhook contoh.id"


@pytest.mark.parametrize(
    ("row", "every"), [({}, 0), ({"mail": ["a@b.id"]}, 600), ({"mail": ["a@b.id"], "every": 0}, 0)]
)
def test_mails_are_gathered_unless_told_otherwise(row: dict[str, Any], every: int) -> None:
    assert alerts_from([GOOD | row], "t", "file")[0].every == every


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"name": "Gempa Besar"}, "name: must be"),
        ({"name": "a" * 65}, "name: must be"),
        ({"name": ""}, "name: must be"),
        ({"name": 3}, "name: must be a text"),
        ({"query": ""}, "query: must not be empty"),
        ({"query": '"gempa'}, "quote"),
        ({"query": "gempa\ud800"}, "broken Unicode"),
        ({"query": "x" * 3_000}, "characters"),
        ({"log": False}, "one must be given"),
        ({"log": "ja"}, "log: must be true"),
        ({"webhook": "ftp://contoh.id/"}, "not an absolute http"),
        ({"webhook": "contoh.id"}, "not an absolute http"),
        ({"mail": "a@b.id"}, "mail: must be a list"),
        ({"mail": ["a@b.id\nBcc: c@d.id"]}, "mail: must be a list"),
        ({"mail": [1]}, "mail: must be a list"),
        ({"mail": ["a@b.id"] * 51}, "at most 50"),
        ({"every": -1}, "every: must be"),
        ({"every": 86_401}, "every: must be"),
        ({"every": True}, "every: must be"),
        ({"every": 1.5}, "every: must be"),
        ({"headers": {"X": 1}}, "headers: must be"),
        ({"headers": {"X Y": "1"}}, "can't be sent"),
        ({"headers": {"X": "a\r\nb: c"}}, "can't be sent"),
        ({"interval": 5}, "interval: no such setting"),
    ],
)
def test_what_is_wrong_is_named(row: dict[str, Any], problem: str) -> None:
    with pytest.raises(Misuse, match=problem):
        alerts_from([GOOD | row], "alerts.toml", "file")


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(Misuse) as told:
        alerts_from([GOOD, GOOD, {"name": "b", "query": '"', "log": True}], "alerts.toml", "file")
    assert [line.strip()[:7] for line in str(told.value).splitlines()] == ["alerts.", "alert 2", "alert 3"]


def test_a_wrong_alert_of_a_file_is_named_with_its_line_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "alerts.toml"
    path.write_text(
        '# milik redaksi\n[[alerts]]\nname = "a"\nquery = "banjir"\nlog = true\n\n'
        '[[alerts]]\nname = "b"\nquery = \'"gempa\'\nlog = true\n\n'
        '[[alerts]]\nname = "c"\nquery = "longsor"\nlog = true\n\n[feeds]\n',
        encoding="utf-8",
    )
    listed = load_alerts(path)
    assert [alert.name for alert in listed.alerts] == ["a", "c"]
    assert listed.wrong == {"b"}
    strange, wrong = listed.problems
    assert "'feeds': no such table" in strange
    assert wrong.startswith(f"{path}: line 7, alert 2 (b): ")


@pytest.mark.parametrize("data", [b"[[alerts]", b"\xff\xfe", b"alerts = 3", b"alerts = [1]", b"a=" + b"[" * 9_000])
def test_a_file_that_is_none_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "alerts.toml"
    path.write_bytes(data)
    with pytest.raises(Misuse, match="alerts"):
        load_alerts(path)


def test_a_search_may_be_a_site_alone() -> None:
    (alert,) = alerts_from([{"name": "riau", "site": "riau24.com", "log": True}], "t", "command")
    assert alert == Alert(name="riau", query="", site="riau24.com", log=True)
    assert alert.asked(limit=3).site == "riau24.com"
