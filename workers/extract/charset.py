"""Bytes to text: byte order mark, HTTP header, meta element, then the bytes themselves.

A declaration is a claim. Bytes that decode as UTF-8 and are not plain ASCII *are* UTF-8 (other encodings practically
never do), whatever was declared; a declared encoding that leaves many holes gives way to the one that fits best.
Labels mean what browsers take them for (WHATWG Encoding Standard, section 4.2): "iso-8859-1" is windows-1252.
"""

from __future__ import annotations

import codecs
import re

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
BROWSER_NAMES = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932", "utf-16": "utf-16-le",
}  # fmt: skip
ESCAPING = ("iso2022_jp", "hz")  # pure ASCII bytes that mean something else
NEVER = ("utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem")
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:\-]{2,40})""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_.:\-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:\-]{2,40})""")
META_WITHIN = 8_192  # bytes; browsers look at 1,024, news portals put more before it
HOLES = 0.002  # share of undecodable characters that tells damage from a wrong encoding


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of a page. Never fails: what no encoding explains becomes U+FFFD."""
    for mark, name in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    declared = _declared(body, content_type)
    if body.isascii():
        return body.decode(declared[0] if declared and declared[0] in ESCAPING else "ascii", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _best(body, declared)


def _declared(body: bytes, content_type: str) -> list[str]:
    """The declared encodings that exist, most trusted first."""
    labels = [match[1] for match in (_HEADER.search(content_type[:500]),) if match]
    head = body[:META_WITHIN]
    labels += [match[1].decode("ascii") for match in (_META.search(head), _XML.search(head)) if match]
    names = []
    for label in labels:
        try:
            name = codecs.lookup(label.lower().replace("x-sjis", "shift_jis")).name
        except (LookupError, ValueError):
            continue
        name = BROWSER_NAMES.get(name, name)
        if name not in NEVER and name not in names:
            names.append(name)
    return names


def _best(body: bytes, declared: list[str]) -> str:
    if body[:2_000].count(0) > len(body[:2_000]) // 4:
        even = body[0:2_000:2].count(0)
        declared = ["utf-16-be" if even > body[1:2_000:2].count(0) else "utf-16-le", *declared]
    best, fewest = "", 2.0
    for name in dict.fromkeys([*declared, "utf-8", "cp1252"]):
        try:
            text = body.decode(name, "replace")
        except (LookupError, UnicodeError, ValueError):  # codecs that map bytes to bytes, or refuse "replace"
            continue
        holes = text.count("\ufffd") / max(1, len(text))
        if holes <= HOLES:
            return text
        if holes < fewest:
            best, fewest = text, holes
    return best
