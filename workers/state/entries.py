"""Pending entries: claimed under a lease, moved from stage to stage, acknowledged, retried or buried."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

from workers.model import Entry, decode, encode
from workers.state.scripts import PREFIX, Scripts, translated

Stage = Literal["fetch", "process", "index"]
Acknowledged = Literal["", "done", "not_alone"]  # "": the lease is not ours any more
OUTCOMES: tuple[Acknowledged, ...] = ("", "done", "not_alone")
SUMMARY = 500  # characters kept of an entry that waits for another look


class Job(Struct, frozen=True, kw_only=True):
    """A claimed entry. `payload`: what the stage before handed over (packed), b"" without."""

    id: str
    token: str
    poison: bool  # its last claims ended without an outcome: bury it, do not work on it
    claims: int  # this one included
    failures: int  # transient ones in this stage
    entry: Entry
    host: str
    feeds: tuple[str, ...]
    observed_ms: int
    relist: str  # id of the article whose feeds must be brought up to date, "" without
    article_id: str
    error: str
    first_seen_ms: int
    further: str  # address of its article's next page, which is to be fetched (`payload` holds the pages so far)
    claimed_ms: int  # Redis' clock when it was claimed for its page
    broken: str  # why what Redis holds of it can't be read, "" when it can
    payload: bytes
    refetch: bool = False  # the article is stored: its page is looked at again for edits
    since_ms: int = 0  # from when its age counts, 0 before the first look
    retell: bool = False  # with `relist`: the document must learn of its history, too


class Again(Struct, frozen=True, kw_only=True):
    """When to look at an entry's page again: at `due_ms`, for an article whose age counts from `since_ms`."""

    due_ms: int
    since_ms: int


class Claims(Struct, frozen=True):
    """What a claim gave: jobs, and ids left alone because an earlier claim of them ended without an outcome."""

    jobs: list[Job]
    suspects: list[str]


class Entries:
    """The pending entries' states. Lengths of time are seconds.

    A commit returns False when the token is not (any more) valid: then nothing was changed.
    """

    def __init__(
        self,
        scripts: Scripts,
        *,
        lease: float,
        redispatch: float,
        max_claims: int,
        identity_days: int,
        refetch_entries: int,
    ) -> None:
        self._run = scripts.run
        self._run_each = scripts.run_each
        self._client = scripts.client
        self._lease = int(lease * 1000)
        self._redispatch = int(redispatch * 1000)
        self._max_claims = max_claims
        self._ttl = identity_days * 86_400
        self._refetch_cap = refetch_entries

    def claim(self, stage: Stage, ids: list[str], token: str, *, fresh_only: bool = False) -> Claims:
        """Claim those of `ids` that wait in `stage`; counts the attempt. `fresh_only` leaves suspects alone."""
        if not ids:
            return Claims([], [])
        rows = self._run("claim", stage, token, self._lease, self._max_claims, int(fresh_only), *ids)
        suspects = [row[0].decode() for row in rows if row[1] == b"suspect"]
        return Claims([_job(row, token) for row in rows if row[1] != b"suspect"], suspects)

    def commit_fetch(self, job: Job, page: bytes) -> bool:
        """Hand the packed page over to the process stage."""
        return bool(self._run("commit_fetch", job.id, job.token, page))

    def commit_process(self, job: Job, document: bytes, article_id: str, feeds: tuple[str, ...]) -> bool:
        """Hand the packed document over to the index stage; `feeds` are those it lists."""
        return bool(self._run("commit_process", job.id, job.token, document, article_id, ",".join(feeds)))

    def go_on(self, job: Job, address: str, *, host: str, gap: float, cap: int) -> bool:
        """Have the article's page at `address` fetched too; what came so far is kept.

        False when there is no room for that: the entries that wait for a further page hold `cap` bytes already.
        """
        return int(self._run("continue", job.id, job.token, address, host, int(gap * 1000), cap)) >= 0

    def refetch(self, job: Job) -> bool:
        """Send the entry back to be fetched."""
        return bool(self._run("refetch", job.id, job.token))

    def relist(self, job: Job, article_id: str, delay: float, *, retell: bool = False) -> bool:
        """Have the document of `article_id` learn of the entry's feeds (`retell`: of its history) after `delay`."""
        return bool(self._run("relist", job.id, job.token, article_id, int(delay * 1000), "1" if retell else ""))

    def acknowledge(
        self,
        job: Job,
        *,
        article_id: str = "",
        version: int = 0,
        content_hash: str = "",
        how: str,
        feeds: tuple[str, ...] = (),
        gone: bool = False,
        alone: bool = False,
        again: Again | None = None,
    ) -> Acknowledged:
        """End the entry's way. `how`: "stored" (the store has it), "same", "superseded", "removed" or "unseen".

        `alone`: the document was written as if its article had no other text; "not_alone" says that another
        observation came meanwhile, and that nothing was done: keep its text as a version, then call without.
        `again`: when to look at its page again.
        """
        done = self._run(
            "acknowledge",
            job.id,
            job.token,
            article_id,
            version,
            job.observed_ms,
            content_hash,
            self._ttl,
            how,
            ",".join(feeds),
            "1" if gone else "",
            "1" if alone else "",
            again.due_ms if again else 0,
            self._refetch_cap,
            again.since_ms if again else 0,
            encode(lean(job.entry)) if again else b"",
        )
        return OUTCOMES[int(done)]

    def retry(self, job: Job, delay: float, error: str, *, counted: bool = True, host_delay: float = 0) -> bool:
        """Try again after `delay`; `counted` False when it is not the item's fault; `host_delay` quiets its host."""
        return bool(
            self._run("retry", job.id, job.token, int(delay * 1000), int(counted), error, int(host_delay * 1000))
        )

    def bury(self, job: Job, record: bytes, cap: int) -> bool:
        """Make the entry a dead letter; `record` is the packed DeadLetter."""
        return bool(self._run("bury", job.id, job.token, record, cap))

    def release(self, ids: list[str], token: str) -> int:
        """Give back what was handed out or claimed and not worked on."""
        return int(self._run("release", token, *ids)) if ids else 0

    def dispatch(self, stage: Literal["process", "index"], limit: int) -> list[str]:
        """Hand out up to `limit` ids that may be claimed now; not again before the redispatch time."""
        return [i.decode() for i in self._run("dispatch", stage, limit, self._redispatch)]

    def heal(self, ids: list[str]) -> int:
        """Place again what no dispatcher could see; returns how many."""
        return int(self._run("heal", *ids)) if ids else 0

    def pending(self) -> int:
        """Return how many entries wait for their outcome."""
        with translated():
            return int(self._client.zcard(PREFIX + "pending"))


def _job(row: list[bytes], token: str) -> Job:
    text = [part.decode(errors="replace") for part in row[:13]]
    try:
        entry, broken = decode(row[4], Entry), ""
    except msgspec.DecodeError as error:  # of another version: this one is to be buried, the others go on
        entry, broken = Entry(id=text[0], feed_id="", url=""), str(error)
    return Job(
        id=text[0],
        token=token,
        poison=text[1] == "poison",
        claims=int(text[2]),
        failures=int(text[3]),
        entry=entry,
        host=text[5],
        feeds=split(text[6]),
        observed_ms=int(text[7] or 0),
        relist=text[8],
        article_id=text[9],
        error=text[10],
        first_seen_ms=int(text[11]),
        claimed_ms=int(text[12]),
        broken=broken,
        payload=row[13],
        refetch=row[14] == b"1",
        since_ms=int(row[15] or 0),
        retell=row[16] == b"1",
        further=row[17].decode(errors="replace"),
    )


def lean(entry: Entry) -> Entry:
    """Return `entry` without what only a first look needs: thousands wait for their next one."""
    return msgspec.structs.replace(entry, content="", summary=entry.summary[:SUMMARY])


def split(joined: str) -> tuple[str, ...]:
    """Return the ids of a comma-separated list as the scripts keep it."""
    return tuple(filter(None, joined.split(",")))
