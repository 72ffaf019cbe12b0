"""Reads JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) into the shape feedparser gives."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import msgspec

from workers.errors import Permanent


def read_json(text: str, max_entries: int) -> tuple[dict[str, Any], list[dict[str, Any]], int]:
    """Return (channel, items, items left out). Raises Permanent "not_a_feed" when the JSON is no JSON Feed."""
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise Permanent(f"neither XML nor JSON: {error}", reason="not_a_feed") from error
    items = value.get("items") if isinstance(value, dict) and "jsonfeed" in str(value.get("version")) else None
    if not isinstance(items, list):
        raise Permanent("a JSON document, but no JSON Feed (no version, no list of items)", reason="not_a_feed")
    channel = {"title": value.get("title"), "link": value.get("home_page_url"), "language": value.get("language")}
    kept = [_item(item) for item in items[:max_entries] if isinstance(item, dict)]
    return channel, kept, len(items) - len(kept)


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    identifier = item.get("id")
    contents = [{"value": item["content_html"], "type": "text/html"}] if item.get("content_html") else []
    if not contents and item.get("content_text"):
        contents = [{"value": item["content_text"], "type": "text/plain"}]
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    tags = item.get("tags")
    return {
        "id": str(identifier) if isinstance(identifier, str | int | float) else "",
        "link": item.get("url") or item.get("external_url") or _address(identifier),
        "title": item.get("title"),
        "title_detail": {"type": "text/plain"},
        "summary": html.escape(item["summary"]) if isinstance(item.get("summary"), str) else "",
        "content": contents,
        "published": item.get("date_published"),
        "updated": item.get("date_modified"),
        "authors": [author for author in authors or () if isinstance(author, dict)],
        "tags": [{"term": tag} for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
        "media_thumbnail": [{"url": item.get("image") or item.get("banner_image")}],
    }


def _address(identifier: object) -> str:
    """The id as a link: "ideally, the id is the full URL of the resource described by the item" (JSON Feed 1.1)."""
    is_one = isinstance(identifier, str) and identifier.startswith(("https://", "http://"))
    return str(identifier) if is_one else ""
