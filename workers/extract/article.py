"""Page to Article: charset, one tree, metadata, boxes cut, body, marks cut; the feed's own content as the fall-back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import msgspec
from lxml import etree

from workers.errors import Permanent
from workers.extract import metadata
from workers.extract.authors import authors, persons
from workers.extract.body import Body, find
from workers.extract.charset import decode
from workers.extract.cleaning import Paragraph, prune
from workers.extract.feed_content import body_of_entry
from workers.extract.head import Head
from workers.extract.judge import judge
from workers.extract.language import code_of, detect
from workers.extract.promise import is_wall_address, keeps_promise
from workers.extract.published import Times, times
from workers.extract.sites import Rules, Sites
from workers.extract.text import plain
from workers.extract.tree import Tree, check_is_html, parse, without_scripts
from workers.identify.address import registrable_domain
from workers.model import Article, Entry, Page

ENOUGH = 120  # characters of sentences; a page with less is an index, a player, an error or a paywall
_SENTENCE = re.compile(r"[^\W\d_]{2}[.!?…:;][\s\"'”’)\]»]|[^\W\d_]{2}[.!?…][\"'”’)\]»]*$|[。！？।]")
MAX_REMOVED = 200  # cut passages kept for audit
STRUCTURED_LIMIT = 500_000  # characters of a JSON-LD articleBody


def extract(page: Page, entry: Entry | None, *, now: datetime, max_chars: int, sites: Sites) -> Article:
    """Return the article of `page`. `now` (UTC) bounds its dates, `max_chars` its body.

    `entry` brings what the page lacks: date, authors, title, section, and a body when the page has none.
    Raises Permanent: "empty", "not_html", "too_large", "no_text" (neither page nor feed has a body),
    "not_the_article" (an error, a wall or a list in its place), "junk_page" (what was found is no article's text),
    "unreadable_page", "too_much_memory".
    """
    try:
        return _from_page(page, entry, now, max_chars, sites)
    except MemoryError as error:
        raise Permanent(f"no memory for a page of {len(page.body):,} bytes", reason="too_much_memory") from error
    except (RecursionError, etree.LxmlError) as error:
        raise Permanent(f"{type(error).__name__}: {error}", reason="unreadable_page") from error
    except Permanent as refused:
        if entry is None or refused.reason == "too_much_memory":
            raise
        # the address of a wall is shared by all that stands behind it: it must not identify an article
        foreign = refused.reason == "not_the_article" or is_wall_address(page)
        final_url = "" if foreign else page.final_url
        return from_entry(entry, now=now, max_chars=max_chars, sites=sites, because=refused, final_url=final_url)


def from_entry(
    entry: Entry, *, now: datetime, max_chars: int, sites: Sites, because: Permanent | None = None, final_url: str = ""
) -> Article:
    """Return the article a feed entry itself carries (no page of its own, or none that can be read).

    Raises `because`, or Permanent("no_text"), when the entry has no text worth the name.
    """
    rules = sites.rules(entry.url)
    body = body_of_entry(entry, rules)
    if not body.paragraphs or len(body.text) > max_chars:
        raise because or Permanent("neither a page nor a text in the feed", reason="no_text")
    published = min(entry.published_at, now) if entry.published_at else None
    return Article(
        url=entry.url,
        final_url=final_url or entry.url,
        title=plain(entry.title),
        lead=plain(entry.summary, 1_000),
        body=body.text,
        headings=_headings(body.paragraphs),
        body_source="feed",
        authors=persons(entry.authors, rules),
        section=entry.section,
        tags=entry.tags,
        image=entry.image,
        language=detect(body.text, entry.language),
        published_at=published,
        modified_at=min(entry.updated_at, now) if entry.updated_at else None,
        published_at_source="feed" if published else None,
        extractor=body.extractor,
        removed=tuple(body.removed[:MAX_REMOVED]),
    )


def _from_page(page: Page, entry: Entry | None, now: datetime, max_chars: int, sites: Sites) -> Article:
    url = page.final_url or page.url
    content_type = page.headers.get("content-type", "")
    check_is_html(page.body, content_type)
    root = parse(decode(page.body, content_type))
    rules = sites.rules(url)
    head = Head(root, url)
    without_scripts(root)
    declared = _declared_language(root, head, entry)
    found_times = times(head, entry, zone=_zone(entry, declared, url), now=now)
    site_name = metadata.site_name(head)
    title = metadata.title(head, rules, site_name) or (plain(entry.title) if entry else "")
    found_authors = authors(head, rules, site_name, fallback=entry.authors if entry else ())
    body = _body(root, head, rules, title, entry)
    if len(body.text) > max_chars:
        raise Permanent(f"a body of {len(body.text):,} characters (limit {max_chars:,})", reason="too_large")
    if not keeps_promise(page, head, entry, rules, site_name, body.text):
        raise Permanent(f"another page, headed {(title or head.title)[:80]!r}", reason="not_the_article")
    linked = judge(root, body.paragraphs, rules, title)
    article = _joined(page, entry, head, title, site_name, found_authors, found_times, declared, body)
    return msgspec.structs.replace(article, link_share=linked)


def _body(root: Tree, head: Head, rules: Rules, title: str, entry: Entry | None) -> Body:
    removed = prune(root, rules)
    structured = plain(head.article.get("articleBody"), STRUCTURED_LIMIT) if head.article_is_certain else ""
    body = find(root, rules, title=title, summary=entry.summary if entry else "", structured=structured)
    sentences = sum(len(p.text) for p in body.paragraphs if _SENTENCE.search(p.text))
    if sentences < ENOUGH:
        raise Permanent(f"no text: {sentences} characters of sentences", reason="no_text")
    return Body(body.paragraphs, body.removed + removed, body.extractor)


def _joined(
    page: Page, entry: Entry | None, head: Head, title: str, site_name: str, names: tuple[str, ...], found: Times,
    declared: str, body: Body,
) -> Article:  # fmt: skip
    return Article(
        url=page.url,
        final_url=page.final_url or page.url,
        canonical_url=metadata.canonical(head),
        title=title,
        lead=metadata.lead(head) or (plain(entry.summary, 1_000) if entry else ""),
        body=body.text,
        headings=_headings(body.paragraphs),
        authors=names,
        section=metadata.section(head) or (entry.section if entry else ""),
        tags=metadata.tags(head) or (entry.tags if entry else ()),
        image=metadata.image(head) or (entry.image if entry else ""),
        language=detect(body.text, declared),
        published_at=found.published_at,
        modified_at=found.modified_at,
        published_at_source=found.source,
        site_name=site_name,
        extractor=body.extractor,
        removed=tuple(body.removed[:MAX_REMOVED]),
    )


def _headings(paragraphs: list[Paragraph]) -> tuple[str, ...]:
    return tuple(p.text for p in paragraphs if p.heading)


def _declared_language(root: Tree, head: Head, entry: Entry | None) -> str:
    """What the page says of itself, else the feed. Templates are often left at "en": the text decides later."""
    said = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    said = said or head.first("og:locale", "content-language", "language", "dc.language")
    return code_of(said) or (code_of(entry.language) if entry else "")


def _zone(entry: Entry | None, language: str, url: str) -> tzinfo:
    """The zone of times that name none: the feed's, Jakarta's for Indonesian pages, else UTC."""
    if entry is not None and entry.timezone:
        try:
            return ZoneInfo(entry.timezone)
        except (OSError, ValueError):  # a name the operator mistyped must not cost the article
            return UTC
    indonesian = language == "id" or registrable_domain(url).endswith(".id")
    return ZoneInfo("Asia/Jakarta") if indonesian else UTC
