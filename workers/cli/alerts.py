"""`kabar alerts`: saved searches, added, listed, shown, tried and removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import click
import msgspec

from workers.alert.alerts import Alert, alerts_from
from workers.alert.matching import Match
from workers.alert.messages import one_line, told, told_of
from workers.cli.alert_names import with_documented_names
from workers.cli.search import text_of
from workers.errors import KabarError, Misuse
from workers.model import Hit
from workers.ports import SearchStore
from workers.runtime.bootstrap import Adapters, build, build_pipeline
from workers.runtime.settings import load
from workers.state.alerts import News, Telling, delivery_id

PAGE = 500
MOST = 10_000  # hits of a search that are looked at


@click.group()
def alerts() -> None:
    """Saved searches that tell of new articles by webhook, mail or in the log.

    Those of config/alerts.toml are registered by `kabar setup` and `kabar up`; those added here are kept in Redis.
    """


# a query may begin with "-word", see `workers.cli.search`
@alerts.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("name")
@click.argument("words", metavar="QUERY", nargs=-1)
@click.option("--site", help="Only this publisher's articles.")
@click.option("--entity", help="Only articles naming this person, organisation or place.")
@click.option("--webhook", help="Address that gets a POST.")
@click.option("--header", "headers", multiple=True, metavar="NAME=VALUE", help="Of that POST; may be repeated.")
@click.option("--mail", multiple=True, help="Address that gets a mail; may be repeated.")
@click.option("--log", is_flag=True, help="A line in the log.")
@click.option("--every", type=int, help="Seconds between two messages at least; 0: one for each article.")
def add(name: str, words: tuple[str, ...], headers: tuple[str, ...], **given: Any) -> None:
    """Save QUERY (as for `kabar search`) under NAME, or change it."""
    query = text_of("alerts add", words)
    row: dict[str, Any] = {"name": name} | ({"query": query} if query else {})
    row |= {key: value for key, value in given.items() if value not in (None, (), False)}
    if headers:
        row["headers"] = dict(_header(one) for one in headers)
    settings = load()
    given_alerts = alerts_from([row], "alerts add", "command")
    (alert,) = with_documented_names(given_alerts, settings.config_dir, settings.data_dir)
    state = build(settings).state.alerts
    present = state.get(name)
    if present is not None and present.origin == "file":
        raise Misuse(f"{name} comes from config/alerts.toml: change it there")
    click.echo(f"{'added' if state.put(alert) else 'changed'} {name}")
    if alert.mail and not (settings.smtp_host and settings.smtp_from):
        click.echo("no mail can be sent yet: set KABAR_SMTP_HOST and KABAR_SMTP_FROM", err=True)


def _header(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals:
        raise Misuse("--header: must be NAME=VALUE")
    return name, value


@alerts.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(as_json: bool) -> None:
    """List the alerts, how much each told within 30 days, and where it goes."""
    state = build(load()).state.alerts
    found = state.all()
    for alert in found:
        figures = state.figures(alert.name)
        if as_json:
            click.echo(msgspec.json.encode({**_shown(alert), **figures}).decode())
        else:
            ways = ", ".join(alert.target(channel) for channel in alert.channels)
            click.echo(f"{alert.name:24} {figures['told']:6} told  {_asked(alert)}  → {ways}")
    if not as_json:
        waiting = state.waiting()
        click.echo(
            f"{len(found)} alerts; {waiting['news']} articles to look at, {waiting['deliveries']} messages under way",
            err=True,
        )


@alerts.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def show(name: str, as_json: bool) -> None:
    """Show all of one alert. Values of headers and the path of a webhook are not shown: they may be secret."""
    state = build(load()).state.alerts
    facts = {**_shown(_found(state.get(name), name)), **state.figures(name)}
    if as_json:
        click.echo(msgspec.json.encode(facts).decode())
        return
    for key, value in facts.items():
        click.echo(f"{key:10} {', '.join(map(str, value)) if isinstance(value, list | tuple) else value}")


@alerts.command()
@click.argument("name")
def remove(name: str) -> None:
    """Forget an alert, with what it told and what is under way."""
    state = build(load()).state.alerts
    alert = _found(state.get(name), name)
    state.remove(name)
    click.echo(f"removed {name}")
    if alert.origin == "file":
        click.echo("it is in config/alerts.toml and comes back with the next `kabar setup` or `kabar up`", err=True)


@alerts.command()
@click.argument("name")
@click.option("--hours", type=click.FloatRange(0, 8_760), default=24.0, show_default=True, help="Published within.")
@click.option("--limit", type=click.IntRange(0, 10_000), default=20, show_default=True, help="Articles shown.")
@click.option("--send", is_flag=True, help="Send it, too, and remember it as told.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def test(name: str, hours: float, limit: int, send: bool, as_json: bool) -> None:
    """Show what an alert would tell now: stored articles that match, without those told before. Sends nothing."""
    adapters = build(load())
    alert = _found(adapters.state.alerts.get(name), name)
    hits = _untold(adapters, alert, datetime.now(UTC) - timedelta(hours=hours))
    for hit in hits[:limit]:
        one = told_of(hit)
        if as_json:
            click.echo(msgspec.json.encode(one).decode())
        else:
            click.echo(f"{one.published_at:%Y-%m-%d %H:%M}  {one_line(one.title)}\n    {one_line(one.url)}")
    click.echo(f"{len(hits)} articles would be told: {', '.join(alert.target(c) for c in alert.channels)}", err=True)
    if send and hits:
        _send(adapters, alert, hits)


def _untold(adapters: Adapters, alert: Alert, since: datetime) -> list[Hit]:
    """Return the hits an alert has not told of, one for each story, best first."""
    hits = _hits(adapters.store, alert, since)
    stories = [hit.duplicate_of or hit.id for hit in hits]
    known = adapters.state.alerts.told(alert.name, [*stories, *(hit.id for hit in hits)])
    first: dict[str, Hit] = {}
    for story, hit in zip(stories, hits, strict=True):
        if not {story, hit.id} & known:
            first.setdefault(story, hit)
    return list(first.values())


def _hits(store: SearchStore, alert: Alert, since: datetime) -> list[Hit]:
    hits: list[Hit] = []
    while len(hits) < MOST:
        query = alert.asked(limit=PAGE, offset=len(hits))
        page = store.search(msgspec.structs.replace(query, published_from=since)).hits
        hits += page
        if len(page) < PAGE:
            break
    return hits


def _send(adapters: Adapters, alert: Alert, hits: list[Hit]) -> None:
    """Tell of `hits`, each in a message of its own, now; what fails is tried again by the workers."""
    from workers.pipeline import Limits
    from workers.pipeline.batch import Batch
    from workers.pipeline.delivering import deliver
    from workers.runtime.app import app, settings

    at_once = msgspec.structs.replace(alert, every=0)
    ids = []
    for hit in hits:
        news = News(article_id=hit.id, ours_until=0, claims=1)
        telling = Telling(alert=at_once, match=told(Match(alert=alert, hit=hit)))
        if adapters.state.alerts.commit(news, hit.duplicate_of or hit.id, [telling]):
            ids += [delivery_id(alert.name, channel, hit.id) for channel in alert.channels]
    outcomes = deliver(Batch(build_pipeline(settings, app, Limits()).parts, "deliver"), ids)
    failed = sorted({error for error in outcomes.values() if error})
    done = sum(not error for error in outcomes.values())
    click.echo(f"{done} of {len(ids)} messages delivered; what is left the workers deliver", err=True)
    if failed:
        raise KabarError(f"{failed[0]} (the workers try again; see kabar dead list)")


def _found(alert: Alert | None, name: str) -> Alert:
    if alert is None:
        raise Misuse(f"no alert {name!r} (kabar alerts list shows them)")
    return alert


def _asked(alert: Alert) -> str:
    narrowed = (f"--{key} {value}" for key, value in (("site", alert.site), ("entity", alert.entity)) if value)
    return " ".join([one_line(alert.query), *narrowed]).strip()


def _shown(alert: Alert) -> dict[str, Any]:
    """What may be shown of an alert."""
    facts: dict[str, Any] = msgspec.to_builtins(alert)
    facts |= {"every": alert.every, "origin": alert.origin, "headers": sorted(alert.headers)}
    if alert.webhook:
        facts["webhook"] = alert.target("webhook").partition(" ")[2]
    return facts
