"""Makes a feed's text safe and well-formed before feedparser reads it, in time linear in its size.

feedparser turns to a forgiving reader when XML is broken; on hostile text that one takes quadratic time, so what can be
mended is mended here: declarations with entities go, items beyond the bound go, endless texts are cut, stray "&" and
undeclared prefixes are put right, and what is still broken goes through libxml2's recovery, which bounds depth too.
"""

from __future__ import annotations

import html.entities
import re
from xml.parsers import expat

from lxml import etree
from msgspec import Struct

from workers.poll.safe import ROOT, root_of

MAX_TEXT = 200_000  # characters between two tags
MAX_MARKUP = 150_000  # "<" in a document: some seconds of feedparser's time
MAX_DEPTH = 200  # of elements in each other
FORGIVEN = 200_000  # characters the forgiving reader may get

DECLARATION = "<?xml version='1.0' encoding='utf-8'?>"

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "xlink": "http://www.w3.org/1999/xlink",
}

_MARK = re.compile(r"<!\[CDATA\[|<!--|<(/?)(?:[\w.-]+:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
# what is no text; "<" that begins no markup; "&" and the reference it begins
_MENDABLE = re.compile(
    r"<!\[CDATA\[|<!--|<\?(?=[A-Za-z_])|(?P<stray><(?!/?[A-Za-z_:]|!\[CDATA\[|!--|![A-Za-z]|\?[A-Za-z_]))"
    r"|&(?P<name>#\d{1,9};|#[xX][0-9A-Fa-f]{1,8};|[A-Za-z]\w{0,31};)?"
)
_CLOSED_BY = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_DECLARED = re.compile(r"\bxmlns:([A-Za-z_][\w.-]{0,40})\s*=")
_PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]{0,40}):[A-Za-z_]")


class Prepared(Struct, frozen=True):
    """A document ready for feedparser. `broken`: what was wrong with its XML as it came ("" when nothing)."""

    body: bytes  # UTF-8 with a declaration that says so
    root: str  # local name of the first element, lower case; "" without any
    dropped: int  # items cut off beyond the bounds
    broken: str
    well_formed: bool  # `body` is, now


def prepare(text: str, max_entries: int) -> Prepared:
    """Return `text`, made safe by `safe_text`, bounded and mended.

    Keeps the first `max_entries` items (feeds list the newest first).
    """
    root = root_of(text)
    text, dropped = _bounded(text, max_entries)
    if not root:
        return Prepared(text.encode(), "", dropped, "no element", well_formed=False)
    broken = problem_of(text)
    if broken:
        text = _mended(text)
    return Prepared((DECLARATION + text).encode(), root, dropped, broken, not broken or not problem_of(text))


def problem_of(text: str) -> str:
    """Return why `text`, our declaration before it, is not well-formed; "" when it is. Too deep counts as broken."""
    parser = expat.ParserCreate("utf-8", " ")
    depth = 0

    def enter(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise ValueError(f"elements nested deeper than {MAX_DEPTH}")

    def leave(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    try:
        parser.Parse((DECLARATION + text).encode(), True)
    except (expat.ExpatError, ValueError) as error:
        return str(error)
    return ""


def _bounded(text: str, max_entries: int) -> tuple[str, int]:
    """Return `text` bounded (items, MAX_MARKUP tags, MAX_TEXT characters a text) and how many items were cut."""
    starts, end = _items(text)
    kept = min(len(starts), max_entries)
    left = MAX_MARKUP - text.count("<", 0, starts[0] if starts else 0)
    for number in range(kept):
        left -= text.count("<", starts[number], starts[number + 1] if number + 1 < len(starts) else len(text))
        if left < 0:
            kept = number
            break
    if kept < len(starts) and (kept or max_entries == 0):
        text = text[: starts[kept]] + text[end:]
    elif starts:
        kept = max(kept, 1)  # the first item alone is too much: it is cut somewhere inside
    parts = text.split("<", MAX_MARKUP)
    if len(parts) > MAX_MARKUP:
        parts.pop()
    return "<".join(part if len(part) <= MAX_TEXT else _shortened(part) for part in parts), len(starts) - kept


def _items(text: str) -> tuple[list[int], int]:
    """Return where items start, and where the last one ends; what CDATA and comments hold is not looked at."""
    starts: list[int] = []
    position = end = 0
    while match := _MARK.search(text, position):
        position = match.end()
        if match[1] is None:
            close = text.find("]]>" if match[0].startswith("<![") else "-->", position)
            if close < 0:
                break
            position = close + 3
        elif match[1]:
            end = text.find(">", position) + 1 or len(text)
        else:
            starts.append(match.start())
    return starts, max(end, starts[-1] if starts else 0)


def _shortened(part: str) -> str:
    """Cut one tag-and-text down to MAX_TEXT, keeping the end of a CDATA section or comment that lay in it."""
    rest = part[MAX_TEXT:]
    close = "]]>" if part.startswith("![CDATA[") else "-->" if part.startswith("!--") else ""
    return part[:MAX_TEXT] + (close if close and close in rest else "")


def _mended(text: str) -> str:
    """Return well-formed XML where that loses no item, else `text`, cut to what the forgiving reader may get."""
    mended = _with_prefixes(_with_entities(text))
    if not problem_of(mended):
        return mended
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(mended.encode(), parser)
        recovered: str = etree.tostring(tree, encoding="unicode") if tree is not None else ""
    except (etree.XMLSyntaxError, ValueError):  # no element at all; a surrogate kept from a broken CDATA section
        recovered = ""
    if recovered:
        small = len(text) <= FORGIVEN
        if not problem_of(recovered) and (not small or len(_items(recovered)[0]) >= len(_items(text)[0])):
            return recovered
    return text[:FORGIVEN]


def _with_entities(text: str) -> str:
    """Write every reference as a number, and escape each "&" and "<" that begins none and no markup.

    CDATA, comments and instructions stay as they are. Numbers, because from the first error of a document on libxml2
    leaves named references out, `&amp;` too.
    """
    pieces: list[str] = []
    position = 0
    while match := _MENDABLE.search(text, position):
        pieces.append(text[position : match.start()])
        position = match.end()
        if close := _CLOSED_BY.get(match[0]):
            position = text.find(close, position)
            position = len(text) if position < 0 else position
            pieces.append(text[match.start() : position])
        else:
            pieces.append("&#60;" if match["stray"] else _reference(match["name"] or ""))
    pieces.append(text[position:])
    return "".join(pieces)


def _reference(name: str) -> str:
    if name.startswith("#"):
        number = int(name[2:-1], 16) if name[1] in "xX" else int(name[1:-1])
        legal = (
            number in (9, 10, 13)
            or 0x20 <= number < 0xD800
            or 0xE000 <= number < 0xFFFE
            or 0x10000 <= number < 0x110000
        )
        return f"&#{number};" if legal else ""
    named = html.entities.html5.get(name) or f"&{name}"
    return "".join(f"&#{ord(character)};" if character in "&<>\"'" else character for character in named)


def _with_prefixes(text: str) -> str:
    """Declare on the root the prefixes that are used but declared nowhere."""
    root = ROOT.search(text)
    if not root:
        return text
    used = {match[1] for match in _PREFIX.finditer(text[: FORGIVEN * 10])}
    missing = sorted(used - {match[1] for match in _DECLARED.finditer(text)} - {"xml", "xmlns"})[:50]
    declared = "".join(f' xmlns:{name}="{NAMESPACES.get(name, "urn:undeclared:" + name)}"' for name in missing)
    return text[: root.end()] + declared + text[root.end() :]
