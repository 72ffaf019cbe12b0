"""Where names end for readers: what stands beside a name says whether it goes on, and what kind of name it is.

Each rule holds for a way of writing, not for a name: people called after their father, people whose name something
bears, ranks between an organisation and its head. Texts set as corpora set them are left
as they are (conventions.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workers.tag.gazetteer import Gazetteer
from workers.tag.line import Line
from workers.tag.spans import TokenSpan
from workers.tag.units import add_units

HOLDER_SCORE = 0.6  # of a person known by the office before
_WHERE = frozenset({"di", "ke", "dari", "asal", "in", "from", "to"})
_PLACES = frozenset({"province", "regency", "city", "country", "capital"})
_NO_NAME_BEHIND = frozenset({"dolar", "dollar", "berinisial", "inisial"})  # "dolar AS", "tersangka berinisial AS"
_HOLDER = 4  # words of the name of an office's holder
_FATHER = frozenset({"bin", "binti", "ibn"})

Rule = Callable[[Line, Gazetteer], list[TokenSpan]]


def mend_borders(lines: Sequence[Line], gazetteer: Gazetteer) -> None:
    """Apply the rules to the mentions of each line, one after the other."""
    for line in lines:
        add_units(line, gazetteer)
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
    before = line.view.lowered[start - 1]
    listed = {"ORG": "organ", "LOCATION": "building_head", "PERSON": "balinese_first"}[span.type]
    head = words[start - 1][0].isupper() and before in gazetteer.words.get(listed, ()) and not line.loose
    if span.type == "PERSON":
        head = head and words[start] in gazetteer.words.get("balinese", ())
    club = span.type == "ORG" and words[start : span.end] == ["FC"] and _is_free_name(line, start - 1, gazetteer)
    return start - 1 if head or club else start


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
    """Cut the place of an office off its holder, "Bupati" + "Rohil" + "Bistamam"; drop currencies and initials."""
    offices, first = gazetteer.words.get("office", frozenset()), gazetteer.words.get("first_name", frozenset())
    mended: list[TokenSpan] = []
    for span in line.spans:
        before = line.view.lowered[span.start - 1] if span.start else ""
        word = line.view.words[span.start]
        if span.type != "PERSON" and before in _NO_NAME_BEHIND:
            continue
        held = span.type == "PERSON" and before in offices and span.end - span.start > 1 and word not in first
        if held and gazetteer.find("LOCATION", word) and not gazetteer.find("PERSON", _name(line, span)):
            middle = span.start + 1
            mended += [span._replace(end=middle, type="LOCATION"), span._replace(start=middle)]
        else:
            mended.append(span)
    return mended


def _behind_listed(line: Line, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Begin a person behind an organisation of the gazetteer that reaches into it: "Mahkamah Konstitusi" + "Arief"."""
    spans = line.spans
    for match in line.view.matches:
        for span in spans:
            reaches = match.start < span.start < match.end < span.end
            if reaches and span.type == "PERSON" and match.row.type == "ORG" and line.free(match.start, span.start):
                office = TokenSpan(match.start, match.end, "ORG", span.score)
                spans = sorted([office, span._replace(start=match.end), *(one for one in spans if one is not span)])
    return spans


def _where_from(line: Line, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Call a place what one is in or comes from: "dari Inhil". "The" belongs to no office: "The Supreme Court"."""
    mended: list[TokenSpan] = []
    for span in line.spans:
        name, before = _name(line, span), line.view.lowered[span.start - 1] if span.start else ""
        place = gazetteer.find("LOCATION", name) if span.type == "ORG" and before in _WHERE else None
        if place and place.group in _PLACES and not gazetteer.find("ORG", name):
            mended.append(span._replace(type="LOCATION"))
        elif span.type == "ORG" and name.startswith("The ") and gazetteer.find("ORG", name.removeprefix("The ")):
            mended.append(span._replace(start=span.start + 1))
        else:
            mended.append(span)
    return mended


def _joined_organ(line: Line, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Join the organ of a party and the party: "DPC" + "Partai Demokrat Dumai"."""
    organs = gazetteer.words.get("organ", frozenset())
    joined: list[TokenSpan] = []
    for span in line.spans:
        last = joined[-1] if joined else None
        if last and last.type == span.type == "ORG" and last.end == span.start and _name(line, last).lower() in organs:
            joined[-1] = last._replace(end=span.end)
        else:
            joined.append(span)
    return joined


def _with_holders(line: Line, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Add who holds an office: two capitals or more behind "Hakim" + "Mahkamah Konstitusi", up to a small word."""
    if line.loose:
        return line.spans
    added = [holder for span in line.spans if (holder := _holder(line, span, gazetteer))]
    return sorted([*line.spans, *added]) if added else line.spans


def _holder(line: Line, span: TokenSpan, gazetteer: Gazetteer) -> TokenSpan | None:
    before = line.view.lowered[span.start - 1] if span.start else ""
    titles = any(before in gazetteer.words.get(kind, ()) for kind in ("office", "over"))
    if span.type == "PERSON" or not titles:
        return None
    end = span.end
    while end < min(len(line.words), span.end + _HOLDER) and _is_free_name(line, end, gazetteer):
        end += 1
    stops = end == len(line.words) or not line.words[end][0].isupper()
    return TokenSpan(span.end, end, "PERSON", HOLDER_SCORE) if stops and end - span.end >= 2 else None


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


_RULES: tuple[Rule, ...] = (
    _without_degrees,
    _behind_listed,
    _where_from,
    _begun_earlier,
    _joined_organ,
    _with_holders,
    _named_after,
    _without_rank,
    _without_place,
    _offices_are_no_places,
)
