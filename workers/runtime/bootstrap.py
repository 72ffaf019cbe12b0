"""The composition root: the only builder of adapters. Importing it opens nothing; what it builds opens on first use."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property, lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from celery import Celery
from kombu.exceptions import OperationalError

from workers.alert.smtp import SmtpMailer
from workers.errors import Misuse, StoreUnavailable
from workers.extract import Sites
from workers.fetch.addresses import Network
from workers.fetch.http import HttpClient
from workers.fetch.posting import WebhookClient
from workers.fetch.robots import Robots
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.sqlite import SqliteStore
from workers.operate.archive import PageArchive
from workers.pipeline import Limits, Parts, Pipeline, Rules
from workers.poll.schedule import PollRules
from workers.ports import SearchStore
from workers.runtime.settings import Settings, host_gap
from workers.state import State
from workers.state.scripts import connect
from workers.tag.corrections import FILE
from workers.tag.tagger import Tagger

_Client = TypeVar("_Client", bound=HttpClient)
FEEDS_QUEUED = 2  # batches a pool slot may have waiting
BEGUN_SHARE = 4  # of the hand-over's bytes: what articles whose next page is to come may hold beside it
MAX_PENDING = 500_000  # entries; above it polling pauses


def now() -> datetime:
    """Return the time of this machine in UTC."""
    return datetime.now(UTC)


def build_store(settings: Settings) -> SearchStore:
    """Return the search store that `settings` name."""
    if settings.sqlite_path is not None:
        return SqliteStore(path=settings.sqlite_path, config_dir=settings.config_dir)
    return ElasticsearchStore(
        url=settings.search_url,
        username=settings.search_username,
        password=settings.search_password.get_secret_value(),
        index_prefix=settings.index_prefix,
        ca_certs=settings.search_ca_file,
        config_dir=settings.config_dir,
        event_days=settings.event_days,
    )


def build_archive(settings: Settings) -> PageArchive:
    """Return the archive of fetched pages."""
    return PageArchive(
        settings.archive_path,
        mode=settings.archive,
        count=settings.archive_samples,
        limit=settings.archive_bytes,
    )


def build_http(settings: Settings) -> HttpClient:
    """Return the HTTP client with the operator's bounds."""
    return _client(HttpClient, settings, settings.max_redirects, settings.allow_addresses)


def build_webhook(settings: Settings) -> WebhookClient:
    """Return the client of webhooks: it may reach private addresses only where the operator allows them for alerts."""
    return _client(WebhookClient, settings, 0, settings.alerts_allow_addresses)


def _client(kind: type[_Client], settings: Settings, max_redirects: int, allow_addresses: Sequence[Network]) -> _Client:
    return kind(
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        deadline=settings.fetch_deadline,
        max_bytes=settings.page_max_bytes,
        max_redirects=max_redirects,
        allow_addresses=allow_addresses,
        resolve=settings.resolve,
        contact=settings.contact,
        version=version("kabar"),
    )


def build_mailer(settings: Settings) -> SmtpMailer:
    """Return the way to the mail server."""
    return SmtpMailer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value(),
        sender=settings.smtp_from,
        timeout=settings.read_timeout,
        deadline=settings.fetch_deadline,
    )


def build_scratch(settings: Settings, path: Path) -> SearchStore:
    """Return an empty search store for a moment's use."""
    return SqliteStore(path=path, config_dir=settings.config_dir)


def build_state(settings: Settings) -> State:
    """Return Redis' state. Raises Misuse when no Redis is configured."""
    if not settings.redis_url:
        raise Misuse("KABAR_REDIS_URL is not set: name a Redis, or use `kabar up`, which brings its own")
    return State(connect(settings.redis_url, settings.redis_password.get_secret_value()), settings)


def load_tagger(settings: Settings) -> Tagger:
    """Return the tagger, loaded once a process, and again when the editor's corrections have changed."""
    corrections = settings.data_dir / FILE
    try:
        found = corrections.stat()
    except OSError:  # none yet
        return _tagger(settings.config_dir, corrections, None)
    return _tagger(settings.config_dir, corrections, (found.st_mtime_ns, found.st_size, found.st_ino))


@lru_cache(maxsize=1)
def _tagger(config_dir: Path, corrections: Path, state: tuple[int, int, int] | None) -> Tagger:
    return Tagger.load(config_dir, corrections=corrections if state else None)


@cache
def load_sites(config_dir: Path) -> Sites:
    """Return the per-site rules of `config_dir`, loaded once a process."""
    return Sites.load(config_dir)


@dataclass(frozen=True)
class Adapters:
    """The adapters of one process, each built on first use."""

    settings: Settings

    @cached_property
    def state(self) -> State:
        return build_state(self.settings)

    @cached_property
    def store(self) -> SearchStore:
        return build_store(self.settings)

    @cached_property
    def archive(self) -> PageArchive:
        return build_archive(self.settings)

    @cached_property
    def http(self) -> HttpClient:
        return build_http(self.settings)


def build(settings: Settings) -> Adapters:
    """Return the adapters for commands."""
    return Adapters(settings)


class CeleryCourier:
    """Sends ids to a stage's queue through Celery."""

    def __init__(self, app: Celery) -> None:
        self._app = app

    def send(self, stage: str, ids: Sequence[str]) -> None:
        try:
            self._app.send_task(f"kabar.{stage}", args=[list(ids)], retry=False)
        except (OperationalError, OSError) as error:
            raise StoreUnavailable(f"broker: {error}", reason="broker") from error


def build_pipeline(settings: Settings, app: Celery, limits: Limits) -> Pipeline:
    """Return the pipeline of a worker process."""
    adapters = build(settings)
    return Pipeline(
        Parts(
            state=adapters.state,
            http=adapters.http,
            store=adapters.store,
            archive=adapters.archive,
            tagger=lambda: load_tagger(settings),
            sites=lambda: load_sites(settings.config_dir),
            courier=CeleryCourier(app),
            clock=now,
            random=random.random,
            webhook=build_webhook(settings),
            mailer=build_mailer(settings),
            scratch=partial(build_scratch, settings),
            rules=rules_of(settings),
            limits=limits,
            robots=Robots(
                adapters.http,
                adapters.state.hosts,
                lambda: int(now().timestamp() * 1000),
                exempt=settings.robots_exempt,
            ),
        )
    )


def rules_of(settings: Settings) -> Rules:
    """Return the pipeline's numbers."""
    return Rules(
        poll=PollRules(
            interval=settings.poll_interval,
            floor=settings.poll_floor,
            ceiling=settings.poll_ceiling,
            max_entries=settings.max_entries,
        ),
        batch_size=settings.batch_size,
        batch_budget=settings.batch_budget,
        item_limit=settings.item_limit,
        index_batch=settings.index_batch,
        io_threads=settings.io_threads,
        io_slots=settings.io_threads * FEEDS_QUEUED,
        cpu_slots=settings.cpu_processes * FEEDS_QUEUED,
        max_attempts=settings.max_attempts,
        retry_base=settings.retry_base,
        retry_ceiling=settings.retry_ceiling,
        dead_letters=settings.dead_letters,
        max_pending=MAX_PENDING,
        entry_bytes=settings.handover_bytes,
        feed_max_bytes=settings.feed_max_bytes,
        body_max_chars=settings.body_max_chars,
        article_pages=settings.article_pages,
        page_max_bytes=settings.page_max_bytes,
        begun_bytes=settings.handover_bytes // BEGUN_SHARE,
        refetch_after=settings.refetch_after,
        gap=lambda host: host_gap(host, settings),
    )
