"""The values, in order of travel: Feed, FeedState → Entry → Page → Article → Entity → Document → Query, Results.

All are frozen msgspec structs: compared by value, encoded with `encode`/`decode`. Times are zone-aware UTC datetimes;
`*_ms` are integer milliseconds since 1970 UTC; texts are NFC; ids are lower-case hex of a BLAKE2b hash (`digest`).
The file is long because it holds them all.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T")

PublishedSource = Literal["jsonld", "meta", "text", "url", "feed", "seen"]
EntityType = Literal["PERSON", "ORG", "LOCATION", "DATE", "MONEY", "QUANTITY", "LAW", "EVENT"]
BodySource = Literal["page", "feed"]  # where a document's body came from
Access = Literal[
    "full", "paywall", "snippet"
]  # whole text · cut short by a paywall · only a teaser or the feed's summary
Kind = Literal["article", "photo", "video", "live"]  # what sort of page it was: text, gallery, player, live blog
Notice = Literal["", "correction", "retraction"]  # what the text says of itself


def digest(*parts: str) -> str:
    """Return 32 hex digits that name `parts` for ever (BLAKE2b-128, parts told apart)."""
    return hashlib.blake2b("\x00".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Feed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One feed as the operator configured it. `id` is `digest(url)` unless the configuration names one."""

    id: str
    url: str
    title: str = ""
    site: str = ""  # publisher's host without "www.", e.g. "riau24.com"
    language: str = "id"  # BCP 47, of the articles
    timezone: str = "Asia/Jakarta"  # of dates without a zone (IANA name)
    section: str = ""
    folder: str = ""  # OPML outline it came from
    interval: int | None = None  # seconds between polls, fixed by the operator; None adapts
    enabled: bool = True
    headers: dict[str, str] = {}  # extra request headers
    floor: int | None = None  # seconds between polls at least and at most; None: the global bounds
    ceiling: int | None = None
    silent_after: int | None = None  # seconds without a new entry before the feed counts as silent; None: by its rate
    keep: tuple[str, ...] = ()  # rules of `poll.filters`: only entries that match one are taken
    drop: tuple[str, ...] = ()  # entries that match one are left out
    parent: str = ""  # id of the sitemap index that led to this sitemap, "" of a feed somebody added


class FeedState(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the last polls left behind. Committed in one script with the entries it stands for."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""  # digest of the last body parsed: an identical one is not parsed again
    polled_at: datetime | None = None
    changed_at: datetime | None = None  # last poll with a new entry
    interval: int = 0  # seconds chosen by the last poll; 0: never polled
    failures: int = 0  # in a row
    weight: float = 0.0  # of the failures in a row, by class: see `poll.failures`
    error: str = ""  # the last poll's, "" after a good one
    error_class: str = ""  # "hard", "soft", "dns" or "challenge"; "" after a good poll
    polls: int = 0
    entries_seen: int = 0  # total new entries over all polls
    gone: bool = False  # retired by 410; visible, polled no more
    leads_on: bool = False  # a sitemap index: it leads to feeds and lists no articles itself
    per_day: float = 0.0  # posting rate: entries a day over the last week; 0 when unknown
    missed: int = 0  # polls that found every item new: some had probably come and gone unseen
    missed_items: int = 0  # how many, by the posting rate
    unmodified: int = 0  # 304 answers in a row
    distrusted: bool = False  # its server was caught with a wrong 304: asked without validators since
    moved: bool = False  # polled at `moved_to`: see `poll.moves`
    moved_to: str = ""  # where permanent redirects lead
    moved_from: str = ""  # the configured address they started from
    moved_polls: int = 0  # identical ones in a row
    moved_since: datetime | None = None


class Download(Struct, frozen=True, kw_only=True):
    """What an HTTP request gave: the bytes after decompression and the headers (names in lower case)."""

    url: str  # asked for
    final_url: str  # after redirects
    status: int
    headers: dict[str, str]
    body: bytes
    elapsed: float = 0.0  # seconds
    permanent_url: str = ""  # where 301/308 answers (only such) led, "" without

    @property
    def not_modified(self) -> bool:
        return self.status == 304


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One item of a feed: a promise of an article. `id` names its address, so feeds of a site share entries."""

    id: str
    feed_id: str
    url: str  # absolute link as the feed gives it; "" when `page` is False and there is none
    guid: str = ""
    title: str = ""
    summary: str = ""  # plain text
    content: str = ""  # HTML the feed itself carries ("" without): the fall-back body
    published_at: datetime | None = None
    updated_at: datetime | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image: str = ""
    dated_ahead: str = ""  # day (ISO) the feed claims when it lies in the future: then `published_at` was brought back
    page: bool = True  # False: no page of its own (no link, or a link many items share): use the feed's content
    site: str = ""  # copied from the Feed, so that later stages need no look-up
    language: str = ""
    timezone: str = "Asia/Jakarta"
    section: str = ""
    fingerprint: str = ""  # digest of title and updated_at: when it changes, the entry is fetched again


class Page(Struct, frozen=True, kw_only=True):
    """An article's page as fetched. `fetched_ms` comes from Redis' clock at the claim and never runs backwards."""

    url: str  # asked for
    final_url: str
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes
    fetched_ms: int
    further: tuple[Page, ...] = ()  # the other pages of an article that is spread over several, as they came in
    missing: tuple[str, ...] = ()  # addresses of further pages that could not be had


class Article(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page understood: text and metadata, before identity and names."""

    url: str  # fetched address (Entry.url)
    final_url: str = ""
    canonical_url: str = ""  # the page's own claim, absolute; "" without
    title: str = ""
    lead: str = ""
    body: str = ""  # paragraphs separated by "\n\n"; sub-headings are paragraphs of their own
    headings: tuple[str, ...] = ()  # the paragraphs of `body` that are sub-headings
    captions: tuple[str, ...] = ()  # of pictures within the text; no part of `body`
    body_source: BodySource = "page"
    kind: Kind = "article"
    access: Access = "full"
    pages: int = 1  # a text spread over several pages was joined from so many
    incomplete: bool = False  # further pages of it could not be had
    dateline: str = ""  # place the text says it was written at: "JAKARTA, KOMPAS.com –" gives "Jakarta"
    authors: tuple[str, ...] = ()  # who wrote it: persons only
    editors: tuple[str, ...] = ()
    section: str = ""
    tags: tuple[str, ...] = ()
    image: str = ""
    image_caption: str = ""
    amp_url: str = ""
    language: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    published_at_source: PublishedSource | None = None
    timezone: str = ""  # the publisher's: IANA name or offset such as "+08:00"; "" when nothing tells
    date_conflicts: tuple[str, ...] = ()  # sources that say another day, or a future one: "url 2025-09-03"
    restrictions: tuple[str, ...] = ()  # robots and TDM wishes: "noindex", "noarchive", "noai", "tdm-reservation" …
    site_name: str = ""
    extractor: str = ""  # e.g. "trafilatura 2.3.1 fast"
    removed: tuple[str, ...] = ()  # what cleaning cut out of the body, for audit
    link_share: float = 0.0  # of the body's characters, in lines that are links


class Entity(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One mention. Offsets are code points into the tagged text: `text[start:end] == entity.text`."""

    text: str
    type: EntityType
    start: int
    end: int
    name: str  # canonical name: equal for all mentions of one thing in the article
    wikidata: str = ""  # "Q…"
    score: float = 1.0  # 0 … 1
    latitude: float | None = None  # of places the gazetteer knows
    longitude: float | None = None
    value: str = ""  # of DATE (ISO 8601 day, month, year or interval), MONEY ("5000000 IDR"), QUANTITY, LAW, EVENT
    role: str = ""  # title, rank or office that stands before a person: "Bupati Kampar"


class Mention(Struct, frozen=True, kw_only=True):
    """Where an entity stands in a document: `field` is "title" or "body"."""

    field: Literal["title", "body"]
    start: int
    end: int
    text: str


class DocumentEntity(Struct, frozen=True, kw_only=True):
    """One thing named in a document, with all its mentions (title first, then body, by offset)."""

    name: str
    type: EntityType
    count: int
    score: float
    mentions: tuple[Mention, ...]
    wikidata: str = ""
    value: str = ""  # see Entity
    role: str = ""  # the one most often given
    salience: float = 0.0  # 0 … 1: how much the article is about it (title, lead, frequency)
    first: int = 0  # offset of the first mention in its field


class GeoPoint(Struct, frozen=True):
    lat: float
    lon: float


class Document(Struct, frozen=True, kw_only=True):
    """What the search store keeps. Field names are the index mapping's; the JSON form is `to_json`."""

    id: str
    version: int  # ms; grows with every observation that is stored
    url: str  # the address that was fetched
    urls: tuple[str, ...]  # every address known for it, normalised: link, final, canonical
    canonical_url: str
    site: str
    feed_id: str  # the feed that found it first
    feeds: tuple[str, ...]  # all feeds that list it, sorted
    title: str
    lead: str
    body: str
    headings: tuple[str, ...]
    body_source: BodySource
    authors: tuple[str, ...]
    section: str
    tags: tuple[str, ...]
    image: str
    language: str
    word_count: int
    published_at: datetime  # never null: falls back to first_seen_at
    published_at_source: PublishedSource
    modified_at: datetime | None
    first_seen_at: datetime
    fetched_at: datetime
    indexed_at: datetime | None  # set by the store's writer
    entities: tuple[DocumentEntity, ...]
    people: tuple[str, ...]
    organisations: tuple[str, ...]
    places: tuple[str, ...]
    places_at: tuple[GeoPoint, ...]
    extractor: str
    tagger: str
    content_hash: str
    duplicate_of: str | None = None  # id of the article this one is a copy of (wire copy on several sites)
    captions: tuple[str, ...] = ()
    kind: Kind = "article"
    access: Access = "full"
    pages: int = 1
    incomplete: bool = False
    dateline: str = ""
    editors: tuple[str, ...] = ()
    image_caption: str = ""
    amp_url: str = ""
    date_conflicts: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()  # what cleaning cut out of the body, for audit
    timezone: str = "Asia/Jakarta"  # the publisher's (IANA name or offset): "kemarin" counts from its day
    observed_ms: int = 0  # when this text was first seen, in the order of observations (see Page.fetched_ms)
    edits: int = 0  # how often the text was seen to change so far
    edited_at: datetime | None = None  # when the last of these changes was seen
    notice: Notice = ""
    gone_at: datetime | None = None  # when its page was found taken down; None while it is there
    gone_status: int = 0  # 404 or 410, 0 while it is there


class Version(Struct, frozen=True, kw_only=True):
    """A text an article had at one moment. Kept once the article has had two of them.

    `without_text`: there were so many that only its time and hash are still known.
    """

    article_id: str
    content_hash: str
    observed_ms: int  # in the order of observations
    observed_at: datetime
    url: str
    title: str
    body: str
    body_source: BodySource
    access: Access = "full"
    modified_at: datetime | None = None  # as the publisher says
    notice: Notice = ""
    extractor: str = ""
    pages: int = 1
    incomplete: bool = False
    without_text: bool = False

    @property
    def id(self) -> str:
        """The name it is stored under. A text that comes back after an edit is another version: hence the time."""
        return f"{self.article_id}-{self.content_hash}-{self.observed_ms}"


class Query(Struct, frozen=True, kw_only=True):
    """A search. `text`: in the query language, see `workers.index.query.parse`."""

    text: str = ""
    site: str = ""
    duplicate_of: str = ""  # only copies of the article with this id
    entity: str = ""  # name of a person, organisation or place: equal to one of the flat fields, case folded
    published_from: datetime | None = None  # inclusive
    published_to: datetime | None = None  # exclusive
    names: dict[str, str] = {}  # what documents call those that `text` names in orang:, tempat:, lembaga:
    fold: bool = False  # leave copies out, their originals stand for them, unless what is asked parts the two
    suggest: bool = True  # look for what misspelt words may have meant; costs more than the search when nobody reads it
    limit: int = 10
    offset: int = 0
    cursor: str = ""  # of the results before: continues behind them, however many they were
    hold: bool = False  # what is found for the pages behind this one, so that new articles neither hide nor double any


class Hit(Struct, frozen=True, kw_only=True):
    """One result. `snippet`: passages of lead or body with the found words between « and »."""

    id: str
    url: str
    title: str
    site: str
    published_at: datetime
    snippet: str
    people: tuple[str, ...]
    organisations: tuple[str, ...]
    places: tuple[str, ...]
    duplicate_of: str | None = None  # id of the article it is a copy of
    score: float = 0.0
    copies: int | None = None  # of it in the store, where somebody counted them


class Results(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`total` counts every match (exactly), `hits` holds the page asked for, best first.

    `cursor`: for the page behind this one, "" when there is none. `suggestion`: the text as it may have been meant,
    when little or nothing was found and a word of it stands nowhere.
    """

    total: int
    hits: tuple[Hit, ...]
    cursor: str = ""
    suggestion: str = ""


def encode(value: Struct) -> bytes:
    """Return `value` as JSON bytes (times as RFC 3339)."""
    return msgspec.json.encode(value)


def decode(data: bytes, kind: type[T]) -> T:
    """Read what `encode` wrote. Raises msgspec.ValidationError when it is no `kind`."""
    return msgspec.json.decode(data, type=kind)
