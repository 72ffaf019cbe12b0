"""What is kept of a text to know it again when others print it: a sample of its shingles, and keys to look it up by.

A text is the set of its shingles, four words in a row. Of their hashes the smallest are kept, a bottom-k sketch (Broder
1997, "On the resemblance and containment of documents"; Cohen and Kaplan 2007): below the smaller of two sketches'
bounds both have every shingle of their texts, so counting there estimates resemblance, and containment of the shorter
text too, which stays high when a copy was cut. Datelines, credits and a new lead cost a copy the shingles they touch
and no more, so nothing has to know what they look like.

The very smallest are what a copy is looked up by. Two texts share one unless all of 16 draws fail: of copies that kept
40 % of a text 0.6^16 are missed, 3 in 10,000; MinHash with 16 bands of two rows, as often used, would miss 6 %.
(datasketch has MinHash alone, estimates no containment, and would bring numpy and scipy.)
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterable
from heapq import nsmallest
from zlib import crc32

from msgspec import Struct

SHINGLE = 4  # words; Indonesian says in four what English says in five
SKETCH = 160  # shingles kept
KEYS = 16  # of them looked up by
MOST_WORDS = 5_000  # of longer texts the beginning is compared
SHORT = 40  # words; shorter texts are copies only when they are equal
BRIEF = 20  # words; so short a text ("Saksikan videonya.") says which article it is only with its title
SEVERAL = 128  # from here on several fillings of one form

_WORD = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\W\d_]+")
_MARKS = re.compile(r"[.,:/-]")
_HEAD = struct.Struct(">5I")
_SHINGLE = struct.Struct(">IBB")


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


def fingerprint(site: str, title: str, body: str) -> Fingerprint:
    """Return the fingerprint of an article that `site` prints; its cost is bounded whatever the text."""
    words = _words(body)
    plain = " ".join(word.text for word in words)
    own_title = _hash(" ".join(word.text for word in _words(title)))
    found = _shingles(words)
    sketch = tuple(found[form] for form in nsmallest(SKETCH, found))
    exact = (_hash(f"{plain}|{own_title}" if len(words) < BRIEF else plain) or 1) if words else 0
    return Fingerprint(_hash(site), exact, own_title, len(words), len(found), sketch)


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
