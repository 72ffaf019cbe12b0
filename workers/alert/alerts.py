"""Saved searches as the operator writes them: checked, all problems at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from workers.errors import KabarError, Misuse
from workers.fetch.answers import request_headers
from workers.fetch.targets import parse as parse_address
from workers.index.query import check
from workers.model import Query

Channel = Literal["webhook", "mail", "log"]
Origin = Literal["file", "command"]
MAX_BYTES = 5_000_000  # of the file
MAX_RECIPIENTS = 50
MAX_EVERY = 86_400  # seconds
MAIL_EVERY = 600  # seconds between two mails when the alert does not say
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_TEXTS = ("name", "query", "site", "entity", "webhook")
_SETTINGS = (*_TEXTS, "mail", "log", "every", "headers")


class Alert(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One saved search and where its matches go."""

    name: str
    query: str = ""
    site: str = ""
    entity: str = ""
    webhook: str = ""  # address that gets a POST
    headers: dict[str, str] = {}  # of that POST, e.g. Authorization
    mail: tuple[str, ...] = ()
    log: bool = False
    every: int = 0  # seconds between two messages at least, matches gathered; 0: a message for each article
    origin: Origin = "command"
    names: dict[str, str] = {}  # what documents called those it names, when it was registered

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The ways its matches go."""
        given: tuple[tuple[Channel, bool], ...] = (
            ("webhook", bool(self.webhook)),
            ("mail", bool(self.mail)),
            ("log", self.log),
        )
        return tuple(channel for channel, on in given if on)

    def asked(self, *, limit: int, offset: int = 0) -> Query:
        """The search it stands for."""
        entity = self.names.get(self.entity, self.entity)
        return Query(
            text=self.query,
            site=self.site,
            entity=entity,
            names=self.names,
            suggest=False,
            limit=limit,
            offset=offset,
        )

    def target(self, channel: str) -> str:
        """Return who is bothered by a message, for pacing and for people: never a path or a key of a webhook."""
        if channel == "webhook":
            return f"webhook {urlsplit(self.webhook).hostname}"
        return f"mail {', '.join(self.mail)}" if channel == "mail" else "log"


def load_alerts(path: Path) -> list[Alert]:
    """Return the alerts of a TOML file, [] when there is none. Raises Misuse naming the file and every problem."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Misuse(f"{path}: {error.strerror or error}") from error
    if len(data) > MAX_BYTES:
        raise Misuse(f"{path}: more than {MAX_BYTES:,} bytes are no list of alerts")
    try:
        document = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Misuse(f"{path}: not TOML: {error}") from error
    rows = document.get("alerts", [])
    problems = [f"{key!r}: no such table; alerts are [[alerts]]" for key in document if key != "alerts"]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Misuse(f"{path}: alerts must be [[alerts]] tables")
    return alerts_from(rows, str(path), "file", problems)


def alerts_from(
    rows: Iterable[Mapping[str, Any]], name: str, origin: Origin, problems: list[str] | None = None
) -> list[Alert]:
    """Return the alerts that `rows` describe. Raises Misuse with `problems` and all of theirs."""
    problems = list(problems or [])
    alerts: dict[str, Alert] = {}
    for number, row in enumerate(rows, 1):
        wrong = _problems(row)
        if not wrong:
            alert = _alert(row, origin)
            wrong = [f"{alert.name}: there are two of this name"] if alert.name in alerts else []
            alerts[alert.name] = alert
        where = f"alert {number} ({str(row.get('name', ''))[:64]})"
        problems += [f"{where}: {problem}" for problem in wrong]
    if problems:
        raise Misuse(f"{name}:\n" + "\n".join(f"  {problem}" for problem in problems))
    return list(alerts.values())


def _alert(row: Mapping[str, Any], origin: Origin) -> Alert:
    every = MAIL_EVERY if row.get("mail") else 0
    given = {**row, "mail": tuple(dict.fromkeys(row.get("mail", ()))), "every": row.get("every", every)}
    return msgspec.convert({**given, "origin": origin}, Alert)


def _problems(row: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with one alert's settings."""
    wrong = [f"{key}: no such setting" for key in row if key not in _SETTINGS]
    wrong += [f"{key}: must be a text" for key in _TEXTS if not isinstance(row.get(key, ""), str)]
    every, mail, headers = row.get("every", 0), row.get("mail", []), row.get("headers", {})
    if isinstance(every, bool) or not isinstance(every, int) or not 0 <= every <= MAX_EVERY:
        wrong.append(f"every: must be whole seconds, 0 to {MAX_EVERY:,}")
    if not isinstance(row.get("log", False), bool):
        wrong.append("log: must be true or false")
    if not isinstance(mail, list | tuple) or not all(isinstance(one, str) and _MAIL.fullmatch(one) for one in mail):
        wrong.append('mail: must be a list of addresses like ["redaksi@contoh.id"]')
    elif len(mail) > MAX_RECIPIENTS:
        wrong.append(f"mail: {len(mail)} addresses, at most {MAX_RECIPIENTS}")
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        wrong.append("headers: must be a table of texts")
    return wrong or _meaning_problems(row)


def _meaning_problems(row: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with settings whose types are right."""
    wrong: list[str] = []
    if not _NAME.fullmatch(row.get("name", "")):
        wrong.append("name: must be up to 64 of a-z, 0-9, dot, hyphen and underscore, a letter or digit first")
    if not any(row.get(key, "").strip() for key in ("query", "site", "entity")):
        wrong.append("query: must not be empty: every article would match")
    if not (row.get("webhook") or row.get("mail") or row.get("log")):
        wrong.append("webhook, mail or log: one must be given")
    try:
        check(Query(text=row.get("query", ""), site=row.get("site", ""), entity=row.get("entity", "")))
        if row.get("webhook"):
            parse_address(row["webhook"])
        request_headers({}, row.get("headers", {}))
    except KabarError as error:
        wrong.append(str(error))
    return wrong
