"""Boxes of links under a label, "Baca juga:" and the like, whatever element or name they come in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from workers.extract.running import INLINE
from workers.extract.tree import Tree, text_of

LABEL = 40  # characters
BOX = 400  # characters of a box with its label and links
MOST = 5_000  # elements that are looked at
LEVELS = 4  # a label's box is that near to it
_LABELS = (
    "b",
    "strong",
    "em",
    "i",
    "span",
    "div",
    "p",
    "h3",
    "h4",
    "h5",
    "td",
    "u",
    "font",
    "li",
    "blockquote",
    "label",
)
_LISTS = ("ul", "ol", "div", "p", "table", "a")


def labelled_links(root: Tree, is_label: Callable[[str], bool]) -> Iterator[Tree]:
    """Yield boxes that hold a label and links only, and lists of links that stand below a label."""
    for node in islice(root.iter(*_LABELS), MOST):
        said = (node.text or "").strip()
        if not 4 <= len(said) <= LABEL or not is_label(said):
            continue
        box = node
        for around in islice(node.iterancestors(), LEVELS):
            if around.tag in ("body", "article", "main") or not _is_all_links(around, said):
                break
            box = around
        # a word within a sentence may read like a label
        if box.tag not in INLINE and _is_all_links(box, said):
            yield box
            following = box.getnext()
            alone = next(box.iter("a"), None) is None and not (box.tail or "").strip()
            if alone and following is not None and following.tag in _LISTS and _is_all_links(following, ""):
                yield following


def _is_all_links(box: Tree, label: str) -> bool:
    """Whether `box` says nothing but `label` outside its links."""
    text = text_of(box)
    if len(text) > BOX:
        return False
    linked = sum(len(text_of(link)) for link in box.iter("a"))
    unlinked = len(text) - linked
    return (not label and linked > 0 and unlinked <= 0.1 * len(text)) or (
        bool(label) and unlinked <= len(label) + 3 and text.startswith(label)
    )
