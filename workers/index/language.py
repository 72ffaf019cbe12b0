"""Which articles are in English: among Indonesian ones their words are stemmed by English rules, too.

The index has one field more for them: in Elasticsearch `english`, in the embedded store their stems with a mark before
them. A query's word is looked for in both; which language it is, nobody has to say.
"""

from __future__ import annotations


def is_english(language: str) -> bool:
    """Tell whether a document's `language` is English, of whatever country."""
    return language.lower().replace("_", "-").split("-", 1)[0] == "en"
