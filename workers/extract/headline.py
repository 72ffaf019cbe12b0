"""The headline: without the site's name, as readers see it rather than as it is worded for search engines."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlsplit

from workers.extract.head import Head
from workers.extract.place import is_beside
from workers.extract.sites import Rules
from workers.extract.text import key, plain, words
from workers.extract.tree import text_of
from workers.identify.address import registrable_domain

TELLING = 8  # letters of an address' label that hardly stand in a title by chance
SLUG = 3  # words of an address that name its article
NAMED = 0.8  # share of them that its heading has
MAX_HEADINGS = 40  # of a page, looked at for its title
ALIKE = 0.6  # share of common words that makes two titles one
MOST = 0.6  # of a title that a heading within it must be
_SEPARATOR = re.compile(r"\s+[|\-–—:•·»«/]+\s+|\s*[|»•]\s*|:\s+(?=[\w.]+$)|\s+[-–—](?=\w+\.\w+$)")
_SLUG_END = re.compile(r"\.\w{3,5}$|(?<=-)\d+$")
_NO_TITLE = re.compile(
    r"(?:home|beranda|untitled|index|news|berita|404.{0,30}|not found|loading\W*|just a moment\W*)", re.IGNORECASE
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
    claim = next(iter(claims), "")
    return claim if head.headlines else _named_by_address(head, claim) or claim


def _named_by_address(head: Head, claim: str) -> str:
    """The heading whose words make up the address of a page whose title names the site only; "" without."""
    named = words(_SLUG_END.sub("", urlsplit(head.url).path.rstrip("/").rpartition("/")[2]).replace("-", " "))
    if len(named) < SLUG or len(named & words(claim)) >= ALIKE * len(named):
        return ""
    for heading in islice(head.root.iter("h2", "h3", "h4"), MAX_HEADINGS):
        text = plain(text_of(heading))
        if len(named & words(text)) >= NAMED * len(named) and not is_beside(heading):
            return text
    return ""


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
    if site_name and text.startswith((f"{site_name}:", f"{site_name} :")):
        text = text.partition(":")[2].strip() or text
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
