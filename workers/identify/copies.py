"""Whether one text is a copy of another: wire copy printed by several sites, under other headlines and shortened.

    body ─▶ fingerprint ─▶ compare ─▶ Likeness ─▶ judge ─▶ Verdict

The same event told in other words is no copy, nor is one form filled in twice: weather, prices, prayer times.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from workers.identify.fingerprint import SEVERAL, SHORT, Fingerprint, Shingle

TELLING = 16  # shingles; fewer estimate nothing: lists of names have few forms

Reason = Literal[
    "equal",  # the same words throughout
    "same_text",  # the same but for a dateline, credits, a line
    "shortened",  # most of the shorter one stands in the longer one
    "other_text",
    "other_numbers",  # one form filled in anew: prices, prayer times, weather
    "other_names",  # the same with names: line-ups, ceremonies
    "excerpt",  # too small a part of the longer one to stand for it
    "too_short",
    "other_title",  # one site's own texts, alike under different headlines
]


class Likeness(Struct, frozen=True, kw_only=True):
    """What two texts share, each 0 … 1, estimated from `sample` shingles of the shorter one."""

    resemblance: float = 0.0  # shared of all
    containment: float = 0.0  # shared of the shorter one's
    size: float = 0.0  # the shorter one's as a part of the longer one's
    sample: int = 0
    numbers: float = 1.0  # of the forms that both have and fill with numbers: those filled alike
    other_numbers: int = 0  # and how many are not
    names: float = 1.0
    other_names: int = 0
    own: int = 0  # shingles of the shorter one that the longer one has not
    filled: float = 0.0  # of these: those with a number


class Verdict(Struct, frozen=True, kw_only=True):
    """Whether two texts are one, why, and how much they share."""

    copy: bool
    reason: Reason
    likeness: Likeness = Likeness()


class Thresholds(Struct, frozen=True, kw_only=True):
    """Where the lines are; `tests/quality/test_copies.py` holds how far the classes stay from them."""

    containment: float = 0.5  # copies have 0.6 and more, the same event in other words under 0.25
    numbers: float = 0.7
    names: float = 0.75
    other_numbers: int = 4  # fewer don't count: another date in a dateline
    other_names: int = 5  # one name is in up to four shingles
    filled: float = 0.75  # what a copy has for itself is prose, a template's are prices, times and codes
    own: int = 8  # fewer don't count: a dateline
    size: float = 0.25
    same_text: float = 0.9  # resemblance


DEFAULT = Thresholds()
NOTHING = Likeness()


def compare(one: Fingerprint, other: Fingerprint) -> Likeness:
    """Return how much of two texts is the same; nothing of texts without shingles."""
    shorter, longer = sorted((one, other), key=lambda text: (text.size, text.exact))
    bound = min(shorter.bound, longer.bound)
    ours, theirs = _below(shorter, bound), _below(longer, bound)
    if not ours:
        return NOTHING
    forms = [(ours[form], theirs[form]) for form in ours.keys() & theirs.keys()]
    alike = {mine[0] for mine, other in forms if _is_alike(mine, other)}
    own = [one for form, one in ours.items() if form not in alike]
    numbers, other_numbers = _agreement((mine[1], other[1]) for mine, other in forms)
    names, other_names = _agreement((mine[2], other[2]) for mine, other in forms)
    return Likeness(
        resemblance=len(alike) / (len(ours) + len(theirs) - len(alike)),
        containment=len(alike) / len(ours),
        size=shorter.size / longer.size,
        sample=len(ours),
        numbers=numbers,
        other_numbers=other_numbers,
        names=names,
        other_names=other_names,
        filled=sum(one[1] > 0 for one in own) / len(own) if own else 0.0,
        own=len(own),
    )


def judge(one: Fingerprint, other: Fingerprint, lines: Thresholds = DEFAULT) -> Verdict:
    """Return whether `one` and `other`, texts of two articles, are copies of one text. The order does not matter.

    Within one site the text must be the same throughout and so must the headline: a site's own stories repeat each
    other's background, and its notices ("for subscribers only") stand under every headline.
    """
    same_site = one.site == other.site
    if same_site and one.title != other.title:
        return Verdict(copy=False, reason="other_title")
    if one.exact and (one.exact, one.words) == (other.exact, other.words):
        return Verdict(copy=True, reason="equal", likeness=compare(one, other))
    if min(one.words, other.words) < SHORT:
        return Verdict(copy=False, reason="too_short")
    likeness = compare(one, other)
    if likeness.sample < TELLING:
        return Verdict(copy=False, reason="too_short", likeness=likeness)
    reason = _reason(likeness, lines)
    copy = reason == "same_text" or (reason == "shortened" and not same_site)
    return Verdict(copy=copy, reason=reason, likeness=likeness)


def _reason(likeness: Likeness, lines: Thresholds) -> Reason:
    if likeness.containment < lines.containment:
        return "other_text"
    if likeness.numbers < lines.numbers and likeness.other_numbers >= lines.other_numbers:
        return "other_numbers"
    if likeness.filled >= lines.filled and likeness.own >= lines.own:
        return "other_numbers"
    if likeness.names < lines.names and likeness.other_names >= lines.other_names:
        return "other_names"
    if likeness.size < lines.size:
        return "excerpt"
    return "same_text" if likeness.resemblance >= lines.same_text else "shortened"


def original(
    text: Fingerprint, others: Iterable[tuple[str, Fingerprint]], lines: Thresholds = DEFAULT
) -> tuple[str, Verdict] | None:
    """Return which of `others` (id, text) `text` is most surely a copy of, and the verdict; None: of none."""
    found = [(article_id, judge(text, other, lines)) for article_id, other in others]
    copied = [(article_id, verdict) for article_id, verdict in found if verdict.copy]
    return max(copied, key=lambda one: (one[1].likeness.resemblance, one[0]), default=None)


def _below(text: Fingerprint, bound: int) -> dict[int, Shingle]:
    return {one[0]: one for one in text.sketch if one[0] <= bound}


def _agreement(fillings: Iterable[tuple[int, int]]) -> tuple[float, int]:
    """The part of the fillings that are alike, of those that say something, and how many are not."""
    alike = [one == other for one, other in fillings if 0 < one < SEVERAL and 0 < other < SEVERAL]
    return (sum(alike) / len(alike) if alike else 1.0), len(alike) - sum(alike)


def _is_alike(one: Shingle, other: Shingle) -> bool:
    """Whether two shingles of one form are filled alike, as far as that is known."""
    return one[1] % SEVERAL == other[1] % SEVERAL and one[2] % SEVERAL == other[2] % SEVERAL
