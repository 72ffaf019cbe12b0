"""Captions: which boxes hold nothing but a picture with its words, and which of them belong to the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from workers.extract.running import Weights
from workers.extract.text import clean
from workers.extract.tree import Tree, text_of

MOST = 50  # captions of one page
LONGEST = 500  # characters of a caption
BOX = 250  # characters in a picture's box that has no element for its caption
MAX_PICTURES = 300  # of a page that are looked at
LEVELS = 3  # a picture's box is that near to it
SHARE = 0.6  # of the running text makes a box the article's

_PICTURE = re.compile(r"foto|photo|image|img|gambar|picture|caption|keterangan", re.IGNORECASE)
_ASIDE = re.compile(
    r"related|terkait|rekomendasi|recommend|sidebar|popul|comment|komentar|latest|terbaru", re.IGNORECASE
)
_CREDIT = re.compile(
    r"\b(?:foto|photo|image|gambar|credit|dok(?:umentasi)?|courtesy)\b\s?[.:/]|\((?:foto|photo|dok|ist|antara|istimewa)\b[^()]*\)",
    re.IGNORECASE,
)
_FRAME = frozenset({"aside", "nav", "footer", "a", "li"})


def picture_boxes(root: Tree) -> Iterator[Tree]:
    """Yield boxes named as a picture's that hold one picture and a line of words, without an element of its own."""
    seen: set[Tree] = set()
    for picture in islice(root.iter("img"), MAX_PICTURES):
        box = None
        for node in islice(picture.iterancestors(), LEVELS):
            if node.tag in ("body", "article", "main") or node.tag in _FRAME:
                break
            named = _PICTURE.search(f"{node.get('class') or ''} {node.get('id') or ''}")
            if named and node not in seen and _is_captioned(node):
                box = node
            seen.add(node)
        if box is None:
            box = _line_with_credit(picture)
        if box is not None:
            yield box


def words_of(caption: Tree) -> str:
    """Return the text of a caption; what stands in elements of its own, the credit often, is parted by a blank."""
    return re.sub(r" (?=[,.;:!?)])", "", clean(" ".join(caption.itertext())))


def stands_by_the_article(caption: Tree, weigh: Weights) -> bool:
    """Tell whether a caption belongs to a picture of the article rather than to one of a teaser or a column."""
    if len(text_of(caption)) > LONGEST:
        return False
    for node in caption.iterancestors():
        if node.tag in _FRAME or (node.tag != "body" and _ASIDE.search(f"{node.get('class')} {node.get('id')}")):
            return False
        if node.tag == "body" or weigh.share(node) >= SHARE:
            return True
    return False


def _line_with_credit(picture: Tree) -> Tree | None:
    """Return the paragraph that names the photographer, round the picture or below it; None without."""
    around = next(
        (node for node in islice(picture.iterancestors(), LEVELS) if node.tag in ("p", "div", "center")), None
    )
    if around is None or (around.tag != "p" and not text_of(around)):
        return None
    line = around if text_of(around) else around.getnext()
    if line is None or line.tag not in ("p", "div", "center"):
        return None
    text = text_of(line)
    return line if len(text) <= BOX and _CREDIT.search(text) else None


def _is_captioned(box: Tree) -> bool:
    text = text_of(box)
    if not 3 <= len(text) <= BOX or any(
        box.find(f".//{tag}") is not None for tag in ("h1", "h2", "h3", "li", "article")
    ):
        return False
    if sum(len(text_of(link)) for link in box.iter("a")) > 0.5 * len(text) or len(list(islice(box.iter("img"), 2))) > 1:
        return False
    # a row of such boxes is a story told in pictures
    make = box.get("class")
    return not make or all(near is None or near.get("class") != make for near in (box.getprevious(), box.getnext()))
