"""Makes the document that is stored out of an article, its entry, its identity and its names."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from workers.model import Article, Document, Entry, PublishedSource
from workers.tag.summary import FieldTagger, Tagged, summarise


def tag_article(article: Article, entry: Entry, tagger: FieldTagger, first_seen_at: datetime) -> Tagged:
    """Return the names in an article as its document will have it; what the page lacks, the entry tells."""
    return summarise(
        article.title or entry.title,
        article.body,
        tagger,
        published_at=published(article, entry, first_seen_at)[0],
        language=article.language or entry.language or "id",
        timezone=article.timezone or entry.timezone,
    )


def build_document(
    article: Article,
    entry: Entry,
    *,
    document_id: str,
    version: int,
    fetched_at: datetime,
    first_seen_at: datetime,
    feeds: tuple[str, ...],
    feed_id: str,
    urls: tuple[str, ...],
    content_hash: str,
    tagged: Tagged,
    tagger: str,
    duplicate_of: str | None = None,
) -> Document:
    """Return the document; `version` in ms. `published_at` falls back to `first_seen_at` and says so.

    It is long because it names every field of a document once.
    """
    published_at, source = published(article, entry, first_seen_at)
    return Document(
        id=document_id,
        version=version,
        url=article.url or entry.url,
        urls=urls,
        canonical_url=article.canonical_url,
        site=entry.site or site_of(article.final_url or article.url or entry.url),
        feed_id=feed_id,
        feeds=feeds,
        title=article.title or entry.title,
        lead=article.lead,
        body=article.body,
        headings=article.headings,
        body_source=article.body_source,
        authors=article.authors,
        section=article.section or entry.section,
        tags=article.tags,
        image=article.image,
        language=article.language or entry.language,
        word_count=len(article.body.split()),
        published_at=published_at,
        published_at_source=source,
        modified_at=article.modified_at,
        first_seen_at=first_seen_at,
        fetched_at=fetched_at,
        indexed_at=None,
        entities=tagged.entities,
        people=tagged.people,
        organisations=tagged.organisations,
        places=tagged.places,
        places_at=tagged.places_at,
        extractor=article.extractor,
        tagger=tagger,
        content_hash=content_hash,
        duplicate_of=duplicate_of,
        captions=article.captions,
        kind=article.kind,
        access=article.access,
        pages=article.pages,
        incomplete=article.incomplete,
        dateline=article.dateline,
        editors=article.editors,
        image_caption=article.image_caption,
        amp_url=article.amp_url,
        date_conflicts=article.date_conflicts,
        restrictions=article.restrictions,
        removed=article.removed,
        timezone=article.timezone or entry.timezone,
    )


def yields(document: Document) -> bool:
    """Tell whether a stored document of the same version goes before it: its version was raised above its observation.

    A version that is an observation's own is unique, so that another of the same number was raised, of older text.
    """
    return document.observed_ms not in (0, document.version)


def site_of(url: str) -> str:
    """Return the publisher's host of `url` without "www.", "" when there is none."""
    host = urlsplit(url).hostname or ""
    return host.removeprefix("www.")


def published(article: Article, entry: Entry, first_seen_at: datetime) -> tuple[datetime, PublishedSource]:
    """Return when an article was published and what says so: the article, its feed, or when it was first seen."""
    if article.published_at is not None:
        return article.published_at, article.published_at_source or "meta"
    if entry.published_at is not None:
        return entry.published_at, "feed"
    return first_seen_at, "seen"
