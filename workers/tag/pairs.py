"""Two names joined by a hyphen: "Kim-Xi", "Rusia-Ukraina", "IMF-Bank Dunia", "Korea Utara-Korea Selatan"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workers.tag.gazetteer import Gazetteer
from workers.tag.line import Line
from workers.tag.resolve import Span
from workers.tag.spans import TokenSpan

PAIR_SCORE = 0.7  # of two names found so
_BESIDE = 2  # further words a name may have on its side of the hyphen
_KINDS = ("LOCATION", "ORG")


def add_pairs(lines: list[Line], gazetteer: Gazetteer) -> None:
    """Add words such as "Kim-Xi" that the model passed over: people of the article or the gazetteer on both sides."""
    named = (line.words[span.start : span.end] for line in lines for span in line.spans if span.type == "PERSON")
    people = {word.lower() for words in named for word in words if "-" not in word}
    for line in lines:
        added: list[TokenSpan] = []
        for at, left, right in _hyphened(line):
            if people.isdisjoint((left.lower(), right.lower())):
                continue  # at least one of them is spoken of elsewhere
            if all(name.lower() in people or gazetteer.find("PERSON", name) for name in (left, right)):
                added.append(TokenSpan(at, at + 1, "PERSON", PAIR_SCORE))
        if added:
            line.spans = sorted([*line.spans, *added])


def _hyphened(line: Line) -> Iterator[tuple[int, str, str]]:
    """Yield where a free word has capitals on both sides of its first hyphen, and these sides."""
    for at, word in enumerate(line.words):
        if "-" in word:
            left, _, right = word.partition("-")
            if left[:1].isupper() and right[:1].isupper() and line.free(at, at + 1):
                yield at, left, right


def split_pairs(spans: list[Span], gazetteer: Gazetteer, known: bool) -> list[Span]:
    """Cut "Kim-Xi" and "Jokowi-Kalla" in two: people of the article or the gazetteer on both sides of a hyphen.

    `known`: places and organisations of the gazetteer too.
    """
    people = {word.lower() for span in spans if span.type == "PERSON" for word in span.text.split() if "-" not in word}
    result: list[Span] = []
    for span in spans:
        left, hyphen, right = span.text.partition("-")
        if (
            span.type != "LOCATION"
            and hyphen
            and " " not in span.text
            and "-" not in right
            and all(name.lower() in people or gazetteer.find("PERSON", name) for name in (left, right))
        ):
            middle = span.start + len(left)
            result.append(Span(span.field, span.start, middle, left, "PERSON", span.score, span.sentence))
            result.append(Span(span.field, middle + 1, span.end, right, "PERSON", span.score, span.sentence))
        elif known and hyphen and (kind := _kind_of_two(left, right, gazetteer)):
            middle = span.start + len(left)
            result.append(Span(span.field, span.start, middle, left, kind, span.score, span.sentence))
            result.append(Span(span.field, middle + 1, span.end, right, kind, span.score, span.sentence))
        else:
            result.append(span)
    return result


def _kind_of_two(left: str, right: str, gazetteer: Gazetteer) -> str:
    return next((kind for kind in _KINDS if _are_two(left, right, kind, gazetteer)), "")


def _are_two(left: str, right: str, type_: str, gazetteer: Gazetteer) -> bool:
    """Tell whether the gazetteer has both sides and not the whole: "Guinea-Bissau" is one."""
    rows = gazetteer.find(type_, left), gazetteer.find(type_, right)
    both = all(row is not None and row.group != "district" for row in rows)
    return both and gazetteer.find(type_, f"{left}-{right}") is None


def add_known_pairs(lines: Sequence[Line], gazetteer: Gazetteer) -> None:
    """Add two places, or two organisations, of the gazetteer on both sides of a hyphen where the model saw nothing."""
    for line in lines:
        added: list[TokenSpan] = []
        for at, left, right in _hyphened(line):
            added += _known_pair(line, at, left, right, gazetteer)
        if added:
            line.spans = sorted([*line.spans, *added])


def _known_pair(line: Line, at: int, left: str, right: str, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Return the span of a pair whose hyphen is in the token `at`, the longest names first."""
    words = line.words
    for start in range(max(0, at - _BESIDE), at + 1):
        for end in range(min(len(words), at + 1 + _BESIDE), at, -1):
            capitals = all(word[0].isupper() for word in words[start:end])
            if not capitals or not line.free(start, end):
                continue
            sides = " ".join([*words[start:at], left]), " ".join([right, *words[at + 1 : end]])
            if kind := _kind_of_two(*sides, gazetteer):
                return [TokenSpan(start, end, kind, PAIR_SCORE)]
    return []
