"""What Elasticsearch stores of an article beside the document, to find it by more words than stand in it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workers.index.affixes import swallowing
from workers.index.language import is_english
from workers.index.stemming import words

ENGLISH = "english"  # texts of an English article, which are stemmed by English rules here
ROOTS = "roots"  # of words whose first letter a prefix has swallowed
DERIVED = (ENGLISH, ROOTS)


def derived(texts: Iterable[str], language: str) -> dict[str, list[str]]:
    """Return the fields for an article's `texts` (title, lead, body); those without a value are left out."""
    given = list(texts)
    roots = {root for text in given for _, _, word in words(text) for root in swallowing(word)}
    fields = {ENGLISH: given if is_english(language) else [], ROOTS: sorted(roots)}
    return {name: values for name, values in fields.items() if values}


def with_derived(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored document (its JSON) with these fields as one that is written now has them."""
    rest = {name: value for name, value in source.items() if name not in DERIVED}
    texts = (str(source.get(name) or "") for name in ("title", "lead", "body"))
    return {**rest, **derived(texts, str(source.get("language") or ""))}
