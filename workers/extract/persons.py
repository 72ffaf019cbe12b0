"""Names out of what pages write about their makers: "Penulis: Ani Wulandari | Editor: Budi" → who wrote, who edited.

Persons only: never a site, an agency, a role, an account or an address.
"""

# ruff: noqa: E501 - lists of words and expressions read best unbroken

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from workers.extract.sites import Rules
from workers.extract.text import key

MAX_PERSONS = 12
MAX_TEXT = 300  # characters of one line of credits

_AUTHOR = (
    r"(?:analysis|opinion|commentary|review|perspective|interview|column)\s+by|(?:written|words|story|text|reported|reporting|posted)\s+by|(?:ditulis|dilaporkan|diposting|naskah|teks)\s+oleh"
    r"|(?:verfasst|geschrieben|artikel|eingestellt|text)\s+von|rédigé\s+par|escrito\s+por|about\s+the\s+author|by|oleh|von|par|por"
    r"|(?:tim\s+)?penulis|reporter|pewarta|wartawan|jurnalis|kontributor|koresponden|(?:laporan|liputan)(?:\s+(?:langsung\s+)?(?:wartawan"
    r"|reporter|kontributor|jurnalis|koresponden))?|rep(?=\s*:)|autor(?:in|en)?|authors?|writers?|naskah|teks|text"
)
_EDITOR = r"(?:edited|editing)\s+by|(?:disunting|diedit)\s+oleh|(?:tim\s+)?editors?(?:\s+bahasa)?|redaktur(?:\s+pelaksana)?|penyunting|red(?=\s*:)"
_OTHER = (
    r"(?:photos?|photography|images?|pictures?|video|illustrations?|graphics?|translated|designed|developed|powered|published|theme)"
    r"\s+by|(?:foto|diunggah|diterjemahkan|diterbitkan)\s+oleh|foto(?:grafer)?|photos?|photographers?|gambar|images?|videografer|video"
    r"|sumber|source|uploader|pengunggah|publisher|penerbit|penerjemah|translator|infografis|ilustra(?:si|tor)|desain(?:er)?"
    r"|copyright|hak cipta|dibaca|views?|tags?|kategori|rubrik|updated?|diperbarui|terbit|tayang|tanggal|published|diterbitkan"
    r"|narasumber|produser|kamera(?:men)?|fact[- ]check(?:ed)?(?:\s+by)?|reviewed\s+by|medically\s+reviewed\s+by"
)
_ROLE = rf"(?:(?P<author>(?i:{_AUTHOR}))|(?P<editor>(?i:{_EDITOR}))|(?P<other>(?i:{_OTHER})))"
_LABEL = re.compile(
    rf"(?:^|(?<=[\s|/;,(•·–—-]))(?<!(?i:pilihan)\s)\W?{_ROLE}(?:\s*(?:/|&|(?i:dan|and))\s*(?:(?P<also_editor>(?i:{_EDITOR}))|(?i:{_AUTHOR}|{_OTHER})))?"
    r"\s*[:：]\s*"
    rf"|(?:^|[|;•·\n]|,(?=\s*(?i:ditulis|disunting|diedit|edited|editing)\b))\s*(?:[–—-]\s*)?{_ROLE.replace('?P<', '?P<bare_')}\s+(?=[A-ZÀ-Þ@\"“]|(?:der|van|von|de|bin|al)\s+[A-ZÀ-Þ])"
)
_DATED = re.compile(  # where a date or a clock begins
    r"\s*(?:[|,(–—-]\s*)?(?:\d{1,2}[:./]\d|\d{1,2}(?:st|nd|rd|th|\.)?\s+[^\W\d_]{3,9}\.?,?\s+\d{4}|\d{4}-\d\d"
    r"|\b(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b,?\s+\w*\d?"
    r"|\b(?:on|updated|published|last updated|am|um|pada|diperbarui|diterbitkan)\b\s*:?\s+\w|\b(?:on\s+)?[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}"
    r"|©|\bcopyright\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_TAIL = re.compile(
    r"\s*(?:[|•·–—(\[<]|\s-\s|\s-$|\bfor\b|\bdari\b|(?<=[a-z]{3})\.\s+(?=[A-Z])|(?<=\w)\s+(?:reporter|editor|staff writer|contributor|correspondent|magang)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_DEGREE = re.compile(  # "S.Sos.", "M.Si", "S.H., M.H.", "SH MH", "Ph.D": they follow the name
    r",?\s+(?:[SMADB]\.\s?[A-Z][A-Za-z]{0,4}\.?(?:\s?[A-Z][a-z]{0,4}\.?)?|Ph\.?D\.?|M\.?B\.?A\.?|M\.?D\.?|Lc\.?|(?:SH|MH|SE|MM|ST|MT"
    r"|SIP|SIK|SPd|MPd|SKom|MKom|SSos|MSi|MA|MSc|Esq|Sp\.?[A-Z]{1,3})\.?)(?=$|[\s,;|/)])"
)
_PLACED = re.compile(  # "Kontributor Pekanbaru, …", "Wartawan KabarLokal.com, …", "Kabarlokal.com/…"
    r"^\W*(?:(?:(?i:kontributor|koresponden|reporter|wartawan|jurnalis|laporan|biro)\s+(?:(?i:di|dari)\s+)?[A-Z][\w. ]{2,40}?"
    r"|[\w-]+\.(?:com|co\.id|co|id|net|tv|news))\s*[,/:]\s*)"
)
_BETWEEN = re.compile(r"\s*(?:;|\||\n|/|(?-i:\bdan\b)|\band\b|\bund\b|&|\bserta\b|,)\s*", re.IGNORECASE)
_JOINED = re.compile(r"\bdan\b|\band\b|\bund\b|&|\bserta\b|;", re.IGNORECASE)
_INITIALS = re.compile(
    r"[^\W_]{1,6}(?:[/.&-][a-z][a-z0-9]{0,5})+|[A-Z]{1,3}\d+|[A-Z]\w{1,4}/[a-z]\w{0,5}"
)  # "R24/put": marks of accounts
_ADDRESS = re.compile(r"@|^\S+\.(?:com|net|org|id|co|tv|news|info|de|uk)$|www\.", re.IGNORECASE)
_PERSON = re.compile(
    r"[^\W\d_][^\W\d_.'’\-]*(?:[.'’\-]+[^\W\d_]*)*(?:\s+[^\W\d_.'’\-\s][^\W\d_\s]*(?:[.'’\-]+[^\W\d_]*)*){0,5}"
)
_PARTICLES = frozenset(
    [
        "bin",
        "binti",
        "van",
        "der",
        "den",
        "de",
        "di",
        "da",
        "dos",
        "la",
        "le",
        "al",
        "el",
        "von",
        "zu",
        "zur",
        "y",
        "e",
        "ter",
        "ten",
        "und",
    ]
)
_RANK = re.compile(
    r"(?:staff|senior|junior|guest|contributing|chief|freelance|magang|utama|madya|muda|bahasa|photo|video|web|news|writer|reporter"
    r"|editor|editors|correspondent|contributor|columnist|journalist|jurnalis|wartawan|penulis|pewarta|kontributor|redaktur|fotografer"
    r"|koresponden|pelaksana|author|by|oleh|tim|team|liputan|laporan|rubrik|kolumnis|mahasiswa|dosen|pengamat|in|at|of|di|the|and|dan"
    r"|managing|deputy|associate|executive|political|business|sports?|health|science|national|daerah|online|multimedia|\s)+",
    re.IGNORECASE,
)


class Credits(Struct):
    """Names by role, in order, as they are spelled."""

    authors: list[str]
    editors: list[str]

    @property
    def nobody(self) -> bool:
        return not self.authors and not self.editors


class Persons:
    """Tells persons from what else stands in bylines of one site."""

    def __init__(self, rules: Rules, sites: Iterable[str] = (), site_name: str = "") -> None:
        self._rules = rules
        self._sites = frozenset(sites) | ({key(site_name)} - {""})
        self._name = key(site_name) if len(key(site_name)) > 5 else ""

    def credits(self, text: str, *, unlabelled: str = "author", handle: bool = False) -> Credits:
        """Return who a line names. `unlabelled` is the role of names without a label: "author", "editor" or "" (nobody).

        `handle`: the text is certain to be a name, so two letters are enough.
        """
        text = text[:MAX_TEXT]
        found = Credits([], [])
        role, start, both = unlabelled, 0, False
        for label in _LABEL.finditer(text):
            self._add(found, role, both, text[start : label.start()])
            parts = label.groupdict()
            roles = (r for r in ("author", "editor", "other") if parts[r] or parts[f"bare_{r}"])
            role, both, start = next(roles), parts["also_editor"] is not None, label.end()
        self._add(found, role, both, text[start:])
        if handle and found.nobody and self.is_person(name := text.strip(), shortest=2):
            found.authors.append(name)
        return found

    def names(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Return the authors in texts that name authors ("Oleh: Budi Santoso dan Ani, Reporter"), without repeats."""
        return unique(name for text in texts for name in self.credits(text).authors)

    def _add(self, found: Credits, role: str, both: bool, segment: str) -> None:
        if role in ("author", "editor") and segment.strip():
            names = list(self._in(segment))
            if role == "author":
                found.authors += names
            if role == "editor" or both:
                found.editors += names

    def _in(self, segment: str) -> Iterator[str]:
        segment = segment.strip()
        if "://" in segment or _INITIALS.fullmatch(segment.strip(" ()[]")):
            return
        segment = _DEGREE.sub("", _PLACED.sub("", _DATED.sub("", segment)))
        parts = [p for part in _BETWEEN.split(segment) if (p := _TAIL.sub("", part).strip(' ,.:-–—|/()[]"“”*'))]
        # "Ani Wulandari, Pekanbaru": a single word beside full names is a place, unless "dan" makes it a list
        listed = _JOINED.search(segment) is not None or not any(" " in part for part in parts)
        yield from (part for part in parts if (listed or " " in part) and self.is_person(part))

    def is_person(self, name: str, *, shortest: int = 3) -> bool:
        """Tell whether `name` can be a person's and is no site's, role's or account's."""
        if (
            not shortest <= len(name) <= 60
            or not _PERSON.fullmatch(name)
            or _ADDRESS.search(name)
            or _RANK.fullmatch(name)
        ):
            return False
        spelled = key(name)
        if not spelled or spelled in self._sites or (self._name and self._name in spelled):
            return False
        return self._rules.not_authors.fullmatch(name) is None


def without(names: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return `names` that aren't among `others`, however spelled."""
    known = {key(name) for name in others}
    return [name for name in names if key(name) not in known]


def is_written_as_name(name: str) -> bool:
    """Tell whether every word of `name` has a capital, or is a particle: in a page's text others are no names."""
    return all(word[0].isupper() or word.lower() in _PARTICLES or not word[0].isalpha() for word in name.split())


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return `names` without other spellings of the same, at most MAX_PERSONS."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(key(name), name)
    return tuple(found.values())[:MAX_PERSONS]
