"""Whether a page is the one its link promised: not a wall, an error page, or a list the site redirects to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from workers.extract.head import Head
from workers.extract.headline import without_site
from workers.extract.sites import Rules
from workers.extract.text import plain
from workers.identify.address import registrable_domain
from workers.model import Entry, Page

OPENING = 400  # characters of the body in which the feed's words are looked for
FEWEST = 2  # significant words a feed's title needs to be compared at all

_SIGNIFICANT = re.compile(r"[a-z\u00c0-\u024f]{4,}")
_COMMON = frozenset(  # words that any page may hold
    {"kembali", "untuk", "yang", "dari", "dengan", "pada", "akan", "tidak", "dalam", "anda", "kami", "kita", "lebih",
     "sudah", "telah", "juga", "baru", "berita", "halaman", "kabar", "karena", "saat", "bisa", "agar", "oleh", "para",
     "lain", "this", "that", "with", "from", "your", "have", "will", "more", "about", "after", "been", "news", "page"}
)  # fmt: skip
_WALL = re.compile(  # titles of pages that are never an article, whatever the feed says
    r"\W*(?:(?:error|galat)?\W*40[34]\W*)?(?:oops\W*)?(?:error|not found|page not found"
    r"|(?:halaman|artikel|berita|page|article)(?: yang anda cari)? (?:tidak|tak) ditemukan"
    r"|(?:this )?page (?:cannot|could not|can't) be found|access denied|forbidden"
    r"|akses ditolak|just a moment|attention required|are you a robot|log ?in|sign ?in|masuk|login|daftar|register"
    r"|(?:cookie )?consent|persetujuan(?: cookie)?|before you continue(?: to .{1,30})?|your privacy(?: choices)?"
    r"|40[34])?\W*",
    re.IGNORECASE,
)
_INDEX = re.compile(
    r"(?:(?:berita|kabar|news|indeks?|index|home|beranda|homepage|latest|top|kumpulan|semua|arsip|archives?|kategori"
    r"|category|kanal|terkini|terbaru|terpopuler|hari ini|today|stories|headlines?|nasional|daerah|politik|ekonomi"
    r"|olahraga|hukum|internasional|dunia|world|sports?|business|politics)\W*){1,5}",
    re.IGNORECASE,
)
_WALL_PATH = re.compile(
    r"/(?:log-?in|sign-?in|masuk|register|daftar|consent|cookie-?consent|privacy|404|403|error|not-?found|subscribe|paywall"
    r"|auth|sso|account)(?:[/.]|$)|^/?(?:index\.\w+|home|beranda)?/?$",
    re.IGNORECASE,
)


def keeps_promise(page: Page, head: Head, entry: Entry | None, rules: Rules, site_name: str, body: str) -> bool:
    """Tell whether the page with `head` and `body` may be the article that `entry` links to.

    Feeds often word their titles anew, so one shared word suffices. Without any, the page is another one when the
    request was redirected elsewhere or the page's titles are those of a list; titles of an error, login or consent
    page are enough by themselves.
    """
    titles = _titles(head, rules, site_name)
    words = _promised(entry, head.url, site_name)
    said = " ".join([*titles, head.title, body[:OPENING]]).casefold()
    if words and any(word in said for word in words):
        return True
    if titles and all(_WALL.fullmatch(title) for title in titles):
        return False
    if len(words) < FEWEST:
        return True
    listed = bool(titles) and all(_INDEX.fullmatch(title) or _WALL.fullmatch(title) for title in titles)
    return not (listed or _led_elsewhere(page))


def is_wall_address(page: Page) -> bool:
    """Tell whether a redirect led to a front page, a login, a consent or an error page: no address of an article."""
    return _led_elsewhere(page) and _WALL_PATH.search(_path(page.final_url)) is not None


def _titles(head: Head, rules: Rules, site_name: str) -> list[str]:
    own = (without_site(title, rules, site_name, head.url) for title in (head.title, head.first("og:title")))
    return [title for title in (*own, *head.headlines[:3]) if title]


def _promised(entry: Entry | None, url: str, site_name: str) -> set[str]:
    """The feed title's words of four letters and more that aren't part of the site's own name."""
    if entry is None:
        return set()
    own = f"{registrable_domain(url)} {site_name} {entry.site}".casefold()
    return {
        word for word in _SIGNIFICANT.findall(plain(entry.title).casefold()) if word not in own and word not in _COMMON
    }


def _led_elsewhere(page: Page) -> bool:
    if not page.final_url or page.final_url == page.url:
        return False
    return registrable_domain(page.url) != registrable_domain(page.final_url) or _path(page.url) != _path(
        page.final_url
    )


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.casefold().rstrip("/") or "/"
    except ValueError:
        return url
