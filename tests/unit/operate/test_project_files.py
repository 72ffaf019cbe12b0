"""What the files around the code promise: locks, compose file, .env and README agree with the code."""

import re
import stat
import subprocess

import pytest
import yaml

from workers.cli.main import COMMANDS
from workers.runtime.settings import PREFIX, PROJECT, Settings

SETTINGS = {PREFIX + name.upper() for name in Settings.model_fields}
SECRETS = {"REDIS_PASSWORD", "ELASTIC_PASSWORD", "KIBANA_SYSTEM_PASSWORD", "WORKER_PASSWORD", "KIBANA_ENCRYPTION_KEY"}
OURS = {"setup", "setup-kibana", "beat", "worker-io", "worker-cpu", "worker-index"}


def text(name):
    return (PROJECT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load(text("docker-compose.yml"))["services"]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_everything_by_hash_and_name_no_address(name):
    lock = text(name)
    assert not re.search(r"://|^--|^-[ei] |@ file:|/home/|/tmp/", lock, re.MULTILINE)
    pins = re.findall(r"^[A-Za-z0-9_.\[\]-]+==\S+(?: ;[^\\\n]+)? \\\n    --hash=sha256:", lock, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[A-Za-z]", lock, re.MULTILINE)) > 40


def test_both_locks_agree():
    pins = [
        dict(re.findall(r"^([a-z0-9-]+)\S*==(\S+)", text(name), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    ]
    assert pins[0].items() <= pins[1].items()


def test_every_setting_reaches_the_containers_and_no_unknown_one(services):
    for name in OURS:
        given = {key for key in services[name]["environment"] if key.startswith(PREFIX)}
        assert given <= SETTINGS, name
    assert set(services["setup"]["environment"]) == SETTINGS


def test_workers_never_see_the_administrators_password(services):
    for name in OURS - {"setup", "setup-kibana"}:
        assert not re.search("ELASTIC_PASSWORD|KIBANA", str(services[name]["environment"]))


def test_our_containers_are_confined(services):
    for name in (*OURS, "redis"):
        service = services[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["mem_limit"]
    assert re.search(r"^USER 10001:10001$", text("Dockerfile"), re.MULTILINE)


def test_what_our_containers_write_lies_in_volumes_that_the_images_user_owns(services):
    (owned,) = re.findall(r"install -d -o 10001 -g 10001 (.+)$", text("Dockerfile"), re.MULTILINE)
    declared = yaml.safe_load(text("docker-compose.yml"))["volumes"]
    for name in OURS:
        places = dict(volume.split(":")[:2] for volume in services[name]["volumes"] if not volume.startswith("./"))
        assert set(places) <= set(declared)
        assert set(places.values()) == set(owned.split())
        written = {services[name]["environment"][f"{PREFIX}{part}_DIR"] for part in ("DATA", "ARCHIVE")}
        assert written == set(places.values())


def test_every_container_rotates_its_log_and_publishes_on_loopback_only(services):
    for name, service in services.items():
        assert service["logging"]["options"]["max-size"], name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


def test_workers_wait_for_setup_and_nothing_waits_for_kibana(services):
    for name in OURS - {"setup", "setup-kibana"}:
        assert services[name]["depends_on"]["setup"]["condition"] == "service_completed_successfully"
        assert services[name]["restart"] == "unless-stopped"
        assert services[name]["healthcheck"]["test"][:3] == ["CMD", "kabar", "health"]
        grace = int(services[name]["stop_grace_period"].removesuffix("s"))
        assert grace > Settings.model_fields["hard_limit"].default + 15
    assert services["kibana"]["depends_on"]["setup"]["condition"] == "service_completed_successfully"
    kibana = {"kibana", "setup-kibana"}
    assert {name for name, one in services.items() if kibana & set(one.get("depends_on", {}))} == {"setup-kibana"}


def test_the_example_environment_names_what_compose_reads():
    example = set(re.findall(r"^#?([A-Z_]+)=", text(".env.example"), re.MULTILINE))
    read = set(re.findall(r"\$\{([A-Z_]+)", text("docker-compose.yml")))
    assert read - example <= {"KABAR_IMAGE", "KABAR_INDEX_PREFIX", "KABAR_SEARCH_SECURITY"}
    assert {name for name in example - read if not name.startswith(PREFIX)} == set()
    assert {name for name in example if name.startswith(PREFIX)} <= SETTINGS
    assert set(re.findall(r"^([A-Z_]+)=$", text(".env.example"), re.MULTILINE)) == SECRETS


def test_make_env_writes_random_secrets_once_for_the_owner_only(tmp_path):
    for name in ("Makefile", ".env.example"):
        (tmp_path / name).write_text(text(name), encoding="utf-8")

    def make():
        subprocess.run(["make", "--no-print-directory", "env"], cwd=tmp_path, check=True, capture_output=True)
        return (tmp_path / ".env").read_text(encoding="utf-8")

    first = make()
    secrets = dict(re.findall(r"^([A-Z_]+)=([0-9a-f]{48})$", first, re.MULTILINE))
    assert set(secrets) == SECRETS
    assert len(set(secrets.values())) == len(SECRETS)
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    (tmp_path / ".env.example").touch()
    assert make() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == [".env", ".env.example", "Makefile"]


def test_readme_names_every_setting_command_and_target():
    readme = text("README.md")
    assert {name for name in SETTINGS if f"`{name}`" not in readme} == set()
    assert {name for name in COMMANDS if not re.search(rf"`kabar {re.escape(name)}\b", readme)} == set()
    targets = set(re.findall(r"`make ([a-z-]+)", readme))
    assert targets <= set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    named = set(re.findall(rf"`({PREFIX}[A-Z_]+)`", readme))
    assert {name for name in named if not {name, name.removesuffix("_FILE")} & SETTINGS} == set()


def test_readme_gives_a_reason_for_every_dependency():
    section = text("README.md").partition("## Dependencies")[2].partition("\n## ")[0].lower()
    block = text("pyproject.toml").partition("\ndependencies = [")[2].partition("\n]")[0]
    names = re.findall(r'^    "([A-Za-z0-9_-]+)', block, re.MULTILINE)
    assert {name for name in names if name.lower() not in section} == set()
