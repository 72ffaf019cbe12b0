"""Stories as HTML pages: five layouts with the furniture of real portals, 100 to 200 KB each."""

# ruff: noqa: E501 - markup reads best unbroken

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from msgspec import Struct

from workers.newsroom import clutter, paged
from workers.newsroom.body import body, comment
from workers.newsroom.metadata import metadata
from workers.newsroom.sites import SECTIONS, Site, article_path, image_path, long_date, slug
from workers.newsroom.stories import Story

RELATED, POPULAR, LATEST = 9, 8, 10


class Frame(Struct, frozen=True):
    """What all pages of a site share, rendered once."""

    site: Site
    base: str
    head: str
    parts: dict[str, str]


def make_frame(site: Site, base: str, stories: Sequence[Story]) -> Frame:
    """Return the furniture of `site` when `stories` (newest first) are what it has to show."""
    chance = random.Random(f"frame {site.number} {len(stories)}")  # noqa: S311 - variety, not secrecy
    popular = chance.sample(stories, min(POPULAR, len(stories)))
    latest = stories[:LATEST]
    ticker = " &bull; ".join(
        f'<a href="{base}{article_path(site.layout, s)}">{escape(s.title)}</a>' for s in latest[:6]
    )
    parts = {
        "brand": escape(site.brand),
        "slogan": escape(site.slogan),
        "base": base,
        "menu": clutter.menu(site, base),
        "scripts": clutter.scripts(site),
        "symbols": clutter.symbols(site),
        "ticker": ticker,
        "popular": "".join(clutter.card(site, base, s) for s in popular),
        "latest": "".join(clutter.card(site, base, s) for s in latest),
        "footer": clutter.footer_links(base),
        "state": clutter.state([*latest, *popular], site),
    }
    head = (
        f'<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="alternate" type="application/rss+xml" title="{escape(site.brand)} RSS" href="{base}/feed.xml">\n'
        f'<link rel="alternate" type="application/atom+xml" title="{escape(site.brand)} Atom" href="{base}/atom.xml">\n'
        f'<link rel="dns-prefetch" href="//cdn.iklan.test"><link rel="icon" href="{base}/images/icon.png">\n'
        f"<style>{clutter.styles(site)}</style>\n"
    )
    return Frame(site, base, head, parts)


def article_page(
    frame: Frame, story: Story, related: Sequence[Story], *, text: bool = True, number: int = 1, pages: int = 1
) -> bytes:
    """Return the story's page, UTF-8.

    `related` feeds "Baca juga" and the list below; with `text` False the body stays empty.
    Of a story printed over several `pages` it is page `number`.
    """
    site, base = frame.site, frame.base
    link = base + article_path(site.layout, story)
    remarks = clutter.comments(story)
    shown = paged.part(site.layout, story, number) if pages > 1 else story
    pager = paged.pager(site, link, number, pages) if pages > 1 else ""
    tags = " ".join(f'<a href="{base}/tag/{slug(tag)}" rel="tag">{escape(tag)}</a>' for tag in story.tags)
    values = {
        **frame.parts,
        "head": metadata(site, base, story, link) + frame.head,
        "language": story.language,
        "title": escape(story.title),
        "section": SECTIONS[story.section],
        "section_key": story.section,
        "authors": escape(", ".join(story.authors)),
        "editor": escape(story.editor),
        "initials": "".join(name[0] for name in story.editor.lower().split()) + "h",
        "date": long_date(story.published_at, site.layout),
        "iso": story.published_at.isoformat(),
        "image": base + image_path(story),
        "caption": escape(story.caption),
        "share": clutter.share_bar(site, link),
        "tags": tags,
        "number": str(story.number),
        "reads": str(story.number * 37 % 9000 + 120),
        "comment_count": str(len(remarks)),
        "comments": "".join(comment(site, *remark) for remark in remarks),
        "related": "".join(clutter.card(site, base, other) for other in related[:RELATED]),
        "body": body(site, base, shown, related, opens=number < 2, ends=number in (0, pages)) + pager if text else "",
        "next": _next(site, base, related) if site.layout == "mimbar" else "",
    }
    return _layout(site.layout).substitute(values).encode()


def _next(site: Site, base: str, related: Sequence[Story]) -> str:
    """Return the story that is loaded below the page's own for readers who scroll on."""
    if not related:
        return ""
    story = related[0]
    return (
        f'<div class="mb-artikel" data-urutan="2"><h2><a href="{base}{article_path(site.layout, story)}">{escape(story.title)}</a></h2>'
        f'<div class="mb-baris"><i>{long_date(story.published_at, site.layout)}</i></div><div class="mb-teks">\n'
        f"{body(site, base, story, related[1:])}</div></div>\n"
    )


def script_only_page(frame: Frame, story: Story) -> bytes:
    """Return a page whose text only a script would bring: a root element, scripts and the bare metadata."""
    return (
        f'<!doctype html><html lang="{story.language}"><head><meta charset="utf-8"><title>{escape(frame.site.brand)}</title>'
        f'{frame.head}{frame.parts["scripts"]}</head><body><div id="root"></div><noscript>Aktifkan JavaScript untuk membaca.'
        f'</noscript><script src="/aset/aplikasi.js" defer></script></body></html>'
    ).encode()


def front_page(frame: Frame, stories: Sequence[Story], title: str = "") -> bytes:
    """Return a list page: the site's front page or a section's."""
    name = f"{escape(title)} - {escape(frame.site.brand)}" if title else escape(frame.site.brand)
    cards = "".join(clutter.card(frame.site, frame.base, story) for story in stories[:40])
    parts = frame.parts
    return (
        f'<!doctype html><html lang="id"><head><title>{name}</title>\n{frame.head}{parts["scripts"]}</head><body>{parts["symbols"]}'
        f'<header><a href="{frame.base}/">{parts["brand"]}</a><nav><ul>{parts["menu"]}</ul></nav></header>\n'
        f'<h1>{name}</h1>\n<div class="list">{cards}</div>\n<footer>{parts["footer"]}</footer></body></html>'
    ).encode()


@cache
def _layout(name: str) -> Template:
    return Template(files("workers.newsroom").joinpath("layouts", f"{name}.html").read_text(encoding="utf-8"))
