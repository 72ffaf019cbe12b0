"""Where the article stands: the smallest part of a page that holds nearly all of its running text.

Templates name their containers as they like; paragraphs give them away. trafilatura is then shown that part only, so
that headers, date lines, related lists and footers around it can't be taken for text.
"""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import islice

from lxml import html

from workers.extract.tree import Tree, text_of

NEARLY_ALL = 0.7  # of the running text
ENOUGH = 250  # characters of running text; with less the page has no clear middle
PARAGRAPH = 60  # characters that make a paragraph running text
STANDFIRST = 700  # characters at most
LINKED = 0.5  # share of link text that makes it a list of links
_ASIDE = re.compile(
    r"comment|komentar|disqus|footer|cookie|consent|modal|related|terkait|sidebar|newsletter", re.IGNORECASE
)
_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:intro|lead|lede|teaser|summary|sommario|standfirst|stand-first|sub-?title|sub-?headline|deck|dek|excerpt"
    r"|chapo|abstract|kicker-text|sapo|synopsis|ringkasan|vorspann)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FRAME = frozenset({"footer", "aside", "nav", "form", "noscript"})
_WHOLE = frozenset({"body", "html"})


def article_part(root: Tree) -> tuple[Tree, int] | None:
    """Return a page of its own made of the part of `root` that holds its running text, and that text's length.

    None when there is no such part. A standfirst in a block of its own before the part goes with it.
    """
    weights: dict[Tree, int] = {}
    total = aside = 0
    for paragraph in root.iter("p"):
        text = text_of(paragraph)
        if len(text) < PARAGRAPH or _linked(paragraph) > LINKED * len(text):
            continue
        if _is_aside(paragraph):
            aside += len(text)
            continue
        total += len(text)
        for ancestor in paragraph.iterancestors():
            weights[ancestor] = weights.get(ancestor, 0) + len(text)
    if total < ENOUGH or aside > total:  # more beside than in the middle: the names of the boxes mislead
        return None
    holders = [element for element, weight in weights.items() if weight >= NEARLY_ALL * total]
    # all of them hold most of the text, so they stand in one another: the deepest has the most ancestors
    part = max(holders, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)
    while part is not None and _is_one_of_many(part, weights):
        part = part.getparent()
    if part is None or part.tag in _WHOLE:
        return None
    page = html.document_fromstring("<html><body><article></article></body></html>")
    article = page.find(".//article")
    if (standfirst := _standfirst(root, part)) is not None:
        article.append(_copy(standfirst))
    article.append(_copy(part))
    return page, weights[part]


def _is_one_of_many(part: Tree, weights: dict[Tree, int]) -> bool:
    """Whether a sibling of the same make holds running text too: an article cut into chunks by boxes between them."""
    same = part.get("class")
    siblings = (*part.itersiblings(), *part.itersiblings(preceding=True))
    return any(s.tag == part.tag and s.get("class") == same and weights.get(s) for s in siblings)


def _copy(element: Tree) -> Tree:
    copied = deepcopy(element)
    copied.tail = None
    return copied


def _standfirst(root: Tree, part: Tree) -> Tree | None:
    """The block between the headline and `part` that is named like a standfirst and holds a sentence or two."""
    inside = {part, *part.iterancestors()}
    headed = False
    for element in root.iter("h1", "h2", "p", "div", "section", "header", part.tag):
        if element is part:
            break
        if element.tag == "h1":
            headed = True
        elif headed and element not in inside and _STANDFIRST.search(f"{element.get('class')} {element.get('id')}"):
            text = text_of(element)
            if PARAGRAPH <= len(text) <= STANDFIRST and _linked(element) < LINKED * len(text):
                return element
    return None


def _linked(paragraph: Tree) -> int:
    if any(node.tag == "a" for node in islice(paragraph.iterancestors(), 4)):
        return len(text_of(paragraph))
    return sum(len(text_of(link)) for link in paragraph.iter("a"))


def _is_aside(paragraph: Tree) -> bool:
    for node in paragraph.iterancestors():
        if node.tag in _WHOLE:
            return False
        if node.tag in _FRAME or _ASIDE.search(f"{node.get('class')} {node.get('id')}"):
            return True
    return False
