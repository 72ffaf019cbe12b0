"""On what terms a page gives its text: paywalls and teasers, and what robots are asked not to do with it."""

# ruff: noqa: E501 - lists of words and expressions read best unbroken

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from workers.extract.head import Head
from workers.extract.marks import Marks
from workers.extract.place import is_hidden
from workers.extract.structured import Node
from workers.extract.tree import text_of
from workers.model import Access

TEASER = 1_500  # characters: a longer text isn't called a teaser because it ends in dots
MAX_WALLS = 40
MAX_NOTICE = 600  # characters of a paywall's notice
MAX_RESTRICTIONS = 20

_NOTICE = re.compile(
    r"(?:untuk|guna|agar bisa)\s+(?:bisa\s+)?(?:melanjutkan|lanjut|terus|dapat)?\s*(?:membaca|mengakses|menikmati).{0,80}\b(?:langganan"
    r"|berlangganan|masuk|login|daftar)"
    r"|(?:ber)?langganan\b.{0,60}\b(?:untuk|agar|supaya|dan)\b.{0,30}\b(?:membaca|melanjutkan|lanjut|akses|mengakses|buka|selengkapnya)"
    r"|(?:artikel|berita|konten|tulisan|halaman)\s+(?:ini\s+)?(?:khusus|hanya|eksklusif|tersedia)\b.{0,40}\b(?:pelanggan|member|anggota)"
    r"|(?:konten|artikel|berita)\s+(?:premium|berbayar)\b.{0,80}\b(?:langganan|berlangganan|pelanggan)"
    r"|(?:subscribe|sign up|register|log ?in|sign ?in|become a member|create an? (?:free )?account)\b.{0,40}\b(?:to|and)\s+(?:continue"
    r"|keep|read(?!ers)|unlock|access)\b"
    r"|(?:this|the)\s+(?:article|story|content|post)\s+is\s+(?:only\s+)?(?:for|available|reserved|exclusive)\b.{0,40}\b(?:subscribers|members)"
    r"|to\s+(?:continue|keep)\s+reading\b.{0,80}\b(?:subscri|log ?in|sign|regist)"
    r"|(?:you.ve|you have)\s+(?:reached|used)\b.{0,40}\b(?:free|limit)\b"
    r"|(?:weiterlesen|artikel)\b.{0,60}\b(?:nur für abonnenten|mit .{0,20}abo\b|exklusiv für)",
    re.IGNORECASE | re.DOTALL,
)
_SUBSCRIBE = re.compile(r"langgan|subscri|abonn|member|premium|log ?in|masuk|daftar|sign ?in|register", re.IGNORECASE)
_CUT_SHORT = re.compile(
    r"(?:…|\.{3,}|\[(?:…|\.{3})\])[\s\"”']*(?:\(?\s*(?:baca\s+)?(?:selengkapnya|selanjutnya)|read more|weiterlesen|continue reading)?\W*$",
    re.IGNORECASE,
)
_FREE = re.compile(r"(?:https?://schema\.org/)?(true|false|yes|no|1|0)$", re.IGNORECASE)

# of the many things robots are told, those that forbid
_WISHES = frozenset(
    [
        "noindex",
        "nofollow",
        "noarchive",
        "nocache",
        "nosnippet",
        "noimageindex",
        "notranslate",
        "noai",
        "noimageai",
        "nositelinkssearchbox",
        "indexifembedded",
        "noml",
        "notrain",
    ]
)
_AGENT = re.compile(r"^([\w*-]+)\s*:\s*(?!\d)")


class Terms(Struct, frozen=True):
    """What the page itself says: whether a wall stands before its text, and what robots shall not do."""

    walled: bool
    free: bool  # it says that nothing is in the way
    restrictions: tuple[str, ...]


def terms(head: Head, marks: Marks, headers: Mapping[str, str]) -> Terms:
    """Return the terms of the page; `headers` are its answer's, names in lower case."""
    said = list(_said(head))
    walled = False in said or head.first("article:content_tier", "og:article:content_tier").lower() == "locked"
    free = not walled and True in said
    return Terms(
        walled or (not free and _has_wall(marks)), free, tuple(_restrictions(head, headers))[:MAX_RESTRICTIONS]
    )


def access(found: Terms, text: str) -> Access:
    """Return how much of the article `text` can be: all of it, what a paywall left, or only a teaser."""
    if found.walled:
        return "paywall"
    return "snippet" if len(text) <= TEASER and _CUT_SHORT.search(text[-80:]) else "full"


def _said(head: Head) -> Iterator[bool]:
    nodes: list[Node] = [head.article, *(n for n in head.own_nodes[:200] if "WebPage" in str(n.get("@type")))]
    for node in nodes[:20]:
        parts = node.get("hasPart")
        for part in (node, *(parts if isinstance(parts, list) else [parts])[:20]):
            if isinstance(part, dict) and (match := _FREE.match(str(part.get("isAccessibleForFree", "")).strip())):
                yield match[1].lower() in ("true", "yes", "1")


def _has_wall(marks: Marks) -> bool:
    for element, named in marks.walls[:MAX_WALLS]:
        text = text_of(element)[:MAX_NOTICE]
        # the sentence may be spread over the box: "Artikel ini <b>khusus pelanggan</b>"
        around = element.getparent()
        if not named and around is not None and len(wider := text_of(around)) <= MAX_NOTICE:
            text = wider
        told = _NOTICE.search(text) or (named and 20 <= len(text) < MAX_NOTICE and _SUBSCRIBE.search(text))
        if told and not is_hidden(element):
            return True
    return False


def _restrictions(head: Head, headers: Mapping[str, str]) -> dict[str, None]:
    """The wishes in robots' meta elements and header, each once; wishes to single other robots are theirs."""
    found: dict[str, None] = {}
    header = headers.get("x-robots-tag", "")
    for value in (*head.every("robots"), *_for_all(header)):
        for wish in (part.strip().lower() for part in value.split(",")):
            name = wish.partition(":")[0].strip()
            if wish == "none":
                found |= {"noindex": None, "nofollow": None}
            elif wish in _WISHES or (name == "max-snippet" and wish.endswith(":0")) or name == "unavailable_after":
                found[wish[:60].strip()] = None
    if head.first("tdm-reservation").strip() == "1" or headers.get("tdm-reservation", "").strip() == "1":
        found["tdm-reservation"] = None
    return found


def _for_all(header: str) -> Iterator[str]:
    """The parts of an X-Robots-Tag that aren't addressed to one robot: "googlebot: noindex" is."""
    addressed = False
    for part in header[:2_000].split(","):
        part = part.strip()
        agent = _AGENT.match(part)
        if agent and agent[1].lower() not in (
            "unavailable_after",
            "max-snippet",
            "max-image-preview",
            "max-video-preview",
        ):
            addressed = agent[1] != "*"
            part = part[agent.end() :]
        if not addressed:
            yield part
