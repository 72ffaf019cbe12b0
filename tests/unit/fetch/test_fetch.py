"""workers/fetch/fetch.py: Entry → Page, or the error as a value."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from workers.errors import KabarError, Permanent, StoreUnavailable, Transient
from workers.fetch.fetch import MAX_HEADER, fetch_page
from workers.model import Download, Entry, Page

URL = "https://riau24.com/berita/1"
HTML = b"<!DOCTYPE html><html><body><p>Isi berita.</p></body></html>"


class Answering:
    """An `Http` that gives what it is told, whatever is asked."""

    def __init__(self, answer: Download | KabarError) -> None:
        self.answer = answer

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None) -> Download:
        if isinstance(self.answer, KabarError):
            raise self.answer
        return self.answer

    def shutdown(self) -> None:
        pass


def fetch(body: bytes, *, status: int = 200, **headers: str) -> Page | Transient | Permanent:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = Download(url=URL, final_url=URL + "?page=all", status=status, headers=named, body=body)
    return fetch_page(Answering(answer), Entry(id="e", feed_id="f", url=URL), 1_757_000_000_000)


def test_page_keeps_what_later_stages_read() -> None:
    page = fetch(
        HTML,
        content_type="text/html; charset=windows-1252",
        last_modified="x",
        set_cookie="s",
        server="y",
        x_robots_tag="noindex",
        tdm_reservation="1",
        link="<a>" * MAX_HEADER,
    )
    assert isinstance(page, Page)
    assert (page.url, page.final_url, page.status, page.body, page.fetched_ms) == (
        URL,
        URL + "?page=all",
        200,
        HTML,
        1_757_000_000_000,
    )
    assert set(page.headers) == {"content-type", "last-modified", "x-robots-tag", "tdm-reservation", "link"}
    assert page.headers["content-type"] == "text/html; charset=windows-1252"
    assert len(page.headers["link"]) == MAX_HEADER


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html",
        "TEXT/HTML;charset=utf-8",
        "application/xhtml+xml",
        "text/plain",
        "application/octet-stream",
        "",
        "application/xml",
        "bukan tipe",
        "text/html, text/html",
    ],
)
def test_types_a_page_may_have(content_type: str) -> None:
    assert isinstance(fetch(HTML, content_type=content_type), Page)


def test_page_without_markup_or_type_header() -> None:
    assert isinstance(fetch(b"Isi berita tanpa tag.", content_type="text/html"), Page)
    assert isinstance(fetch(HTML.decode().encode("utf-16")), Page)
    assert isinstance(fetch(b"\xef\xbb\xbf \n" + HTML), Page)


@pytest.mark.parametrize(
    ("content_type", "body", "named"),
    [
        ("application/pdf", b"%PDF-1.7", "application/pdf"),
        ("text/html", b"%PDF-1.7 <html>", "application/pdf"),
        ("image/jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("video/mp4", b"xxxx", "video/mp4"),
        ("application/octet-stream", b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        ("audio/mpeg", b"ID3", "audio/mpeg"),
        ("application/json", b"{}", "application/json"),
        ("application/rss+xml", b"<rss><title>x</title></rss>", "application/rss+xml"),
        ("text/xml", b"<?xml version='1.0'?><rss/>", "text/xml"),
        ("text/plain", b"User-agent: *", "text/plain"),
        ("", b"apa saja", "unknown type"),
        ("x/" + "y" * 5_000, b"?", "x/yyy"),
    ],
)
def test_what_is_no_html(content_type: str, body: bytes, named: str) -> None:
    error = fetch(body, content_type=content_type)
    assert isinstance(error, Permanent)
    assert error.reason == "not_html"
    assert named in str(error)
    assert len(str(error)) < 300


@pytest.mark.parametrize(("status", "body"), [(204, b""), (200, b""), (200, b" \r\n\t"), (304, b"")])
def test_pages_without_a_body(status: int, body: bytes) -> None:
    error = fetch(body, status=status, content_type="text/html")
    assert isinstance(error, Permanent)
    assert error.reason == "empty_page"


@pytest.mark.parametrize(
    "error",
    [
        Transient("x", reason="http_503", retry_after=9.0),
        Permanent("x", reason="http_404"),
        StoreUnavailable("x"),
    ],
)
def test_errors_are_values(error: Transient | Permanent) -> None:
    assert fetch_page(Answering(error), Entry(id="e", feed_id="f", url=URL), 0) is error


def test_entry_without_an_address() -> None:
    error = fetch_page(Answering(Permanent("never asked", reason="x")), Entry(id="e", feed_id="f", url=""), 0)
    assert isinstance(error, Permanent)
    assert error.reason == "bad_url"
