"""Makes the embedded store's row of a document, or says why it can never be stored. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from workers.index.document import yields
from workers.index.language import is_english
from workers.index.ranking import milliseconds
from workers.index.sqlite_search import COPY, ENGLISH, EXACT, label
from workers.index.stemming import fold, stem, stem_english, words
from workers.model import Document
from workers.ports import Outcome

MAX_ID = 512  # bytes, as in Elasticsearch
MAX_JSON = 50_000_000  # bytes of one document; Elasticsearch refuses requests over 100 MB
MAX_VERSION = 2**63 - 1


class Row(Struct, frozen=True, kw_only=True):
    """A document as the tables hold it. `words`: what title, lead, body and whole are found by, see `sqlite_schema`."""

    id: str
    version: int
    yields: bool  # to the same version, see `workers.index.document.yields`
    site: str
    published: int  # ms
    json: bytes
    labels: frozenset[tuple[str, str]]  # (kind, value)
    copy_of: str
    urls: frozenset[str]
    words: tuple[str, ...]


def row_of(document: Document, now: datetime) -> Row | Outcome:
    """Return the row, `indexed_at` set to `now`, or a "rejected" Outcome whose reason counts and whose error tells."""
    if not 0 < len(document.id.encode("utf-8", "replace")) <= MAX_ID:
        return _rejected(document, "bad_id", f"id must have 1 to {MAX_ID} bytes")
    if not 0 <= document.version <= MAX_VERSION:
        return _rejected(document, "bad_version", f"version {document.version} is not within 0 and 2^63 - 1")
    if document.published_at.utcoffset() is None:
        return _rejected(document, "bad_time", f"published_at {document.published_at} has no time zone")
    try:
        data = msgspec.json.encode(msgspec.structs.replace(document, indexed_at=now))
    except UnicodeEncodeError as error:
        return _rejected(document, "bad_unicode", f"broken Unicode (a lone surrogate): {error.reason}")
    if len(data) > MAX_JSON:
        return _rejected(document, "too_large", f"{len(data):,} bytes, at most {MAX_JSON:,}")
    labels = frozenset(_labels(document))
    return Row(
        id=document.id,
        version=document.version,
        yields=yields(document),
        site=document.site.lower(),
        published=milliseconds(document.published_at),
        json=data,
        labels=labels,
        copy_of=document.duplicate_of or "",
        urls=frozenset(document.urls),
        words=(*_words(document), _marks(document, labels)),
    )


def _labels(document: Document) -> Iterator[tuple[str, str]]:
    """Yield what a query's fields are compared with."""
    for kind in ("people", "organisations", "places", "authors", "tags"):
        for name in getattr(document, kind):
            yield kind, fold(name)
    yield "section", fold(document.section)
    yield "language", document.language


def _words(document: Document) -> Iterator[str]:
    english = is_english(document.language)
    for text in (document.title, document.lead, document.body):
        yield " ".join(_forms(text, english=english))


def _marks(document: Document, labels: Iterable[tuple[str, str]]) -> str:
    """Return what filters look for: what the article is, and its labels."""
    known = [ENGLISH] * is_english(document.language) + [COPY] * bool(document.duplicate_of)
    return " ".join((*known, label("site", document.site.lower()), *(label(*one) for one in sorted(labels))))


def _forms(text: str, *, english: bool) -> Iterator[str]:
    """Yield the words of `text` stemmed, then exact, then stemmed in English; each form by itself, for phrases."""
    found = [word for _, _, word in words(text)]
    yield from map(stem, found)
    yield from (EXACT + word for word in found)
    if english:
        yield from (ENGLISH + stem_english(word) for word in found)


def _rejected(document: Document, reason: str, error: str) -> Outcome:
    return Outcome(document.id, "rejected", error=f"document {document.id[:64]!r}: {error}", reason=reason)
