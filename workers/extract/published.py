"""When it was published and last changed: ordered sources, cross-checked, never in the future.

Order: JSON-LD, meta elements and microdata, text of the page (<time>, dated elements, lines around the headline; where
the feed has a date, only that day's), directories of the address, feed entry, other digits of the address. A source
that gives a day only is refined by a later one of that day that knows the time, a time without a zone by one that
names its zone, a clock mislabelled as UTC by one with the same hands. Sources that say another day are recorded. An
HTTP Last-Modified alone says nothing about an article; it only bears witness against a later date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import chain

from msgspec import Struct

from workers.extract import dates
from workers.extract.head import Head
from workers.extract.marks import Marks
from workers.extract.text import plain
from workers.extract.visible import in_text
from workers.extract.zones import offset_name, zone_of
from workers.model import Entry, PublishedSource

PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time", "publishdate",
    "pubdate", "publish-date", "publish_date", "published_time", "published-date", "date_published",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "content_publisheddate",
    "content_publishdate", "dtk:publishdate", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date",
    "dc.date.created", "citation_publication_date", "originalpublicationdate", "article.published",
    "article_date_original", "date", "weibo:article:create_at", "displaydate", "article:create", "creationdate",
    "timestamp", "rnews:datepublished", "bt:pubdate",
)  # fmt: skip
MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified", "dcterms.modified",
            "dc.date.modified", "content_updateddate", "updated_time", "revised")  # fmt: skip
REPUBLISHED = timedelta(days=14)
EVENING = 17  # o'clock, from which tomorrow's edition may be up
ZONES_APART = timedelta(hours=14)  # between a clock without a zone and the same moment in UTC
AHEAD = timedelta(days=1)  # a date further in the future than zones explain is wrong
MAX_CLAIMS = 30  # compared
MAX_CONFLICTS = 10


class Times(Struct, frozen=True):
    """Both times in UTC, where `published_at` came from, what spoke against it, and the publisher's zone."""

    published_at: datetime | None = None
    modified_at: datetime | None = None
    source: PublishedSource | None = None
    conflicts: tuple[str, ...] = ()
    timezone: str = ""


class Claim(Struct, frozen=True):
    """One source's word: the moment, whether it named a time of day, and which zone."""

    at: datetime
    source: PublishedSource
    timed: bool
    zone: tzinfo | None = None
    weak: bool = False  # may be of something else on the page, so it doesn't stand against others
    named: bool = False  # the page names it as its own date of publication


def times(
    head: Head,
    marks: Marks,
    entry: Entry | None,
    headers: Mapping[str, str],
    *,
    zone: tzinfo,
    zone_name: str,
    now: datetime,
) -> Times:
    """Return when the article was published and modified. `now` bounds both: a future date becomes `now`.

    `zone` (called `zone_name`, "" when nothing told it) is taken for times that name none.
    """
    updates: list[dates.Moment] = []
    claims = list(chain(_structured(head, zone), _others(head, marks, entry, zone, updates)))[:MAX_CLAIMS]
    modified = next(chain(_modified(head, zone), (moment.at for moment in updates)), None)
    modified = min(modified, now) if modified else None
    chosen = _chosen(claims, zone, zone_known=bool(zone_name), now=now)
    if chosen is not None and chosen.source in ("jsonld", "meta"):
        shown = (claim for claim in claims if claim.named and _is_printed_later(claim, chosen, modified, zone))
        chosen = next(shown, chosen)
    named = dates.read_url(head.url, zone, directories=True)
    if chosen is not None and named is not None and chosen.at - named > REPUBLISHED:
        # an address keeps its first day; head and feed are dated anew when a story is moved or polished
        chosen = Claim(named, "url", False)
    ahead = (f"feed {entry.dated_ahead} future",) if entry is not None and entry.dated_ahead else ()
    if chosen is None:
        return Times(None, modified, None, ahead, timezone=zone_name)
    own_zone = _own_zone(chosen, claims, zone, zone_name)
    conflicts = (*ahead, *_conflicts(chosen, claims, headers, zone, own_zone, now))[:MAX_CONFLICTS]
    published = min(chosen.at, now)
    return Times(published, modified if modified and modified > published else None, chosen.source, conflicts, own_zone)


def _structured(head: Head, zone: tzinfo) -> Iterator[Claim]:
    for name in ("datePublished", "dateCreated", "uploadDate"):
        yield from _claim(plain(head.article.get(name)), "jsonld", zone)
    for node in head.own_nodes:
        if node is not head.article and "WebPage" in str(node.get("@type")):
            yield from _claim(plain(node.get("datePublished")), "jsonld", zone)
    for value in head.every(*PUBLISHED):
        yield from _claim(value, "meta", zone)


def _others(
    head: Head, marks: Marks, entry: Entry | None, zone: tzinfo, updates: list[dates.Moment]
) -> Iterator[Claim]:
    told = (
        Claim(entry.published_at, "feed", True, UTC) if entry is not None and entry.published_at is not None else None
    )
    for moment, near, named in in_text(marks, zone, updates):
        claim = Claim(moment.at, "text", moment.timed, moment.zone, not near, named)
        # clocks and lists of other articles look like datelines: they don't stand against what the feed says
        if told is None or _same_day(claim.at, told.at, zone):
            yield claim
    if found := dates.read_url(head.url, zone, directories=True):
        yield Claim(found, "url", False)
    if told is not None:
        yield told
    if found := dates.read_url(head.url, zone):
        yield Claim(found, "url", False)


def _claim(text: str, source: PublishedSource, zone: tzinfo) -> Iterator[Claim]:
    if text and (found := dates.find(text, zone)):
        yield Claim(found.at, source, found.timed, found.zone)


def _chosen(claims: list[Claim], zone: tzinfo, *, zone_known: bool, now: datetime) -> Claim | None:
    """The first claim that isn't in the future (else the first), made as exact as those that agree with it."""
    ordered = [_settled(claim, claims) for claim in claims]
    chosen = next((c for c in ordered if c.at <= now + AHEAD), next(iter(ordered), None))
    if chosen is None:
        return None
    if not chosen.timed:
        exact = (c for c in ordered if c.timed and _same_day(c.at, chosen.at, zone))
        found = next(exact, None)
        return Claim(found.at, chosen.source, True, found.zone) if found else chosen
    if chosen.zone is None and not zone_known:
        zoned = (c for c in ordered if c.timed and c.zone is not None and abs(c.at - chosen.at) <= ZONES_APART)
        found = next(zoned, None)
        return Claim(found.at, chosen.source, True, found.zone) if found else chosen
    return chosen


def _is_printed_later(shown: Claim, said: Claim, modified: datetime | None, zone: tzinfo) -> bool:
    """Whether the date a page shows as its own is a later printing than the one its data tell.

    Tomorrow's edition put up in the evening, or a story printed again, weeks later, on the day of its last change.
    """
    if modified is not None and shown.at - said.at > REPUBLISHED:
        return _same_day(shown.at, modified, zone)
    evening = said.at.astimezone(zone)
    tomorrow = shown.at.astimezone(zone).date() - evening.date() == timedelta(days=1)
    return tomorrow and said.timed and not shown.timed and evening.hour >= EVENING


def _settled(claim: Claim, claims: list[Claim]) -> Claim:
    """A claim in UTC whose clock shows what another one shows in its own zone: the local time was mislabelled."""
    if not claim.timed or claim.zone is None or claim.at.astimezone(claim.zone).utcoffset() != timedelta(0):
        return claim
    hands = claim.at.replace(second=0)
    for other in claims:
        if other.timed and other.zone is not None and other.source == "text":
            local = other.at.astimezone(other.zone).replace(second=0)
            if local.utcoffset() and local.replace(tzinfo=UTC) == hands:
                return Claim(claim.at - (local.utcoffset() or timedelta(0)), claim.source, True, other.zone)
    return claim


def _own_zone(chosen: Claim, claims: list[Claim], zone: tzinfo, zone_name: str) -> str:
    """The zone that the publisher tells the time in: the one beside it on the page, unless that is UTC."""
    if not chosen.timed:
        return zone_name  # the day was read in it, and must come out of it
    for claim in (chosen, *claims):
        if claim.zone is not None and claim.timed and abs(claim.at - chosen.at) < timedelta(hours=1):
            offset = claim.at.astimezone(claim.zone).utcoffset()
            if offset == claim.at.astimezone(zone).utcoffset() and offset:
                break
            if offset:
                return offset_name(claim.at, claim.zone)
    return zone_name


def _conflicts(
    chosen: Claim, claims: list[Claim], headers: Mapping[str, str], read_in: tzinfo, own_zone: str, now: datetime
) -> tuple[str, ...]:
    """The sources that say another day than the chosen one, or a future: "url 2025-09-03", "meta 2031-01-01 future".

    Days are compared as they were read: those with a time on the publisher's clock. Where no zone is known, a day more
    or less is none of the sources' doing.
    """
    shown = zone_of(own_zone)
    day = _day(Claim(min(chosen.at, now), chosen.source, chosen.timed), shown, read_in)
    leeway = timedelta(days=0 if own_zone else 1)
    found: dict[str, None] = {}
    for claim in claims:
        said = _day(claim, shown, read_in)
        if claim.at > now + (timedelta(0) if claim.timed else AHEAD):
            found[f"{claim.source} {said} future"] = None
        elif not claim.weak and abs(said - day) > leeway:
            found[f"{claim.source} {said}"] = None
    last = headers.get("last-modified", "")
    changed = dates.find(last, UTC) if last else None
    if (
        changed is not None
        and changed.at < chosen.at
        and (header := changed.at.astimezone(shown).date()) < day - leeway
    ):
        found[f"header {header}"] = None
    return tuple(found)[:MAX_CONFLICTS]


def _day(claim: Claim, shown: tzinfo, read_in: tzinfo) -> date:
    return claim.at.astimezone(shown if claim.timed else read_in).date()


def _same_day(one: datetime, other: datetime, zone: tzinfo) -> bool:
    return one.astimezone(zone).date() == other.astimezone(zone).date()


def _modified(head: Head, zone: tzinfo) -> Iterator[datetime]:
    for value in (plain(head.article.get("dateModified")), *head.every(*MODIFIED)):
        if value and (found := dates.read(value, zone)):
            yield found
