"""Whether it is our own network that fails: most hosts at once can't all be down. Pure.

miniflux/v2 #2150: users ask that their own line being down does not count against every feed.
"""

from __future__ import annotations

WINDOW = 300  # seconds that are looked back
MIN_HOSTS = 8  # fewer say nothing about the rest of the world
SHARE = 0.75  # of the hosts asked in the window


def is_own_outage(hosts: int, unreachable: int) -> bool:
    """Tell whether `unreachable` of the `hosts` asked lately, by their last answer, mean that we are cut off."""
    return hosts >= MIN_HOSTS and unreachable >= SHARE * hosts
