"""Whether an observation is news to us: a hash of what a reader reads, compared with the one we know."""

from __future__ import annotations

import unicodedata
from typing import Literal, Protocol

from msgspec import Struct

from workers.model import Article, digest

Decision = Literal["new", "changed", "returned", "relisted", "same"]

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\ufeff"))
_MARKS = {**str.maketrans("‘’“”–—", "''\"\"--"), **_INVISIBLE}


class Known(Struct, frozen=True, kw_only=True):
    """What is remembered of an article. `observed_ms`: when the stored content was fetched (ms since 1970)."""

    article_id: str
    content_hash: str
    feeds: frozenset[str] = frozenset()
    observed_ms: int = 0
    gone: bool = False  # the stored document says that its page was taken down


def content_hash(article: Article) -> str:
    """Return 32 hex digits that stay the same while title and body read the same.

    White space, compatibility forms (NFKC), soft hyphens and the choice of quotes and dashes don't count:
    templates change those without the editors having touched the text.
    """
    return digest(reading(article.title), reading(article.body))


def decide(known: Known | None, content: str, feeds: frozenset[str]) -> Decision:
    """Return what to do with an observation whose content hash is `content` and which `feeds` list.

    "new": nothing is known; "changed": title or body read differently; "returned": the same, on a page that had been
    taken down; "relisted": the same, but a feed we did not know lists it; "same": nothing to store.
    """
    if known is None:
        return "new"
    if known.content_hash != content:
        return "changed"
    if known.gone:
        return "returned"
    return "same" if feeds <= known.feeds else "relisted"


class Shown(Protocol):
    """What an article, a document and a version tell of their text and of how much of it was to be seen."""

    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def body_source(self) -> str: ...
    @property
    def access(self) -> str: ...
    @property
    def pages(self) -> int: ...
    @property
    def incomplete(self) -> bool: ...


def is_whole(article: Shown) -> bool:
    """Tell whether nothing of the text was kept from us."""
    return article.body_source == "page" and article.access == "full" and not article.incomplete


def is_poorer(article: Shown, stored: Shown) -> bool:
    """Tell whether `article` shows less of the text than what is stored, and so is no news about it.

    A page that refuses us for once, or puts a paywall before its text; one whose further pages could not be had.
    """
    seen, before = _view(article), _view(stored)
    return seen < before or (seen == before and is_part(article, stored))


def is_part(part: Shown, whole: Shown) -> bool:
    """Tell whether `part` lacks pages that `whole` has, and says nothing that `whole` does not say."""
    if not part.incomplete or (whole.incomplete and part.pages >= whole.pages):
        return False
    return reading(part.title) == reading(whole.title) and _paragraphs(part) <= _paragraphs(whole)


def _view(article: Shown) -> int:
    return (article.body_source == "page") + (article.access == "full")


def _paragraphs(article: Shown) -> set[str]:
    return {reading(paragraph) for paragraph in article.body.split("\n\n")}


def reading(text: str) -> str:
    """Return `text` as it reads: marks of one kind alike, invisible ones gone, white space as single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_MARKS).split())
