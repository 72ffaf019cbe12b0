"""JSON-LD (schema.org) of a page: the article's own node among all that is there, broken JSON tolerated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from workers.extract.text import key, plain
from workers.extract.tree import Tree

MAX_SCRIPT = 1_000_000  # characters of one script element
MAX_TOTAL = 3_000_000
MAX_NODES = 5_000
MAX_SCRIPTS = 60

Node = dict[str, Any]

ARTICLE_TYPES = re.compile(
    r"(?:\w*Article|\w*BlogPosting|Report|Review|CriticReview|LiveBlogPosting|VideoObject|NewsMediaObject)$"
)
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_WRAPPER = re.compile(
    r"^\s*(?:<!--|/\*<!\[CDATA\[\*/|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|/\*\]\]>\*/|//\]\]>|\]\]>)\s*;?\s*$"
)
_FIELD = re.compile(r'"(headline|datePublished|dateModified|articleSection)"\s*:\s*"((?:[^"\\]|\\.){1,500})"')


def nodes(root: Tree) -> list[Node]:
    """Return every JSON-LD object of the page, outer before inner; broken scripts give what they can."""
    found: list[Node] = []
    total = 0
    scripts = root.iterfind(".//script[@type]")
    wanted = (s for s in scripts if "ld+json" in s.get("type", "").lower())
    for count, script in enumerate(wanted):
        text = script.text or ""
        total += len(text)
        if count >= MAX_SCRIPTS or total > MAX_TOTAL:
            break
        if len(text) <= MAX_SCRIPT:
            _collect(_read(text), found)
    return found


def article(found: list[Node], title: str = "") -> Node:
    """Return the node that describes this page's article; {} without. Of several the one headed like the page wins."""
    candidates = [node for node in found if any(ARTICLE_TYPES.match(kind) for kind in types(node))]
    written = [node for node in candidates if "VideoObject" not in types(node)]
    candidates = written or [node for node in candidates if node.get("datePublished")]
    if not candidates:
        return {}
    wanted = key(title)
    named = [n for n in candidates if wanted and (headline := key(plain(n.get("headline")))) and headline in wanted]
    return max(named or candidates, key=lambda node: "datePublished" in node or "headline" in node)


def types(node: Node) -> list[str]:
    """Return the node's types without their namespace."""
    kind = node.get("@type") or node.get("type")
    return [str(k).rpartition("/")[2] for k in (kind if isinstance(kind, list) else [kind]) if isinstance(k, str)]


def names(value: Any, found: list[Node] | None = None) -> Iterator[str]:
    """Yield the names in a value that may be a string, an object, a reference or a list of such."""
    for item in value[:50] if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            name = item.get("name")
            if not name and found and (reference := item.get("@id")):
                name = next((n.get("name") for n in found if n.get("@id") == reference and n.get("name")), None)
            yield from (plain(n) for n in (name if isinstance(name, list) else [name]) if plain(n))
        elif text := plain(item):
            yield text


def _read(text: str) -> Any:
    text = _WRAPPER.sub("", _WRAPPER.sub("", text.strip()))
    try:
        return msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        pass
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return json.JSONDecoder(strict=False).raw_decode(attempt.lstrip())[0]
        except (ValueError, RecursionError):
            continue
    # beyond repair (unescaped quotes …): the plain fields still stand there
    fields = dict(reversed(_FIELD.findall(text)))
    return {"@type": "Article", **fields} if "rticle" in text and fields else None


def _collect(value: Any, found: list[Node]) -> None:
    waiting = [value]
    while waiting and len(found) < MAX_NODES:
        item = waiting.pop(0) if len(waiting) < 1_000 else waiting.pop()
        if isinstance(item, list):
            waiting += item[:1_000]
        elif isinstance(item, dict):
            found.append(item)
            waiting += [v for v in item.values() if isinstance(v, dict | list)]
