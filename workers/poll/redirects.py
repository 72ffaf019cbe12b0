"""Sees through addresses that only count readers and lead on: the article's own is in them, or beside them.

Such an address names no article (each feed, each reader may get another) and costs a request; some lead on by script
alone. What hides its target without a trace stays as it is: the fetch follows it, and identity goes by where it led.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qsl, urlsplit

# host (without "www.") and path → parameters that hold the target
_WRAPPERS = (
    (re.compile(r"google\.(?:com|co\.id)/url"), ("url", "q")),  # Google Alerts' feeds
    (re.compile(r"bing\.com/news/apiclick\.aspx"), ("url",)),  # Bing News' feeds
    (re.compile(r"lm?\.facebook\.com/l\.php"), ("u",)),
    (re.compile(r"(?:rd|r)\.search\.yahoo\.com/.*"), ("RU",)),
    (re.compile(r"news\.url\.google\.com/news/url|news\.google\.com/news/url"), ("url",)),
)
# count a feed's readers under addresses of their own; the item's guid often is the article's address
_COUNTERS = frozenset({"feedproxy.google.com", "feeds.feedburner.com", "rss.feedsportal.com", "feeds.feedblitz.com"})
_GOOGLE_NEWS = re.compile(r"news\.google\.com/(?:__i/)?(?:rss/)?(?:articles|read)/([\w-]{20,4000})")
_ADDRESS = re.compile(rb"https?://[\x21-\x7e]{4,2000}")


def unwrapped(url: str, guid: str = "") -> str:
    """Return the address that `url` leads to as far as it can be told from it and the item's `guid`, else `url`."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        place = f"{host}{parts.path}"
        target = guid if host in _COUNTERS else _google_news(place) or _parameter(place, parts.query)
        led = urlsplit(target.strip())
        other = led.scheme in ("http", "https") and led.hostname and led.hostname.removeprefix("www.") != host
    except ValueError:
        return url
    return target.strip() if other else url


def _parameter(place: str, query: str) -> str:
    for wrapper, names in _WRAPPERS:
        if wrapper.fullmatch(place):
            given = dict(parse_qsl(query[:8_000], max_num_fields=50))
            return next((given[name] for name in names if given.get(name)), "")
    return ""


def _google_news(place: str) -> str:
    """The address in Google News' older links, which are base64; the newer ones tell nothing."""
    match = _GOOGLE_NEWS.fullmatch(place)
    if not match:
        return ""
    try:
        data = base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4))
    except (binascii.Error, ValueError):
        return ""
    found = _ADDRESS.search(data)
    if not found:
        return ""
    start = found.start()  # its length stands before it, in two bytes from 128 on (a varint of protocol buffers)
    length = data[start - 1] if start else 0
    if start > 1 and data[start - 2] >= 0x80:
        length = (length << 7) | (data[start - 2] & 0x7F)
    return found[0][: length or None].decode("ascii")
