"""Whether it is our own network that fails: most hosts at once can't all be down. Pure.

miniflux/v2 #2150: users ask that their own line being down does not count against every feed.
"""

from __future__ import annotations

from workers.model import FeedState

WINDOW = 300  # seconds that are looked back
MIN_HOSTS = 8  # fewer say nothing about the rest of the world
DEAD = 3  # failures in a row that are a feed's own: an outage is told sooner, and counts none from then on
SHARE = 0.75  # of the hosts asked in the window


def is_own_outage(hosts: int, unreachable: int) -> bool:
    """Tell whether `unreachable` of the `hosts` asked lately, by their last answer, mean that we are cut off."""
    return hosts >= MIN_HOSTS and unreachable >= SHARE * hosts


def is_telling(state: FeedState) -> bool:
    """Tell whether a feed's host that does not answer now says anything of our network: it did so until now, or is new.

    Else a list of mostly dead feeds would look like an outage for ever, and all of them be asked as often as may be.
    """
    return state.failures < DEAD and (state.polls == 0 or bool(state.body_hash) or state.changed_at is not None)
