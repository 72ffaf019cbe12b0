"""English articles among Indonesian ones: their words are stemmed by English rules, too.

The index has one field more for them: in Elasticsearch `english`, in the embedded store their stems with a mark before
them. A query's word is looked for in both; which language it is, nobody has to say.
"""

from __future__ import annotations

from typing import Any

from workers.model import Document

ENGLISH = "english"  # Elasticsearch's field


def is_english(language: str) -> bool:
    """Tell whether a document's `language` is English, of whatever country."""
    return language.lower().replace("_", "-").split("-", 1)[0] == "en"


def english_texts(document: Document) -> tuple[str, ...]:
    """Return the texts to analyse as English; () of an article in another language."""
    return (document.title, document.lead, document.body) if is_english(document.language) else ()


def with_english(source: dict[str, Any]) -> dict[str, Any]:
    """Return a stored document (its JSON) with the field `english` as one that is written now has it."""
    rest = {name: value for name, value in source.items() if name != ENGLISH}
    if not is_english(str(source.get("language") or "")):
        return rest
    return {**rest, ENGLISH: [source.get(name) or "" for name in ("title", "lead", "body")]}
