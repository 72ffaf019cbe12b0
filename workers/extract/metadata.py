"""Section, tags, image, canonical address: from JSON-LD, OpenGraph, meta elements and the page."""

from __future__ import annotations

import re
from typing import Any

from workers.extract.head import Head, absolute
from workers.extract.marks import Marks
from workers.extract.place import is_beside
from workers.extract.structured import names
from workers.extract.text import key, plain
from workers.extract.tree import Tree, text_of
from workers.identify.address import registrable_domain

MAX_TAGS = 50
MAX_CAPTION = 500  # characters
_NO_SECTION = re.compile(
    r"(?:home(?:page)?|front ?page|beranda|indeks?|index|(?:latest |all )?news|(?:semua )?berita|articles?|all|semua"
    r"|artikel|posts?|blogs?|uncategorized|tak berkategori|archives?|arsip|archiv|terkini|terbaru|read|detail)",
    re.IGNORECASE,
)


def site_name(head: Head) -> str:
    """Return the site's own name, "" when it gives none."""
    name = head.first("og:site_name", "application-name", "al:android:app_name")
    if not name:
        name = next(names(head.article.get("publisher"), head.nodes), "")
    return name if len(name) <= 80 else ""


def section(head: Head) -> str:
    """Return the section the page says it stands in."""
    found = [*names(head.article.get("articleSection"))]
    found += head.every("article:section", "section", "cxenseparse:recs:category", "content_category", "category")
    for node in head.own_nodes:
        if "BreadcrumbList" in str(node.get("@type")) and not found:
            found += _breadcrumbs(node)
    found += [step for step in head.breadcrumbs if key(step) != key(site_name(head))]
    domain = registrable_domain(head.url)
    own = {key(head.title), *map(key, head.headlines), key(domain), key(domain.partition(".")[0])}
    parts = (part.strip() for value in found for part in value.split(",")[:1])
    return next((p for p in parts if p and len(p) <= 80 and not _NO_SECTION.fullmatch(p) and key(p) not in own), "")


def _breadcrumbs(node: dict[str, Any]) -> list[str]:
    items = node.get("itemListElement")
    crumbs: list[str] = []
    for item in items[:10] if isinstance(items, list) else []:
        if isinstance(item, dict):
            inner = item.get("item")
            crumbs += names(inner if isinstance(inner, dict) and inner.get("name") else item)
    return crumbs[1:2] if len(crumbs) > 1 else []


def tags(head: Head, marks: Marks) -> tuple[str, ...]:
    """Return the page's keywords, or the tags it links, without repeats, at most MAX_TAGS."""
    found = head.every("article:tag")
    if not found:
        found = [*names(head.article.get("keywords"))] or head.every("news_keywords") or head.every("keywords")
    if not found:
        found = [plain(text_of(element), 200) for element in marks.tags[:MAX_TAGS]]
    split = (part.strip(" #\"'") for value in found for part in re.split(r"[,;]", value))
    kept = {key(tag): tag for tag in reversed([t for t in split if t and len(t) <= 80]) if key(tag)}
    return tuple(reversed(kept.values()))[:MAX_TAGS]


def image(head: Head) -> str:
    """Return the address of the article's picture, "" without."""
    value: Any = head.article.get("image") or head.article.get("thumbnailUrl")
    for _ in range(3):
        if isinstance(value, list):
            value = value[0] if value else ""
        if isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl") or ""
    return (
        absolute(head.base, head.first("og:image:secure_url", "og:image", "og:image:url"))
        or absolute(head.base, value)
        or absolute(head.base, head.first("twitter:image", "twitter:image:src"))
    )


def canonical(head: Head) -> str:
    """Return the address the page claims for itself, absolute, "" without."""
    return head.link("canonical") or absolute(head.base, head.first("og:url"))


def amp(head: Head) -> str:
    """Return the address of the page's AMP version, absolute, "" without."""
    return head.link("amphtml")


def lead(head: Head, title: str) -> str:
    """Return the page's own summary, "" when that is only its title again."""
    claims = (head.first("og:description"), head.first("description"), head.first("twitter:description"))
    for claim in (*claims, plain(head.article.get("description"))):
        if claim and key(claim) != key(title):
            return claim[:1_000]
    return ""


def image_caption(head: Head, marks: Marks, address: str) -> str:
    """Return what is said of the article's picture: in its data, else below it on the page, else in its alt text."""
    value = head.article.get("image")
    for item in (value if isinstance(value, list) else [value])[:5]:
        if isinstance(item, dict) and (said := plain(item.get("caption") or item.get("description"), MAX_CAPTION)):
            return said
    for element in marks.captions[:40]:
        if _belongs(element, address, marks) and len(text := plain(" ".join(element.itertext()), MAX_CAPTION)) >= 5:
            return text
    said = head.first("og:image:alt", "twitter:image:alt")
    return (
        said[:MAX_CAPTION]
        if len(said.split()) > 2 and key(said) not in {key(head.title), *map(key, head.headlines)}
        else ""
    )


def _belongs(caption: Tree, address: str, marks: Marks) -> bool:
    """Whether a caption stands with the picture at `address`, or with the first one of the article."""
    if is_beside(caption):
        return False
    name = _picture(address)
    box = caption
    for _ in range(4):
        box = box.getparent()
        if box is None:
            return False
        pictures = list(box.iter("img", "amp-img"))[:5]
        if pictures:
            shown = {_picture(picture.get(at) or "") for picture in pictures for at in ("src", "data-src")}
            return (bool(name) and name in shown) or (len(pictures) == 1 and marks.is_above_text(caption))
    return False


def _picture(address: str) -> str:
    """The file's name without the size that portals write into it."""
    name = address.partition("?")[0].rpartition("/")[2][:200].lower()
    return re.sub(r"[-_]\d{2,4}x\d{2,4}(?=\.)|\.\w+$", "", name)
