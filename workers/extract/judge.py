"""Whether what was taken out of a page is an article, and the figures by which one extraction is compared with others.

Junk is what stands where the article should be: lists of links, notices about cookies, logins and errors, a scrap of a
page whose text is elsewhere, one text under many titles. Each rule needs strong signs: a brief of three sentences, a
table with a sentence above it and an article about cookies are articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree
from msgspec import Struct

from workers.errors import Permanent
from workers.extract.cleaning import Paragraph
from workers.extract.running import lines
from workers.extract.sites import Rules
from workers.extract.text import key, words
from workers.extract.tree import Tree
from workers.identify import content_hash, normalise
from workers.model import Article, Entry, Kind, Page, digest

JUNK = "junk_page"
LINKED = 0.6  # share of the body's characters in lines that are links
NOTICES = 0.6  # share of its characters in paragraphs that are notices
LONGEST = 6  # paragraphs that tell whether a text is notices
OPENING = 300  # characters of a paragraph that tell whether it is a notice
SCRAP = 500  # characters; a longer body is more than a scrap
SCRAP_OF = 8  # times its length that the page must hold in running text
MUCH = 4_000  # characters of running text
SAME_TEXT = 2  # other titles under which a text stands: it belongs to the site, not to an article
TITLE_WORDS = 3  # significant words; a shorter title tells nothing of its text
LINK_LINE = 1_000  # characters; a longer paragraph is no line of links
MAX_LINKS = 2_000  # texts in links of a page
COMPARED = 100_000  # links with lines
LINES = 1_000  # of a body that are looked at

# a link that was never closed holds what follows it, anchors without an address are no links
_LINK_TEXTS = etree.XPath("//a[@href][string-length(normalize-space(.)) < 300]//text()", smart_strings=False)
_SIGNIFICANT = re.compile(r"\w{4,}")


class Figures(Struct, frozen=True, kw_only=True, array_like=True):
    """One extraction in figures. Kept by the hundred for each site, so names are left out when it is encoded."""

    at_ms: int  # when the page was fetched
    words: int = 0
    link_share: float = 0.0
    titled: bool = False
    dated: bool = False  # by the page itself
    authored: bool = False
    kind: Kind = "article"
    refused: str = ""  # why the page gave no article; "feed_only" when the feed's own text stands in
    body: str = ""  # digests, shortened: to tell the same from another
    title: str = ""
    address: str = ""
    apart: bool = False  # no word of the title stands in the body


def judge(root: Tree, paragraphs: Sequence[Paragraph], rules: Rules, title: str) -> float:
    """Return the share of links in a body found on the page `root`. Raises Permanent("junk_page") with the figures."""
    text = sum(len(p.text) for p in paragraphs)
    share = link_share(root, paragraphs)
    if share > LINKED:
        raise Permanent(f"junk: links make up {share:.0%} of {text:,} characters", reason=JUNK)
    notices = _notices(paragraphs, rules)
    if notices > NOTICES:
        raise Permanent(f"junk: notices of the site make up {notices:.0%} of {text:,} characters", reason=JUNK)
    if text < SCRAP and _is_apart(title, " ".join(p.text for p in paragraphs)):
        around = sum(length for _, length in lines(root))
        if around > max(MUCH, SCRAP_OF * text):
            raise Permanent(f"junk: {text:,} characters, nothing of the title in them, {around:,} around", reason=JUNK)
    return share


def link_share(root: Tree, paragraphs: Sequence[Paragraph]) -> float:
    """Return the share (0 … 1) of characters that stand in lines which are links of the page, one or several a line."""
    total = sum(len(p.text) for p in paragraphs)
    # one query, and folded for case only: walking the links and spelling each out would cost a tenth of an extraction
    spelled = (" ".join(piece.split()).casefold() for piece in _LINK_TEXTS(root)[:MAX_LINKS])
    links = frozenset(link for link in spelled if len(link) > 2)
    if not links or not total:
        return 0.0
    long = [link for link in links if len(link) > 8]
    searched = COMPARED // (len(long) or 1)  # lines in which every link is looked for
    linked = 0
    for number, paragraph in enumerate(paragraphs[:LINES]):
        line = paragraph.text.casefold()
        if line in links or (number < searched and len(line) <= LINK_LINE and _holds_links(line, long)):
            linked += len(paragraph.text)
    return linked / total


def _holds_links(line: str, links: list[str]) -> bool:
    return sum(len(link) for link in links if link in line) >= LINKED * len(line)


def _notices(paragraphs: Sequence[Paragraph], rules: Rules) -> float:
    """The share of notices among the longest paragraphs, which are most of any text."""
    longest = sorted((p.text for p in paragraphs), key=len, reverse=True)[:LONGEST]
    found = sum(len(text) for text in longest if rules.notice.search(text[:OPENING]))
    return found / (sum(map(len, longest)) or 1)


def _is_apart(title: str, text: str) -> bool:
    """Whether no significant word of a title (that has a few) stands in a text."""
    wanted = set(_SIGNIFICANT.findall(title.casefold()))
    return len(wanted) >= TITLE_WORDS and not wanted & words(text)


def figures_of(page: Page, entry: Entry, found: Article | Permanent) -> Figures:
    """Return the figures of what a page gave: an article, or a refusal."""
    address = _short(_address(entry.url or page.url))
    if isinstance(found, Permanent):
        return Figures(at_ms=page.fetched_ms, refused=found.reason, address=address)
    return Figures(
        at_ms=page.fetched_ms,
        words=len(found.body.split()),
        link_share=round(found.link_share, 3),
        titled=bool(found.title),
        dated=found.published_at_source not in (None, "feed", "seen"),
        authored=bool(found.authors),
        kind=found.kind,
        refused="feed_only" if found.body_source == "feed" else "",
        body=_short(content_hash(Article(url="", body=found.body))),
        title=_short(key(found.title)),
        address=address,
        apart=_is_apart(found.title, found.body),
    )


def repeated(figures: Figures, others: Sequence[Figures]) -> str:
    """Return why a body is none, when the site's `others` hold the same one under other titles and addresses; else "".

    One other suffices where the text has no word of its title. The same article under a second address, or retitled,
    is none of them.
    """
    if not figures.body:
        return ""
    titles = {
        other.title
        for other in others
        if other.body == figures.body and other.title != figures.title and other.address != figures.address
    }
    if len(titles) >= SAME_TEXT or (titles and figures.apart):
        return f"junk: the same {figures.words:,} words as under {len(titles)} other titles of the site"
    return ""


def _address(url: str) -> str:
    try:
        return normalise(url)
    except Permanent:
        return url


def _short(text: str) -> str:
    return digest(text)[:12] if text else ""
