"""Saved searches as the operator writes them: checked, all problems at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from workers.errors import KabarError, Misuse
from workers.fetch.answers import request_headers
from workers.fetch.targets import parse as parse_address
from workers.index.fields import FIRST
from workers.index.query import check
from workers.model import Query

Channel = Literal["webhook", "mail", "log"]
Origin = Literal["file", "command"]
MAX_BYTES = 5_000_000  # of the file
MAX_RECIPIENTS = 50
MAX_EVERY = 86_400  # seconds
MAIL_EVERY = 600  # seconds between two mails when the alert does not say
_HEADER = re.compile(r"\s*\[\[\s*[\"']?alerts[\"']?\s*\]\]")
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


class Listed(Struct, frozen=True):
    """What a file lists: the alerts that are well, what is wrong with the others, and the names of those."""

    alerts: list[Alert]
    problems: list[str] = []
    wrong: frozenset[str] = frozenset()


def load_alerts(path: Path) -> Listed:
    """Return the alerts of a TOML file, none when there is no file; each problem names its line.

    Raises Misuse when the file can't be read at all.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return Listed([])
    except OSError as error:
        raise Misuse(f"{path}: {error.strerror or error}") from error
    if len(data) > MAX_BYTES:
        raise Misuse(f"{path}: more than {MAX_BYTES:,} bytes are no list of alerts")
    try:
        text = data.decode("utf-8-sig")
        document = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Misuse(f"{path}: not TOML: {error}") from error
    rows = document.get("alerts", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Misuse(f"{path}: alerts must be [[alerts]] tables")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _HEADER.match(line)]
    places = [f"line {line}, " for line in lines] if len(lines) == len(rows) else [""] * len(rows)
    listed = _sorted_out(rows, "file", [f"{path}: {place}" for place in places])
    strange = [f"{path}: {key!r}: no such table; alerts are [[alerts]]" for key in document if key != "alerts"]
    return Listed(listed.alerts, [*strange, *listed.problems], listed.wrong)


def alerts_from(rows: Sequence[Mapping[str, Any]], name: str, origin: Origin) -> list[Alert]:
    """Return the alerts that `rows` describe. Raises Misuse with all that is wrong with them."""
    listed = _sorted_out(rows, origin, [""] * len(rows))
    if listed.problems:
        raise Misuse(f"{name}:\n" + "\n".join(f"  {problem}" for problem in listed.problems))
    return listed.alerts


def _sorted_out(rows: Sequence[Mapping[str, Any]], origin: Origin, places: Sequence[str]) -> Listed:
    """Return what is well and what is wrong; `places` is where each row stands, for people."""
    alerts: dict[str, Alert] = {}
    problems: list[str] = []
    wrong: set[str] = set()
    for number, (row, place) in enumerate(zip(rows, places, strict=True), 1):
        found = _problems(row)
        if not found and row["name"] in alerts:
            found = [f"{row['name']}: there are two of this name"]
        elif not found:
            alerts[row["name"]] = _alert(row, origin)
        else:
            wrong.add(str(row.get("name", "")))
        problems += [f"{place}alert {number} ({str(row.get('name', ''))[:64]}): {problem}" for problem in found]
    return Listed(list(alerts.values()), problems, frozenset(wrong - alerts.keys()))


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
        asked = Query(text=row.get("query", ""), site=row.get("site", ""), entity=row.get("entity", ""))
        check(asked, FIRST)  # whether it can be asked is the same at any time
        if row.get("webhook"):
            parse_address(row["webhook"])
        request_headers({}, row.get("headers", {}))
    except KabarError as error:
        wrong.append(str(error))
    return wrong
