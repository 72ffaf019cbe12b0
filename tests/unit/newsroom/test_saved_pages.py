"""Saved pages of a folder, and the command that serves everything."""

import gzip
import os
import signal
import subprocess
import sys

import feedparser
import pytest
import urllib3
from click.testing import CliRunner

from workers.cli.newsroom import newsroom as command
from workers.errors import Misuse
from workers.newsroom import Newsroom
from workers.newsroom.answers import Desk

PAGES = {
    "satu.html": b"<html><head><title>Satu &amp; dua\n tiga</title></head><body>isi</body></html>",
    "latin.html": "<meta charset=windows-1252><title>Caf\u00e9</title>".encode("cp1252"),
    "kosong.html": b"",
    "aneh nama.html": b"<title>a\x00b</title><meta charset=nonsense>",
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "satu.html.gz").write_bytes(gzip.compress(PAGES["satu.html"]))
    (tmp_path / "dua.gz").write_bytes(gzip.compress(b"<title>Dua</title>"))
    (tmp_path / "rusak.html.gz").write_bytes(gzip.compress(b"<title>Rusak</title>" * 100)[:40])
    (tmp_path / "catatan.txt").write_bytes(b"no page")
    for name in ("latin.html", "kosong.html", "aneh nama.html"):
        (tmp_path / name).write_bytes(PAGES[name])
    return tmp_path


def test_pages_are_served_as_they_are_and_listed_in_a_feed(folder):
    desk = Desk(Newsroom(articles=0, pages=folder), "http://127.0.0.1:99")
    feed = feedparser.parse(desk.answer("127.0.0.1", "/pages/feed.xml", {}).plain)
    assert not feed.bozo
    titles = {entry.link.rpartition("/")[2]: entry.title for entry in feed.entries}
    assert titles == {
        "satu.html": "Satu & dua tiga", "dua": "Dua", "latin.html": "Café", "kosong.html": "kosong.html",
        "aneh%20nama.html": "a b", "rusak.html": "rusak.html",
    }  # fmt: skip
    for entry in feed.entries:
        assert entry.link.startswith("http://127.0.0.1:99/pages/")
        name = entry.link.removeprefix("http://127.0.0.1:99")
        answer = desk.answer("127.0.0.1", name, {})
        if "rusak" in name:
            assert answer.status == 404
        else:
            assert (answer.status, answer.content_type) == (200, "text/html")
    for name, data in PAGES.items():
        assert desk.answer("127.0.0.1", "/pages/" + name.replace(" ", "%20"), {}).plain == data


@pytest.mark.parametrize("name", ["../catatan.txt", "catatan.txt", "%2e%2e%2fetc", "", "satu.html.gz"])
def test_only_the_folders_pages_are_served(folder, name):
    assert Desk(Newsroom(articles=0, pages=folder), "http://x").answer("x", "/pages/" + name, {}).status == 404


def test_a_folder_that_is_none_is_misuse(tmp_path):
    with pytest.raises(Misuse, match="nowhere"):
        Newsroom(pages=tmp_path / "nowhere")


def test_the_command_refuses_impossible_numbers():
    result = CliRunner().invoke(command, ["--sites", "3", "--feeds", "2"])
    assert isinstance(result.exception, Misuse)
    assert CliRunner().invoke(command, ["--port", "70000"]).exit_code == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_prints_its_address_first_and_stops_cleanly(folder, number):
    arguments = [sys.executable, "-m", "workers", "newsroom", "--articles", "3", "--pages", str(folder)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KABAR_")}
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        url = process.stdout.readline().strip()
        with urllib3.PoolManager(retries=False) as pool:
            assert pool.request("GET", url + "/feeds.toml").data.count(b"[[feeds]]") == 1
            assert pool.request("GET", url + "/pages/dua").data == b"<title>Dua</title>"
        process.send_signal(number)
        output, problems = process.communicate(timeout=10)
    assert (process.returncode, output) == (0, "")
    assert "Traceback" not in problems
