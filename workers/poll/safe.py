"""The document in a server's answer: from its first element on, without its type, in time linear in its size."""

from __future__ import annotations

import re

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_DECLARATION = re.compile(r"<\?xml\s[^<>]{0,500}>", re.IGNORECASE)
_FEED_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF)(?=[\s>])", re.IGNORECASE)


def safe_text(text: str) -> str:
    """Return the document in `text` from its first element on: without what no XML may hold, and without its type."""
    return _without_doctype(_from_root(_ILLEGAL.sub("", text)))


def root_of(text: str) -> str:
    """Return the local name of the first element of `text` in lower case, "" without any."""
    match = ROOT.search(text)
    return match[2].lower() if match else ""


def _from_root(text: str) -> str:
    """Drop what stands before the document: blanks, its declaration, a server's warnings printed into it."""
    text = text.lstrip("\ufeff \t\r\n")
    first = ROOT.search(text)
    head = first.start() if first else len(text)
    bare = _DECLARATION.sub("", text[:head])
    if bare != text[:head]:
        return bare.lstrip() + text[head:]
    feed = _FEED_ROOT.search(text, 0, 20_000)
    if first and feed and first.start() < feed.start() and first[2].lower() != "html":
        return text[feed.start() :]
    return text[first.start() :] if first and not text.startswith("<") else text


def _without_doctype(text: str) -> str:
    """Cut out the document type: what it declares is the way of entity bombs and external entities."""
    first = ROOT.search(text)
    start = text.find("<!")
    while 0 <= start < (first.start() if first else len(text)):
        if text.startswith("<!--", start):
            end = text.find("-->", start)
        elif text[start : start + 9].upper() == "<!DOCTYPE":
            return text[:start] + text[_end_of_doctype(text, start) :]
        else:
            end = text.find(">", start)
        if end < 0:
            break
        start = text.find("<!", end)
    return text


def _end_of_doctype(text: str, start: int) -> int:
    close = text.find(">", start)
    subset = text.find("[", start)
    if 0 <= subset < close:
        match = re.compile(r"\]\s{0,100}>").search(text, subset)
        return match.end() if match else len(text)
    return close + 1 if close >= 0 else len(text)
