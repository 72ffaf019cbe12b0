"""Whether one text is a copy of another: wire copy printed by several sites, under other headlines and shortened.

    body ─▶ fingerprint ─▶ compare ─▶ Likeness ─▶ judge ─▶ Verdict

A text is the set of its shingles (four words in a row). Of their hashes the smallest are kept, a bottom-k sketch
(Broder 1997, "On the resemblance and containment of documents"; Cohen and Kaplan 2007): below the smaller of two
sketches' bounds both hold every hash their texts have, so counting there estimates resemblance, and containment of the
shorter text too, which stays high when a copy was cut. Datelines, credits and a new lead cost a copy the shingles they
touch and no more, so nothing has to know what they look like.

The very smallest hashes are what a copy is looked up by (`Fingerprint.keys`). Two texts share one with the probability
that none of 16 draws fails: of a copy that kept 40 % of the text 0.6^16 are missed. MinHash bands of two rows, as often
used, would miss 6 % of them.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterable
from heapq import nsmallest
from typing import Literal
from zlib import crc32

from msgspec import Struct

SHINGLE = 4  # words; Indonesian says in four what English says in five
SKETCH = 160  # kept
KEYS = 16  # of them looked up by
MOST_WORDS = 5_000  # of longer texts the beginning is compared
SHORT = 40  # words; shorter texts are copies only when they are equal
SEVERAL = 128  # fillings of one form begin here
TELLING = 16  # shingles; fewer estimate nothing: lists of names have few forms
BRIEF = 20  # words; so short a text ("Saksikan videonya.") says which article it is only with its title

Reason = Literal[
    "equal",  # the same words throughout
    "same_text",  # the same but for a dateline, credits, a line
    "shortened",  # most of the shorter one stands in the longer one
    "other_text",
    "other_numbers",  # one form filled in anew: prices, prayer times, weather
    "other_names",  # the same with names: line-ups, ceremonies
    "excerpt",  # too small a part of the longer one to stand for it
    "too_short",
    "other_title",  # one site's own texts, alike under different headlines
]


class Shingle(Struct, frozen=True, array_like=True):
    """Four words in a row. `form` hashes them with a blank for every number and name, the others what filled those.

    0 stands for nothing filled in, 128 and more for several fillings of one form in the text: a text that holds some of
    them only is no contradiction.
    """

    form: int  # 32 bits
    numbers: int  # 8 bits
    names: int  # 8 bits


class Fingerprint(Struct, frozen=True, array_like=True):
    """What is kept of a text to know it again."""

    site: int  # 32-bit hash of who prints it
    exact: int  # of all its words, 0 of an empty text
    title: int  # of the title's words
    words: int
    size: int  # distinct shingles; more than `sketch` has when that is a sample
    sketch: tuple[Shingle, ...]  # those of the smallest forms, ascending

    @property
    def keys(self) -> tuple[int, ...]:
        """What a copy of it shares: look-ups go by these 32-bit numbers. () of an empty text."""
        exact = (self.exact,) if self.exact else ()
        if self.words < SHORT:
            return exact
        return (*exact, *(_key(shingle) for shingle in self.sketch[:KEYS]))

    @property
    def bound(self) -> int:
        """Up to this form the sketch has every shingle."""
        return self.sketch[-1].form if len(self.sketch) < self.size else 2**32


class Likeness(Struct, frozen=True, kw_only=True):
    """What two texts share, each 0 … 1, estimated from `sample` shingles of the shorter one."""

    resemblance: float = 0.0  # shared of all
    containment: float = 0.0  # shared of the shorter one's
    size: float = 0.0  # the shorter one's as a part of the longer one's
    sample: int = 0
    numbers: float = 1.0  # of the forms that both have and fill with numbers: those filled alike
    other_numbers: int = 0  # and how many are not
    names: float = 1.0
    other_names: int = 0


class Verdict(Struct, frozen=True, kw_only=True):
    """Whether two texts are one, why, and how much they share."""

    copy: bool
    reason: Reason
    likeness: Likeness = Likeness()


class Thresholds(Struct, frozen=True, kw_only=True):
    """Where the lines are; `tests/quality/test_copies.py` holds how far the classes stay from them."""

    containment: float = 0.5  # copies have 0.6 and more, the same event in other words under 0.25
    numbers: float = 0.7
    names: float = 0.75
    contradictions: int = 4  # fewer don't count: one other name or date, in a dateline say, is in up to four shingles
    size: float = 0.25
    same_text: float = 0.9  # resemblance


DEFAULT = Thresholds()
NOTHING = Likeness()
_WORD = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\W\d_]+")
_MARKS = re.compile(r"[.,:/-]")
_HEAD = struct.Struct(">5I")
_SHINGLE = struct.Struct(">IBB")


def fingerprint(site: str, title: str, body: str) -> Fingerprint:
    """Return the fingerprint of an article that `site` prints; its cost is bounded whatever the text."""
    words = _words(body)
    plain = " ".join(word.text for word in words)
    own_title = _hash(" ".join(word.text for word in _words(title)))
    found = _shingles(words)
    sketch = tuple(found[form] for form in nsmallest(SKETCH, found))
    exact = (_hash(f"{plain}|{own_title}" if len(words) < BRIEF else plain) or 1) if words else 0
    return Fingerprint(_hash(site), exact, own_title, len(words), len(found), sketch)


def compare(one: Fingerprint, other: Fingerprint) -> Likeness:
    """Return how much of two texts is the same; nothing of texts without shingles."""
    shorter, longer = sorted((one, other), key=lambda text: (text.size, text.exact))
    bound = min(shorter.bound, longer.bound)
    ours, theirs = _below(shorter, bound), _below(longer, bound)
    if not ours:
        return NOTHING
    forms = [(ours[form], theirs[form]) for form in ours.keys() & theirs.keys()]
    shared = sum(mine == other for mine, other in forms)
    numbers, other_numbers = _agreement((mine.numbers, other.numbers) for mine, other in forms)
    names, other_names = _agreement((mine.names, other.names) for mine, other in forms)
    return Likeness(
        resemblance=shared / (len(ours) + len(theirs) - shared),
        containment=shared / len(ours),
        size=shorter.size / longer.size,
        sample=len(ours),
        numbers=numbers,
        other_numbers=other_numbers,
        names=names,
        other_names=other_names,
    )


def judge(one: Fingerprint, other: Fingerprint, lines: Thresholds = DEFAULT) -> Verdict:
    """Return whether `one` and `other`, texts of two articles, are copies of one text. The order does not matter.

    Within one site the text must be the same throughout and so must the headline: a site's own stories repeat each
    other's background, and its notices ("for subscribers only") stand under every headline.
    """
    same_site = one.site == other.site
    if same_site and one.title != other.title:
        return Verdict(copy=False, reason="other_title")
    if one.exact and (one.exact, one.words) == (other.exact, other.words):
        return Verdict(copy=True, reason="equal", likeness=compare(one, other))
    if min(one.words, other.words) < SHORT:
        return Verdict(copy=False, reason="too_short")
    likeness = compare(one, other)
    if likeness.sample < TELLING:
        return Verdict(copy=False, reason="too_short", likeness=likeness)
    reason = _reason(likeness, lines)
    copy = reason == "same_text" or (reason == "shortened" and not same_site)
    return Verdict(copy=copy, reason=reason, likeness=likeness)


def _reason(likeness: Likeness, lines: Thresholds) -> Reason:
    if likeness.containment < lines.containment:
        return "other_text"
    if likeness.numbers < lines.numbers and likeness.other_numbers >= lines.contradictions:
        return "other_numbers"
    if likeness.names < lines.names and likeness.other_names >= lines.contradictions:
        return "other_names"
    if likeness.size < lines.size:
        return "excerpt"
    return "same_text" if likeness.resemblance >= lines.same_text else "shortened"


def original(
    text: Fingerprint, others: Iterable[tuple[str, Fingerprint]], lines: Thresholds = DEFAULT
) -> tuple[str, Verdict] | None:
    """Return which of `others` (id, text) `text` is most surely a copy of, and the verdict; None: of none."""
    found = [(article_id, judge(text, other, lines)) for article_id, other in others]
    copied = [(article_id, verdict) for article_id, verdict in found if verdict.copy]
    return max(copied, key=lambda one: (one[1].likeness.resemblance, one[0]), default=None)


def pack(text: Fingerprint) -> bytes:
    """Return `text` as bytes: 20, and 6 a shingle."""
    head = _HEAD.pack(text.site, text.exact, text.title, text.words, text.size)
    return head + b"".join(_SHINGLE.pack(one.form, one.numbers, one.names) for one in text.sketch)


def unpack(data: bytes) -> Fingerprint:
    """Read what `pack` wrote. Raises ValueError when it is not that."""
    try:
        site, exact, title, words, size = _HEAD.unpack_from(data)
        sketch = tuple(Shingle(*values) for values in _SHINGLE.iter_unpack(data[_HEAD.size :]))
    except struct.error as error:
        raise ValueError(f"no fingerprint: {len(data)} bytes") from error
    return Fingerprint(site, exact, title, words, size, sketch)


class _Word(Struct, frozen=True):
    text: str  # lower case; of a number its digits alone, so that "1.250.000" is "1250000"
    form: str  # "#" of a number, "_" of a word with a capital: perhaps a name


def _words(text: str) -> list[_Word]:
    """The first words of `text`; "Rp1.250.000" is two, however it is set."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text[: MOST_WORDS * 12]))[:MOST_WORDS]
    return [_word(word) for word in found]


def _word(word: str) -> _Word:
    if word[0].isdigit():
        return _Word(_MARKS.sub("", word), "#")
    folded = word.casefold()
    return _Word(folded, "_" if word[0].isupper() else folded)


def _shingles(words: list[_Word]) -> dict[int, Shingle]:
    """The distinct shingles of a text by form."""
    found: dict[int, Shingle] = {}
    several: dict[int, set[Shingle]] = {}
    for start in range(len(words) - SHINGLE + 1):
        one = _shingle(words[start : start + SHINGLE])
        known = found.setdefault(one.form, one)
        if known != one:
            several.setdefault(one.form, {known}).add(one)
    for form, ones in several.items():
        found[form] = Shingle(form, _joined(one.numbers for one in ones), _joined(one.names for one in ones))
    return found


def _shingle(words: list[_Word]) -> Shingle:
    numbers = " ".join(word.text for word in words if word.form == "#")
    names = " ".join(word.text for word in words if word.form == "_")
    return Shingle(_hash(" ".join(word.form for word in words)), _filling(numbers), _filling(names))


def _hash(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass"))


def _filling(text: str) -> int:
    """0 for nothing, else 1 to 127."""
    return 1 + _hash(text) % (SEVERAL - 1) if text else 0


def _joined(fillings: Iterable[int]) -> int:
    """One filling as it is, several as a number of their own."""
    distinct = sorted(set(fillings))
    return distinct[0] if len(distinct) == 1 else SEVERAL + crc32(bytes(distinct)) % SEVERAL


def _key(shingle: Shingle) -> int:
    """One number of all three; the form's low bits are spread evenly though it is among the smallest."""
    return shingle.form ^ (shingle.numbers << 24) ^ (shingle.names << 16)


def _below(text: Fingerprint, bound: int) -> dict[int, Shingle]:
    return {one.form: one for one in text.sketch if one.form <= bound}


def _agreement(fillings: Iterable[tuple[int, int]]) -> tuple[float, int]:
    """The part of the fillings that are alike, of those that say something, and how many are not."""
    alike = [one == other for one, other in fillings if 0 < one < SEVERAL and 0 < other < SEVERAL]
    return (sum(alike) / len(alike) if alike else 1.0), len(alike) - sum(alike)
