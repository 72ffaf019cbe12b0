"""When a feed that redirects for good is asked at its new address. Pure.

One 301 proves little: captive portals and broken set-ups send them (feedbin asks for 576 identical answers). Kabar
follows after MOVE_POLLS identical ones over MOVE_AFTER; the feed's configured address and id stay as they are.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from workers.model import Download, Feed, FeedState

MOVE_POLLS = 24
MOVE_AFTER = timedelta(days=3)
GIVE_UP = 5  # failures in a row at the new address before the old one is asked again


def address(feed: Feed, state: FeedState) -> str:
    """Return where `feed` is to be asked: its own address, or the one it moved to."""
    return state.moved_to if state.moved and state.moved_from == feed.url else feed.url


def after_answer(feed: Feed, state: FeedState, download: Download, now: datetime) -> FeedState:
    """Return `state` with what the answer says of a move."""
    if state.moved and state.moved_from == feed.url and not download.permanent_url:
        return state  # it lives at its new address
    led = download.permanent_url
    if not led or led == feed.url:
        return msgspec.structs.replace(state, moved=False, moved_to="", moved_from="", moved_polls=0, moved_since=None)
    if led != state.moved_to or state.moved_from != feed.url:
        return msgspec.structs.replace(
            state, moved=False, moved_to=led, moved_from=feed.url, moved_polls=1, moved_since=now
        )
    polls, since = state.moved_polls + 1, state.moved_since or now
    moved = polls >= MOVE_POLLS and now - since >= MOVE_AFTER
    return msgspec.structs.replace(state, moved=moved, moved_polls=polls, moved_since=since)


def after_failure(feed: Feed, state: FeedState, *, gone: bool) -> FeedState:
    """Return `state` after a failure in a row: a new address that fails often, or is gone, is given up."""
    if state.moved and (gone or state.failures >= GIVE_UP):
        return msgspec.structs.replace(state, moved=False, moved_to="", moved_from="", moved_polls=0, moved_since=None)
    return state
