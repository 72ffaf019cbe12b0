"""Work on all sentences of an article at once: names found anywhere are carried to where they were missed."""

from __future__ import annotations

from collections import Counter, defaultdict

from workers.tag.gazetteer import Gazetteer
from workers.tag.line import Line
from workers.tag.resolve import acronym_of
from workers.tag.spans import TokenSpan
from workers.tag.titles import mend_titles

SURE = 0.8  # a name found with this probability is carried to other places where it stands
CARRIED_SCORE = 0.7
SAME_BEGINNING = 12  # names that begin with one word and are tried at each of its places


def carry(lines: list[Line], gazetteer: Gazetteer) -> None:
    """Give every name of the article one type, and add the mentions that were missed of names found with certainty."""
    mend_titles(lines, gazetteer)
    weights: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    sure: set[tuple[str, ...]] = set()
    for line in lines:
        for span in line.spans:
            name = tuple(line.words[span.start : span.end])
            weights[name][span.type] += int(span.score * 1000)
            if span.score >= SURE and not line.capitals:
                sure.add(name)
    types = {name: _type_of(name, counts, gazetteer) for name, counts in weights.items()}
    beginnings = _beginnings([name for name in types if name in sure and _may_travel(name, gazetteer)])
    for line in lines:
        line.spans = [span._replace(type=types[tuple(line.words[span.start : span.end])]) for span in line.spans]
        _add_missed(line, beginnings, types, gazetteer.words.get("title", frozenset()))


def _type_of(name: tuple[str, ...], counts: Counter[str], gazetteer: Gazetteer) -> str:
    """Return the type most of the evidence is for; what the gazetteer knows as one thing only is that."""
    text = " ".join(name)
    rows = [row for type_ in ("PERSON", "ORG", "LOCATION") if (row := gazetteer.find(type_, text))]
    dateline = len(name) == 1 and len(text) > 3 and text.isupper()  # "PEKANBARU - …"
    if len(rows) == 1 and (rows[0].group in ("country", "province", "capital") or dateline):
        return rows[0].type
    return max(counts, key=lambda type_: (counts[type_], type_))


def _may_travel(name: tuple[str, ...], gazetteer: Gazetteer) -> bool:
    """Tell whether a name says enough by itself to be one wherever it stands."""
    if len(name) > 1:
        return name[0][0].isupper() and name[-1][0].isupper()
    word = name[0]
    return word[0].isupper() and len(word) > 2 and word not in gazetteer.words.get("plain", ())


def _beginnings(names: list[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    """Return the names by their first word, longest first, a bounded number for each word."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if len(found[name[0]]) < SAME_BEGINNING:
            found[name[0]].append(name)
    return found


def _at(words: list[str], at: int, beginnings: dict[str, list[tuple[str, ...]]]) -> tuple[str, ...] | None:
    for name in beginnings.get(words[at], ()):
        if tuple(words[at : at + len(name)]) == name:
            return name
    return None


def _add_missed(
    line: Line,
    beginnings: dict[str, list[tuple[str, ...]]],
    types: dict[tuple[str, ...], str],
    titles: frozenset[str],
) -> None:
    """Add the names of the article to a line where they were missed; `titles` may stand before one in capitals."""
    if beginnings.keys().isdisjoint(line.words):
        return
    taken = [False] * len(line.words)
    for span in line.spans:
        taken[span.start : span.end] = [True] * (span.end - span.start)
    added: list[TokenSpan] = []
    at = 0
    while at < len(taken):
        name = None if taken[at] else _at(line.words, at, beginnings)
        if name is None or any(taken[at : at + len(name)]) or (len(name) == 1 and not _alone(line, at, taken, titles)):
            at += 1
            continue
        added.append(TokenSpan(at, at + len(name), types[name], CARRIED_SCORE))
        at += len(name)
    if added:
        line.spans = sorted([*line.spans, *added])


def _alone(line: Line, at: int, taken: list[bool], titles: frozenset[str]) -> bool:
    """Tell whether no untagged capitalised word stands beside: else the word may be part of another name."""
    if line.view.headline:
        return True
    words = line.words
    before = at > 1 and words[at - 1][0].isupper() and not taken[at - 1] and line.view.lowered[at - 1] not in titles
    after = at + 1 < len(words) and words[at + 1][0].isupper() and not taken[at + 1]
    return not before and not after


def explained(lines: list[Line]) -> dict[str, str]:
    """Return the acronyms the article explains, "Komisi Yudisial (KY)", adding mentions that were missed."""
    found: dict[str, str] = {}
    for line in lines:
        added: list[TokenSpan] = []
        for span in line.spans:
            at = span.end + 1
            if span.type == "PERSON" or line.words[span.end : at] != ["("] or line.words[at + 1 : at + 2] != [")"]:
                continue
            short, full = line.words[at], " ".join(line.words[span.start : span.end])
            if acronym_of(short, full):
                found.setdefault(short, full)
                if line.free(at, at + 1):
                    added.append(TokenSpan(at, at + 1, span.type, span.score))
        if added:
            line.spans = sorted([*line.spans, *added])
    return found
