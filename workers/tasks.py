"""Celery's tasks: each a look-up and one call."""

from __future__ import annotations

import gc
import os
import signal
import threading
from functools import cache
from typing import Any

import structlog
from celery import signals
from celery.exceptions import SoftTimeLimitExceeded

from workers.operate.processes import die_with
from workers.pipeline import Limits, Pipeline
from workers.runtime.app import app, settings
from workers.runtime.bootstrap import build_pipeline, load_sites, load_tagger
from workers.runtime.limits import TookTooLong, alarm, cap_memory

stopping = threading.Event()
log = structlog.get_logger(__name__)


@cache
def pipeline() -> Pipeline:
    """Return this process's pipeline, built on first use (after a fork, never before)."""
    limits = Limits(item=alarm, errors=(TookTooLong, SoftTimeLimitExceeded), stopping=stopping)
    return build_pipeline(settings, app, limits)


@app.task(name="kabar.dispatch")
def dispatch() -> None:
    """Wake the stages for what waits."""
    pipeline().dispatch()


@app.task(name="kabar.poll")
def poll(feed_ids: list[str]) -> None:
    """Download feeds."""
    pipeline().poll(feed_ids)


@app.task(name="kabar.parse")
def parse(feed_ids: list[str]) -> None:
    """Parse downloaded feeds."""
    pipeline().parse(feed_ids)


@app.task(name="kabar.fetch")
def fetch(ids: list[str]) -> None:
    """Fetch entries' pages."""
    pipeline().fetch(ids)


@app.task(name="kabar.process")
def process(ids: list[str]) -> None:
    """Make documents of pages."""
    pipeline().process(ids)


@app.task(name="kabar.index")
def index(ids: list[str]) -> None:
    """Index documents."""
    pipeline().index(ids)


@app.task(name="kabar.match")
def match() -> None:
    """Have saved searches look at what is new."""
    pipeline().match()


@app.task(name="kabar.deliver")
def deliver(ids: list[str]) -> None:
    """Deliver messages of alerts."""
    pipeline().deliver(ids)


@app.task(name="kabar.sweep")
def sweep() -> None:
    """Mend what crashes left."""
    pipeline().sweep()


@app.task(name="kabar.pulse")
def pulse(role: str) -> None:
    """Show that this role's queue is worked on."""
    pipeline().parts.state.overview.beat(role)


@signals.task_prerun.connect
def _bind(task_id: str = "", task: Any = None, **_: Any) -> None:
    structlog.contextvars.bind_contextvars(task_id=task_id, task=task.name if task else "")


@signals.task_postrun.connect
def _unbind(**_: Any) -> None:
    structlog.contextvars.unbind_contextvars("task_id", "task")


@signals.worker_process_init.connect
def _child(**_: Any) -> None:
    """Prepare a pool child: what it needs for pages is loaded before the first task, its memory is capped."""
    die_with(os.getppid(), signal.SIGKILL)  # a killed worker must not leave children that nobody feeds
    load_tagger(settings)
    load_sites(settings.config_dir)
    cap_memory(settings.child_memory)
    gc.collect()
    gc.freeze()  # gazetteer and model live as long as the child: no collection need look at them again


@signals.worker_ready.connect
def _look_over(sender: Any = None, **_: Any) -> None:
    """Say at the start of the index role what is wrong with the cluster: a template that drifted, a missing alias."""
    if settings.sqlite_path is None and str(getattr(sender, "hostname", "")).startswith("index@"):
        for problem in pipeline().parts.store.check():
            log.warning("search_store", problem=problem)


@signals.worker_shutting_down.connect
def _stop(**_: Any) -> None:
    """Stop claiming; running requests end within a second, then the process may go."""
    stopping.set()
    if pipeline.cache_info().currsize:
        pipeline().parts.http.shutdown()
        pipeline().parts.webhook.shutdown()
