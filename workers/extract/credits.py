"""Lines of credits: "Penulis: Ani | Editor: Budi" wherever a page writes them, above or below its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from workers.extract.marks import Marks
from workers.extract.persons import Credits, Persons, is_written_as_name
from workers.extract.place import is_beside
from workers.extract.running import PARAGRAPH
from workers.extract.tree import Tree, text_of

MAX_LINES = 2_000  # of one block
MAX_LINE = 200  # characters
MAX_BARE = 90  # characters of a line whose label has no colon
MAX_BLOCKS = 60  # of a page

_INLINE = frozenset(
    {"a", "b", "i", "u", "em", "strong", "span", "font", "small", "label", "cite", "time", "abbr", "mark"}
)
_BLOCK_ENDS = frozenset(
    {"p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "section", "dd", "dt", "address"}
)
_ROLES = (
    r"(?:ditulis\s+oleh|written\s+by|edited\s+by|reported\s+by|artikel\s+von|penulis|reporter|pewarta|wartawan|jurnalis|kontributor"
    r"|koresponden|editor|redaktur|penyunting|author|autor)"
)
_ONLY_LABEL = re.compile(rf"\W*{_ROLES}\s*:?\s*", re.IGNORECASE)
_BY = re.compile(
    r"\W{0,3}(?:(?:(?:additional )?reporting|writing|editing) by|by|oleh|von|par|por)\s+(?-i:[A-ZÀ-Þ])", re.IGNORECASE
)
_BARE = re.compile(rf"\W{{0,3}}(?:{_ROLES}|laporan(?:\s+\w+)?)\s+(?-i:[A-ZÀ-Þ])", re.IGNORECASE)
_LABELLED = re.compile(
    rf"(?:^|[\s|/(\[;,•·–—-])(?:{_ROLES}|tim\s+penulis|by|oleh|von|laporan(?:\s+\w+)?|liputan|naskah|teks|text|words|rep|red"
    r"|(?:penulis|reporter)\s*(?:/|&|dan)\s*editor)\s*:",
    re.IGNORECASE,
)


def credited(marks: Marks, persons: Persons) -> Credits:
    """Return who the page's lines of credits name, in document order."""
    found = Credits([], [])
    seen: set[Tree] = set()
    for place, element in marks.credits[: 4 * MAX_BLOCKS]:
        block = _block(element)
        if block in seen or len(seen) >= MAX_BLOCKS:
            continue
        seen.add(block)
        if is_beside(block) or _is_amid_text(block):
            continue
        near = marks.has_headline and marks.is_near(place, element)
        for line in _labelled(block):
            named = _named(line, persons, near, linked=element.tag == "a" or block.tag in ("h1", "h2", "h3"))
            # "By Jane Doe" stands in every teaser: without a colon only the first one counts
            if ":" in line or not found.authors:
                found.authors += [name for name in named.authors if is_written_as_name(name)]
            found.editors += [name for name in named.editors if is_written_as_name(name)]
    return found


def _named(line: str, persons: Persons, near: bool, *, linked: bool) -> Credits:
    if _LABELLED.search(line):
        return persons.credits(line, unlabelled="")
    if len(line) > MAX_BARE or (line.endswith((".", "?", "!", ":")) and not line.endswith(("Jr.", "Sr."))):
        return Credits([], [])
    by = _BY.match(line) is not None
    if not by and (linked or not near or _BARE.match(line) is None):
        return Credits([], [])
    named = persons.credits(line, unlabelled="")
    # without a colon a single word may be anything: "Oleh Pemerintah"
    return Credits([n for n in named.authors if " " in n], [n for n in named.editors if " " in n])


def _block(element: Tree) -> Tree:
    block = element
    while block.tag in _INLINE and block.getparent() is not None:
        block = block.getparent()
    return block


def _labelled(block: Tree) -> Iterator[str]:
    """Yield the lines of `block`; a label alone is joined with what follows it, in the box around if need be."""
    found = list(lines(block))
    own, around = found[:1], block
    for _ in range(2):
        if len(found) != 1 or not _ONLY_LABEL.fullmatch(found[0]) or around.getparent() is None:
            break
        around = around.getparent()
        found = list(lines(around)) if len(text_of(around)) <= MAX_LINE else found
    if around is not block and not found[0].startswith(own[0]):
        return  # "Jane Doe / Editor / E-mail": a rank below the name, no label above one
    label = ""
    for line in found:
        if _ONLY_LABEL.fullmatch(line):
            label = line.rstrip(" :") + ": "
        elif line.strip(" :|/"):
            yield label + line.lstrip(" :")
            label = ""


def lines(block: Tree) -> Iterator[str]:
    """Yield the lines of text in `block` that may name people, as readers see them: blocks and <br> end one."""
    line: list[str] = []
    for count, (event, node) in enumerate(etree.iterwalk(block, events=("start", "end"))):
        if count > 2 * MAX_LINES:
            break
        ends = node.tag == "br" or (node.tag in _BLOCK_ENDS and node is not block)
        if (ends and event == "start") or (ends and node.tag != "br"):
            yield from _finished(line)
        if event == "start":
            line.append(node.text or "")
        elif node is not block:
            line.append(" " if node.tag == "td" else "")
            line.append(node.tail or "")
    yield from _finished(line)


def _finished(line: list[str]) -> Iterator[str]:
    text = " ".join("".join(line).split())
    line.clear()
    if text and len(text) <= MAX_LINE:
        yield text


def _is_amid_text(block: Tree) -> bool:
    """Whether running text stands right before and after: a book review names the book's author there."""
    around = (block.getprevious(), block.getnext())
    return all(node is not None and node.tag == "p" and len(text_of(node)) >= PARAGRAPH for node in around)
