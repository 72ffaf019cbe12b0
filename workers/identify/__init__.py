"""Identify: which article this is, and whether it is news to us.

    article ─▶ addresses ─▶ article_id          one article, one id, for ever
            ├▶ content_hash ─▶ decide ─▶ "new" | "changed" | "returned" | "relisted" | "same"
            └▶ notice_of                        corrected, retracted: what the text says of itself

    versions ─▶ history                         what it said over time

The same text under other addresses, on other sites: `fingerprint` and `copies`.

Pure: values in, values out. Who remembers addresses and hashes is `workers.state`.
"""

from workers.identify.address import normalise, registrable_domain
from workers.identify.change import Decision, Known, content_hash, decide, is_poorer, is_whole
from workers.identify.identity import NO_RULES, addresses, article_id
from workers.identify.notices import notice_of
from workers.identify.site_rules import AddressRules

__all__ = [
    "NO_RULES",
    "AddressRules",
    "Decision",
    "Known",
    "addresses",
    "article_id",
    "content_hash",
    "decide",
    "is_poorer",
    "is_whole",
    "normalise",
    "notice_of",
    "registrable_domain",
]
