"""Mentions of one sentence by token: read from labels, mended by rules, joined by what the gazetteer is sure of.

The rules hold what a statistical model gets wrong now and then and a reader never does: a title is no part of a name,
brackets and quotes do not begin or end one, a country spelt in full is a place.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

from workers.tag.features import View
from workers.tag.gazetteer import Gazetteer, Match
from workers.tag.tokens import Token

# Titles that belong to the name they stand before: "Gus Dur", "Sri Mulyani", "Ratu Elizabeth II", "Paus Fransiskus".
# fmt: off
_KEPT_TITLES = frozenset({
    "sri", "gus", "raden", "teuku", "tengku", "tgk", "putra", "putri", "raja", "ratu", "pangeran", "sultan",
    "paus", "habib", "bung", "mas", "kang", "romo", "hakim", "jaksa", "kaisar", "emir", "guru", "anak", "ibu",
    "mantan", "kata", "tutur", "jelas", "bos",
})
# fmt: on
_EDGES = frozenset("\"'“”‘’«»()[]{}.,;:!?/\\|-–—…*")
# Gazetteer groups whose names are added although the model passed them over: nothing else is called so.
_SURE_GROUPS = frozenset({"country", "capital", "province", "leader", "figure", "party", "international", "region"})
GENERATIONS = frozenset({"jr", "sr"})  # told apart by these, a father and a son of one name
HEADLINE_SCORE = 0.45  # needed in a headline for a name the gazetteer lacks: capitals tell nothing there
UNSURE = 0.6  # a place is cut in two only where the model is less certain of the whole
GAZETTEER_SCORE = 0.75  # of a mention the gazetteer alone has found
# The model may overrule the gazetteer where it is nearly certain that a word is no name (its probability to be one is
# below this). To some of the corpora a country that acts ("Israel menolak") is no place: readers expect one.
DOUBT = 0.1
# A capital before a person is taken into the name from this probability on; a listed first name, from the other.
BEGUN = 0.4
BEGUN_NAMED = 0.25


class TokenSpan(NamedTuple):
    """Tokens `start` … `end` (exclusive) of a sentence name something."""

    start: int
    end: int
    type: str
    score: float


def from_labels(labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return (start, end, type) of each mention in BIO labels; a wrong sequence never raises."""
    found: list[tuple[int, int, str]] = []
    start = -1
    for i, label in enumerate(labels):
        if start >= 0 and not (label[0] == "I" and label[2:] == labels[start][2:]):
            found.append((start, i, labels[start][2:]))
            start = -1
        if start < 0 and label != "O":
            start = i
    if start >= 0:
        found.append((start, len(labels), labels[start][2:]))
    return found


def whole(spans: list[TokenSpan], tokens: Sequence[Token]) -> list[TokenSpan]:
    """Return `spans` of one sentence grown to all that no blank parts from them: "(Nigeria)", "Solo-Yogya"."""
    grown: list[TokenSpan] = []
    for span in spans:
        start, end = span.start, span.end
        while start and tokens[start - 1].end == tokens[start].start:
            start -= 1
        while end < len(tokens) and tokens[end - 1].end == tokens[end].start:
            end += 1
        if not grown or start >= grown[-1].end:
            grown.append(span._replace(start=start, end=end))
    return grown


def mend(
    spans: list[TokenSpan], words: Sequence[str], view: View, gazetteer: Gazetteer, doubt: Callable[[int, int], float]
) -> list[TokenSpan]:
    """Return `spans` of one sentence in order, trimmed and completed; they never overlap.

    `doubt(start, end)` is the probability that tokens nobody has tagged are part of a name after all.
    """
    cut = [part for span in spans for part in _holder(span, view, gazetteer)]
    open_ = [part for span in cut for part in _unbracketed(span, words)]
    parts = [part for span in open_ for part in _parts(span, words, gazetteer)]
    mended = [trimmed for part in parts if (trimmed := _trim(part, words, view, gazetteer))]
    if view.headline:
        mended = [kept for span in mended if (kept := _in_headline(span, words, view, gazetteer))]
    taken = [False] * len(words)
    for span in mended:
        taken[span.start : span.end] = [True] * (span.end - span.start)
    mended = [_begun(span, words, view, taken, gazetteer, doubt) for span in mended]
    for match in view.matches:
        free = not any(taken[match.start : match.end])
        if free and _is_sure(match, words, view, taken, gazetteer) and doubt(match.start, match.end) > DOUBT:
            mended.append(TokenSpan(match.start, match.end, match.row.type, GAZETTEER_SCORE))
    return _join_seats(sorted(mended), view, gazetteer)


def _unbracketed(span: TokenSpan, words: Sequence[str]) -> list[TokenSpan]:
    """Cut a mention at its brackets: "Komisi Yudisial (KY)" names one thing twice."""
    inside = range(span.start, span.end)
    borders = [span.start - 1, *(i for i in inside if words[i] in "()"), span.end]
    return [span._replace(start=a + 1, end=b) for a, b in itertools.pairwise(borders) if b > a + 1]


def _parts(span: TokenSpan, words: Sequence[str], gazetteer: Gazetteer) -> list[TokenSpan]:
    """Cut a person at commas ("Kim, Putin" are two) and a dateline off the publisher ("PEKANBARU, KOMPAS.com")."""
    if span.type == "LOCATION" or "," not in words[span.start : span.end]:
        return [span]
    if span.type == "ORG":
        comma = words.index(",", span.start)
        if not gazetteer.find("LOCATION", " ".join(words[span.start : comma])):
            return [span]
        place = TokenSpan(span.start, comma, "LOCATION", span.score)
        return [place, TokenSpan(comma + 1, span.end, "ORG", span.score)] if comma + 1 < span.end else [place]
    commas = (i for i in range(span.start, span.end) if words[i] == ",")
    ends = [i for i in commas if i + 1 == span.end or words[i + 1].lower().rstrip(".") not in GENERATIONS]
    borders = [span.start - 1, *ends, span.end]
    return [TokenSpan(a + 1, b, span.type, span.score) for a, b in itertools.pairwise(borders) if b > a + 1]


def _join_seats(spans: list[TokenSpan], view: View, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Join an office of the state and its place: "Kejaksaan Tinggi" + "Sulawesi Selatan" is one organisation."""
    heads = gazetteer.words.get("org_head", frozenset())
    joined: list[TokenSpan] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and (last.type, span.type) == ("ORG", "LOCATION") and last.end == span.start:
            place = " ".join(view.words[span.start : span.end])
            if view.lowered[last.start] in heads and gazetteer.find("LOCATION", place):
                joined[-1] = TokenSpan(last.start, span.end, "ORG", min(last.score, span.score))
                continue
        joined.append(span)
    return joined


def _holder(span: TokenSpan, view: View, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Cut an office and its holder off the place: "Wali Kota Medan Rico Waas" names a place and a person."""
    offices = gazetteer.words.get("office", frozenset())
    start = span.start
    if span.type == "PERSON":
        return [span]
    for first, second in itertools.pairwise(view.matches):
        if (first.start, second.start, second.end) == (start, first.end, span.end) and second.row.type == "PERSON":
            if first.row.type != "LOCATION":
                break
            seat = TokenSpan(start, first.end, "LOCATION", span.score)
            return [seat, TokenSpan(first.end, span.end, "PERSON", span.score)]  # "Filipina Ferdinand Marcos Jr."
    if view.lowered[start] in offices and view.lowered[start] != "kota" and span.end - start > 1:
        start += 1  # the office itself was taken for part of the name: "Kapolresta Pekanbaru"
    elif span.score >= UNSURE or not start or view.lowered[start - 1] not in offices:
        return [span]
    for stop in range(span.end, start, -1):
        if gazetteer.find("LOCATION", " ".join(view.words[start:stop])):
            place = TokenSpan(start, stop, "LOCATION", span.score)
            return [place, TokenSpan(stop, span.end, "PERSON", span.score)] if stop < span.end else [place]
    return [span]


def _trim(span: TokenSpan, words: Sequence[str], view: View, gazetteer: Gazetteer) -> TokenSpan | None:
    """Take marks off both ends and titles off the front of a person; None when nothing is left that is a word."""
    start, end = span.start, span.end
    while start < end and words[start] in _EDGES:
        start += 1
    while start < end and words[end - 1] in _EDGES:
        end -= 1
    if span.type == "PERSON":
        while start < end and (words[start] in _EDGES or _is_title(view.lowered[start], gazetteer)):
            if gazetteer.find("PERSON", " ".join(words[start:end])):
                break
            start += 1
    if not any(any(c.isalnum() for c in word) for word in words[start:end]):
        return None
    return TokenSpan(start, end, span.type, span.score)


def _begun(
    span: TokenSpan,
    words: Sequence[str],
    view: View,
    taken: list[bool],
    gazetteer: Gazetteer,
    doubt: Callable[[int, int], float],
) -> TokenSpan:
    """Begin a person with the capital left out before, where it may be their first name: "Hari Wibowo" is no day."""
    before = span.start - 1
    if span.type != "PERSON" or before < 0 or taken[before] or view.headline or not words[before].istitle():
        return span
    kinds = ("title", "office", "org_head", "place_trigger", "corps")
    if any(view.lowered[before].rstrip(".") in gazetteer.words.get(kind, ()) for kind in kinds):
        return span
    named = words[before] in gazetteer.words.get("first_name", ())
    if doubt(before, before + 1) < (BEGUN_NAMED if named else BEGUN):
        return span
    taken[before] = True
    return span._replace(start=before)


def _is_title(lowered: str, gazetteer: Gazetteer) -> bool:
    word = lowered.rstrip(".")
    titles = (word in gazetteer.words.get(kind, ()) for kind in ("title", "corps"))
    return any(titles) and word not in _KEPT_TITLES


def _in_headline(span: TokenSpan, words: Sequence[str], view: View, gazetteer: Gazetteer) -> TokenSpan | None:
    """Return what is left of a mention in a headline, where the unsure shrinks to a known name."""
    if span.score >= UNSURE or gazetteer.find(span.type, " ".join(words[span.start : span.end])):
        return span
    for match in view.matches:
        if match.start == span.start and match.end < span.end and match.row.type == span.type:
            return TokenSpan(match.start, match.end, span.type, span.score)
    return span if span.score >= HEADLINE_SCORE else None


def _is_sure(match: Match, words: Sequence[str], view: View, taken: Sequence[bool], gazetteer: Gazetteer) -> bool:
    """Tell whether a gazetteer match is a mention on its own evidence."""
    if match.row.group == "district":
        return False
    if match.end - match.start > 1:
        return True
    office = match.start > 0 and view.lowered[match.start - 1] in gazetteer.words.get("office", ())
    if match.row.group not in _SURE_GROUPS and not office:
        return False
    if view.headline or len(words[match.start]) < 3:
        return False
    # Beside another capital it may be part of a longer name, and the model has seen that name and has its reasons.
    before, after = match.start - 1, match.end
    ranks = gazetteer.words.get("title", frozenset())
    if after < len(words) and words[after][0].isupper() and not taken[after] and view.lowered[after] not in ranks:
        return False
    if before < 0 or not words[before][0].isupper() or taken[before] or office:
        return True
    kinds = ("place_trigger", "title", "function")
    return any(view.lowered[before] in gazetteer.words.get(kind, ()) for kind in kinds)
