"""Where on a page something stands: in the article's own surroundings, or in a box beside it."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from workers.extract.tree import Tree

_BESIDE = re.compile(
    r"comment|komentar|disqus|related|terkait|sidebar|(?<!post-)(?<!entry-)(?<!article-)(?<!post__)footer|recommend|rekomendasi"
    r"|popul[ae]r|quote|(?<!simple-)share|next-|prev-|respon(?!siv)|tanggapan|reaksi|list-berita|berita-list|latest|terbaru|copyright|newsletter",
    re.IGNORECASE,
)
_FRAME = frozenset({"aside", "nav"})
_WHOLE = frozenset({"body", "html", "article", "main"})
MAX_NAME = 1_000  # characters of class and id
LEVELS = 12  # of ancestors looked at


def is_beside(element: Tree) -> bool:
    """Tell whether `element` belongs to comments, to a list of other articles or to the frame of the page."""
    for node in (element, *islice(element.iterancestors(), LEVELS)):
        if node.tag in _WHOLE:
            return False
        # the footer of an article names its author, that of a page does not
        if node.tag == "footer" and next(node.iterancestors("article"), None) is None:
            return True
        if node.tag == "a" and node is not element and next(node.iter("h2", "h3", "h4", "h5"), None) is not None:
            return True  # a teaser: the whole of it leads to another article
        if node.tag in _FRAME or _is_named_beside(f"{node.get('class') or ''} {node.get('id') or ''}"[:MAX_NAME]):
            return True
    return False


def is_hidden(element: Tree) -> bool:
    """Tell whether the element, or one around it, says that browsers shall not show it."""
    return any(
        node.get("hidden") is not None or "display:none" in (node.get("style") or "")[:500].replace(" ", "").lower()
        for node in (element, *islice(element.iterancestors(), LEVELS))
    )


@lru_cache(maxsize=8_192)
def _is_named_beside(name: str) -> bool:
    return _BESIDE.search(name) is not None
