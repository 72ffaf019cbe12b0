"""Where on a page something stands: in the article's own surroundings, or in a box beside it."""

from __future__ import annotations

import re
from itertools import islice

from workers.extract.tree import Tree

_BESIDE = re.compile(
    r"comment|komentar|disqus|related|terkait|sidebar|(?<!post-)(?<!entry-)(?<!article-)(?<!post__)footer|recommend|rekomendasi"
    r"|popul[ae]r|quote|share|next-|prev-|respon(?!siv)|tanggapan|reaksi|list-berita|berita-list|latest|terbaru|copyright|newsletter",
    re.IGNORECASE,
)
_FRAME = frozenset({"aside", "nav"})
_WHOLE = frozenset({"body", "html", "article", "main"})
LEVELS = 12  # of ancestors looked at


def is_beside(element: Tree) -> bool:
    """Tell whether `element` belongs to comments, to a list of other articles or to the frame of the page."""
    for node in (element, *islice(element.iterancestors(), LEVELS)):
        if node.tag in _WHOLE:
            return False
        # the footer of an article names its author, that of a page does not
        if node.tag == "footer" and next(node.iterancestors("article"), None) is None:
            return True
        if node.tag in _FRAME or _BESIDE.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
            return True
    return False
