"""What stands behind a name: "Jr." and "X" belong to it, "S.H." does not, "Tower" makes it a building."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workers.tag.features import View
from workers.tag.gazetteer import Gazetteer
from workers.tag.spans import GENERATIONS, TokenSpan

_NUMERAL = re.compile(r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})\.?")
_LETTERS = re.compile(r"[IVX]\.?")  # a numeral, or an initial: "Malcolm X", "Vladimir V. Putin"
_DOTTED = re.compile(r"(?:[^\W\d_]+\.)+[^\W\d_]*")


def is_numeral(word: str) -> bool:
    """Tell whether `word` is a Roman numeral up to 39 in capitals, with or without the stop of a sentence's end."""
    return bool(_NUMERAL.fullmatch(word))


def generation(key: Sequence[str]) -> str:
    """Return the numeral, "jr" or "sr" a name's key (words in lower case) ends with, or ""."""
    if len(key) > 1 and (key[-1] in GENERATIONS or is_numeral(key[-1].upper())):
        return key[-1]
    return ""


def settle(spans: list[TokenSpan], words: Sequence[str], view: View, gazetteer: Gazetteer) -> list[TokenSpan]:
    """Return `spans` of one sentence with people ended where their names end and buildings called places."""
    settled: list[TokenSpan] = []
    for at, span in enumerate(spans):
        if span.type != "PERSON":
            settled.append(span)
            continue
        limit = spans[at + 1].start if at + 1 < len(spans) else len(words)
        begin = settled[-1].end if settled else 0
        ended = _ended(_without_degrees(span, words, view, gazetteer), words, view.headline, limit, gazetteer)
        if ended.end > ended.start:
            settled.append(_building(ended, words, view, gazetteer, (begin, limit)))
    return settled


def _ended(span: TokenSpan, words: Sequence[str], headline: bool, limit: int, gazetteer: Gazetteer) -> TokenSpan:
    """End a person behind the first numeral or "Jr.", taking it in when it follows the span."""
    for i in range(span.start + 1, span.end):
        if _is_generation(words[i]) or (is_numeral(words[i]) and not _LETTERS.fullmatch(words[i])):
            return span._replace(end=i + 1)
        # One letter within a name is an initial ("Malcolm X Lee") unless what follows is plainly none of the name.
        if i + 1 < span.end and (words[i] == "X." or (words[i] == "X" and headline)):
            named = any(words[i + 1] in gazetteer.words.get(kind, ()) for kind in ("first_name", "last_name"))
            return span if named else span._replace(end=i + 1)
    end = span.end + (span.end + 1 < limit and words[span.end] == "," and _is_generation(words[span.end + 1]))
    if span.start < end < limit and _follows(words, end, headline):
        return span._replace(end=end + 1)
    return span


def _is_generation(word: str) -> bool:
    return word[0].isupper() and word.lower().rstrip(".") in GENERATIONS


def _follows(words: Sequence[str], at: int, headline: bool) -> bool:
    """Tell whether the word at `at`, behind a name, belongs to it; one letter before a capital may be an initial."""
    if _is_generation(words[at]):
        return True
    if not is_numeral(words[at]):
        return False
    capital = at + 1 < len(words) and words[at + 1][0].isupper()
    return not _LETTERS.fullmatch(words[at]) or not capital or headline or words[at] == "X."


def _without_degrees(span: TokenSpan, words: Sequence[str], view: View, gazetteer: Gazetteer) -> TokenSpan:
    """Take degrees off the end of a person; nothing is left of "M.H." alone."""
    if gazetteer.find("PERSON", " ".join(words[span.start : span.end])):
        return span  # "Mahfud MD"
    end = span.end
    while end > span.start:
        if _is_degree(words[end - 1], view.headline or end - 1 == span.start, gazetteer):
            end -= 1
        elif (
            end - 2 >= span.start
            and words[end - 2][-1] == "."
            and _is_degree("".join(words[end - 2 : end]), True, gazetteer)
        ):
            end -= 2  # "M." + "Si"
        else:
            break
    return span._replace(end=end)


def _is_degree(word: str, dotted: bool, gazetteer: Gazetteer) -> bool:
    """Tell whether `word` is a degree, "S.H." or, unless it must be `dotted`, "SH"."""
    letters = word.replace(".", "").lower()
    if letters not in gazetteer.words.get("degree", ()):
        return False
    return bool(_DOTTED.fullmatch(word)) or (word.isupper() and not dotted)


def _building(
    span: TokenSpan, words: Sequence[str], view: View, gazetteer: Gazetteer, free: tuple[int, int]
) -> TokenSpan:
    """Return a person as a place where a building is named after them: "Trump Tower", "Stadion Utama Hatta".

    `free` bounds the tokens no other mention covers.
    """
    tails, heads = gazetteer.words.get("building_tail", frozenset()), gazetteer.words.get("building_head", frozenset())
    end = span.end
    if end < free[1] and words[end][0].isupper() and view.lowered[end] in tails:
        end += 1
    if end - span.start > 1 and view.lowered[end - 1] in tails:
        return span._replace(type="LOCATION", end=end)
    start = span.start
    before = start - 1
    titled = before > 0 and view.lowered[before - 1].rstrip(".") in gazetteer.words.get("title", ())
    if before >= free[0] and words[before][0].isupper() and view.lowered[before] in heads and not titled:
        start -= 0 if view.headline else 1
    if view.lowered[start] in heads and span.end - start > 1:
        return span._replace(type="LOCATION", start=start)
    return span
