"""Hostile feeds beside a healthy one, over real sockets: each ends in a typed error or a bounded result."""

from __future__ import annotations

import dataclasses
import gzip
import ipaddress
from collections.abc import Callable
from functools import partial
from typing import Any

import psutil
import pytest

from tests.contract.http_server import Network, Script, drip, hang, reply
from tests.integration.desk import Desk
from workers.model import Feed, digest
from workers.pipeline import Pipeline

pytestmark = pytest.mark.redis

ONLY = (ipaddress.ip_network("127.0.0.1/32"),)  # as if it alone were out on the internet
GROWTH = 200_000_000  # bytes that polling all of them may add to the process
RSS = "<rss version='2.0'><channel><title>Umpan</title>{}</channel></rss>"
ITEM = "<item><title>Berita {0}</title><link>http://127.0.0.1/{0}</link></item>"


def bomb() -> bytes:
    """A gzip file of a megabyte that swells to a gigabyte."""
    packed = gzip.compress(b" " * 100_000_000, 9)
    return reply(200, gzip.compress(b"<rss>", 1) + packed * 10, content_encoding="gzip", content_type="text/xml")


def feed(text: str | bytes) -> bytes:
    return reply(200, text.encode() if isinstance(text, str) else text, content_type="text/xml")


LAUGHS = (
    "<!DOCTYPE lolz [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + "]>"
)
FILE = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
ENDLESS = drip(
    b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 10_000
)

HOSTILE: list[tuple[str, Callable[[], bytes | Script], str]] = [
    ("a gigabyte in a megabyte", bomb, "too_large"),
    ("billion laughs", lambda: feed(LAUGHS + RSS.format("<item><title>&j;</title></item>")), ""),
    ("an external entity", lambda: feed(FILE + RSS.format("<item><title>&x;</title></item>")), ""),
    ("an endless slow body", lambda: ENDLESS, "timeout"),
    ("no answer", lambda: hang, "timeout"),
    ("led inside: loopback", lambda: reply(302, location="http://127.9.9.9/feed"), "forbidden_address"),
    ("led inside: a cloud's data", lambda: reply(302, location="http://169.254.169.254/latest"), "forbidden_address"),
    ("led inside: IPv6", lambda: reply(302, location="http://[::1]/feed"), "forbidden_address"),
    ("led inside: a name", lambda: reply(302, location="http://dalam.example/feed"), "forbidden_address"),
    ("50,000 items", lambda: feed(RSS.format("".join(ITEM.format(n) for n in range(50_000)))), ""),
    ("a title of 10 MB", lambda: feed(RSS.format(f"<item><title>{'x' * 10_000_000}</title></item>")), ""),
    ("nothing", lambda: feed(b""), "empty_feed_body"),
    ("noise", lambda: feed(bytes(range(256)) * 1_000), "not_a_feed"),
]


def names(*looked_up: str) -> Any:
    """A name server whose second answer about a name lies inside (DNS rebinding)."""
    asked: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        inside = host in looked_up and asked.count(host) > 1
        return ["10.0.0.7" if inside or host == "dalam.example" else "127.0.0.1"]

    return look_up


@pytest.fixture
def resident() -> Callable[[], int]:
    return partial(lambda process: process.memory_info().rss, psutil.Process())


def test_hostile_feeds_harm_nobody(desk: Desk, resident: Callable[[], int]) -> None:
    with Network() as network:
        http = network.client(
            connect_timeout=1,
            read_timeout=0.5,
            deadline=1.5,
            max_bytes=15_000_000,
            allow_addresses=ONLY,
            lookup=names(),
        )
        desk.pipeline = Pipeline(dataclasses.replace(desk.parts, http=http))
        feeds: dict[str, Feed] = {}
        desk.state.hosts.quiet("127.0.0.1", 3_600)  # where the items' pages would be
        before = resident()
        for name, answer, _ in HOSTILE:
            feeds[name] = add(desk, network.serve({"/feed": answer()}).url + "/feed")
        good = network.serve({"/feed": feed(RSS.format(ITEM.format(1)))})
        feeds["good"] = add(desk, good.url + "/feed")
        desk.run()
        grown = resident() - before
    states = {name: desk.state.feeds.get(each.id) for name, each in feeds.items()}
    reasons = {name: row[1].error.partition(":")[0] for name, row in states.items() if row}
    assert reasons == {name: reason for name, _, reason in HOSTILE} | {"good": ""}
    assert all(row and row[1].polls == 1 for row in states.values())
    found = {name: row[1].entries_seen for name, row in states.items() if row and row[1].entries_seen}
    assert found == {"50,000 items": 2_000, "good": 1}
    assert grown < GROWTH, f"{grown / 1e6:.0f} MB"


def test_a_name_that_turns_inside_on_the_second_look_up_is_refused_then(desk: Desk) -> None:
    with Network() as network:
        server = network.serve({"/feed": feed(RSS.format(""))})
        http = network.client(allow_addresses=ONLY, lookup=names("berita.example"))
        desk.pipeline = Pipeline(dataclasses.replace(desk.parts, http=http))
        there = add(desk, f"http://berita.example:{server.port}/feed")
        desk.run()
        first = desk.state.feeds.get(there.id)
        http.close()  # no connection is kept: the name is looked up again
        desk.due()
        desk.run()
        second = desk.state.feeds.get(there.id)
    assert first is not None and first[1].error == ""
    assert second is not None and second[1].error.startswith("forbidden_address")


def add(desk: Desk, url: str) -> Feed:
    added = Feed(id=digest(url), url=url, site="umpan.example", interval=3_600)
    desk.state.feeds.put(added)
    return added
