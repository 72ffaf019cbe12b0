"""What a page's markup tells about its lines: which are links, which are printed bold."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from workers.extract.text import clean, key
from workers.extract.tree import Tree, text_of

LINK_TEXT = 12  # letters of a link's text that tell something
MOST = 2_000  # links, and bold passages, that are looked at
NAME = 5  # letters of a name that is told from other words
DESK = 20  # letters beside a name
BOLD = 150  # characters of a bold passage that may be a heading or a dateline


class Printed:
    """The links and bold passages of one page, gathered when first asked for; `names` are those of its makers."""

    def __init__(self, root: Tree, names: Iterable[str] = ()) -> None:
        self._root = root
        self._names = tuple(spelled for name in names if len(spelled := key(name)) >= NAME)
        self._links: frozenset[str] | None = None
        self._bold: tuple[str, ...] | None = None
        self._bold_keys: frozenset[str] = frozenset()

    def is_link(self, text: str) -> bool:
        """Tell whether a link's text makes up half of `text` or more."""
        spelled = key(text)
        return any(link in spelled and 2 * len(link) >= len(spelled) for link in self._link_keys())

    def is_whole_link(self, text: str) -> bool:
        """Tell whether `text` is the text of a link and nothing else."""
        return key(text) in self._link_keys()

    def is_bold(self, text: str) -> bool:
        """Tell whether the whole of `text` is printed bold somewhere."""
        self._gather()
        return key(text) in self._bold_keys

    def begins_bold(self, text: str) -> bool:
        """Tell whether a bold passage begins with `text`."""
        return any(passage.startswith(text) for passage in self._gather())

    def is_byline(self, text: str) -> bool:
        """Tell whether `text` is the name of one who made the article, perhaps with what names his desk."""
        spelled = key(text)
        return any(spelled.startswith(name) and len(spelled) - len(name) <= DESK for name in self._names)

    def is_name(self, text: str) -> bool:
        """Tell whether `text` is nothing but the name of one who made the article."""
        return key(text) in self._names

    def _link_keys(self) -> frozenset[str]:
        if self._links is None:
            links = (a for a in islice(self._root.iter("a"), MOST) if not (a.get("href") or "#").startswith("#"))
            found = (key(text_of(link)) for link in links)
            self._links = frozenset(spelled for spelled in found if len(spelled) >= LINK_TEXT)
        return self._links

    def _gather(self) -> tuple[str, ...]:
        if self._bold is None:
            found = (clean(text_of(element)) for element in islice(self._root.iter("b", "strong"), MOST))
            self._bold = tuple(text for text in found if text and len(text) <= BOLD)
            self._bold_keys = frozenset(map(key, self._bold)) - {""}
        return self._bold
