"""One article: found by any of its addresses, removed for good."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from msgspec import Struct

from workers.identify import article_id, normalise
from workers.model import Document
from workers.ports import Archive, SearchStore
from workers.state import State

_ID = re.compile(r"[0-9a-f]{32}")


class Removal(Struct, frozen=True, kw_only=True):
    """What removing did."""

    article_id: str
    deleted: bool


def find_document(store: SearchStore, url: str) -> Document | None:
    """Return the document with this address or id, or None. Raises Permanent("bad_url") for what is neither."""
    if _ID.fullmatch(url):
        return store.get([url]).get(url)
    address = normalise(url)
    own = article_id((address,))
    found = store.get([own]).get(own)
    if found is None:
        store.refresh()
        found = store.find([address]).get(address)
    return found


def remove_article(state: State, store: SearchStore, archive: Archive, url: str, reason: str, now_ms: int) -> Removal:
    """Delete an article and its archived pages; leave a tombstone under all its addresses, stored yet or not."""
    document = find_document(store, url)
    if document is not None:
        known, addresses = document.id, document.urls
    else:
        address = normalise(url)
        known, addresses = state.identities.find(address) or article_id((address,)), (address,)
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    state.identities.remove(known, addresses, reason, url, now)  # first: nothing may come back in between
    removal = Removal(article_id=known, deleted=store.delete(known))
    archive.remove(addresses)
    return removal
