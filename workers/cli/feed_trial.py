"""`kabar feeds test`: what a poll would do, filters, sitemaps and robots.txt included."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from workers.errors import KabarError
from workers.fetch.robots import Robots, RobotsText
from workers.model import digest
from workers.poll.entries import host_of
from workers.poll.feedlist import feeds_from, settings_of
from workers.poll.trial import Trial, try_feed
from workers.runtime.bootstrap import build, rules_of
from workers.runtime.settings import Settings


class _Forgetful:
    """A memory for robots.txt that nothing outlives."""

    def robots(self, host: str) -> RobotsText | None:
        return None

    def keep_robots(self, host: str, said: RobotsText) -> None: ...


def trial_of(url: str, chosen: dict[str, Any], settings: Settings) -> Trial:
    """Try the feed at `url` with its own settings, if it is registered, and those `chosen`."""
    adapters = build(settings)
    try:
        known = adapters.state.feeds.get(digest(url))
    except KabarError:
        known = None  # no Redis: nothing is registered
    row = settings_of(known[0]) if known else {"url": url, "site": host_of(url)}
    (feed,) = feeds_from([("", row | chosen)], "feeds test", [])
    now = datetime.now(UTC)
    robots = Robots(adapters.http, _Forgetful(), lambda: int(now.timestamp() * 1000), exempt=settings.robots_exempt)
    return try_feed(
        feed,
        adapters.http,
        now=now,
        rules=rules_of(settings).poll,
        max_bytes=settings.feed_max_bytes,
        ask=robots.check,
    )


def print_trial(trial: Trial, *, as_json: bool, limit: int) -> None:
    """Print what a poll would do."""
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(_report(trial, limit)), indent=2).decode())
        return
    decision, parsed, download = trial.decision, trial.parsed, trial.download
    if download:
        click.echo(
            f"fetched   {download.final_url}  {download.status}, {len(download.body)} bytes, {download.elapsed:.2f} s"
        )
    if parsed:
        click.echo(
            f"feed      {parsed.title or '(no title)'}  [{parsed.version or 'unknown format'}]  {parsed.bozo}".rstrip()
        )
    click.echo(f"outcome   {decision.outcome}: {decision.why}")
    for entry in decision.entries[:limit]:
        date = f"{entry.published_at:%Y-%m-%d %H:%M}Z" if entry.published_at else "no date".ljust(17)
        click.echo(f"  {date}  {entry.title or '(no title)'}\n    {entry.url or '(no page of its own)'}")
    if len(decision.entries) > limit:
        click.echo(f"  … and {len(decision.entries) - limit} more")
    if trial.left_out:
        click.echo(f"filters   {trial.left_out} left out by the feed's keep and drop rules")
    for child in decision.children or ():
        click.echo(f"leads to  {child.url}")
    for address, reason in trial.refused.items():
        click.echo(f"robots    {reason or 'may be fetched'}: {address}")


def _report(trial: Trial, limit: int) -> dict[str, Any]:
    decision, parsed, download = trial.decision, trial.parsed, trial.download
    return {
        "url": trial.feed.url,
        "final_url": download.final_url if download else None,
        "status": trial.status,
        "bytes": len(download.body) if download else None,
        "seconds": download.elapsed if download else None,
        "title": parsed.title if parsed else None,
        "version": parsed.version if parsed else None,
        "problem": parsed.bozo if parsed else None,
        "dropped": parsed.dropped if parsed else None,
        "outcome": decision.outcome,
        "why": decision.why,
        "due": decision.due,
        "error": trial.error or None,
        "entries": decision.entries[:limit],
        "left_out": trial.left_out,
        "children": [child.url for child in decision.children or ()],
        "robots": trial.refused,
    }
