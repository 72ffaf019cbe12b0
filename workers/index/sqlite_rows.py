"""Makes the embedded store's row of a document, or says why it can never be stored. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from workers.index.document import yields
from workers.index.language import english_texts, english_words
from workers.index.sqlite_search import milliseconds
from workers.index.stemming import fold, stem, words
from workers.model import Document
from workers.ports import Outcome

MAX_ID = 512  # bytes, as in Elasticsearch
MAX_JSON = 50_000_000  # bytes of one document; Elasticsearch refuses requests over 100 MB
MAX_VERSION = 2**63 - 1


class Row(Struct, frozen=True, kw_only=True):
    """A document as the tables hold it. `stemmed` and `exact`: title, lead, body as words joined by blanks."""

    id: str
    version: int
    yields: bool  # to the same version, see `workers.index.document.yields`
    site: str
    published: int  # ms
    json: bytes
    labels: frozenset[tuple[str, str]]  # (kind, value)
    copy_of: str
    urls: frozenset[str]
    stemmed: tuple[str, str, str]
    exact: tuple[str, str, str]


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
    exact = [[word for _, _, word in words(text)] for text in (document.title, document.lead, document.body)]
    body = [*map(stem, exact[2]), *english_words(english_texts(document))]
    return Row(
        id=document.id,
        version=document.version,
        yields=yields(document),
        site=document.site.lower(),
        published=milliseconds(document.published_at),
        json=data,
        labels=frozenset(_labels(document)),
        copy_of=document.duplicate_of or "",
        urls=frozenset(document.urls),
        stemmed=_joined([*(list(map(stem, field)) for field in exact[:2]), body]),
        exact=_joined(exact),
    )


def _labels(document: Document) -> Iterator[tuple[str, str]]:
    """Yield what a query's fields are compared with."""
    for kind in ("people", "organisations", "places", "authors", "tags"):
        for name in getattr(document, kind):
            yield kind, fold(name)
    yield "section", fold(document.section)
    yield "language", document.language


def _joined(fields: list[list[str]]) -> tuple[str, str, str]:
    title, lead, body = (" ".join(field) for field in fields)
    return title, lead, body


def _rejected(document: Document, reason: str, error: str) -> Outcome:
    return Outcome(document.id, "rejected", error=f"document {document.id[:64]!r}: {error}", reason=reason)
