"""Every setting, read from `KABAR_*` environment variables (each also as `KABAR_*_FILE`), all problems told at once.

Durations are seconds, sizes are bytes. `load()` is the only reader of the environment.
The file is long because it names every setting once.
"""

from __future__ import annotations

import ipaddress
import itertools
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from workers.errors import Misuse
from workers.fetch.addresses import Network
from workers.fetch.politeness import gap, is_private
from workers.runtime.urls import checked_url

PREFIX = "KABAR_"
PROJECT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Settings(BaseSettings):
    """The operator's choices. A field `x_y` is the variable `KABAR_X_Y`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    # where things are
    redis_url: str = ""  # "" : `kabar up` starts a private Redis
    redis_password: SecretStr = SecretStr("")
    search_url: str = ""  # http(s)://… Elasticsearch; "" or sqlite:///path the embedded store
    search_username: str = ""
    search_password: SecretStr = SecretStr("")
    search_ca_file: Path | None = None  # PEM of the authority that signed the cluster's certificate
    search_security: str = "on"  # "off" only where the cluster has no security API
    search_worker_username: str = "kabar_worker"  # the workers' own user, which `kabar setup search` creates
    search_worker_password: SecretStr = SecretStr("")
    index_prefix: str = "kabar"
    event_days: int = Field(default=30, ge=1, le=366)  # how long Elasticsearch keeps reports of polls
    snapshot_repository: str = ""  # where Elasticsearch puts its backups; "" for none
    snapshot_location: str = ""  # folder (below path.repo) that becomes it; "": it is registered already
    kibana_url: str = ""  # where `kabar setup kibana` imports, as search_username
    kibana_system_password: SecretStr = SecretStr("")  # Kibana's own user, set by `kabar setup search`
    data_dir: Path = Path("data")
    config_dir: Path = PROJECT / "config"
    archive: Literal["samples", "all", "off"] = (
        "samples"  # which pages are kept: "samples" of each site, "all" or "off"
    )
    archive_dir: Path | None = None  # where; None: in the data directory
    archive_samples: int = Field(default=20, ge=1, le=1_000)  # of a site
    archive_bytes: int = Field(default=1_000_000_000, ge=1_000_000)
    log_level: str = "INFO"

    # being a good guest
    contact: str = ""  # URL or e-mail address in the User-Agent
    allow_addresses: Annotated[tuple[Network, ...], NoDecode] = ()  # private networks that may be fetched
    resolve: Annotated[dict[str, str], NoDecode] = {}  # name pattern → host:port
    host_gap: float = Field(default=1.0, ge=0, le=3600)  # between two starts at one host
    host_gap_private: float = Field(default=0.0, ge=0, le=3600)  # the same within allow_addresses
    host_connections: int = Field(default=2, ge=1, le=64)
    robots_exempt: Annotated[tuple[str, ...], NoDecode] = ()  # hosts (patterns) whose publishers gave leave

    # bounds of one request
    connect_timeout: float = Field(default=10, gt=0, le=120)
    read_timeout: float = Field(default=20, gt=0, le=300)
    fetch_deadline: float = Field(default=40, gt=0, le=600)  # overall, name look-up to last byte
    feed_max_bytes: int = Field(default=15_000_000, ge=1_000)
    page_max_bytes: int = Field(default=15_000_000, ge=1_000)
    max_redirects: int = Field(default=8, ge=0, le=30)

    # polling
    poll_interval: int = Field(default=900, ge=1)  # of a feed that says nothing else
    poll_floor: int = Field(default=300, ge=1)
    poll_ceiling: int = Field(default=86_400, ge=1)
    max_entries: int = Field(default=2_000, ge=1)  # of one feed document

    # looking again
    refetch_after: Annotated[tuple[float, ...], NoDecode] = (
        3_600,
        10_800,
        32_400,
        86_400,
        259_200,
    )  # an article's ages
    refetch_entries: int = Field(default=50_000, ge=0)  # articles that may wait for another look

    # alerts
    alerts_interval: float = Field(default=30, gt=0, le=3_600)  # between two looks at what is new
    alerts_allow_addresses: Annotated[tuple[Network, ...], NoDecode] = ()  # private networks webhooks may be in
    smtp_host: str = ""  # "" : no mail
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = ""  # address that mails come from

    # work and its limits
    io_threads: int = Field(default=16, ge=1, le=256)
    cpu_processes: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=256)
    tick: float = Field(default=0.5, gt=0, le=60)  # of the dispatcher
    batch_size: int = Field(default=10, ge=1, le=1_000)
    batch_budget: float = Field(default=20, gt=0)  # after it, what is left of a batch is released
    item_limit: float = Field(default=20, gt=0)  # one page's extraction
    soft_limit: float = Field(default=45, gt=0)
    hard_limit: float = Field(default=60, gt=0)
    lease: float = Field(default=90, gt=0)  # of a claimed item; longer than any limit
    redispatch: float = Field(default=120, gt=0)  # a message not taken up after this is sent again
    visibility_timeout: int = Field(default=3_600, gt=0)  # Celery's, longer than everything
    max_claims: int = Field(default=3, ge=1)  # without an outcome → dead letter
    max_attempts: int = Field(default=8, ge=1)  # transient failures → dead letter
    retry_base: float = Field(default=30, gt=0)  # first backoff
    retry_ceiling: float = Field(default=6 * 3600, gt=0)
    child_memory: int = Field(default=1_500_000_000, ge=200_000_000)  # address space a pool child may add
    handover_bytes: int = Field(default=256_000_000, ge=1_000_000)  # pages and documents waiting in Redis
    index_batch: int = Field(default=100, ge=1, le=5_000)
    article_pages: int = Field(default=10, ge=1, le=100)  # of one article that is spread over several
    body_max_chars: int = Field(default=1_000_000, ge=1_000)
    identity_days: int = Field(default=45, ge=1)  # how long Redis remembers an article's addresses
    copy_days: int = Field(default=14, ge=1, le=365)  # how long a text is known again when other sites print it
    dead_letters: int = Field(default=100_000, ge=1)  # kept at most

    @field_validator("allow_addresses", "alerts_allow_addresses", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())

    @field_validator("robots_exempt", mode="before")
    @classmethod
    def _patterns(cls, value: Any) -> Any:
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @field_validator("resolve", mode="before")
    @classmethod
    def _resolve(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        table: dict[str, str] = {}
        for part in filter(None, (p.strip() for p in value.split(","))):
            pattern, equals, place = part.partition("=")
            host, colon, port = place.rpartition(":")
            if not (pattern and equals and host and colon and port.isdigit() and 0 < int(port) < 65_536):
                raise ValueError(f"{part!r} is not PATTERN=HOST:PORT")
            table[pattern.strip().lower()] = place.strip()
        return table

    @field_validator("refetch_after", mode="before")
    @classmethod
    def _ages(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return () if value.strip() == "off" else tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("refetch_after")
    @classmethod
    def _growing(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if not all(low < high <= 366 * 86_400 for low, high in itertools.pairwise((0.0, *value))):
            raise ValueError("must be off, or growing numbers of seconds with commas between them, up to a year")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_url(cls, value: str) -> str:
        return checked_url(value, ("redis", "rediss", "unix"), "must be redis://HOST, rediss://HOST or unix:///PATH")

    @field_validator("search_url", "kibana_url")
    @classmethod
    def _search_url(cls, value: str) -> str:
        if value.startswith("sqlite:///"):
            return value
        for one in filter(None, (part.strip() for part in value.split(","))):
            checked_url(one, ("http", "https"), "must be http(s)://HOST, or sqlite:///PATH for the embedded store")
        return value

    @field_validator("smtp_from")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not ADDRESS.fullmatch(value):
            raise ValueError("must be an e-mail address like kabar@contoh.id")
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in LEVELS:
            raise ValueError(f"must be one of {', '.join(LEVELS)}")
        return value.upper()

    @field_validator("kibana_url")
    @classmethod
    def _kibana_url(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value

    @field_validator("search_security")
    @classmethod
    def _on_or_off(cls, value: str) -> str:
        if value not in ("on", "off"):
            raise ValueError("must be on or off")
        return value

    @field_validator("index_prefix")
    @classmethod
    def _prefix(cls, value: str) -> str:
        if not value or value != value.lower() or not value[0].isalpha() or any(c in value for c in ' \\/*?"<>|,#:'):
            raise ValueError(
                'must be lower case, begin with a letter and hold none of \\ / * ? " < > | , # : or blanks'
            )
        return value

    @model_validator(mode="after")
    def _order(self) -> Settings:
        chain = [
            ("soft_limit", "hard_limit"),
            ("hard_limit", "lease"),
            ("lease", "visibility_timeout"),
            ("redispatch", "visibility_timeout"),
            ("fetch_deadline", "lease"),
            ("poll_floor", "poll_ceiling"),
        ]
        wrong = [
            f"{PREFIX}{low.upper()} ({getattr(self, low)}) must be less than "
            f"{PREFIX}{high.upper()} ({getattr(self, high)})"
            for low, high in chain
            if getattr(self, low) >= getattr(self, high)
        ]
        if self.batch_budget + self.item_limit >= self.soft_limit:  # the last item of a batch needs its whole time
            wrong.append(f"{PREFIX}BATCH_BUDGET + {PREFIX}ITEM_LIMIT must be less than {PREFIX}SOFT_LIMIT")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def archive_path(self) -> Path:
        """Where pages are kept."""
        return self.archive_dir or self.data_dir / "archive"

    @property
    def sqlite_path(self) -> Path | None:
        """Where the embedded store lives; None when an Elasticsearch is configured."""
        if self.search_url.startswith("http"):
            return None
        if self.search_url:
            return Path(self.search_url.removeprefix("sqlite:///"))
        return self.data_dir / "kabar.sqlite"


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Return the settings of `environ` (default: the process's), `overrides` winning.

    Raises Misuse naming every variable that is wrong, one line each, never a secret's value.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    problems: list[str] = []
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        if environ.get(variable):  # an empty one counts as unset
            values[name] = environ[variable]
        elif path := environ.get(variable + "_FILE"):
            try:
                values[name] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                problems.append(f"{variable}_FILE: {error.strerror}: {path}")
            except UnicodeDecodeError:
                problems.append(f"{variable}_FILE: no text: {path}")
    settings, found = _validated({**values, **overrides})
    problems += found
    problems += _unknown(environ)
    if problems or settings is None:
        raise Misuse("settings:\n" + "\n".join(f"  {p}" for p in problems))
    return settings


def _validated(values: dict[str, Any]) -> tuple[Settings | None, list[str]]:
    """The settings of `values`, or every problem: also those between the fields that are right by themselves."""
    try:
        return _Given(**values), []
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        wrong = {str(one["loc"][0]) for one in found if one["loc"]}
        others = _validated({name: v for name, v in values.items() if name not in wrong})[1] if wrong else []
        return None, [*(_problem(one) for one in found), *others]


class _Given(Settings):
    """Settings from given values alone: `load` has read the environment already, files included."""

    @classmethod
    def settings_customise_sources(cls, settings_cls: Any, init_settings: Any, **_: Any) -> tuple[Any, ...]:  # type: ignore[override]
        return (init_settings,)


def _problem(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{PREFIX}{where.upper()}: {message}" if where else message


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = {PREFIX + name.upper() + end for name in Settings.model_fields for end in ("", "_FILE")}
    return [
        f"{name}: no such setting"
        for name in sorted(environ)
        if name.startswith(PREFIX) and not name.startswith(PREFIX + "TEST_") and name not in known
    ]


def host_gap(host: str, settings: Settings) -> float:
    """Return the seconds between two starts at `host`: the private gap for names and addresses that are allowed."""
    private = is_private(host, resolve=settings.resolve, allow_addresses=settings.allow_addresses)
    return gap(host, private, host_gap=settings.host_gap, host_gap_private=settings.host_gap_private)
