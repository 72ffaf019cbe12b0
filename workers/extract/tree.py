"""Text to one lxml tree, parsed once and shared by metadata, cleaning and trafilatura. Bounded, whatever comes."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree, html

from workers.errors import Permanent

MAX_BYTES = 16_000_000  # of a page; the client's own cap is lower by default
MAX_PARSED = 150_000  # elements, drawings and scripts included
MAX_ELEMENTS = 25_000  # that hold text; real portals have 500 to 8,000
MAX_TEXT = 1_500_000  # characters outside scripts and styles
MAX_ATTRIBUTE = 20_000  # characters; longer values are dropped: class and id are searched with expressions
MAX_ATTRIBUTES = 100  # of one element; parsers compare each with each
LONG_TAG = 1_000  # bytes; tags of more are looked into
MAX_TABLES = 6  # in one another; trafilatura reads the inner ones again with each outer one
CONTROL_TEXT = 1_000  # characters of unlinked text that no menu has
GARBAGE = 0.02  # share of control and undecodable characters that no text has

Tree = Any  # lxml has no types of its own

_LONG_TAG = re.compile(rb"<([A-Za-z][\w:-]{0,30}+)[^<>]{%d,}+" % LONG_TAG)  # possessive: a short tag is looked at once
_ATTRIBUTE = re.compile(rb"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]*))?""")
SILENT = ("script", "style", "noscript", "template", "svg", "iframe", "object")
_CONTROLS = ("nav", "button", "select", "textarea", "datalist", "dialog", "menu")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_CONTROLS_BYTES = bytes({*range(0x20), 0x7F} - set(b"\t\n\r\x0c"))
_FORM_FEED = bytes.maketrans(b"\x0c", b" ")
_OPENING = re.compile(rb"<[A-Za-z]")
_NOT_HTML = re.compile(
    rb"%PDF-|\x89PNG|\xff\xd8\xff|GIF8[79]a|PK\x03\x04|\x1f\x8b|RIFF|\x00\x00\x00.ftyp|OggS|ID3|\x7fELF|Rar!|7z\xbc\xaf",
    re.DOTALL,
)
# lxml.html's own look-up is a Python call for every element that is touched, and only forms gain by it
_ONE_CLASS = etree.ElementDefaultClassLookup(element=html.HtmlElement)
_COUNT = etree.XPath("count(descendant-or-self::*)")
_INNER_TABLES = etree.XPath(f"//table[count(ancestor::table) >= {MAX_TABLES}]")
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
    # UTF-16 has a zero byte between "<" and the name
    if _NOT_HTML.match(head) or not _OPENING.search(body.replace(b"\x00", b"") if 0 in head else body):
        raise Permanent("the bytes are no HTML", reason="not_html")
    if head.startswith((b"<?xml", b"<rss", b"<feed")) and re.search(rb"<(?:rss|feed|urlset|sitemapindex)[\s>]", head):
        raise Permanent("a feed or sitemap, not a page", reason="not_html")


def parse(text: str) -> Tree:
    """Return the root element of `text`; libxml2 itself cuts nesting at 256 levels.

    Raises Permanent: "not_html" when nothing can be parsed, "too_large" beyond MAX_PARSED.
    """
    sample = text[:20_000]
    if len(_CONTROL.findall(sample)) > GARBAGE * len(sample):
        raise Permanent("binary data, not a page", reason="not_html")
    data = _allowed(text.encode("utf-8", "replace"))
    data = _without_long_tags(data)
    try:
        root = html.document_fromstring(data, parser=html_parser())
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Permanent(f"unparsable: {error}", reason="not_html") from error
    # counting angle brackets is cheap and never too low by much: elements are counted only when it may matter
    if data.count(b"<") > MAX_PARSED and sum(1 for _ in root.iter()) > MAX_PARSED:
        raise Permanent(f"more than {MAX_PARSED:,} elements", reason="too_large")
    return root


def html_parser() -> Any:
    """Return a parser of UTF-8 whose elements are all plain HtmlElements, without comments."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    parser.set_element_class_lookup(_ONE_CLASS)
    return parser


def without_scripts(root: Tree) -> None:
    """Take out of `root` what is never read as text: scripts (after their data were read), menus, buttons.

    Raises Permanent("too_large") when what remains is beyond MAX_ELEMENTS or MAX_TEXT.
    """
    etree.strip_elements(root, *SILENT, with_tail=False)
    for control in list(root.iter(*_CONTROLS)):
        # an element left open swallows the article: then it is no control
        if control.getparent() is not None and len(text_of(control)) - _link_text(control) < CONTROL_TEXT:
            control.drop_tree()
    count = element_count(root)
    length = len(etree.tostring(root, method="text", encoding="unicode"))
    if count > MAX_ELEMENTS:
        raise Permanent(f"{count:,} elements (limit {MAX_ELEMENTS:,})", reason="too_large")
    if length > MAX_TEXT:
        raise Permanent(f"{length:,} characters of text (limit {MAX_TEXT:,})", reason="too_large")
    for table in _INNER_TABLES(root):
        table.drop_tag()


def element_count(root: Tree) -> int:
    """Return how many elements `root` has, itself among them."""
    return int(_COUNT(root))


def _without_long_tags(data: bytes) -> bytes:
    """Shorten tags of unusual length; pieces between two "<" are looked at only where they are long themselves."""
    pieces = data.split(b"<")
    long = [n for n, piece in enumerate(pieces) if len(piece) > LONG_TAG and piece.find(b">", 0, LONG_TAG) < 0]
    for number in long if long[:1] != [0] else long[1:]:  # the first stands before any tag
        pieces[number] = _LONG_TAG.sub(_shortened, b"<" + pieces[number])[1:]
    return b"<".join(pieces) if long else data


def _allowed(data: bytes) -> bytes:
    """UTF-8 without what XML forbids: libxml2 keeps it, in names too, and lxml then refuses to look for them."""
    data = data.translate(_FORM_FEED, _CONTROLS_BYTES)
    return data.replace(b"\xef\xbf\xbe", b"").replace(b"\xef\xbf\xbf", b"") if b"\xef\xbf" in data else data


def _shortened(match: re.Match[bytes]) -> bytes:
    """A tag of unusual length: without its overlong values, without any attributes when there are too many."""
    name, tag = match[1], match.group()
    parts = len(tag.split()) + sum(tag.count(mark) for mark in (b"=", b"/", b'"', b"'"))
    if len(tag) <= MAX_ATTRIBUTE and parts <= MAX_ATTRIBUTES:
        return tag  # no attribute without one of these before it
    found = _ATTRIBUTE.findall(tag[1 + len(name) :])
    if len(found) > MAX_ATTRIBUTES:
        return b"<" + name + b" "
    kept = (key + (b"=" + value if value else b"") for key, value in found if len(value) <= MAX_ATTRIBUTE)
    return b"<" + name + b" " + b" ".join(kept)


def _link_text(element: Tree) -> int:
    return sum(len(text_of(link)) for link in element.iter("a"))


def text_of(element: Tree) -> str:
    """Return the text of `element` and all in it, white space folded."""
    if not len(element):  # most are: nothing to gather
        own = element.text
        return " ".join(own.split()) if own else ""
    # by libxml2 alone: walking the elements from Python costs five times as much
    return " ".join(etree.tostring(element, method="text", encoding="unicode", with_tail=False).split())
