"""One article: found by any of its addresses, told with its history, removed for good."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct

from workers.identify import NO_RULES, AddressRules, article_id, normalise
from workers.identify.history import Step, history, version_of
from workers.model import Document, Notice
from workers.pipeline.copies import hand_copies_on
from workers.ports import Archive, SearchStore
from workers.state import State
from workers.state.identities import address_key

_ID = re.compile(r"[0-9a-f]{32}")


class Removal(Struct, frozen=True, kw_only=True):
    """What removing did."""

    article_id: str
    deleted: bool
    kept: tuple[str, ...] = ()  # where a copy of it is still left, a line each


class Past(Struct, frozen=True, kw_only=True):
    """An article's history: its versions, oldest first, and what became of its page."""

    id: str
    url: str
    title: str
    edits: int
    edited_at: datetime | None
    notice: Notice
    gone_at: datetime | None
    gone_status: int
    versions: tuple[Step, ...]


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


def past_of(store: SearchStore, document: Document) -> Past:
    """Return the history of a stored document; its own text is the last version."""
    return Past(
        id=document.id,
        url=document.url,
        title=document.title,
        edits=document.edits,
        edited_at=document.edited_at,
        notice=document.notice,
        gone_at=document.gone_at,
        gone_status=document.gone_status,
        versions=tuple(history([*store.history(document.id), version_of(document)])),
    )


def remove_article(
    state: State,
    store: SearchStore,
    archive: Archive,
    url: str,
    reason: str,
    now_ms: int,
    rules: AddressRules = NO_RULES,
) -> Removal:
    """Delete an article, its archived pages too; leave a tombstone under all its addresses, stored yet or not.

    The tombstone comes first: nothing may come back in between. It ends looks at its page that were still to come.
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
    state.identities.remove(known, addresses, reason, url, now)
    for address in addresses:
        state.dead.drop(address_key(address))  # it holds what the feed said
    hand_copies_on(state, store, known)
    return erase(store, archive, known, addresses)


def erase(store: SearchStore, archive: Archive, known: str, addresses: Sequence[str]) -> Removal:
    """Delete everything that is kept of the article with the id `known`.

    Every place that keeps a copy is named here and nowhere else: the document with its versions, indices that a rebuild
    left, and the archived pages. The document goes last: who has to begin again finds all addresses in it.
    """
    archive.remove(addresses)
    kept = tuple(store.purge(known))
    return Removal(article_id=known, deleted=store.delete(known), kept=kept)
