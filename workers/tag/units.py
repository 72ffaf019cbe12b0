"""Military units, known by their form: "Korem 031/Wira Bima", "Kodim 0301/Pekanbaru", "Kodam I/Bukit Barisan"."""

from __future__ import annotations

from workers.tag.endings import is_numeral
from workers.tag.gazetteer import Gazetteer
from workers.tag.line import Line
from workers.tag.spans import TokenSpan

UNIT_SCORE = 0.8
_UNIT_WORDS = 3  # of the name behind a unit's number


def _units(line: Line, gazetteer: Gazetteer) -> list[int]:
    """Return where military units begin: "Korem 031/Wira Bima", "Kodim 0301/Pekanbaru", "Kodam I/Bukit Barisan"."""
    words, heads = line.words, gazetteer.words.get("unit", frozenset())
    slashes = (i for i, word in enumerate(words) if word == "/" and 2 <= i < len(words) - 1)
    return [
        i - 2
        for i in slashes
        if (words[i - 1].isdigit() or is_numeral(words[i - 1]))
        and line.view.lowered[i - 2] in heads
        and words[i + 1][0].isupper()
    ]


def add_units(line: Line, gazetteer: Gazetteer) -> None:
    """Add the military units of a line; mentions that begin within one begin behind it."""
    spans = line.spans
    for start in _units(line, gazetteer):
        end = start + 4
        while end < min(len(line.words), start + 3 + _UNIT_WORDS) and _is_name_word(line, end, gazetteer):
            end += 1
        rest = [span._replace(start=max(span.start, end)) for span in spans if span.end > end]
        before = [span for span in spans if span.end <= start]
        within = [span for span in rest if span.end > span.start]
        spans = sorted([*before, TokenSpan(start, end, "ORG", UNIT_SCORE), *within])
    line.spans = spans


def _is_name_word(line: Line, at: int, gazetteer: Gazetteer) -> bool:
    word = line.view.lowered[at].rstrip(".")
    titles = any(word in gazetteer.words.get(kind, ()) for kind in ("title", "office", "corps"))
    return line.words[at][0].isupper() and not titles
