"""What makes one article better than another in both stores, and where a page of results ends."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct, structs

from workers.errors import Misuse
from workers.index.fields import NAMED, ZONE
from workers.index.query import Clause, flat
from workers.model import Query

WEIGHTS = {"title": 3, "lead": 2, "body": 1}

# Relevance first, and of those that tell much the same the newer; after a month half of what is added for newness is
# gone. SQLite multiplies the score by up to 1.3. In Elasticsearch a product for each match takes as long as the search
# itself; there each wanted word adds up to one point, of some 15 that its best match scores among 100,000 articles and
# some 3 among ten (measured). Without relevance no article is found, however new it is.
RECENT, POINTS = 0.3, 1.0
HALF_LIFE_DAYS = 30

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FEW = 3  # matches; with fewer a misspelt word is looked for
# What is asked about an article's own text and names is true of its copies too; the rest may part them.
_SHARED = frozenset({"text", *NAMED})
_MAX_CURSOR = 16_000  # characters; an id has 512 bytes at most, a point in time some 100 for each shard


class Place(Struct, frozen=True, array_like=True):
    """Where a page ends: `origin` is now (ms) of the first page, `score` None when there is nothing to score.

    `held` is the store's name for what it holds for this search, "" when nothing is; `passed`: results up to here.
    """

    asked: str  # digest of the query the cursor belongs to
    origin: int
    score: float | None
    published: int  # ms
    id: str
    held: str = ""
    passed: int = 0


class Search(Struct, frozen=True):
    """A checked query: `clauses` must hold, `folded` leaves copies out, `origin` is now (ms), `place` the start."""

    query: Query
    clauses: Sequence[Clause]
    origin: int
    place: Place | None = None
    folded: bool = False

    @property
    def scored(self) -> bool:
        """Without words there is nothing to be more or less relevant to."""
        return any(clause.is_text and not clause.is_negated for clause in self.clauses)


def place_of(query: Query, now: datetime) -> tuple[int, Place | None]:
    """Return the origin of recency (ms) and the place to continue behind. Raises Misuse on a cursor that is none."""
    if not query.cursor:
        return int(now.timestamp() * 1000), None
    try:
        if len(query.cursor) > _MAX_CURSOR:
            raise ValueError("too long")
        place = msgspec.json.decode(base64.urlsafe_b64decode(query.cursor.encode("ascii")), type=Place)
        time_of(place.origin)
        asked = _digest(query)
    except (ValueError, OverflowError, binascii.Error) as error:  # msgspec's and Unicode's errors are ValueErrors
        raise Misuse("query: this cursor is none: give the one that the page before ended with") from error
    if place.asked != asked:
        raise Misuse("query: this cursor belongs to another search: give it with the same words and filters")
    return place.origin, place


def time_of(origin: int) -> datetime:
    """Return the time that a search's `origin` (ms) is, now of its first page: its days are counted back from it.

    Raises OverflowError beyond the calendar.
    """
    return (_EPOCH + timedelta(milliseconds=origin)).astimezone(ZONE)


def milliseconds(time: datetime) -> int:
    """Return `time` as whole milliseconds since 1970 UTC, cut, never rounded: what Elasticsearch's `date` keeps."""
    return (time - _EPOCH) // timedelta(milliseconds=1)


def cursor(query: Query, place: Place) -> str:
    """Return the cursor for what comes behind `place`."""
    return base64.urlsafe_b64encode(msgspec.json.encode(structs.replace(place, asked=_digest(query)))).decode("ascii")


def expired() -> Misuse:
    """Return the error of a cursor whose results the store holds no longer."""
    return Misuse("query: this cursor has expired, some minutes after the page before it: search again from the start")


def _digest(query: Query) -> str:
    asked = structs.replace(query, cursor="", offset=0, limit=0, hold=False)
    return hashlib.blake2b(msgspec.json.encode(asked, order="sorted"), digest_size=6).hexdigest()


def folds(query: Query, clauses: Sequence[Clause]) -> bool:
    """Tell whether copies are left out: not where a site, a date or a rubric may leave out their original."""
    narrowed = query.site or query.duplicate_of or query.published_from or query.published_to
    return query.fold and not narrowed and all(term.field in _SHARED for term in flat(clauses))
