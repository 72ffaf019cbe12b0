"""What a page shows beside its article: other articles in full, lists of teasers, text that nobody sees."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml import etree

from workers.extract.running import PARAGRAPH
from workers.extract.text import key, plain
from workers.extract.tree import Tree, text_of

TEASER = 400  # characters of heading and text at most
WHEN = 60  # characters that say how long ago something was written
FEWEST = 3  # teasers that make a list
MAX_ITEMS = 2_000  # elements looked at

_AGO = re.compile(
    r"\b\d+ ?(?:detik|menit|jam|hari|minggu|pekan|bulan|tahun|seconds?|minutes?|hours?|days?|weeks?|months?|years?) "
    r"(?:(?:yang )?lalu|ago)\b",
    re.IGNORECASE,
)
_MAYBE_AGO = etree.XPath("//*[text()[contains(., 'lalu') or contains(., 'ago')]]")
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:left|top|text-indent)\s*:\s*-\d{4}|font-size\s*:\s*0(?:px)?\s*(?:;|$)",
    re.IGNORECASE,
)
_MAYBE_UNSEEN = etree.XPath(
    "//*[@hidden or @aria-hidden='true' or @style[contains(., 'none') or contains(., 'hidden')"
    " or contains(., ':-') or contains(., ': -') or contains(., 'font-size')]]"
)
_HEADINGS = ("h2", "h3", "h4", "h5")
_MARKED_ARTICLE = re.compile(r"\b(?:date|tanggal|author|byline|penulis|pubdate|published)\b", re.IGNORECASE)


def hidden(root: Tree, maybe: Iterable[Tree] | None = None) -> Iterator[Tree]:
    """Yield the elements that browsers don't show; `maybe`: those that have a style or say so, where they are known."""
    for element in _MAYBE_UNSEEN(root) if maybe is None else maybe:
        unseen = element.get("hidden") is not None or element.get("aria-hidden") == "true"
        if unseen or _UNSEEN.search((element.get("style") or "")[:500]):
            yield element


def other_articles(root: Tree) -> Iterator[Tree]:
    """Yield the <article> elements beside the page's own: those loaded below it for readers who scroll on.

    The page's own is headed by its title, or stands first, under the headline, without a heading. Without such a one
    they are parts of one text (a live report) or a list, and stay.
    """
    titles = {key(plain(text_of(t))) for t in (*root.iter("title"), *list(root.iter("h1"))[:1])} - {""}
    groups: dict[Tree, list[Tree]] = {}
    for element in list(root.iter("article"))[:MAX_ITEMS]:
        groups.setdefault(element.getparent(), []).append(element)
    for group in groups.values():
        if len(group) < 2:
            continue
        heads = [_head_of(element) for element in group]
        own = next((n for n, head in enumerate(heads) if head and any(head in title for title in titles)), None)
        if own is None and not heads[0] and all(heads[1:]):
            own = 0
        if own is not None:
            yield from (element for n, element in enumerate(group) if n != own and heads[n])


def next_articles(root: Tree, headline: Tree | None) -> Iterator[Tree]:
    """Yield the boxes made like the one that holds the `headline` and a text, each with what makes it an article.

    That is a headline of its own and more than a part of a text has: it is an <h1>, or a link, or stands with a date or
    a name of a writer.
    """
    if headline is None:
        return
    own = key(text_of(headline))
    for box in headline.iterancestors():
        name = (box.get("class") or "").split()[:1]
        if box.tag in ("body", "html") or not name or not _holds_text(box):
            continue
        for other in islice(box.itersiblings(box.tag), MAX_ITEMS):
            same = (other.get("class") or "").split()[:1] == name
            if same and _head_of(other) not in ("", own) and _is_an_article(other):
                yield other


def _holds_text(box: Tree) -> bool:
    """Whether a box has a paragraph, or bare text parted by line breaks."""
    blocks = islice(box.iter("p", "div", "td", "font"), MAX_ITEMS)
    holders = (block for block in blocks if block.tag == "p" or next(block.iter("br"), None) is not None)
    return any(len(text_of(holder)) >= PARAGRAPH for holder in holders)


def _is_an_article(box: Tree) -> bool:
    """Whether a box has more than a part of a text has: a headline of its own rank, a link there, a date, a writer."""
    heading = next(box.iter("h1", "h2"), None)
    if heading is None:
        return False
    if heading.tag == "h1" or _is_linked(heading):
        return True
    named = (f"{node.get('class') or ''} {node.get('id') or ''}" for node in islice(box.iter(), MAX_ITEMS))
    return next(box.iter("time"), None) is not None or any(_MARKED_ARTICLE.search(name) for name in named)


def remarks(root: Tree, maybe: Iterable[Tree] | None = None) -> Iterator[Tree]:
    """Yield what readers wrote: siblings of one make, each saying how long ago, none with a heading.

    `maybe`: elements whose text may say how long ago, where they are known; what was cut meanwhile counts no more.
    """
    nodes = _MAYBE_AGO(root) if maybe is None else [n for n in maybe if n.getroottree().getroot() is root]
    said = [node for node in nodes if len(node.text or "") <= WHEN and _AGO.search(node.text or "")]
    groups: dict[tuple[Tree, str, str], list[Tree]] = {}
    held = Counter(box for node in said for box in node.iterancestors())
    for node in said[:MAX_ITEMS]:
        item = node
        for box in node.iterancestors():
            if box.tag in ("body", "main", "article") or held[box] > 1:
                break
            item = box
        if item is not node and item.getparent() is not None and next(item.iter("h1", *_HEADINGS), None) is None:
            groups.setdefault((item.getparent(), item.tag, item.get("class") or ""), []).append(item)
    for group in groups.values():
        if len(group) >= FEWEST:
            yield from group


def teasers(root: Tree) -> Iterator[Tree]:
    """Yield the items of lists of teasers: siblings of one make, each with a linked heading and a little text."""
    groups: dict[tuple[Tree, str, str], list[Tree]] = {}
    headings = list(islice(root.iter("h1", *_HEADINGS), MAX_ITEMS))
    linked = [heading for heading in headings if heading.tag != "h1" and _is_linked(heading)]
    if len(linked) < FEWEST:
        return
    held = Counter(box for heading in headings for box in heading.iterancestors())
    for heading in linked:
        item = _item_of(heading, held)
        if item is not None:
            groups.setdefault((item.getparent(), item.tag, item.get("class") or ""), []).append(item)
    for group in groups.values():
        items = list(dict.fromkeys(group))
        if len(items) >= FEWEST and len({_address(item) for item in items}) == len(items):
            yield from (item for item in items if len(text_of(item)) <= TEASER)


def _head_of(article: Tree) -> str:
    heading = next(article.iter("h1", "h2"), None)
    return "" if heading is None else key(text_of(heading))


def _item_of(heading: Tree, held: Counter[Tree]) -> Tree | None:
    """The outermost box around `heading` that has no other heading: the teaser; None when it isn't one."""
    item = heading
    for box in heading.iterancestors():
        if box.tag in ("body", "main") or held[box] > 1:
            break
        item = box
    own = item is heading or item.getparent() is None
    return None if own or not re.match(r"/|https?:|[\w.-]", _address(item)) else item


def _is_linked(heading: Tree) -> bool:
    around = heading.getparent()
    if around is not None and around.tag == "a":
        return True
    text = text_of(heading)
    return bool(text) and sum(len(text_of(link)) for link in heading.iter("a")) >= 0.9 * len(text)


def _address(item: Tree) -> str:
    links = [item] if item.tag == "a" else item.iter("a")
    return next((link.get("href") for link in links if link.get("href")), "")
