"""Wire copy: which documents print another one's text, and what becomes of them when that one is removed."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from workers.identify.copies import original
from workers.identify.fingerprint import fingerprint
from workers.index.document import site_of
from workers.model import Article, Document, Query
from workers.pipeline.parts import Parts
from workers.ports import SearchStore
from workers.state import State
from workers.state.entries import Job
from workers.state.identities import Identity

MOST_COPIES = 1_000  # of one article; no story stands on more sites


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
    """Make the copies of an article that goes copies of the one among them that was seen first.

    Its text is forgotten. Call it again when it failed halfway: it does the rest.
    """
    store.refresh()
    hits = store.search(Query(duplicate_of=article_id, limit=MOST_COPIES)).hits
    stored = store.get([hit.id for hit in hits]).values()
    copies = sorted(stored, key=lambda document: (document.first_seen_at, document.id))
    heir = state.copies.forget(article_id, copies[0].id if copies else None)
    _write(store, [(copy, heir) for copy in copies])


def adopt_orphans(parts: Parts, written: Sequence[Document]) -> None:
    """Mend those of the documents just written whose original went (or got another) while they were on their way."""
    copies = [(document, document.duplicate_of) for document in written if document.duplicate_of]
    known = parts.state.copies.originals([document.id for document, _ in copies])
    removed = parts.state.identities.removed([of for _, of in copies])
    now = [(document, of, known.get(document.id, of)) for document, of in copies]
    held = [(document, of, None if original in removed else original) for document, of, original in now]
    _write(parts.store, [(document, original) for document, of, original in held if original != of])


def give_up(parts: Parts, document: Document) -> None:
    """Forget the text of a document the store can't take: its copies must not point at nothing."""
    if parts.state.copies.has_copies(document.id):
        hand_copies_on(parts.state, parts.store, document.id)
    else:
        parts.state.copies.forget(document.id)


def _write(store: SearchStore, copies: Sequence[tuple[Document, str | None]]) -> None:
    """Write the documents anew as copies of these originals (a document's own id: of none)."""
    changed = [
        structs.replace(document, duplicate_of=None if of == document.id else of, version=document.version + 1)
        for document, of in copies
    ]
    if changed:
        store.write(changed)
