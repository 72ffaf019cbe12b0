"""OPML 2.0 lists of feeds (https://opml.org/spec2.opml), from any reader and hostile ones too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from workers.errors import Misuse
from workers.model import Feed
from workers.poll.feedlist import RULES, SPANS, feeds_from, settings_of

OURS = "urn:kabar:opml:1"  # namespace of the settings OPML has no attribute for
_SETTINGS = ("id", "site", "timezone", "section", "enabled", *SPANS, *RULES)


def parse_opml(data: bytes, name: str = "feeds.opml") -> list[Feed]:
    """Return the feeds of all outlines with an `xmlUrl`; the titles of the outlines around one become its `folder`.

    Document types with entities are refused. Raises Misuse naming `name` and every problem with its line.
    """
    if b"<!ENTITY" in data.replace(b"\x00", b"").upper():
        raise Misuse(f"{name}: declares entities, which no list of feeds needs")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data.lstrip(b" \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Misuse(f"{name}: not well-formed XML: {error}") from error
    if etree.QName(root).localname.lower() != "opml":
        raise Misuse(f"{name}: a <{etree.QName(root).localname}> document, not OPML")
    return feeds_from(_rows(root), name, [])


def to_opml(feeds: Sequence[Feed], title: str = "Kabar") -> bytes:
    """Return `feeds` as OPML 2.0, foldered; Kabar's own settings are attributes in its namespace.

    Request headers stay out: they may hold secrets, and OPML is made to be given to others.
    """
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"kabar": OURS})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _clean(title)
    body = etree.SubElement(root, "body")
    folders: dict[str, Any] = {"": body}
    for feed in feeds:
        if feed.folder not in folders:
            folders[feed.folder] = _folder(body, folders, feed.folder)
        etree.SubElement(folders[feed.folder], "outline", _attributes(feed))
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written


def _rows(root: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for outline in root.iter("outline"):
        given = {
            key.lower() if not key.startswith("{") else key: value.strip() for key, value in outline.attrib.items()
        }
        if not given.get("xmlurl"):
            continue
        row: dict[str, Any] = {"url": given["xmlurl"]}
        text = given.get("text") or ""
        row["title"] = given.get("title") or (text if text != row["url"] else "")
        row["folder"] = "/".join(_labels(outline))
        if language := given.get("language"):
            row["language"] = language
        row |= {key: _typed(key, given[f"{{{OURS}}}{key}"]) for key in _SETTINGS if f"{{{OURS}}}{key}" in given}
        yield f"line {outline.sourceline}", row


def _labels(outline: Any) -> list[str]:
    labels = [above.get("title") or above.get("text") or "" for above in outline.iterancestors("outline")]
    return [label.strip().replace("/", "-") for label in reversed(labels) if label.strip()]


def _typed(key: str, value: str) -> object:
    """Return the attribute as the setting's type, or as it is, for the check to complain about."""
    if key in RULES:
        return value.split("\n")
    if key in SPANS and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    if key == "enabled" and value in ("true", "false"):
        return value == "true"
    return value


def _folder(body: Any, folders: dict[str, Any], path: str) -> Any:
    """Return the outline of folder `path`, made with those above it where missing."""
    at, made = "", body
    for label in path.split("/"):
        at = f"{at}/{label}" if at else label
        if at not in folders:
            folders[at] = etree.SubElement(made, "outline", {"text": _clean(label)})
        made = folders[at]
    return made


def _attributes(feed: Feed) -> dict[str, str]:
    title = _clean(feed.title or feed.url)
    given = {"type": "rss", "text": title, "xmlUrl": _clean(feed.url), "language": _clean(feed.language)}
    if feed.title:
        given["title"] = title
    for key, value in settings_of(feed).items():
        if key in _SETTINGS:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            if key in RULES:  # one a line: XML keeps a line's end in an attribute when it is written as a reference
                text = "\n".join(value)
            given[f"{{{OURS}}}{key}"] = _clean(text)
    return given


def _clean(text: str) -> str:
    """Return `text` without what XML 1.0 can't hold."""
    return "".join(
        c for c in text if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )
