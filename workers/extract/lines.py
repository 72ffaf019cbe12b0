"""Bare text beside blocks, and text parted by line breaks, put into paragraphs of its own.

Portals write `text<br><br>text<div>an advertisement</div>text`; trafilatura takes what stands side by side for one.
"""

from __future__ import annotations

from itertools import islice

from workers.extract.running import INLINE
from workers.extract.tree import Tree, text_of

CONTAINERS = ("div", "section", "article", "main", "td", "center")
WRAPPERS = ("font", "span", "big", "small")  # that hold whole texts on some pages
MOST = 5_000  # containers of a page
SENTENCE = 25  # characters
_ENDS = (".", "!", "?", "”", '"', "…", ":")
PARTING = 2  # breaks that part paragraphs; one breaks a line


def wrap_lines(part: Tree) -> None:
    """Give every run of bare text in `part` that stands beside a block or a break a <p>."""
    for wrapper in list(islice(part.iter(*WRAPPERS), MOST)):
        if sum(1 for _ in islice(wrapper.iter("br"), PARTING)) == PARTING:
            wrapper.drop_tag()
    for container in list(islice(part.iter(*CONTAINERS), MOST)):
        if _has_bare_text(container) and any(child.tag == "br" or not _is_inline(child) for child in container):
            _wrap(container)
        elif container.tag == "div" and _is_unnamed_line(container):
            container.tag = "p"


def _is_unnamed_line(block: Tree) -> bool:
    """Whether a <div> without a name holds a sentence and nothing else: what blogs write in place of a <p>."""
    if block.get("class") or block.get("id") or any(not _is_inline(child) for child in block):
        return False
    text = text_of(block)
    return len(text) >= SENTENCE and text.endswith(_ENDS)


def _has_bare_text(container: Tree) -> bool:
    if container.text and container.text.strip():
        return True
    return any(child.tail and child.tail.strip() for child in container)


def _is_inline(element: Tree) -> bool:
    return element.tag in INLINE and all(node.tag in INLINE or node.tag == "br" for node in element.iter())


def _wrap(container: Tree) -> None:
    pieces: list[Tree | str] = [container.text or ""]
    for child in list(container):
        pieces += [child, child.tail or ""]
        child.tail = None
        container.remove(child)
    container.text = None
    paragraph: Tree | None = None
    breaks = 0
    for piece in pieces:
        if isinstance(piece, str):
            if not piece.strip() and (paragraph is None or breaks):
                continue
        elif piece.tag == "br":
            breaks += 1
            continue
        elif not _is_inline(piece):
            container.append(piece)
            paragraph, breaks = None, 0
            continue
        if paragraph is None or breaks >= PARTING:
            paragraph = container.makeelement("p")
            container.append(paragraph)
        elif breaks:
            paragraph.append(paragraph.makeelement("br"))
        breaks = 0
        _add(paragraph, piece)


def _add(paragraph: Tree, piece: Tree | str) -> None:
    if not isinstance(piece, str):
        paragraph.append(piece)
    elif len(paragraph):
        paragraph[-1].tail = (paragraph[-1].tail or "") + piece
    else:
        paragraph.text = (paragraph.text or "") + piece
