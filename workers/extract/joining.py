"""The pages of one article: opened, put in order, the next one to fetch named, and their texts made one.

Pages of one article share a template. So the text of a further page stands in the same box as that of the first: it is
put below it there, and one body is taken out of both together. A further page without that box is read by itself.
"""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import etree
from msgspec import Struct, structs

from workers.errors import Permanent
from workers.extract.beside import next_articles, other_articles
from workers.extract.body import Body, find
from workers.extract.boxes import prune
from workers.extract.charset import decode
from workers.extract.cleaning import Paragraph
from workers.extract.lines import wrap_lines
from workers.extract.paging import Link, Place, cut_pagers, further, links_of, place_of
from workers.extract.running import lines
from workers.extract.sites import Rules
from workers.extract.text import key
from workers.extract.tree import SILENT, Tree, check_is_html, parse, text_of, without_scripts
from workers.model import Page

MOST_BOXES = 20  # of a page that are looked at, the heaviest first
TELLING = 20  # letters of a paragraph that does not stand on two pages by chance
HELD = 0.6  # of the first page's paragraphs that a view of all must hold
_UNFINISHED = re.compile(r"[\w,;–-]$")
_TEXTS = etree.XPath(".//text()[not(parent::script or parent::style or parent::noscript or parent::template)]")
_DIGITS = re.compile(r"\d+")


class Opened(Struct, frozen=True):
    """A page as a tree, and which page of its article it is."""

    page: Page
    root: Tree
    place: Place
    links: list[Link]  # to other pages of the same article
    box: Tree | None  # that holds its text
    text: str  # letters and digits of all there is to read


class Gathered(Struct, frozen=True):
    """An article's pages that are there. `next`: address of the one to fetch, "" when none is known."""

    pages: list[Opened]  # by number; just the one when a view of all is there
    next: str
    incomplete: bool  # something is missing that can't be had


def gather(page: Page) -> Gathered:
    """Return the pages of the article that `page` belongs to, in order. Raises Permanent when `page` is unreadable."""
    first, *others = _opened(page)
    numbered, whole, lost = {first.place.number: first}, None, len(others) < len(page.further)
    for opened in others:
        if opened.place.base != first.place.base:
            lost = True  # it led elsewhere
        elif opened.place.whole:
            whole = opened if _holds(opened, first) else whole
        else:
            numbered.setdefault(opened.place.number, opened)
    if whole is not None or first.place.whole:
        return Gathered([whole or first], "", incomplete=False)
    pages = [numbered[number] for number in sorted(numbered)]
    last = pages[-1]
    if len(pages) > 1 and not _adds(last, pages[-2]):  # a site that ignores page numbers would go on for ever
        return Gathered(pages[:-1], "", incomplete=lost)
    tried = {page.url, page.final_url, *page.missing, *(other.url for other in page.further)}
    wanted = further(last.place, last.links, numbered, tried)
    incomplete = lost or any(not place_of(address).whole for address in page.missing)
    return Gathered(pages, "" if wanted in tried else wanted, incomplete)


def graft(pages: list[Opened]) -> tuple[int, list[Opened]]:
    """Put the texts of further pages below that of the first; return how many were, and the pages without its box.

    What an earlier page has as well is a lead told again or the site's furniture, and is left out.
    """
    first, *rest = pages
    count, others, seen = 0, [], [first.text]
    if rest and first.box is not None:
        wrap_lines(first.box)  # bare text between breaks: what is put below it must not run into it
    for opened in rest:
        try:
            without_scripts(opened.root)
        except Permanent:  # too large: the others are an article all the same
            continue
        if first.box is None or opened.box is None:
            others.append(opened)
        else:
            wrap_lines(opened.box)
            count += _append_elements(first.box, opened.box, seen)
        seen.append(opened.text)
    return count, others


def joined(body: Body, others: list[Opened], pages: list[Opened], rules: Rules, title: str) -> tuple[Body, int]:
    """Return `body` with the texts of `others`, each read by itself, and how many of them added to it."""
    paragraphs, removed, count = list(body.paragraphs), list(body.removed), 0
    for opened in others:
        seen = [key(body.text), *(page.text for page in pages if page.place.number < opened.place.number)]
        try:
            cut = prune(opened.root, rules).removed
            own = find(opened.root, rules, title=title)
        except Permanent:  # nothing that can be read
            continue
        new = [p for p in own.paragraphs if not _known(p.text, seen) and not key(p.text).startswith(key(title) or " ")]
        removed += cut + own.removed
        if new:
            count += 1
            _append(paragraphs, new)
    return structs.replace(body, paragraphs=paragraphs, removed=removed), count


def _opened(page: Page) -> list[Opened]:
    """The page and those of its further pages that can be read, each with the box that holds its text."""
    first = _open(page, alone=not page.further)
    others = []
    for other in page.further:
        try:
            others.append(_open(other))
        except Permanent:
            continue
    if not others:
        return [first]
    box = _box(first.root, [other.text for other in others if not other.place.whole])
    boxes = [box, *(_same(other.root, box) for other in others)]
    return [structs.replace(opened, box=own) for opened, own in zip([first, *others], boxes, strict=True)]


def _open(page: Page, *, alone: bool = False) -> Opened:
    """Parse a page, and read it when it is not `alone`."""
    url = page.final_url or page.url
    content_type = page.headers.get("content-type", "")
    check_is_html(page.body, content_type)
    root = parse(decode(page.body, content_type))
    place, links = place_of(url), links_of(root, url)
    cut_pagers(links)
    return Opened(page, root, place, links, None, "" if alone else _readable(root))


def _readable(root: Tree) -> str:
    body = root.find("body")
    return key(" ".join(_texts(root if body is None else body)))


def _texts(root: Tree) -> list[str]:
    return [node for node in _TEXTS(root) if not node.isspace()]


def _box(root: Tree, others: list[str]) -> Tree | None:
    """The element whose own paragraphs hold most of the running text.

    Articles beside the page's own are left aside, and what stands on another page too (comments) when anything else is
    there.
    """
    weights: dict[Tree, int] = {}
    beside = {*other_articles(root), *next_articles(root, next(root.iter("h1"), None))}
    for holder, length in lines(root):
        if holder.tag in SILENT or (beside and not beside.isdisjoint([holder, *holder.iterancestors()])):
            continue
        box = holder.getparent() if holder.tag == "p" else holder
        weights[box] = weights.get(box, 0) + length
    heaviest = sorted(weights, key=lambda box: weights[box], reverse=True)[:MOST_BOXES]
    return next((box for box in heaviest if not _is_shared(box, others)), next(iter(heaviest), None))


def _is_shared(box: Tree, others: list[str]) -> bool:
    texts = [key(text) for text in _texts(box) if len(text) >= TELLING]
    return sum(any(text in other for other in others) for text in texts) > len(texts) / 2


def _same(root: Tree, box: Tree | None) -> Tree | None:
    """The element of `root` that stands where `box` stands in its page."""
    if box is None:
        return None
    wanted = _way(box)
    return next((element for element in root.iter(box.tag) if _way(element) == wanted), None)


def _way(element: Tree) -> list[tuple[str, str, str]]:
    """Element and ancestors by tag, class and id; numbers in them may be the page's."""
    around = [element, *element.iterancestors()]
    return [(node.tag, *(_DIGITS.sub("", node.get(name) or "") for name in ("class", "id"))) for node in around]


def _adds(last: Opened, before: Opened) -> bool:
    """Whether a page has running text that the one before it has not."""
    if last.box is not None and before.box is not None:
        return any(key(text) not in before.text for text in _texts(last.box))
    return any(len(text) >= 3 * TELLING and key(text) not in before.text for text in _texts(last.root))


def _holds(whole: Opened, first: Opened) -> bool:
    """Whether a view of all has the text of the first page."""
    texts = [key(text) for text in _texts(first.root if first.box is None else first.box) if len(text) >= 3 * TELLING]
    return sum(text in whole.text for text in texts) >= HELD * len(texts)


def _known(text: str, seen: list[str]) -> bool:
    spelled = key(text)
    return len(spelled) >= TELLING and any(spelled in earlier for earlier in seen)


def _append_elements(box: Tree, further_box: Tree, seen: list[str]) -> bool:
    """Put copies of what `further_box` holds at the end of `box`, without what was `seen`; whether any text came."""
    came = False
    if further_box.text and further_box.text.strip():
        lost = etree.SubElement(box, "p")
        lost.text = further_box.text
        came = True
    for element in further_box:
        if not isinstance(element.tag, str):
            continue
        copied = deepcopy(element)
        if _known(text_of(copied), seen):
            copied = etree.Element("br")
            copied.tail = element.tail
        came = came or bool(text_of(copied)) or bool(copied.tail and copied.tail.strip())
        box.append(copied)
    return came


def _append(paragraphs: list[Paragraph], new: list[Paragraph]) -> None:
    """Add `new`; a sentence that was cut by the end of its page is made whole again."""
    last, first = paragraphs[-1], new[0]
    if not last.heading and not first.heading and _UNFINISHED.search(last.text) and first.text[:1].islower():
        paragraphs[-1] = Paragraph(f"{last.text} {first.text}")
        new = new[1:]
    paragraphs += new
