"""What sort of page it is: an article, a photo gallery, a video, a live blog, or a list of articles instead."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import SplitResult, parse_qsl, urlsplit

from msgspec import Struct

from workers.extract.beside import teasers
from workers.extract.head import Head
from workers.extract.running import lines
from workers.extract.structured import is_article, types
from workers.extract.tree import Tree, text_of
from workers.model import Kind

FEWEST = 4  # teasers of a list
FEWEST_LINKS, LONG_LINK = 12, 25  # the same without headings: links, and the characters of their text
ARTICLE_PARAGRAPHS, ARTICLE_TEXT = 2, 400  # of running text in one box, and their characters: an article, if short
MAX_ITEMS = 2_000  # elements looked at
LIVE_ITEMS = 3

_LIST_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage"})
_LIST_PLACES = frozenset(
    {"tag", "tags", "topik", "topic", "topics", "search", "cari", "pencarian", "kategori", "category", "categories",
     "kanal", "channel", "rubrik", "indeks", "index", "author", "penulis", "arsip", "archive", "archives", "terpopuler",
     "terkini", "populer", "label"}
)  # fmt: skip
_SEARCHED = frozenset({"s", "q", "query", "search", "keyword", "cari"})
_ARCHIVE = frozenset(
    {"archive", "category", "tag", "author", "search", "search-results", "post-type-archive"}
)  # WordPress
_SINGLE = re.compile(r"single|postid-|attachment|article|detail", re.IGNORECASE)
_PHOTO_PLACES = frozenset(
    {"foto", "photo", "photos", "fotos", "galeri", "galeri-foto", "foto-news", "gallery", "galleries", "photostory",
     "fotostory", "foto-story", "photo-story", "berita-foto", "photo-gallery", "picture-gallery", "slideshow"}
)  # fmt: skip
_VIDEO_PLACES = frozenset({"video", "videos", "vidio", "berita-video", "video-news"})
_LIVE_PLACES = frozenset({"live", "live-report", "liveblog", "live-blog", "live-update", "live-updates", "livereport"})
_PHOTO_TITLE = re.compile(r"\W*(?:galeri |berita )?fotos?\s*[:\]|]|\W*photos?\s*[:\]|]|\W*in pictures\W", re.IGNORECASE)
_VIDEO_TITLE = re.compile(r"\W*(?:berita )?video\s*[:\]|]", re.IGNORECASE)
_LIVE_TITLE = re.compile(
    r"\W*live(?: (?:report|update|blog)s?)?\s*[:\]|]|\W*live (?:report|update|blog)", re.IGNORECASE
)
_LIVE_ITEM = re.compile(r"live.{0,20}(?:item|update|entry|post|block|list__|report)", re.IGNORECASE)
_CLOCK = re.compile(r"\W*\d{1,2}[.:]\d{2}(?:\W*(?:WIB|WITA|WIT)\b|\s*$|\s*[-–—|])")
_PLACES_READ = 2  # leading parts of a path that may name a section


class Evidence(Struct, frozen=True):
    """What head and address say of a page."""

    types: frozenset[str]  # of the JSON-LD objects that stand for this page
    opengraph: str
    places: frozenset[str]  # the sections its address names, its host's first label among them
    is_article: bool  # something says that this is an article, a film with its page among them
    is_written: bool  # something says that it is one to read


def evidence(head: Head) -> Evidence:
    """Return what the head says of the kind of its page."""
    parts = _parts(head.url)
    segments = [part.lower() for part in parts.path.split("/") if part]
    label = (parts.hostname or "").removeprefix("www.").partition(".")[0]
    opengraph = head.first("og:type").lower()
    written = "article" in opengraph or bool(head.first("article:published_time"))
    nodes = [node for node in head.own_nodes if is_article(node)]
    return Evidence(
        types=frozenset(kind for node in head.own_nodes for kind in types(node)),
        opengraph=opengraph,
        places=frozenset([label, *segments[:-1][:_PLACES_READ]]),
        is_article=written or bool(nodes),
        is_written=written or any("VideoObject" not in types(node) for node in nodes),
    )


def kind_of(found: Evidence, title: str, root: Tree) -> Kind:
    """Return the kind of a page that is no list. `title` is its headline, `root` the page before boxes were cut."""
    live = "LiveBlogPosting" in found.types
    if live or ((found.places & _LIVE_PLACES or _LIVE_TITLE.match(title)) and _is_live(root)):
        return "live"
    gallery = bool(found.types & {"ImageGallery", "MediaGallery"}) or "gallery" in found.opengraph
    if gallery or found.places & _PHOTO_PLACES or _PHOTO_TITLE.match(title):
        return "photo"
    player = "VideoObject" in found.types and not found.is_written
    if player or found.opengraph.startswith("video") or found.places & _VIDEO_PLACES or _VIDEO_TITLE.match(title):
        return "video"
    return "article"


def is_list(found: Evidence, head: Head, root: Tree) -> bool:
    """Tell whether the page is a front page, a section, a topic, an author's page or a search's result.

    Something must say so, and the page must look it: teasers, and nowhere the text of an article.
    """
    claimed = _claims_list(found, head, root)
    return (claimed or not found.is_article) and _looks_list(root, FEWEST_LINKS if claimed else None)


def _claims_list(found: Evidence, head: Head, root: Tree) -> bool:
    """Whether head, address or the page's make say that it is a list."""
    if found.types & _LIST_TYPES and not any(is_article(node) for node in head.own_nodes):
        return True
    body = root.find("body")
    classes = set((("" if body is None else body.get("class")) or "").lower().split()[:100])
    if classes & _ARCHIVE and not any(_SINGLE.match(name) for name in classes):
        return True
    return is_list_address(head.url) and not any(is_article(node) for node in head.own_nodes)


def _looks_list(root: Tree, fewest_links: int | None) -> bool:
    """Whether there are teasers (or so many links with long names), and no box with the text of an article."""
    items = set(islice(teasers(root), MAX_ITEMS))
    if len(items) < FEWEST and (fewest_links is None or _long_links(root) < fewest_links):
        return False
    boxes: dict[Tree, list[int]] = {}
    for holder, length in lines(root):
        if not any(node in items for node in (holder, *holder.iterancestors())):
            box = holder.getparent() if holder.tag == "p" else holder
            boxes.setdefault(box, []).append(length)
    return not any(len(own) >= ARTICLE_PARAGRAPHS or sum(own) >= ARTICLE_TEXT for own in boxes.values())


def is_list_address(url: str) -> bool:
    """Tell whether an address names a section, a topic, a search …, not an article."""
    parts = _parts(url)
    segments = [part.lower() for part in parts.path.split("/") if part]
    searched = any(name.lower() in _SEARCHED for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    return not (segments or parts.query) or bool(set(segments[-2:]) & _LIST_PLACES) or (searched and len(segments) <= 1)


def _long_links(root: Tree) -> int:
    return sum(len(text_of(link)) >= LONG_LINK for link in islice(root.iter("a"), MAX_ITEMS))


def _is_live(root: Tree) -> bool:
    count = 0
    for element in islice(root.iter("li", "div", "article", "section", "p", "h3", "time", "span", "strong"), 20_000):
        named = _LIVE_ITEM.search(f"{element.get('class') or ''} {element.get('id') or ''}"[:500])
        count += bool(named) or _CLOCK.match((element.text or "")[:60]) is not None
        if count >= LIVE_ITEMS:
            return True
    return False


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
