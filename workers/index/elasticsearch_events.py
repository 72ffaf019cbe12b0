"""Reports of polls where Kibana finds them: an index a day behind the alias `{prefix}-feed-events`.

Append-only. A report goes into the index of its own day under its own id, so that one that is written again, even days
later, is the same document. Old days go whole: by ILM where the cluster has it, else by the workers' sweep.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

import msgspec
import structlog
from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from workers.errors import KabarError, StoreUnavailable
from workers.index import elasticsearch_bulk as bulk
from workers.index.elasticsearch_errors import SETUP_HINT, translated
from workers.index.elasticsearch_templates import Template
from workers.reports import PollReport

NO_ILM = (400, 404, 405)  # what a cluster without it answers: it knows no such address
log = structlog.get_logger(__name__)


class Events:
    """The days' indices of one deployment; `days` of them are kept."""

    def __init__(self, client: Elasticsearch, alias: str, days: int) -> None:
        self._client, self._alias, self._days = client, alias, days

    def index_of(self, at: datetime) -> str:
        """Return the name of the index that holds what happened at `at`."""
        return f"{self._alias}-{at.astimezone(UTC):%Y.%m.%d}"

    def add(self, reports: Sequence[PollReport], now: datetime, max_bytes: int, max_items: int) -> None:
        """Write `reports` in bounded requests. Raises StoreUnavailable at the first that failed."""
        oldest = self._oldest(now)
        kept = [report for report in reports if report.at.astimezone(UTC).date() >= oldest]
        for name, group in groupby(sorted(kept, key=lambda report: report.at), lambda report: self.index_of(report.at)):
            self.create(name)
            items = [item for report in group if (item := _item(report)) is not None]
            for chunk in bulk.chunks(items, max_bytes, max_items):
                self._judge(bulk.send(self._client, name, chunk, alias=False))

    def create(self, name: str) -> bool:
        """Create a day's index by the template; False when it was there.

        Raises StoreUnavailable("no_alias") when there is no template: an index with a guessed mapping must never be.
        """
        with translated(f"index {name}"):
            if self._client.indices.exists(index=name):
                return False
            if not self._client.indices.exists_index_template(name=self._alias):
                raise StoreUnavailable(
                    f"Elasticsearch: template {self._alias} is missing; {SETUP_HINT}", reason="no_alias"
                )
        try:
            with translated(f"index {name}"):
                self._client.indices.create(index=name)
        except KabarError as error:
            if isinstance(error.__cause__, BadRequestError) and "resource_already_exists" in str(error):
                return False  # by another process, just now
            raise StoreUnavailable(str(error), reason="no_index") from error
        return True

    def forget(self, now: datetime) -> list[str]:
        """Delete the days before those that are kept, unless ILM looks after them; return their indices."""
        gone = []
        with translated("old events"):
            found: Mapping[str, Any] = self._client.indices.get_settings(
                index=f"{self._alias}-*",
                allow_no_indices=True,
                filter_path=["*.settings.index.uuid", "*.settings.index.lifecycle.name"],
            ).body
            for name, settings in found.items():
                day = _day(name.removeprefix(f"{self._alias}-"))
                if day is not None and day < self._oldest(now) and "lifecycle" not in settings["settings"]["index"]:
                    self._client.options(ignore_status=404).indices.delete(index=name)
                    gone.append(name)
        return gone

    def _oldest(self, now: datetime) -> date:
        return now.astimezone(UTC).date() - timedelta(days=self._days)

    def _judge(self, outcomes: Sequence[Any]) -> None:
        for outcome in outcomes:
            if outcome.result == "rejected":
                log.warning("poll_not_shown", id=outcome.id, error=outcome.error)
            elif outcome.result == "failed":
                raise StoreUnavailable(
                    f"Elasticsearch, events: {outcome.error}", reason=outcome.reason, retry_after=outcome.retry_after
                )


def put_policy(client: Elasticsearch, name: str, days: int) -> tuple[bool, list[str]]:
    """Have ILM delete an event index when its last day is over; tell whether there is ILM, and what was done."""
    phases: dict[str, dict[str, Any]] = {
        "hot": {"actions": {"set_priority": {"priority": 10}}},
        "delete": {"min_age": f"{days + 1}d", "actions": {"delete": {}}},
    }
    asking = client.options(ignore_status=NO_ILM)
    with translated("ILM"):
        if "operation_mode" not in asking.ilm.get_status().body:
            return False, []
        found = asking.ilm.get_lifecycle(name=name).body.get(name, {})
        there = found.get("policy", {}).get("phases", {})
        if there.get("delete", {}).get("min_age") == phases["delete"]["min_age"] and "hot" in there:
            return True, []
        client.ilm.put_lifecycle(name=name, policy={"phases": phases})
    return True, [f"ILM policy {name}: events are deleted after {days} days"]


def with_policy(template: Template) -> Template:
    """Return `template` with ILM looking after the indices made by it; the stamp stays that of the file."""
    inner = template.body["template"]
    settings = {**inner["settings"], "index.lifecycle.name": template.name}
    return Template(template.name, {**template.body, "template": {**inner, "settings": settings}}, template.stamp)


def set_up(client: Elasticsearch, template: Template, now: datetime, days: int) -> list[str]:
    """Create today's index, or give it the fields that are new in `template`; return lines of what was done."""
    events = Events(client, template.name, days)
    today = events.index_of(now)
    if events.create(today):
        return [f"index {today}: created behind {template.name}"]
    with translated(f"mapping of {today}"):
        there = client.indices.get_mapping(index=today).body[today]["mappings"].get("properties", {})
    wanted = template.mappings["properties"]
    if all(there.get(field) == wanted[field] for field in wanted):
        return []
    try:
        with translated(f"mapping of {today}"):
            client.indices.put_mapping(index=today, properties=wanted)
    except KabarError as error:
        if not isinstance(error.__cause__, BadRequestError):
            raise
        return [f"index {today}: keeps its mapping; tomorrow's has the new one"]
    return [f"index {today}: new fields added"]


def check(client: Elasticsearch, alias: str) -> list[str]:
    """Return a line when no index is behind the alias."""
    try:
        with translated("alias look-up"):
            client.indices.get_alias(name=alias)
    except KabarError as error:
        if isinstance(error.__cause__, NotFoundError):
            return [f"alias {alias} is missing: run `kabar index init`"]
        raise
    return []


def _item(report: PollReport) -> bulk.Item | None:
    try:
        source = msgspec.json.encode(report)
    except UnicodeEncodeError as error:
        log.warning("poll_not_shown", id=ascii(report.id), error=f"a lone surrogate in it ({error.reason})")
        return None
    return bulk.Item(0, report.id, msgspec.json.encode({"create": {"_id": report.id}}), source)


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y.%m.%d").replace(tzinfo=UTC).date()
    except ValueError:  # no index of ours
        return None
