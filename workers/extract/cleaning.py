"""What an editor strikes out of a body before it is printed: boxes of the page, then lines and marks of the text.

The expressions are data (`config/sites.toml`); how far they reach is decided here: never the larger part of a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from msgspec import Struct

from workers.extract.sites import Rules
from workers.extract.text import key
from workers.extract.tree import Tree, text_of

MAX_LINE = 400  # characters of a paragraph that may be dropped as a whole
MAX_MARK = 300  # characters at either end that datelines and end marks are looked for in
MAX_SHARE = 0.6  # of the page's paragraph text that one box may hold and still be cut
LINK_PARAGRAPH = 250  # characters

BOXES = (
    "div",
    "section",
    "aside",
    "p",
    "ul",
    "ol",
    "table",
    "span",
    "figcaption",
    "strong",
    "a",
    "h4",
    "h5",
    "blockquote",
)
_WORD_SPLIT = re.compile(r"[\s]+")


class Paragraph(Struct, frozen=True):
    """A paragraph of the body. `heading`: a sub-heading."""

    text: str
    heading: bool = False


def prune(root: Tree, rules: Rules) -> list[str]:
    """Cut boxes named by `rules.prune`, captions and paragraphs that are only a link; return their texts."""
    total = sum(len(text_of(p)) for p in root.iter("p")) or 1
    removed: list[str] = []
    is_clutter = _matcher(rules.prune.pattern, rules.prune.flags)
    for element in list(root.iter(*BOXES)):
        name, number = element.get("class"), element.get("id")
        named = (name and is_clutter(name)) or (number and is_clutter(number))
        if (named or element.tag == "figcaption") and element.getparent() is not None and not _spares(element, total):
            _cut(element, removed)
    return removed


@lru_cache(maxsize=1_000)
def _matcher(pattern: str, flags: int) -> Callable[[str], bool]:
    """Whether a name matches; answers are kept, since a site has few names and uses them on every page."""
    expression = re.compile(pattern, flags)
    return lru_cache(maxsize=20_000)(lambda name: expression.search(name) is not None)


def _spares(element: Tree, total: int) -> bool:
    """Whether a box holds too much of the page, or its headline, to be cut."""
    if element.find(".//h1") is not None or element.find(".//article") is not None:
        return True
    held = sum(len(text_of(p)) for p in element.iter("p") if p is not element)
    return held > total * MAX_SHARE


def _cut(element: Tree, removed: list[str]) -> None:
    if text := text_of(element):
        removed.append(text[:1_000])
    parent = element.getparent()
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + " " + element.tail
        else:
            before.tail = (before.tail or "") + " " + element.tail
    element.tail = None
    parent.remove(element)


def clean_paragraphs(paragraphs: Iterable[Paragraph], rules: Rules, title: str) -> tuple[list[Paragraph], list[str]]:
    """Return the paragraphs that are the article's, and what was cut, in order."""
    kept: list[Paragraph] = []
    removed: list[str] = []
    title_key = key(title)
    for paragraph in paragraphs:
        is_title = len(kept) < 3 and title_key and key(paragraph.text) == title_key
        if is_title or (len(paragraph.text) <= MAX_LINE and rules.drop.fullmatch(paragraph.text)):
            removed.append(paragraph.text)
        else:
            kept.append(paragraph)
    kept = _stopped(kept, rules, removed)
    kept = _without_marks(kept, rules, removed)
    while kept and kept[-1].heading:  # a heading with nothing under it headed what was cut
        removed.append(kept.pop().text)
    return kept, removed


def _stopped(kept: list[Paragraph], rules: Rules, removed: list[str]) -> list[Paragraph]:
    half, length = sum(len(p.text) for p in kept) / 2, 0
    for position, paragraph in enumerate(kept):
        if length > half and len(paragraph.text) <= MAX_LINE and rules.stop.fullmatch(paragraph.text):
            removed += [p.text for p in kept[position:]]
            return kept[:position]
        length += len(paragraph.text)
    return kept


def _without_marks(kept: list[Paragraph], rules: Rules, removed: list[str]) -> list[Paragraph]:
    first = next((i for i, p in enumerate(kept) if not p.heading), None)
    if first is not None and (match := rules.start.match(kept[first].text[:MAX_MARK])):
        rest = kept[first].text[match.end() :].strip()
        if rest:
            removed.append(match.group().strip())
            kept[first] = Paragraph(rest)
    while kept:
        text = kept[-1].text
        match = rules.end.search(text, max(0, len(text) - MAX_MARK))
        if match is None:
            break
        removed.append(match.group().strip())
        if rest := text[: match.start()].rstrip():
            kept[-1] = Paragraph(rest, kept[-1].heading)
        else:
            kept.pop()
    return kept
