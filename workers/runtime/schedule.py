"""What beat sends, and how often. A tick that nobody takes up within its interval expires: ticks never pile up."""

from __future__ import annotations

from typing import Any

from workers.runtime.settings import Settings

SWEEP_INTERVAL = 60.0  # seconds
PULSE_INTERVAL = 20.0


def beat_schedule(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return beat's table: the dispatcher, the sweep, and a pulse through each role's queue (for health checks)."""
    table = {
        "dispatch": _every(settings.tick, "kabar.dispatch", expires=max(1.0, settings.tick)),
        "sweep": _every(SWEEP_INTERVAL, "kabar.sweep"),
    }
    for role, queue in (("io", "fetch"), ("cpu", "process"), ("index", "index")):
        pulse = _every(PULSE_INTERVAL, "kabar.pulse", args=[role])
        pulse["options"]["queue"] = queue
        table[f"pulse-{role}"] = pulse
    return table


def _every(seconds: float, task: str, *, args: list[str] | None = None, expires: float | None = None) -> dict[str, Any]:
    return {"task": task, "schedule": seconds, "args": args or [], "options": {"expires": expires or seconds}}
