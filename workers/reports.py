"""What operators are told about one poll of a feed: made by `workers.poll.report`, shown by the search store."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class PollReport(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One poll and how its feed is doing since. Field names are the mapping's of `feed-events.json`.

    What may be left out is a text that is empty or a time that there is none of: figures are always there, so that
    the last value of each is that of the last poll.
    """

    id: str  # names this poll for ever: shown twice it is still one
    at: datetime
    feed_id: str
    url: str  # that was polled
    outcome: str  # see `workers.poll.decide.Outcome`
    status: int  # of the answer, 0 without one
    new: int  # entries
    entries: int  # in the feed
    elapsed: float  # seconds of the request
    due_at: datetime
    delay: float  # seconds until then
    failures: int  # in a row
    health: str  # a word of `workers.poll.health`
    per_day: float  # entries, by its posting rate
    silent: bool  # nothing new for longer than it should be
    missed: bool  # every item was new: some had probably come and gone unseen
    title: str = ""
    site: str = ""
    folder: str = ""
    reason: str = ""  # the error's word, "" of a good poll
    error: str = ""
    error_class: str = ""  # "hard", "soft", "dns" or "challenge"
    why: str = ""  # of the outcome and the next poll, for people
    moved_to: str = ""
    changed_at: datetime | None = None  # last poll with a new entry
