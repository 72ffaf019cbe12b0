"""Who wrote it: persons, never the site, a role, an account or an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from workers.extract.head import Head
from workers.extract.sites import Rules
from workers.extract.structured import names
from workers.extract.text import key, plain
from workers.extract.tree import Tree, text_of

MAX_AUTHORS = 12
_META = ("author", "article:author_name", "dc.creator", "dcterms.creator", "sailthru.author", "parsely-author",
         "citation_author", "content_author", "cxenseparse:author", "byl", "article:author", "twitter:data1_author")  # fmt: skip
_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author[_-]?names?|author|byline[_-]?(?:name|author)?|by-?line|writer|penulis|reporter|jurnalis|wartawan"
    r"|entry-author|post-author|article-author|fn|posted-by|credit-name|contributor)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NOT_HERE = re.compile(r"comment|komentar|related|terkait|sidebar|footer|avatar|recommend|popular|quote|share", re.IGNORECASE)
_PREFIX = re.compile(
    r"^\W*(?:(?:written|posted|published|reported|story|words|text|foto|photos?)\s+by|by|oleh|von|par|por|di|van|autor(?:in)?|author|penulis"
    r"|reporter|pewarta|wartawan|jurnalis|kontributor|laporan|editor|text)\b\s*:?\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:[|•·/–—]|\s-\s|\(|\bfor\b|,\s*(?:reporter|editor|staff|senior|contributor|correspondent|jurnalis|tim|updated|published|M\.?D\.?|Ph\.?D\.?)"
    r"|\d{1,2}[:./]\d|\d{1,2}\s+\w{3,9}\s+\d{4}|\b(?:senin|selasa|rabu|kamis|jumat|sabtu|minggu|on|updated|published|am|um)\b\s+\w*\d).*$",
    re.IGNORECASE | re.DOTALL,
)
_BETWEEN = re.compile(r"\s*(?:;|\||\s/\s|\bdan\b|\band\b|\bund\b|&|,\s*(?!jr\b|sr\b))\s*", re.IGNORECASE)
_PERSON = re.compile(r"[^\W\d_][\w.'’\-]*(?:\s+[\w.'’\-]+){0,5}")


def authors(head: Head, rules: Rules, site_name: str, *, fallback: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the authors' names, without repeats: JSON-LD, meta, rel=author and bylines of the page, the feed's."""
    sites = {key(site_name), key(head.url)} - {""}
    sources = (
        lambda: _structured(head),
        lambda: iter(head.every(*_META)),
        lambda: _marked(head.root),
        lambda: _bylines(head.root),
        lambda: iter(fallback),
    )
    for source in sources:
        if found := persons(source(), rules, sites):
            return found
    return ()


def persons(texts: Iterable[str], rules: Rules, sites: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the persons named in author texts ("Oleh: Budi Santoso dan Ani, Reporter" → Budi Santoso, Ani)."""
    found: dict[str, str] = {}
    for text in texts:
        for part in _BETWEEN.split(_PREFIX.sub("", text[:300])):
            name = _TAIL.sub("", _PREFIX.sub("", part)).strip(" ,.:-–—|/")
            if name and _is_person(name, rules, sites):
                found.setdefault(key(name), name)
    return tuple(found.values())[:MAX_AUTHORS]


def _is_person(name: str, rules: Rules, sites: Iterable[str]) -> bool:
    if not 3 <= len(name) <= 60 or not _PERSON.fullmatch(name) or rules.not_authors.fullmatch(name):
        return False
    spelled = key(name)
    return bool(spelled) and spelled not in sites


def _structured(head: Head) -> Iterator[str]:
    for value in (head.article.get("author"), head.article.get("creator")):
        kept = [v for v in (value if isinstance(value, list) else [value])
                if not (isinstance(v, dict) and "Organization" in str(v.get("@type")))]
        yield from names(kept, head.nodes)


def _marked(root: Tree) -> Iterator[str]:
    for element in list(root.iterfind(".//*[@rel='author']")) + list(root.iterfind(".//*[@itemprop='author']")):
        inner = element.find(".//*[@itemprop='name']")
        text = plain(text_of(inner if inner is not None else element))
        if 3 <= len(text) <= 100 and not _elsewhere(element):
            yield text


def _bylines(root: Tree) -> Iterator[str]:
    for element in root.iter("a", "span", "div", "p", "address", "strong", "h3", "h4", "h5", "li", "cite", "b"):
        name = element.get("class") or element.get("id") or element.get("data-testid")
        if name and _CLASS.search(name) and not _elsewhere(element):
            text = plain(text_of(element), 300)
            if 3 <= len(text) <= 120:
                yield text
                return


def _elsewhere(element: Tree) -> bool:
    """Whether the element belongs to a comment, a box or the frame of the page."""
    for depth, node in enumerate((element, *element.iterancestors())):
        if node.tag in ("body", "html", "article") or depth > 12:
            return False
        if node.tag in ("footer", "aside", "nav") or _NOT_HERE.search(f"{node.get('class')} {node.get('id')}"):
            return True
    return False
