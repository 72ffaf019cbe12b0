"""What a receiver gets: JSON for a webhook, a mail, a line of the log. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

import msgspec
from msgspec import Struct

from workers.alert.alerts import Alert
from workers.alert.matching import Match
from workers.model import Hit

TITLE = 150  # characters of a title in a subject


class Told(Struct, frozen=True, kw_only=True):
    """One match as it is told: the hit without its score, which means nothing outside one search."""

    id: str
    url: str
    title: str
    site: str
    published_at: datetime
    snippet: str
    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    duplicate_of: str | None = None
    edited: bool = False  # only an edit of the article made it match


class Body(Struct, frozen=True, kw_only=True):
    """What is POSTed to a webhook."""

    alert: str
    query: str
    idempotency_key: str
    matches: tuple[Told, ...]


def told(match: Match) -> bytes:
    """Return a match as JSON."""
    return msgspec.json.encode(told_of(match.hit, edited=match.edited))


def told_of(hit: Hit, *, edited: bool = False) -> Told:
    """Return how a hit is told."""
    return msgspec.convert({**{name: getattr(hit, name) for name in hit.__struct_fields__}, "edited": edited}, Told)


def read_matches(data: bytes) -> tuple[Told, ...]:
    """Return the matches of a message, newest first. Raises msgspec.DecodeError."""
    found = msgspec.json.decode(data, type=tuple[Told, ...])
    return tuple(sorted(found, key=lambda one: (one.published_at, one.id), reverse=True))


def webhook_body(alert: Alert, key: str, matches: Sequence[Told]) -> bytes:
    """Return the POST's body."""
    return msgspec.json.encode(Body(alert=alert.name, query=alert.query, idempotency_key=key, matches=tuple(matches)))


def mail(alert: Alert, key: str, matches: Sequence[Told], *, sender: str, made_at: datetime) -> EmailMessage:
    """Return the mail; the same one for every try: Message-ID and Date come from when it was made."""
    message = EmailMessage()
    message["From"] = Address("Kabar", addr_spec=sender)
    message["To"] = tuple(Address(addr_spec=one) for one in alert.mail)
    message["Subject"] = subject(alert, matches)
    message["Date"] = format_datetime(made_at.astimezone(UTC))
    message["Message-ID"] = f"<{key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message["X-Kabar-Alert"] = alert.name
    shown = "\n\n".join(_lines(one) for one in matches)
    message.set_content(f"{shown}\n\n-- \nKabar, alert {alert.name}: {one_line(alert.query)}\n")
    return message


def subject(alert: Alert, matches: Sequence[Told]) -> str:
    """Return what a message is about in one line."""
    if len(matches) == 1:
        return f"[{alert.name}] {one_line(matches[0].title)[:TITLE]}"
    return f"[{alert.name}] {len(matches)} articles"


def _lines(one: Told) -> str:
    note = "  (after an edit)" if one.edited else ""
    lines = [
        one_line(one.title) or "(no title)",
        f"{one.site} · {one.published_at:%Y-%m-%d %H:%M} UTC{note}",
        one_line(one.snippet),
        one_line(one.url),
    ]
    return "\n".join(filter(None, lines))


def one_line(text: str) -> str:
    """Return `text` without line breaks and controls: a page's title is a stranger's text."""
    kept = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text if not "\ud800" <= c <= "\udfff"
    )
    return " ".join(kept.split())
