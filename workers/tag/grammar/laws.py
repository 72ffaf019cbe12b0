"""LAW: acts, regulations, codes and articles, "UU No. 11 Tahun 2020", "Perpres 5/2024", "Pasal 27 ayat (3)", "KUHP".

An act's value is its short form, "UU 11/2020" or "UU ITE", so that every way to write it is one thing. An article of an
act is a mention of its own; when the act follows at once, its value names both: "Pasal 27 ayat (3) UU ITE".
"""

from __future__ import annotations

import re

from workers.tag.grammar.numbers import BLANK

# fmt: off
_KINDS = {
    "undang-undang dasar": "UUD", "undang-undang": "UU", "rancangan undang-undang": "RUU", "ruu": "RUU",
    "uud nri": "UUD", "uud": "UUD", "uu": "UU",
    "peraturan pemerintah pengganti undang-undang": "Perppu", "perppu": "Perppu", "perpu": "Perppu",
    "peraturan pemerintah": "PP", "pp": "PP", "peraturan presiden": "Perpres", "perpres": "Perpres",
    "keputusan presiden": "Keppres", "keppres": "Keppres", "instruksi presiden": "Inpres", "inpres": "Inpres",
    "peraturan daerah": "Perda", "perda": "Perda", "qanun": "Qanun", "peraturan gubernur": "Pergub", "pergub": "Pergub",
    "peraturan bupati": "Perbup", "perbup": "Perbup", "peraturan wali kota": "Perwali", "perwali": "Perwali",
    "perwako": "Perwali", "peraturan kpu": "PKPU", "pkpu": "PKPU", "peraturan ojk": "POJK", "pojk": "POJK",
    "peraturan mahkamah agung": "Perma", "perma": "Perma", "peraturan menteri keuangan": "PMK", "pmk": "PMK",
    "peraturan menteri": "Permen", "keputusan menteri": "Kepmen", "surat edaran": "SE", "tap mpr": "TAP MPR",
    "permendagri": "Permendagri", "permendikbud": "Permendikbud", "permenkes": "Permenkes", "permenaker": "Permenaker",
    "permendag": "Permendag", "permenhub": "Permenhub", "permenkominfo": "Permenkominfo", "permenag": "Permenag",
    "permen": "Permen", "kepmen": "Kepmen", "act": "Act",
    "law": "UU", "government regulation": "PP", "presidential regulation": "Perpres",
}
_CODES = {
    "kuhp": "KUHP", "kitab undang-undang hukum pidana": "KUHP", "kuhap": "KUHAP",
    "kitab undang-undang hukum acara pidana": "KUHAP", "kuhperdata": "KUHPerdata", "kuh perdata": "KUHPerdata",
    "kitab undang-undang hukum perdata": "KUHPerdata", "kuh pidana": "KUHP",
}
# Acts called by a name: what may stand behind "UU" without a number.
_SMALL = "dan|atas|di|tentang|untuk|dengan|pada"
# fmt: on


def _any(names: dict[str, str]) -> str:
    longest = sorted(names, key=lambda name: (-len(name), name))
    return "|".join(re.escape(name).replace(r"\ ", f"{BLANK}+").replace(r"\-", "[-‐‑ ]?") for name in longest)


_END = r"(?![A-Za-z0-9])"
_B = BLANK + "{1,3}"
_CAPITAL = r"[A-Z][A-Za-z\-/]*"
_KIND = re.compile(rf"(?:{_any(_KINDS)}){_END}", re.I | re.A)
_CODE = re.compile(rf"(?:{_any(_CODES)}){_END}(?:{_B}[Bb]aru{_END})?", re.I | re.A)
_OWNER = rf"(?:{_B}(?:RI|Republik{_B}Indonesia|{_CAPITAL}(?:{_B}{_CAPITAL}){{0,5}}?))?"
_NUMBER = re.compile(
    rf"(?P<owner>{_OWNER}){_B}(?:(?:[Nn]omor|[Nn]o\.?|[Nn][Rr]\.?){_B}?)(?P<number>\d{{1,4}}[A-Z]?(?:[/.-][A-Z0-9]+){{0,6}})"
    rf"(?:{_B}(?:[Tt]ahun|[Tt]h\.?|of){_B}(?P<year>(?:1[89]|20)\d\d))?",
    re.A,
)
_SLASHED = re.compile(rf"(?P<owner>{_OWNER}){_B}(?P<number>\d{{1,3}})/(?P<year>(?:1[89]|20)\d\d)", re.A)
_DATED = re.compile(rf"{_B}(?:[Tt]ahun{_B})?(?P<year>19\d\d|20\d\d){_END}", re.A)  # "UUD 1945", "UUD NRI Tahun 1945"
_ABOUT = re.compile(
    rf"{_B}(?:tentang|on){_B}{_CAPITAL}(?:{_B}(?:(?:{_SMALL}){_B})?{_CAPITAL}){{0,11}}(?:{_B}\({_CAPITAL}\))?", re.A
)
_NAMED = re.compile(rf"{_B}(?P<name>{_CAPITAL}(?:{_B}(?:dan{_B})?{_CAPITAL}){{0,3}})", re.A)
ARTICLE = re.compile(
    rf"(?:Pasal|pasal|Article|Ayat|ayat){_B}\d{{1,4}}[A-Z]{{0,2}}"
    rf"(?:{_B}ayat{_B}\(?\d{{1,2}}[a-z]?\)?(?:(?:,{_B}|{_B}dan{_B})\(\d{{1,2}}\)){{0,4}})?"
    rf"(?:{_B}huruf{_B}\(?[a-z]\)?{_END})?(?:{_B}(?:ke-?|angka{_B})\d{{1,2}})?(?![0-9])",
    re.A,
)
LAW_WORDS = frozenset(name.partition(" ")[0].partition("-")[0] for name in (*_KINDS, *_CODES))
ARTICLE_WORDS = frozenset({"pasal", "article"})
# Words in capitals behind "UU" that begin something else than the act's name.
_NO_NAMES = frozenset(
    {"UU", "RUU", "Perda", "Pasal", "Nomor", "No", "Tahun", "DPR", "Pemerintah", "Presiden", "Mahkamah", "MK"}
)


def read_law(text: str, at: int) -> tuple[int, str] | None:
    """Return the end and the short form of an act or a code that begins at `at`."""
    if not text[at].isupper() and not text.startswith("undang-undang", at):
        return None
    code = _CODE.match(text, at)
    if code:
        return code.end(), _CODES[_plain(re.sub(rf"{_B}[Bb]aru$", "", code.group()))]
    kind = _KIND.match(text, at)
    if kind is None:
        return None
    short = _KINDS[_plain(kind.group())]
    numbered = _NUMBER.match(text, kind.end()) or _SLASHED.match(text, kind.end())
    if numbered and (numbered["year"] or not text[numbered.end() : numbered.end() + 1].isalnum()):
        owner = _plain_owner(numbered["owner"])
        number = numbered["number"] + (f"/{numbered['year']}" if numbered["year"] else "")
        about = _ABOUT.match(text, numbered.end())
        return (about or numbered).end(), " ".join(filter(None, (short, owner, number)))
    if short == "UUD" and (dated := _DATED.match(text, kind.end())):
        return dated.end(), f"UUD {dated['year']}"
    about = _ABOUT.match(text, kind.end())
    if about:
        return about.end(), " ".join((short, about.group().split(maxsplit=1)[1]))
    return _named(text, kind, short)


def _named(text: str, kind: re.Match[str], short: str) -> tuple[int, str] | None:
    """Read "UU ITE", "Undang-Undang Cipta Kerja", "Perda KTR"; other kinds need a number."""
    named = _NAMED.match(text, kind.end())
    if short not in ("UU", "RUU", "Perda", "Qanun", "Perppu") or named is None:
        return None
    words = named["name"].split()
    for i, word in enumerate(words):
        if word in _NO_NAMES:
            words = words[:i]
            break
    while words and words[-1] == "dan":
        words.pop()
    if not words:
        return None
    end = text.index(words[0], kind.end())
    for word in words:
        end = text.index(word, end) + len(word)
    return end, " ".join((short, *words))


def read_article(text: str, at: int) -> tuple[int, str] | None:
    """Return the end and the value of an article of an act that begins at `at`."""
    match = ARTICLE.match(text, at)
    if match is None:
        return None
    value = " ".join(match.group().split())
    behind = re.compile(_B).match(text, match.end())
    law = read_law(text, behind.end()) if behind and behind.end() < len(text) else None
    return match.end(), f"{value[0].upper()}{value[1:]}" + (f" {law[1]}" if law else "")


def _plain(text: str) -> str:
    """Return a name as `_KINDS` and `_CODES` have it."""
    return re.sub(r"undang[-‐‑ ]?undang", "undang-undang", " ".join(text.lower().split()))


def _plain_owner(text: str) -> str:
    words = " ".join(text.split())
    return "" if words in ("RI", "Republik Indonesia") else words
