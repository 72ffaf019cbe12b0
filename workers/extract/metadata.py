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
    claims = [plain(head.article.get("headline")), head.first("og:title"), head.first("twitter:title"), head.title]
    claims = [without_site(claim, rules, site_name, head.url) for claim in claims if claim]
    claims = [claim for claim in claims if claim and not _NO_TITLE.fullmatch(claim)]
    for heading in head.headlines:
        spelled = key(heading)
        if len(spelled) > 5 and any(spelled in key(claim) or key(claim) in spelled for claim in claims):
            return without_site(heading, rules, site_name, head.url)
    if len(head.headlines) == 1 and len(head.headlines[0]) > 15 and not claims:
        return head.headlines[0]
    return next(iter(claims), "")


def without_site(text: str, rules: Rules, site_name: str, url: str) -> str:
    """Return `text` without a last (or first) part that names the site, its domain or one of its known suffixes."""
    domain = registrable_domain(url)
    sites = {key(site_name), key(domain), key(domain.partition(".")[0])} - {""}
    for _ in range(3):
        cuts = list(_SEPARATOR.finditer(text))
        if not cuts:
            break
        last, first = text[cuts[-1].end() :], text[: cuts[0].start()]
        if _names_site(last, sites) or rules.suffix.fullmatch(last):
            text = text[: cuts[-1].start()].rstrip()
        elif _names_site(first, sites):
            text = text[cuts[0].end() :].lstrip()
        else:
            break
    return text


def _names_site(part: str, sites: set[str]) -> bool:
    spelled = key(part)
    if not spelled or len(part) > 60:
        return False
    return any(
        spelled == site or (len(site) > 3 and (site in spelled or (len(spelled) > 3 and spelled in site)))
        for site in sites
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
