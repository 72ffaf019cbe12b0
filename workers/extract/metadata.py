"""Title, section, tags, image, canonical address: from JSON-LD, OpenGraph, meta elements and the page."""

from __future__ import annotations

import re
from typing import Any

from workers.extract.head import Head, absolute
from workers.extract.marks import Marks
from workers.extract.place import is_beside
from workers.extract.sites import Rules
from workers.extract.structured import names
from workers.extract.text import key, plain, words
from workers.extract.tree import Tree, text_of
from workers.identify.address import registrable_domain

MAX_TAGS = 50
MAX_CAPTION = 500  # characters
TELLING = 8  # letters of an address' label that hardly stand in a title by chance
ALIKE = 0.6  # share of common words that makes two titles one
MOST = 0.6  # of a title that a heading within it must be
_SEPARATOR = re.compile(r"\s+[|\-–—:•·»«/]+\s+|\s*[|»•]\s*|:\s+(?=[\w.]+$)|\s+[-–—](?=\w+\.\w+$)")
_NO_TITLE = re.compile(
    r"(?:home|beranda|untitled|index|news|berita|404.{0,30}|not found|loading\W*|just a moment\W*)", re.IGNORECASE
)
_NO_SECTION = re.compile(
    r"(?:home(?:page)?|front ?page|beranda|indeks?|index|(?:latest |all )?news|(?:semua )?berita|articles?|all|semua"
    r"|artikel|posts?|blogs?|uncategorized|tak berkategori|archives?|arsip|archiv|terkini|terbaru|read|detail)",
    re.IGNORECASE,
)


def title(head: Head, rules: Rules, site_name: str) -> str:
    """Return the article's headline without the site's name; "" without.

    The page's own heading wins when another source agrees with it: it is what readers see.
    """
    named = (head.first("og:title"), head.first("twitter:title"), head.title)
    claims = [without_site(claim, rules, site_name, head.url) for claim in named if claim]
    claims = [plain(head.article.get("headline")), *claims]
    claims = [claim for claim in claims if claim and not _NO_TITLE.fullmatch(claim)]
    for heading in head.headlines:
        spelled = key(heading)
        if len(spelled) > 5 and any(_agree(heading, spelled, claim) for claim in claims):
            return heading
    if len(head.headlines) == 1 and len(head.headlines[0]) > 15:
        heading = head.headlines[0]
        # worded anew for search engines: the only heading counts if it says the same with other words
        if not claims or (head.headline_is_marked and any(_alike(heading, claim) for claim in claims)):
            return heading
    return next(iter(claims), "")


def _agree(heading: str, spelled: str, claim: str) -> bool:
    """Whether a heading (and its key) is a claimed title: a section's name within one must be most or a part of it."""
    claimed = key(claim)
    if claimed in spelled:
        return True
    if spelled not in claimed:
        return False
    parts = [spelt for part in _SEPARATOR.split(claim[:500]) if (spelt := key(part))]
    if claimed.startswith(spelled) and len(spelled) > 8 and claim[len(heading) : len(heading) + 1].isupper():
        return True  # "Jembatan dibukaKabar Lokal": joined without a separator
    return (
        len(spelled) >= MOST * len(claimed) or spelled in parts[:1] or (spelled in parts and len(heading.split()) > 2)
    )


def _alike(heading: str, claim: str) -> bool:
    own, theirs = words(heading), words(claim)
    return min(len(own), len(theirs)) > 3 and len(own & theirs) >= ALIKE * min(len(own), len(theirs))


def without_site(text: str, rules: Rules, site_name: str, url: str) -> str:
    """Return `text` without a last (or first) part that names the site, its domain or one of its known suffixes."""
    domain = registrable_domain(url)
    label = key(domain.partition(".")[0])
    host = re.sub(r"^\w+://|[/:?#].*$", "", url, flags=re.DOTALL)
    sites = {key(site_name), key(domain), key(host.removeprefix("www."))} - {""}
    for _ in range(3):
        cuts = list(_SEPARATOR.finditer(text))
        if not cuts:
            break
        last, first = text[cuts[-1].end() :], text[: cuts[0].start()]
        if (
            _names_site(last, sites)
            or _is_label(last, label)
            or _begins(site_name, last)
            or rules.suffix.fullmatch(last)
        ):
            text = text[: cuts[-1].start()].rstrip()
        elif key(first) in sites or (len(first.split()) > 1 and _is_label(first, label)):
            text = text[cuts[0].end() :].lstrip()
        else:
            break
    return text


def _names_site(part: str, sites: set[str]) -> bool:
    """Whether a part is the site's full name or address, or has it inside: half a name is no name."""
    spelled = key(part)
    if not spelled or len(part) > 60:
        return False
    return any(spelled == site or (len(site) > 4 and site in spelled) for site in sites)


def _is_label(part: str, label: str) -> bool:
    """Whether a last part is a word made of the address' main label ("Kompas", "detikNews") or holds a long one."""
    spelled = key(part)
    if len(part.split()) > 1:
        return len(label) >= TELLING and len(part) <= 60 and label in spelled
    return len(label) > 3 and spelled.startswith(label)


def _begins(site_name: str, part: str) -> bool:
    """Whether a part is the site's name without its last words: "ANTARA News" of "ANTARA News Riau"."""
    own = [key(word) for word in site_name.split() if key(word) != "the"]
    words = [key(word) for word in part.split() if key(word) != "the"]
    return len(words) > 1 and own[: len(words)] == words


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
