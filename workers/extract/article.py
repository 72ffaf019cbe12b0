"""Page to Article: charset, one tree, metadata, boxes cut, body, marks cut; the feed's own content as the fall-back."""

from __future__ import annotations

import re
from datetime import datetime

from lxml import etree
from msgspec import Struct, structs

from workers.errors import Permanent
from workers.extract import metadata
from workers.extract.about import About, about
from workers.extract.access import access
from workers.extract.body import Body, find, forget_texts
from workers.extract.boxes import prune
from workers.extract.cleaning import Paragraph
from workers.extract.feed_content import body_of_entry
from workers.extract.head import Head
from workers.extract.joining import Gathered, gather, graft, joined
from workers.extract.judge import judge
from workers.extract.kinds import evidence, is_list, kind_of
from workers.extract.language import detect
from workers.extract.persons import Persons
from workers.extract.promise import is_wall_address, keeps_promise
from workers.extract.sites import Rules, Sites
from workers.extract.text import key, plain
from workers.extract.tree import without_scripts
from workers.model import Article, Entry, Page

ENOUGH = 120  # characters of sentences; a page with less is an index, a player, an error or a paywall
ONE_SENTENCE = 80  # of a page that says it is an article, when no feed has more
_SENTENCE = re.compile(r"[^\W\d_]{2}[.!?…:;][\s\"'”’)\]»]|[^\W\d_]{2}[.!?…][\"'”’)\]»]*$|[。！？।]")
LARGE = 500_000  # bytes of a page
MAX_REMOVED = 200  # cut passages kept for audit
STRUCTURED_LIMIT = 500_000  # characters of a JSON-LD articleBody


class Wanted(Struct, frozen=True):
    """A further page of the same article, to be fetched before the article can be read whole."""

    address: str


def extract(page: Page, entry: Entry | None, *, now: datetime, max_chars: int, sites: Sites) -> Article:
    """Return the article of `page` and its further pages that are there; see `read`."""
    found = read(page, entry, now=now, max_chars=max_chars, sites=sites, max_pages=1)
    assert isinstance(found, Article)  # one page is enough
    return found


def read(
    page: Page, entry: Entry | None, *, now: datetime, max_chars: int, sites: Sites, max_pages: int
) -> Article | Wanted:
    """Return the article of `page`, or the address of its next page.

    `now` (UTC) bounds its dates, `max_chars` its body. Of an article that is spread over several pages at most
    `max_pages` are wanted; `page.further` holds those that came.
    `entry` brings what the page lacks: date, authors, title, section, and a body when the page has none.
    Raises Permanent: "empty", "not_html", "too_large", "no_text" (neither page nor feed has a body),
    "not_the_article" (an error, a wall or a list in its place), "junk_page" (what was found is no article's text),
    "unreadable_page", "too_much_memory".
    """
    try:
        return _from_page(page, entry, now, max_chars, sites, max_pages)
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
    finally:
        if len(page.body) > LARGE:
            forget_texts()


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
        captions=body.captions,
        dateline=body.dateline,
        body_source="feed",
        authors=Persons(rules).names(entry.authors),
        section=entry.section,
        tags=entry.tags,
        image=entry.image,
        language=detect(body.text, entry.language),
        published_at=published,
        modified_at=min(entry.updated_at, now) if entry.updated_at else None,
        published_at_source="feed" if published else None,
        date_conflicts=(f"feed {entry.dated_ahead} future",) if entry.dated_ahead else (),
        timezone=entry.timezone,
        access="snippet" if body.extractor == "feed summary" else "full",
        extractor=body.extractor,
        removed=tuple(body.removed[:MAX_REMOVED]),
    )


def _from_page(
    page: Page, entry: Entry | None, now: datetime, max_chars: int, sites: Sites, max_pages: int
) -> Article | Wanted:
    gathered = gather(page)
    more = 1 + len(page.further) + len(page.missing) < max_pages
    first = gathered.pages[0]
    root, url = first.root, first.page.final_url or first.page.url
    # an entry may link to a later page: then the first one's address is the article's
    page = structs.replace(first.page, url=page.url) if first.place.whole else first.page
    rules = sites.rules(url)
    head = Head(root, url)
    without_scripts(root)
    said = evidence(head)
    if is_list(said, head, root):
        raise Permanent(f"a list of articles, headed {head.title[:80]!r}", reason="not_the_article")
    if gathered.next and more:
        return Wanted(gathered.next)
    facts = about(root, head, page, entry, rules, now)
    kind = kind_of(said, facts.title or head.title, root)
    body, pages = _body(gathered, head, rules, facts, entry)
    _check_length(body, brief=said.is_written and not facts.terms.walled and entry is None)
    if len(body.text) > max_chars:
        raise Permanent(f"a body of {len(body.text):,} characters (limit {max_chars:,})", reason="too_large")
    if not keeps_promise(page, head, entry, rules, facts.site_name, body.text):
        raise Permanent(f"another page, headed {(facts.title or head.title)[:80]!r}", reason="not_the_article")
    linked = judge(root, body.paragraphs, rules, facts.title)
    article, incomplete = _joined(page, head, facts, body), gathered.incomplete or bool(gathered.next)
    return structs.replace(article, kind=kind, pages=pages, incomplete=incomplete, link_share=linked)


def _body(gathered: Gathered, head: Head, rules: Rules, facts: About, entry: Entry | None) -> tuple[Body, int]:
    """The body, and of how many pages it is."""
    grafted, others = graft(gathered.pages)
    pages = 1 + grafted
    first = gathered.pages[0]
    pruned = prune(first.root, rules, None if grafted else facts.marks)
    structured = _structured(head) if head.article_is_certain else ""
    body = find(
        first.root,
        rules,
        title=facts.title,
        summary=entry.summary if entry else "",
        structured=structured,
        names=(*facts.people.authors, *facts.people.editors),
    )
    body = structs.replace(body, removed=body.removed + pruned.removed, captions=pruned.captions)
    if others:
        body, more = joined(body, others, gathered.pages, rules, facts.title)
        pages += more
    return body, pages


def _structured(head: Head) -> str:
    """The text the publisher gives in its data, in its lines."""
    said = head.article.get("articleBody")
    lines = said[:STRUCTURED_LIMIT].splitlines() if isinstance(said, str) else []
    return "\n".join(line for written in lines if (line := plain(written, STRUCTURED_LIMIT)))


def _check_length(body: Body, *, brief: bool) -> None:
    """Raise Permanent("no_text") for a body of too few sentences. `brief`: one is enough, nothing better is known."""
    sentences, enough = 0, ONE_SENTENCE if brief else ENOUGH
    for paragraph in body.paragraphs:
        if _SENTENCE.search(paragraph.text):
            sentences += len(paragraph.text)
            if sentences >= enough:
                break
    else:
        raise Permanent(f"no text: {sentences} characters of sentences", reason="no_text")


def _joined(page: Page, head: Head, facts: About, body: Body) -> Article:
    return Article(
        url=page.url,
        final_url=page.final_url or page.url,
        canonical_url=metadata.canonical(head),
        amp_url=metadata.amp(head),
        title=facts.title,
        lead=facts.lead,
        body=body.text,
        headings=_headings(body.paragraphs),
        captions=body.captions,
        dateline="" if key(body.dateline) == key(facts.site_name) else body.dateline,
        access=access(facts.terms, body.text),
        authors=facts.people.authors,
        editors=facts.people.editors,
        section=facts.section,
        tags=facts.tags,
        image=facts.image,
        image_caption=facts.image_caption,
        language=detect(body.text, facts.declared),
        published_at=facts.times.published_at,
        modified_at=facts.times.modified_at,
        published_at_source=facts.times.source,
        date_conflicts=facts.times.conflicts,
        timezone=facts.times.timezone,
        restrictions=facts.terms.restrictions,
        site_name=facts.site_name,
        extractor=body.extractor,
        removed=tuple(body.removed[:MAX_REMOVED]),
    )


def _headings(paragraphs: list[Paragraph]) -> tuple[str, ...]:
    return tuple(p.text for p in paragraphs if p.heading)
