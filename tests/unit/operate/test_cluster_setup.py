import json

import pytest

from workers.errors import Misuse, Permanent, Transient
from workers.operate.setup import Accounts, secure

ACCOUNTS = Accounts(
    worker_username="kabar_worker", worker_password="worker-word", kibana_password="kibana-word", index_prefix="kabar"
)
KIBANA = "/_security/user/kibana_system/_password"
ROLE, USER = "/_security/role/kabar_worker", "/_security/user/kabar_worker"


@pytest.fixture
def cluster(server):
    server.on("GET", "/_security/_authenticate", (200, {"username": "elastic"}))
    server.on("POST", KIBANA, (200, {}))
    server.on("PUT", ROLE, (200, {"role": {"created": True}}), (200, {"role": {"created": False}}))
    server.on("PUT", USER, (200, {"created": True}), (200, {"created": False}))
    return server


def test_the_accounts_are_made_with_least_rights(cluster):
    lines = secure(cluster.rest(), ACCOUNTS, required=True)
    assert json.loads(cluster.bodies("POST", KIBANA)[0]) == {"password": "kibana-word"}
    role = json.loads(cluster.bodies("PUT", ROLE)[0])
    assert [one["names"] for one in role["indices"]] == [["kabar-*"], ["kabar-feed-events-*"]]
    granted = set(role["indices"][0]["privileges"]) | set(role["cluster"])
    assert not granted & {"all", "manage", "create_index", "delete_index", "manage_security", "manage_index_templates"}
    # the days of events come and go with the workers, nothing else does
    assert set(role["indices"][1]["privileges"]) == {"create_index", "delete_index"}
    # documents and dead letters are written, found, deleted and refreshed
    assert granted >= {"read", "index", "delete", "maintenance"}
    assert json.loads(cluster.bodies("PUT", USER)[0])["roles"] == ["kabar_worker"]
    assert not any("-word" in line for line in lines)


def test_a_second_run_does_the_same(cluster):
    assert secure(cluster.rest(), ACCOUNTS, required=True) == secure(cluster.rest(), ACCOUNTS, required=True)


def test_no_kibana_password_leaves_its_user_alone(cluster):
    secure(cluster.rest(), Accounts("kabar_worker", "worker-word", "", "kabar"), required=True)
    assert cluster.bodies("POST", KIBANA) == []


def test_a_cluster_without_security_fails_unless_allowed(server):
    with pytest.raises(Permanent, match="KABAR_SEARCH_SECURITY=off") as caught:
        secure(server.rest(), ACCOUNTS, required=True)
    assert caught.value.reason == "no_security"
    assert "none in this cluster" in secure(server.rest(), ACCOUNTS, required=False)[0]
    assert {method for method, *_ in server.asked} == {"GET"}


def test_off_does_not_skip_a_cluster_that_has_security(cluster):
    secure(cluster.rest(), ACCOUNTS, required=False)
    assert cluster.bodies("PUT", USER)


def test_a_wrong_administrator_password_ends_at_once(cluster):
    with pytest.raises(Permanent) as caught:
        secure(cluster.rest(password="wrong"), ACCOUNTS, required=True)
    assert caught.value.reason == "wrong_password"
    assert len(cluster.asked) == 1


@pytest.mark.parametrize(
    ("path", "step"),
    [
        (KIBANA, "kibana_system"),
        (ROLE, "role kabar_worker"),
        (USER, "user kabar_worker"),
    ],
)
def test_a_refused_step_is_named(cluster, path, step):
    cluster.on("POST" if path == KIBANA else "PUT", path, (400, {"error": {"reason": "unknown privilege"}}))
    with pytest.raises(Permanent, match=step) as caught:
        secure(cluster.rest(), ACCOUNTS, required=True)
    assert "unknown privilege" in str(caught.value)


def test_a_cluster_that_is_not_ready_is_transient(cluster, unreachable):
    cluster.on("PUT", ROLE, (503, {"error": "security index is unavailable"}))
    with pytest.raises(Transient):
        secure(cluster.rest(), ACCOUNTS, required=True)
    with pytest.raises(Transient):
        secure(unreachable(), ACCOUNTS, required=True)


def test_something_else_at_the_address_is_said(server):
    server.on("GET", "/_security/_authenticate", (200, b"<html>Welcome to nginx</html>"))
    with pytest.raises(Permanent, match="is this Elasticsearch"):
        secure(server.rest(), ACCOUNTS, required=True)


@pytest.mark.parametrize(
    ("accounts", "named"),
    [
        (Accounts("kabar_worker", "", "kibana-word", "kabar"), "KABAR_SEARCH_WORKER_PASSWORD"),
        (Accounts("kabar_worker", "worker-word", "short", "kabar"), "KABAR_KIBANA_SYSTEM_PASSWORD"),
        (Accounts("elastic", "worker-word", "", "kabar"), "KABAR_SEARCH_WORKER_USERNAME"),
        (Accounts("", "worker-word", "", "kabar"), "KABAR_SEARCH_WORKER_USERNAME"),
    ],
)
def test_unusable_accounts_are_refused_before_anything_is_changed(cluster, accounts, named):
    with pytest.raises(Misuse, match=named):
        secure(cluster.rest(), accounts, required=True)
    assert {method for method, *_ in cluster.asked} == {"GET"}


def test_a_name_with_odd_letters_stays_one_path_segment(cluster):
    cluster.on("PUT", "/_security/role/a%2F..%2Fb", (200, {}))
    cluster.on("PUT", "/_security/user/a%2F..%2Fb", (200, {}))
    assert secure(cluster.rest(), Accounts("a/../b", "worker-word", "", "kabar"), required=True)
