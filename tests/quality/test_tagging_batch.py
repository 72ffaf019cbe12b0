"""`kabar tag --batch` as a process, over many different texts: flat memory, every line answered, in order."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO

import psutil
import pytest

from workers.newsroom.newsroom import Newsroom

WRONG_EVERY = 97  # lines; one of so many is no request
GROWTH = 30_000_000  # bytes a process may grow between half of the lines and all of them: words kept fill up


def lines(count: int) -> Iterator[bytes]:
    """Yield requests of stories that differ, and now and then a line that is none."""
    truth = list(Newsroom(sites=4, articles=400).truth())
    for number in range(count):
        story = truth[number % len(truth)]
        text = f"{story.title}\n{story.body}\nKata Nama{number} Sari{number % 977} di Desa Anu{number}."
        request = json.dumps({"id": number, "text": text, "published_at": story.published_at}, default=str)
        yield (request[: 20 if number % WRONG_EVERY == WRONG_EVERY - 1 else None] + "\n").encode()


def _write(requests: IO[bytes], count: int) -> None:
    with requests:
        requests.writelines(lines(count))


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_a_batch_keeps_its_memory_and_its_order(count: int) -> None:
    command = [sys.executable, "-m", "workers", "tag", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        writer = threading.Thread(target=_write, args=(process.stdin, count))
        writer.start()
        seen = psutil.Process(process.pid)
        sizes: list[int] = []
        for number in range(count):
            answer = json.loads(process.stdout.readline())
            wrong = number % WRONG_EVERY == WRONG_EVERY - 1
            assert answer["id"] == (None if wrong else number)
            assert bool(answer["entities"]) is not wrong
            assert (answer["error"] or {}).get("type") == ("bad_line" if wrong else None)
            if number in (count // 2, count - 1):
                sizes.append(seen.memory_info().rss)
        writer.join()
        assert process.stdout.read() == b""
    assert process.returncode == 0
    assert sizes[1] - sizes[0] < GROWTH, sizes
    print(f"{count:,} texts: {sizes[0]:,} → {sizes[1]:,} bytes")
