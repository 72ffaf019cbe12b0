"""Boxes of a page that are not its article's: cut out of the tree before its text is taken, their texts kept.

Their names are data (`config/sites.toml`); how far they reach is decided here: never the larger part of a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from msgspec import Struct

from workers.extract.beside import hidden, next_articles, other_articles, remarks, teasers
from workers.extract.captions import MOST, picture_boxes, stands_by_the_article, words_of
from workers.extract.labels import labelled_links
from workers.extract.marks import Marks
from workers.extract.running import INLINE, Weights
from workers.extract.sites import Rules
from workers.extract.tree import Tree, text_of

MAX_SHARE = 0.6  # of the page's running text that one box may hold and still be cut
MAX_HIDDEN = 0.25  # likewise, of an element that browsers don't show, or of a picture's box
SMALL = 120  # characters that no article is short of
LABEL = 40  # characters of a label such as "Baca juga:"
LONG_PARAGRAPH = 150  # characters; readers write shorter ones
ENOUGH_OUTSIDE = 80  # characters of running text that a page keeps without its comments

BOXES = ("div", "section", "aside", "p", "ul", "ol", "table", "td", "span", "figcaption", "strong", "a", "h4", "h5",
         "blockquote")  # fmt: skip
_REMARKS = re.compile(r"comment|komentar|disqus|respon(?!siv)|reaksi|tanggapan", re.IGNORECASE)


LONG_NAME = 200  # characters of a class that is not remembered
MAX_NAME = 400  # characters of a class that are looked at
CLUTTER, CAPTION = 1, 2  # what a class may be that of


class Pruned(Struct, frozen=True):
    """What was cut: texts of boxes, and those of them that are captions of the article's pictures."""

    removed: list[str]
    captions: tuple[str, ...]


def prune(root: Tree, rules: Rules, marks: Marks | None = None) -> Pruned:
    """Cut what is hidden, other articles, readers' remarks, boxes named by `rules`, captions and lists of teasers.

    `marks`: what a walk over the whole of `root` found, which saves further ones.
    """
    weigh = Weights(root)
    removed: list[str] = []
    headline = next(root.iter("h1"), None)
    for element in (*hidden(root, marks.unseen if marks else None), *other_articles(root)):
        # what unfolds on a click is hidden too: a large part of the text is no trick for search engines
        limit = MAX_HIDDEN if element.tag != "article" else MAX_SHARE
        if element.getparent() is not None and not _spares(element, weigh, limit):
            _cut(element, removed)
    for element in list(next_articles(root, headline)):
        # a brief is short beside the long article that is loaded below it
        if element.getparent() is not None and (weigh.share(element) <= MAX_SHARE or weigh.outside(element) >= SMALL):
            _cut(element, removed)
    found = _prune_named(root, rules, weigh, removed)
    captions = _prune_captions((*found, *picture_boxes(root)), weigh, removed)
    for element in list(labelled_links(root, _matcher(rf"\A(?:{rules.drop.pattern})\Z", rules.drop.flags))):
        if element.getparent() is not None and not _spares(element, weigh, MAX_HIDDEN):
            _cut(element, removed)
    _prune_items(list(remarks(root, marks.ago if marks else None)), removed)
    _prune_items(list(teasers(root)), removed)
    return Pruned(removed, captions)


def _prune_items(items: list[Tree], removed: list[str]) -> None:
    """Cut the items of lists, and what headed a list that is empty then."""
    for element in items:
        around = element.getparent()
        if around is not None:
            _cut(element, removed)
            _cut_label(around, removed)


def _prune_named(root: Tree, rules: Rules, weigh: Weights, removed: list[str]) -> list[Tree]:
    """Cut boxes whose names are those of clutter; return those whose names are captions'."""
    is_clutter = _matcher(rules.prune.pattern, rules.prune.flags)
    kind_of = _kinds(is_clutter, _matcher(rules.captions.pattern, rules.captions.flags))
    captions = []
    for element in list(root.iter(*BOXES)):
        name, number = element.get("class"), element.get("id")
        kind = kind_of(name) if name else 0
        if kind == CAPTION or element.tag == "figcaption":
            captions.append(element)
            continue
        if not (kind or (number and is_clutter(number))) or element.getparent() is None:
            continue
        remarks = _REMARKS.search(f"{name} {number}") is not None
        if not (_spares_remarks(element, weigh) if remarks else _spares(element, weigh)):
            _cut(element, removed)
    return captions


def _prune_captions(boxes: Iterable[Tree], weigh: Weights, removed: list[str]) -> tuple[str, ...]:
    """Cut captions, and return those of the article's pictures."""
    captions: dict[str, None] = {}
    for element in boxes:
        if element.getparent() is None or _spares(element, weigh, MAX_HIDDEN):
            continue
        if len(captions) < MOST and stands_by_the_article(element, weigh) and (text := words_of(element)):
            captions[text] = None
        _cut(element, removed)
    return tuple(captions)


@lru_cache(maxsize=200)
def _kinds(is_clutter: Callable[[str], bool], is_caption: Callable[[str], bool]) -> Callable[[str], int]:
    """What a class is that of: CAPTION, CLUTTER or nothing (0); asked for every box, so one look-up answers both."""

    @lru_cache(maxsize=5_000)
    def kind_of(name: str) -> int:
        return CAPTION if is_caption(name) else CLUTTER if is_clutter(name) else 0

    return lambda name: kind_of(name[:MAX_NAME])


@lru_cache(maxsize=200)
def _matcher(pattern: str, flags: int) -> Callable[[str], bool]:
    """Whether a name matches; answers are kept, since a site has few names and uses them on every page."""
    expression = re.compile(pattern, flags)
    kept = lru_cache(maxsize=5_000)(lambda name: expression.search(name) is not None)
    return lambda name: kept(name) if len(name) <= LONG_NAME else expression.search(name) is not None


def _spares(element: Tree, weigh: Weights, limit: float = MAX_SHARE) -> bool:
    """Whether a box holds too much of the page, or its headline, to be cut."""
    if element.find(".//h1") is not None or element.find(".//article") is not None:
        return True
    return len(text_of(element)) > SMALL and weigh.share(element) > limit


def _spares_remarks(element: Tree, weigh: Weights) -> bool:
    """Whether a box named like comments is the article: it holds the headline, or all text in long paragraphs."""
    if element.find(".//h1") is not None or element.find(".//article") is not None:
        return True
    long = sum(1 for paragraph in element.iter("p") if len(text_of(paragraph)) >= LONG_PARAGRAPH)
    return long >= 2 and weigh.outside(element) < ENOUGH_OUTSIDE


def _cut(element: Tree, removed: list[str]) -> None:
    if text := text_of(element):
        removed.append(text[:1_000])
    parent = element.getparent()
    if element.tail and element.tag not in INLINE and element.tail.strip():
        # the lines above and below a block stay two lines
        place = parent.index(element)
        parent.insert(place, element.makeelement("br"))
        after = element.makeelement("br")
        after.tail = element.tail
        parent.insert(place + 1, after)
    elif element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + " " + element.tail
        else:
            before.tail = (before.tail or "") + " " + element.tail
    element.tail = None
    parent.remove(element)


def _cut_label(around: Tree, removed: list[str]) -> None:
    """Cut the heading of a list whose items were cut: the rest of its box, and the heading before an empty one."""
    rest = text_of(around)
    if len(rest) > LABEL or around.tag in ("body", "article", "main") or around.getparent() is None:
        return
    before = around.getprevious()
    if not rest and before is not None and before.tag in ("h2", "h3", "h4", "h5"):
        _cut(before, removed)
    _cut(around, removed)
