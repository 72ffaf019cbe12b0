"""Users and rights in the cluster, for `kabar setup search`: Kibana's password, the workers' role and user.

Every step states how things must be, so running it again changes nothing but passwords that changed.
API: https://www.elastic.co/docs/api/doc/elasticsearch/group/endpoint-security
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from msgspec import Struct

from workers.errors import Misuse, Permanent
from workers.operate.rest import Answer, Rest

SHORTEST_PASSWORD = 6  # Elasticsearch refuses shorter ones


class Accounts(Struct, frozen=True):
    """What shall exist. `kibana_password` "" leaves Kibana's user alone (a cluster without Kibana)."""

    worker_username: str
    worker_password: str
    kibana_password: str
    index_prefix: str


def secure(rest: Rest, accounts: Accounts, *, required: bool) -> list[str]:
    """Create or renew the accounts as the cluster's administrator; return one line per thing done.

    `required` False tolerates a cluster without a security API: nothing is done and the line says so.
    Raises Misuse on a missing or short password, Permanent("no_security") when the API is missing though required,
    Permanent when the cluster refuses a step, Transient when it does not answer.
    """
    if not _has_security(rest):
        if required:
            raise Permanent(
                f"{rest.url} has no security: anyone who reaches it may read and delete everything. Switch security on "
                "(xpack.security.enabled), or set KABAR_SEARCH_SECURITY=off if nobody can reach it",
                reason="no_security",
            )
        return ["security: none in this cluster, and KABAR_SEARCH_SECURITY=off allows that"]
    _check(accounts)
    return _kibana_user(rest, accounts) + _worker(rest, accounts)


def worker_role(index_prefix: str) -> dict[str, Any]:
    """Return the role of the workers: articles, versions, dead letters in and out, figures; no index made or deleted.

    The template and `read_slm` rights let `kabar doctor` see drift and backups; `maintenance` is refresh. Only events
    come and go by index, one a day.
    """
    return {
        "cluster": ["monitor", "indices:admin/index_template/get", "read_slm"],
        "indices": [
            {
                "names": [f"{index_prefix}-*"],
                "privileges": ["read", "index", "delete", "maintenance", "monitor", "view_index_metadata"],
            },
            {"names": [f"{index_prefix}-feed-events-*"], "privileges": ["create_index", "delete_index"]},
        ],
    }


def _kibana_user(rest: Rest, accounts: Accounts) -> list[str]:
    if not accounts.kibana_password:
        return []
    answer = rest.send(
        "POST", "/_security/user/kibana_system/_password", json_body={"password": accounts.kibana_password}
    )
    _expect(answer, "setting kibana_system's password")
    return ["security: kibana_system has its password"]


def _worker(rest: Rest, accounts: Accounts) -> list[str]:
    name = accounts.worker_username
    segment = quote(name, safe="")
    role = worker_role(accounts.index_prefix)
    user = {"password": accounts.worker_password, "roles": [name], "full_name": "Kabar's workers"}
    _expect(rest.send("PUT", f"/_security/role/{segment}", json_body=role), f"role {name}")
    _expect(rest.send("PUT", f"/_security/user/{segment}", json_body=user), f"user {name}")
    return [f"security: user {name} may read and write {accounts.index_prefix}-*, nothing else"]


def _has_security(rest: Rest) -> bool:
    """Ask who we are. Without the security plugin Elasticsearch knows no such address (400, 404 or 405)."""
    answer = rest.send("GET", "/_security/_authenticate")
    if answer.status == 200 and "username" in answer.body:
        return True
    if answer.status in (400, 404, 405):
        return False
    raise Permanent(
        f"{rest.url}: is this Elasticsearch? It answers {answer.status}: {answer.quote}", reason="not_elasticsearch"
    )


def _check(accounts: Accounts) -> None:
    wanted = {"KABAR_SEARCH_WORKER_PASSWORD": accounts.worker_password}
    if accounts.kibana_password:
        wanted["KABAR_KIBANA_SYSTEM_PASSWORD"] = accounts.kibana_password
    problems = [
        f"{name} needs at least {SHORTEST_PASSWORD} characters"
        for name, value in wanted.items()
        if len(value) < SHORTEST_PASSWORD
    ]
    if accounts.worker_username in ("", "elastic", "kibana_system"):
        problems.append("KABAR_SEARCH_WORKER_USERNAME must be a name of its own, not the cluster's")
    if problems:
        raise Misuse("; ".join(problems))


def _expect(answer: Answer, step: str) -> None:
    if answer.status not in (200, 201):
        raise Permanent(f"{step}: the cluster answers {answer.status}: {answer.quote}", reason=f"http_{answer.status}")
