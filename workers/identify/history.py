"""What an article has said over time: its versions in the order they were seen, and what changed from each to the next.

versions, in any order, some twice ─▶ history ─▶ [Step, Step, …]      thinned ─▶ those whose text may go
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from workers.identify.change import is_part, reading
from workers.identify.notices import notice_of
from workers.model import Article, Document, Entry, Notice, Version

MOST_TEXTS = 50  # versions of one article whose text is kept
MOST_CHARACTERS = 4_000_000  # of these texts together; the first and the last are kept all the same
MOST_VERSIONS = 500  # versions of one article that are known at all
SHOWN = 20  # paragraphs told of one change, added and removed each
SHOWN_CHARACTERS = 1_000  # of each


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a version differs from the one before it. Paragraphs are told up to a bound, and counted."""

    title_before: str = ""  # "" when the title stayed
    title_after: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    paragraphs_added: int = 0
    paragraphs_removed: int = 0
    reordered: bool = False  # the same paragraphs in another order


class Step(Struct, frozen=True, kw_only=True):
    """A text the article had, from `seen_at` on. `change` is None of the first, and where a text is no longer kept.

    `edited`: False for the first, and where only our view changed (the feed's text before the page's, a paywall, pages
    that could not be had).
    """

    content_hash: str
    observed_ms: int
    seen_at: datetime
    title: str
    modified_at: datetime | None
    notice: Notice
    body_source: str
    edited: bool
    text_kept: bool
    change: Change | None


def version_seen(article: Article, entry: Entry, article_id: str, content_hash: str, observed_ms: int) -> Version:
    """Return the version that is the text of an observation, of the page that `entry` led to."""
    return Version(
        article_id=article_id,
        content_hash=content_hash,
        observed_ms=observed_ms,
        observed_at=datetime.fromtimestamp(observed_ms / 1000, UTC),
        url=article.url,
        title=article.title or entry.title,
        body=article.body,
        body_source=article.body_source,
        access=article.access,
        pages=article.pages,
        incomplete=article.incomplete,
        modified_at=article.modified_at,
        notice=notice_of(article),
        extractor=article.extractor,
    )


def version_of(document: Document, seen_ms: int = 0) -> Version:
    """Return the version that is a document's text, as it was first observed or as it was seen again at `seen_ms`.

    A document from before that time was kept tells it nearly by its own version.
    """
    observed_ms = seen_ms or document.observed_ms or document.version
    return Version(
        article_id=document.id,
        content_hash=document.content_hash,
        observed_ms=observed_ms,
        observed_at=datetime.fromtimestamp(observed_ms / 1000, UTC),
        url=document.url,
        title=document.title,
        body=document.body,
        body_source=document.body_source,
        access=document.access,
        pages=document.pages,
        incomplete=document.incomplete,
        modified_at=document.modified_at,
        notice=document.notice,
        extractor=document.extractor,
    )


def ordered(versions: Iterable[Version]) -> list[Version]:
    """Return the texts the article had one after the other: by time, repeats and what had not changed left out."""
    by_name: dict[str, Version] = {}
    for version in versions:
        known = by_name.get(version.id)
        if known is None or (known.without_text and not version.without_text):
            by_name[version.id] = version
    runs: list[Version] = []
    for version in sorted(by_name.values(), key=lambda one: (one.observed_ms, one.content_hash)):
        if not runs or runs[-1].content_hash != version.content_hash:
            runs.append(version)
        elif runs[-1].without_text and not version.without_text:  # the same text, still known from a later look
            runs[-1] = msgspec.structs.replace(
                version, observed_ms=runs[-1].observed_ms, observed_at=runs[-1].observed_at
            )
    return runs


def history(versions: Iterable[Version]) -> list[Step]:
    """Return the article's history, oldest first, from its versions in any order, each any number of times."""
    steps: list[Step] = []
    before: Version | None = None
    for version in ordered(versions):
        steps.append(
            Step(
                content_hash=version.content_hash,
                observed_ms=version.observed_ms,
                seen_at=version.observed_at,
                title=version.title,
                modified_at=version.modified_at,
                notice=version.notice,
                body_source=version.body_source,
                edited=before is not None and is_edit(before, version),
                text_kept=not version.without_text,
                change=change(before, version) if before is not None else None,
            )
        )
        before = version
    return steps


def retold(document: Document, versions: Iterable[Version]) -> Document:
    """Return `document` with the figures of its history, to which its own text belongs."""
    runs = ordered([*versions, version_of(document)])
    edits = [after for before, after in itertools.pairwise(runs) if is_edit(before, after)]
    return msgspec.structs.replace(document, edits=len(edits), edited_at=edits[-1].observed_at if edits else None)


def is_edit(before: Version, after: Version) -> bool:
    """Tell whether the publisher changed the text, and not just what we were given to see of it."""
    if (before.body_source, before.access) != (after.body_source, after.access):
        return False
    return not is_part(before, after) and not is_part(after, before)


def change(before: Version, after: Version) -> Change | None:
    """Return what changed, None when one of the texts is no longer kept. Paragraphs compare as a reader reads them."""
    if before.without_text or after.without_text:
        return None
    old, new = _paragraphs(before.body), _paragraphs(after.body)
    added, removed = _beyond(new, old), _beyond(old, new)
    retitled = reading(before.title) != reading(after.title)
    return Change(
        title_before=before.title if retitled else "",
        title_after=after.title if retitled else "",
        added=_shown(added),
        removed=_shown(removed),
        paragraphs_added=len(added),
        paragraphs_removed=len(removed),
        reordered=not added and not removed and [p for p, _ in old] != [p for p, _ in new],
    )


def thinned(versions: Sequence[Version]) -> tuple[list[Version], list[str]]:
    """Return the versions to be written anew without their text, and the ids of those to be forgotten.

    Kept are the first text, which readers saw first, and the last ones up to the bounds.
    """
    by_time = sorted(versions, key=lambda one: (one.observed_ms, one.content_hash))
    surplus = max(0, len(by_time) - MOST_VERSIONS)
    forgotten = [one.id for one in by_time[1 : 1 + surplus]]
    kept = [*by_time[:1], *by_time[1 + surplus :]]
    bare, texts, characters = [], 0, 0
    for version in [*kept[:1], *reversed(kept[1:])]:
        if version.without_text:
            continue
        texts += 1
        characters += len(version.body)
        indispensable = version is kept[0] or version is kept[-1]
        if not indispensable and (texts > MOST_TEXTS or characters > MOST_CHARACTERS):
            bare.append(msgspec.structs.replace(version, body="", without_text=True))
    return bare, forgotten


def _paragraphs(body: str) -> list[tuple[str, str]]:
    return [(read, text) for text in body.split("\n\n") if (read := reading(text))]


def _beyond(texts: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]]) -> list[str]:
    """Return those of `texts` that `others` lack, in order; one that stands there twice must be there twice."""
    left = Counter(read for read, _ in others)
    found = []
    for read, text in texts:
        if left[read]:
            left[read] -= 1
        else:
            found.append(text)
    return found


def _shown(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…" for text in texts[:SHOWN]
    )
