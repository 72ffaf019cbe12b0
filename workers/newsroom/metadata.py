"""What a page tells machines about its story: title, meta, OpenGraph, JSON-LD."""

from __future__ import annotations

import json
from html import escape

from workers.newsroom.sites import SECTIONS, Site, image_path
from workers.newsroom.stories import Story


def metadata(site: Site, base: str, story: Story, link: str) -> str:
    """Return the elements of <head> that tell machines about the story whose page is `link`."""
    image = base + image_path(story)
    title, lead = escape(story.title), escape(story.lead)
    published, modified = story.published_at.isoformat(), story.updated_at.isoformat()
    properties = {
        "og:type": "article",
        "og:site_name": escape(site.brand),
        "og:title": title,
        "og:description": lead,
        "og:url": link,
        "og:image": image,
        "og:locale": "en_US" if story.language == "en" else "id_ID",
        "article:published_time": published,
        "article:modified_time": modified,
        "article:section": SECTIONS[story.section],
    }
    names = {
        "description": lead,
        "keywords": escape(", ".join(story.tags)),
        "author": escape(", ".join(story.authors)),
        "robots": "index, follow, max-image-preview:large",
        "twitter:card": "summary_large_image",
        "twitter:title": title,
        "twitter:image": image,
    }
    return "\n".join(
        [
            f"<title>{title} - {escape(site.brand)}</title>",
            f'<link rel="canonical" href="{link}">',
            *(f'<meta name="{name}" content="{value}">' for name, value in names.items()),
            *(f'<meta property="{name}" content="{value}">' for name, value in properties.items()),
            *(
                f'<script type="application/ld+json">{_json(data)}</script>'
                for data in _linked_data(site, base, story, link)
            ),
            "",
        ]
    )


def _linked_data(site: Site, base: str, story: Story, link: str) -> list[dict[str, object]]:
    organisation = {
        "@type": "Organization",
        "name": site.brand,
        "url": base,
        "logo": {"@type": "ImageObject", "url": base + "/images/logo.png"},
    }
    article: dict[str, object] = {
        "@type": "NewsArticle",
        "headline": story.title,
        "description": story.lead,
        "url": link,
        "mainEntityOfPage": {"@type": "WebPage", "@id": link},
        "image": [base + image_path(story)],
        "datePublished": story.published_at.isoformat(),
        "dateModified": story.updated_at.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "articleSection": SECTIONS[story.section],
        "editor": {"@type": "Person", "name": story.editor},
        "publisher": organisation,
        "inLanguage": story.language,
        "keywords": list(story.tags),
    }
    trail = _trail(base, story)
    context = "https://schema.org"
    if site.layout == "portal":
        return [
            {
                "@context": context,
                "@graph": [{"@type": "WebSite", "name": site.brand, "url": base}, article, trail],
            }
        ]
    return [{"@context": context, **article}, {"@context": context, **trail}]


def _trail(base: str, story: Story) -> dict[str, object]:
    places = (("Home", f"{base}/"), (SECTIONS[story.section], f"{base}/kanal/{story.section}"))
    items = [
        {"@type": "ListItem", "position": n, "name": name, "item": link} for n, (name, link) in enumerate(places, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _json(data: dict[str, object]) -> str:
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
