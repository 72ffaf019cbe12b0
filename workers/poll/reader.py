"""feedparser's readers, driven directly so that no text can make them slow.

`feedparser.parse` would guess the encoding again and has three steps whose time grows with the square of the input (a
pattern over each author, a search through all tags for each tag, dates of any length). `document.prepare` has settled
encoding and well-formedness, so its readers are given the text straight, with those steps bounded.
"""

from __future__ import annotations

import io
import warnings
import xml.sax
import xml.sax.handler
import xml.sax.xmlreader
from contextlib import suppress
from typing import Any

from feedparser.api import LooseFeedParser, StrictFeedParser
from msgspec import Struct

from workers.errors import Permanent

MAX_SHORT = 5_000  # characters of what is no title, summary or content
MAX_ATTRIBUTE = 2_000  # characters of an attribute; xml:base is joined with every address below it
MAX_TAGS = 50
# Addresses are joined with the feed's own in `entries`: given it, feedparser joins it anew for every element, a third
# of its time. An xml:base in the document it follows all the same.
NO_BASE = ""

# What feedparser lets through on broken text (bad character references, attributes out of place, unknown schemes).
_STUMBLES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    xml.sax.SAXException,
)


class Read(Struct, frozen=True):
    """A document as feedparser understood it, as plain dicts (its own kind answers other keys than it is asked for)."""

    channel: dict[str, Any]
    items: list[dict[str, Any]]
    version: str


class _Bounded:
    """Bounds feedparser's handlers, and keeps one odd element from costing the feed; mixed in before them."""

    depth: int

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        with suppress(*_STUMBLES):
            super().unknown_starttag(tag, [(key, value[:MAX_ATTRIBUTE]) for key, value in attrs])  # type: ignore[misc]

    def unknown_endtag(self, tag: str) -> None:
        depth = self.depth
        try:
            super().unknown_endtag(tag)  # type: ignore[misc]
        except _STUMBLES:  # one element is lost; what its handler didn't come to is made up for
            for stack in (self.basestack, self.langstack):  # type: ignore[attr-defined]
                if stack:
                    stack.pop()
            self.depth = depth - 1

    def handle_charref(self, ref: str) -> None:
        with suppress(*_STUMBLES):  # &#xD800; and &#99999999; name no character
            super().handle_charref(ref)  # type: ignore[misc]

    def pop(self, element: str, strip_whitespace: int = 1) -> Any:
        stack = self.elementstack  # type: ignore[attr-defined]
        if stack and stack[-1][0] == element and element not in self.can_contain_relative_uris:  # type: ignore[attr-defined]
            pieces = [piece.decode("utf-8", "replace") if isinstance(piece, bytes) else piece for piece in stack[-1][2]]
            stack[-1][2] = ["".join(pieces)[:MAX_SHORT]]
        return super().pop(element, strip_whitespace)  # type: ignore[misc]

    def _add_tag(self, term: Any, scheme: Any, label: Any) -> None:
        if len(self._get_context().get("tags") or ()) < MAX_TAGS:  # type: ignore[attr-defined]
            super()._add_tag(term, scheme, label)  # type: ignore[misc]


class _Strict(_Bounded, StrictFeedParser):  # type: ignore[misc]
    pass


class _Forgiving(_Bounded, LooseFeedParser):  # type: ignore[misc]
    pass


def read(body: bytes, *, forgiving: bool) -> Read:
    """Return what feedparser makes of `body` (UTF-8, bounded).

    `forgiving` uses the reader for broken XML. Raises Permanent "bad_xml" when feedparser stumbles.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its own deprecations
            reader = _read_broken(body) if forgiving else _read_well_formed(body)
    except _STUMBLES as error:
        raise Permanent(f"feedparser gave up: {type(error).__name__}: {error}", reason="bad_xml") from error
    return Read(dict(reader.feeddata), [dict(item) for item in reader.entries], reader.version)


def _read_well_formed(body: bytes) -> Any:
    reader = _Strict(NO_BASE, None, "utf-8")
    reader.resolve_relative_uris = reader.sanitize_html = False  # the body is extracted from the HTML, never shown
    parser = xml.sax.make_parser()  # noqa: S317 - the document type, hence every entity, was cut out before
    parser.setFeature(xml.sax.handler.feature_namespaces, True)
    parser.setFeature(xml.sax.handler.feature_external_ges, False)
    parser.setContentHandler(reader)
    parser.setErrorHandler(reader)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(body))
    parser.parse(source)
    return reader


def _read_broken(body: bytes) -> Any:
    reader = _Forgiving(NO_BASE, None, "utf-8", {})
    reader.resolve_relative_uris = reader.sanitize_html = False
    reader.feed(body.decode("utf-8", "replace"))
    return reader
