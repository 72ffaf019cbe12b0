"""Finds forms of an Indonesian word that stemming leaves apart: a prefix has swallowed their first letter. Pure.

me- and pe- take the place of a first t, p, k or s before a vowel: tangkap, menangkap, penangkapan (Tata Bahasa Baku
Bahasa Indonesia, on morphophonemics). A stemmer without a dictionary can't put the letter back, since *mengubah* comes
of *ubah* and *mengirim* of *kirim*; Snowball and Lucene each do it for some letters only. So a query names the possible
roots, and an article is found by a root when a form of it, as it is written, stands there: in SQLite the query names
all forms, in Elasticsearch, where each word looked for costs more, the article names its words' roots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from workers.index.stemming import KNOWN_WORDS, stem

SHORTEST = 4  # letters of a root that loses one
_NASAL = {"t": "n", "p": "m", "k": "ng", "s": "ny"}  # what stands for the first letter
_SWALLOWED = {"n": ("t", "n"), "m": ("p", "m"), "ng": ("k", ""), "ny": ("s", "ny")}  # what may have stood there
_LETTERS = {nasal: letter for letter, nasal in _NASAL.items()}
_PREFIXED = re.compile(r"(me|pe)(ng|ny|n|m)([aeiou][a-z]+)")
_BARE = re.compile(r"[tpks][aeiou][a-z]+")
_SUFFIXES = {"me": ("", "kan", "i", "nya", "kannya", "inya"), "pe": ("", "an", "nya", "annya")}


@lru_cache(maxsize=4_096)
def roots(word: str) -> tuple[str, ...]:
    """Return what the folded `word` may be a form of, by any stemmer; () when no prefix has swallowed a letter."""
    found, stemmed = _PREFIXED.fullmatch(word), stem(word)
    if not found or stemmed == word:
        return ()
    _, nasal, rest = found.groups()
    core = next((one for one in (stemmed, stemmed[1:]) if len(one) >= SHORTEST - 1 and rest.startswith(one)), "")
    return tuple(letter + core for letter in _SWALLOWED[nasal]) if core else ()


@lru_cache(maxsize=4_096)
def forms(word: str) -> tuple[str, ...]:
    """Return the written forms of the folded `word`'s roots whose first letter a prefix has swallowed."""
    return tuple(form for root in swallowed(word) for form in _of_root(root))


@lru_cache(maxsize=4_096)
def swallowed(word: str) -> tuple[str, ...]:
    """Return the possible roots of the folded `word` that have a first letter for a prefix to swallow."""
    return tuple(root for root in dict.fromkeys((stem(word), *roots(word))) if _can_lose(root))


@lru_cache(maxsize=KNOWN_WORDS)
def swallowing(word: str) -> tuple[str, ...]:
    """Return the roots of which the folded `word` is one of the `forms`."""
    if not (found := _PREFIXED.fullmatch(word)):
        return ()
    prefix, nasal, rest = found.groups()
    cores = (rest.removesuffix(suffix) for suffix in _SUFFIXES[prefix] if rest.endswith(suffix))
    return tuple(root for core in cores if _can_lose(root := _LETTERS[nasal] + core))


def _can_lose(root: str) -> bool:
    return len(root) >= SHORTEST and _BARE.fullmatch(root) is not None


def _of_root(root: str) -> Iterator[str]:
    for prefix, suffixes in _SUFFIXES.items():
        yield from (prefix + _NASAL[root[0]] + root[1:] + suffix for suffix in suffixes)
