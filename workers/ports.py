"""What the core asks of the outside. A port's docstring is its contract; `tests/contract` holds every adapter to it.

Every method may raise only `workers.errors` types. Adapters may be called from several threads at once unless a
docstring says otherwise; they open nothing on import or construction, but on first use.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Literal, Protocol

from msgspec import Struct

from workers.letters import DeadLetter
from workers.model import Document, Download, Query, Results, Version
from workers.reports import PollReport
from workers.samples import Kept, Sample


class Http(Protocol):
    """Fetches one URL as an honest, bounded client."""

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None) -> Download:
        """Return the answer, redirects followed, for any 2xx and for 304; the body is decompressed and complete.

        `headers` are added to the client's own (conditional headers go here). `max_bytes` bounds the decompressed
        body. Name look-up, connect, headers and body together end before the client's overall deadline.

        Raises Transient: time-out, connection, TLS or name failure, cut-off body (reason "timeout", "connect", "tls",
        "dns", "incomplete"), 408, 425, 429 and 5xx (reason "http_NNN", with `retry_after` when sent).
        Raises Permanent: other 4xx ("http_NNN"), "too_large", "bad_url", "forbidden_address" (private, loopback,
        link-local …, at any hop, checked on the address that is connected to), "redirect_loop", "bad_encoding".
        """

    def shutdown(self) -> None:
        """End every running request within a second (Transient "shutdown") and start no more."""


class Outcome(Struct, frozen=True):
    """How one document's write ended. `error` tells why for "rejected" and "failed"."""

    id: str
    result: Literal["stored", "superseded", "rejected", "failed"]
    error: str = ""
    reason: str = ""
    retry_after: float | None = None


class Snapshots(Struct, frozen=True, kw_only=True):
    """Backups made on schedule into `repository`: the last good one, and the last failure when it is newer."""

    repository: str
    last: datetime | None = None
    failed: datetime | None = None
    error: str = ""


class SearchStore(Protocol):
    """Keeps documents and finds them. Two adapters, one contract: Elasticsearch and the embedded SQLite store."""

    name: str  # "elasticsearch" or "sqlite"
    shows_polls: bool  # whether anyone can see what `show_polls` is given: it need not be called otherwise

    def setup(self) -> list[str]:
        """Create what is missing (templates, index, aliases, tables), losing nothing; return lines of what was done."""

    def write(self, documents: Sequence[Document]) -> list[Outcome]:
        """Write a batch; one Outcome per document, in order.

        "stored": acknowledged. "superseded": the store holds a *greater* version, which counts as acknowledged too. An
        equal version is written again, unless the document's own was raised above its observation (`observed_ms` is
        another number): then it is superseded. "rejected": this document can never be stored as it is. "failed": try it
        again later. A document is found by `get` as soon as it is acknowledged, by `search` within seconds.
        The adapter sets `indexed_at`. Raises StoreUnavailable when nothing could be written.
        """

    def get(self, ids: Sequence[str]) -> dict[str, Document]:
        """Return the stored documents among `ids`. Sees every acknowledged write at once."""

    def find(self, urls: Sequence[str]) -> dict[str, Document]:
        """Return, by URL, the documents whose `urls` field holds one of `urls` (may lag writes by a refresh)."""

    def delete(self, document_id: str) -> bool:
        """Delete a document and all its versions for good; True when there was anything to delete."""

    def purge(self, document_id: str) -> list[str]:
        """Delete a document also where no search sees it (what a rebuild left for a way back).

        Returns a line for people for each such place that keeps it, for want of rights; [] when it is nowhere.
        Raises StoreUnavailable when that can't be told.
        """

    def write_versions(self, versions: Sequence[Version]) -> None:
        """Keep versions beside the documents, each under its `id`; writing one again replaces it.

        All are kept when this returns; one that can never be stored (broken Unicode, too large) is logged and left
        out. No document, count or search is touched by it. Raises StoreUnavailable when one could not be written.
        """

    def history(self, article_id: str) -> list[Version]:
        """Return the versions kept of an article, oldest observation first. Sees every acknowledged write at once.

        An article that never changed has none: its text is the document's.
        """

    def forget_versions(self, ids: Sequence[str]) -> None:
        """Delete the versions with these ids; one that is not there is no matter."""

    def scan(self, *, after: str = "", limit: int = 50, taggers: Collection[str] | None = None) -> list[Document]:
        """Return up to `limit` documents in the order of their ids, those behind the id `after`.

        `taggers` narrows it to documents tagged by one of these versions. May lag writes by a refresh.
        """

    def taggers(self) -> dict[str, int]:
        """Return how many documents each version of the tagger has tagged (may lag writes by a refresh)."""

    def search(self, query: Query) -> Results:
        """Return the matches, best first (ties: newest first, then id).

        How words and "phrases" are found: `tests/contract/test_search_store.py`. Raises Misuse on what it can't read.
        """

    def copies(self, ids: Sequence[str]) -> dict[str, int]:
        """Return how many copies there are of each of these articles, if any (may lag writes by a refresh)."""

    def refresh(self) -> None:
        """Make every acknowledged write visible to `search` and `find` now."""

    def count(self) -> int:
        """Return how many documents are visible to search."""

    def show_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        """Make the place where operators look show exactly `letters`: new ones come, changed ones change, others go.

        `letters` are newest first; of more than 10,000 the newest are shown. Repeating it does no harm; what one call
        left unfinished, the next one finishes. One letter that can't be shown keeps no other from it. Documents are
        not touched. A store that nobody looks into (the embedded one) does nothing.
        Raises StoreUnavailable when not all of it could be done.
        """

    def show_polls(self, reports: Sequence[PollReport]) -> None:
        """Add reports of polls to those that operators see; adding one again, whenever, changes nothing.

        All are there when this returns; one that can never be shown (broken Unicode) is logged and left out, and so
        is one that is older than what is kept. Documents are not touched. A store that nobody looks into does nothing.
        Raises StoreUnavailable when not all could be added: the same call may be repeated.
        """

    def forget_polls(self) -> None:
        """Forget the reports that are older than the operator wants them kept. Raises StoreUnavailable."""

    def snapshots(self) -> Snapshots | None:
        """Return how the backups are doing that the store makes of itself; None when it makes none.

        Raises StoreUnavailable when that can't be told.
        """

    def stats(self) -> dict[str, Any]:
        """Return figures for people: documents, bytes, index or file name, versions."""

    def check(self) -> list[str]:
        """Return one line per problem (not reachable, template drift, missing alias, disk); [] when all is well.

        Never raises.
        """

    def close(self) -> None:
        """Let go of connections; the store may be used again afterwards."""


class Courier(Protocol):
    """Wakes the workers of a stage. A message may be lost or doubled: Redis knows what is to be done."""

    def send(self, stage: str, ids: Sequence[str]) -> None:
        """Send `ids` to the queue of `stage`. Raises StoreUnavailable when the broker does not take it."""


class Webhook(Protocol):
    """Tells a receiver by HTTP."""

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> None:
        """POST JSON; return when the receiver has taken it (2xx). One call sends it once; no redirect is followed.

        Name look-up, connect and answer together end before the client's deadline.
        Raises Transient: time-out, connection, TLS or name failure, 408, 409 (a try before is still worked on), 425,
        429, 5xx (reason "http_NNN", with `retry_after` when sent). Raises Permanent: any other answer ("http_NNN"),
        "bad_url", "bad_header", "forbidden_address" (private or local, and not allowed by the operator).
        """

    def shutdown(self) -> None:
        """End every running request within a second (Transient "shutdown") and start no more."""


class Mailer(Protocol):
    """Tells people by mail."""

    sender: str  # address that mails come from

    def send(self, message: EmailMessage) -> None:
        """Hand a mail to the server; return when it has taken it for at least one recipient.

        Raises Transient: no connection, time-out, TLS, 4xx (reason "smtp_NNN"). Raises Permanent: 5xx, refused
        credentials ("smtp_auth"), no server configured ("no_mail_server").
        """


class Archive(Protocol):
    """Keeps pages as they were fetched, by site, within bounds of its own: a page that is not kept is no error.

    Several processes may use one archive at once. What a crash left half done does no harm: it is skipped and named.
    """

    def keep(self, sample: Sample) -> bool:
        """Keep `sample` when it adds to what there is of its site; True when it was written.

        Raises Transient("archive") when it could not be: disk full, read-only, no rights. For a while after that it
        does not try again and returns False.
        """

    def sites(self) -> list[str]:
        """Return the sites of which there are samples, sorted. Raises Transient("archive")."""

    def count(self, site: str) -> int:
        """Return how many samples there are of `site`. Raises Transient("archive")."""

    def samples(self, site: str, limit: int = 0) -> Iterator[Kept]:
        """Yield the samples of `site`, oldest first; with `limit` so many at most, spread over time.

        A file that can't be read is yielded too, and says why. Raises Transient("archive").
        """

    def articles(self, site: str, after: str = "") -> Iterator[tuple[str, Iterator[Kept]]]:
        """Yield growing names behind `after`, each with the samples (newest first) of one article of `site`."""

    def replace(self, kept: Kept, sample: Sample) -> None:
        """Put `sample` in the place of `kept`. Raises Transient("archive")."""

    def remove(self, addresses: Sequence[str]) -> int:
        """Delete every sample with one of these normalised addresses; return how many. Raises Transient("archive")."""


class Clock(Protocol):
    """Tells the time; tests bring their own."""

    def __call__(self) -> datetime:
        """Return now, zone-aware, in UTC."""
