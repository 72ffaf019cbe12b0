"""The feeds as XML: RSS 2.0 and Atom of one site, with summaries, some with the whole text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from workers.newsroom.faults import Faults
from workers.newsroom.sites import SECTIONS, Site, article_path, image_path, short_path
from workers.newsroom.stories import Story

FULL_TEXT_EVERY = 3  # every third story's entry carries the whole text
NEVER = datetime(2025, 1, 1, tzinfo=UTC)  # "updated" of an empty feed
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
)

TAGS = {"": "p", "item": "li", "quote": "blockquote"}  # of blocks by form


def updated(stories: Sequence[Story]) -> datetime:
    """Return when the newest change among `stories` was, UTC."""
    return max((story.updated_at for story in stories), default=NEVER).astimezone(UTC)


def carries_text(story: Story, faults: Faults) -> bool:
    """Tell whether the story's feed entry carries the whole text: always when its page has none."""
    fault = faults.of_article(story.slug)
    return story.number % FULL_TEXT_EVERY == 0 or (fault is not None and fault.kind in ("no_body", "script_only"))


def rss(site: Site, base: str, path: str, stories: Sequence[Story], faults: Faults, title: str = "") -> bytes:
    """Return an RSS 2.0 document of `stories`; `base` begins every address, `path` is the feed's own."""
    items = "\n".join(_item(site, base, story, faults) for story in stories)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" {NAMESPACES}>
<channel>
<title>{escape(title or site.brand)}</title>
<link>{base}/</link>
<atom:link href="{base}{path}" rel="self" type="application/rss+xml"/>
<description>{escape(site.slogan)}</description>
<language>id</language>
<lastBuildDate>{format_datetime(updated(stories))}</lastBuildDate>
<ttl>15</ttl>
{items}
</channel>
</rss>
""".encode()


def _item(site: Site, base: str, story: Story, faults: Faults) -> str:
    link = base + article_path(site.layout, story)
    guid = (
        f'<guid isPermaLink="false">{base}{short_path(story)}</guid>'
        if site.layout == "portal"
        else f'<guid isPermaLink="true">{link}</guid>'
    )
    lines = [
        f"<title>{escape(story.title)}</title>",
        f"<link>{link}</link>",
        guid,
        f"<pubDate>{format_datetime(story.published_at)}</pubDate>",
        *(f"<dc:creator>{escape(name)}</dc:creator>" for name in story.authors),
        *(f"<category>{escape(tag)}</category>" for tag in (SECTIONS[story.section], *story.tags)),
        f"<description>{_description(site, base, story)}</description>",
        f'<media:content url="{base}{image_path(story)}" medium="image" width="700" height="393"/>',
    ]
    if story.modified_at:
        lines.append(f"<atom:updated>{story.modified_at.isoformat()}</atom:updated>")
    if carries_text(story, faults):
        lines.append(f"<content:encoded><![CDATA[{_text(story)}]]></content:encoded>")
    return "<item>\n" + "\n".join(lines) + "\n</item>"


def _description(site: Site, base: str, story: Story) -> str:
    """Return the summary, with a picture before it where the layout does so, as HTML inside XML."""
    if site.layout != "harian":
        return escape(story.lead)
    return (
        f'<![CDATA[<img src="{base}{image_path(story)}" align="left" hspace="7" width="100" />{escape(story.lead)}]]>'
    )


def _text(story: Story) -> str:
    return "\n".join(
        f"<{tag}>{escape(block.text, quote=False)}</{tag}>"
        for block in story.blocks
        for tag in ("h2" if block.heading else TAGS[block.form],)
    )


def atom(site: Site, base: str, path: str, stories: Sequence[Story], faults: Faults, title: str = "") -> bytes:
    """Return an Atom 1.0 document of `stories`; arguments as of `rss`."""
    entries = "\n".join(_entry(site, base, story, faults) for story in stories)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id">
<id>{base}{path}</id>
<title>{escape(title or site.brand)}</title>
<subtitle>{escape(site.slogan)}</subtitle>
<link rel="self" type="application/atom+xml" href="{base}{path}"/>
<link rel="alternate" type="text/html" href="{base}/"/>
<updated>{updated(stories).isoformat()}</updated>
<generator>{escape(site.brand)}</generator>
{entries}
</feed>
""".encode()


def _entry(site: Site, base: str, story: Story, faults: Faults) -> str:
    lines = [
        f"<id>tag:{site.host},2025:{story.number}</id>",
        f"<title>{escape(story.title)}</title>",
        f'<link rel="alternate" type="text/html" href="{base}{article_path(site.layout, story)}"/>',
        f"<published>{story.published_at.isoformat()}</published>",
        f"<updated>{story.updated_at.isoformat()}</updated>",
        *(f"<author><name>{escape(name)}</name></author>" for name in story.authors),
        *(f'<category term="{escape(tag)}"/>' for tag in (SECTIONS[story.section], *story.tags)),
        f"<summary>{escape(story.lead)}</summary>",
    ]
    if carries_text(story, faults):
        lines.append(f'<content type="html">{escape(_text(story))}</content>')
    return "<entry>\n" + "\n".join(lines) + "\n</entry>"
