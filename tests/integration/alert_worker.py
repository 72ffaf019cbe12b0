"""A process that looks at articles for alerts and delivers, until it is killed: `python -m … REDIS_URL DATA_DIR`."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from workers.pipeline import Limits, Parts, Pipeline
from workers.runtime.bootstrap import build, build_mailer, build_scratch, build_webhook, now, rules_of
from workers.runtime.settings import Settings, load

TIMES = {  # leases that run out while a test waits
    "batch_budget": 0.5,
    "item_limit": 0.2,
    "soft_limit": 1.0,
    "hard_limit": 1.5,
    "fetch_deadline": 1.5,
    "lease": 2,
    "redispatch": 1,
    "retry_base": 0.2,
}


def settings_of(redis_url: str, data_dir: str) -> Settings:
    """The settings of the process and of the test that watches it."""
    return load({}, redis_url=redis_url, data_dir=data_dir, alerts_allow_addresses="127.0.0.0/8", **TIMES)


class Messages:
    """The broker: in this process."""

    def __init__(self) -> None:
        self.sent: list[Sequence[str]] = []

    def send(self, stage: str, ids: Sequence[str]) -> None:
        self.sent.append(ids)


def main(redis_url: str, data_dir: str) -> None:
    """Work for ever."""
    settings, messages = settings_of(redis_url, data_dir), Messages()
    adapters = build(settings)
    parts: Any = dict.fromkeys(("http", "archive", "tagger", "sites"))
    pipeline = Pipeline(
        Parts(
            **parts,
            state=adapters.state,
            store=adapters.store,
            courier=messages,
            clock=now,
            random=random.random,
            rules=rules_of(settings),
            limits=Limits(),
            webhook=build_webhook(settings),
            mailer=build_mailer(settings),
            scratch=partial(build_scratch, settings),
        )
    )
    while True:
        pipeline.match()
        while messages.sent or pipeline.wake("deliver"):
            pipeline.deliver(messages.sent.pop())
        time.sleep(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
