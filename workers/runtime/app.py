"""The Celery app. Importing it reads the settings and opens nothing."""

from __future__ import annotations

from typing import Any

from celery import Celery, signals
from celery.beat import EmbeddedService, Scheduler

from workers.runtime import logs
from workers.runtime.celeryconfig import options
from workers.runtime.settings import load

settings = load()
app = Celery("kabar", include=["workers.tasks"])
app.config_from_object(options(settings))


@signals.setup_logging.connect
def _logs(**_: Any) -> None:
    logs.configure(settings.log_level)


def start_beat() -> None:
    """Start beat in a thread of this process; its schedule keeps no file."""
    EmbeddedService(app, thread=True, scheduler_cls=Scheduler).start()
