"""The body a feed entry itself carries: its HTML content by the same means as a page, else a summary long enough."""

from __future__ import annotations

from lxml import etree, html

from workers.extract.body import Body, paragraphs_of
from workers.extract.boxes import prune
from workers.extract.cleaning import Paragraph, clean_paragraphs
from workers.extract.printed import Printed
from workers.extract.sites import Rules
from workers.extract.text import clean
from workers.model import Entry

ENOUGH = 200  # characters of a summary that may stand for a body
MAX_CONTENT = 2_000_000  # characters
RENAMED = {"h1": "head", "h2": "head", "h3": "head", "h4": "head", "h5": "head", "h6": "head", "li": "item",
           "ul": "list", "ol": "list", "blockquote": "quote", "tr": "row", "td": "cell",
           "th": "cell", "br": "lb"}  # fmt: skip
DROPPED = ("script", "style", "iframe", "form", "noscript", "figure", "svg", "button", "template", "object")


def body_of_entry(entry: Entry, rules: Rules) -> Body:
    """Return the entry's own text; no paragraphs when neither content nor summary is long enough."""
    content = _content(entry, rules) if entry.content else Body([], [], "feed content")
    if len(content.text) >= ENOUGH:
        return content
    summary = clean_paragraphs([Paragraph(clean(entry.summary))], rules, entry.title)
    if sum(len(p.text) for p in summary.paragraphs) >= ENOUGH:
        return Body(summary.paragraphs, summary.removed, "feed summary", summary.dateline)
    return Body([], [], "feed")


def _content(entry: Entry, rules: Rules) -> Body:
    text = entry.content[:MAX_CONTENT].replace("\x00", "")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(f"<div>{text}</div>".encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return Body([], [], "feed content")
    etree.strip_elements(root, *DROPPED, with_tail=False)
    pruned = prune(root, rules)
    printed = Printed(root)
    for element in root.iter(*RENAMED):
        element.tag = RENAMED[element.tag]
    cleaned = clean_paragraphs(paragraphs_of(root), rules, entry.title, printed)
    removed = cleaned.removed + pruned.removed
    return Body(cleaned.paragraphs, removed, "feed content", cleaned.dateline, pruned.captions)
