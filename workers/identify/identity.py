"""Which article it is: the addresses an article goes by, the best first, and the id made of that one."""

from __future__ import annotations

from msgspec import Struct

from workers.errors import Permanent
from workers.identify import clues
from workers.identify.address import normalise, registrable_domain
from workers.identify.site_rules import AddressRules
from workers.model import Article, Entry, digest

NO_RULES = AddressRules()


def addresses(article: Article, entry: Entry | None, rules: AddressRules = NO_RULES) -> tuple[str, ...]:
    """Return every address of `article`, normalised, without repeats; the first is the one its id is made of.

    The first is the best address under its site's `rules`; all as they are follow, then what the rules make of them.
    The best are the page's own canonical claim, the address after redirects, the one asked for, the feed's link.
    Claim and redirect count only when they name this very article: templates that claim their section for every page
    and sites that send many links to one login page would make one article of them all. So they must be as specific
    as the address asked for, lie within its registrable domain (a redirect may leave it when page and feed have the
    same title; a claim counts within the domain of the redirect), and share a number, a slug or words with it.
    An entry without a page of its own has one address, made of its feed and its id.
    Raises Permanent("bad_url") when the address that was fetched is none.
    """
    if entry is not None and not entry.page:
        return (f"feed:{entry.feed_id}#{entry.id}",)
    asked = normalise(article.url)
    own_title = article.title if article.body_source == "page" else ""  # else the feed's title was given to both
    titles = _Titles(page=clues.words(own_title), feed=clues.words(entry.title if entry else ""))
    claimed = _normalised(article.canonical_url)
    final = _normalised(article.final_url) or asked
    arrived = final == asked or _is_redirect(final, asked, claimed, titles)
    if not arrived:
        final = asked
    canonical = claimed if _is_claim(claimed, final, asked, titles, arrived=arrived) else ""
    link = _normalised(entry.url) if entry is not None else ""
    if link and clues.is_home(link) and not clues.is_home(asked):
        link = ""
    found = [address for address in (canonical, final, asked, link) if address]
    folded = [rules.fold(address) for address in found]
    return tuple(dict.fromkeys([folded[0], *found, *folded]))


def article_id(known_addresses: tuple[str, ...]) -> str:
    """Return the id of an article nobody knows yet: the digest of the first of its addresses."""
    if not known_addresses:
        raise Permanent("an article without an address", reason="bad_url")
    return digest(known_addresses[0])


class _Titles(Struct, frozen=True):
    """The words of the page's title and of the feed's."""

    page: frozenset[str]
    feed: frozenset[str]

    @property
    def agree(self) -> bool:
        """Whether both share most words (a feed may add the publisher's name)."""
        common = len(self.page & self.feed)
        fewer, more = sorted((len(self.page), len(self.feed)))
        return fewer > 1 and common >= 0.6 * fewer and common >= 0.4 * more


def _is_redirect(final: str, asked: str, claimed: str, titles: _Titles) -> bool:
    """Whether the redirect from `asked` ended at the article that was asked for."""
    if not _is_specific(final, asked, titles.feed):
        return False
    own = any(clues.has_own_name(url.partition("?")[0]) for url in (final, claimed))
    if registrable_domain(final) != registrable_domain(asked):
        return titles.agree and own and registrable_domain(claimed) == registrable_domain(final)
    # the title of the page reached says nothing by itself: an error page's address has the words of its title
    known = titles.feed or clues.words(clues.slug(asked)) or titles.page
    if _is_akin(final, asked) or _names(final, known):
        return True
    return own and (titles.agree or (claimed == final and not titles.feed))


def _is_claim(claimed: str, final: str, asked: str, titles: _Titles, *, arrived: bool) -> bool:
    """Whether the page's canonical claim names the article at `final`, where the way from `asked` ended."""
    if not claimed or claimed in (final, asked):
        return bool(claimed)
    known = titles.feed | titles.page if arrived else titles.feed
    if registrable_domain(claimed) != registrable_domain(final) or not _is_specific(claimed, final, known):
        return False
    if _is_akin(claimed, final) or (final != asked and _is_akin(claimed, asked)):
        return True
    ours, theirs = clues.long_numbers(final), clues.long_numbers(claimed)
    if ours and theirs and not ours & theirs:
        return False  # another article about the same matter
    sources = (titles.feed, titles.page if arrived else frozenset(), clues.address_words(final))
    return any(_names(claimed, source) for source in sources)


def _is_specific(url: str, instead_of: str, title: frozenset[str]) -> bool:
    """Whether `url` can name one article as well as `instead_of` does."""
    if clues.is_home(url) and not clues.is_home(instead_of):
        return False
    if clues.is_common_page(url, instead_of) or clues.loses_parameters(url, instead_of):
        return False
    return not clues.is_above(url, instead_of) or _names(url, title)


def _is_akin(url: str, other: str) -> bool:
    """Whether both have the same slug, or the number of `other` stands in `url`."""
    slug, number = clues.slug(other), clues.number(other)
    if slug and slug == clues.slug(url) and not clues.loses_parameters(url, other):
        return True
    return bool(number) and number in clues.numbers(url)


def _names(url: str, title: frozenset[str]) -> bool:
    """Whether the address spells the title: half of its words, and three of the title's (both where it has two)."""
    spelled = clues.address_words(url)
    common = len(spelled & title)
    return len(title) > 1 and common * 2 >= len(spelled) and common >= min(3, len(title))


def _normalised(url: str) -> str:
    """`url` normalised; "" when it is none."""
    try:
        return normalise(url) if url else ""
    except Permanent:
        return ""
