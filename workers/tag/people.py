"""Adds to an article what its own names explain: offices before their place, people called by one of their words."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from workers.tag.forms import offices
from workers.tag.gazetteer import Gazetteer
from workers.tag.gazetteer_rows import TYPES
from workers.tag.line import Line
from workers.tag.spans import TokenSpan

SURE = 0.3  # a person found with this probability is looked for under the words of the name
SHORT_SCORE = 0.65  # of a mention found so
_HOLDER = 4  # words of the name of an office's holder behind it
REACH = 6  # tokens of an office with its place that is looked for anew
LETTERS = 3  # of the shortest word people are looked for by, unless the gazetteer knows them by a shorter one


def join_offices(lines: Sequence[Line], gazetteer: Gazetteer) -> None:
    """Make one organisation of an office and its place: "Pemkab" + "Kampar", "Kedutaan Besar" + "Jepang".

    A person taken for the end of it is cut off: "Dinas Pariwisata Riau Wirda Ningsih".
    """
    for line in lines:
        line.spans = [part for span in line.spans for part in _without_holder(span, line, gazetteer)]
        _add_offices(line, gazetteer)
        places = [span for span in line.spans if span.type == "LOCATION" and span.start]
        for place in places:
            starts = offices(
                line.view.lowered, line.view.words, place.start, place.end, gazetteer.forms, gazetteer.find
            )
            start = next(starts, None)
            if start is None:
                continue
            inside = [span for span in line.spans if span.start < place.end and start < span.end]
            if all(start <= span.start and span.end <= place.end and span.type != "PERSON" for span in inside):
                office = TokenSpan(start, place.end, "ORG", max(span.score for span in inside))
                line.spans = sorted([office, *(span for span in line.spans if span not in inside)])


def _add_offices(line: Line, gazetteer: Gazetteer) -> None:
    """Add the offices of places that were passed over altogether: "Kasatreskrim Polres Kampar"."""
    lowered, forms = line.view.lowered, gazetteer.forms
    if not forms.begin_among(lowered):
        return
    taken = 0
    for at, word in enumerate(line.view.words):
        if at < taken or not word[0].isupper() or not forms.begins(lowered[at]) or not line.free(at, at + 1):
            continue
        for end in range(min(len(lowered), at + REACH), at + 1, -1):
            whole = line.free(at, end) and line.view.words[end - 1][0].isupper()
            if whole and forms.row(lowered[at:end], gazetteer.find, weak=False):
                line.spans = sorted([*line.spans, TokenSpan(at, end, "ORG", SHORT_SCORE)])
                taken = end
                break


def explain_people(lines: Sequence[Line]) -> dict[str, str]:
    """Return the initials people are called by, "Ustaz Abdul Somad (UAS)", and make people of their mentions.

    Other names they are told to go by, "Immanuel Ebenezer alias Noel", are returned too.
    """
    found: dict[str, str] = {}
    aliases: dict[str, str] = {}
    _add_aliases(lines)
    for line in lines:
        for first, second in itertools.pairwise(line.spans):
            people = first.type == second.type == "PERSON"
            if people and line.words[first.end : second.start] == ["alias"]:
                names = (" ".join(line.words[span.start : span.end]) for span in (second, first))
                aliases.setdefault(*names)
        for span in line.spans:
            at = span.end + 1
            if span.type == "PERSON" and line.words[span.end : at] == ["("] and line.words[at + 1 : at + 2] == [")"]:
                name = line.words[span.start : span.end]
                letters = "".join(word[0] for word in line.words[max(0, span.start - 1) : span.end]).upper()
                if line.words[at].isupper() and line.words[at] in (letters, letters[-len(name) :]) and len(name) > 1:
                    found.setdefault(line.words[at], " ".join(name))
    found = aliases | found
    for line in lines if found else ():
        called = [i for i, word in enumerate(line.words) if word in found]
        others = [span for span in line.spans if not (span.end - span.start == 1 and span.start in called)]
        free = [i for i in called if not any(span.start <= i < span.end for span in others)]
        line.spans = sorted([*others, *(TokenSpan(i, i + 1, "PERSON", SHORT_SCORE) for i in free)])
    return found


def _add_aliases(lines: Sequence[Line]) -> None:
    """Add the other name of a person that was passed over: "Muhammad Arif alias Ayi"."""
    for line in lines:
        ends = [span.end for span in line.spans if span.type == "PERSON"]
        added = [
            TokenSpan(at + 1, at + 2, "PERSON", SHORT_SCORE)
            for at in ends
            if line.words[at : at + 1] == ["alias"] and at + 1 < len(line.words)
            if line.words[at + 1][0].isupper() and line.free(at + 1, at + 2)
        ]
        if added:
            line.spans = sorted([*line.spans, *added])


def _without_holder(span: TokenSpan, line: Line, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Cut an office of a place, or the place behind a title, before the one to four words of its holder's name.

    A rank is no part of either: "Polda Riau Kombes".
    """
    lowered = line.view.lowered
    office = span.type == "ORG" and gazetteer.forms.begins(lowered[span.start])
    held = span.type == "LOCATION" and span.start and lowered[span.start - 1] in gazetteer.words.get("office", ())
    if line.loose or not (office or held) or gazetteer.find(span.type, " ".join(lowered[span.start : span.end])):
        return [span]
    for end in range(span.end - 1, max(span.start, span.end - _HOLDER - 1), -1):
        own = lowered[span.start : end]
        if not (gazetteer.forms.row(own, gazetteer.find) if office else gazetteer.find("LOCATION", " ".join(own))):
            continue
        start = end
        while start < span.end and lowered[start].rstrip(".") in gazetteer.words.get("title", ()):
            start += 1
        rest = line.words[start : span.end]
        if all(word[0].isupper() and not word.isupper() for word in rest):
            whole = span._replace(end=end)
            return [whole, TokenSpan(start, span.end, "PERSON", span.score)] if rest else [whole]
        break
    return [span]


def add_short_names(lines: Sequence[Line], gazetteer: Gazetteer) -> None:
    """Add people called by one word of a name the article has in full: "Yudha" after "Letkol Yudha Prasetya".

    The word must stand alone in running text, and be nothing else: no word the article writes in lower case, none of
    the gazetteer's plain words and titles, no place or organisation.
    """
    called = _words_of_people(lines, gazetteer)
    if not called:
        return
    running = [line for line in lines if not line.capitals]
    lower = {word for line in running for word in line.words if word.islower()}
    kinds = ("plain", "month", "title", "office", "function", "org_head", "place_trigger", "direction")
    common = [gazetteer.words.get(kind, frozenset()) for kind in kinds]
    names = {
        word
        for word in called
        if word.lower() not in lower
        and not any(word in words or word.lower() in words for words in common)
        and not any(gazetteer.find(kind, word) for kind in TYPES[1:])
    }
    for line in running:
        added = [
            TokenSpan(at, at + 1, "PERSON", SHORT_SCORE)
            for at, word in enumerate(line.words)
            if word in names and line.free(at, at + 1) and _alone(line, at)
        ]
        if added:
            line.spans = sorted([*line.spans, *added])


def _words_of_people(lines: Sequence[Line], gazetteer: Gazetteer) -> set[str]:
    return {
        word
        for line in lines
        if not line.loose
        for span in line.spans
        if span.type == "PERSON" and span.end - span.start > 1 and span.score >= SURE
        for word in line.words[span.start : span.end]
        if word[0].isupper() and word.isalpha() and not word.isupper()
        if len(word) >= LETTERS or _calls(word, " ".join(line.words[span.start : span.end]), gazetteer)
    }


def _calls(word: str, name: str, gazetteer: Gazetteer) -> bool:
    """Tell whether the gazetteer has a person of a name who is called by one word of it: "Xi"."""
    row = gazetteer.find("PERSON", word)
    return row is not None and row is gazetteer.find("PERSON", name)


def _alone(line: Line, at: int) -> bool:
    """Tell whether no capitalised word stands beside that could make another name of it."""
    words = line.words
    before = at > 1 and words[at - 1][0].isupper() and line.free(at - 1, at)
    after = at + 1 < len(words) and words[at + 1][0].isupper()
    return not before and not after
