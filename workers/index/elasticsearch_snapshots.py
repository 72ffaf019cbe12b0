"""Snapshots: the repository they lie in, the policy by which the cluster takes them (SLM), how the last one went."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from elasticsearch import Elasticsearch
from msgspec import Struct

from workers.errors import Misuse
from workers.index.elasticsearch_errors import translated
from workers.ports import Snapshots

NO_SLM = (400, 404, 405)  # what a cluster without it, or without the policy, answers
SCHEDULE = "0 30 1/6 * * ?"  # at 01:30, 07:30, 13:30 and 19:30 UTC: what is taken holds only what changed since
RETENTION = {"expire_after": "14d", "min_count": 4, "max_count": 60}


class Repository(Struct, frozen=True):
    """Where snapshots go. `location`: a folder below the cluster's path.repo; "" when `name` is registered already."""

    name: str
    location: str = ""


def set_up(client: Elasticsearch, prefix: str, repository: Repository) -> list[str]:
    """Register the repository and have the cluster take snapshots by itself; return lines of what was done.

    Raises Misuse when there is no such repository.
    """
    done = []
    with translated("snapshot repository"):
        if repository.location:
            settings = {"location": repository.location, "compress": True}
            client.snapshot.create_repository(name=repository.name, repository={"type": "fs", "settings": settings})
            done.append(f"snapshots: repository {repository.name} in {repository.location}")
        elif (
            not client.options(ignore_status=404)
            .snapshot.get_repository(name=repository.name)
            .body.get(repository.name)
        ):
            raise Misuse(
                f"KABAR_SNAPSHOT_REPOSITORY: the cluster has no repository {repository.name!r}: register it, or give "
                "KABAR_SNAPSHOT_LOCATION"
            )
    with translated("snapshot policy"):
        if "operation_mode" not in client.options(ignore_status=NO_SLM).slm.get_status().body:
            return [*done, "snapshots: this cluster takes none by itself (no SLM): have a cron job take them"]
        client.slm.put_lifecycle(
            policy_id=prefix,
            name=f"<{prefix}-{{now/d}}>",
            schedule=SCHEDULE,
            repository=repository.name,
            config={"indices": [f"{prefix}-*"], "include_global_state": False},
            retention=RETENTION,
        )
    return [*done, f"snapshots: policy {prefix}, every 6 hours into {repository.name}, kept 14 days"]


def last(client: Elasticsearch, prefix: str) -> Snapshots | None:
    """Return how the policy's snapshots are doing; None when there is no policy. Raises StoreUnavailable."""
    with translated("snapshot policy"):
        found = client.options(ignore_status=NO_SLM).slm.get_lifecycle(policy_id=prefix).body.get(prefix)
        if not isinstance(found, dict):
            return None
        good, bad = _time(found.get("last_success")), _time(found.get("last_failure"))
        failed = bad if bad and (good is None or bad > good) else None
        error = str((found.get("last_failure") or {}).get("details", ""))[:300] if failed else ""
        return Snapshots(repository=str(found["policy"]["repository"]), last=good, failed=failed, error=error)


def _time(run: dict[str, Any] | None) -> datetime | None:
    return datetime.fromtimestamp(run["time"] / 1000, UTC) if run else None
