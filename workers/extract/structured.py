"""JSON-LD (schema.org) of a page: the article's own node among all that is there, broken JSON tolerated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from workers.extract.text import key, plain, words
from workers.extract.tree import Tree

MAX_SCRIPT = 1_000_000  # characters of one script element
MAX_TOTAL = 3_000_000
MAX_NODES = 5_000
MAX_SCRIPTS = 60

MAX_CANDIDATES = 200
MAX_ADDRESS = 4_096  # characters
SHORTEST = 5  # characters of a headline that says something

Node = dict[str, Any]

# what stands under these describes something else: another article of a list, a part, a remark, a film
FOREIGN = frozenset(
    {"itemListElement", "relatedLink", "significantLink", "hasPart", "mentions", "video", "comment", "citation",
     "isBasedOn", "isRelatedTo", "blogPost", "associatedMedia", "subjectOf", "review", "suggestedAnswer"}
)  # fmt: skip
_ADDRESS = re.compile(r"(?:https?:)?//(?:www\.)?([^/?#]+)(/[^#]*?[^#/])/?(?:#|$)", re.IGNORECASE)

ARTICLE_TYPES = re.compile(
    r"(?:\w*Article|\w*BlogPosting|Report|Review|CriticReview|LiveBlogPosting|VideoObject|NewsMediaObject)$"
)
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_WRAPPER = re.compile(
    r"^\s*(?:<!--|/\*<!\[CDATA\[\*/|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|/\*\]\]>\*/|//\]\]>|\]\]>)\s*;?\s*$"
)
_FIELD = re.compile(r'"(headline|datePublished|dateModified|articleSection)"\s*:\s*"((?:[^"\\]|\\.){1,500})"')


class LinkedData(Struct, frozen=True):
    """All JSON-LD objects of a page, outer before inner; `own` are those that don't stand for something beside it."""

    nodes: list[Node]
    own: list[Node]


class Described(Struct, frozen=True):
    """The node that describes a page's article, {} without; whether address or headline say that it is this one."""

    node: Node
    certain: bool


def linked_data(root: Tree) -> LinkedData:
    """Return the JSON-LD objects of the page; broken scripts give what they can."""
    found = LinkedData([], [])
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


def article(data: LinkedData, titles: list[str], addresses: Iterable[str]) -> Described:
    """Return the node that describes the page known by `titles` and `addresses`.

    Of several the one that names the page's address or title counts, else none; a single one may be worded
    otherwise, but not share no word with the titles. Videos count only when they are the page's very subject.
    """
    candidates = [node for node in data.own if is_article(node)][:MAX_CANDIDATES]
    wanted = {place for place in map(_place, addresses) if place}
    spelled = [key(title) for title in titles if title]
    written = [node for node in candidates if "VideoObject" not in types(node)]
    certain = [node for node in written if not wanted.isdisjoint(_places(node))]
    certain = certain or [node for node in candidates if _is_headed(node, spelled)]
    if certain:
        return Described(max(certain, key=_weight), True)
    if len(written) != 1 or _contradicts(written[0], titles):
        return Described({}, False)
    return Described(written[0], False)


def _weight(node: Node) -> int:
    return 2 * ("VideoObject" not in types(node)) + ("datePublished" in node or "headline" in node)


def _places(node: Node) -> Iterator[str]:
    for value in (node.get("url"), node.get("mainEntityOfPage"), node.get("@id")):
        if isinstance(value, dict):
            yield from (_place(value.get("@id")), _place(value.get("url")))
        else:
            yield _place(value)


def _place(address: object) -> str:
    """An address without scheme, "www." and fragment; "" for one without a path: it names a site."""
    if not isinstance(address, str) or len(address) > MAX_ADDRESS:
        return ""
    match = _ADDRESS.match(address.strip())
    return f"{match[1].lower()}{match[2]}" if match else ""


def _is_headed(node: Node, spelled: list[str]) -> bool:
    headline = key(plain(node.get("headline") or node.get("name")))
    return len(headline) > SHORTEST and any(
        title in headline if len(headline) > len(title) > SHORTEST else headline in title for title in spelled
    )


def _contradicts(node: Node, titles: list[str]) -> bool:
    own = {word for word in words(plain(node.get("headline"))) if len(word) >= 4}
    theirs = {word for title in titles for word in words(title)}
    return len(own) > 1 and bool(theirs) and own.isdisjoint(theirs)


def is_article(node: Node) -> bool:
    """Tell whether the node is of a type that articles have."""
    return any(ARTICLE_TYPES.match(kind) for kind in types(node))


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


def _collect(value: Any, found: LinkedData) -> None:
    waiting = [(value, True)]
    while waiting and len(found.nodes) < MAX_NODES:
        item, own = waiting.pop(0) if len(waiting) < 1_000 else waiting.pop()
        if isinstance(item, list):
            waiting += [(inner, own) for inner in item[:1_000]]
        elif isinstance(item, dict):
            found.nodes.append(item)
            if own:
                found.own.append(item)
            waiting += [(v, own and k not in FOREIGN) for k, v in item.items() if isinstance(v, dict | list)]
