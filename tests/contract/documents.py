"""Builds documents for the search stores' tests: every field filled, the interesting ones given by the test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from workers.letters import DeadLetter
from workers.model import Document, DocumentEntity, GeoPoint, Mention, Version, digest
from workers.reports import PollReport

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

TITLE = "Pemerintah Riau membangun jembatan baru"
LEAD = "Gubernur meninjau lokasi di Pekanbaru pada Senin pagi."
BODY = (
    "Pembangunan jembatan itu menelan biaya Rp1,5 miliar dan ditargetkan rampung akhir tahun.\n\n"
    "Warga berharap jalan penghubung antardesa ikut diperbaiki."
)


def letter(name: str = "a", **fields: Any) -> DeadLetter:
    """Return the dead letter of an entry called `name`; `fields` win over the defaults."""
    values: dict[str, Any] = {
        "id": digest("letter", name),
        "kind": "entry",
        "stage": "fetch",
        "reason": "http_404",
        "message": "HTTP 404",
        "url": f"https://www.berita.test/{name}",
        "feed_id": digest("feed"),
        "title": TITLE,
        "attempts": 1,
        "buried_at": NOON,
        **fields,
    }
    return DeadLetter(**values)


def document(name: str = "satu", **fields: Any) -> Document:
    """Return a document whose id, addresses and hash come from `name`; `fields` win over the defaults."""
    url = f"https://berita.test/{name}"
    values: dict[str, Any] = {
        "id": digest(name),
        "version": 1_000,
        "url": url,
        "urls": (url, f"https://m.berita.test/{name}"),
        "canonical_url": url,
        "site": "berita.test",
        "feed_id": digest("feed"),
        "feeds": (digest("feed"),),
        "title": TITLE,
        "lead": LEAD,
        "body": BODY,
        "headings": (),
        "body_source": "page",
        "authors": ("Siti Rahma",),
        "section": "daerah",
        "tags": ("jembatan",),
        "image": "https://berita.test/gambar.jpg",
        "language": "id",
        "word_count": 20,
        "published_at": NOON,
        "published_at_source": "jsonld",
        "modified_at": None,
        "first_seen_at": NOON + timedelta(minutes=1),
        "fetched_at": NOON + timedelta(minutes=2),
        "indexed_at": None,
        "entities": (_place(),),
        "people": (),
        "organisations": (),
        "places": ("Pekanbaru",),
        "places_at": (GeoPoint(0.5, 101.45),),
        "extractor": "trafilatura 2.3.1 fast",
        "tagger": "rules 1",
        "content_hash": digest("content", name),
    }
    return Document(**{**values, **fields})


def article(name: str, text: str = "", *, title: str = "Judul", lead: str = "", **fields: Any) -> Document:
    """Return a document that holds no other words than the given ones."""
    return document(name, title=title, lead=lead, body=text, entities=(), places=(), places_at=(), **fields)


def _place() -> DocumentEntity:
    mention = Mention(field="body", start=0, end=10, text="Pekanbaru")
    return DocumentEntity(name="Pekanbaru", type="LOCATION", count=1, score=0.9, mentions=(mention,), wikidata="Q6470")


def version(name: str = "satu", observed_ms: int = 1_000, **fields: Any) -> Version:
    """Return a version of the article called `name`; hash and title come from its text unless given."""
    body = fields.get("body", BODY)
    values: dict[str, Any] = {
        "article_id": digest(name),
        "content_hash": digest("content", body),
        "observed_ms": observed_ms,
        "observed_at": datetime.fromtimestamp(observed_ms / 1000, UTC),
        "url": f"https://berita.test/{name}",
        "title": TITLE,
        "body": body,
        "body_source": "page",
        **fields,
    }
    return Version(**values)


def report(minutes: float = 0, feed: str = "umpan", **fields: Any) -> PollReport:
    """Return the report of a good poll of `feed` so many minutes before now: older ones may be forgotten at once."""
    at = fields.pop("at", datetime.now(UTC) - timedelta(minutes=minutes))
    values: dict[str, Any] = {
        "id": digest(feed, at.isoformat()),
        "at": at,
        "feed_id": digest(feed),
        "url": f"https://berita.test/{feed}",
        "site": "berita.test",
        "outcome": "new",
        "status": 200,
        "new": 2,
        "entries": 20,
        "elapsed": 0.25,
        "due_at": at + timedelta(minutes=15),
        "delay": 900.0,
        "failures": 0,
        "health": "well",
        "per_day": 12.5,
        "silent": False,
        "missed": False,
        **fields,
    }
    return PollReport(**values)
