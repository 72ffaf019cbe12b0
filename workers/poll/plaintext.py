"""Plain text out of the HTML that feeds put into titles, summaries and names."""

from __future__ import annotations

import html
import re
import unicodedata

from lxml import etree

LONGEST = 200_000  # characters of markup read for one text
_BLANKS = re.compile(r"\s+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u200b\u2060\ufeff]")
_SILENT = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg", "math", "head", "title"})
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "tr",
        "td",
        "th",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "blockquote",
        "figure",
        "figcaption",
        "section",
        "article",
        "img",
        "pre",
        "dt",
        "dd",
    }
)


def tidy(text: str, limit: int) -> str:
    """Return `text` as one line: no control characters, single blanks, NFC, at most `limit` characters."""
    text = _BLANKS.sub(" ", _CONTROLS.sub("", text[: limit * 4])).strip()
    return unicodedata.normalize("NFC", text)[:limit].rstrip()


def from_html(markup: str, limit: int) -> str:
    """Return the readable text of an HTML fragment as one line of at most `limit` characters; scripts are left out.

    Escaped twice (`&amp;quot;`), as many publishers do, is read as escaped once.
    """
    markup = _CONTROLS.sub("", markup[:LONGEST])
    if "<" not in markup:
        return tidy(_unescape(markup), limit)
    return tidy(_unescape(_text_of(markup)), limit)


def _unescape(text: str) -> str:
    for _ in range(2):
        if "&" not in text:
            break
        text = html.unescape(text)
    return text


def _text_of(markup: str) -> str:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    # An element around it keeps text before the first tag; libxml2 bounds the depth itself.
    try:
        tree = etree.fromstring(b"<div>" + markup.encode("utf-8") + b"</div>", parser)
    except (etree.XMLSyntaxError, ValueError):
        tree = None
    if tree is None:
        return re.sub(r"<[^<>]*>", " ", markup)
    pieces: list[str] = []
    silent = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if event == "start":
            silent += tag in _SILENT
            pieces += _opening(element, tag, silent)
        else:
            silent -= tag in _SILENT
            if tag in _BLOCKS:
                pieces.append(" ")
            if not silent:
                pieces.append(element.tail or "")
    return "".join(pieces)


def _opening(element: etree._Element, tag: str, silent: int) -> list[str]:
    if silent:
        return []
    return [" " if tag in _BLOCKS else "", element.text or ""]
