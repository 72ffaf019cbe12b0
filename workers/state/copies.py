"""Which articles print one text: fingerprints by what copies of them share, and who is whose copy.

    text:ID       16 bytes: the article it is a copy of; then its fingerprint. Kept for the time to live
    texts:SLOT:B  sorted sets: key of a fingerprint → articles that have it
    copied:ID     set of the articles that are copies of ID

Ids are raw bytes here: an article costs about 1.6 KB. The original is the article whose text was known here first:
a publisher's date can be wrong, and a rule that our own order decides never has to rewrite a stored document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from workers.identify.fingerprint import Fingerprint, pack, unpack
from workers.state.entries import Job
from workers.state.scripts import PREFIX, Scripts, translated

ID_BYTES = 16
SHARING = 20  # articles kept for one key and half time to live: a phrase of more is nobody's own
COMPARED = 8  # other texts looked at


class Registered(Struct, frozen=True):
    """What was known when a text was registered."""

    known: bool  # the article's text, or an earlier one of it
    others: tuple[tuple[str, Fingerprint], ...]  # articles that may print the same text: (id, text)


class Copies:
    """Fingerprints of texts, kept for `copy_days`, and copies, as long as identities are."""

    def __init__(self, scripts: Scripts, *, copy_days: int, identity_days: int) -> None:
        self._run = scripts.run
        self._client = scripts.client
        self._ttl = copy_days * 86_400
        self._keep = max(copy_days, identity_days) * 86_400

    def register(self, job: Job, article_id: str, text: Fingerprint) -> Registered:
        """Keep the article's text in place of an earlier one and return what may be the same text.

        Raises LookupError when the job's lease is not ours any more.
        """
        record = pack(text)
        row = self._run(
            "register_copy",
            job.id,
            job.token,
            bytes.fromhex(article_id),
            self._ttl,
            SHARING,
            COMPARED,
            record,
            *text.keys,
        )
        if not row:
            raise LookupError(job.id)
        found = zip(row[1::2], row[2::2], strict=True)
        return Registered(bool(row[0]), tuple((other.hex(), unpack(data[ID_BYTES:])) for other, data in found))

    def settle(self, job: Job, article_id: str, original: str | None) -> str | None:
        """Note that the article is a copy of `original` (None: of none); returns which one it is a copy of.

        That is another one when `original` is itself a copy, and None when the article has copies: no chains.
        Raises LookupError as `register` does.
        """
        row = self._run(
            "settle_copy",
            job.id,
            job.token,
            bytes.fromhex(article_id),
            bytes.fromhex(original or ""),
            self._keep,
        )
        if not row:
            raise LookupError(job.id)
        return row[0].hex() or None

    def originals(self, article_ids: Sequence[str]) -> dict[str, str | None]:
        """Return, by id, which article those of `article_ids` whose texts are known are copies of (None: of none)."""
        with translated():
            pipeline: Any = self._client.pipeline(transaction=False)
            for article_id in article_ids:
                pipeline.getrange(PREFIX.encode() + b"text:" + bytes.fromhex(article_id), 0, ID_BYTES - 1)
            found = pipeline.execute() if article_ids else []
        known = [(one, of) for one, of in zip(article_ids, found, strict=True) if of]
        return {one: of.hex() if of.strip(b"\0") else None for one, of in known}

    def has_copies(self, article_id: str) -> bool:
        """Tell whether articles are known to be copies of this one."""
        with translated():
            return bool(self._client.exists(PREFIX.encode() + b"copied:" + bytes.fromhex(article_id)))

    def forget(self, article_id: str, heir: str | None = None) -> str | None:
        """Forget an article's text; its copies become copies of `heir`, or of one of them; returns that one's id."""
        found = self._run("forget_copy", bytes.fromhex(article_id), bytes.fromhex(heir or ""), self._keep)
        return found.hex() or None
