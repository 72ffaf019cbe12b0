"""A story's paragraphs as HTML, with what portals put between and below them."""

# ruff: noqa: E501 - markup reads best unbroken

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from workers.newsroom import blocks, clutter
from workers.newsroom.sites import Site, article_path, image_path, slug
from workers.newsroom.stories import Block, Story

ADS_AFTER = (1, 4, 8)  # paragraphs
READ_ALSO_AFTER = (2, 6)
VIDEO_AFTER = 5
FIGURES_AFTER = (2, 4)


def body(
    site: Site, base: str, story: Story, related: Sequence[Story], *, opens: bool = True, ends: bool = True
) -> str:
    """Return the article's paragraphs with what portals put between and below them.

    Of an article over several pages the first one `opens` it with a dateline, the last one `ends` it with its marks.
    """
    parts = [blocks.dateline(site, story)] if site.layout == "mimbar" and opens else []
    groups = [list(group) for _, group in groupby(story.blocks, key=_kind)]
    runs = [run for group in groups for run in ([group] if group[0].form == "item" else [[block] for block in group])]
    count = linked = 0
    for place, run in enumerate(runs):
        block, last = run[0], place == len(runs) - 1
        if block.form == "item":
            parts.append(blocks.listed(site, run))
            continue
        if block.heading or block.form:
            parts.append(blocks.other(site, block))
            continue
        count += 1
        text = escape(block.text, quote=False)
        if linked < 3 and count % 2:
            linked, text = linked + 1, _linked(site, base, story, block.text)
        if count == 1 and opens and site.layout != "mimbar":
            text = blocks.dateline(site, story) + text
        parts.append(blocks.paragraph(site, text, last=last and ends))
        if not last:
            parts += _between(site, base, story, related, count)
    return "".join(parts) + (blocks.ending(site, base, story) if ends else "")


def _kind(block: Block) -> str:
    return block.form


def _linked(site: Site, base: str, story: Story, plain: str) -> str:
    """Return a paragraph as HTML with the first name in it as a link."""
    text = escape(plain, quote=False)
    names = [*story.people, *story.organisations, *story.places]
    name = next((name for name in names if name in plain), "")
    if not name:
        return text
    shown = escape(name, quote=False)
    return text.replace(shown, f'<a href="{base}/tag/{slug(name)}">{shown}</a>', 1)


def _between(site: Site, base: str, story: Story, related: Sequence[Story], count: int) -> list[str]:
    """Return what stands below paragraph `count`, from 1."""
    parts = []
    if count in ADS_AFTER:
        parts.append(clutter.inner_ad(site, count))
    if count in READ_ALSO_AFTER and related:
        parts.append(_read_also(site, base, related[-(count % len(related)) - 1]))
    if count == VIDEO_AFTER:
        parts.append(clutter.video(site))
    if count in FIGURES_AFTER and (number := FIGURES_AFTER.index(count)) < len(story.captions):
        parts.append(blocks.figure(site, base + image_path(story), story.captions[number]))
    return parts


def _read_also(site: Site, base: str, other: Story) -> str:
    link, title = base + article_path(site.layout, other), escape(other.title)
    if site.layout == "harian":
        return (
            f'<table class="linksisip"><tbody><tr><td><div class="lihatjg"><strong>Baca juga:</strong> '
            f'<a href="{link}" dtr-evt="lihat juga">{title}</a></div></td></tr></tbody></table>\n'
        )
    if site.layout == "portal":
        return f'<div class="bacajuga"><span class="infobaca">Baca Juga :</span><ul><li><a href="{link}">{title}</a></li></ul></div>\n'
    if site.layout == "warta":
        return f'<p><strong>Baca juga: <a href="{link}" class="inner-link-baca-juga" target="_self">{title}</a></strong></p>\n'
    if site.layout == "mimbar":
        return (
            f'<div class="mb-kotak"><b>BACA JUGA:</b><br><a href="{link}">{title}</a></div>\n'
            '<span style="display:none">Bacaan ini disarankan berdasarkan riwayat bacaan Anda di peramban ini.</span>\n'
        )
    return f'<p class="baca"><em>Baca Juga: <a href="{link}">{title}</a></em></p>\n'


def comment(site: Site, name: str, when: str, text: str) -> str:
    """Return one reader's comment."""
    if site.layout == "portal":
        return (
            f'<li class="comment byuser"><article class="comment-body"><div class="comment-author vcard"><b class="fn">{name}</b></div>'
            f'<time>{when}</time><div class="comment-content"><p>{escape(text)}</p></div><a class="comment-reply-link">Balas</a></article></li>\n'
        )
    if site.layout == "mimbar":
        return f'<div class="mb-suara"><cite>{name}</cite><time>{when}</time><p>{escape(text)}</p></div>\n'
    prefix = site.layout[:2]
    return (
        f'<div class="{prefix}-comment"><div class="{prefix}-comment__title"><b>{name}</b> <span>{when}</span></div>'
        f'<div class="{prefix}-comment__inner">{escape(text)}</div><a class="{prefix}-reply">Balas</a> <a>Suka</a> <a>Laporkan</a></div>\n'
    )
