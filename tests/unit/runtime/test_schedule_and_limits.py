"""Beat's schedule when the clock jumps; the alarm of one item; the cap on a child's memory."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta

import pytest
from celery import Celery

from workers.runtime.limits import TookTooLong, alarm
from workers.runtime.schedule import Every


def test_a_tick_is_due_at_once_when_the_clock_was_set_back() -> None:
    every = Every(timedelta(seconds=1), app=Celery())
    assert every.is_due(every.now() + timedelta(hours=1)).is_due
    assert every.is_due(every.now() - timedelta(seconds=2)).is_due
    assert not every.is_due(every.now()).is_due


def test_the_alarm_rings_and_is_off_again_afterwards() -> None:
    with pytest.raises(TookTooLong), alarm(0.05):
        time.sleep(5)
    with alarm(0.05):
        pass
    time.sleep(0.1)


def test_the_alarm_passes_handlers_of_libraries() -> None:
    with pytest.raises(TookTooLong), alarm(0.05):
        try:
            time.sleep(5)
        except Exception:  # noqa: BLE001 - what a library may do
            pytest.fail("swallowed")


def test_a_capped_child_gets_a_memory_error_and_lives_on() -> None:
    program = (
        "from workers.runtime.limits import cap_memory\n"
        "cap_memory(100_000_000)\n"
        "try:\n    bytearray(500_000_000)\nexcept MemoryError:\n    print('alive')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "alive"
