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
NUMBER, NAME = b"#", b"_"  # blanks: no word of a text is one
SEVERAL = 128  # the bit that says so of a filling

# what a sentence, quote or paragraph begins after, if it does, and a word or number
_WORD = re.compile(r"(^|[.!?:]\W+|\n\W*|[\"“”]\W*)?(\d+(?:[.,:/-]\d+)*|[^\W\d_]+)")
_MARKS = re.compile(r"[.,:/-]")
_HEAD = struct.Struct(">5I")
_SHINGLE = struct.Struct(">IBB")


# Four words in a row: (form, numbers, names). The form hashes them (32 bits) with a blank for every number and name,
# the others (8 bits each) what filled those: 0 nothing, else 1 to 127, and 128 more when the form has several fillings
# in the text, of which the least is kept. Plain tuples: an article has hundreds.
Shingle = tuple[int, int, int]


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
        return self.sketch[-1][0] if len(self.sketch) < self.size else 2**32


def fingerprint(site: str, title: str, body: str) -> Fingerprint:
    """Return the fingerprint of an article that `site` prints; its cost is bounded whatever the text."""
    words, forms = _words(body)
    plain = b" ".join(words)
    own_title = crc32(b" ".join(_words(title)[0]))
    found = _shingles(words, forms)
    sketch = tuple(found[form] for form in nsmallest(SKETCH, found))
    whole = crc32(plain + b"|%d" % own_title if len(words) < BRIEF else plain) or 1
    printer = crc32(site.encode("utf-8", "surrogatepass"))
    return Fingerprint(printer, whole if words else 0, own_title, len(words), len(found), sketch)


def pack(text: Fingerprint) -> bytes:
    """Return `text` as bytes: 20, and 6 a shingle."""
    head = _HEAD.pack(text.site, text.exact, text.title, text.words, text.size)
    return head + b"".join(_SHINGLE.pack(*one) for one in text.sketch)


def unpack(data: bytes) -> Fingerprint:
    """Read what `pack` wrote. Raises ValueError when it is not that."""
    try:
        site, exact, title, words, size = _HEAD.unpack_from(data)
        sketch = tuple(_SHINGLE.iter_unpack(data[_HEAD.size :]))
    except struct.error as error:
        raise ValueError(f"no fingerprint: {len(data)} bytes") from error
    return Fingerprint(site, exact, title, words, size, sketch)


def _words(text: str) -> tuple[list[bytes], list[bytes]]:
    """The first words of `text` and their forms: "#" of a number, "_" of a word that may be a name.

    That is one with a capital which no sentence, quote or paragraph begins with.
    Words are in lower case, numbers digits alone: "Rp1.250.000" is "rp" and "1250000", however it is set.
    """
    words, forms = [], []
    for start, word in _WORD.findall(unicodedata.normalize("NFKC", text[: MOST_WORDS * 12]))[:MOST_WORDS]:
        if word[0].isdigit():
            words.append(_MARKS.sub("", word).encode())
            forms.append(NUMBER)
        else:
            words.append(word.casefold().encode())
            forms.append(NAME if word[0].isupper() and not start else words[-1])
    return words, forms


def _shingles(words: list[bytes], forms: list[bytes]) -> dict[int, Shingle]:
    """The distinct shingles of a text by form."""
    found: dict[int, Shingle] = {}
    several: dict[int, set[Shingle]] = {}
    for start in range(len(words) - SHINGLE + 1):
        four = forms[start : start + SHINGLE]
        filled = words[start : start + SHINGLE]
        form = crc32(b" ".join(four))
        one = (form, _filling(NUMBER, four, filled), _filling(NAME, four, filled))
        known = found.setdefault(form, one)
        if known != one:
            several.setdefault(form, {known}).add(one)
    for form, ones in several.items():
        found[form] = (form, _joined(one[1] for one in ones), _joined(one[2] for one in ones))
    return found


def _filling(blank: bytes, four: list[bytes], filled: list[bytes]) -> int:
    """0 when no word of the four is a `blank`, else 1 to 127: which words are."""
    if blank not in four:
        return 0
    found = [word for form, word in zip(four, filled, strict=True) if form is blank]
    return 1 + crc32(b" ".join(found)) % (SEVERAL - 1)


def _joined(fillings: Iterable[int]) -> int:
    """One filling as it is, of several the least and the bit: of a text that was cut it is often the same one."""
    distinct = sorted(set(fillings))
    return distinct[0] if len(distinct) == 1 else SEVERAL | distinct[0]


def _key(shingle: Shingle) -> int:
    """One number of all three; the form's low bits are spread evenly though it is among the smallest."""
    form, numbers, names = shingle
    return form ^ (numbers % SEVERAL << 24) ^ (names % SEVERAL << 16)
