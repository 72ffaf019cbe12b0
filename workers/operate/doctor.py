"""The doctor's rounds: what an operator would look at first, one line each, with the fix."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import redis
from msgspec import Struct

from workers.alert.alerts import load_alerts
from workers.errors import KabarError, Misuse
from workers.extract.watch import SiteWarning
from workers.model import Feed
from workers.poll.feedlist import load_feeds
from workers.poll.health import Health, worth_a_look
from workers.ports import SearchStore
from workers.runtime.settings import PREFIX, Settings
from workers.state import State

SKEW = 5.0  # seconds between this machine's clock and Redis' that nobody needs to mind
AWAY = re.compile(r"refused|no answer|not reach|resol|timed out|connect", re.IGNORECASE)
LATEST_SNAPSHOT = timedelta(days=1)  # one is due every six hours
FREE = 1_000_000_000  # bytes of disk below which a warning is due


class Finding(Struct, frozen=True, kw_only=True):
    """One thing looked at. `fix` says what to do when it is not well."""

    name: str
    ok: bool
    says: str
    fix: str = ""


def examine(
    settings: Settings, state: Callable[[], State], store: Callable[[], SearchStore], now: datetime
) -> Iterator[Finding]:
    """Look at everything; one Finding each, in order. Never raises: what can't be looked at is a finding."""
    yield from _redis(settings, state, now)
    yield from _store(store, now)
    yield _feed_file(settings)
    yield _alert_file(settings)
    yield _disk("disk", settings.data_dir, "DATA_DIR")
    if settings.archive != "off":
        yield _disk("archive", settings.archive_path, "ARCHIVE_DIR")
    yield _contact(settings)


def _redis(settings: Settings, state: Callable[[], State], now: datetime) -> Iterator[Finding]:
    if not settings.redis_url:
        yield Finding(name="redis", ok=True, says="private one, started by `kabar up`")
        return
    try:
        found = state()
        ahead = found.overview.now_ms() / 1000 - now.timestamp()
        waiting = found.overview.waiting()
        info = found.client.info()
        warnings, feeds = found.sites.warnings(), found.feeds.all()
    except (KabarError, redis.RedisError) as error:
        yield Finding(name="redis", ok=False, says=str(error), fix=f"start it, or correct {PREFIX}REDIS_URL")
        return
    yield Finding(name="redis", ok=True, says=f"version {info['redis_version']}, {info['used_memory_human']} used")
    policy = info.get("maxmemory_policy", "noeviction")
    yield Finding(
        name="redis policy",
        ok=policy == "noeviction",
        says=policy,
        fix="set maxmemory-policy noeviction: anything else may drop pending articles",
    )
    yield Finding(
        name="redis persistence",
        ok=bool(info.get("aof_enabled")),
        says="append-only file " + ("on" if info.get("aof_enabled") else "off"),
        fix="set appendonly yes: without it a restart forgets what is pending",
    )
    yield Finding(
        name="clock", ok=abs(ahead) <= SKEW, says=f"Redis is {ahead:+.1f} s from here", fix="run NTP on both machines"
    )
    says = f"{waiting.feeds} feeds, {waiting.feeds_due} due, {waiting.pending} entries pending"
    yield Finding(name="feeds", ok=waiting.feeds > 0, says=says, fix="`kabar feeds import config/feeds.toml`")
    yield _feeds(worth_a_look(((feed, state) for feed, state, _ in feeds), now))
    yield Finding(
        name="dead letters",
        ok=waiting.dead == 0,
        says=str(waiting.dead),
        fix="`kabar dead list` tells why; `kabar dead replay`",
    )
    yield from _sites(warnings)


def _feeds(ill: Sequence[tuple[Health, Feed]]) -> Finding:
    """The feeds that fail, fell silent or are gone: how many of each, and the first."""
    if not ill:
        return Finding(name="feed health", ok=True, says="no feed fails or is silent")
    count = Counter(health.word for health, _ in ill)
    first, feed = ill[0]
    says = ", ".join(f"{number} {word}" for word, number in count.items())
    return Finding(
        name="feed health",
        ok=False,
        says=f"{says}; first {feed.url}: {first.why}",
        fix="`kabar feeds list --health` tells all; `kabar feeds test URL`, `kabar feeds disable URL`",
    )


def _sites(warnings: Mapping[str, SiteWarning]) -> Iterator[Finding]:
    for site, warning in warnings.items():
        says = f"site {site}: extraction got worse since {warning.since:%Y-%m-%d %H:%M}: {warning.says}"
        yield Finding(name="extraction", ok=False, says=says, fix=f"look with `kabar sites test {site}`")
    if not warnings:
        yield Finding(name="extraction", ok=True, says="no site got worse")


def _store(store: Callable[[], SearchStore], now: datetime) -> Iterator[Finding]:
    try:
        found = store()
        problems = found.check()
    except KabarError as error:
        yield Finding(name="search store", ok=False, says=str(error), fix=f"correct {PREFIX}SEARCH_URL")
        return
    for problem in problems:
        fix = "start it, or correct KABAR_SEARCH_URL" if AWAY.search(problem) else "`kabar index init`"
        yield Finding(name=f"search store ({found.name})", ok=False, says=problem, fix=fix)
    if not problems:
        yield Finding(name=f"search store ({found.name})", ok=True, says="answers, template and alias as configured")
        yield from _snapshots(found, now)


def _snapshots(store: SearchStore, now: datetime) -> Iterator[Finding]:
    try:
        found = store.snapshots()
    except KabarError as error:
        yield Finding(name="snapshots", ok=False, says=str(error), fix="look again with `kabar setup search`")
        return
    if found is None:
        says = f"the store takes none by itself ({PREFIX}SNAPSHOT_REPOSITORY)"
        yield Finding(name="snapshots", ok=True, says=says)
        return
    fix = f"GET _snapshot/{found.repository}/_all and _slm/policy tell why"
    late = found.last is None or now - found.last > LATEST_SNAPSHOT
    says = f"last one {found.last:%Y-%m-%d %H:%M} UTC" if found.last else "none yet"
    if found.failed:
        says += f"; failed {found.failed:%Y-%m-%d %H:%M} UTC: {found.error}"
    yield Finding(name="snapshots", ok=not (late or found.failed), says=f"{says}, in {found.repository}", fix=fix)


def _feed_file(settings: Settings) -> Finding:
    path = settings.config_dir / "feeds.toml"
    try:
        feeds = load_feeds(path)
    except Misuse as error:
        return Finding(name="feeds.toml", ok=False, says=str(error), fix="correct the rows that it names")
    return Finding(name="feeds.toml", ok=True, says=f"{len(feeds)} feeds")


def _alert_file(settings: Settings) -> Finding:
    try:
        listed = load_alerts(settings.config_dir / "alerts.toml")
    except Misuse as error:
        return Finding(name="alerts.toml", ok=False, says=str(error), fix="correct the file")
    if listed.problems:
        fix = "correct the lines that it names; the other alerts are at work"
        return Finding(name="alerts.toml", ok=False, says="; ".join(listed.problems[:5]), fix=fix)
    alerts = listed.alerts
    if any(alert.mail for alert in alerts) and not (settings.smtp_host and settings.smtp_from):
        fix = f"set {PREFIX}SMTP_HOST and {PREFIX}SMTP_FROM"
        return Finding(name="alerts.toml", ok=False, says="alerts by mail, but no mail server is set", fix=fix)
    return Finding(name="alerts.toml", ok=True, says=f"{len(alerts)} alerts")


def _disk(name: str, folder: Path, setting: str) -> Finding:
    fix = f"make room, or point {PREFIX}{setting} at a folder of yours"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding(name=name, ok=False, says=f"{folder}: {error.strerror}", fix=fix)
    return Finding(name=name, ok=free >= FREE, says=f"{free / 1e9:.1f} GB free for {folder}", fix=fix)


def _contact(settings: Settings) -> Finding:
    says = settings.contact or "not set"
    return Finding(
        name="contact",
        ok=bool(settings.contact),
        says=says,
        fix=f"set {PREFIX}CONTACT to a URL or an e-mail address: publishers block crawlers they can't ask",
    )
