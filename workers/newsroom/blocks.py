"""A story's blocks in the markup of each layout: paragraphs, sub-headings, lists, quotations, pictures, datelines, ends."""

# ruff: noqa: E501 - markup reads best unbroken

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from workers.newsroom.sites import Site
from workers.newsroom.stories import Block, Story

# {place} as printed, {upper} in capitals, {name} of the site as a host
DATELINES = {
    "harian": "<strong>{place}</strong> - ",
    "portal": "<strong>{name}.COM, {upper}</strong> – ",
    "warta": "<strong>{upper}, {name}.com</strong> - ",
    "kilas": "{upper} - ",
    "mimbar": "{place} ({name}.id) - ",
}
HEADINGS = {
    "harian": "<h2>{}</h2>\n",
    "portal": '<h3 class="wp-block-heading">{}</h3>\n',
    "warta": "<h2>{}</h2>\n",
    "kilas": "<p><strong>{}</strong></p>\n",
    "mimbar": "<b>{}</b><br><br>\n",
}
LISTS = {"portal": ("ol", ' class="wp-block-list"'), "warta": ("ol", "")}
QUOTES = {
    "harian": "<blockquote>{}</blockquote>\n",
    "portal": '<blockquote class="wp-block-quote"><p>{}</p></blockquote>\n',
    "warta": "<blockquote><p><em>{}</em></p></blockquote>\n",
    "kilas": '<div class="kutipan"><blockquote>{}</blockquote></div>\n',
    "mimbar": "<blockquote>{}</blockquote>\n",
}
FIGURES = {
    "harian": '<table class="pic_artikel_sisip_table"><tbody><tr><td><div class="pic_artikel_sisip"><img src="{image}" alt=""><span class="caption">{caption}</span></div></td></tr></tbody></table>\n',
    "portal": '<figure class="wp-block-image size-large"><img src="{image}" alt=""><figcaption class="wp-element-caption">{caption}</figcaption></figure>\n',
    "warta": '<div class="photo"><img src="{image}" alt=""><div class="photo__caption">{caption}</div></div>\n',
    "kilas": '<div class="foto"><img src="{image}" alt="" /><div class="keterangan-foto">{caption}</div></div>\n',
    "mimbar": '<div class="mb-gambar"><img src="{image}" alt=""><br><small>{caption}</small></div>\n',
}
ENDS = {
    "harian": "<p><strong>({initials}/hsp)</strong></p>\n",
    "portal": '<p>(***)</p>\n<p>Dapatkan berita terbaru dan pilihan kami di <a href="{base}/gn">Google News</a></p>\n',
    "warta": "<p><em>Dapatkan update berita pilihan setiap hari dari {brand}. Mari bergabung di saluran WhatsApp kami, caranya klik tautan https://wa.test/{name}, kemudian ikuti.</em></p>\n",
    "kilas": '<p>Ikuti WhatsApp Channel {brand} untuk berita terkini</p>\n<p>Lihat juga: <a href="{base}/video">Rekaman lengkapnya di sini</a></p>\n',
    "mimbar": "Pewarta: {author}<br>\nEditor: {editor}<br>\nCopyright © {brand} 2025<br>\n",
}


def paragraph(site: Site, inner: str, *, last: bool) -> str:
    """Return a paragraph with the HTML `inner`; some layouts put a mark behind the `last`."""
    if site.layout == "mimbar":
        return f"{inner}<br><br>\n"
    return f"<p>{inner}{' (***)' if last and site.layout == 'kilas' else ''}</p>\n"


def dateline(site: Site, story: Story) -> str:
    """Return the words before the first paragraph that say where it was written."""
    return DATELINES[site.layout].format(
        place=escape(story.dateline.title()), upper=escape(story.dateline), name=_name(site)
    )


def other(site: Site, block: Block) -> str:
    """Return a sub-heading or a quotation."""
    return (HEADINGS if block.heading else QUOTES)[site.layout].format(escape(block.text, quote=False))


def listed(site: Site, items: Sequence[Block]) -> str:
    """Return a list."""
    tag, attributes = LISTS.get(site.layout, ("ul", ""))
    inner = "".join(f"<li>{escape(item.text, quote=False)}</li>\n" for item in items)
    return f"<{tag}{attributes}>{inner}</{tag}>\n"


def figure(site: Site, image: str, caption: str) -> str:
    """Return a picture with its caption, as it stands between paragraphs."""
    return FIGURES[site.layout].format(image=image, caption=escape(caption, quote=False))


def ending(site: Site, base: str, story: Story) -> str:
    """Return what stands below the last paragraph: initials, credits, invitations."""
    initials = "".join(name[0] for name in story.editor.lower().split()) + "h"
    return ENDS[site.layout].format(
        initials=initials,
        base=base,
        brand=escape(site.brand),
        name=_name(site).lower(),
        author=escape(", ".join(story.authors)),
        editor=escape(story.editor),
    )


def _name(site: Site) -> str:
    return site.brand.upper().replace(" ", "")
