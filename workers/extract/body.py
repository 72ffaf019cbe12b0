"""The body: trafilatura on our tree, its fast way first, the slower one only when a check of the result fails."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import version

from lxml import etree
from msgspec import Struct, structs
from trafilatura import bare_extraction
from trafilatura.settings import use_config
from trafilatura.utils import line_processing, trim

from workers.errors import Permanent
from workers.extract.cleaning import Paragraph, clean_paragraphs
from workers.extract.focus import article_part
from workers.extract.printed import Printed
from workers.extract.sites import Rules
from workers.extract.text import clean, key, words
from workers.extract.tree import Tree, element_count

NAME = f"trafilatura {version('trafilatura')}"
ENOUGH = 250  # characters: less is suspicious for an article
BRIEF = 400  # characters of running text
SLOW_ELEMENTS = 10_000  # of a page that the slower way is tried on: it compares siblings with siblings
SHORT_LINE = 30  # characters: menus are made of such lines
STRUCTURED_SHARE = 0.65  # of the publisher's own articleBody; a result below it missed something
RUNNING_SHARE = 0.6  # of the running text of the part that was shown
CELL = 200  # characters in a cell of a table that says something by its rows
SUMMARY_SHARE = 0.5  # of the feed summary's words that the body should hold

# with less trafilatura takes the text of the whole <article> for one paragraph: briefs are that short
_CONFIG = use_config()
_CONFIG["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "40"

_BLOCKS = frozenset({"p", "head", "list", "item", "quote", "table", "row", "cell", "div", "code", "body"})
_EMPTY_LINKS = etree.XPath("//a[not(normalize-space())]")
_BREAK = "\n"
_BLANKS = re.compile(r"\s+")
_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_SENTENCE_END = re.compile(r"(?<=[.!?:”\"'’)])[ \t]*\n[ \t]*")


class Body(Struct, frozen=True):
    """A body found: its paragraphs, what was cut, how it was found, its dateline's place, captions of its pictures."""

    paragraphs: list[Paragraph]
    removed: list[str]
    extractor: str
    dateline: str = ""
    captions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n\n".join(p.text for p in self.paragraphs)


def find(
    root: Tree, rules: Rules, *, title: str, summary: str = "", structured: str = "", names: Iterable[str] = ()
) -> Body:
    """Return the body of the page `root`; no paragraphs when there is none.

    `summary` is the feed's, `structured` the JSON-LD articleBody: both only check the result; the latter is also
    taken when both ways miss much of it. `names` are those of the article's makers.
    Raises Permanent("unreadable_page") for trees that trafilatura gives up on.
    """
    part = article_part(root)
    printed = Printed(root, names)
    if part is None or part.length < BRIEF:
        for link in _EMPTY_LINKS(root if part is None else part.page):
            link.drop_tree()  # round a picture: with one before it, all of a short text would be one paragraph
    best = _attempt(root if part is None else part.page, rules, title, printed, fast=True)
    if part is not None and (_doubtful(best, summary, structured) or len(best.text) < RUNNING_SHARE * part.length):
        best = _attempt(root, rules, title, printed, fast=True)
    elif part is not None and part.standfirst and not _is_english(root):
        best = _with_standfirst(best, part.standfirst, rules, title)
    if _doubtful(best, summary, structured) and element_count(root) <= SLOW_ELEMENTS:
        slower = _attempt(root, rules, title, printed, fast=False)
        best = max(best, slower, key=lambda body: _worth(body, summary, structured))
    if structured and len(best.text) < STRUCTURED_SHARE * len(structured):
        own = clean_paragraphs(_split(structured), rules, title)
        if sum(len(p.text) for p in own.paragraphs) > len(best.text):
            return Body(own.paragraphs, own.removed, "json-ld", own.dateline)
    return best


def forget_texts() -> None:
    """Empty trafilatura's memory of the last thousand texts it trimmed, whatever their length."""
    trim.cache_clear()
    line_processing.cache_clear()


def paragraphs_of(body: Tree) -> Iterator[Paragraph]:
    """Yield the paragraphs of a tree in trafilatura's own markup: list items and table rows are paragraphs too."""
    for row in list(body.iter("row")):
        _join_cells(row)
    for text, heading in _blocks(body):
        for part in _LINES.split(text.replace("\r", "")):
            for line in _SENTENCE_END.split(part):
                if line := clean(line):
                    yield Paragraph(line, heading)


def _is_english(root: Tree) -> bool:
    """Whether a page says that it is: English papers print a summary where others begin their texts."""
    return (root.get("lang") or "")[:2].lower() == "en"


def _with_standfirst(body: Body, standfirst: str, rules: Rules, title: str) -> Body:
    spelled = key(standfirst)
    if any(spelled in key(p.text) for p in body.paragraphs[:3]):
        return body
    above = clean_paragraphs([Paragraph(clean(standfirst))], rules, title)
    return structs.replace(
        body,
        paragraphs=above.paragraphs + body.paragraphs,
        removed=above.removed + body.removed,
        dateline=above.dateline or body.dateline,
    )


def _attempt(root: Tree, rules: Rules, title: str, printed: Printed, *, fast: bool) -> Body:
    try:
        found = bare_extraction(
            root, fast=fast, with_metadata=False, include_comments=False, favor_recall=fast, config=_CONFIG
        )
    except (etree.LxmlError, RecursionError, ValueError, AttributeError, TypeError, KeyError, IndexError) as error:
        # trafilatura documents none of these; each was raised by a broken page at some time
        raise Permanent(f"extraction failed: {type(error).__name__}: {error}", reason="unreadable_page") from error
    name = f"{NAME} {'fast' if fast else 'full'}"
    if found is None or isinstance(found, dict):
        return Body([], [], name)
    cleaned = clean_paragraphs(paragraphs_of(found.body), rules, title, printed)
    return Body(cleaned.paragraphs, cleaned.removed, name, cleaned.dateline)


def _doubtful(body: Body, summary: str, structured: str) -> bool:
    text = body.text
    if len(text) < ENOUGH or _is_menu(body):
        return True
    if structured and len(text) < STRUCTURED_SHARE * len(structured):
        return True
    return len(summary) >= 100 and _held(summary, text) < SUMMARY_SHARE


def _is_menu(body: Body) -> bool:
    """Whether most lines are too short for sentences: a dump of the page's chrome."""
    lines = [p.text for p in body.paragraphs]
    return len(lines) > 20 and sum(len(line) < SHORT_LINE for line in lines) > 0.6 * len(lines)


def _worth(body: Body, summary: str, structured: str) -> float:
    """How good a result looks: characters in lines long enough for sentences, less those in short ones."""
    value = float(sum(len(p.text) if len(p.text) >= SHORT_LINE else -len(p.text) for p in body.paragraphs))
    if _is_menu(body):
        value *= 0.2
    for reference in (summary, structured):
        if reference:
            value *= 0.5 + _held(reference, body.text)
    return value


def _held(reference: str, text: str) -> float:
    wanted = words(reference)
    return len(wanted & words(text)) / len(wanted) if wanted else 1.0


def _split(text: str) -> Iterator[Paragraph]:
    for line in re.split(r"\n\s*\n|\r\n|\n", text):
        if line := clean(line):
            yield Paragraph(line)


def _blocks(element: Tree) -> Iterator[tuple[str, bool]]:
    """Yield (text, is a heading) for every innermost block, iteratively: trees may be deep."""
    text: list[str] = []
    heading = False
    for event, node in etree.iterwalk(element, events=("start", "end")):
        block = node.tag in _BLOCKS
        if event == "start":
            if block:
                yield "".join(text), heading
                text, heading = [], node.tag == "head"
            if node.tag == "lb":
                text.append(_BREAK)
            text.append(_folded(node.text))
        else:
            if block:
                yield "".join(text), heading
                text, heading = [], False
            if node is not element:
                text.append(_folded(node.tail))
    yield "".join(text), False


def _join_cells(row: Tree) -> None:
    """Make one line of a table's row, unless its cells hold texts: then the table only arranges them."""
    cells = [" ".join("".join(cell.itertext()).split()) for cell in row]
    if len(cells) > 1 and all(cell.tag == "cell" for cell in row) and max(map(len, cells)) <= CELL:
        tail = row.tail
        row.clear()
        row.text, row.tail = " | ".join(cells), tail


def _folded(text: str | None) -> str:
    """Line ends of the source are blanks; only <br> breaks a line."""
    return _BLANKS.sub(" ", text) if text else ""
