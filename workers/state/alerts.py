"""Saved searches in Redis: what they are, what they have told, and the messages on their way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from workers.alert.alerts import Alert
from workers.errors import Misuse
from workers.model import digest
from workers.state.scripts import PREFIX, Scripts, translated

MOST_ALERTS = 10_000
KEPT_MS = 30 * 86_400_000  # how long an alert remembers what it told
MOST_TOLD = 20_000  # articles that an alert remembers: one that matches more in a month is no alert
MOST_WAITING = 100_000  # messages; above it no article is looked at until some are delivered
CONNECTIONS = 4  # messages to one receiver at once: a slow one must not take every thread
MATCHES_A_MESSAGE = 500
DIGESTS_AT_ONCE = 20


class News(Struct, frozen=True, kw_only=True):
    """An article that alerts shall look at, ours until a time that names the claim."""

    article_id: str
    ours_until: int
    claims: int


class Telling(Struct, frozen=True, kw_only=True):
    """What one alert tells of an article: `match` is JSON."""

    alert: Alert
    match: bytes


class Delivery(Struct, frozen=True, kw_only=True):
    """A message on its way. `id` is its idempotency key, the same for every try; `matches`: a JSON list."""

    id: str
    token: str
    claims: int
    failures: int
    alert: str
    channel: str
    matches: bytes
    made_at: datetime


class Alerts:
    """The saved searches and their messages."""

    def __init__(
        self, scripts: Scripts, *, lease: float, redispatch: float, max_claims: int, longest_wait: float
    ) -> None:
        self._run = scripts.run
        self._client = scripts.client
        self._lease, self._redispatch = int(lease * 1000), int(redispatch * 1000)
        self._longest = int(longest_wait * 1000)
        self.max_claims = max_claims

    def put(self, alert: Alert) -> bool:
        """Register an alert or change it; True when it is new. Raises Misuse when there are too many."""
        done = int(self._run("put_alert", alert.name, msgspec.json.encode(alert), MOST_ALERTS))
        if done < 0:
            raise Misuse(f"{MOST_ALERTS:,} alerts are registered: remove one first")
        return bool(done)

    def remove(self, name: str) -> bool:
        """Forget an alert, what it told and what it was about to tell; False when there is none."""
        return bool(self._run("remove_alert", name))

    def get(self, name: str) -> Alert | None:
        """Return one, or None."""
        with translated():
            record: Any = self._client.hget(PREFIX + "alerts", name)
        return _read(record) if record else None

    def all(self) -> list[Alert]:
        """Return every alert, by name."""
        with translated():
            found: Any = self._client.hgetall(PREFIX + "alerts")
        return sorted((alert for record in found.values() if (alert := _read(record))), key=lambda alert: alert.name)

    def register(self, listed: Sequence[Alert], keep: Collection[str] = ()) -> int:
        """Make the alerts of the operator's file exactly `listed`; return how many are new. Those made by command stay.

        Those called as in `keep` stay what they were. Raises Misuse when both have one of the same name.
        """
        present = {alert.name: alert for alert in self.all()}
        wrong = [alert.name for alert in listed if alert.name in present and present[alert.name].origin != "file"]
        if wrong:
            raise Misuse(f"alerts.toml: {', '.join(wrong)}: added by command before: remove it, or rename this one")
        for gone in present.keys() - {alert.name for alert in listed}:
            if present[gone].origin == "file" and gone not in keep:
                self.remove(gone)
        return sum(self.put(alert) for alert in listed)

    def figures(self, name: str) -> dict[str, int]:
        """Return how many articles an alert has told of within the time it remembers, and how many it gathers."""
        with translated():
            pipeline = self._client.pipeline(transaction=False)
            pipeline.zcard(f"{PREFIX}told:{name}")
            pipeline.hlen(f"{PREFIX}digest:{name}")
            told, gathering = pipeline.execute()
        return {"told": told, "gathering": gathering}

    def waiting(self) -> dict[str, int]:
        """Return how many articles are to be looked at and how many messages are on their way."""
        with translated():
            pipeline = self._client.pipeline(transaction=False)
            pipeline.zcard(PREFIX + "news")
            pipeline.zcard(PREFIX + "deliver")
            news, deliveries = pipeline.execute()
        return {"news": news, "deliveries": deliveries}

    def busy(self, near: float) -> bool:
        """Return whether articles are to be looked at, or messages due within `near` seconds."""
        with translated():
            seconds, _ = self._time()
            pipeline = self._client.pipeline(transaction=False)
            pipeline.zcard(PREFIX + "news")
            pipeline.zcount(PREFIX + "deliver", "-inf", int((int(seconds) + near) * 1000))
            return any(pipeline.execute())

    def told(self, name: str, ids: Sequence[str]) -> set[str]:
        """Return which of the articles `ids` an alert has told of."""
        if not ids:
            return set()
        with translated():
            scores: Any = self._client.zmscore(f"{PREFIX}told:{name}", list(ids))
        return {one for one, score in zip(ids, scores, strict=True) if score is not None}

    def claim_news(self, limit: int) -> list[News]:
        """Take up to `limit` articles to look at; another gets them when nothing was committed within the lease."""
        rows = self._run("claim_news", limit, self._lease, MOST_WAITING)
        return [News(article_id=row[0].decode(), ours_until=int(row[1]), claims=int(row[2])) for row in rows]

    def release_news(self, news: Iterable[News], delay: float = 0) -> None:
        """Give articles back, to be looked at after `delay` seconds."""
        flat = [part for one in news for part in (one.article_id, one.ours_until)]
        if flat:
            self._run("release_news", int(delay * 1000), *flat)

    def commit(self, news: News, story: str, tellings: Iterable[Telling]) -> int:
        """End the look at an article; returns how many of `tellings` were not told before: they go on their way.

        `story`: the article it is a copy of, or its own id: a story is told once.
        """
        flat: list[str | bytes | int] = []
        for one in tellings:
            channels = one.alert.channels
            flat += [one.alert.name, one.alert.every, one.match, len(channels)]
            for channel in channels:
                flat += [channel, delivery_id(one.alert.name, channel, news.article_id)]
        return int(self._run("commit_news", news.article_id, news.ours_until, story, KEPT_MS, MOST_TOLD, *flat))

    def bury_news(self, news: News, letter_id: str, record: bytes, cap: int) -> bool:
        """Make a dead letter of an article that can't be looked at."""
        return bool(self._run("bury_news", news.article_id, news.ours_until, letter_id, record, cap))

    def cut_digests(self, alerts: Iterable[Alert]) -> int:
        """Make messages of what alerts have gathered where it is time; returns how many."""
        flat = [part for one in alerts for part in (one.name, one.every, ",".join(one.channels))]
        return int(self._run("cut_digests", MATCHES_A_MESSAGE, DIGESTS_AT_ONCE, *flat))

    def dispatch(self, limit: int) -> list[str]:
        """Hand out up to `limit` messages that may be delivered now; not again before the redispatch time."""
        return [one.decode() for one in self._run("dispatch", "deliver", limit, self._redispatch)]

    def peek(self, delivery: str) -> tuple[str, str] | None:
        """Return a message's alert and channel."""
        with translated():
            alert, channel = self._fields(f"{PREFIX}delivery:{delivery}", ["alert", "channel"])
        return (alert.decode(), channel.decode()) if alert else None

    def claim(self, delivery: str, token: str, target: str) -> Delivery | None:
        """Take a message for its target; None when it is another's, not yet due, or its target has enough."""
        receiver = digest(target)  # a list of addresses would make a long key
        row = self._run("claim_delivery", delivery, token, self._lease, receiver, CONNECTIONS, self._longest)
        if not row:
            return None
        return Delivery(
            id=delivery,
            token=token,
            claims=int(row[0]),
            failures=int(row[1]),
            alert=row[2].decode(),
            channel=row[3].decode(),
            matches=row[4],
            made_at=datetime.fromtimestamp(int(row[5]) / 1000, UTC),
        )

    def delivered(self, one: Delivery) -> bool:
        """The receiver has it."""
        return bool(self._run("end_delivery", one.id, one.token, "delivered"))

    def drop(self, one: Delivery) -> bool:
        """Nobody wants it any more."""
        return bool(self._run("end_delivery", one.id, one.token, "dropped"))

    def retry(self, one: Delivery, delay: float, error: str, *, counted: bool = True, rest: float = 0) -> bool:
        """Deliver it after `delay` seconds; its target is left alone for `rest` seconds."""
        arguments = (int(delay * 1000), int(counted), error, int(rest * 1000))
        return bool(self._run("end_delivery", one.id, one.token, "retry", *arguments))

    def bury(self, one: Delivery, record: bytes, cap: int) -> bool:
        """Make it a dead letter, which can be replayed under the same key."""
        return bool(self._run("bury_delivery", one.id, one.token, record, cap))

    def _time(self) -> Any:
        return self._client.time()

    def _fields(self, key: str, names: list[str]) -> Any:
        return self._client.hmget(key, names)


def delivery_id(alert: str, channel: str, article_id: str) -> str:
    """Return the idempotency key of a message about one article."""
    return digest("delivery", alert, channel, article_id)


def _read(record: bytes) -> Alert | None:
    """What was written, None for what another version of Kabar wrote."""
    try:
        return msgspec.json.decode(record, type=Alert)
    except msgspec.DecodeError:
        return None
