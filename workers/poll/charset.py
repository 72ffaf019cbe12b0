"""Turns a feed's bytes into text: which character encoding is it, and what if that is a lie."""

from __future__ import annotations

import codecs
import re

# Codecs Python knows that no feed is written in, and whose decoders are slow or read escapes in the text.
_REFUSED = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined", "mbcs", "oem"})

# Supersets to read an encoding by, as browsers do (WHATWG Encoding Standard, section 4.2).
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
}

_MARKS = (
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
# "<?" or "<r", "<f" … without a byte order mark (XML 1.0, appendix F)
_UNMARKED = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)
_SINGLE_BYTE = re.compile(r"cp125\d|iso8859-\d+|latin|koi8|mac")
_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_PARAMETER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)


def decode(body: bytes, content_type: str = "") -> str:
    """Return `body` as text; never fails.

    Order: byte order mark, charset of the HTTP Content-Type, XML declaration, UTF-8 (RFC 7303, section 3). A
    single-byte charset is not believed where the bytes are valid UTF-8 beyond ASCII (servers add it unasked), and when
    every claim fails the text is UTF-8 with some bytes lost or Windows-1252, whichever loses less.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for start, name in _UNMARKED:
        if body.startswith(start):
            return body.decode(name, "replace")
    for claim in _claims(body, content_type):
        if _SINGLE_BYTE.match(claim):
            if (text := _strictly(body, "utf-8")) is not None:
                return text
            return body.decode(claim, "replace")
        if (text := _strictly(body, claim)) is not None:
            return text
    return _guess(body)


def _claims(body: bytes, content_type: str) -> list[str]:
    """Return the usable codec names that are claimed, the strongest first."""
    names = []
    if match := _PARAMETER.search(content_type[:1000]):
        names.append(match[1])
    if declared := _DECLARATION.match(body[:1024]):
        names.append(declared[1].decode("ascii"))
    names.append("utf-8")
    found: list[str] = []
    for name in names:
        try:
            info = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        if info.name in _REFUSED or not info._is_text_encoding:
            continue
        # UTF-16 without a byte order mark or zero bytes where "<" stands was transcoded on its way: not believed.
        if not info.name.startswith(("utf-16", "utf-32")):
            found.append(_WIDER.get(info.name, info.name))
    return found


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        return None


def _guess(body: bytes) -> str:
    """Read bytes that are not valid in any claimed encoding."""
    text = body.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    kept = len(body) - len(body.translate(None, bytes(range(0xC2, 0xF5)))) - lost  # lead bytes that led somewhere
    return text if kept > lost else body.decode("cp1252", "replace")
