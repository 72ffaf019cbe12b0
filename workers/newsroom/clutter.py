"""What stands round an article on a real portal: styles, scripts, menus, cards, ads, comments, footers.

Made once per site (from a generator seeded by the site's number) or per page where it differs; nothing here is part of
the truth. Texts are plain; `escape` is applied where they are put into HTML.
"""

# ruff: noqa: E501 - markup reads best unbroken

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from html import escape

from workers.newsroom.sites import SECTIONS, Site, article_path, image_path, long_date, slug
from workers.newsroom.stories import Story
from workers.newsroom.words import words

SIZES = ([970, 250], [728, 90], [300, 250], [300, 600], [320, 100], [160, 600], [1, 1])


def styles(site: Site) -> str:
    """Return the site's style sheet as it stands inline in each page (about 45 KB)."""
    chance = random.Random(f"styles {site.number}")  # noqa: S311 - variety, not secrecy
    prefix = site.layout[:2]
    plain = [_rule(chance, f".{prefix}-{part}{side}") for part in words().parts for side in ("", *words().sides)]
    media = [
        f"@media {width}{{" + "".join(_rule(chance, f".{prefix}-{part}") for part in words().parts) + "}"
        for width in words().breaks
    ]
    return ":root{--merah:#c8102e;--biru:#0b4f8a;--abu:#6b7280}" + "".join(plain + media)


def _rule(chance: random.Random, selector: str) -> str:
    return f"{selector}{{{';'.join(chance.sample(words().rules, chance.randrange(3, 6)))}}}"


def scripts(site: Site) -> str:
    """Return the inline scripts: advertisement slots, measuring, lazy images, consent (about 25 KB)."""
    chance = random.Random(f"scripts {site.number}")  # noqa: S311 - variety, not secrecy
    slots = [
        {
            "code": f"div-gpt-{site.layout}-{n}",
            "mediaTypes": {"banner": {"sizes": chance.sample(SIZES, 3)}},
            "bids": [
                {
                    "bidder": f"pasar{b}",
                    "params": {
                        "placementId": chance.randrange(10**7, 10**8),
                        "zone": f"{part}-{b}",
                        "floor": round(chance.random(), 2),
                    },
                }
                for b in range(4)
            ],
        }
        for n, part in enumerate(words().parts)
    ]
    handlers = "".join(
        f"w.on('{part}',function(e){{var t=e.target.closest('.{site.layout[:2]}-{part}');if(!t)return;"
        f"w.kirim('klik',{{bagian:'{part}',urutan:t.dataset.urutan||0,waktu:Date.now()}});"
        f"if(t.classList.contains('is-open')){{t.classList.remove('is-open')}}else{{t.classList.add('is-open')}}}});"
        for part in words().parts
    )
    return (
        f"<script>window.dataLayer=window.dataLayer||[];var adUnits={json.dumps(slots)};"
        "for(var i=0;i<adUnits.length;i++){adUnits[i].lazy=i>4}</script>\n"
        f"<script>(function(w,d){{'use strict';{handlers}"
        "var l=d.querySelectorAll('img[data-src]');if('IntersectionObserver' in w){var o=new IntersectionObserver(function(x){"
        "x.forEach(function(y){if(y.isIntersecting){y.target.src=y.target.dataset.src;o.unobserve(y.target)}})});"
        "l.forEach(function(m){o.observe(m)})}})(window,document);</script>\n"
    )


def menu(site: Site, base: str) -> str:
    """Return the items of the main menu with their sub-menus, as list items."""
    prefix = site.layout[:2]
    items = []
    for name, children in words().menu.items():
        links = "".join(
            f'<li class="{prefix}-dropdown__item"><a class="{prefix}-dropdown__link" href="{base}/kanal/{slug(name)}/{slug(child)}" '
            f'dtr-evt="menu" dtr-sec="{slug(name)}" title="{child}">{child}</a></li>\n'
            for child in children
        )
        items.append(
            f'<li class="{prefix}-nav__item"><a href="{base}/kanal/{slug(name)}" dtr-evt="menu">{name}</a>\n'
            f'<ul class="{prefix}-dropdown">\n{links}</ul></li>\n'
        )
    return "".join(items)


def card(site: Site, base: str, story: Story) -> str:
    """Return a teaser of another story, picture, section, headline and time, as lists of a portal carry them."""
    prefix, link, image = site.layout[:2], base + article_path(site.layout, story), base + image_path(story)
    widths = ", ".join(f"{image}?w={w}&amp;q=80 {w}w" for w in (180, 360, 720))
    return (
        f'<div class="{prefix}-card" data-urutan="{story.number}"><div class="{prefix}-card__media">'
        f'<a href="{link}" class="{prefix}-card__link" dtr-evt="artikel terkait" dtr-id="{story.number}">'
        f'<span class="{prefix}-thumb ratiobox lqd"><img class="lazy" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7" '
        f'data-src="{image}?w=360&amp;q=80" srcset="{widths}" sizes="(max-width:480px) 100vw, 360px" alt="{escape(story.title)}" width="360" height="202"></span></a></div>'
        f'<div class="{prefix}-card__wrap"><h3 class="{prefix}-card__title"><a href="{link}">{escape(story.title)}</a></h3>'
        f'<div class="{prefix}-meta"><span class="{prefix}-kicker">{SECTIONS[story.section]}</span> '
        f'<span class="{prefix}-meta__item" d-time="{int(story.published_at.timestamp())}">{long_date(story.published_at, site.layout)}</span></div></div></div>\n'
    )


def comments(story: Story) -> list[tuple[str, str, str]]:
    """Return readers' comments under a story as (name, when, text)."""
    chance = random.Random(f"comments {story.slug}")  # noqa: S311 - variety, not secrecy
    texts = chance.sample(words().comments, chance.randrange(3, 12))
    texts += chance.sample(words().long_comments, chance.randrange(4))
    return [(chance.choice(words().readers), f"{chance.randrange(2, 50)} menit yang lalu", text) for text in texts]


def inner_ad(site: Site, number: int) -> str:
    """Return the advertisement that stands between two paragraphs."""
    slot = (
        f'<div id="div-gpt-{site.layout}-{number}" class="adsbox" data-slot="{number}" style="min-height:250px"></div>'
    )
    if site.layout == "harian":
        return (
            f'<div class="staticdetail_ads parallaxindetail scrollpage"><div class="ads-labels">ADVERTISEMENT</div>{slot}'
            '<div class="ads-scroll">SCROLL TO CONTINUE WITH CONTENT</div></div>\n'
        )
    if site.layout == "portal":
        return f'<div class="code-block code-block-{number}" style="margin: 8px 0; clear: both;"><ins class="adsbygoogle" style="display:block">{slot}</ins></div>\n'
    if site.layout == "warta":
        return f'<div class="ads-on-body"><span class="ads-on-body__label">Iklan</span>{slot}</div>\n'
    if site.layout == "mimbar":
        return f'<div class="mb-sisip"><span>ADVERTISEMENT</span>{slot}<span>Gulir untuk lanjut membaca</span></div>\n'
    return f'<center class="iklan-tengah"><small>Lanjutkan membaca setelah iklan</small>{slot}</center>\n'


def video(site: Site) -> str:
    """Return the invitation to a video that stands between two paragraphs."""
    if site.layout == "harian":
        return "<p><strong>Simak Video 'Suasana di Lokasi':</strong></p>\n<p>[Gambas:Video Harian]</p>\n"
    if site.layout == "portal":
        return "<p>Lihat Juga Video: Suasana di Lokasi Pagi Ini</p>\n"
    if site.layout == "mimbar":
        return "Tonton Video: Suasana di Lokasi<br><br>\n"
    return "<p><strong>Saksikan juga video pilihan berikut ini:</strong></p>\n"


def share_bar(site: Site, link: str) -> str:
    """Return the row of buttons that share a page."""
    places = ("Facebook", "X", "WhatsApp", "Telegram", "LINE", "Salin Tautan")
    icon = '<svg width="18" height="18" viewBox="0 0 24 24"><path d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm1 14h-2v-4h2v4zm0-6h-2V8h2v2z"/></svg>'
    buttons = "".join(
        f'<a class="{site.layout[:2]}-share__link" data-action="share-{slug(name)}" rel="nofollow noopener" '
        f'href="https://bagikan.test/{slug(name)}?u={link}">{icon}<span>{name}</span></a>\n'
        for name in places
    )
    return f'<div class="{site.layout[:2]}-share"><span>Bagikan:</span>\n{buttons}</div>\n'


def state(stories: Sequence[Story], site: Site) -> str:
    """Return the JSON state that a page's script would start from (grows with the stories listed)."""
    items = [
        {
            "id": s.number,
            "slug": s.slug,
            "judul": s.title,
            "ringkasan": s.lead,
            "kanal": s.section,
            "tag": s.tags,
            "waktu": s.published_at.isoformat(),
            "tautan": article_path(site.layout, s),
        }
        for s in stories
    ]
    text = json.dumps({"props": {"pageProps": {"terbaru": items}}}, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script id="__DATA__" type="application/json">{text}</script>\n'


def symbols(site: Site) -> str:
    """Return the hidden sheet of icons."""
    chance = random.Random(f"symbols {site.number}")  # noqa: S311 - variety, not secrecy
    shapes = "".join(
        f'<symbol id="i-{part}" viewBox="0 0 24 24"><path d="M{_points(chance)}z"/></symbol>\n'
        for part in words().parts
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" style="display:none">{shapes}</svg>\n'


def _points(chance: random.Random) -> str:
    return "l".join(f"{chance.uniform(-9, 9):.2f} {chance.uniform(-9, 9):.2f}" for _ in range(16))


def footer_links(base: str) -> str:
    """Return the footer's lists: house pages and the editions."""
    house = (
        "Tentang Kami",
        "Redaksi",
        "Pedoman Media Siber",
        "Kebijakan Privasi",
        "Karier",
        "Kotak Pos",
        "Info Iklan",
        "Disclaimer",
    )
    pages = "".join(f'<li><a href="{base}/halaman/{slug(name)}">{name}</a></li>\n' for name in house)
    editions = "".join(f'<li><a href="{base}/daerah/{slug(town)}">Berita {town}</a></li>\n' for town in words().towns)
    desks = "".join(
        f'<li><a href="{base}/penulis/{slug(name)}">Tulisan {name}</a></li>\n' for name in words().first_names[:20]
    )
    return f"<ul>{pages}</ul>\n<ul>{editions}</ul>\n<ul>{desks}</ul>\n"
