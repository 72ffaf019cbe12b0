"""A saved page read again: what got worse, better, or only changed, against what was read out of it before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from workers.errors import Permanent
from workers.extract.text import key
from workers.model import Article

LOST = 0.15  # share of the words that may go before the text got worse
ADDED = 0.25  # share of the new text's words that may be new before it is worth a line
LINKS = 0.1  # by which the share of links may grow

Verdict = Literal["worse", "better", "changed"]


class Change(Struct, frozen=True, kw_only=True):
    """One difference. `says` names it with the figures."""

    verdict: Verdict
    what: str
    says: str


def compare(before: Article | Permanent, now: Article | Permanent) -> list[Change]:
    """Return how `now` differs from `before`, both made of the same page; [] when as good as the same.

    Length alone would take a cookie notice for the article it hides, so words are compared, not counted. A text that
    lost a few words, or gained some, is the same: cleaning gets better all the time. A different date, author or title
    is a change that only an editor can judge.
    """
    if isinstance(before, Permanent) or isinstance(now, Permanent):
        return _refusals(before, now)
    return [*_text(before, now), *_facts(before, now)]


def _refusals(before: Article | Permanent, now: Article | Permanent) -> list[Change]:
    if isinstance(now, Permanent):
        if isinstance(before, Article):
            return [Change(verdict="worse", what="refused", says=f"no article any more: {now.reason}: {now}")]
        if before.reason == now.reason:
            return []
        says = f"refused for another reason: {now.reason}, before {before.reason}"
        return [Change(verdict="changed", what="refused", says=says)]
    assert isinstance(before, Permanent)
    says = f"an article of {len(now.body.split())} words, before {before.reason}"
    return [Change(verdict="better", what="refused", says=says)]


def _text(before: Article, now: Article) -> Iterator[Change]:
    if before.body_source != now.body_source:
        verdict: Verdict = "worse" if now.body_source == "feed" else "better"
        says = f"the text comes from the {now.body_source}, before from the {before.body_source}"
        yield Change(verdict=verdict, what="source", says=says)
        return
    then, words = Counter(before.body.casefold().split()), Counter(now.body.casefold().split())
    common = (then & words).total()
    lost = 1 - common / (then.total() or 1)
    added = 1 - common / (words.total() or 1)
    if lost > LOST:
        yield Change(verdict="worse", what="words", says=f"{lost:.0%} of {then.total()} words are gone")
    if added > ADDED:
        yield Change(verdict="changed", what="words", says=f"{added:.0%} of {words.total()} words are new")
    if abs(more := now.link_share - before.link_share) > LINKS:
        says = f"share of links {now.link_share:.0%}, before {before.link_share:.0%}"
        yield Change(verdict="worse" if more > 0 else "better", what="links", says=says)


def _facts(before: Article, now: Article) -> Iterator[Change]:
    dates = [a.published_at if a.published_at_source not in ("feed", "seen") else None for a in (before, now)]
    facts = (
        ("date", *(d.isoformat() if d else "" for d in dates)),
        ("title", before.title, now.title),
        ("authors", ", ".join(before.authors), ", ".join(now.authors)),
        ("kind", before.kind, now.kind),
    )
    for what, then, found in facts:
        if then == found or (what == "title" and key(then) == key(found)):
            continue
        if not found:
            yield Change(verdict="worse", what=what, says=f"no {what} any more, before {then[:100]!r}")
        elif not then:
            yield Change(verdict="better", what=what, says=f"{what} {found[:100]!r}, before none")
        else:
            yield Change(verdict="changed", what=what, says=f"{what} {found[:100]!r}, before {then[:100]!r}")
