"""What a page says about itself in its head: meta elements, links, JSON-LD; read once, asked often."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from workers.extract.structured import Node, article, linked_data
from workers.extract.text import plain
from workers.extract.tree import Tree, text_of

_FRONT = re.compile(r"home|beranda|depan|halaman depan|start(?:seite)?|accueil|inicio", re.IGNORECASE)
_LOGO = re.compile(r"\b(?:site[-_]?(?:title|name|logo)|logo|brand)\b", re.IGNORECASE)
_HOME = re.compile(r"(?:https?:)?//[^/?#]+/?|/", re.IGNORECASE)
_HEADLINE = re.compile(
    r"\bheadline\b|(?:entry|post|article|detail|read|news|judul|single)[\w-]*title|title[-_]?(?:article|detail|news|post)|judul",
    re.IGNORECASE,
)
_KICKER = re.compile(r"kicker|overline|dachzeile|visually-hidden|sr-only|screen-reader", re.IGNORECASE)
MAX_META = 500  # elements; further ones are not read


class Head:
    """Meta values by lower-case name or property, first and all; the article's JSON-LD node; headlines."""

    def __init__(self, root: Tree, url: str) -> None:
        self.root = root
        self.metas: dict[str, list[str]] = {}
        for count, element in enumerate(root.iter("meta")):
            if count >= MAX_META:
                break
            name = element.get("property") or element.get("name") or element.get("itemprop") or ""
            value = plain(element.get("content") or "", 5_000)
            if name and value:
                self.metas.setdefault(name.strip().lower(), []).append(value)
        base = root.find(".//base[@href]")
        self.base = absolute(url, base.get("href")) or url if base is not None else url
        self.url = url
        self._links = [
            ((link.get("rel") or "").lower().split(), link.get("href") or "")
            for link in list(root.iter("link"))[:MAX_META]
            if not link.get("media")
        ]
        title = next(root.iter("title"), None)
        self.title = plain(text_of(title)) if title is not None else ""
        found = list(root.iter("h1"))[:10]
        own = [heading for heading in found if not _names_site(heading)] or found
        self.headlines = [text for heading in own if (text := plain(_without_kicker(heading)))]
        self.headline_is_marked = any(_HEADLINE.search(f"{h.get('class')} {h.get('itemprop')}") for h in own)
        data = linked_data(root)
        self.nodes, self.own_nodes = data.nodes, data.own
        titles = [title for title in (self.first("og:title"), self.title) if title] or self.headlines[:1]
        described = article(data, titles, (url, self.first("og:url"), self.link("canonical")))
        self.article: Node = described.node
        # menus are cut out of the page next, and trails with them
        self.breadcrumbs = (
            [] if "article:section" in self.metas or self.article.get("articleSection") else _breadcrumbs(root)
        )
        self.article_is_certain = described.certain

    def first(self, *names: str) -> str:
        """Return the first value of the first of `names` that has one, else ""."""
        return next((self.metas[name][0] for name in names if name in self.metas), "")

    def every(self, *names: str) -> list[str]:
        """Return all values of all `names`, in order."""
        return [value for name in names for value in self.metas.get(name, ())]

    def link(self, relation: str) -> str:
        """Return the absolute address of `<link rel=relation>`, else ""."""
        return next((absolute(self.base, address) for relations, address in self._links if relation in relations), "")


def _names_site(heading: Tree) -> bool:
    """Whether a heading is the site's name: a logo, or a link to the front page around all of it."""
    if _LOGO.search(f"{heading.get('class') or ''} {heading.get('id') or ''}"):
        return True
    link = next(heading.iter("a"), None)
    return link is not None and _HOME.fullmatch((link.get("href") or "")[:200]) is not None


def _without_kicker(heading: Tree) -> str:
    """The heading's text without the small line above it."""
    kept = [heading.text or ""]
    cut = False
    for child in heading:
        if _KICKER.search(child.get("class") or ""):
            cut = True
        elif isinstance(child.tag, str):
            kept.append(text_of(child))
        kept.append(child.tail or "")
    left = " ".join(kept) if cut else ""
    return left if left.strip() else text_of(heading)


def _breadcrumbs(root: Tree) -> list[str]:
    """What the second step of a trail such as "Beranda / Riau / Judul" is called; the first names the site."""
    for trail in root.iter("nav", "ol", "ul", "div", "section", "p"):
        if "readcrumb" not in f"{trail.get('class')} {trail.get('id')} {trail.get('aria-label')}":
            continue
        steps = [text for link in list(trail.iter("a"))[:8] if (text := plain(text_of(link), 100))]
        if steps:
            return steps[1:2] if _FRONT.fullmatch(steps[0]) or len(steps) > 1 else steps
    return []


def absolute(base: str, address: object) -> str:
    """Return `address` as an absolute http(s) URL; "" when it is none."""
    if not isinstance(address, str) or not address.strip() or len(address) > 4_096:
        return ""
    try:
        found = urljoin(base, "".join(address.split()))
        parts = urlsplit(found)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return found if usable else ""
