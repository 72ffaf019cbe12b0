"""What beat sends, and how often. A tick that nobody takes up within its interval expires: ticks never pile up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from celery.schedules import schedstate, schedule

from workers.runtime.settings import Settings

SWEEP_INTERVAL = 60.0  # seconds
PULSE_INTERVAL = 20.0


class Every(schedule):  # type: ignore[misc]
    """Every so many seconds; due at once when its last run lies ahead: the clock was set back."""

    def is_due(self, last_run_at: datetime) -> schedstate:
        if self.maybe_make_aware(last_run_at) > self.now() + self.run_every:
            return schedstate(is_due=True, next=self.seconds)
        return super().is_due(last_run_at)


def beat_schedule(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return beat's table: dispatcher, sweep, alerts, and a pulse through each role's queue (for health checks)."""
    table = {
        "dispatch": _every(settings.tick, "kabar.dispatch", expires=max(1.0, settings.tick)),
        "sweep": _every(SWEEP_INTERVAL, "kabar.sweep"),
        "match": _every(settings.alerts_interval, "kabar.match"),
    }
    for role, queue in (("io", "fetch"), ("cpu", "process"), ("index", "index")):
        pulse = _every(PULSE_INTERVAL, "kabar.pulse", args=[role])
        pulse["options"]["queue"] = queue
        table[f"pulse-{role}"] = pulse
    return table


def _every(seconds: float, task: str, *, args: list[str] | None = None, expires: float | None = None) -> dict[str, Any]:
    return {
        "task": task,
        "schedule": Every(timedelta(seconds=seconds)),
        "args": args or [],
        "options": {"expires": expires or seconds},
    }
