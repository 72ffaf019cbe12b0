"""Where the article stands: the smallest part of a page that holds nearly all of its running text.

Templates name their containers as they like; paragraphs give them away. trafilatura is then shown that part only, so
that headers, date lines, related lists and footers around it can't be taken for text.
"""

from __future__ import annotations

import re
from copy import deepcopy
from functools import lru_cache
from itertools import islice

from lxml import html
from msgspec import Struct

from workers.extract.lines import wrap_lines
from workers.extract.running import LINKED, PARAGRAPH, lines
from workers.extract.tree import Tree, html_parser, text_of

WRAPPED = 0.25  # of a page's unlinked text that must stand in paragraphs
NEARLY_ALL = 0.7  # of the running text
ENOUGH = 250  # characters of running text; with less the page has no clear middle
STANDFIRST = 700  # characters at most
LEAF = 3  # children of a block that is no container
_ASIDE = re.compile(
    r"comment|komentar|disqus|footer|cookie|consent|modal|related|terkait|sidebar|newsletter", re.IGNORECASE
)
_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:intro|lead|lede|teaser|summary|sommario|standfirst|stand-first|sub-?title|sub-?headline|deck|dek|excerpt"
    r"|chapo|abstract|kicker-text|sapo|synopsis|ringkasan|vorspann)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*$")
_PICTURE = re.compile(r"foto|photo|image|img|media|caption|picture|gallery|video|keterangan", re.IGNORECASE)
MAX_NAMES = 400  # characters of class and id
_FRAME = frozenset({"footer", "aside", "nav", "form", "noscript"})
_WHOLE = frozenset({"body", "html"})


class Part(Struct, frozen=True):
    """A page of its own with the article's part; its running text's length; the standfirst before it ("" without)."""

    page: Tree
    length: int
    standfirst: str


def article_part(root: Tree) -> Part | None:
    """Return the part of `root` that holds its running text; None when there is none."""
    weights: dict[Tree, int] = {}
    total = aside = 0
    found = list(lines(root))
    wrapped = sum(length for holder, length in found if holder.tag == "p")
    if wrapped > sum(length for _, length in found) / 2:
        found = [(holder, length) for holder, length in found if holder.tag == "p"]
    for holder, length in found:
        if _is_aside(holder):
            aside += length
            continue
        total += length
        for node in holder.iterancestors() if holder.tag == "p" else (holder, *holder.iterancestors()):
            weights[node] = weights.get(node, 0) + length
    if total < ENOUGH or aside > total:  # more beside than in the middle: the names of the boxes mislead
        return None
    if total + aside < WRAPPED * _unlinked(root):  # the text stands in other elements than paragraphs
        return None
    holders = [element for element, weight in weights.items() if weight >= NEARLY_ALL * total]
    # all of them hold most of the text, so they stand in one another: the deepest has the most ancestors
    part = max(holders, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)
    makes = {_make(holder) for holder, _ in found if holder.tag != "p" and holder.get("class")}
    while part is not None and _is_one_of_many(part, weights, makes):
        part = part.getparent()
    if part is None or part.tag in _WHOLE:
        return None
    # trafilatura takes the first box named like this: here all there is
    page = html.document_fromstring('<html><body><article class="post"></article></body></html>', parser=html_parser())
    copied = deepcopy(part)
    copied.tail = None
    for attribute in ("class", "id"):  # trafilatura drops boxes by their names; this one is known to be the article
        copied.attrib.pop(attribute, None)
    page.find(".//article").append(copied)
    wrap_lines(page)
    standfirst = _standfirst(root, part)
    return Part(page, weights[part], "" if standfirst is None else text_of(standfirst))


def _is_caption(element: Tree) -> bool:
    parent = element.getparent()
    around = (element,) if parent is None else (element, parent)
    if any(_PICTURE.search(f"{node.get('class') or ''} {node.get('id') or ''}") for node in around):
        return True
    return any(
        node.find(f".//{tag}") is not None for node in around[:1] for tag in ("img", "picture", "video", "iframe")
    ) or (parent is not None and parent.find("img") is not None)


def _is_one_of_many(part: Tree, weights: dict[Tree, int], makes: set[tuple[str, str]]) -> bool:
    """Whether an article goes on beside `part`: in a chunk of its make, or in paragraphs of the make it holds."""
    same = part.get("class")
    for sibling in (*part.itersiblings(), *part.itersiblings(preceding=True)):
        if weights.get(sibling):
            if sibling.tag == part.tag and sibling.get("class") == same:
                return True
            if _make(sibling) in makes:
                return True
    return False


def _make(element: Tree) -> tuple[str, str]:
    return element.tag, element.get("class") or ""


def _standfirst(root: Tree, part: Tree) -> Tree | None:
    """The block before `part`, under the page's headline when it has one, that holds a sentence or two of its own."""
    inside = {part, *part.iterancestors()}
    found: Tree | None = None
    headed = False
    for element in root.iter("h1", "p", "div", "section", "header", "h2", "strong", part.tag):
        if element is part:
            break
        if element.tag == "h1":
            if not headed:
                found = None  # what stood before the headline belongs to the frame
            headed = True
        elif found is None and element not in inside and _is_standfirst(element):
            found = element
    return found


def _is_standfirst(element: Tree) -> bool:
    named = _STANDFIRST.search(f"{element.get('class') or ''} {element.get('id') or ''}")
    if not named and (len(element) > LEAF or element.find(".//div") is not None):
        return False
    text = text_of(element)
    if not PARAGRAPH <= len(text) <= STANDFIRST or element.find(".//h1") is not None:
        return False
    if not named and (not _SENTENCE_END.search(text) or _is_caption(element)):
        return False
    return _linked(element) < LINKED * len(text) and not _is_aside(element)


def _unlinked(root: Tree) -> int:
    body = root.find("body")
    whole = root if body is None else body
    return len(text_of(whole)) - sum(len(text_of(link)) for link in whole.iter("a"))


def _linked(paragraph: Tree) -> int:
    if any(node.tag == "a" for node in islice(paragraph.iterancestors(), 4)):
        return len(text_of(paragraph))
    return sum(len(text_of(link)) for link in paragraph.iter("a"))


def _is_aside(paragraph: Tree) -> bool:
    for node in paragraph.iterancestors():
        if node.tag in _WHOLE:
            return False
        if node.tag in _FRAME or _is_named_aside(f"{node.get('class')} {node.get('id')}"[:MAX_NAMES]):
            return True
    return False


@lru_cache(maxsize=20_000)
def _is_named_aside(names: str) -> bool:
    """Whether class and id are those of something beside the text; a page's boxes are asked about again and again."""
    return _ASIDE.search(names) is not None
