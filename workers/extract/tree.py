"""Text to one lxml tree, parsed once and shared by metadata, cleaning and trafilatura. Bounded, whatever comes."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree, html

from workers.errors import Permanent

MAX_BYTES = 16_000_000  # of a page; the client's own cap is lower by default
MAX_ELEMENTS = 120_000  # real portals have 500 to 8,000
MAX_ATTRIBUTE = 20_000  # characters; longer ones are dropped: class and id are searched with expressions

Tree = Any  # lxml has no types of its own

_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{20000}")
_OPENING = re.compile(rb"<[A-Za-z]")
_NOT_HTML = re.compile(
    rb"%PDF-|\x89PNG|\xff\xd8\xff|GIF8[79]a|PK\x03\x04|\x1f\x8b|RIFF|\x00\x00\x00.ftyp|OggS|ID3|\x7fELF|Rar!|7z\xbc\xaf",
    re.DOTALL,
)
_HTML_TYPES = ("html", "xml", "text/plain", "octet-stream")


def check_is_html(body: bytes, content_type: str) -> None:
    """Raise Permanent ("empty", "too_large", "not_html") for bytes that can be no page."""
    if not body.strip(b"\x00 \t\r\n"):
        raise Permanent("the page is empty", reason="empty")
    if len(body) > MAX_BYTES:
        raise Permanent(f"a page of {len(body):,} bytes (limit {MAX_BYTES:,})", reason="too_large")
    kind = content_type.partition(";")[0].strip().lower()
    if kind and not any(part in kind for part in _HTML_TYPES):
        raise Permanent(f"content type {kind[:80]!r} is no page", reason="not_html")
    head = body[:4_096].lstrip()
    if _NOT_HTML.match(head) or not _OPENING.search(body):
        raise Permanent("the bytes are no HTML", reason="not_html")
    if head.startswith((b"<?xml", b"<rss", b"<feed")) and re.search(rb"<(?:rss|feed|urlset|sitemapindex)[\s>]", head):
        raise Permanent("a feed or sitemap, not a page", reason="not_html")


def parse(text: str) -> Tree:
    """Return the root element of `text`; libxml2 itself cuts nesting at 256 levels.

    Raises Permanent: "not_html" when nothing can be parsed, "too_large" beyond MAX_ELEMENTS.
    """
    data = text.replace("\x00", "").encode("utf-8", "replace")
    if len(_OPENING.findall(data)) > MAX_ELEMENTS:
        raise Permanent(f"more than {MAX_ELEMENTS:,} elements", reason="too_large")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Permanent(f"unparsable: {error}", reason="not_html") from error
    if _LONG_TAG.search(data):
        _shorten_attributes(root)
    return root


def _shorten_attributes(root: Tree) -> None:
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            if len(value) > MAX_ATTRIBUTE:
                del element.attrib[name]


def text_of(element: Tree) -> str:
    """Return the text of `element` and all in it, white space folded."""
    return " ".join("".join(element.itertext()).split())
