"""Alerts with real workers: what the newsroom prints is told to a webhook, with either store."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.end_to_end.test_commands import KABAR, environment, feeds_file, ours
from tests.integration.receivers import hook_server
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
