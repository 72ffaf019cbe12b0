"""What the names of classes and ids, and the first words of lines, say about what stands there."""

# ruff: noqa: E501 - lists of words read best unbroken

from __future__ import annotations

import re
from functools import lru_cache

MAX_NAME = 300  # characters of a name that are looked at

AUTHOR, EDITOR, DATE, CAPTION, WALL = 1, 2, 4, 8, 16

# words of names, cut at blanks, hyphens and underscores
_WORDS = {
    AUTHOR: "author authors authorname authorbox autor autoren autores auteur auteurs byline bylines writer writers penulis "
    "reporter reporters jurnalis pewarta wartawan kontributor contributor contributors fn vcard creator postedby submittedby",
    EDITOR: "editor editors redaktur penyunting",
    DATE: "time timestamp published publish pubdate waktu tgl jam posted dateline meta info update updated terbit tayang byline",
}
_KINDS = [(kind, frozenset(words.split())) for kind, words in _WORDS.items()]
# pairs such as "posted-by", and parts of longer words such as "postdate"
_WITHIN = {
    AUTHOR: "posted-by by-line submitted-by credit-name nama-penulis postauthor articleauthor entryauthor",
    DATE: "date tanggal datum fecha",
    CAPTION: "caption ket-foto ketfoto keterangan",
    WALL: "paywall regwall pay-wall premium-wall subscribe-wall subscription-wall content-gate locked-content",
}
_KIND_OF_PART = {part: kind for kind, parts in _WITHIN.items() for part in parts.split()}
_PARTS = re.compile("|".join(_KIND_OF_PART))
# lists of the editors' choice and word processors: no editor
_PICKED = re.compile(
    r"editors?[_-]?(?:picks?|choices?|pilihan|content|s-)|(?:text|visual|block|html|rich|wp)[_-]editor"
)
_CUT = re.compile(r"[\s_-]+")

# first words of lines that name people, and of those that name the day of publication
CREDITS = frozenset(
    {"by", "oleh", "von", "par", "por", "laporan", "penulis", "reporter", "pewarta", "wartawan", "jurnalis", "kontributor",
     "koresponden", "editor", "redaktur", "penyunting", "autor", "autorin", "author", "writer", "written", "words", "story",
     "text", "reported", "reporting", "edited", "editing", "photos", "ditulis", "dilaporkan", "disunting", "diedit",
     "verfasst", "geschrieben", "artikel", "liputan", "naskah", "rep", "red"}
)  # fmt: skip
SAID = frozenset(
    {"veröffentlicht", "eingestellt", "published", "diterbitkan", "dipublikasikan", "tayang", "terbit", "diposting",
     "posted", "publié", "publicado", "diunggah", "rilis"}
)  # fmt: skip
PROFILE = re.compile(  # addresses of pages about the newsroom's people
    r"/(?:authors?|penulis|autor(?:en|es)?|auteurs?|reporters?|writers?|people|profile|staff|newsteam|by"
    r"|contributors?|journalist|wartawan|jurnalis)/[^/?#]{3,80}/?$",
    re.IGNORECASE,
)


@lru_cache(maxsize=16_384)
def kinds(name: str) -> int:
    """Return the kinds (AUTHOR … WALL, added up) that a class, an id or the like says an element is of.

    Remembered: a page repeats a few hundred names over thousands of elements.
    """
    name = name[:MAX_NAME].lower()
    words = _CUT.split(name)
    found = 0
    for kind, own in _KINDS:
        if not own.isdisjoint(words):
            found |= kind
    for part in _PARTS.findall(name):
        found |= _KIND_OF_PART[part]
    return found & ~EDITOR if found & EDITOR and _PICKED.search(name) else found
