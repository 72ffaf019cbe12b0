"""One article, one id, for ever: which addresses belong to which article, and what was removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from workers.model import digest
from workers.state.durable import to_disk
from workers.state.entries import Job, split
from workers.state.scripts import PREFIX, Scripts, translated


class Identity(Struct, frozen=True, kw_only=True):
    """What is known of an article at the moment an entry claims it."""

    article_id: str
    feeds: tuple[str, ...]  # all that list it, this entry's included; sorted
    stored_feeds: tuple[str, ...]  # those the acknowledged document lists
    content_hash: str  # of the acknowledged document, "" when none is
    observed_ms: int  # of the acknowledged document
    version: int  # of the acknowledged document
    first_seen_at: datetime
    superseded: bool  # a newer observation has claimed the article already
    removed: bool  # taken down by command: never index it again
    gone: bool = False  # the acknowledged document says that its page was taken down


class Tombstone(Struct, frozen=True, kw_only=True):
    """Why and when an article was removed by command."""

    reason: str
    removed_at: datetime
    url: str = ""


def address_key(address: str) -> str:
    """Return the key of a normalised address; an entry with a page of its own has it as its id."""
    return digest("url", address)


class Identities:
    """Addresses and articles, kept for `identity_days`; older ones are asked of the store."""

    def __init__(self, scripts: Scripts, *, identity_days: int) -> None:
        self._run = scripts.run
        self._client = scripts.client
        self._ttl = identity_days * 86_400

    def claim(
        self, job: Job, addresses: Sequence[str], *, own_id: str = "", first_seen_at: datetime
    ) -> Identity | None:
        """Claim the article that `addresses` name. None: none of them is known and no `own_id` was given.

        Raises LookupError when the job's lease is not ours any more.
        """
        row = self._run(
            "claim_identity",
            job.id,
            job.token,
            self._ttl,
            job.observed_ms,
            own_id,
            first_seen_at.isoformat(),
            *(address_key(a) for a in addresses),
        )
        if not row:
            raise LookupError(job.id)
        if row[0] == b"unknown":
            return None
        text = [part.decode() for part in row]
        return Identity(
            article_id=text[0],
            feeds=split(text[1]),
            stored_feeds=split(text[2]),
            content_hash=text[3],
            observed_ms=int(text[4]),
            version=int(text[5]),
            first_seen_at=datetime.fromisoformat(text[6]),
            superseded=text[7] == "1",
            removed=text[8] == "1",
            gone=text[9] == "1",
        )

    def find(self, address: str) -> str | None:
        """Return the id of the article with this normalised address, or None."""
        with translated():
            found = self._client.get(PREFIX + "address:" + address_key(address))
        return found.decode() if isinstance(found, bytes) else None

    def last_look(self, article_id: str) -> tuple[str, int]:
        """Return the hash of the acknowledged text and when it was last seen to read so; ("", 0) when unknown."""
        with translated():
            found: Any = self._client.hmget(PREFIX + "article:" + article_id, ["hash", "observed"])
        return (found[0] or b"").decode(), int(found[1] or 0)

    def origin(self, article_id: str) -> tuple[datetime | None, tuple[str, ...]]:
        """Return when an article was first seen, and the feeds that list it; (None, ()) when unknown."""
        with translated():
            found: Any = self._client.hmget(PREFIX + "article:" + article_id, ["first_seen", "feeds"])
        first, feeds = found
        return datetime.fromisoformat(first.decode()) if first else None, split((feeds or b"").decode())

    def acknowledged(self, limit: int) -> Iterator[dict[str, str]]:
        """Yield the hashes of all acknowledged texts by their articles, about `limit` at a time."""
        cursor, start = 0, len(PREFIX + "article:")
        while True:
            with translated():
                answer: Any = self._client.scan(cursor, match=PREFIX + "article:*", count=limit)
                cursor, keys = answer
                pipeline = self._client.pipeline(transaction=False)
                for key in keys:
                    pipeline.hget(key, "hash")
                hashes = pipeline.execute()
            found = {key.decode()[start:]: text.decode() for key, text in zip(keys, hashes, strict=True) if text}
            if found:
                yield found
            if not cursor:
                return

    def lose(self, article_ids: Sequence[str]) -> int:
        """Forget that these articles were acknowledged; return how many have their pages looked at again now."""
        return int(self._run("lose", *article_ids)) if article_ids else 0

    def reread(self, texts: Mapping[str, tuple[str, str]]) -> int:
        """Note that articles' acknowledged texts read otherwise now: hash before and after, by id; return how many did.

        A page that says what it said is no edit then, and tells no alert.
        """
        flat = [part for article_id, (before, after) in texts.items() for part in (article_id, before, after)]
        return int(self._run("reread", *flat)) if flat else 0

    def remove(self, article_id: str, addresses: Sequence[str], reason: str, url: str, now: datetime) -> None:
        """Leave a tombstone for an article under all its addresses; it is on disk when this returns."""
        record = msgspec.json.encode(Tombstone(reason=reason, removed_at=now.astimezone(UTC), url=url))
        keys = [address_key(a) for a in addresses]
        with translated():
            to_disk(self._client, lambda: self._run("remove_article", article_id, record, *keys))

    def removed(self, article_ids: Sequence[str]) -> list[str]:
        """Return those of `article_ids` that were removed by command."""
        if not article_ids:
            return []
        with translated():
            found: Any = self._client.hmget(PREFIX + "removed", list(article_ids))
        return [i for i, record in zip(article_ids, found, strict=True) if record is not None]

    def are_removed(self, addresses: Sequence[str]) -> bool:
        """Tell whether one of these normalised addresses is that of an article that was removed by command."""
        if not addresses:
            return False
        with translated():
            found: Any = self._client.mget([PREFIX + "address:" + address_key(address) for address in addresses])
        return bool(self.removed([article_id.decode() for article_id in dict.fromkeys(found) if article_id]))

    def tombstone(self, article_id: str) -> Tombstone | None:
        """Return why an article was removed, or None."""
        with translated():
            record = self._client.hget(PREFIX + "removed", article_id)
        return msgspec.json.decode(record, type=Tombstone) if isinstance(record, bytes) else None
