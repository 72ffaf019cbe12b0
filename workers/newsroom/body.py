"""A story's paragraphs as HTML, with what portals put between and below them."""

# ruff: noqa: E501 - markup reads best unbroken

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from workers.newsroom import clutter
from workers.newsroom.sites import Site, article_path, slug
from workers.newsroom.stories import Story

ADS_AFTER = (1, 4, 8)  # paragraphs
READ_ALSO_AFTER = (2, 6)


def body(site: Site, base: str, story: Story, related: Sequence[Story]) -> str:
    """Return the article's paragraphs with what portals put between them."""
    names = [*story.people, *story.organisations, *story.places]
    linked, count, parts = 0, 0, []
    for place, block in enumerate(story.blocks):
        if block.heading:
            parts.append(f"<h2>{escape(block.text)}</h2>\n")
            continue
        count += 1
        text = escape(block.text, quote=False)
        name = next((name for name in names if name in block.text), "")
        if name and linked < 3 and count % 2:
            linked += 1
            text = text.replace(
                escape(name, quote=False),
                f'<a href="{base}/tag/{slug(name)}">{escape(name, quote=False)}</a>',
                1,
            )
        parts.append(f"<p>{text}</p>\n")
        last = place == len(story.blocks) - 1
        if count in ADS_AFTER and not last:
            parts.append(clutter.inner_ad(site, count))
        if count in READ_ALSO_AFTER and not last and related:
            parts.append(_read_also(site, base, related[-(count % len(related)) - 1]))
    return "".join(parts)


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
    return f'<p class="baca"><em>Baca Juga: <a href="{link}">{title}</a></em></p>\n'


def comment(site: Site, name: str, when: str, text: str) -> str:
    """Return one reader's comment."""
    if site.layout == "portal":
        return (
            f'<li class="comment byuser"><article class="comment-body"><div class="comment-author vcard"><b class="fn">{name}</b></div>'
            f'<time>{when}</time><div class="comment-content"><p>{escape(text)}</p></div><a class="comment-reply-link">Balas</a></article></li>\n'
        )
    prefix = site.layout[:2]
    return (
        f'<div class="{prefix}-comment"><div class="{prefix}-comment__title"><b>{name}</b> <span>{when}</span></div>'
        f'<div class="{prefix}-comment__inner">{escape(text)}</div><a class="{prefix}-reply">Balas</a> <a>Suka</a> <a>Laporkan</a></div>\n'
    )
