"""Commands as their users run them: what they print, how they end, what they leave behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.end_to_end.harness import TIMES, wait_for
from workers.newsroom import Fault, Newsroom, NewsroomServer

pytestmark = [pytest.mark.redis, pytest.mark.timeout(240)]
KABAR = [sys.executable, "-m", "workers"]


def environment(folder: Path, server: NewsroomServer, **more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KABAR_")}
    own = {"DATA_DIR": str(folder), "RESOLVE": server.resolve, "ALLOW_ADDRESSES": "127.0.0.0/8", **TIMES, **more}
    return plain | {f"KABAR_{name}": value for name, value in own.items()}


def ours(folder: Path) -> list[psutil.Process]:
    """Processes that belong to the data directory (or the temporary one), by their environment or command line."""
    found = []
    for process in psutil.process_iter():
        try:
            told = process.environ()
            if str(folder) in " ".join([*process.cmdline(), told.get("KABAR_DATA_DIR", ""), told.get("TMPDIR", "")]):
                found.append(process)
        except psutil.Error:
            continue
    return [p for p in found if p.pid != os.getpid() and p.status() != psutil.STATUS_ZOMBIE]


def feeds_file(folder: Path, newsroom: Newsroom, *more: str) -> Path:
    rows = [f'[[feeds]]\nurl = "{url}"\n' for url in [*newsroom.feed_urls(), *more]]
    path = folder / "feeds.toml"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_the_demo_finds_every_article_and_leaves_nothing(folder: Path) -> None:
    plain = {n: v for n, v in os.environ.items() if not n.startswith("KABAR_")} | {"TMPDIR": str(folder)}
    done = subprocess.run(
        [*KABAR, "demo"], capture_output=True, text=True, env=plain, cwd=folder, timeout=200, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(folder.iterdir()) == [], "beat keeps no file"
    wanted = len(Newsroom(sites=3).truth())
    assert f"{wanted} documents in the store for {wanted} articles" in done.stdout
    assert list(folder.iterdir()) == []
    assert ours(folder) == []


def test_up_until_idle_ends_with_nothing_waiting(folder: Path) -> None:
    newsroom = Newsroom(sites=2)
    with NewsroomServer(newsroom) as server:
        command = [*KABAR, "up", "--feeds", str(feeds_file(folder, newsroom)), "--until-idle", "--json"]
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment(folder, server), timeout=150, check=False
        )
    facts = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert (facts["searchable"], facts["pending"], facts["idle"]) == (len(newsroom.truth()), 0, True)
    assert ours(folder) == []


def test_up_until_idle_says_what_still_waits_and_why(folder: Path) -> None:
    newsroom = Newsroom(sites=1)
    story = newsroom.stories()[0]
    newsroom.faults.set(story.slug, Fault(kind="status", status=503, retry_after="3600"))
    with NewsroomServer(newsroom) as server:
        url = next(a.url for a in newsroom.truth(server.url) if a.slug == story.slug)
        command = [
            *KABAR,
            "up",
            "--feeds",
            str(feeds_file(folder, newsroom)),
            "--until-idle",
            "--max-wait",
            "5",
            "--json",
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment(folder, server), timeout=150, check=False
        )
    facts = json.loads(done.stdout)
    assert done.returncode == 1
    assert not facts["idle"]
    assert any("503" in waiting["why"] for waiting in facts["waiting"]), (url, facts)
    assert ours(folder) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_up_leaves_nothing_behind_however_it_ends(folder: Path, number: signal.Signals) -> None:
    newsroom = Newsroom(sites=2, articles=200)
    for story in newsroom.stories()[:10]:
        newsroom.faults.set(story.slug, Fault(kind="slow_body", seconds=20))
    with NewsroomServer(newsroom) as server:
        command = [*KABAR, "up", "--feeds", str(feeds_file(folder, newsroom))]
        with (folder / "out").open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out, env=environment(folder, server))
        wait_for(lambda: len(server.record.requests("/")) >= 0 and len(ours(folder)) >= 6, 40, "a running stack")
        time.sleep(4)
        begin = time.monotonic()
        process.send_signal(number)
        process.wait(60)
        wait_for(lambda: not ours(folder), 30, f"nothing left: {[p.cmdline() for p in ours(folder)]}")
        assert time.monotonic() - begin < 45


def test_two_stacks_on_one_data_directory_are_refused(folder: Path) -> None:
    newsroom = Newsroom(sites=1)
    with NewsroomServer(newsroom) as server:
        command = [*KABAR, "up", "--feeds", str(feeds_file(folder, newsroom))]
        with (folder / "out").open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out, env=environment(folder, server))
        wait_for(lambda: len(ours(folder)) >= 6, 40, "a running stack")
        second = subprocess.run(
            command, capture_output=True, text=True, env=environment(folder, server), timeout=60, check=False
        )
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    assert second.returncode == 2
    assert "another kabar runs" in second.stderr


def test_a_wrong_setting_is_named_and_ends_with_misuse(folder: Path) -> None:
    wrong = {**os.environ, "KABAR_IO_THREADS": "many", "KABAR_LEASE": "-1", "KABAR_NO_SUCH": "x"}
    done = subprocess.run([*KABAR, "up"], capture_output=True, text=True, env=wrong, timeout=60, check=False)
    assert done.returncode == 2
    for name in ("KABAR_IO_THREADS", "KABAR_LEASE", "KABAR_NO_SUCH"):
        assert name in done.stderr
