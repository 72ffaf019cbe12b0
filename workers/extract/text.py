"""Text as we keep it: NFC, one kind of blank, no control characters."""

from __future__ import annotations

import html
import re
import unicodedata

# C0, C1, soft hyphen, zero-width marks (joiners stay: scripts need them), direction marks, BOM, noncharacters
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060"
    "\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_NO_LETTER = re.compile(r"[\W_]+")
_TAG = re.compile(r"<[^<>]{1,300}>")


def clean(text: str) -> str:
    """Return `text` in NFC on one line: white space folded to single blanks, control characters gone."""
    return unicodedata.normalize("NFC", " ".join(_UNWANTED.sub("", text).split()))


def plain(value: object, limit: int = 2_000) -> str:
    """Return a metadata value as clean text of at most `limit` characters; "" for what is no string.

    Entities are decoded twice, because templates escape what was escaped already; tags go.
    """
    if not isinstance(value, str):
        return ""
    text = value[: limit * 4]
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return clean(_TAG.sub(" ", text) if "<" in text else text)[:limit].strip()


def words(text: str) -> set[str]:
    """Return the different words of `text`, case folded."""
    return set(re.findall(r"\w+", text.casefold()))


def key(text: str) -> str:
    """Return what two spellings of one title or name share: letters and digits, case and accents folded."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return _NO_LETTER.sub("", folded)
