"""The same story in a template of another make: what a portal's pages look like after the day it was rebuilt.

Its consent dialog stands in the page like text, in sections longer than most articles, and the article itself in the
kind of box that templates use for anything. Who does not know the dialog's class takes it for the article; a row
`prune = ['kotak-izin']` in `config/sites.toml` mends that.
"""

from __future__ import annotations

from html import escape

from workers.newsroom.metadata import metadata
from workers.newsroom.render import Frame
from workers.newsroom.sites import article_path, long_date
from workers.newsroom.stories import Story

PURPOSES = (
    "Penyimpanan informasi",
    "Iklan yang dipilih",
    "Pengukuran",
    "Konten yang dipilih",
    "Pengembangan",
    "Lokasi",
)
CONSENT = (  # said once for each purpose
    "Kami dan 214 mitra kami menyimpan dan mengakses informasi pada perangkat Anda, seperti pengenal dalam cookie, "
    "untuk {purpose}.",
    "Situs ini memakai cookie dan teknologi serupa untuk {purpose}. Sebagian diperlukan agar halaman dapat tampil, "
    "sebagian lain membantu kami memahami bagaimana halaman dibaca.",
    "Dengan memilih Terima, Anda menyetujui penggunaan data itu untuk {purpose} sebagaimana tertulis dalam kebijakan "
    "privasi kami. Pilihan Anda dapat diubah kapan saja melalui pengaturan di bagian bawah halaman.",
    "Beberapa mitra tidak meminta persetujuan Anda untuk {purpose}, melainkan mengandalkan kepentingan yang sah. "
    "Kebijakan privasi kami menjelaskan bagaimana Anda menolaknya.",
)


def new_template_page(frame: Frame, story: Story) -> bytes:
    """Return the story's page as the site's new template shows it, UTF-8."""
    site, base = frame.site, frame.base
    head = metadata(site, base, story, base + article_path(site.layout, story)) + frame.head
    dialog = "".join(
        f'<section class="kotak-izin"><h3>{escape(purpose)}</h3>'
        + "".join(f"<p>{escape(text.format(purpose=purpose.lower()))}</p>" for text in CONSENT)
        + "</section>\n"
        for purpose in PURPOSES
    )
    text = "".join(f"<div class='b'>{escape(block.text, quote=False)}</div>\n" for block in story.blocks)
    return (
        f'<!doctype html><html lang="{story.language}"><head>{head}</head><body>{frame.parts["symbols"]}'
        f'<header><a href="{base}/">{frame.parts["brand"]}</a><nav><ul>{frame.parts["menu"]}</ul></nav></header>\n'
        f'<main class="layar"><h1>{escape(story.title)}</h1><span>{long_date(story.published_at, site.layout)}</span>\n'
        f'<div class="jendela">{dialog}</div>\n<div class="wadah">{text}</div></main>\n'
        f"<footer>{frame.parts['footer']}</footer>{frame.parts['scripts']}</body></html>"
    ).encode()
