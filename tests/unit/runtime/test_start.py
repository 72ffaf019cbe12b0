"""What the index role says of its cluster when it starts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import structlog

from workers import tasks
from workers.runtime.settings import load

SAYS = ["template kabar-articles differs from config/elasticsearch (site): run `kabar index init`"]


@pytest.mark.parametrize(
    ("role", "url", "said"),
    [("index", "http://es:9200", SAYS), ("io", "http://es:9200", []), ("index", "", [])],
    ids=["the index role", "another role", "the embedded store"],
)
def test_a_template_that_drifted_is_said_at_start(
    monkeypatch: pytest.MonkeyPatch, role: str, url: str, said: list[str]
) -> None:
    store = SimpleNamespace(check=lambda: SAYS)
    monkeypatch.setattr(tasks, "settings", load({}, search_url=url))
    monkeypatch.setattr(tasks, "pipeline", lambda: SimpleNamespace(parts=SimpleNamespace(store=store)))
    with structlog.testing.capture_logs() as logs:
        tasks._look_over(sender=SimpleNamespace(hostname=f"{role}@here"))
    assert [(one["log_level"], one["problem"]) for one in logs] == [("warning", problem) for problem in said]
