"""What an address says about its article: a number, a slug, or nothing (home, section, login and error pages).

Works on normalised addresses and their paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

_SHARED = """
    view read baca show detail details single index default home main post posts page pages halaman content konten
    news berita artikel article articles story print cetak foto photo galeri video amp all id en
"""
_COMMON = """
    login log-in signin sign-in signup sign-up register masuk daftar auth sso oauth account akun logout 404 403 410 500
    error errors not-found notfound 404-not-found page-not-found halaman-tidak-ditemukan tidak-ditemukan maintenance
    consent cookie cookies cookie-consent cookie-policy privacy privacy-policy captcha challenge blocked subscribe
    langganan paywall search cari pencarian tag tags topik topic topics category categories kategori kanal channel
    rubrik author penulis indeks
"""
_IDS = """
    id p nid aid pid artid newsid post article artikel berita news judul title slug seo id_berita idberita news_id
    article_id post_id id_artikel
"""
SHARED_PAGES = frozenset(_SHARED.split())  # one script or verb that serves every article; which one, the query says
COMMON_PAGES = frozenset(_COMMON.split())  # pages that a site sends readers of any article to
ID_PARAMETERS = frozenset(_IDS.split())
HOME_PAGES = frozenset({"", "index", "default", "home", "beranda", "id", "en", "main"})
_SCRIPT = re.compile(r"\.(?:php\d?|aspx?|jsp|cgi|do|cfm|pl)$", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(?:s?html?|xhtml|php\d?|aspx?|jsp|cgi|do|cfm|pl)$", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_EDGE_NUMBER = re.compile(r"^\d+(?=$|[-_.])|(?<=[-_.])\d+$")
_DATE = re.compile(r"(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?)?")
_WORD = re.compile(r"[^\W\d_]{2,}")
LONG_NUMBER = 5  # digits from which a number is some article's own and no count or channel


def is_shared_page(path: str) -> bool:
    """Tell whether `path` serves many articles ("/", "/index.php", "/read"), told apart by the query alone."""
    last = path.rsplit("/", 1)[-1]
    stem = _EXTENSION.sub("", last).lower()
    script = bool(_SCRIPT.search(last)) and stem.isalpha()
    return not stem or script or stem in SHARED_PAGES


def has_own_name(path: str) -> bool:
    """Tell whether the last part of `path` is a slug of three words or holds a digit: one article's own."""
    stem = _stem(path)
    return not is_shared_page(path) and (len(words(stem)) > 2 or any(character.isdigit() for character in stem))


def is_home(url: str) -> bool:
    """Tell whether `url` is a front page: of the site, of one of its languages, or a script without a parameter."""
    parts = urlsplit(url)
    return not (parts.query or parts.fragment or {_stem(part) for part in parts.path.split("/")} - HOME_PAGES)


def is_common_page(url: str, instead_of: str) -> bool:
    """Tell whether `url` is a login, error, consent, search or topic page where `instead_of` is none."""
    found = {_EXTENSION.sub("", part).lower() for part in urlsplit(url).path.split("/")}
    return bool(found & COMMON_PAGES - {part.lower() for part in urlsplit(instead_of).path.split("/")})


def is_above(url: str, other: str) -> bool:
    """Tell whether the path of `url` is a proper ancestor of that of `other`."""
    path = urlsplit(other).path
    return path != urlsplit(url).path and path.startswith(urlsplit(url).path.rstrip("/") + "/")


def loses_parameters(url: str, other: str) -> bool:
    """Tell whether `url` has the last path part of `other`, but not all parameters that say which article it is."""
    ours, theirs = urlsplit(url), urlsplit(other)
    lost = set(theirs.query.split("&")) - set(ours.query.split("&")) - {""}
    named = any(pair.partition("=")[0].lower() in ID_PARAMETERS for pair in lost)
    return _stem(ours.path) == _stem(theirs.path) and (named or (bool(lost) and not has_own_name(ours.path)))


def slug(url: str) -> str:
    """Return the last part of the path when it has several words, else ""."""
    stem = _stem(urlsplit(url).path)
    return stem if len(_WORD.findall(unquote(stem))) > 1 else ""


def words(text: str) -> frozenset[str]:
    """Return the words of a title or a slug, lower case, of two letters and more."""
    return frozenset(_WORD.findall(unquote(text).casefold()))


def address_words(url: str) -> frozenset[str]:
    """Return the words of the part of the path that says most: the slug is not always the last."""
    return max((words(_EXTENSION.sub("", part)) for part in urlsplit(url).path.split("/")), key=len)


def number(url: str) -> str:
    """Return the article's own number in `url`, "" without: the parameter named for it, else the path's longest."""
    parts = urlsplit(url)
    for pair in parts.query.split("&"):
        name, _, value = pair.partition("=")
        if name.lower() in ID_PARAMETERS and value.isdigit():
            return value
    candidates = list(_path_numbers(parts.path, whole=True)) or list(_query_numbers(parts.query))
    return max(reversed(candidates), key=len, default="")


def numbers(url: str) -> frozenset[str]:
    """Return every number that may be an article's: parameters, path parts, and what these begin or end with."""
    parts = urlsplit(url)
    return frozenset({*_path_numbers(parts.path, whole=False), *_query_numbers(parts.query)})


def long_numbers(url: str) -> frozenset[str]:
    return frozenset(found for found in numbers(url) if len(found) >= LONG_NUMBER)


def _path_numbers(path: str, *, whole: bool) -> Iterable[str]:
    """Numbers of path parts, dates left out. `whole`: short ones only where they are all of their part ("5-fakta")."""
    after_year = 0
    for part in path.split("/"):
        stem = _EXTENSION.sub("", part)
        if re.fullmatch(r"(?:19|20)\d\d", stem):
            after_year = 2
            continue
        if after_year and re.fullmatch(r"\d{1,2}", stem):
            after_year -= 1
            continue
        after_year = 0
        for found in _EDGE_NUMBER.findall(stem):
            if not _DATE.fullmatch(found) and (not whole or found == stem or len(found) >= LONG_NUMBER - 1):
                yield found


def _query_numbers(query: str) -> Iterable[str]:
    for pair in query.split("&"):
        value = pair.partition("=")[2] or pair
        if _NUMBER.fullmatch(value):
            yield value


def _stem(path: str) -> str:
    return _EXTENSION.sub("", path.rsplit("/", 1)[-1]).lower()
