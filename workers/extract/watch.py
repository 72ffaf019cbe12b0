"""Whether extraction got worse at a site: its last pages compared with those before them.

A template change shows in all pages from one moment on: dates go missing, pages give no article, texts shrink to half
or turn into links. Medians and shares of a dozen pages tell that from a bad page or two.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from statistics import median

from msgspec import Struct

from workers.extract.judge import Figures

KEPT = 72  # extractions remembered of a site
RECENT = 12  # the last ones, which are judged
FEWEST = 12  # before them, to judge by
JUMP = 0.4  # by which a share must grow to be a change
SHRUNK = 0.5  # of the usual length
BRIEF = 60  # words; where texts are as short as this, their length tells nothing
LINKS_JUMP = 0.25
ENDED = 0.5  # of a jump: below it a warning ends


class Span(Struct, frozen=True, kw_only=True):
    """A run of extractions in figures: medians and shares of those that gave an article; `refused` of all."""

    pages: int
    words: int
    link_share: float
    untitled: float
    undated: float
    refused: float


class SiteWarning(Struct, frozen=True, kw_only=True):
    """What got worse at a site (words for it, and a sentence with the figures), since when, against what."""

    since: datetime
    changes: tuple[str, ...]
    says: str
    before: Span


def span(figures: Sequence[Figures]) -> Span | None:
    """Return `figures` summed up; None when there are none."""
    if not figures:
        return None
    read = [f for f in figures if not f.refused]
    texts = [f.words for f in read if f.kind == "article"]

    def share(count: int) -> float:
        return round(count / len(read), 3) if read else 0.0

    return Span(
        pages=len(figures),
        words=int(median(texts)) if texts else 0,
        link_share=round(median(f.link_share for f in read), 3) if read else 0.0,
        untitled=share(sum(not f.titled for f in read)),
        undated=share(sum(not f.dated for f in read)),
        refused=round(sum(bool(f.refused) for f in figures) / len(figures), 3),
    )


def recent_and_before(newest_first: Sequence[Figures]) -> tuple[Span | None, Span | None]:
    """Return the site's last pages and those before them; None for what there is too little of to tell."""
    recent, before = newest_first[:RECENT], newest_first[RECENT:KEPT]
    return span(recent), span(before) if len(before) >= FEWEST else None


def watch(newest_first: Sequence[Figures], warning: SiteWarning | None, now: datetime) -> SiteWarning | None:
    """Return the warning that holds for a site from now on, given its extractions and the one that held before.

    A warning keeps the figures it was raised against, so that the new state does not become the usual one by lasting.
    It grows when more gets worse, and ends when the site is back at half of the way.
    """
    recent, before = recent_and_before(newest_first)
    if warning is not None:
        before = warning.before
    if recent is None or before is None or recent.pages < RECENT:
        return warning
    found = _worse(before, recent, 1.0)
    if warning is None:
        return (
            SiteWarning(since=now, changes=tuple(found), says="; ".join(found.values()), before=before)
            if found
            else None
        )
    if set(found) - set(warning.changes):
        changes = tuple(dict.fromkeys((*warning.changes, *found)))
        return SiteWarning(since=warning.since, changes=changes, says="; ".join(found.values()), before=before)
    return warning if _worse(before, recent, ENDED) else None


def _worse(before: Span, recent: Span, part: float) -> dict[str, str]:
    """What got worse, with the figures, when `part` of the usual limits is enough to say so."""
    found: dict[str, str] = {}
    for name, says in (
        ("refused", "pages without an article"),
        ("undated", "articles without a date of the page"),
        ("untitled", "articles without a title"),
    ):
        then, now = getattr(before, name), getattr(recent, name)
        if now - then >= JUMP * part:
            found[name] = f"{says}: {now:.0%}, before {then:.0%}"
    gave = recent.refused < 1
    if gave and before.words > BRIEF and recent.words < before.words * (1 - (1 - SHRUNK) * part):
        found["words"] = f"median length: {recent.words} words, before {before.words}"
    if gave and recent.link_share - before.link_share >= LINKS_JUMP * part:
        found["links"] = f"median share of links: {recent.link_share:.0%}, before {before.link_share:.0%}"
    return found
