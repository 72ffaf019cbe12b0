"""Running text: what stands in sentences on a page, whatever elements hold it.

Most pages mark paragraphs with <p>; many of the region's separate them by <br> inside a <div>, <td> or <font>.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from workers.extract.tree import Tree, text_of

PARAGRAPH = 60  # characters that make a line running text
LINKED = 0.5  # share of link text that makes it a list of links
MAX_LINES = 20_000  # of a page

INLINE = frozenset(
    {"a", "b", "i", "u", "em", "strong", "span", "font", "small", "big", "mark", "sub", "sup", "abbr", "cite", "q",
     "code", "time", "s", "del", "ins", "label", "img", "wbr", "tt"}
)  # fmt: skip
_NO_LEAF = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "figcaption", "caption", "title", "option", "a"})
_HOLDERS = etree.XPath("//*[not(self::p or self::a)][text()[string-length(normalize-space(.)) >= 40]]")


def lines(root: Tree) -> Iterator[tuple[Tree, int]]:
    """Yield (element, characters) for every unlinked paragraph and every block with lines of running text."""
    for paragraph in root.iter("p"):
        text = text_of(paragraph)
        if len(text) >= PARAGRAPH and _linked(paragraph) <= LINKED * len(text):
            yield paragraph, len(text)
    seen: set[Tree] = set()
    for holder in _HOLDERS(root)[:MAX_LINES]:
        block = holder
        while block is not None and block.tag in INLINE:
            block = block.getparent()
        if block is None or block in seen or block.tag in _NO_LEAF:
            continue
        seen.add(block)
        if length := sum(_measured(block)):
            yield block, length


class Weights:
    """How a page's running text is spread over its boxes; measured when it is first asked for."""

    def __init__(self, root: Tree) -> None:
        self._root = root
        self._held: dict[bool, dict[Tree, int]] = {}

    def share(self, element: Tree) -> float:
        """Return the share of the running text that `element` holds, of all or of that in <p>, whichever is more."""
        return max(self._inside(element, wrapped) / (self._total(wrapped) or 1) for wrapped in (True, False))

    def outside(self, element: Tree) -> int:
        """Return the characters of running text that stand elsewhere than in `element`."""
        return self._total(False) - self._inside(element, False)

    def _total(self, wrapped: bool) -> int:
        return self._inside(self._root, wrapped)

    def _inside(self, element: Tree, wrapped: bool) -> int:
        if not self._held:
            self._held = {True: {}, False: {}}
            for holder, length in lines(self._root):
                is_paragraph = holder.tag == "p"
                for node in holder.iterancestors() if is_paragraph else (holder, *holder.iterancestors()):
                    for held in self._held.values() if is_paragraph else (self._held[False],):
                        held[node] = held.get(node, 0) + length
        return self._held[wrapped].get(element, 0)


def _measured(block: Tree) -> Iterator[int]:
    """Yield the length of each line of `block` that is running text; its inner blocks are measured by themselves."""
    length = linked = 0
    for text, is_link in _pieces(block):
        if text is None:
            if length >= PARAGRAPH and linked <= LINKED * length:
                yield length
            length = linked = 0
        else:
            length += len(text)
            linked += len(text) * is_link
    if length >= PARAGRAPH and linked <= LINKED * length:
        yield length


def _pieces(block: Tree) -> Iterator[tuple[str | None, bool]]:
    """Yield (text, is it linked) of `block` in order, None where a line ends; without recursion: trees may be deep."""
    yield " ".join((block.text or "").split()), False
    waiting = list(reversed(block))
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node, False
            continue
        if node.tail and (tail := " ".join(node.tail.split())):
            waiting.append(tail)
        if node.tag == "a":
            yield text_of(node), True
        elif node.tag in INLINE:
            yield " ".join((node.text or "").split()), False
            waiting += reversed(node)
        else:
            yield None, False


def _linked(paragraph: Tree) -> int:
    around = paragraph.getparent()
    for _ in range(4):
        if around is None:
            break
        if around.tag == "a":
            return len(text_of(paragraph))
        around = around.getparent()
    return sum(len(text_of(link)) for link in paragraph.iter("a"))
