"""Celery's options. Each line says which failure it prevents."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from workers.runtime.schedule import beat_schedule
from workers.runtime.settings import Settings

QUEUE_OF_TASK = {
    "kabar.dispatch": "dispatch",
    "kabar.sweep": "index",
    "kabar.poll": "poll",
    "kabar.fetch": "fetch",
    "kabar.parse": "parse",
    "kabar.process": "process",
    "kabar.index": "index",
    "kabar.match": "index",
    "kabar.deliver": "deliver",
}
# the dispatcher has beat's process for itself: neither a slow host nor a store that hangs can hold it up
QUEUES_OF_ROLE = {
    "beat": ("dispatch",),
    "io": ("fetch", "poll", "deliver"),
    "cpu": ("parse", "process"),
    "index": ("index",),
}


def options(settings: Settings) -> dict[str, Any]:
    """Return the whole configuration for `settings`."""
    return {
        "broker_url": broker_url(settings),
        "broker_connection_retry_on_startup": True,  # Redis may start after us
        "broker_connection_max_retries": None,  # a long outage of Redis must not end a worker
        "broker_transport_options": {
            # longer than every limit: a message of a task still running must not be delivered again (celery/kombu #337)
            "visibility_timeout": settings.visibility_timeout,
            "socket_timeout": 30,  # a half-dead connection must not hang a worker for ever
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 25,
        },
        "result_backend": None,  # outcomes are in Redis' own states; results would pile up unread
        "task_ignore_result": True,
        "task_serializer": "json",  # ids only: nothing of a page is ever unpickled
        "accept_content": ["json"],
        "task_acks_late": True,  # a killed worker's message is not lost
        "task_reject_on_worker_lost": False,  # a page that kills its worker would loop; leases heal instead
        "worker_prefetch_multiplier": 1,  # a slow batch must not hold messages that another process could work on
        "task_soft_time_limit": settings.soft_limit,  # ends a hanging item inside Python
        "task_time_limit": settings.hard_limit,  # ends a child that hangs outside Python
        "worker_max_memory_per_child": settings.child_memory // 1024,  # KiB; leaks of parsers end with the child
        "worker_hijack_root_logger": False,  # our own logs stay in one form
        "worker_enable_remote_control": False,  # no pidbox keys and no broadcast: nothing of ours uses them
        "worker_send_task_events": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,  # leases tell who owns an item, not connections
        "task_routes": {name: {"queue": queue} for name, queue in QUEUE_OF_TASK.items()},
        "task_default_queue": "dispatch",
        "beat_scheduler": "celery.beat:Scheduler",  # keeps no file: nothing to corrupt, and two beats do no harm
        "beat_max_loop_interval": max(0.2, min(1.0, settings.tick / 2)),
        "beat_schedule": beat_schedule(settings),
        "enable_utc": True,
        "timezone": "UTC",
    }


def broker_url(settings: Settings) -> str:
    """Return kombu's form of the Redis URL (`redis+socket://` for a Unix socket, the password included)."""
    url = settings.redis_url or "redis://127.0.0.1:6379/0"
    password = settings.redis_password.get_secret_value()
    parts = urlsplit(url)
    if parts.scheme == "unix":
        secret = quote(password, safe="") or parts.password or ""
        database = parse_qs(parts.query).get("db", ["0"])[0]
        return f"redis+socket://{f':{secret}@' if secret else ''}{parts.path}?virtual_host={database}"
    if password and "@" not in parts.netloc:
        parts = parts._replace(netloc=f":{quote(password, safe='')}@{parts.netloc}")
    if numbers := parse_qs(parts.query).get("db"):
        parts = parts._replace(path=f"/{numbers[0]}", query="")
    return parts.geturl()
