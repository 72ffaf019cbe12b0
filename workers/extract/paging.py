"""Which further page of the same article a page leads to: the view of all on one page, else the next number.

A link counts when its address is the article's own but for a page marker ("?page=2", "/2", "?single=1" …). That keeps
out the next article, a list's next page and a gallery of another story, whatever their links are called. Markers that
may as well be part of another article's address ("slug-2", "?p=2") count only where the page calls them its pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urlsplit, urlunsplit

from lxml import etree
from msgspec import Struct

from workers.errors import Permanent
from workers.extract.head import absolute
from workers.extract.tree import Tree, text_of
from workers.identify.address import normalise, registrable_domain
from workers.identify.clues import ID_PARAMETERS, is_shared_page, words

MAX_LINKS = 5_000  # elements of a page that are looked at
MAX_CANDIDATES = 300  # addresses that are compared
MAX_HREF = 2_000  # characters
PAGER, LABEL = 300, 40  # characters of a pager at most, and of what is no link there

_PAGE = r"(?:page|halaman|hal|paged|pagenum|page_?no|page_?num|pg|showpage)"
_QUERY_NUMBER = re.compile(rf"{_PAGE}=0*(\d{{1,2}})", re.IGNORECASE)
_QUERY_UNSURE = re.compile(r"(?:p|start|index)=0*(\d{1,2})", re.IGNORECASE)
_QUERY_WHOLE = re.compile(
    rf"(?:{_PAGE}|view|show|tampil)=(?:all|semua|full|single)|(?:single|single_?page|full_?page|show_?all)(?:=(?:1|true|yes|y|all))?",
    re.IGNORECASE,
)
_PATH_NUMBER = re.compile(rf"/(?:{_PAGE}[/-]?)?0*(\d{{1,2}})/?$", re.IGNORECASE)
_PATH_NAMED = re.compile(rf"[-_]{_PAGE}[-_]?0*(\d{{1,2}})(?=/?$|\.\w{{2,5}}$)", re.IGNORECASE)
_PATH_UNSURE = re.compile(r"[-_]0*(\d{1,2})(?=/?$|\.\w{2,5}$)")
_PATH_WHOLE = re.compile(r"/(?:all|semua|single-?page|full-?page)/?$", re.IGNORECASE)
# expression, does it mean a view of all, is it sure
_IN_QUERY = ((_QUERY_WHOLE, True, True), (_QUERY_NUMBER, False, True), (_QUERY_UNSURE, False, False))
_IN_PATH = (
    (_PATH_WHOLE, True, True),
    (_PATH_NUMBER, False, True),
    (_PATH_NAMED, False, True),
    (_PATH_UNSURE, False, False),
)
_HINT = re.compile(
    rf"{_PAGE}|[?&]|/\d{{1,2}}/?(?:[?#]|$)|[-_]\d{{1,2}}(?:/?$|\.\w+$)|/(?:all|semua|single|full)", re.IGNORECASE
)
_RELATIVE = re.compile(r"(?:\./)?(?:\?|\d{1,2}/?(?:[?#]|$)|page/)")
_ADDRESSES = etree.XPath("//a/@href | //link/@href | //option/@value", smart_strings=False)
_NEXT = re.compile(
    r"\W*(?:ke )?(?:halaman|laman|page|hal\.?)\W*(?:selanjutnya|berikut(?:nya)?|next|\d{1,2})\W*"
    r"|\W*(?:baca |buka |lanjut(?:kan)? (?:ke )?)?(?:halaman |page )?(?:selanjutnya|berikut(?:nya)?|next(?: page)?)\W*"
    r"|\W*\d{1,2}\W*",
    re.IGNORECASE,
)
_PAGER = re.compile(r"pagina|paging|pager|page-?(?:num|link|nav)|multi-?page|halaman|post-nav-links", re.IGNORECASE)
_REMARKS = re.compile(r"comment|komentar|disqus|tanggapan", re.IGNORECASE)
_FRAME = frozenset({"html", "body", "main", "article"})
_OWN_NUMBER = re.compile(r"\d{5,}")


class Place(Struct, frozen=True):
    """An address read as one page of an article: the article's address, the page's number, whether it shows all.

    `sure`: the marker can hardly be anything else.
    """

    base: str  # normalised: to be compared
    number: int = 1
    whole: bool = False
    sure: bool = True
    address: str = ""  # of the article's first page, to be fetched


def place_of(url: str) -> Place:
    """Return what `url` says about the page it names; page 1 of itself when it has no marker."""
    return next((place for place in _readings(url) if place.sure), Place(_normal(url)))


class Link(Struct, frozen=True):
    """A link of a page to another page of the same article."""

    element: Tree
    address: str
    place: Place


def further(own: Place, links: Iterable[Link], have: Iterable[int], tried: Iterable[str]) -> str:
    """Return the address of the page to fetch next, "" when there is none.

    `own` and `links` are those of one page, `have` the numbers of the pages that are there, `tried` the addresses that
    are not to be asked again. A view of all goes first; of numbered pages the lowest that is not there.
    """
    if own.whole:
        return ""
    known, asked = {own.number, *have}, set(tried)
    numbered: dict[int, str] = {}
    for link in links:
        if link.place.whole and link.address not in asked:
            return link.address
        if not link.place.whole and link.place.number not in known:
            numbered.setdefault(link.place.number, link.address)
    if 1 not in known:
        numbered.setdefault(1, own.address)
    return numbered[min(numbered)] if numbered else ""


def cut_pagers(links: Iterable[Link]) -> None:
    """Take the links to other pages out of their page, with what stands around them in their box ("Halaman:")."""
    for link in links:
        box = link.element
        if box.getparent() is None or box.tag == "link":
            continue
        for around in box.iterancestors():
            if around.tag in _FRAME or not _is_pager(around):
                break
            box = around
        if box.getparent() is not None:
            box.drop_tree()


def _is_pager(box: Tree) -> bool:
    """Whether a box holds links and little besides, no paragraph of the text and no headline."""
    if any(next(box.iter(tag), box) is not box for tag in ("p", "h1", "h2")):
        return False
    text = text_of(box)
    return len(text) <= PAGER and len(text) - sum(len(text_of(link)) for link in box.iter("a", "option")) <= LABEL


def links_of(root: Tree, url: str) -> list[Link]:
    """Return the links of the whole page at `url` (menus included) to other pages of its article."""
    own = place_of(url)
    path = urlsplit(own.base).path
    if not own.base or (is_shared_page(path) and "?" not in own.base):
        return []
    return [link for link in _links(root, url, own) if link.place != own]


def _links(root: Tree, url: str, own: Place) -> Iterator[Link]:
    name = _name(own.address or url)
    base_element = root.find(".//base[@href]")
    base = url if base_element is None else absolute(url, base_element.get("href")) or url
    domain = registrable_domain(url)
    compared = 0
    likely = (href for href in _ADDRESSES(root)[:MAX_LINKS] if name in href or _RELATIVE.match(href))
    if not any(len(href) <= MAX_HREF and _HINT.search(href) for href in likely):
        return  # most pages have none: their links need not be looked at one by one
    for element in islice(root.iter("a", "link", "option"), MAX_LINKS):
        href = element.get("href") or (element.get("value") if element.tag == "option" else "") or ""
        # nearly all links of a page fail one of these, and nothing dearer is done for them
        if not (name in href or _RELATIVE.match(href)) or len(href) > MAX_HREF or not _HINT.search(href):
            continue
        address = absolute(base, href).partition("#")[0]
        if not address or registrable_domain(address) != domain or "comment" in href.lower():
            continue
        compared += 1
        if compared > MAX_CANDIDATES:
            return
        for place in (*_readings(address), Place(_normal(address))):
            if place.base == own.base and _counts(element, place):
                yield Link(element, address, place)
                break


def _name(url: str) -> str:
    """The last part of an address' path without its ending, "/" when there is none: all its pages' links have it."""
    return re.sub(r"\.\w{2,5}$", "", urlsplit(url).path.rstrip("/").rpartition("/")[2]) or "/"


def _counts(element: Tree, place: Place) -> bool:
    """Whether a link to the article's own address under another page number leads to its text."""
    relation = (element.get("rel") or "").lower().split()
    if element.tag == "link":
        return not place.whole and ("next" in relation or "prev" in relation)
    boxes = [f"{node.get('class') or ''} {node.get('id') or ''}" for node in islice(element.iterancestors(), 6)]
    boxes.append(f"{element.get('class') or ''} {element.get('id') or ''}")
    if any(_REMARKS.search(box) for box in boxes):
        return False
    if place.sure:
        return True
    called = text_of(element)[:60]
    pager = "next" in relation or any(_PAGER.search(box) for box in boxes)
    return pager and ("next" in relation or _NEXT.fullmatch(called) is not None)


def _readings(url: str) -> Iterator[Place]:
    """Yield the ways in which `url` may be a page of a longer article, the surest first."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    pairs = parts.query.split("&") if parts.query else []
    for expression, whole, sure in _IN_QUERY:
        for pair in pairs:
            match = expression.fullmatch(pair)
            if match is None:
                continue
            rest = [other for other in pairs if other is not pair]
            named = any(other.partition("=")[0].lower() in ID_PARAMETERS for other in rest)
            if named or (not is_shared_page(parts.path) and (sure or _is_own(parts.path))):
                first = urlunsplit(parts._replace(query="&".join(rest), fragment=""))
                yield Place(_normal(first), 1 if whole else int(match[1]), whole, sure, first)
    for expression, whole, sure in _IN_PATH:
        match = expression.search(parts.path)
        if match is None:
            continue
        slash = "/" if match[0].endswith("/") else ""
        path = parts.path[: match.start()] + slash + parts.path[match.end() :]
        if _is_own(path):
            first = urlunsplit(parts._replace(path=path, fragment=""))
            yield Place(_normal(first), 1 if whole else int(match[1]), whole, sure, first)


def _is_own(path: str) -> bool:
    """Whether a path is so much an article's own that what is hung on to it can't name another article."""
    last = path.rstrip("/").rsplit("/", 1)[-1]
    return not is_shared_page(path.rstrip("/")) and (len(words(last)) > 2 or _OWN_NUMBER.search(path) is not None)


def _normal(url: str) -> str:
    try:
        return normalise(url)
    except Permanent:
        return ""
