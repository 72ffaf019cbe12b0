"""Where a page names people, dates and captions: found in one walk, before anything is cut out of it."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from workers.extract.naming import (
    AUTHOR,
    CAPTION,
    CREDITS,
    DATE,
    EDITOR,
    MAX_NAME,
    PROFILE,
    SAID,
    WALL,
    kinds,
)  # fmt: skip
from workers.extract.place import is_beside
from workers.extract.text import key
from workers.extract.tree import Tree, text_of

PARAGRAPH = 160  # characters from which a <p> is text of the article and no line about it
CROWD = 40  # children of a box that is more than a headline's
LENGTHS = 20  # characters that two spellings of one title may differ in length
MAX_HEADINGS = 60  # of a page, looked at for its title
MAX_LINES = 2_000  # likewise, of a page without headings
SHORTEST = 10  # letters of a title that is told from other lines
MAX_MARKS = 400  # of a kind
MAX_NOTICE = 600  # characters of a text that is looked at
MAX_LINE = 200  # characters of a line that names people

_NAMES = ("class", "id", "data-testid")
_UNSEEN = frozenset({"style", "hidden", "aria-hidden"})
_NEVER = frozenset(  # have no marks of their own
    {"html", "head", "body", "main", "img", "link", "input", "form", "picture", "source", "path", "iframe", "br"}
)
_LABELS = re.compile(r"\w+(?=\s*:)")
_FIRST = re.compile(r"\W{0,3}([^\W\d_]{2,15})")


class Marks:
    """What the walk found, in document order: elements by what they are marked as, and where the headline is.

    Marks beside the article (comments, lists of others, the page's frame) are left out.
    """

    def __init__(self, root: Tree, title: str) -> None:
        # held while the page is read: every later walk finds the elements made instead of making them anew
        self.elements: list[Tree] = list(root.iter(etree.Element))
        self.authors: list[tuple[int, Tree]] = []  # rel=author, itemprop=author
        self.bylines: list[tuple[int, Tree]] = []
        self.editors: list[tuple[int, Tree]] = []
        self.profiles: list[tuple[int, Tree]] = []
        self.times: list[tuple[int, Tree]] = []
        self.dated: list[tuple[int, Tree]] = []
        self.captions: list[Tree] = []
        self.credits: list[tuple[int, Tree]] = []  # elements with a text, or a tail, that may begin a line of credits
        self.walls: list[tuple[Tree, bool]] = []  # may say that one must subscribe; whether it is named like it
        self.tags: list[Tree] = []  # rel=tag
        self.unseen: list[Tree] = []  # with a style, or said to be hidden
        self.ago: list[Tree] = []  # whose text may say how long ago something was
        self.said: list[tuple[int, Tree]] = []  # elements with a text such as "Diterbitkan: …"
        self._headline, self._box, self._end = _headline(root, title), None, -1
        self.start = -1
        self._sort()

    def _sort(self) -> None:
        headline, end = self._headline, len(self.elements)
        searching = False  # for the article's first paragraph, below the headline
        for place, element in enumerate(self.elements):
            tag = element.tag
            if element is headline:
                self._found(place, element)
                searching = True
            elif searching and tag == "p" and len(text_of(element)) >= PARAGRAPH:
                self._end, searching = place, False
            if (text := element.text) and not text.isspace():
                self._read(element, text, place)
            if tag == "br" and (text := element.tail):
                self._read(element.getparent(), text, place)
            if tag not in _NEVER and (attributes := element.items()):
                self._mark(element, tag, place, attributes)
            elif tag == "time":  # one without attributes
                self.times.append((place, element))
            elif tag in ("form", "main"):
                self.unseen.append(element)
        if searching:
            self._end = end

    def _found(self, place: int, headline: Tree) -> None:
        self.start = place
        around = headline.getparent()
        if around is not None and around.tag not in ("body", "html") and len(around) < CROWD:
            self._box = around

    def _read(self, element: Tree, text: str, place: int) -> None:
        if len(text) > MAX_NOTICE:
            return
        if "ago" in text or "lalu" in text:
            self.ago.append(element)
        text = text.strip()
        if "langgan" in text or "ubscri" in text or "member" in text:
            self.walls.append((element, False))
        if not 1 < len(text) <= MAX_LINE or (begins := _FIRST.match(text)) is None:
            return
        word = begins[1].lower()
        if word in SAID:
            self.said.append((place, element))
        if word in CREDITS or (":" in text and not CREDITS.isdisjoint(_LABELS.findall(text.lower()))):
            self.credits.append((place, element))

    def _mark(self, element: Tree, tag: str, place: int, attributes: list[tuple[str, str]]) -> None:
        found, item, is_author = 0, "", False
        for name, value in attributes:
            if name in _NAMES:
                found |= kinds(value)
            elif name in _UNSEEN:
                self.unseen.append(element)
            elif name == "itemprop":
                item = value
            elif name == "rel":
                is_author = "author" in value.split()
                if value == "tag":
                    self.tags.append(element)
            elif name == "href" and tag == "a" and PROFILE.search(value[-MAX_NAME:]):
                self.profiles.append((place, element))
        if is_author or "author" in item:
            self.authors.append((place, element))
        if found or item or tag in ("time", "figcaption"):
            self._keep(element, tag, place, found, item)

    def _keep(self, element: Tree, tag: str, place: int, found: int, item: str) -> None:
        if found & AUTHOR:
            self.bylines.append((place, element))
        if found & EDITOR or "editor" in item:
            self.editors.append((place, element))
        if tag == "time":
            self.times.append((place, element))
        elif found & DATE or "date" in item:
            self.dated.append((place, element))
        if found & CAPTION or tag == "figcaption":
            self.captions.append(element)
        if found & WALL:
            self.walls.append((element, True))

    @property
    def has_headline(self) -> bool:
        return self._headline is not None

    def is_near(self, place: int, element: Tree) -> bool:
        """Tell whether the element stands around the headline, before the article's first paragraph."""
        if self._headline is None or self.start < place < self._end:
            return True
        return self._box is not None and any(node is self._box for node in element.iterancestors())

    def is_above_text(self, element: Tree) -> bool:
        """Tell whether the element stands before the article's first paragraph, or around the headline."""
        place = next((n for n, other in enumerate(self.elements) if other is element), -1)
        return self._headline is not None and (place < self._end or self.is_near(place, element))

    def near(self) -> list[Tree]:
        """Return the elements between the headline and the first paragraph, none without a headline."""
        return self.elements[self.start + 1 : min(self._end, self.start + MAX_MARKS)] if self.start >= 0 else []


def _headline(root: Tree, title: str) -> Tree | None:
    """The heading that is the title, else the first <h1>."""
    spelled = key(title)
    first = None
    for heading in list(root.iter("h1", "h2", "h3", "h4"))[:MAX_HEADINGS]:
        if heading.tag == "h1" and first is None:
            first = heading
        text = text_of(heading) if spelled else ""
        if text and abs(len(text) - len(title)) <= LENGTHS and key(text) == spelled and not is_beside(heading):
            return heading
    return first if first is not None or len(spelled) < SHORTEST else _printed_headline(root, title, spelled)


def _printed_headline(root: Tree, title: str, spelled: str) -> Tree | None:
    """The line of a page without headings that says the title: old templates print it large, or bold."""
    for element in islice(root.iter("b", "strong", "font", "span", "td", "div", "p", "big"), MAX_LINES):
        text = element.text or ""
        if abs(len(text.strip()) - len(title)) <= LENGTHS and key(text) == spelled and not is_beside(element):
            return element
    return None
