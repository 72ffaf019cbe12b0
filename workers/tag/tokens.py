"""Cuts text into tokens and sentences with exact offsets: `text[token.start:token.end] == token.text`.

Rules of Indonesian and English newspaper text: abbreviations keep their full stop ("Dr.", "S.H."), hyphenated words
stay whole ("kupu-kupu", "Kim Jong-un"); tokens of their own are enclitics after a hyphen ("Utara" + "-lah"), the
English possessive ("Trump" + "'s") and currencies before a number ("Rp" + "1,2"). No rule looks ahead further than one
token, so the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

SENTENCE_LIMIT = 160  # tokens; a longer one (a table, a hostile text) is cut, so that time and memory stay bounded

# A full stop after these does not end a sentence and belongs to the word.
# fmt: off
ABBREVIATIONS = frozenset({
    "dr", "drs", "dra", "ir", "prof", "hj", "kh", "ust", "st", "mr", "mrs", "ms", "jr", "sr", "no", "jl", "jln",
    "gg", "kel", "kec", "kab", "prov", "ph", "tn", "ny", "sdr", "sdri", "yth", "bpk", "rp", "alm", "almh",
    "pol", "purn", "mayjen", "letjen", "brigjen", "irjen", "komjen", "jend", "sgt", "lt", "col", "gen", "sen",
    "rep", "gov", "dkk", "dll", "dsb", "tgl", "hlm", "vs", "pt", "cv", "ud", "moh", "muh", "abd", "ach", "pdt",
    "kol", "kapt",
    "rt", "rw", "ds", "dsn", "jan", "feb", "aug", "sept", "oct", "nov", "dec", "capt", "maj", "adm", "rev",
    "hon", "brig",
})
# fmt: on
ENCLITICS = frozenset({"nya", "lah", "kah", "pun", "ku", "mu"})
_POSSESSIVES = frozenset({"'s", "’s"})
_ENDS = frozenset({".", "!", "?", "…", "..", "...", "...."})
_CLOSERS = frozenset({'"', "”", "’", "'", ")", "]", "»", "″"})

_TOKEN = re.compile(
    r"(?P<plain>[a-z]++(?: [a-z]++)*(?=[ ,;!?\n]))"  # a run of words that could be nothing else
    r"|(?P<url>(?:https?://|www\.)[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]'’…])"
    r"|(?P<number>\d+(?:[.,:/-]\d+)*)"
    r"|(?P<initials>(?:[A-Za-z]\.){2,}[A-Za-z]?(?![^\W_]))"
    r"|(?P<currency>(?:Rp|IDR|USD|US\$|S\$|RM)(?=\d))"
    r"|(?P<word>[^\W_]+(?:[-‐‑'’&@][^\W_]+)*)"
    r"|(?P<dots>\.{2,})"
    r"|(?P<line>[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])"
    r"|(?P<mark>\S)"
)


class Token(NamedTuple):
    """One token of a text; `start` and `end` are code points into it."""

    text: str
    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """Return the tokens of one line of text (line breaks are dropped)."""
    return [token for sentence in sentences(text) for token in sentence]


def sentences(text: str) -> list[list[Token]]:
    """Return the sentences of `text`, each a list of tokens; none crosses a line border."""
    found: list[list[Token]] = []
    current: list[Token] = []
    ended = False  # the last tokens may have ended a sentence: the next one decides
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        start, end = match.span()
        if kind == "plain":
            current, ended = _add_plain(found, current, match.group(), start), False
            continue
        if kind == "line":
            current, ended = _close(found, current), False
            continue
        word = match.group()
        if current and ((ended and _begins(word, start > current[-1].end)) or len(current) >= SENTENCE_LIMIT):
            current, ended = _close(found, current), False
        if kind == "word":
            if "-" in word or word[-2:] in _POSSESSIVES:
                _add_word(current, word, start, end)
            else:
                current.append(Token(word, start, end))
            ended = False
        elif word == "." and current and _is_abbreviation(current[-1], start):
            last = current.pop()
            current.append(Token(text[last.start : end], last.start, end))
            ended = False
        else:
            current.append(Token(word, start, end))
            ended = (word in _ENDS and not _is_initial(current)) or (ended and word in _CLOSERS)
    _close(found, current)
    return found


def _close(found: list[list[Token]], current: list[Token]) -> list[Token]:
    if current:
        found.append(current)
    return []


def _add_plain(found: list[list[Token]], current: list[Token], run: str, at: int) -> list[Token]:
    """Add a run of words with one blank between, which begins at `at`; return the sentence it ends in."""
    for word in run.split(" "):
        if len(current) >= SENTENCE_LIMIT:
            current = _close(found, current)
        end = at + len(word)
        current.append(Token(word, at, end))
        at = end + 1
    return current


def _begins(word: str, spaced: bool) -> bool:
    """Tell whether a token after the end of a sentence begins the next one."""
    first = word[0]
    if first.isalpha():
        return spaced and first.isupper()
    return spaced and word not in _CLOSERS and word not in _ENDS


def _is_abbreviation(last: Token, start: int) -> bool:
    """Tell whether a full stop at `start` belongs to the token before it: "Dr." or the initial in "A. Yani"."""
    if last.end != start:
        return False
    return last.text.lower() in ABBREVIATIONS or (len(last.text) == 1 and last.text.isupper())


def _is_initial(current: list[Token]) -> bool:
    """Tell whether a free-standing full stop follows an abbreviation or an initial ("H . Ahmad")."""
    if len(current) < 2:
        return False
    before = current[-2].text
    return (len(before) == 1 and before.isupper()) or before.lower() in ABBREVIATIONS


def _add_word(current: list[Token], word: str, start: int, end: int) -> None:
    if word[-2:] in _POSSESSIVES and len(word) > 2:
        middle = end - 2
        current.append(Token(word[:-2], start, middle))
        current.append(Token(word[-2:], middle, end))
        return
    head, hyphen, tail = word.rpartition("-")
    if hyphen and tail.lower() in ENCLITICS and not head.lower().endswith(tail.lower()):
        middle = start + len(head)
        current.append(Token(head, start, middle))
        current.append(Token(word[len(head) :], middle, end))
    else:
        current.append(Token(word, start, end))
