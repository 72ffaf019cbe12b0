"""robots.txt as RFC 9309 says; each row names its section."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from workers.errors import Permanent, Transient
from workers.fetch.robots import AGAIN, FRESH, MAX_DELAY, STALE, Robots, RobotsText
from workers.model import Download

SITE = "https://harian.test"


class Web:
    def __init__(self, answer: str | Exception) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None) -> Download:
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        return Download(url=url, final_url=url, status=200, headers={}, body=self.answer.encode())

    def shutdown(self) -> None: ...


class Memory:
    def __init__(self) -> None:
        self.kept: dict[str, RobotsText] = {}

    def robots(self, host: str) -> RobotsText | None:
        return self.kept.get(host)

    def keep_robots(self, host: str, said: RobotsText) -> None:
        self.kept[host] = said


class Gate:
    """Robots over a scripted web, with a clock that the test moves."""

    def __init__(self, answer: str | Exception, memory: Memory | None = None, exempt: tuple[str, ...] = ()) -> None:
        self.now = 1_000_000_000_000
        self.web, self.memory = Web(answer), memory or Memory()
        self.robots = Robots(self.web, self.memory, lambda: self.now, exempt=exempt)

    def says(self, path: str = "/berita/1") -> str:
        try:
            self.robots.check(SITE + path)
        except (Permanent, Transient) as error:
            return error.reason
        return ""


RULES = [
    ("2.2 allowed when no rule matches", "User-agent: *\nDisallow: /admin/", "/berita/1", ""),
    ("2.2.2 disallowed by prefix", "User-agent: *\nDisallow: /berita/", "/berita/1", "robots_disallowed"),
    ("2.2.1 our own group wins", "User-agent: *\nDisallow: /\n\nUser-agent: Kabar\nAllow: /", "/berita/1", ""),
    ("2.2.1 the name without regard to case", "User-agent: kabar\nDisallow: /", "/berita/1", "robots_disallowed"),
    ("2.2.1 another's group is not ours", "User-agent: GPTBot\nDisallow: /", "/berita/1", ""),
    ("2.2.2 the longest match wins", "User-agent: *\nDisallow: /berita\nAllow: /berita/1", "/berita/1", ""),
    ("2.2.3 wildcards", "User-agent: *\nDisallow: /*?print=", "/berita/1?print=1", "robots_disallowed"),
    ("2.2.3 the end of the path", "User-agent: *\nDisallow: /*.pdf$", "/berita/1.pdf.html", ""),
    ("2.2.2 an empty rule disallows nothing", "User-agent: *\nDisallow:", "/berita/1", ""),
    ("practice: a page in its place", "<!doctype html><html>404</html>", "/berita/1", ""),
    ("practice: nonsense", "\x00\x01 Disallow /", "/berita/1", ""),
    ("practice: empty", "", "/berita/1", ""),
]


@pytest.mark.parametrize(("text", "path", "reason"), [row[1:] for row in RULES], ids=[row[0] for row in RULES])
def test_rules_are_obeyed(text: str, path: str, reason: str) -> None:
    assert Gate(text).says(path) == reason


ANSWERS = [
    ("2.3.1.3 unavailable: 404", Permanent("x", reason="http_404"), ""),
    ("2.3.1.3 unavailable: 403", Permanent("x", reason="http_403"), ""),
    ("2.3.1.2 too many redirects", Permanent("x", reason="redirect_loop"), ""),
    ("2.5 beyond the limit", Permanent("x", reason="too_large"), ""),
    ("2.3.1.4 unreachable: 503", Transient("x", reason="http_503"), "robots_unreachable"),
    ("2.3.1.4 unreachable: no answer", Transient("x", reason="timeout"), "robots_unreachable"),
    ("practice (Google): 429 is the server's trouble", Transient("x", reason="http_429"), "robots_unreachable"),
]


@pytest.mark.parametrize(("answer", "reason"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
def test_what_no_answer_means(answer: Exception, reason: str) -> None:
    assert Gate(answer).says() == reason


def test_a_host_is_asked_once_a_day_by_all_processes_together() -> None:
    one = Gate("User-agent: *\nDisallow: /x")
    for path in ("/a", "/b", "/x"):
        one.says(path)
    two = Gate("User-agent: *\nDisallow: /", one.memory)
    assert two.says("/a") == ""
    assert (len(one.web.asked), len(two.web.asked)) == (1, 0)
    two.now += FRESH
    assert two.says("/a") == "robots_disallowed"
    assert len(two.web.asked) == 1


def test_an_old_copy_serves_while_the_server_fails_for_a_month_at_most() -> None:
    gate = Gate("User-agent: *\nDisallow: /x")
    gate.says()
    gate.web.answer = Transient("x", reason="http_500")
    gate.now += FRESH
    assert gate.says("/a") == "" and gate.says("/x") == "robots_disallowed"
    assert len(gate.web.asked) == 2, "not with every page"
    gate.now += STALE
    assert gate.says("/a") == "robots_unreachable"


def test_an_unreachable_one_is_asked_again_soon() -> None:
    gate = Gate(Transient("x", reason="timeout"))
    gate.says()
    gate.says()
    assert len(gate.web.asked) == 1
    gate.web.answer = "User-agent: *\nAllow: /"
    gate.now += AGAIN
    assert gate.says() == ""


def test_a_shutdown_says_nothing_about_the_host() -> None:
    gate = Gate(Transient("x", reason="shutdown"))
    assert gate.says() == "shutdown"
    assert gate.memory.kept == {}


def test_publishers_may_give_leave() -> None:
    assert Gate("User-agent: *\nDisallow: /", exempt=("*.lain.test", "harian.test")).says() == ""


DELAYS = [("Crawl-delay: 7", 7.0), ("Crawl-delay: 9999", MAX_DELAY), ("Crawl-delay: x", 0.0), ("Disallow: /x", 0.0)]


@pytest.mark.parametrize(("line", "seconds"), DELAYS)
def test_the_crawl_delay_is_known_after_the_check(line: str, seconds: float) -> None:
    gate = Gate(f"User-agent: *\n{line}")
    assert gate.robots.delay(SITE + "/a") == 0.0
    gate.says("/a")
    assert gate.robots.delay(SITE + "/a") == seconds


@pytest.mark.parametrize("url", ["", "ftp://x/", "http://[", "/path"])
def test_what_is_no_address_is_left_to_the_client(url: str) -> None:
    Gate("User-agent: *\nDisallow: /").robots.check(url)
