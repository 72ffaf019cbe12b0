"""Addresses as identity sees them: one spelling for all the ways in which a page's address is written.

The result of `normalise` is a name to compare, not an address to fetch: mobile hosts, AMP paths and the scheme
are folded. Rules follow RFC 3986 section 6 (case, percent-encoding, dot segments, default port) plus what news
sites do; what one site alone does is data (`site_rules`).

courlan, which trafilatura brings, makes addresses to crawl and stays beside this: its `normalize_url` keeps scheme,
`www.`, mobile hosts, AMP paths, trailing slashes and fragments, takes an address in a parameter for the page, and drops
what names articles on many sites (`cid`, `eid`, `uid`, `keyword`, `session`). The tracking parameters it knows that can
name nothing are in the table below.
"""

from __future__ import annotations

import ipaddress
import posixpath
import re
import unicodedata
from functools import lru_cache
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from tld import get_fld

from workers.errors import Permanent
from workers.identify.clues import ID_PARAMETERS, has_own_name, is_shared_page

MAX_LENGTH = 4_096  # characters; longer ones are no addresses of articles
FOLDED_HOST_LABELS = frozenset({"www", "m", "amp", "mobile", "wap"})
# parameters that say where a reader came from or how the page is shown, never which article it is
TRACKING = re.compile(
    r"""utm | (?:utm|mtm|pk|piwik|matomo|ga|itm|mc|mkt|oly|vero|hsa|at|cmp|ns|wt|sc|fb|amp|ads|gs|ml|guce|soc)_\w+
    | _ga | _gl | _hs\w+ | \w{1,3}clid | msclkid | (?:rb_)?clickid | wickedid | zanpid | s_cid | li_fat_id | epik
    | aff(?:i|iliate)?(?:_\w+)? | _openstat | guccounter | (?:traffic|int)_source | vgo_ee | sr_share
    | gbraid | wbraid | igsh(?:id)? | mibextid | srsltid | smid | spref | cmpid | ncid | ocid
    | xtor | usqp | ref | referr?er | ref_?src | ref_?url | source | src | campaign | medium | feature
    | share[ds]? | sharing | amp | outputtype | isappinstalled | nocache | no_?redirect
    | __twitter_impression | replytocom | tag_?from | browse
    | phpsessid | jsessionid | aspsessionid\w* | cfid | cftoken""",
    re.VERBOSE | re.IGNORECASE,
)
# the same article on one page, for printers, or as a certain list of links led to it
SAME_PAGE = re.compile(
    r"""(?:page|halaman|showpage)=all | single=1 | view=all | m=[01] | (?:print|rss)(?:=(?:1|true|yes|y))?
    | from=(?:rss|feed|atom|home(?:page)?|app|mobile|desktop|amp|wp|share|facebook|fb|twitter|x|instagram|ig|whatsapp|wa
    |telegram|google|newsletter|push|notif|related|terkait|popular|terpopuler|bacajuga)""",
    re.VERBOSE | re.IGNORECASE,
)
LEAF = re.compile(r"(?:page|halaman|showpage)=\d{1,2}", re.IGNORECASE)  # of an article cut into pages
# what else tells where a reader came from, but with a number may be an article's
NUMBERED = re.compile(r"(?:source|src|feature|medium|campaign|browse|ref|(?:at|cmp|ns|wt|sc|fb)_id)=\d+", re.IGNORECASE)
_PLAIN = r"A-Za-z0-9._~\-"  # RFC 3986 section 2.3, unreserved
_PATH_ODD = re.compile(rf"%[0-9A-Fa-f]{{2}}|[^{_PLAIN}/:@!$&'()*+,;=]")
_QUERY_ODD = re.compile(rf"%[0-9A-Fa-f]{{2}}|[^{_PLAIN}/:@!$'()*,;?=]")
_FRAGMENT_ODD = re.compile(rf"%[0-9A-Fa-f]{{2}}|[^{_PLAIN}/:@!$&'()*,;?=]")
_CONTROL = re.compile(r"[\x00-\x20\x7f]+")
_AMP_PATH = re.compile(r"(?:/amp(?:\.html?)?|\.amp)$|\.amp(?=\.html?$)", re.IGNORECASE)
_PREFIX = re.compile(r"^/(?:amp|print|index\.php)/(?=[^/]+)", re.IGNORECASE)
_LEAF_PATH = re.compile(r"/(?:page|halaman)/\d{1,2}$", re.IGNORECASE)
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
_COMPOSABLE = re.compile(r"(%[0-7].)|[A-Za-z0-9]?(?:%[89A-F].)+")  # encoded ASCII stays; the rest with what it may join
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?")


def normalise(url: str) -> str:
    """Return the one spelling of `url` that identity compares; applying it again changes nothing.

    Scheme http and https are one ("https"), as are default ports, `www.`, mobile and AMP hosts and paths, the
    order of parameters and a trailing slash. Tracking parameters and the fragment go (a "#!" one names a page
    and stays).
    Raises Permanent("bad_url") for what is no absolute http(s) address.
    """
    if len(url) > MAX_LENGTH:
        raise Permanent(f"address of {len(url)} characters", reason="bad_url")
    text = _CONTROL.sub("", url)
    if text.startswith("//"):
        text = f"https:{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError as error:
        raise Permanent(f"not an address: {url[:200]!r}: {error}", reason="bad_url") from error
    if parts.scheme not in ("http", "https") or not host:
        raise Permanent(f"not an http(s) address: {url[:200]!r}", reason="bad_url")
    netloc = _fold_host(host) + ("" if port in (None, 80, 443) else f":{port}")
    fragment = f"#{_quoted(parts.fragment, _FRAGMENT_ODD)}" if parts.fragment.startswith("!") else ""
    path = _path(parts)
    return f"https://{netloc}{path}{_query(parts.query, path)}{fragment}"


def registrable_domain(url: str) -> str:
    """Return what one owner registers ("kompas.com" of "https://regional.kompas.com/…"), or the host itself.

    From the public suffix list (private suffixes count: each blog of blogspot.com is an owner). IP addresses are
    their own domain; of names under no public suffix (".test", ".local") it is the last two labels. "" for what
    is no address.
    """
    try:
        host = _host(urlsplit(_CONTROL.sub("", url)).hostname or "")
    except ValueError:
        return ""
    return _domain(host)


@lru_cache(maxsize=4_096)
def _domain(host: str) -> str:
    if not host or host.startswith("["):
        return host
    try:
        ipaddress.ip_address(host)
    except ValueError:
        known = get_fld(f"https://{host}/", fail_silently=True, search_private=True)
        return str(known) if known else ".".join(host.split(".")[-2:])
    return host


@lru_cache(maxsize=4_096)
def _host(host: str) -> str:
    """The host in lower case and ASCII; raises ValueError (UnicodeError is one) when it can be none."""
    host = host.lower().rstrip(".")
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host.partition('%')[0]).compressed}]"
    if not host.isascii():
        host = host.encode("idna").decode("ascii").lower().rstrip(".")
    if host and (len(host) > 253 or ".." in host or not _HOST.fullmatch(host)):
        raise ValueError("impossible host name")
    return host


def _fold_host(host: str) -> str:
    """Take `www.`, `m.`, `amp.` … off while something registered remains."""
    domain = _domain(host)
    while True:
        label, _, rest = host.partition(".")
        if label not in FOLDED_HOST_LABELS or not (rest == domain or rest.endswith("." + domain)):
            return host
        host = rest


def _quoted(text: str, odd: re.Pattern[str]) -> str:
    """Percent-encode `text` in the one way: unreserved characters plain, the rest upper-case hex of UTF-8 in NFC."""

    def composed(match: re.Match[str]) -> str:
        try:
            plain = "" if match[1] else unquote_to_bytes(match[0]).decode()
        except UnicodeDecodeError:  # some other encoding of old
            plain = ""
        return match[0] if not plain else odd.sub(_encoded, unicodedata.normalize("NFC", plain))

    return _COMPOSABLE.sub(composed, odd.sub(_encoded, text))


def _encoded(match: re.Match[str]) -> str:
    found = match.group()
    if len(found) == 1:
        return "".join(f"%{byte:02X}" for byte in found.encode("utf-8", "surrogatepass"))
    character = chr(int(found[1:], 16))
    unreserved = character in "-._~" or (character.isascii() and character.isalnum())
    return character if unreserved else found.upper()


def _path(parts: SplitResult) -> str:
    path = _SESSION.sub("", _quoted(parts.path, _PATH_ODD))
    path = posixpath.normpath(re.sub(r"/{2,}", "/", "/" + path))
    while True:
        shorter = posixpath.normpath(_PREFIX.sub("/", _AMP_PATH.sub("", path).rstrip("/") or "/"))
        whole = _LEAF_PATH.sub("", shorter)
        if not is_shared_page(whole):
            shorter = whole
        # "/amp" alone is a page of that name, not the AMP form of the home page
        if shorter in (path, "/"):
            return path
        path = shorter


def _query(query: str, path: str) -> str:
    pairs = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        name, value = _quoted(name, _QUERY_ODD), _quoted(value, _QUERY_ODD)
        while name.startswith("amp;"):  # "&amp;" of a page's source
            name = name[4:]
        if name:
            pairs.append((name, f"{name}{'=' if value else ''}{value}"))
    named = any(name.lower() in ID_PARAMETERS for name, _ in pairs)
    kept = sorted(shown for name, shown in pairs if not _is_idle(name, shown, path, named=named))
    return "?" + "&".join(kept) if kept else ""


def _is_idle(name: str, shown: str, path: str, *, named: bool) -> bool:
    """Whether the parameter `shown` says nothing about which article it is; `named`: another one does."""
    if SAME_PAGE.fullmatch(shown):
        return named or path != "/"
    if LEAF.fullmatch(shown):
        return path != "/" and (named or not is_shared_page(path))
    if NUMBERED.fullmatch(shown):
        return named or has_own_name(path)
    return bool(TRACKING.fullmatch(name))
