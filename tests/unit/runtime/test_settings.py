"""Settings: every problem at once, each naming its variable, no secret told."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.errors import Misuse
from workers.runtime.celeryconfig import broker_url, options
from workers.runtime.settings import load


def test_without_an_environment_everything_has_a_default() -> None:
    settings = load({})
    assert settings.redis_url == ""
    assert settings.sqlite_path == Path("data/kabar.sqlite")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KABAR_IO_THREADS", "many"),
        ("KABAR_IO_THREADS", "0"),
        ("KABAR_LOG_LEVEL", "LOUD"),
        ("KABAR_REDIS_URL", "http://x"),
        ("KABAR_REDIS_URL", "redis://h:99999/"),
        ("KABAR_SEARCH_URL", "ftp://x"),
        ("KABAR_SEARCH_URL", "http://"),
        ("KABAR_SEARCH_SECURITY", "maybe"),
        ("KABAR_ALLOW_ADDRESSES", "127.0.0.0/99"),
        ("KABAR_RESOLVE", "*.x=127.0.0.1:99999"),
        ("KABAR_RESOLVE", "nonsense"),
        ("KABAR_INDEX_PREFIX", "Kabar Berita"),
        ("KABAR_LEASE", "1"),
        ("KABAR_NO_SUCH", "x"),
        ("KABAR_REFETCH_AFTER", "3600,60"),
        ("KABAR_REFETCH_AFTER", "0,60"),
        ("KABAR_REFETCH_AFTER", "soon"),
        ("KABAR_REFETCH_AFTER", "1e12"),
        ("KABAR_REFETCH_AFTER", "nan"),
    ],
)
def test_a_wrong_value_is_named(variable: str, value: str) -> None:
    with pytest.raises(Misuse, match=variable):
        load({variable: value})


def test_all_problems_are_told_at_once() -> None:
    wrong = {"KABAR_TICK": "abc", "KABAR_LEASE": "1", "KABAR_LOG_LEVEL": "LOUD", "KABAR_NO_SUCH": "x"}
    with pytest.raises(Misuse) as caught:
        load(wrong)
    assert [name for name in wrong if name not in str(caught.value)] == []


def test_a_secret_is_read_from_its_file_and_never_told(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("rahasia\n", encoding="utf-8")
    settings = load({"KABAR_REDIS_PASSWORD_FILE": str(path)})
    assert settings.redis_password.get_secret_value() == "rahasia"
    assert "rahasia" not in repr(settings)
    with pytest.raises(Misuse) as caught:
        load({"KABAR_REDIS_PASSWORD": "rahasia", "KABAR_TICK": "x"})
    assert "rahasia" not in str(caught.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_can_not_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "contact"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Misuse, match="KABAR_CONTACT_FILE"):
        load({"KABAR_CONTACT_FILE": str(path)})


def test_an_empty_value_counts_as_unset() -> None:
    assert load({"KABAR_DATA_DIR": "", "KABAR_TICK": ""}) == load({})


@pytest.mark.parametrize(
    ("url", "password", "broker"),
    [
        ("unix:///run/r.sock", "", "redis+socket:///run/r.sock?virtual_host=0"),
        ("unix:///run/r.sock?db=3", "", "redis+socket:///run/r.sock?virtual_host=3"),
        ("unix://:pw@/run/r.sock", "", "redis+socket://:pw@/run/r.sock?virtual_host=0"),
        ("unix:///run/r.sock", "a/b", "redis+socket://:a%2Fb@/run/r.sock?virtual_host=0"),
        ("redis://h:1/2", "", "redis://h:1/2"),
        ("redis://h:1", "p@w", "redis://:p%40w@h:1"),
        ("redis://h?db=3", "", "redis://h/3"),
    ],
)
def test_kombus_url_says_what_redis_pys_says(url: str, password: str, broker: str) -> None:
    assert broker_url(load({"KABAR_REDIS_URL": url, "KABAR_REDIS_PASSWORD": password})) == broker


def test_celery_is_told_what_keeps_data() -> None:
    chosen = options(load({}))
    assert chosen["task_acks_late"] and not chosen["task_reject_on_worker_lost"]
    assert chosen["result_backend"] is None
    assert chosen["beat_scheduler"] == "celery.beat:Scheduler"
    assert chosen["broker_transport_options"]["visibility_timeout"] > chosen["task_time_limit"]
    assert all(entry["options"]["expires"] for entry in chosen["beat_schedule"].values())


def test_looking_again_is_a_list_of_ages_or_off() -> None:
    assert load({}).refetch_after[0] == 3_600
    assert load({"KABAR_REFETCH_AFTER": "60, 120,1e3"}).refetch_after == (60, 120, 1_000)
    assert load({"KABAR_REFETCH_AFTER": "off"}).refetch_after == ()
