"""What a page says about its article, all of it read before anything is cut out of the page."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from workers.extract import headline, metadata
from workers.extract.access import Terms, terms
from workers.extract.authors import People, people
from workers.extract.head import Head
from workers.extract.language import code_of
from workers.extract.marks import Marks
from workers.extract.published import Times, times
from workers.extract.sites import Rules
from workers.extract.text import plain
from workers.extract.tree import Tree
from workers.extract.zones import zone_name, zone_of
from workers.model import Entry, Page


class About(Struct, frozen=True):
    """A page's metadata; `declared` is the language it claims, "" without."""

    title: str
    site_name: str
    lead: str
    people: People
    times: Times
    section: str
    tags: tuple[str, ...]
    image: str
    image_caption: str
    terms: Terms
    declared: str
    marks: Marks


def about(root: Tree, head: Head, page: Page, entry: Entry | None, rules: Rules, now: datetime) -> About:
    """Return the page's metadata; `entry` fills what it lacks. `root` has lost its scripts, and nothing else yet."""
    site_name = metadata.site_name(head)
    title = headline.title(head, rules, site_name) or (plain(entry.title) if entry else "")
    marks = Marks(root, title)
    locale = _locale(root, head)
    declared = code_of(locale) or (code_of(entry.language) if entry else "")
    zone = entry.timezone if entry and entry.timezone else zone_name(head.url, locale, declared)
    image = metadata.image(head)
    return About(
        title=title,
        site_name=site_name,
        lead=metadata.lead(head, title) or (plain(entry.summary, 1_000) if entry else ""),
        people=people(head, marks, rules, site_name, fallback=entry.authors if entry else ()),
        times=times(head, marks, entry, page.headers, zone=zone_of(zone), zone_name=zone, now=now),
        section=metadata.section(head) or (entry.section if entry else ""),
        tags=metadata.tags(head, marks) or (entry.tags if entry else ()),
        image=image or (entry.image if entry else ""),
        image_caption=metadata.image_caption(head, marks, image),
        terms=terms(head, marks, page.headers),
        declared=declared,
        marks=marks,
    )


def _locale(root: Tree, head: Head) -> str:
    """What the page declares, with the region if it names one anywhere: "id_ID" beside "id"."""
    said = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    other = head.first("og:locale", "content-language", "language", "dc.language")
    return said if said and (len(said) > 3 or other[: len(said)] != said) else other or said
