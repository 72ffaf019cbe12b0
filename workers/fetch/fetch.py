"""Fetch one entry's page: Entry → Page, or the error as a value."""

from __future__ import annotations

import re

from workers.errors import Permanent, Transient
from workers.model import Download, Entry, Page
from workers.ports import Http

# What later stages read: charset, language, dates, canonical link, and the publisher's wishes about indexing.
KEPT_HEADERS = ("content-type", "content-language", "last-modified", "date", "link", "x-robots-tag", "tdm-reservation")
MAX_HEADER = 8_192  # characters kept of each

_HTML = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
# Types that say little, or are often said by mistake: the bytes decide.
_UNSURE = frozenset(
    {
        "",
        "text/plain",
        "text/xml",
        "application/xml",
        "application/octet-stream",
        "application/x-unknown-content-type",
        "text/htm",
        "html",
        "unknown/unknown",
    }
)
_MAGIC = (  # offset and bytes of what is no page, whatever the header claims
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"OggS", "application/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title|article|div|p)[\s>]", re.IGNORECASE)
_LOOK_AT = 4_096  # bytes in which markup must begin


def fetch_page(
    http: Http, entry: Entry, fetched_ms: int, *, max_bytes: int | None = None
) -> Page | Transient | Permanent:
    """Return the page of `entry`, or the error that ended its request (never raised, so that a batch goes on).

    `max_bytes` bounds it more tightly than the client does.
    `fetched_ms`: the claim's time by Redis' clock. Permanent besides the port's: "not_html" naming the type,
    "empty_page", "bad_url" when the entry has no page of its own.
    """
    if not entry.url:
        return Permanent(f"entry {entry.id} has no address", reason="bad_url")
    try:
        download = http.get(entry.url, max_bytes=max_bytes)
    except (Transient, Permanent) as error:
        return error
    if not download.body.strip():
        return Permanent(f"{download.final_url}: HTTP {download.status} without a body", reason="empty_page")
    wrong = wrong_type(download)
    if wrong:
        return Permanent(f"{download.final_url}: {wrong}, not HTML", reason="not_html")
    headers = {name: download.headers[name][:MAX_HEADER] for name in KEPT_HEADERS if name in download.headers}
    return Page(
        url=entry.url,
        final_url=download.final_url,
        status=download.status,
        headers=headers,
        body=download.body,
        fetched_ms=fetched_ms,
    )


def wrong_type(download: Download) -> str:
    """Return the media type of what is no HTML page, "" of a page (header first, first bytes where it is unsure)."""
    claimed = download.headers.get("content-type", "").partition(";")[0].partition(",")[0].strip().lower()[:100]
    magic = next((name for at, start, name in _MAGIC if download.body.startswith(start, at)), "")
    if magic:
        return magic
    if claimed in _HTML:
        return ""
    if claimed in _UNSURE or "/" not in claimed:
        head = download.body[:_LOOK_AT].replace(b"\x00", b"")  # UTF-16 reads as ASCII then
        return "" if _MARKUP.search(head) else claimed or "unknown type"
    return claimed
