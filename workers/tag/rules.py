"""Proposes mentions by rule alone: gazetteer, titles, heads of organisations, words before places, lists of names.

Used where no model is installed; it is also the plain tagger the model is measured against.
"""

from __future__ import annotations

from collections.abc import Sequence

from workers.tag.features import View
from workers.tag.gazetteer import Gazetteer
from workers.tag.spans import TokenSpan

RULE_SCORE = 0.6
LISTED_SCORE = 0.9
_JOINTS = frozenset({"dan", "of", "bin", "binti", "&"})


def propose(words: Sequence[str], view: View, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Return the mentions of a sentence by rule; ordered, without overlaps."""
    found: list[TokenSpan] = []
    listed = {match.start: match for match in view.matches if match.row.group != "district"}
    at, size = 0, len(words)
    while at < size:
        match = listed.get(at)
        run = _run(words, at, gazetteer)
        is_head = view.lowered[at] in gazetteer.words.get("org_head", ()) and run - at > 1
        if match and (match.end >= run or not is_head):
            found.append(TokenSpan(match.start, match.end, match.row.type, LISTED_SCORE))
            at = match.end
        elif run == at:
            at += 1
        else:
            stop = min([run, *(start for start in listed if at < start < run)]) if not is_head else run
            type_ = _type(words, view, at, stop, gazetteer)
            if type_ and not view.headline:
                found.append(TokenSpan(at, stop, type_, RULE_SCORE))
            at = stop
    return found


def _run(words: Sequence[str], at: int, gazetteer: Gazetteer) -> int:
    """Return the end of the run of capitalised words that begins at `at` (`at` itself when none does)."""
    months = gazetteer.words.get("month", frozenset())
    end = at
    while end < len(words):
        capital = words[end][0].isupper() and words[end] not in months
        joint = end > at and words[end] in _JOINTS and end + 1 < len(words) and words[end + 1][0].isupper()
        if not (capital or joint):
            break
        end += 1
    return end


def _type(words: Sequence[str], view: View, start: int, end: int, gazetteer: Gazetteer) -> str:
    """Return the type of a run by its words and the word before; "" when nothing tells."""
    lists = gazetteer.words
    before = view.lowered[start - 1].rstrip(".") if start else ""
    own = view.lowered[start:end]
    if own[0] in lists.get("org_head", ()):
        return "ORG" if end - start > 1 else ""
    if own[0].rstrip(".") in lists.get("title", ()) or before in lists.get("title", ()):
        return "PERSON"
    if any(word in lists.get("first_name", ()) or word in lists.get("last_name", ()) for word in words[start:end]):
        return "" if start == 0 and end == 1 else "PERSON"
    if own[0] in lists.get("place_trigger", ()) and end - start > 1:
        return "LOCATION"
    if before in lists.get("place_trigger", ()):
        return "LOCATION"
    if start == 0 or before in lists.get("function", ()):
        return ""
    return "ORG" if words[start].isupper() and end - start == 1 and len(words[start]) > 1 else ""
