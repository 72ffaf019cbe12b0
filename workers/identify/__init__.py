"""Identify: which article this is, and whether it is news to us.

    article ─▶ addresses ─▶ article_id          one article, one id, for ever
            └▶ content_hash ─▶ decide ─▶ "new" | "changed" | "relisted" | "same"

The same text under other addresses, on other sites: `fingerprint` and `copies`.

Pure: values in, values out. Who remembers addresses and hashes is `workers.state`.
"""

from workers.identify.address import normalise, registrable_domain
from workers.identify.change import Decision, Known, content_hash, decide
from workers.identify.identity import NO_RULES, addresses, article_id
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
    "normalise",
    "registrable_domain",
]
