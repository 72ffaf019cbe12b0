"""Turns one item as feedparser read it into an Entry, whatever the format called its parts."""

from __future__ import annotations

import html
import re
from calendar import timegm
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import urljoin, urlsplit

from workers.model import Entry, Feed, digest
from workers.poll.dates import parse_date, zone_of
from workers.poll.plaintext import from_html, tidy
from workers.poll.redirects import unwrapped

TITLE = 1_000  # characters at most
SUMMARY = 5_000
CONTENT = 500_000
ADDRESS = 4_000
LONG_DESCRIPTION = 600  # characters of markup from which a description may serve as the article's body
MANY = 50  # authors, tags

_MAIL = re.compile(r"\S{1,100}@\S{1,200}")
_BETWEEN_NAMES = re.compile(r"\s*[;|/]\s*|\s+(?:dan|and|&)\s+", re.IGNORECASE)
_BYLINE = re.compile(r"^(?:by|oleh|penulis|reporter|editor|pewarta)\s*:?\s+", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|\?)", re.IGNORECASE)
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})

Raw = Mapping[str, Any]  # a plain dict: feedparser's own answers other keys than it is asked for


def to_entry(raw: Raw, feed: Feed, base: str) -> Entry:
    """Return `raw` as an Entry without its id; dates are as published, not yet held against the clock.

    `base` makes relative addresses absolute. Every text is bounded, plain (but `content`) and NFC.
    """
    zone = zone_of(feed.timezone)
    published, updated = _dates(raw, zone)
    title = _plain(raw, "title", TITLE)
    content = _content(raw)
    url = _link(raw, base)
    return Entry(
        id="",
        feed_id=feed.id,
        url=url,
        guid=tidy(_text(raw.get("id")), ADDRESS),
        title=title,
        summary=_plain(raw, "summary", SUMMARY) or from_html(content, SUMMARY),
        content=content,
        published_at=published,
        updated_at=updated,
        authors=_authors(raw),
        tags=_tags(raw),
        image=_image(raw, base),
        site=feed.site or host_of(url or feed.url),
        language=feed.language,
        timezone=feed.timezone,
        section=feed.section,
        fingerprint=digest(title, updated.isoformat() if updated else ""),
    )


def absolute(address: object, base: str) -> str:
    """Return `address` as an absolute http(s) URL, "" when it can't be one."""
    text = tidy(_text(address), ADDRESS).replace(" ", "%20")
    if not text:
        return ""
    try:
        whole = urljoin(base, text)
        parts = urlsplit(whole)
        return whole if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def host_of(url: str) -> str:
    """Return the host of `url` without "www.", "" when there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _records(value: object) -> Iterable[Raw]:
    return [item for item in value if isinstance(item, dict)][: MANY * 2] if isinstance(value, list) else []


def _get(record: Raw, key: str) -> str:
    return _text(dict.get(record, key)) if isinstance(record, dict) else _text(record.get(key))


def _link(raw: Raw, base: str) -> str:
    """The article's address: FeedBurner's original, the alternate link, a guid that is one (RSS 2.0: isPermaLink)."""
    links = [_get(link, "href") for link in _records(raw.get("links")) if _get(link, "rel") in ("", "alternate")]
    for candidate in (raw.get("feedburner_origlink"), raw.get("link"), *links):
        url = absolute(candidate, base)
        if url and url.partition("#")[0] != base:  # an empty link leads back to the feed
            return unwrapped(url, _text(raw.get("id")))
    return ""


def _dates(raw: Raw, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """(published, updated). Dublin Core's dc:date arrives as `updated`: alone, it is the publication."""
    published = _date(raw, "published", zone) or _date(raw, "created", zone)
    updated = _date(raw, "updated", zone)
    return published or updated, updated


def _date(raw: Raw, key: str, zone: tzinfo) -> datetime | None:
    if value := parse_date(_text(raw.get(key)), zone):
        return value
    parsed = raw.get(f"{key}_parsed")  # feedparser knows formats we don't (Korean, Greek, Hungarian)
    try:
        value = datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return value if value and value.year > 1970 else None


def _plain(raw: Raw, key: str, limit: int) -> str:
    detail = raw.get(f"{key}_detail")
    kind = _get(detail, "type") if isinstance(detail, dict) else "text/html"
    text = _text(raw.get(key))
    return from_html(text, limit) if kind in _HTML_TYPES else tidy(text, limit)


def _content(raw: Raw) -> str:
    """The longest body the feed carries, as HTML; a description serves when it is long."""
    bodies = [(_get(part, "value"), _get(part, "type")) for part in _records(raw.get("content"))]
    detail = raw.get("summary_detail")
    description = _text(raw.get("summary"))
    if len(description) >= LONG_DESCRIPTION:
        bodies.append((description, _get(detail, "type") if isinstance(detail, dict) else "text/html"))
    text, kind = max(bodies, key=lambda body: len(body[0]), default=("", ""))
    if kind and kind not in _HTML_TYPES:
        text = "".join(
            f"<p>{html.escape(part.strip())}</p>" for part in re.split(r"\n\s*\n", text[:CONTENT]) if part.strip()
        )
    return text[:CONTENT].strip()


def _authors(raw: Raw) -> tuple[str, ...]:
    named = [_get(author, "name") for author in _records(raw.get("authors"))]
    if not any(named):
        named = [_text(raw.get("author"))]
    return persons(named)


def persons(names: Iterable[str]) -> tuple[str, ...]:
    """Return the persons `names` name, each once: lists are parted, "e-mail (name)" and by-line words cut off."""
    found: dict[str, str] = {}
    for name in names:
        plain = _MAIL.sub("", from_html(name, 2_000)).strip(" ()<>,-")
        for part in _BETWEEN_NAMES.split(_BYLINE.sub("", plain)):
            person = _BYLINE.sub("", part.strip(" ,.()"))[:200]
            if any(letter.isalpha() for letter in person) and not person.startswith(("http:", "https:")):
                found.setdefault(person.casefold(), person)
    return tuple(found.values())[:MANY]


def _tags(raw: Raw) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for tag in _records(raw.get("tags")):
        text = from_html(_get(tag, "term") or _get(tag, "label"), 200)
        if text:
            found.setdefault(text.casefold(), text)
    return tuple(found.values())[:MANY]


def _image(raw: Raw, base: str) -> str:
    """The first picture the item names: media:content, enclosure, media:thumbnail, itunes:image."""
    media = [
        part
        for part in _records(raw.get("media_content"))
        if _get(part, "medium") == "image"
        or _get(part, "type").startswith("image/")
        or _PICTURE.search(_get(part, "url"))
    ]
    enclosed = [
        part
        for part in _records(raw.get("links"))
        if _get(part, "rel") == "enclosure"
        and (_get(part, "type").startswith("image/") or _PICTURE.search(_get(part, "href")))
    ]
    podcast = raw.get("image")
    single = [podcast] if isinstance(podcast, dict) else []
    for part in (*media, *enclosed, *_records(raw.get("media_thumbnail")), *single):
        if url := absolute(_get(part, "url") or _get(part, "href"), base):
            return url
    return ""
