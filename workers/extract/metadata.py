"""Title, section, tags, image, canonical address: from JSON-LD, OpenGraph, meta elements and the page."""

from __future__ import annotations

import re
from typing import Any

from workers.extract.head import Head, absolute
from workers.extract.sites import Rules
from workers.extract.structured import names
from workers.extract.text import key, plain
from workers.identify.address import registrable_domain

MAX_TAGS = 50
TELLING = 8  # letters of an address' label that hardly stand in a title by chance
MOST = 0.6  # of a title that a heading within it must be
_SEPARATOR = re.compile(r"\s+[|\-–—:•·»«/]+\s+|\s*[|»•]\s*|:\s+(?=[\w.]+$)|\s+[-–—](?=\w+\.\w+$)")
_NO_TITLE = re.compile(
    r"(?:home|beranda|untitled|index|news|berita|404.{0,30}|not found|loading\W*|just a moment\W*)", re.IGNORECASE
)
_NO_SECTION = re.compile(
    r"(?:home|beranda|indeks|index|news|berita|article|uncategorized|tak berkategori)", re.IGNORECASE
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
    if len(head.headlines) == 1 and len(head.headlines[0]) > 15 and not claims:
        return head.headlines[0]
    return next(iter(claims), "")


def _agree(heading: str, spelled: str, claim: str) -> bool:
    """Whether a heading (and its key) is a claimed title: a section's name within one must be most or a part of it."""
    claimed = key(claim)
    if claimed in spelled:
        return True
    if spelled not in claimed:
        return False
    parts = [spelt for part in _SEPARATOR.split(claim[:500]) if (spelt := key(part))]
    return (
        len(spelled) >= MOST * len(claimed) or spelled in parts[:1] or (spelled in parts and len(heading.split()) > 2)
    )


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
    return next((s for s in found if s and len(s) <= 80 and not _NO_SECTION.fullmatch(s)), "")


def _breadcrumbs(node: dict[str, Any]) -> list[str]:
    items = node.get("itemListElement")
    crumbs: list[str] = []
    for item in items[:10] if isinstance(items, list) else []:
        if isinstance(item, dict):
            inner = item.get("item")
            crumbs += names(inner if isinstance(inner, dict) and inner.get("name") else item)
    return crumbs[1:2] if len(crumbs) > 1 else []


def tags(head: Head) -> tuple[str, ...]:
    """Return the page's keywords, without repeats, at most MAX_TAGS."""
    found = head.every("article:tag")
    if not found:
        found = [*names(head.article.get("keywords"))] or head.every("news_keywords") or head.every("keywords")
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


def lead(head: Head) -> str:
    """Return the page's own summary."""
    found = head.first("og:description", "description", "twitter:description") or plain(head.article.get("description"))
    return found[:1_000]
