"""One article: found by any of its addresses, removed for good."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from msgspec import Struct

from workers.identify import NO_RULES, AddressRules, article_id, normalise
from workers.model import Document
from workers.pipeline.copies import hand_copies_on
from workers.ports import Archive, SearchStore
from workers.state import State

_ID = re.compile(r"[0-9a-f]{32}")


class Removal(Struct, frozen=True, kw_only=True):
    """What removing did."""

    article_id: str
    deleted: bool


def find_document(store: SearchStore, url: str, rules: AddressRules = NO_RULES) -> Document | None:
    """Return the document with this address or id, or None. Raises Permanent("bad_url") for what is neither."""
    if _ID.fullmatch(url):
        return store.get([url]).get(url)
    address = normalise(url)
    known = (rules.fold(address), address)
    own = article_id(known)
    found = store.get([own]).get(own)
    if found is None:
        store.refresh()
        found = next(iter(store.find(known).values()), None)
    return found


def remove_article(
    state: State,
    store: SearchStore,
    archive: Archive,
    url: str,
    reason: str,
    now_ms: int,
    rules: AddressRules = NO_RULES,
) -> Removal:
    """Delete an article and its archived pages; leave a tombstone under all its addresses, stored yet or not.

    Copies of its text become copies of the one among them that was seen first.
    """
    document = find_document(store, url, rules)
    if document is not None:
        known, addresses = document.id, document.urls
    else:
        address = normalise(url)
        addresses = tuple(dict.fromkeys((rules.fold(address), address)))
        found = (state.identities.find(one) for one in addresses)
        known = next((one for one in found if one), None) or article_id(addresses)
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    state.identities.remove(known, addresses, reason, url, now)  # first: nothing may come back in between
    hand_copies_on(state, store, known)
    removal = Removal(article_id=known, deleted=store.delete(known))
    archive.remove(addresses)
    return removal
