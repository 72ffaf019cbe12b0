"""Cuts text into words and brings them to the form they are searched in: folded, then stemmed.

The same analysis Elasticsearch is told to do ("standard" tokenizer, lower case, ASCII folding, Indonesian stemmer),
so that both search stores find the same articles.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import Stemmer
from apsw.unicode import word_iter_with_offsets

MAX_WORD = 255  # characters; a longer run is cut into pieces, as Lucene's StandardTokenizer does
KNOWN_WORDS = 100_000  # cached forms; a day of news has about 50,000 different words, some 20 MB

LONGEST_KEPT = 64  # characters between blanks that are kept cut
BLANKS = " \t\n\r\f\v"  # a narrow no-break space stands within a number: it is none of these
BLANK, BETWEEN_BLANKS = re.compile(f"[{BLANKS}]"), re.compile(f"[^{BLANKS}]+")

# Latin letters that Unicode does not decompose, and typographic marks inside words, as Lucene's ASCIIFoldingFilter.
_SPECIAL = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th",
    "ŋ": "n", "ŧ": "t", "ƒ": "f", "ə": "a", "‘": "'", "’": "'", "‛": "'", "′": "'",
})  # fmt: skip

_local = threading.local()  # PyStemmer's objects must not be shared by threads


def words(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, folded word) for each word of `text` in order; offsets are code points into `text`.

    Words are those of UAX #29 with a letter, a digit or an emoji in them. No word goes across a blank, and what stands
    between two blanks comes again and again: cutting it once makes this several times faster.
    """
    for found in BETWEEN_BLANKS.finditer(text):
        offset = found.start()
        for start, end, word in words_of(found[0]):
            yield offset + start, offset + end, word


def words_of(piece: str) -> Iterable[tuple[int, int, str]]:
    """Return the words of a text without blanks."""
    return _cut(piece) if len(piece) <= LONGEST_KEPT else _cut_now(piece)


@lru_cache(maxsize=KNOWN_WORDS)
def _cut(piece: str) -> tuple[tuple[int, int, str], ...]:
    return tuple(_cut_now(piece))


def _cut_now(piece: str) -> Iterator[tuple[int, int, str]]:
    tokens: Iterator[Any] = word_iter_with_offsets(piece, emoji=True, regional_indicator=True)
    for start, end, word in tokens:
        if end - start == 1 and unicodedata.category(word) == "No":
            continue  # ² and ½ stand alone and are no words by UAX #29, whose numerals are decimal digits
        if end - start <= MAX_WORD:
            yield start, end, fold(word)
        else:
            for cut in range(start, end, MAX_WORD):
                stop = min(cut + MAX_WORD, end)
                yield cut, stop, fold(piece[cut:stop])


@lru_cache(maxsize=KNOWN_WORDS)
def fold(word: str) -> str:
    """Return `word` in lower case, Latin letters without their accents; other scripts keep theirs, as in Lucene."""
    if word.isascii():
        return word.lower()
    return "".join(map(_fold_character, word)).lower().translate(_SPECIAL)


@lru_cache(maxsize=KNOWN_WORDS)
def stem(word: str) -> str:
    """Return the stem of a folded Indonesian word: Snowball's algorithm, after Tala (2003)."""
    return _stemmed("indonesian", word)


@lru_cache(maxsize=KNOWN_WORDS // 4)
def stem_english(word: str) -> str:
    """Return the stem of a folded English word: Snowball's algorithm, Porter 2."""
    return _stemmed("english", word)


def _stemmed(language: str, word: str) -> str:
    if not hasattr(_local, language):
        setattr(_local, language, Stemmer.Stemmer(language, 0))
    stemmed: str = getattr(_local, language).stemWord(word)
    return stemmed


def _fold_character(character: str) -> str:
    base = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return base if base and base.lower().translate(_SPECIAL).isascii() else character
