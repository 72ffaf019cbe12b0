"""Wire copy: which documents print another one's text, and what becomes of them when that one is removed."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from workers.errors import StoreUnavailable
from workers.identify.copies import original
from workers.identify.fingerprint import fingerprint
from workers.index.document import site_of
from workers.model import Article, Document, Query
from workers.pipeline.parts import Parts
from workers.ports import SearchStore
from workers.state import State
from workers.state.entries import Job
from workers.state.identities import Identity

AT_ONCE = 1_000  # copies of one article that are handed on
TRIES = 5  # of copies that were written by others at the same moment


def find_original(parts: Parts, job: Job, article: Article, identity: Identity) -> str | None:
    """Return the id of the article whose text this one copies, None of an original, and remember the text."""
    copies, own = parts.state.copies, identity.article_id
    site = job.entry.site or site_of(article.final_url or article.url)
    text = fingerprint(site, article.title, article.body)
    registered = copies.register(job, own, text)
    found = original(text, registered.others)
    if found is None and not registered.known and identity.version:
        # an edit after its text was forgotten, and the original's too perhaps: what was found then holds
        stored = parts.store.get([own]).get(own)
        return copies.settle(job, own, stored.duplicate_of if stored else None)
    return copies.settle(job, own, found[0] if found else None)


def hand_copies_on(state: State, store: SearchStore, article_id: str) -> None:
    """Make the copies of an article that goes copies of one among them: of the first thousand the one seen first.

    Its text is forgotten. Call it again when it failed halfway: it does the rest. Raises StoreUnavailable when it did.
    """
    heir: str | None = None
    before: set[str] = set()
    tries = TRIES
    while tries:
        store.refresh()
        ids = [hit.id for hit in store.search(Query(duplicate_of=article_id, limit=AT_ONCE, suggest=False)).hits]
        copies = _copies(store, ids, article_id)
        heir = heir or state.copies.forget(article_id, copies[0].id if copies else None)
        if not copies:
            return
        known = state.copies.originals(ids)  # after a failure halfway: whose copies they have become
        _write(state, store, [(copy, known.get(copy.id, heir)) for copy in copies])
        tries = tries - 1 if {copy.id for copy in copies} & before else TRIES
        before = {copy.id for copy in copies}
    raise StoreUnavailable(f"{len(copies)} copies of {article_id} could not be written", reason="store")


def _copies(store: SearchStore, ids: Sequence[str], article_id: str) -> list[Document]:
    """Those of the documents that are copies of the article, the one seen first before the others."""
    copies = [document for document in store.get(ids).values() if document.duplicate_of == article_id]
    return sorted(copies, key=lambda document: (document.first_seen_at, document.id))


def adopt_orphans(parts: Parts, written: Sequence[Document]) -> None:
    """Mend those of the documents just written whose original went (or got another) while they were on their way."""
    gone = set(parts.state.identities.removed([document.id for document in written]))
    copies = [(one, one.duplicate_of) for one in written if one.duplicate_of and one.id not in gone]
    known = parts.state.copies.originals([document.id for document, _ in copies])
    removed = parts.state.identities.removed([of for _, of in copies])
    now = [(document, of, known.get(document.id, of)) for document, of in copies]
    held = [(document, of, None if original in removed else original) for document, of, original in now]
    _write(parts.state, parts.store, [(document, original) for document, of, original in held if original != of])


def give_up(parts: Parts, article_id: str) -> None:
    """Forget the text of an article that never got into the store: its copies must not point at nothing."""
    if not article_id or article_id in parts.store.get([article_id]):
        return  # an earlier text of it is there
    if parts.state.copies.has_copies(article_id):
        hand_copies_on(parts.state, parts.store, article_id)
    else:
        parts.state.copies.forget(article_id)


def _write(state: State, store: SearchStore, copies: Sequence[tuple[Document, str | None]]) -> None:
    """Write the documents anew as copies of these originals (a document's own id: of none).

    One that is removed by command meanwhile goes again.
    """
    changed = [
        structs.replace(document, duplicate_of=None if of == document.id else of, version=document.version + 1)
        for document, of in copies
    ]
    if changed:
        store.write(changed)
        for removed in state.identities.removed([document.id for document in changed]):
            store.delete(removed)
