"""A pipeline in one process, on a real Redis and the embedded store, with a web that says what the test wants."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from workers.extract import Sites
from workers.model import Document, Download, Feed, Query, digest
from workers.pipeline import Limits, Parts, Pipeline
from workers.ports import SearchStore
from workers.runtime.bootstrap import build_archive, build_mailer, build_scratch, build_store, build_webhook, rules_of
from workers.runtime.limits import TookTooLong, alarm
from workers.runtime.settings import load
from workers.state import State
from workers.state.scripts import connect
from workers.tag.tagger import Tagger

CONFIG = Path(__file__).parents[2] / "config"
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
SITE = "https://harian.test"
TEXT = (
    "Warga Kampung Dalam bergotong royong memperbaiki jembatan kayu yang rusak diterjang banjir pekan lalu. "
    "Kepala kampung mengatakan pekerjaan ditargetkan selesai sebelum musim tanam dimulai bulan depan. "
)


def page(name: str, extra: str = "") -> str:
    paragraphs = "".join(f"<p>{TEXT} Catatan {name} bagian {n}. {extra}</p>" for n in range(4))
    return (
        f"<html lang='id'><head><title>Berita {name} | Harian</title><link rel=canonical href='{SITE}/{name}'></head>"
        f"<body><article><h1>Berita {name}</h1>{paragraphs}</article></body></html>"
    )


class Web:
    """The network: what each address answers, and what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, list[str | Exception]] = defaultdict(list)
        self.asked: list[tuple[str, dict[str, str]]] = []

    def say(self, path: str, *answers: str | Exception) -> None:
        self.answers[SITE + path] = list(answers)

    def feed(self, path: str, *names: str, content: str = "") -> None:
        inner = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
        items = "".join(
            f"<item><title>Berita {n}</title><link>{SITE}/{n}</link><guid>{n}</guid>{inner}</item>" for n in names
        )
        self.say(
            path,
            "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
            f"<channel><title>H</title>{items}</channel></rss>",
        )

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None) -> Download:
        self.asked.append((url, dict(headers or {})))
        answers = self.answers[url]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        kind = "text/xml" if answer.startswith("<rss") else "text/html; charset=utf-8"
        return Download(url=url, final_url=url, status=200, headers={"content-type": kind}, body=answer.encode())

    def shutdown(self) -> None: ...


class Messages:
    """The broker: messages wait until the test has them worked off."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, list[str]]] = []

    def send(self, stage: str, ids: Sequence[str]) -> None:
        self.sent.append((stage, list(ids)))


class Desk:
    """A pipeline with its surroundings."""

    def __init__(self, parts: Parts, web: Web, messages: Messages) -> None:
        self.parts, self.web, self.messages = parts, web, messages
        self.pipeline = Pipeline(parts)
        self.state: State = parts.state
        self.store: SearchStore = parts.store

    def add(self, path: str = "/feed") -> Feed:
        feed = Feed(id=digest(SITE + path), url=SITE + path, site="harian.test")
        self.state.feeds.put(feed)
        return feed

    def stock(self, *names: str) -> None:
        """Have an article of each name indexed."""
        for name in names:
            self.web.say(f"/{name}", page(name))
        self.web.feed("/feed", *names)
        self.add()
        self.run()
        assert len(self.documents()) == len(names)

    def due(self) -> None:
        """Have every feed polled again."""
        self.state.feeds.make_due([feed.id for feed, _, _ in self.state.feeds.all()])

    def asked(self, path: str) -> int:
        """How often the web was asked for a path."""
        return [url for url, _ in self.web.asked].count(SITE + path)

    def pending(self) -> list[str]:
        """The ids of the pending entries, oldest first."""
        return [i.decode() for i in self.state.client.zrange("kabar:pending", 0, -1)]

    def run(self, seconds: float = 0.0) -> None:
        """Tick and work off messages until nothing happens (for `seconds` more)."""
        ends = time.monotonic() + seconds
        while True:
            self.pipeline.dispatch()
            if not self.messages.sent:
                if time.monotonic() >= ends:
                    return
                time.sleep(0.02)
            while self.messages.sent:
                stage, ids = self.messages.sent.pop(0)
                getattr(self.pipeline, stage)(ids)

    def titles(self) -> list[str]:
        self.store.refresh()
        return sorted(hit.title for hit in self.store.search(Query(limit=100)).hits)

    def letters(self) -> dict[str, str]:
        return {letter.url.rsplit("/", 1)[1]: letter.reason for letter in self.state.dead.list()}

    def documents(self) -> list[Document]:
        ids = [hit.id for hit in self.store.search(Query(limit=100)).hits]
        return list(self.store.get(ids).values())


@pytest.fixture
def desk(redis_url: str, tmp_path: Path) -> Iterator[Desk]:
    numbers = {
        "host_gap": 0,
        "retry_base": 0.05,
        "max_attempts": 3,
        "poll_floor": 1,
        "poll_interval": 1,
        "alerts_allow_addresses": "127.0.0.0/8",
    }
    settings = load({}, redis_url=redis_url, data_dir=tmp_path, **numbers)
    tagger, sites = Tagger.load(CONFIG), Sites.load(CONFIG)
    web, messages = Web(), Messages()
    store = build_store(settings)
    store.setup()
    parts = Parts(
        state=State(connect(redis_url), settings),
        http=web,
        store=store,
        archive=build_archive(settings),
        tagger=lambda: tagger,
        sites=lambda: sites,
        courier=messages,
        clock=lambda: NOW,
        random=lambda: 0.0,
        rules=rules_of(settings),
        limits=Limits(item=alarm, errors=(TookTooLong,)),
        webhook=build_webhook(settings),
        mailer=build_mailer(settings),
        scratch=partial(build_scratch, settings),
    )
    yield Desk(parts, web, messages)
    store.close()
