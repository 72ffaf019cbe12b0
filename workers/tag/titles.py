"""People in titles and headlines: "Jokowi Pulang ke Solo" names Jokowi, though every word has a capital.

The body tells the names from the other words: what it calls people by, and what it writes in lower case.
"""

from __future__ import annotations

from collections.abc import Sequence

from workers.tag.endings import generation
from workers.tag.gazetteer import Gazetteer
from workers.tag.line import Line
from workers.tag.spans import TokenSpan

NAME_LIMIT = 8  # words of a name whose parts are looked for in titles; a longer one is none


def mend_titles(lines: Sequence[Line], gazetteer: Gazetteer) -> None:
    """End the people of titles where their names end, by what the body and the gazetteer know."""
    titles = [line for line in lines if line.capitals and any(span.type == "PERSON" for span in line.spans)]
    if not titles:
        return
    running = [line for line in lines if not line.capitals]
    names = _names(running)
    plain = {word for line in running for word in line.words if word.islower()}
    plain.difference_update(word for name in names for word in name)
    for line in titles:
        line.spans = [
            part
            for span in _joined(line.spans)
            for whole in _without_plain(span, line, plain)
            for part in _known(whole, line, names, plain, gazetteer)
        ]


def _names(running: Sequence[Line]) -> set[tuple[str, ...]]:
    """Return what running text calls people by, in lower case: their names and the parts of them."""
    names: set[tuple[str, ...]] = set()
    for line in running:
        for span in line.spans:
            if span.type == "PERSON" and span.end - span.start <= NAME_LIMIT:
                words = line.view.lowered[span.start : span.end]
                names.update(tuple(words[a:b]) for b in range(1, len(words) + 1) for a in range(b))
    return names


def _joined(spans: Sequence[TokenSpan]) -> list[TokenSpan]:
    """Join people with no word between: "Prabowo" + "Sutrisno" is one."""
    joined: list[TokenSpan] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and last.type == span.type == "PERSON" and last.end == span.start:
            joined[-1] = last._replace(end=span.end, score=min(last.score, span.score))
        else:
            joined.append(span)
    return joined


def _without_plain(span: TokenSpan, line: Line, plain: set[str]) -> list[TokenSpan]:
    """Cut a person at plain words: "Kim Bertemu Putin" are two people where the text writes "bertemu"."""
    lowered = line.view.lowered
    if span.type != "PERSON" or plain.isdisjoint(lowered[span.start : span.end]):
        return [span]
    parts: list[TokenSpan] = []
    at = span.start
    for i in range(span.start, span.end + 1):
        if i == span.end or lowered[i] in plain:
            if i > at:
                parts.append(span._replace(start=at, end=i))
            at = i + 1
    return parts


def _known(
    span: TokenSpan, line: Line, names: set[tuple[str, ...]], plain: set[str], gazetteer: Gazetteer
) -> list[TokenSpan]:
    """Return the known names in a person, when it begins with one; else the person as it stands."""
    if span.type != "PERSON" or not 2 <= span.end - span.start <= NAME_LIMIT or line.words[-1] == ".":
        return [span]  # with a full stop it is a sentence with many names, which introduces people
    listed = {match.start: match.end for match in line.view.matches if match.row.type == "PERSON"}
    found: list[TokenSpan] = []
    at = span.start
    while at < span.end:
        end = _end(span, at, line, names, listed.get(at, at))
        while at < end < span.end and _is_name(line, end, plain, gazetteer):
            end += 1  # "Prabowo Sutrisno" in a title is not Prabowo
        if end > at:
            found.append(span._replace(start=at, end=end))
        elif at == span.start:
            return [span]
        at = max(end, at + 1)
    return found


def _end(span: TokenSpan, at: int, line: Line, names: set[tuple[str, ...]], listed: int) -> int:
    """Return the end of the longest known name that begins at `at`; `at` when none does."""
    ends = range(span.end, at, -1)
    longest = next((end for end in ends if tuple(line.view.lowered[at:end]) in names), at)
    return max(longest, listed if listed <= span.end else at)


def _is_name(line: Line, at: int, plain: set[str], gazetteer: Gazetteer) -> bool:
    """Tell whether a word is one people are called by, or the end of a name ("Jr.")."""
    word = line.view.words[at]
    if generation(("", word.lower().rstrip("."))):
        return True
    lists = (gazetteer.words.get(kind, frozenset()) for kind in ("first_name", "last_name"))
    return line.view.lowered[at] not in plain and any(word in words for words in lists)
