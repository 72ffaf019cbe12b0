"""What an editor strikes out of a body before it is printed: boxes of the page, then lines and marks of the text.

The expressions are data (`config/sites.toml`); how far they reach is decided here: never the larger part of a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice

from msgspec import Struct

from workers.extract.beside import hidden, other_articles, teasers
from workers.extract.running import Weights
from workers.extract.sites import Rules
from workers.extract.text import key
from workers.extract.tree import Tree, text_of

MAX_LINE = 400  # characters of a paragraph that may be dropped as a whole
MAX_MARK = 300  # characters at either end that datelines and end marks are looked for in
MAX_SHARE = 0.6  # of the page's running text that one box may hold and still be cut
SMALL = 120  # characters that no article is short of
MAX_HIDDEN = 0.25  # likewise, of an element that browsers don't show
LONG_NAME = 200  # characters of a class that is not remembered
LINK_PARAGRAPH = 250  # characters

BOXES = (
    "div",
    "section",
    "aside",
    "p",
    "ul",
    "ol",
    "table",
    "span",
    "figcaption",
    "strong",
    "a",
    "h4",
    "h5",
    "blockquote",
)
LABEL = 40  # characters of a label such as "Baca juga:"
CREDIT = 40  # characters; a longer sentence below the credits is text
SENTENCE_WORDS = 5
LINK_TEXT = 12  # letters of a link's text that tell something
MAX_LINKS = 2_000  # of a page that are looked at
LONG_PARAGRAPH = 150  # characters; readers write shorter ones
ENOUGH_OUTSIDE = 80  # characters of running text that a page keeps without its comments

_REMARKS = re.compile(r"comment|komentar|disqus|respon(?!siv)|reaksi|tanggapan", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_QUOTED = re.compile(
    r"[\"”’»],?\s+(?:kata|ujar|tutur|ucap|jelas|terang|ungkap|sebut|papar|tegas|imbuh|lanjut|tulis|demikian|said|says)"
    r"|,\s+(?:kata|ujar|tutur|ucap|ungkap|menurut|jelas|papar|tegas|said|says)\b",
    re.IGNORECASE,
)


class Paragraph(Struct, frozen=True):
    """A paragraph of the body. `heading`: a sub-heading."""

    text: str
    heading: bool = False


class Links:
    """The texts of a page's links, gathered when they are first asked for."""

    def __init__(self, root: Tree) -> None:
        self._root = root
        self._texts: frozenset[str] | None = None

    def hold(self, text: str) -> bool:
        """Tell whether a link's text makes up half of `text` or more."""
        if self._texts is None:
            found = (key(text_of(link)) for link in islice(self._root.iter("a"), MAX_LINKS))
            self._texts = frozenset(spelled for spelled in found if len(spelled) >= LINK_TEXT)
        spelled = key(text)
        return any(link in spelled and 2 * len(link) >= len(spelled) for link in self._texts)


def prune(root: Tree, rules: Rules) -> list[str]:
    """Cut what is hidden, lists of other articles, boxes named by `rules.prune` and captions; return their texts."""
    weigh = Weights(root)
    removed: list[str] = []
    for element in (*hidden(root), *other_articles(root)):
        # what unfolds on a click is hidden too: a large part of the text is no trick for search engines
        limit = MAX_HIDDEN if element.tag != "article" else MAX_SHARE
        if element.getparent() is not None and not _spares(element, weigh, limit):
            _cut(element, removed)
    is_clutter = _matcher(rules.prune.pattern, rules.prune.flags)
    for element in list(root.iter(*BOXES)):
        name, number = element.get("class"), element.get("id")
        named = (name and is_clutter(name)) or (number and is_clutter(number))
        if not (named or element.tag == "figcaption") or element.getparent() is None:
            continue
        remarks = named and _REMARKS.search(f"{name} {number}") is not None
        if not (_spares_remarks(element, weigh) if remarks else _spares(element, weigh)):
            _cut(element, removed)
    for element in list(teasers(root)):
        around = element.getparent()
        if around is not None:
            _cut(element, removed)
            _cut_label(around, removed)
    return removed


@lru_cache(maxsize=200)
def _matcher(pattern: str, flags: int) -> Callable[[str], bool]:
    """Whether a name matches; answers are kept, since a site has few names and uses them on every page."""
    expression = re.compile(pattern, flags)
    kept = lru_cache(maxsize=5_000)(lambda name: expression.search(name) is not None)
    return lambda name: kept(name) if len(name) <= LONG_NAME else expression.search(name) is not None


def _spares(element: Tree, weigh: Weights, limit: float = MAX_SHARE) -> bool:
    """Whether a box holds too much of the page, or its headline, to be cut."""
    if element.find(".//h1") is not None or element.find(".//article") is not None:
        return True
    return len(text_of(element)) > SMALL and weigh.share(element) > limit


def _spares_remarks(element: Tree, weigh: Weights) -> bool:
    """Whether a box named like comments is the article: it holds the headline, or all text in long paragraphs."""
    if element.find(".//h1") is not None or element.find(".//article") is not None:
        return True
    long = sum(1 for paragraph in element.iter("p") if len(text_of(paragraph)) >= LONG_PARAGRAPH)
    return long >= 2 and weigh.outside(element) < ENOUGH_OUTSIDE


def _cut(element: Tree, removed: list[str]) -> None:
    if text := text_of(element):
        removed.append(text[:1_000])
    parent = element.getparent()
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + " " + element.tail
        else:
            before.tail = (before.tail or "") + " " + element.tail
    element.tail = None
    parent.remove(element)


def _cut_label(around: Tree, removed: list[str]) -> None:
    """Cut the heading of a list whose items were cut: the rest of its box, and the heading before an empty one."""
    rest = text_of(around)
    if len(rest) > LABEL or around.tag in ("body", "article", "main") or around.getparent() is None:
        return
    before = around.getprevious()
    if not rest and before is not None and before.tag in ("h2", "h3", "h4", "h5"):
        _cut(before, removed)
    _cut(around, removed)


def clean_paragraphs(
    paragraphs: Iterable[Paragraph], rules: Rules, title: str, links: Links | None = None
) -> tuple[list[Paragraph], list[str]]:
    """Return the paragraphs that are the article's, and what was cut, in order. `links` are the page's."""
    kept: list[Paragraph] = []
    removed: list[str] = []
    title_key = key(title)
    labelled = False
    for paragraph in paragraphs:
        text = paragraph.text
        is_title = len(kept) < 3 and title_key and key(text) == title_key
        # what a label stands before is cut with it, as long as it is nothing but a link
        led_on = labelled and links is not None and len(text) <= LINK_PARAGRAPH and links.hold(text)
        labelled = led_on or (len(text) <= LABEL and _is_clutter(text, rules, links))
        if is_title or labelled or (len(text) <= MAX_LINE and _is_clutter(text, rules, links)):
            removed.append(text)
        else:
            kept.append(paragraph)
    kept = _stopped(kept, rules, removed)
    kept = _without_marks(kept, rules, removed)
    while kept and kept[-1].heading:  # a heading with nothing under it headed what was cut
        removed.append(kept.pop().text)
    return kept, removed


def _is_clutter(text: str, rules: Rules, links: Links | None) -> bool:
    """Whether a line is the page's, not the article's: a sentence that only begins like such a line stays."""
    appeals = rules.appeal.fullmatch(text) is not None
    if not appeals and rules.drop.fullmatch(text) is None:
        return False
    if (appeals or not is_sentence(text)) and not _QUOTED.search(text):
        return True
    return links is not None and links.hold(text)


def is_sentence(text: str) -> bool:
    """Tell whether `text` ends like a sentence and has the words of one."""
    return _SENTENCE_END.search(text) is not None and len(text.split()) >= SENTENCE_WORDS


def _stopped(kept: list[Paragraph], rules: Rules, removed: list[str]) -> list[Paragraph]:
    """Cut the credits and what follows, unless the text goes on below: then they're part of it."""
    for position in range(len(kept) - 1, -1, -1):
        text = kept[position].text
        if len(text) <= MAX_LINE and rules.stop.fullmatch(text):
            if sum(len(p.text) for p in kept[:position]) > sum(len(p.text) for p in kept[position:]):
                removed += [p.text for p in kept[position:]]
                kept = kept[:position]
        elif len(text) >= CREDIT and is_sentence(text):
            break
    return kept


def _without_marks(kept: list[Paragraph], rules: Rules, removed: list[str]) -> list[Paragraph]:
    first = next((i for i, p in enumerate(kept) if not p.heading), None)
    if first is not None and (match := rules.start.match(kept[first].text[:MAX_MARK])):
        rest = kept[first].text[match.end() :].strip()
        if rest:
            removed.append(match.group().strip())
            kept[first] = Paragraph(rest)
    while kept:
        text = kept[-1].text
        match = rules.end.search(text, max(0, len(text) - MAX_MARK))
        if match is None:
            break
        removed.append(match.group().strip())
        if rest := text[: match.start()].rstrip():
            kept[-1] = Paragraph(rest, kept[-1].heading)
        else:
            kept.pop()
    return kept
