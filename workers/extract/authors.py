"""Who wrote it: persons, never the site, a role, an account or an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from workers.extract.head import Head
from workers.extract.place import is_beside
from workers.extract.running import PARAGRAPH
from workers.extract.sites import Rules
from workers.extract.structured import is_article, names
from workers.extract.text import key, plain
from workers.extract.tree import Tree, text_of
from workers.identify.address import registrable_domain

MAX_AUTHORS = 12
_META = ("author", "article:author_name", "shareaholic:article_author_name", "dc.creator", "dcterms.creator",
         "sailthru.author", "parsely-author", "citation_author", "content_author", "cxenseparse:author", "byl",
         "article:author", "dable:author")  # fmt: skip
_WRITTEN_BY = re.compile(
    r"(?:written|posted) by|ditulis oleh|penulis|author|verfasst von|écrit par|escrito por", re.IGNORECASE
)
_CLASS = re.compile(
    r"(?:^|[\s_-])(?:authors?(?:[_-]?names?|box)?|by-?lines?(?:[_-]?(?:names?|authors?))?|writer|penulis|reporter|jurnalis"
    r"|wartawan|fn|posted-by|submitted-by|credit-name|contributors?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"/(?:authors?|penulis|autor(?:en|es)?|auteurs?|reporters?|writers?|redaktur|editor|people|profile|staff|newsteam"
    r"|by|contributors?|journalist|wartawan)/[^/?#]{3,80}/?$",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^\W*(?:(?:written|posted|published|reported|story|words|text|photos?|eingestellt|geschrieben|artikel|about the"
    r"|ditulis|diposting)\s+(?:by|von|oleh|author)|by|oleh|(?-i:vom?|von|par|por|di|van)|(?-i:Von|Par|Por)(?=\s+[A-Z]\S+\s+[A-Z])|(?:von|par|por|di|van|text|foto)(?=\s*:)|autor(?:in)?|author|penulis|reporter|pewarta|wartawan"
    r"|jurnalis|kontributor|laporan(?:\s+wartawan)?|editor)\b\s*[:\-–]?\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:[|•·/–—]|\s-\s|\(|\bfor\b|,\s*(?:reporter|editor|staff|senior|contributor|correspondent|jurnalis|tim|updated"
    r"|published|M\.?D\.?|Ph\.?D\.?)|\d{1,2}[:./]\d|\d{1,2}\s+\w{3,9}\s+\d{4}"
    r"|\b(?:senin|selasa|rabu|kamis|jumat|sabtu|minggu|on|updated|published|am|um)\b\s+\w*\d).*$",
    re.IGNORECASE | re.DOTALL,
)
_DEGREE = re.compile(  # "S.Sos.", "M.Si", "S.H., M.H.", "Ph.D": with its comma it follows the name
    r",?\s+(?:[SMAD]\.\s?[A-Z][a-z]{0,4}\.?(?:\s?[A-Z][a-z]{0,4}\.?)?|Ph\.?D\.?|M\.?B\.?A\.?|Lc\.?)(?=$|[\s,;|])"
)
_PLACED = re.compile(r"^\W*(?:kontributor|koresponden|reporter|wartawan|laporan)\s+[A-Z][\w ]{2,30},\s*", re.IGNORECASE)
_INITIALS = re.compile(r"\w{1,6}/\w{1,6}|[A-Z]{1,3}\d+")  # "R24/put": an account's mark
_BETWEEN = re.compile(r"\s*(?:;|\||\s/\s|(?-i:\bdan\b)|\band\b|\bund\b|&|,\s*(?!jr\b|sr\b))\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"://|@\w|^\S+\.[a-z]{2,6}$|www\.", re.IGNORECASE)
_PERSON = re.compile(r"[^\W\d_][\w.'’\-]*(?:\s+[\w.'’\-]+){0,5}")
_LINE = re.compile(  # a short line that says who wrote: "By Ani Wulandari | 12/10/2020", "Oleh: Budi"
    r"(?:(?:by|oleh|von|par)\s+|(?:penulis|reporter|pewarta|oleh|jurnalis|wartawan)\s*:\s*)"
    r"(?-i:[A-ZÀ-Þ][\w.'’-]+(?:\s+[A-ZÀ-Þ][\w.'’-]*){0,4})"
    r"\s*(?:[|,•·(/–-].{0,60})?",
    re.IGNORECASE,
)


def authors(head: Head, rules: Rules, site_name: str, *, fallback: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the authors' names, without repeats: JSON-LD, meta, bylines and profile links of the page, the feed's."""
    domain = registrable_domain(head.url)
    sites = {key(site_name), key(domain), key(domain.partition(".")[0])} - {""}
    for texts in (_structured(head), _meta(head), _marked(head.root)):
        if found := persons(texts, rules, sites):
            return found
    for text in chain(_profiles(head.root), _bylines(head.root), _lines(head.root)):
        if found := persons([text], rules, sites):
            return found
    if found := persons(_people(head), rules, sites):
        return found
    return persons(fallback, rules, sites)


def persons(texts: Iterable[str], rules: Rules, sites: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the persons named in author texts ("Oleh: Budi Santoso dan Ani, Reporter" → Budi Santoso, Ani)."""
    found: dict[str, str] = {}
    for text in texts:
        if _ADDRESS.search(text.strip()):
            continue
        if _INITIALS.fullmatch(text.strip()):
            continue
        named = _DEGREE.sub("", _PLACED.sub("", text[:300]))
        for part in _BETWEEN.split(_PREFIX.sub("", named)):
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
    described = [head.article, *(n for n in head.own_nodes if "WebPage" in str(n.get("@type")))]
    for value in (node.get(field) for node in described[:5] for field in ("author", "creator")):
        kept = [
            v
            for v in (value if isinstance(value, list) else [value])
            if not (isinstance(v, dict) and "Organization" in str(v.get("@type")))
        ]
        yield from names(kept, head.nodes)


def _people(head: Head) -> Iterator[str]:
    """The only person of the page's JSON-LD: blogs describe their author without saying so."""
    if not head.article and any(is_article(node) for node in head.own_nodes):
        return  # described there is another article, perhaps with its author
    people = {plain(n.get("name")) for n in head.own_nodes if "Person" in str(n.get("@type"))} - {""}
    if len(people) == 1:
        yield people.pop()


def _meta(head: Head) -> Iterator[str]:
    for name in _META:
        yield from head.every(name)
    for number in ("1", "2"):
        if _WRITTEN_BY.fullmatch(head.first(f"twitter:label{number}")):
            yield head.first(f"twitter:data{number}")


def _marked(root: Tree) -> Iterator[str]:
    for element in list(root.iterfind(".//*[@rel='author']")) + list(root.iterfind(".//*[@itemprop='author']")):
        inner = element.find(".//*[@itemprop='name']")
        text = plain(text_of(inner if inner is not None else element))
        if 3 <= len(text) <= 100 and not is_beside(element):
            yield text


def _profiles(root: Tree) -> Iterator[str]:
    for element in root.iter("a"):
        if _PROFILE.search((element.get("href") or "")[:1_000]) and not is_beside(element):
            text = plain(text_of(element), 200)
            if 5 <= len(text) <= 60:
                yield text


def _bylines(root: Tree) -> Iterator[str]:
    for element in root.iter("a", "span", "div", "p", "address", "strong", "h3", "h4", "h5", "li", "cite", "b"):
        name = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-testid') or ''}"
        if len(name) > 3 and _CLASS.search(name) and not is_beside(element):
            text = plain(text_of(element), 300)
            if 3 <= len(text) <= 120:
                yield text


def _lines(root: Tree) -> Iterator[str]:
    for element in root.iter("p", "span", "div", "strong", "b", "em", "i", "h4", "h5", "h6", "time", "td", "li"):
        if len(element) < 4 and not _is_amid_text(element):
            # "Pewarta: Ani<br>Editor: Budi": each line is told apart, the first names the author
            whole = len(element) and element.find("br") is None
            text = text_of(element) if whole else " ".join((element.text or "").split())
            if 6 <= len(text) <= 90 and _LINE.fullmatch(text) and not is_beside(element):
                yield text


def _is_amid_text(element: Tree) -> bool:
    """Whether running text stands right before and after: a book review names the book's author there."""
    around = (element.getprevious(), element.getnext())
    return all(node is not None and node.tag == "p" and len(text_of(node)) >= PARAGRAPH for node in around)
