"""Titles, ranks and offices before a name: "Kapolres Siak AKBP" Eka Pratama, "Juru bicara Kementerian …," Guo Jiakun.

The role is the text between the first word that is a title and the name, with the office's place or organisation in it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from workers.tag.gazetteer import Gazetteer
from workers.tag.line import Line
from workers.tag.resolve import Span
from workers.tag.spans import TokenSpan

_NUMBER = re.compile(r"ke-\d+")  # "Presiden ke-7 RI"
# Titles of what one is to somebody: behind another person's name they are that one's.
_OF_SOMEBODY = frozenset({"pengacara", "kuasa", "jubir", "juru", "istri", "suami", "anak", "ajudan", "asisten"})
_Titles = tuple[frozenset[str], ...]  # titles, offices of places, corps of the forces
REACH = 14  # tokens before a name that may belong to its role

# Words of the title list that stand before names without being an office, a rank or a form of address.
# fmt: off
_NO_ROLES = frozenset({
    "kata", "ujar", "tutur", "jelas", "tegas", "ungkap", "papar", "sebut", "imbuh", "tambah", "lanjut", "pungkas",
    "menurut", "bicara", "anak", "istri", "suami", "ayah", "ayahanda", "ibu", "ibunda", "adik", "kakak", "korban",
    "kota", "saksi", "tersangka", "terdakwa", "terpidana", "bernama", "warga", "putra", "putri", "tokoh",
})
# Lower-case words within a role: "Ketua umum", "kepala bidang", "juru bicara".
_WITHIN = frozenset({
    "umum", "kota", "bicara", "bidang", "utama", "jenderal", "besar", "tinggi", "muda", "madya", "negeri", "dan",

    "urusan", "bagian", "seksi", "harian", "tetap", "khusus", "pembina", "kehormatan", "fraksi", "inf", "sementara",
    "terpilih",
})
# What is over several things: "Menteri Pendidikan dan Kebudayaan".
_OVER_SEVERAL = frozenset({
    "menteri", "wakil", "mantan", "eks", "kepala", "ketua", "sekretaris", "direktur", "dirjen", "deputi", "koordinator",
    "menko", "plt", "pj", "plh", "kabid", "kadis", "kabag", "kasubdit", "kasi", "anggota", "staf", "asisten",
    "inspektur", "dekan", "juru", "penjabat", "pelaksana", "manajer", "komisaris", "utusan", "penasihat", "irjen",
    "wamen", "pengamat", "pakar", "ahli", "guru", "dosen", "peneliti", "gubernur", "panglima", "pimpinan", "jaksa",
    "hakim",
})
# fmt: on


def roles(lines: Sequence[Line], spans: Sequence[Span], texts: Sequence[str], gazetteer: Gazetteer) -> list[str]:
    """Return the role before each mention, "" for all but people; `spans` are the mentions of `lines`."""
    titles = tuple(gazetteer.words.get(kind, frozenset()) for kind in ("title", "office", "corps"))
    return [
        _role(lines[span.sentence], span.start, texts[span.field], titles) if span.type == "PERSON" else ""
        for span in spans
    ]


def _role(line: Line, begin: int, text: str, titles: _Titles) -> str:
    """Return the role before the person that begins at the character `begin`."""
    at = bisect_left(line.tokens, begin, key=lambda token: token.start)
    if at == len(line.tokens) or line.tokens[at].start != begin:  # "Xi" of "Kim-Xi"
        return ""
    start = _start(line, at, titles) if at else at
    if start == at:
        start, at = _after(line, at, titles)
    elif line.view.lowered[start] in _OF_SOMEBODY and start and line.words[start - 1] == ",":
        return ""  # "Hotman, pengacara Nadiem": what Hotman is
    role = text[line.tokens[start].start : line.tokens[at].start] if start < at else ""
    return " ".join(role.split()).rstrip(" ,")


def _after(line: Line, at: int, titles: _Titles) -> tuple[int, int]:
    """Return where the role behind the person at `at` begins and ends, "Budi Sadikin, Menteri Kesehatan, …".

    It is set off by commas, begins with a title and names nobody else, who would have it: a list is no role.
    """
    spans = {span.start: span for span in line.spans}
    start = spans[at].end + 1 if at in spans else len(line.words)
    if line.loose or start >= len(line.words) or line.words[start - 1] != "," or not _is_title(line, start, titles):
        return at, at
    i = start
    while i < min(len(line.words), start + REACH):
        if line.words[i] == "," or (line.words[i] == "." and i + 1 == len(line.words)):
            return start, i
        inside = spans.get(i)
        if inside is not None and inside.type == "PERSON":
            break
        if inside is None and not (_is_part(line, i) or _is_title(line, i, titles)):
            break
        i = inside.end if inside else i + 1
    return at, at


def _start(line: Line, at: int, titles: _Titles) -> int:
    """Return the token the role before token `at` begins with; `at` when there is none."""
    others = {span.end: span for span in line.spans}
    i = at
    if line.words[at - 1] == "," and at > 1 and (at - 1 in others or _is_title(line, at - 2, titles)):
        i -= 1
    start = at
    while i > max(0, at - REACH):
        other = others.get(i)
        if other is not None and (other.type == "PERSON" or other.start < at - REACH):
            break
        if other is not None:
            i = other.start
            continue
        i -= 1
        if _is_title(line, i, titles):
            start = i
        elif not _is_part(line, i):
            break
    return _with_first_word(line, start, at)


def _is_title(line: Line, i: int, titles: _Titles) -> bool:
    word = line.view.lowered[i].rstrip(".")
    return any(word in kind for kind in titles) and word not in _NO_ROLES


def _is_part(line: Line, i: int) -> bool:
    """Tell whether a word may stand within a role: a capitalised one ("Luar Negeri"), "umum", brackets of "(Purn)"."""
    word = line.words[i]
    # A headline's verbs have capitals too.
    within = line.view.lowered[i] in _WITHIN or bool(_NUMBER.fullmatch(word))
    return word in "()" or within or (word[0].isupper() and not line.loose)


def _with_first_word(line: Line, start: int, at: int) -> int:
    """Leave out a role that would reach over another person's name, "penyanyi Tulus dan", found or not."""
    crossed: list[TokenSpan] = [span for span in line.spans if span.type == "PERSON" and start <= span.start < at]
    listed = "dan" in line.words[start:at] and line.view.lowered[start] not in _OVER_SEVERAL
    return at if crossed or listed else start
