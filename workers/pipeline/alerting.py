"""Has the saved searches look at what is new in the store, and puts what they tell on its way."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec

from workers.alert.alerts import Alert
from workers.alert.matching import Match, matches
from workers.alert.messages import told
from workers.errors import Permanent, StoreUnavailable
from workers.model import Document, Version, digest
from workers.pipeline.batch import MESSAGE_LENGTH, STORE_PAUSE, Batch, log, trace_of
from workers.pipeline.parts import Parts
from workers.ports import SearchStore
from workers.state.alerts import KEPT_MS, News, Telling
from workers.state.dead_letters import DeadLetter

ARTICLES = 200  # looked at together: what the queries cost is shared by them
CHARACTERS = 8_000_000  # looked at together, unless one article has more
FORGOTTEN = timedelta(milliseconds=KEPT_MS)


def look(batch: Batch) -> int:
    """Look at what is new while there is time, then make messages of what was gathered; returns how many matched.

    May run twice at once: each article is one run's, and an article that is looked at twice is told once.
    """
    found = 0
    alerts = batch.parts.state.alerts.all()
    while alerts and batch.open:
        news = batch.parts.state.alerts.claim_news(ARTICLES)
        if not news:
            break
        with batch.timed("match"):
            found += _look_at(batch, alerts, news)
    while alerts and batch.open and batch.parts.state.alerts.cut_digests(alerts):
        pass  # so many at a time that Redis is not held up
    batch.flush()
    return found


def _look_at(batch: Batch, alerts: Sequence[Alert], news: list[News]) -> int:
    """Look at a batch; when that fails for a fault in one of its articles, look at each alone."""
    found: list[int] = []
    failure = batch.failure(lambda: found.append(_commit(batch.parts, alerts, news)))
    if failure is None:
        return found[0]
    error, cause = failure
    if isinstance(error, StoreUnavailable):
        batch.parts.state.alerts.release_news(news, error.retry_after or STORE_PAUSE)
        log.warning("store_unavailable", stage="match", articles=len(news), error=str(error))
        return 0
    if len(news) > 1:
        return sum(_look_at(batch, alerts, [one]) for one in news)
    _bury(batch, news[0], Permanent(str(error), reason=error.reason), cause)
    return 0


def _commit(parts: Parts, alerts: Sequence[Alert], news: list[News]) -> int:
    """Find what the alerts tell of `news`, and commit it article by article."""
    poison = [one for one in news if one.claims > parts.state.alerts.max_claims]
    if poison and len(news) > 1:
        raise Permanent("an article among them may have killed its worker", reason="killed_its_worker")
    if poison:
        raise Permanent(f"{poison[0].claims - 1} looks ended without an outcome", reason="killed_its_worker")
    documents = parts.store.get([one.article_id for one in news])
    found = find(parts, alerts, list(documents.values()))
    committed = 0
    for one in news:  # one that is stored no more was removed: its look ends, too
        document = documents.get(one.article_id)
        story = (document.duplicate_of or document.id) if document else one.article_id
        tellings = [Telling(alert=match.alert, match=told(match)) for match in found.get(one.article_id, ())]
        committed += parts.state.alerts.commit(one, story, tellings)
    return committed


def find(parts: Parts, alerts: Sequence[Alert], documents: Sequence[Document]) -> dict[str, list[Match]]:
    """Return what alerts tell of documents, by id.

    Not of one that was seen first, and never edited, before the time that alerts remember: Redis has forgotten its text
    and took it for a new one.
    """
    since, size = parts.clock() - FORGOTTEN, 0
    found: dict[str, list[Match]] = {}
    together: list[Document] = []
    histories: dict[str, list[Version]] = {}
    for document in documents:
        if not document.edits and document.first_seen_at < since:
            continue
        history = parts.store.history(document.id) if document.edits else []
        length = len(document.body) + sum(len(version.body) for version in history)
        if together and size + length > CHARACTERS:
            found |= _find(parts, alerts, together, histories)
            together, histories, size = [], {}, 0
        together.append(document)
        histories[document.id] = history
        size += length
    return found | (_find(parts, alerts, together, histories) if together else {})


def _find(
    parts: Parts, alerts: Sequence[Alert], documents: Sequence[Document], histories: dict[str, list[Version]]
) -> dict[str, list[Match]]:
    with tempfile.TemporaryDirectory(prefix="kabar-alerts-") as folder:
        scratch: SearchStore = parts.scratch(Path(folder) / "articles.sqlite")
        try:
            return matches(scratch, alerts, documents, histories)
        finally:
            scratch.close()


def _bury(batch: Batch, one: News, error: Permanent, cause: BaseException | None) -> None:
    letter = DeadLetter(
        id=digest("alert", one.article_id),
        kind="alert",
        stage="match",
        reason=error.reason,
        message=f"article {one.article_id}: {error}"[:MESSAGE_LENGTH],
        url="",
        feed_id="",
        title="",
        attempts=one.claims,
        buried_at=batch.parts.clock(),
        traceback=trace_of(error, cause),
    )
    cap = batch.parts.rules.dead_letters
    if batch.parts.state.alerts.bury_news(one, letter.id, msgspec.json.encode(letter), cap):
        log.warning("dead_letter", stage="match", article=one.article_id, reason=error.reason)
