"""The newsroom's feeds as files that `kabar up --feeds` and `kabar feeds import` read: TOML and OPML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from msgspec import structs

from workers.newsroom.newsroom import FeedAddress


def toml(addresses: Sequence[FeedAddress]) -> str:
    """Return a `[[feeds]]` table for each feed."""
    tables = (
        "".join(f'{key} = "{value}"\n' for key, value in structs.asdict(feed).items() if value) for feed in addresses
    )
    return "\n".join("[[feeds]]\n" + table for table in tables)


def opml(addresses: Sequence[FeedAddress]) -> str:
    """Return an OPML 2.0 outline of the feeds."""
    lines = "".join(
        f'<outline type="rss" text="{escape(feed.title)}" title="{escape(feed.title)}" xmlUrl="{escape(feed.url)}" '
        f'htmlUrl="http://{feed.site}/" language="{feed.language}"/>\n'
        for feed in addresses
    )
    head = "<head><title>Newsroom</title></head>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">{head}<body>\n{lines}</body></opml>\n'
