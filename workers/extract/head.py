"""What a page says about itself in its head: meta elements, links, JSON-LD; read once, asked often."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from workers.extract.structured import Node, article, linked_data
from workers.extract.text import plain
from workers.extract.tree import Tree, text_of

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
        title = next(root.iter("title"), None)
        self.title = plain(text_of(title)) if title is not None else ""
        self.headlines = [text for h in list(root.iter("h1"))[:10] if (text := plain(text_of(h)))]
        data = linked_data(root)
        self.nodes, self.own_nodes = data.nodes, data.own
        titles = [title for title in (self.first("og:title"), self.title) if title] or self.headlines[:1]
        described = article(data, titles, (url, self.first("og:url"), self.link("canonical")))
        self.article: Node = described.node
        self.article_is_certain = described.certain

    def first(self, *names: str) -> str:
        """Return the first value of the first of `names` that has one, else ""."""
        return next((self.metas[name][0] for name in names if name in self.metas), "")

    def every(self, *names: str) -> list[str]:
        """Return all values of all `names`, in order."""
        return [value for name in names for value in self.metas.get(name, ())]

    def link(self, relation: str) -> str:
        """Return the absolute address of `<link rel=relation>`, else ""."""
        for element in self.root.iter("link"):
            if relation in (element.get("rel") or "").lower().split() and not element.get("media"):
                return absolute(self.base, element.get("href") or "")
        return ""


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
