"""Where names end for readers: what stands beside a name says whether it goes on, and what kind of name it is.

Each rule holds for a way of writing, not for a name: people called after their father, people whose name something
bears, military units with a number, ranks between an organisation and its head. Texts set as corpora set them are left
as they are (conventions.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workers.tag.endings import is_numeral
from workers.tag.gazetteer import Gazetteer
from workers.tag.line import Line
from workers.tag.spans import TokenSpan

UNIT_SCORE = 0.8  # of a military unit, which is known by its form
_FATHER = frozenset({"bin", "binti", "ibn"})
_UNIT_WORDS = 3  # of the name behind a unit's number

Rule = Callable[[Line, Gazetteer], list[TokenSpan]]


def mend_borders(lines: Sequence[Line], gazetteer: Gazetteer) -> None:
    """Apply the rules to the mentions of each line, one after the other."""
    for line in lines:
        if _units(line, gazetteer):
            line.spans = _with_units(line, gazetteer)
        if line.spans:
            for rule in _RULES:
                line.spans = rule(line, gazetteer)


def _begun_earlier(line: Line, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Begin a name with what belongs to it: "Syafri bin Abdul Muin", "I Wayan Koster", "Arema FC"."""
    return [span._replace(start=_beginning(line, span, gazetteer)) for span in line.spans]


def _beginning(line: Line, span: TokenSpan, gazetteer: Gazetteer) -> int:
    words, start = line.words, span.start
    if (
        span.type == "PERSON"
        and start > 1
        and words[start - 1] in _FATHER
        and _is_free_name(line, start - 2, gazetteer)
    ):
        start -= 2
        while start and _is_free_name(line, start - 1, gazetteer):
            start -= 1
        return start
    if not start or not line.free(start - 1, start):
        return start
    balinese = (
        span.type == "PERSON"
        and words[start - 1] in ("I", "Ni")
        and words[start] in gazetteer.words.get("balinese", ())
    )
    club = span.type == "ORG" and words[start : span.end] == ["FC"] and _is_free_name(line, start - 1, gazetteer)
    return start - 1 if balinese or club else start


def _is_free_name(line: Line, at: int, gazetteer: Gazetteer) -> bool:
    """Tell whether the token `at` may be part of a name that no mention covers: a capital that is no title."""
    word, lower = line.words[at], line.view.lowered[at].rstrip(".")
    kinds = ("title", "office", "function", "plain")
    common = any(lower in gazetteer.words.get(kind, ()) or word in gazetteer.words.get(kind, ()) for kind in kinds)
    return word[0].isupper() and not common and line.free(at, at + 1)


def _named_after(line: Line, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Join what bears a person's name with it: "Bandara Sultan" + "Syarif Kasim II", "UIN" + "Imam Bonjol"."""
    bearers, honours = gazetteer.words.get("name_bearer", frozenset()), gazetteer.words.get("honour", frozenset())
    joined: list[TokenSpan] = []
    for span in line.spans:
        last = joined[-1] if joined else None
        if last and span.type == "PERSON" and last.type != "PERSON" and last.end == span.start:
            bears = not bearers.isdisjoint(line.view.lowered[last.start : last.start + 2])
            if bears and line.view.lowered[last.end - 1] in honours:
                joined[-1] = last._replace(end=span.end)
                continue
        joined.append(span)
    return joined


def _without_rank(line: Line, gazetteer: Gazetteer) -> list[TokenSpan]:
    """End an organisation before the rank of a person behind it, and a place before the number of a house: "RT 02"."""
    titles = gazetteer.words.get("title", frozenset())
    begins = {span.start for span in line.spans if span.type == "PERSON"}
    mended: list[TokenSpan] = []
    for span in line.spans:
        end = span.end
        if span.type == "LOCATION" and line.view.lowered[end - 1] in ("rt", "rw"):
            end -= 1
        while span.type == "ORG" and span.end in begins and line.view.lowered[end - 1].rstrip(".") in titles:
            end -= 1
        if end > span.start:
            mended.append(span._replace(end=end))
    return mended


def _without_place(line: Line, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Cut the place of an office off its holder, "Bupati" + "Rohil" + "Bistamam", and drop currencies: "dolar AS"."""
    offices, first = gazetteer.words.get("office", frozenset()), gazetteer.words.get("first_name", frozenset())
    mended: list[TokenSpan] = []
    for span in line.spans:
        before = line.view.lowered[span.start - 1] if span.start else ""
        word = line.view.words[span.start]
        if span.type == "LOCATION" and before in ("dolar", "dollar"):
            continue
        held = span.type == "PERSON" and before in offices and span.end - span.start > 1 and word not in first
        if held and gazetteer.find("LOCATION", word) and not gazetteer.find("PERSON", _name(line, span)):
            middle = span.start + 1
            mended += [span._replace(end=middle, type="LOCATION"), span._replace(start=middle)]
        else:
            mended.append(span)
    return mended


def _without_degrees(line: Line, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Drop degrees taken for organisations: "M.Pd", or the "Pd" of "S.Pd.I."."""
    degrees = gazetteer.words.get("degree", frozenset())

    def is_degree(span: TokenSpan) -> bool:
        before = line.words[span.start - 1].rstrip(".") if span.start else ""
        begin = span.start - (len(before) == 1 and before.isalpha())
        letters = "".join(line.words[begin : span.end]).replace(".", "").lower()
        return span.type != "PERSON" and begin > 0 and line.words[begin - 1] in (",", ".") and letters in degrees

    return [span for span in line.spans if not is_degree(span)]


def _name(line: Line, span: TokenSpan) -> str:
    return " ".join(line.view.words[span.start : span.end])


def _offices_are_no_places(line: Line, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Call a place that ends in an office what it is: "Tim Opsnal Satreskrim Polresta Pekanbaru"."""
    triggers = gazetteer.words.get("place_trigger", frozenset()) - {"tim"}
    buildings = gazetteer.words.get("building_head", frozenset())
    mended: list[TokenSpan] = []
    for span in line.spans:
        lowered = line.view.lowered[span.start : span.end]
        place = lowered[0] in triggers or lowered[0] in buildings or len(lowered) < 3
        tails = () if span.type != "LOCATION" or place else range(len(lowered) - 1)
        office = any(
            gazetteer.forms.begins(lowered[at]) and gazetteer.forms.row(lowered[at:], gazetteer.find, weak=False)
            for at in tails
        )
        mended.append(span._replace(type="ORG") if office else span)
    return mended


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


def _with_units(line: Line, gazetteer: Gazetteer) -> list[TokenSpan]:
    spans = line.spans
    for start in _units(line, gazetteer):
        end = start + 4
        while end < min(len(line.words), start + 3 + _UNIT_WORDS) and _is_name_word(line, end, gazetteer):
            end += 1
        rest = [span._replace(start=max(span.start, end)) for span in spans if span.end > end]
        before = [span for span in spans if span.end <= start]
        within = [span for span in rest if span.end > span.start]
        spans = sorted([*before, TokenSpan(start, end, "ORG", UNIT_SCORE), *within])
    return spans


def _is_name_word(line: Line, at: int, gazetteer: Gazetteer) -> bool:
    word = line.view.lowered[at].rstrip(".")
    titles = any(word in gazetteer.words.get(kind, ()) for kind in ("title", "office", "corps"))
    return line.words[at][0].isupper() and not titles


_RULES: tuple[Rule, ...] = (
    _without_degrees,
    _begun_earlier,
    _named_after,
    _without_rank,
    _without_place,
    _offices_are_no_places,
)
