"""English articles among Indonesian ones: their words are stemmed by English rules, too.

The index has one field more for them: in Elasticsearch `english`, in the embedded store the words of `body` with a
mark before them. A query's word is looked for in both; which language it is, nobody has to say.
"""

from __future__ import annotations

from collections.abc import Iterable

from workers.index.stemming import stem_english, words
from workers.model import Document

MARK = "en="  # before an English stem in the embedded store; "=" is part of no word


def is_english(language: str) -> bool:
    """Tell whether a document's `language` is English, of whatever country."""
    return language.lower().replace("_", "-").split("-", 1)[0] == "en"


def english_texts(document: Document) -> tuple[str, ...]:
    """Return the texts to analyse as English; () of an article in another language."""
    return (document.title, document.lead, document.body) if is_english(document.language) else ()


def english_words(texts: Iterable[str]) -> list[str]:
    """Return the marked stems of `texts`; a bare mark ends each text, and tells that the article is English."""
    marked: list[str] = []
    for text in texts:
        marked += [MARK + stem_english(word) for _, _, word in words(text)]
        marked.append(MARK)
    return marked
