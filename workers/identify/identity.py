"""Which article it is: the addresses an article goes by, the best first, and the id made of that one."""

from __future__ import annotations

from urllib.parse import urlsplit

from workers.errors import Permanent
from workers.identify.address import normalise, registrable_domain
from workers.model import Article, Entry, digest


def addresses(article: Article, entry: Entry | None) -> tuple[str, ...]:
    """Return every address of `article`, normalised, without repeats; the first is the one its id is made of.

    Order: the page's own canonical claim, the address after redirects, the address asked for, the feed's link.
    A claim counts only within the registrable domain of the final address, and never when it names a home page
    (templates that send every article's claim or redirect to "/" would make one article of a whole site).
    An entry without a page of its own has one address, made of its feed and its id.
    Raises Permanent("bad_url") when the address that was fetched is none.
    """
    if entry is not None and not entry.page:
        return (f"feed:{entry.feed_id}#{entry.id}",)
    fetched = normalise(article.url)
    final = _usable(article.final_url, instead_of=fetched) or fetched
    canonical = _usable(article.canonical_url, instead_of=final)
    if canonical and registrable_domain(canonical) != registrable_domain(final):
        canonical = ""
    link = _usable(entry.url, instead_of=fetched) if entry is not None else ""
    return tuple(dict.fromkeys(filter(None, (canonical, final, fetched, link))))


def article_id(known_addresses: tuple[str, ...]) -> str:
    """Return the id of an article nobody knows yet: the digest of the first of its addresses."""
    if not known_addresses:
        raise Permanent("an article without an address", reason="bad_url")
    return digest(known_addresses[0])


def _usable(url: str, *, instead_of: str) -> str:
    """`url` normalised; "" when it is none, or a home page in place of something deeper."""
    if not url:
        return ""
    try:
        found = normalise(url)
    except Permanent:
        return ""
    return "" if _is_home(found) and not _is_home(instead_of) else found


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query and not parts.fragment
