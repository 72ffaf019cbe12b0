"""Alerts with real workers: what the newsroom prints is told to a webhook, with either store."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.end_to_end.harness import running
from tests.end_to_end.test_commands import KABAR, environment, feeds_file, ours
from tests.integration.receivers import hook_server
from workers.alert.alerts import Alert
from workers.cli.demo import feeds_of
from workers.newsroom import Newsroom, NewsroomServer

pytestmark = [pytest.mark.redis, pytest.mark.timeout(240)]


def test_new_articles_are_told_to_a_webhook(folder: Path, search: dict[str, str]) -> None:
    newsroom = Newsroom(sites=1, articles=12)
    config = folder / "config"
    shutil.copytree(PROJECT / "config", config)
    with NewsroomServer(newsroom) as server, hook_server() as hook:
        (config / "alerts.toml").write_text(
            f'[[alerts]]\nname = "semua"\nquery = "-katayangtidakada"\nwebhook = "{hook.url}"\n'
            f'[[alerts]]\nname = "digest"\nquery = "-katayangtidakada"\nwebhook = "{hook.url}"\nevery = 3600\n'
            '[[alerts]]\nname = "tidak"\nquery = "katayangtidakada"\nlog = true\n',
            encoding="utf-8",
        )
        more = {"CONFIG_DIR": str(config), "ALERTS_INTERVAL": "1", "ALERTS_ALLOW_ADDRESSES": "127.0.0.0/8", **search}
        command = [*KABAR, "up", "--feeds", str(feeds_file(folder, newsroom)), "--until-idle"]
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment(folder, server, **more), timeout=200, check=False
        )
        assert done.returncode == 0, done.stderr
        printed = {article.title for article in newsroom.truth()}
    told = [(body["alert"], match["title"]) for _, body, _ in hook.got for match in body["matches"]]
    alone = [title for name, title in told if name == "semua"]
    assert len(alone) == len(set(hook.keys())) - len({key for key, body, _ in hook.got if body["alert"] == "digest"})
    assert set(alone) == printed
    assert {name for name, _ in told} == {"semua", "digest"}
    assert ours(folder) == []


@pytest.mark.slow
def test_workers_that_are_killed_miss_nothing_and_change_no_key(folder: Path) -> None:
    newsroom = Newsroom(sites=2, articles=80)
    more = {"ALERTS_INTERVAL": "0.5", "ALERTS_ALLOW_ADDRESSES": "127.0.0.0/8"}
    with hook_server() as hook, running(folder, newsroom, settings=more, feeds=False) as run:
        for number in range(3):
            alert = Alert(name=f"semua{number}", query=f"-katayangtidakada{number}", webhook=hook.url)
            run.state.alerts.put(alert)
        run.stack.use_feeds(feeds_of(newsroom), only=True)
        wanted = 3 * len({article.url for article in newsroom.truth()})
        for kill, name in enumerate(("index", "io", "index", "io"), 1):
            run.until(lambda kill=kill: len(hook.got) > wanted * kill // 6, 60, "messages")  # type: ignore[misc]
            run.kill(name)
        run.until_searchable()
        run.until(lambda: not run.state.alerts.busy(3600) and len(set(hook.keys())) >= wanted, 90, "all told")
    told = {(body["alert"], match["id"]): key for key, body, _ in hook.got for match in body["matches"]}
    assert len(told) == len(set(hook.keys())) == wanted
    assert len(hook.got) <= wanted + 2 * 6  # twice only what the threads of a killed io had in flight
