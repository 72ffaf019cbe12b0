"""What a cluster does by itself where it can (ILM, SLM), scripted: the suite's node has neither."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.unit.index.test_elasticsearch_answers import Answer, Cluster, as_json, cluster  # noqa: F401
from workers.errors import StoreUnavailable
from workers.index import elasticsearch_events as events
from workers.index import elasticsearch_snapshots as snapshots
from workers.index.elasticsearch_templates import load_templates

UNKNOWN = as_json(400, {"error": "no handler found for uri [/_ilm/status] and method [GET]"})
RUNNING = as_json(200, {"operation_mode": "RUNNING"})
NOT_THERE = as_json(404, {"error": {"type": "resource_not_found_exception", "reason": "no policy"}})
NOW_MS = 1_772_000_000_000


def say(cluster: Cluster, **answers: Answer) -> None:  # noqa: F811
    """Answer "METHOD path" by its name with "_" between its words; everything else is a 500."""

    def script(method: str, path: str, _: bytes) -> Answer:
        name = re.sub("[^A-Za-z0-9]+", "_", f"{method} {path.partition('?')[0]}")
        return answers.get(name, as_json(500, {"error": name}))

    cluster.script = script


def puts(cluster: Cluster) -> list[dict[str, Any]]:  # noqa: F811
    return [json.loads(body) for method, _, body in cluster.requests if method == "PUT"]


# --- events


def test_a_cluster_without_ilm_is_left_as_it_is(cluster: Cluster) -> None:  # noqa: F811
    say(cluster, GET_ilm_status=UNKNOWN)
    assert events.put_policy(cluster.store().client, "kabar-feed-events", 30) == (False, [])
    assert puts(cluster) == []


@pytest.mark.parametrize(("there", "written"), [(None, True), ("8d", True), ("31d", False)])
def test_the_policy_is_written_when_it_differs(cluster: Cluster, there: str | None, written: bool) -> None:  # noqa: F811
    phases = {"hot": {"actions": {}}, "delete": {"min_age": there, "actions": {"delete": {}}}}
    found = as_json(200, {"kabar-feed-events": {"policy": {"phases": phases}}}) if there else NOT_THERE
    say(
        cluster,
        GET_ilm_status=RUNNING,
        GET_ilm_policy_kabar_feed_events=found,
        PUT_ilm_policy_kabar_feed_events=as_json(200, {"acknowledged": True}),
    )
    by_itself, lines = events.put_policy(cluster.store().client, "kabar-feed-events", 30)
    assert (by_itself, len(lines)) == (True, int(written))
    assert [one["policy"]["phases"]["delete"]["min_age"] for one in puts(cluster)] == ["31d"] * written


def test_ilm_is_named_in_the_template_and_the_stamp_stays() -> None:
    template = load_templates(Path(__file__).parents[3] / "config" / "elasticsearch", "kabar")["feed-events"]
    changed = events.with_policy(template)
    assert changed.settings["index.lifecycle.name"] == "kabar-feed-events"
    assert {**changed.settings} == {**template.settings, "index.lifecycle.name": "kabar-feed-events"}
    assert (changed.stamp, changed.mappings) == (template.stamp, template.mappings)
    assert "index.lifecycle.name" not in template.settings


def test_the_sweep_deletes_what_ilm_does_not_look_after(cluster: Cluster) -> None:  # noqa: F811
    old = {"kabar-feed-events-2026.01.01": {}, "kabar-feed-events-2026.01.02": {"lifecycle": {"name": "own"}}}
    settings = {name: {"settings": {"index": {"uuid": "u", **more}}} for name, more in old.items()}

    def script(method: str, path: str, _: bytes) -> Answer:
        return as_json(200, settings if "_settings" in path else {"acknowledged": True})

    cluster.script = script
    store = cluster.store(now=lambda: datetime(2026, 3, 2, tzinfo=UTC))
    store.forget_polls()
    assert [path for method, path, _ in cluster.requests if method == "DELETE"] == ["/kabar-feed-events-2026.01.01"]


@pytest.mark.parametrize(
    ("result", "refused"),
    [
        ({"status": 201}, False),
        ({"status": 409, "error": {"type": "version_conflict_engine_exception"}}, False),
        ({"status": 400, "error": {"type": "document_parsing_exception", "reason": "x"}}, False),
        ({"status": 429, "error": {"type": "es_rejected_execution_exception", "reason": "x"}}, True),
        ({"status": 503, "error": {"type": "unavailable_shards_exception", "reason": "x"}}, True),
    ],
)
def test_reports_wait_only_for_what_may_pass(cluster: Cluster, result: dict[str, Any], refused: bool) -> None:  # noqa: F811
    from tests.contract.documents import report

    def script(method: str, path: str, _: bytes) -> Answer:
        return as_json(200, {"items": [{"create": result}]}) if "_bulk" in path else as_json(200, {})

    cluster.script = script
    if refused:
        with pytest.raises(StoreUnavailable):
            cluster.store().show_polls([report()])
    else:
        cluster.store().show_polls([report()])
    (body,) = (body for _, path, body in cluster.requests if "_bulk" in path)
    assert set(json.loads(body.splitlines()[0])) == {"create"}


# --- snapshots


def policy(**runs: Any) -> Answer:
    return as_json(200, {"kabar": {"policy": {"repository": "cadangan"}, **runs}})


RUNS = [
    ("none yet", policy(), (False, False)),
    ("good", policy(last_success={"snapshot_name": "a", "time": NOW_MS}), (True, False)),
    ("failing", policy(last_failure={"snapshot_name": "a", "time": NOW_MS, "details": "penuh"}), (False, True)),
    (
        "good again",
        policy(last_success={"time": NOW_MS}, last_failure={"time": NOW_MS - 1, "details": "penuh"}),
        (True, False),
    ),
]


@pytest.mark.parametrize(("answer", "expected"), [row[1:] for row in RUNS], ids=[row[0] for row in RUNS])
def test_the_last_run_is_read(cluster: Cluster, answer: Answer, expected: tuple[bool, bool]) -> None:  # noqa: F811
    say(cluster, GET_slm_policy_kabar=answer)
    found = cluster.store().snapshots()
    assert found is not None
    assert found.repository == "cadangan"
    assert (found.last is not None, found.failed is not None) == expected
    assert found.error == ("penuh" if found.failed else "")


@pytest.mark.parametrize("answer", [UNKNOWN, NOT_THERE, as_json(405, {}), as_json(200, {})])
def test_no_policy_is_no_snapshots(cluster: Cluster, answer: Answer) -> None:  # noqa: F811
    say(cluster, GET_slm_policy_kabar=answer)
    assert cluster.store().snapshots() is None


def test_rights_that_are_missing_are_told(cluster: Cluster) -> None:  # noqa: F811
    say(cluster, GET_slm_policy_kabar=as_json(403, {"error": {"type": "security_exception", "reason": "read_slm"}}))
    with pytest.raises(StoreUnavailable, match="read_slm"):
        cluster.store().snapshots()


def test_the_policy_takes_kabars_indices_and_nothing_else(cluster: Cluster) -> None:  # noqa: F811
    done = as_json(200, {"acknowledged": True})
    say(cluster, PUT_snapshot_cadangan=done, GET_slm_status=RUNNING, PUT_slm_policy_kabar=done)
    lines = snapshots.set_up(cluster.store().client, "kabar", snapshots.Repository("cadangan", "/cadangan"))
    repository, schedule = puts(cluster)
    assert repository == {"type": "fs", "settings": {"location": "/cadangan", "compress": True}}
    assert schedule["config"] == {"indices": ["kabar-*"], "include_global_state": False}
    assert (schedule["name"], schedule["repository"]) == ("<kabar-{now/d}>", "cadangan")
    assert len(lines) == 2


def test_a_repository_of_another_kind_is_left_as_it_is(cluster: Cluster) -> None:  # noqa: F811
    there = as_json(200, {"awan": {"type": "s3", "settings": {}}})
    say(cluster, GET_snapshot_awan=there, GET_slm_status=UNKNOWN)
    (line,) = snapshots.set_up(cluster.store().client, "kabar", snapshots.Repository("awan"))
    assert "cron" in line
    assert puts(cluster) == []
