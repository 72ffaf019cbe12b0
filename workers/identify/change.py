"""Whether an observation is news to us: a hash of what a reader reads, compared with the one we know."""

from __future__ import annotations

import unicodedata
from typing import Literal

from msgspec import Struct

from workers.model import Article, digest

Decision = Literal["new", "changed", "relisted", "same"]

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\ufeff"))
_MARKS = {**str.maketrans("‘’“”–—", "''\"\"--"), **_INVISIBLE}


class Known(Struct, frozen=True, kw_only=True):
    """What is remembered of an article. `observed_ms`: when the stored content was fetched (ms since 1970)."""

    article_id: str
    content_hash: str
    feeds: frozenset[str] = frozenset()
    observed_ms: int = 0


def content_hash(article: Article) -> str:
    """Return 32 hex digits that stay the same while title and body read the same.

    White space, compatibility forms (NFKC), soft hyphens and the choice of quotes and dashes don't count:
    templates change those without the editors having touched the text.
    """
    return digest(_reading(article.title), _reading(article.body))


def decide(known: Known | None, content: str, feeds: frozenset[str]) -> Decision:
    """Return what to do with an observation whose content hash is `content` and which `feeds` list.

    "new": nothing is known; "changed": title or body read differently; "relisted": the same, but a feed we did
    not know lists it; "same": nothing to store.
    """
    if known is None:
        return "new"
    if known.content_hash != content:
        return "changed"
    return "same" if feeds <= known.feeds else "relisted"


def _reading(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(_MARKS).split())
